//! One helper, and a table of behaviours.

mod data;
mod docs;
mod errors;
mod expressions;
mod limits;
mod mutations;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::model::{Each, WorldName};

/// A package of templates by path.
pub(super) fn package(files: &[(&str, &str)]) -> Package {
    let templates = files.iter().enumerate().map(|(index, (path, text))| Template {
        path: (*path).into(),
        file: FileId(index as u32 + 1),
        text: Arc::from(*text),
        each: Each::Once,
    });
    Package {
        kind: PackageKind::GoldenPath,
        name: Spanned::new("test".to_owned(), Span::default()),
        version: semver::Version::new(1, 0, 0),
        description: None,
        world: WorldName::WorkTree,
        folder: "golden-paths/test".into(),
        file: FileId(0),
        params: Node::null(Span::default()),
        requires: None,
        components: Vec::new(),
        templates: templates.collect(),
        scaffold: std::collections::BTreeMap::new(),
    }
}

/// Renders the first file.
pub(super) fn render_files(files: &[(&str, &str)], context: Json) -> Result<Vec<Node>, Finding> {
    let package = package(files);
    let outcome = Engine::new(&package);
    let Some(engine) = outcome.value else { return Err(outcome.findings[0].clone()) };
    engine.documents(&package.templates[0], &Context::new(context))
}

fn render(template: &str, context: Json) -> Json {
    match render_files(&[("a.yaml.j2", template)], context) {
        Ok(mut documents) if documents.len() == 1 => convert::json(documents.remove(0)),
        Ok(documents) => Json::Array(documents.into_iter().map(convert::json).collect()),
        Err(finding) => panic!("{finding:?}\n{template}"),
    }
}

/// What a render fails with: code, message, the marked text, help.
fn failure(template: &str, context: Json) -> String {
    match render_files(&[("a.yaml.j2", template)], context) {
        Ok(documents) => panic!("rendered: {documents:?}"),
        Err(finding) => {
            let marked = finding.primary.map(|label| template[label.span.range()].to_owned());
            let help = finding.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{} {} @ {}{help}", finding.code, finding.message, marked.unwrap_or_default())
        }
    }
}

#[test]
fn printed_strings_stay_strings() {
    assert_eq!(render("a: {{ x }}", json!({"x": "yes"})), json!({"a": "yes"}));
    assert_eq!(render("a: {{ x }}", json!({"x": "- b: c\n# d"})), json!({"a": "- b: c\n# d"}));
    assert_eq!(render("a: x{{ x }}-{{ x }}", json!({"x": ": "})), json!({"a": "x: -: "}));
    assert_eq!(render("{{ x }}: 1", json!({"x": "<<"})), json!({"<<": 1}));
    assert_eq!(render("a: |\n  p {{ x }} q\n  r", json!({"x": "1\n2"})), json!({"a": "p 1\n2 q\nr"}));
    assert_eq!(
        render("a: [{{ x }}, {{ x }}] # {{ x }}", json!({"x": "],\n"})),
        json!({"a": ["],\n", "],\n"]})
    );
}

#[test]
fn numbers_booleans_and_null_keep_their_type() {
    let context = json!({"i": 3, "f": 1e-7, "b": true, "n": null, "big": u64::MAX, "neg": -4});
    assert_eq!(
        render("[{{ i }}, {{ f }}, {{ b }}, {{ n }}, {{ big }}, {{ neg }}, \"{{ b }}\"]", context),
        json!([3, 1e-7, true, null, u64::MAX, -4, "true"])
    );
}

#[test]
fn structures_are_placed_and_spliced() {
    let context = json!({"m": {"a": 1, "b": "yes"}, "l": [1, "no"], "e": {}, "n": null});
    let check = |template: &str, wanted: Json| {
        assert_eq!(render(template, context.clone()), wanted, "{template}");
    };
    check("x: {{ m | to_yaml }}", json!({"x": {"a": 1, "b": "yes"}}));
    check("x:\n  {{ m | to_yaml }}\n  c: 2", json!({"x": {"a": 1, "b": "yes", "c": 2}}));
    check("x:\n  c: 2\n  {{ m | to_yaml | indent(2) }}", json!({"x": {"c": 2, "a": 1, "b": "yes"}}));
    check("x:\n  {{ l | to_yaml }}", json!({"x": [1, "no"]}));
    check("x:\n  - z\n  {{ l | to_yaml }}\n  - q", json!({"x": ["z", 1, "no", "q"]}));
    check(
        "x:\n- {{ m | to_yaml }}\n  c: 1\n- {{ l | to_yaml }}",
        json!({"x": [{"a": 1, "b": "yes", "c": 1}, [1, "no"]]}),
    );
    check("x:\n  {{ e | to_yaml }}", json!({"x": {}}));
    check("x:\n  {{ [] | to_yaml }}", json!({"x": []}));
    check("x:\n  {{ n | to_yaml }}\n  a: 1", json!({"x": {"a": 1}}));
    check("x:\n  {{ n | to_yaml }}", json!({"x": null}));
    check("{{ m | to_yaml }}", json!({"a": 1, "b": "yes"}));
    check("{{ l | to_yaml }}", json!([1, "no"]));
    check("x: [{{ m | to_yaml }}, {{ l | to_yaml }}]", json!({"x": [{"a": 1, "b": "yes"}, [1, "no"]]}));
    check(
        "x: |\n  s:\n    {{ m | to_yaml }}\n  t:\n    {{ l | to_yaml }}",
        json!({"x": "s:\n  a: 1\n  b: \"yes\"\nt:\n  - 1\n  - \"no\""}),
    );
    check("x: |\n  s: {{ m | to_yaml }}", json!({"x": "s: {\"a\":1,\"b\":\"yes\"}"}));
    check("x: {{ 'yes' | to_yaml }}", json!({"x": "yes"}));
    check("x: {{ m | to_json }}", json!({"x": "{\"a\":1,\"b\":\"yes\"}"}));
}

#[test]
fn captured_text_stays_structure() {
    let macros = "{% macro pair(k, v) %}{{ k }}: {{ v }}{% endmacro %}";
    assert_eq!(
        render(&format!("{macros}{{{{ pair('a: b', 'c: d') }}}}"), json!({})),
        json!({"a: b": "c: d"})
    );
    let capture = "{% set x %}a: {{ v }}\nb: 1{% endset %}";
    assert_eq!(
        render(&format!("{capture}x:\n  {{{{ x | indent(2) }}}}"), json!({"v": "1: 2"})),
        json!({"x": {"a": "1: 2", "b": 1}})
    );
    assert_eq!(
        render(&format!("{capture}x: {{{{ x ~ '!' }}}}"), json!({"v": "1: 2"})),
        json!({"x": "a: 1: 2\nb: 1!"})
    );
}

#[test]
fn anchors_merges_and_comments_keep_their_meaning() {
    let context = json!({"m": {"a": 1}, "s": "x: y", "n": -5, "f": 1e30});
    let check = |template: &str, wanted: Json| {
        assert_eq!(render(template, context.clone()), wanted, "{template}");
    };
    check("a: &x {{ s }}\nb: *x", json!({"a": "x: y", "b": "x: y"}));
    check(
        "a: &x\n  {{ m | to_yaml }}\nb: *x\nc:\n  <<: *x\n  d: 2",
        json!({"a": {"a": 1}, "b": {"a": 1}, "c": {"a": 1, "d": 2}}),
    );
    check("# {{ m | to_yaml }}\na: 1 # {{ s }}\n#{{ s }}", json!({"a": 1}));
    check(
        "- {{ n }}\n- -{{ n }}\n- {{ n }}{{ n }}\n- [{{ n }},{{ f }}]\n- x{{ n }}",
        json!([-5, "--5", "-5-5", [-5, 1e30], "x-5"]),
    );
    check("---\n{{ s }}\n---\n{{ s }}: 1\n---\n{{ none }}\n--- # {{ s }}\n", json!(["x: y", {"x: y": 1}]));
    check("a: \"{{ s }}\\\n  {{ s }}\"", json!({"a": "x: yx: y"}));
    check("\"{{ s }}\": '{{ s }}''{{ s }}'", json!({"x: y": "x: y'x: y"}));
    check("a: |2-\n    {{ s }}\n  b", json!({"a": "  x: y\nb"}));
    check("a: >\n  {{ s }}\n  {{ s }}\n\n  {{ m | to_yaml }}\n", json!({"a": "x: y x: y\na: 1\n"}));
    check("{% for k in m %}\n{{ k }}:\n  {{ m | to_yaml }}\n{% endfor %}", json!({"a": {"a": 1}}));
}
