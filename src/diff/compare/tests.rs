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

/// What only names a secret, or is none, is for everybody to see.
#[test]
fn references_are_shown() {
    let spec = json!({
        "automountServiceAccountToken": false,
        "imagePullSecrets": [{"name": "registry"}],
        "containers": [{
            "name": "main",
            "image": "registry.example.org/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "env": [
                {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password", "optional": false}}},
                {"name": "DATABASE_URL", "value": "postgres://app:$(DB_PASSWORD)@db:5432/app"},
                {"name": "TOKEN_PATH", "value": "/var/run/token"},
                {"name": "API_KEY", "value": "$(API_KEY_FROM_FILE)"},
            ],
            "args": ["--token-file", "/token", "--level=info"],
        }],
        "volumes": [
            {"name": "a", "secret": {"secretName": "tls", "defaultMode": 420, "items": [{"key": "tls.crt", "path": "crt"}]}},
            {"name": "b", "projected": {"sources": [{"serviceAccountToken": {"path": "token", "audience": "vault", "expirationSeconds": 3600}}]}},
        ],
        "tolerations": [{"key": "dedicated", "value": "gpu"}],
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "data": [{"secretKey": "password", "remoteRef": {"key": "db", "property": "password"}}],
        "resources": ["secrets", "tokenreviews"],
        "maxTokens": 4096,
    });
    assert_eq!(redacted(None, &spec), spec);
    let changes = field_changes(None, &object(&json!({"spec": {}}), &json!({"spec": spec})));
    assert!(!serde_json::to_string(&changes).unwrap().contains("secret)"));
}

#[test]
fn changes_inside_of_texts_have_one_path() {
    let map = |text: &str| json!({"kind": "ConfigMap", "data": {"app.yaml": text}});
    let changes = field_changes(
        None,
        &object(&map("log: info\ndb:\n  password: a\n"), &map("log: debug\ndb:\n  password: b\n")),
    );
    let lines: String =
        changes.iter().map(|change| format!("{} {:?} {:?}\n", change.path, change.old, change.new)).collect();
    insta::assert_snapshot!(lines, @r#"
    data["app.yaml"](yaml).log Some(Value(String("info"))) Some(Value(String("debug")))
    data["app.yaml"](yaml).db.password Some(Secret) Some(Secret)
    "#);
}

#[test]
fn a_list_that_gives_a_secret_to_a_flag_is_one_change() {
    let args = |secret: &str| json!({"args": ["serve", "--password", secret]});
    insta::assert_snapshot!(told(&args("a"), &args("b")), @r#"
    args: ["serve","--password","a"] -> ["serve","--password","b"]
    "#);
}

#[test]
fn orders_that_count_for_nothing_are_equal() {
    let list = |names: [&str; 3], finalizers: [&str; 2]| {
        json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"finalizers": finalizers}, "spec": {
            "imagePullSecrets": names.map(|name| json!({"name": name})),
            "initContainers": names.map(|name| json!({"name": name})),
        }})
    };
    insta::assert_snapshot!(told(&list(["a", "b", "c"], ["x/a", "x/b"]), &list(["b", "a", "d"], ["x/b", "x/a"])), @r#"
    metadata.finalizers: order [1, 0], equal
    spec.imagePullSecrets[d]: + {"name":"d"} at 2
    spec.imagePullSecrets[c]: - {"name":"c"} at 2
    spec.imagePullSecrets: order [1, 0], equal
    spec.initContainers[d]: + {"name":"d"} at 2
    spec.initContainers[c]: - {"name":"c"} at 2
    spec.initContainers: order [1, 0]
    "#);
}
