//! Strings in manifests that are templates.

use indexmap::IndexMap;

use super::*;

fn engine() -> Engine {
    Engine::new(&package(&[])).value.unwrap()
}

fn context() -> Context {
    Context::new(json!({
        "resource": {"name": "db", "port": 5432, "ratio": 0.5, "tags": ["yes", 1], "none": null, "on": true},
        "s": "a: b\n{{ no }}",
    }))
}

fn value(text: &str) -> Json {
    engine().expression(&Spanned::new(text.to_owned(), Span::default()), &context()).unwrap()
}

#[test]
fn one_whole_expression_keeps_its_type() {
    for (text, wanted) in [
        ("{{ resource.port }}", json!(5432)),
        ("resource.port + 1", json!(5433)),
        ("{{resource.ratio}}", json!(0.5)),
        ("{{ resource.tags }}", json!(["yes", 1])),
        ("{{ resource.none }}", Json::Null),
        ("{{ resource.on }}", json!(true)),
        (
            "{{ resource }}",
            json!({"name": "db", "port": 5432, "ratio": 0.5, "tags": ["yes", 1], "none": null, "on": true}),
        ),
        ("{{ s }}", json!("a: b\n{{ no }}")),
        ("{{ '8080' }}", json!("8080")),
        ("{{ {'a': s} }}", json!({"a": "a: b\n{{ no }}"})),
        ("{{ resource.port }}{{ resource.port }}", json!("54325432")),
    ] {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn trees_are_evaluated_string_by_string() {
    let text = "value: postgres://{{ resource.name }}:{{ resource.port }}/{{ s }}\nplain: 1\nlist: ['{{ resource.on }}', x]\nflag: '{{ resource.on }}!'";
    let tree = macadam_yaml::parse(text.as_bytes(), FileId(3), Resolution::Spec, &Limits::default()).unwrap();
    assert_eq!(
        engine().evaluate(&tree, &context()).unwrap(),
        json!({"value": "postgres://db:5432/a: b\n{{ no }}", "plain": 1, "list": [true, "x"], "flag": "true!"})
    );
}

#[test]
fn a_provisioners_outputs_are_compiled_with_the_package() {
    let mut package = package(&[]);
    let at = Span::new(FileId(5), 3, 9);
    let node = Node::string(at, "{{ resource.port");
    package.kind = PackageKind::Provisioner {
        serves: Spanned::new("postgres".to_owned(), Span::default()),
        class: None,
        id: None,
        scope: Spanned::new(crate::model::Scope::Workload, Span::default()),
        link: None,
        outputs: OutputRule::Declared(IndexMap::from([("port".to_owned(), node)])),
    };
    let findings = Engine::new(&package).findings;
    assert_eq!((findings[0].code, findings[0].primary.as_ref().unwrap().span), (Code::TemplateSyntax, at));
}

#[test]
fn errors_of_expressions_stand_where_the_string_stands() {
    let at = Span::new(FileId(5), 3, 9);
    let finding =
        engine().expression(&Spanned::new("{{ resource.prt }}".to_owned(), at), &context()).unwrap_err();
    assert_eq!(finding.primary.unwrap().span, at);
    assert_eq!(finding.message, "`resource.prt` is undefined");
    assert_eq!(finding.help.as_deref(), Some("did you mean `port`?"));
}

#[test]
fn contexts_are_layered_without_copying() {
    let shared = Context::new(json!({"domain": "a.example"}));
    let base = Context::map([("environment", shared.clone()), ("x", Context::new(1))]);
    let more = base.with("x", Context::new("two")).with("y", shared);
    let engine = engine();
    let value = |context: &Context, text: &str| {
        engine.expression(&Spanned::new(text.to_owned(), Span::default()), context).unwrap()
    };
    assert_eq!(value(&base, "x"), json!(1));
    assert_eq!(value(&more, "[x, y.domain, environment.domain]"), json!(["two", "a.example", "a.example"]));
}

#[test]
fn components_are_included_by_name() {
    let mut outer = package(&[(
        "a.yaml.j2",
        "{% import 'labels/_l.j2' as l %}a: {{ l.label(x) }}\n{% include 'labels/_b.j2' %}",
    )]);
    let mut inner = package(&[
        ("_l.j2", "{% macro label(v) %}{{ v }}!{% endmacro %}"),
        ("_b.j2", "b: {{ x }}"),
        ("own.yaml.j2", "c: {{ x }}"),
    ]);
    inner.name.value = "labels".to_owned();
    for (number, template) in inner.templates.iter_mut().enumerate() {
        template.file = FileId(100 + number as u32);
    }
    let own = inner.templates[2].clone();
    outer.components = vec![Arc::new(inner)];
    let engine = Engine::new(&outer).value.unwrap();
    let context = Context::new(json!({"x": "1"}));
    let render = |template: &Template| convert::json(engine.documents(template, &context).unwrap().remove(0));
    assert_eq!(render(&outer.templates[0]), json!({"a": "1!", "b": "1"}));
    assert_eq!(render(&own), json!({"c": "1"}));
}

#[test]
fn json_templates_are_trees_too() {
    let files =
        [("a.json.j2", "{\n \"a\":\n  {{ m | to_yaml }}\n, \"b\": {{ s }}, \"c\": [\n{{ l | to_yaml }}\n]}")];
    let documents = render_files(&files, json!({"m": {"x": 1}, "s": "\"", "l": [1]})).unwrap();
    assert_eq!(convert::json(documents[0].clone()), json!({"a": {"x": 1}, "b": "\"", "c": [[1]]}));
}

#[test]
fn a_folder_called_like_a_component_is_no_way_to_replace_it() {
    let mut outer = package(&[("labels/_l.j2", "a")]);
    let mut inner = package(&[("_l.j2", "b")]);
    inner.name.value = "labels".to_owned();
    inner.templates[0].file = FileId(100);
    outer.components = vec![Arc::new(inner)];
    let findings = Engine::new(&outer).findings;
    assert_eq!(findings[0].message, "two templates are `labels/_l.j2`");
}
