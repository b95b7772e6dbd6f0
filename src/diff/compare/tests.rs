use serde_json::{Value, json};

use super::*;
use crate::model::{ObjectId, Shown, What};

/// One line an edit: its path, what happens, and the values.
fn told(old: &Value, new: &Value) -> String {
    lines(&object(old, new), "")
}

fn lines(edits: &[Edit], margin: &str) -> String {
    edits.iter().map(|edit| format!("{margin}{}: {}\n", edit.path, what(&edit.what))).collect()
}

fn what(what: &What) -> String {
    let place = |at: &Option<usize>| at.map_or(String::new(), |at| format!(" at {at}"));
    match what {
        What::Added { new, at } => format!("+ {new}{}", place(at)),
        What::Removed { old, at } => format!("- {old}{}", place(at)),
        What::Changed { inside: Some((format, edits)), .. } => {
            format!("{} inside\n{}", format.name(), lines(edits, "  ").trim_end())
        }
        What::Changed { old, new, equal: true, .. } => format!("{old} = {new}"),
        What::Changed { old, new, .. } => format!("{old} -> {new}"),
        What::Reordered { order, equal } => format!("order {order:?}{}", if *equal { ", equal" } else { "" }),
    }
}

fn pod(containers: Value, volumes: Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": {"containers": containers, "volumes": volumes}}}})
}

#[test]
fn containers_and_variables_pair_by_name() {
    let old = pod(
        json!([{"name": "main", "image": "a:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}, {"name": "log"}]),
        json!([{"name": "x", "emptyDir": {}}, {"name": "y", "emptyDir": {"sizeLimit": "1Gi"}}]),
    );
    let new = pod(
        json!([{"name": "log"}, {"name": "main", "image": "a:2", "env": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]}]),
        json!([{"name": "y", "emptyDir": {"sizeLimit": "1024Mi"}}, {"name": "x", "emptyDir": {}}]),
    );
    insta::assert_snapshot!(told(&old, &new), @r#"
    spec.template.spec.containers[main].image: "a:1" -> "a:2"
    spec.template.spec.containers[main].env[A]: - {"name":"A","value":"1"} at 0
    spec.template.spec.containers[main].env[B].value: "2" -> "3"
    spec.template.spec.containers[main].env[C]: + {"name":"C","value":"4"} at 1
    spec.template.spec.containers: order [1, 0]
    spec.template.spec.volumes[y].emptyDir.sizeLimit: "1Gi" = "1024Mi"
    spec.template.spec.volumes: order [1, 0], equal
    "#);
}

#[test]
fn texts_are_compared_inside() {
    let map = |board: &str, config: &str, note: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"board.json": board, "config": config, "note": note}});
    let old =
        map(r#"{"panels": [{"id": 1, "title": "a"}]}"#, "port: 80\nlog:\n  level: info\n", "one\ntwo\n");
    let new = map(
        r#"{ "panels": [{"id": 1, "title": "b"}, {"id": 2}]}"#,
        "log: {level: info}\nport: 81\n",
        "one\nthree\n",
    );
    insta::assert_snapshot!(told(&old, &new), @r#"
    data["board.json"]: json inside
      panels[1].title: "a" -> "b"
      panels[2]: + {"id":2} at 1
    data.config: yaml inside
      port: 80 -> 81
    data.note: "one\ntwo\n" -> "one\nthree\n"
    "#);
    let laid_out = map(
        "{\n  \"panels\": [{\"title\": \"a\", \"id\": 1}]}",
        "log: {level: info}\nport: 80\n",
        "one\ntwo\n",
    );
    insta::assert_snapshot!(told(&old, &laid_out), @r#"
    data["board.json"]: "{\"panels\": [{\"id\": 1, \"title\": \"a\"}]}" = "{\n  \"panels\": [{\"title\": \"a\", \"id\": 1}]}"
    data.config: "port: 80\nlog:\n  level: info\n" = "log: {level: info}\nport: 80\n"
    "#);
}

#[test]
fn null_and_empty_are_told_from_absent() {
    insta::assert_snapshot!(told(&json!({"a": null, "b": {}, "d": []}), &json!({"b": null, "c": {}, "d": {}})), @"
    a: - null
    b: {} -> null
    c: + {}
    d: [] -> {}
    ");
}

/// Promise 23.
#[test]
fn secrets_are_never_shown() {
    let id =
        ObjectId { group: String::new(), kind: "Secret".to_owned(), namespace: None, name: "s".to_owned() };
    let edits = object(
        &json!({"kind": "Secret", "data": {"a": "old-value"}}),
        &json!({"kind": "Secret", "data": {"a": "new-value"}, "stringData": {"b": "more"}}),
    );
    let changes = field_changes(Some(&id), &edits);
    assert_eq!(changes[0].old, Some(Shown::Secret));
    assert_eq!(changes[0].new, Some(Shown::Secret));
    assert_eq!(changes[1].new, Some(Shown::Value(json!({"b": "(secret)"}))));
}
