//! What a template's errors say and point at.

use super::*;

fn context() -> Json {
    json!({
        "params": {"replicas": "SECRET", "list": [1], "deep": {"er": 1}},
        "workload": {"name": "SECRET"},
        "containers": [{"name": "a"}],
    })
}

#[test]
fn undefined_names_are_named_with_a_suggestion() {
    insta::assert_snapshot!(failure("a: {{ params.replica }}", context()), @r##"template/error `params.replica` is undefined @ params.replica (did you mean `replicas`?)"##);
    insta::assert_snapshot!(failure("a: {{ parms.replica }}", context()), @r##"template/error `parms` is undefined @ parms.replica (did you mean `params`?)"##);
    insta::assert_snapshot!(failure("a: {{ params.deep.err }}", context()), @r##"template/error `params.deep.err` is undefined @ .deep.err (did you mean `er`?)"##);
    insta::assert_snapshot!(failure("a: {{ params.other | upper }}", context()), @r##"template/error `params.other` is undefined @ upper (give it a default with `| default(..)`, or test it with `is defined`)"##);
    insta::assert_snapshot!(failure("{% for x in params.replicas.x %}{% endfor %}", context()), @r##"template/error `params.replicas.x` is undefined @ .replicas.x (give it a default with `| default(..)`, or test it with `is defined`)"##);
    insta::assert_snapshot!(failure("{% if params.xyz %}a{% endif %}", context()), @r##"template/error `params.xyz` is undefined @ params.xyz (give it a default with `| default(..)`, or test it with `is defined`)"##);
    insta::assert_snapshot!(failure("{% for c in containers %}{{ c.nme }}{% endfor %}", context()), @r##"template/error `c.nme` is undefined @ c.nme (give it a default with `| default(..)`, or test it with `is defined`)"##);
    insta::assert_snapshot!(failure("{% set q = params %}{{ q.replica }}", context()), @r##"template/error `q.replica` is undefined @ q.replica (give it a default with `| default(..)`, or test it with `is defined`)"##);
    insta::assert_snapshot!(failure("a: {{ params.nothing | to_yaml }}", context()), @r##"template/error `to_yaml` of an undefined value @ to_yaml (give it a default, such as `| default({})`)"##);
    insta::assert_snapshot!(failure("a: {{ params['nothing'] }}", context()), @r##"template/error `params['nothing']` is undefined @ params['nothing'] (give it a default with `| default(..)`, or test it with `is defined`)"##);
}

#[test]
fn wrong_types_are_told_without_values() {
    insta::assert_snapshot!(failure("b: 1\na: {{ params.list }}", context()), @r##"template/error a list cannot be printed; `params.list` is a list @ params.list (place a structure with `| to_yaml`, or print it as text with `| to_json`)"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas + 1 }}", context()), @r##"template/error invalid operation: tried to use + operator on unsupported types string and number; `params.replicas` is a string @ params.replicas + 1"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas | int }}", context()), @r##"template/error `int` does not work with these values; `params.replicas` is a string @ int"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas | quantity }}", context()), @r##"template/error not a Kubernetes quantity; `params.replicas` is a string @ quantity (such as `500m`, `0.5`, `2`, `128Mi` or `1.5G`)"##);
    insta::assert_snapshot!(failure("a: {{ params.list | dns_label }}", context()), @r##"template/error `dns_label` needs a string, not a list; `params.list` is a list @ dns_label"##);
    insta::assert_snapshot!(failure("a: {{ [true, 1] | join(',') }}", context()), @r##"template/error `join` has no text for a boolean @ join(',') (write `'true' if value else 'false'`)"##);
    insta::assert_snapshot!(failure("a: {{ true | string }}", context()), @r##"template/error `string` has no text for a boolean @ string (write `'true' if value else 'false'`)"##);
    insta::assert_snapshot!(failure("a: {{ range }}", context()), @r##"template/error a function cannot be printed @ range (is it a macro or function that should be called?)"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas() }}", context()), @r##"template/error `.replicas()` does not work with these values; `params.replicas` is a string @ .replicas()"##);
    insta::assert_snapshot!(failure("{% for x in params.deep.er %}{% endfor %}", context()), @r##"template/error `.deep.er` does not work with these values; `params.deep.er` is a number @ .deep.er"##);
}

#[test]
fn syntax_and_output_are_pointed_at() {
    insta::assert_snapshot!(failure("a: {{ ", context()), @r##"template/syntax unexpected end of input, expected expression @ {{"##);
    insta::assert_snapshot!(failure("a: {{ x y }}", context()), @r##"template/syntax unexpected identifier, expected end of variable block @ y"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas | saef }}", context()), @r##"template/error unknown filter: filter saef is unknown; `params.replicas` is a string @ saef"##);
    insta::assert_snapshot!(failure("a: {{ params.replicas | safe }}", context()), @r##"template/error unknown filter: filter safe is unknown; `params.replicas` is a string @ safe (there is no `safe`: printed values are always data; place structures with `| to_yaml`)"##);
    insta::assert_snapshot!(failure("a: b: {{ params.replicas }}", context()), @r##"template/output the template does not make YAML: `: ` is not allowed here: no map can start in this place @ : (put the text in quotes, or start the map on a line of its own)"##);
    insta::assert_snapshot!(failure("a: 1\n{{ params.replicas }}\nb: 1", context()), @r##"template/output the template does not make YAML: expected `:` behind the key @ {{ params.replicas }}"##);
    insta::assert_snapshot!(failure("a: *{{ params.replicas }}", context()), @r##"template/output the template does not make YAML: alias to an unknown anchor @ *{{ params.replicas }} (define the anchor with `&` before its first alias)"##);
    insta::assert_snapshot!(failure("a: !{{ params.replicas }} x", context()), @r##"template/output the template does not make YAML: not a valid tag @ !"##);
    insta::assert_snapshot!(failure("a: {% include 'x' %}", context()), @r##"template/error template not found: tried to include non-existing template 'x' @ include 'x'"##);
    insta::assert_snapshot!(failure("{% autoescape false %}{{ params.replicas }}{% endautoescape %}", context()), @r##"template/error `autoescape` cannot be changed; `params.replicas` is a string @ params.replicas (printed values are always data; place structures with `| to_yaml`)"##);
    insta::assert_snapshot!(failure("{{ {'a': 1} | to_yaml }}: x", context()), @r##"template/error a map cannot stand as a key @ {{ {'a': 1} | to_yaml }} (a structure stands behind a `:`, or alone on its line)"##);
    insta::assert_snapshot!(failure("a: 1\n{{ params.list | to_yaml }}", context()), @r##"template/output the template does not make YAML: expected a key in the column of the map @ {{ params.list | to_yaml }}"##);
}

#[test]
fn equal_keys_are_never_lost() {
    insta::assert_snapshot!(failure("SECRET: 1\n{{ params.replicas }}: 2", context()), @r##"template/output duplicate key `SECRET` @ {{ params.replicas }} (two keys of one map are equal once values are in place)"##);
    insta::assert_snapshot!(failure("x:\n  er: 1\n  {{ params.deep | to_yaml }}", context()), @r##"template/output duplicate key `er` @ {{ params.deep | to_yaml }} (two keys of one map are equal once values are in place)"##);
    insta::assert_snapshot!(failure("{% set d = params.deep | to_yaml %}x:\n  {{ d }}\n  {{ d }}", context()), @r##"template/output the template does not make YAML: duplicate key `{{..}}` @ {{ d }} (keep one of the two)"##);
}

#[test]
fn captured_text_is_not_taken_apart() {
    let set = "{% set x %}a: {{ workload.name }}{% endset %}";
    insta::assert_snapshot!(failure(&format!("{set}x: {{{{ x | upper }}}}"), context()), @r##"template/error `upper` cannot change a captured block, a macro result or a placed structure @ upper (apply it to the values before they are printed into the block)"##);
    insta::assert_snapshot!(failure(&format!("{set}x: {{{{ x[4:5] }}}}"), context()), @r##"template/error a captured block or macro result was taken apart @ x[4:5] (change the values before they are printed into the block, or join strings with `~`)"##);
}

#[test]
fn no_filter_takes_tokens_apart() {
    let set = "{% set x %}a: {{ workload.name }}{% endset %}";
    for filter in
        ["upper", "replace('a', 'b')", "first", "length", "split(':')", "b64encode", "sha256", "dns_label"]
    {
        let told = failure(&format!("{set}x: {{{{ x | {filter} }}}}"), context());
        assert!(told.contains("cannot change a captured block"), "{told}");
    }
}

#[test]
fn includes_and_origins_are_shown() {
    let package =
        package(&[("a.yaml.j2", "a: 1\nb: {% include '_b.j2' %}"), ("_b.j2", "{{ params.replicas + 1 }}")]);
    let engine = Engine::new(&package).value.unwrap();
    let set_at = Span::new(FileId(77), 5, 9);
    let origins = |path: &str| (path == "params.replicas").then(|| ("environment".to_owned(), set_at));
    let finding =
        engine.documents_with_origins(&package.templates[0], &Context::new(context()), &origins).unwrap_err();
    let primary = finding.primary.clone().unwrap().span;
    assert_eq!(
        (primary.file, &package.templates[1].text[primary.range()]),
        (FileId(2), "params.replicas + 1")
    );
    assert_eq!(finding.related[0].message, "included from here");
    assert_eq!(finding.related[1].span, set_at);
    assert_eq!(finding.related[1].message, "`params.replicas` comes from here (environment)");
    assert!(!format!("{finding:?}").contains("SECRET"));
}

#[test]
fn nodes_know_their_place_in_the_template() {
    let template =
        "{% if true %}\na: {{ params.replicas }} # x\n{% endif %}\nb:\n  {{ params.deep | to_yaml }}\nc: d\n";
    let documents = render_files(&[("a.yaml.j2", template)], context()).unwrap();
    let at = |path: &[&str]| {
        let node = path.iter().fold(&documents[0], |node, key| node.get(key).unwrap());
        &template[node.span.range()]
    };
    assert_eq!(at(&["a"]), "{{ params.replicas }}");
    assert_eq!(at(&["b", "er"]), "{{ params.deep | to_yaml }}");
    assert_eq!(at(&["c"]), "d");
}
