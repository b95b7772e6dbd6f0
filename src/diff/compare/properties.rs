//! Promises about all values. Numbers are those of the threat model.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::model::{ObjectId, What};

const KEYS: [&str; 14] = [
    "name",
    "metadata",
    "spec",
    "template",
    "containers",
    "env",
    "ports",
    "volumes",
    "finalizers",
    "resources",
    "limits",
    "cpu",
    "port",
    "data",
];
const TEXTS: [&str; 12] = [
    "a",
    "b",
    "main",
    "1",
    "1000m",
    "80",
    "TCP",
    "{\"a\": 1}",
    "{\"a\":1,\"b\":[1,2]}",
    "a: 1\nb: 2\n",
    "b: 2\na: 1\n",
    "one\ntwo\n",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        (0..3_i8).prop_map(|number| Value::from(f64::from(number))),
        prop::sample::select(&TEXTS[..]).prop_map(Value::from),
    ]
}

/// Small values of few keys and texts, so that two of them have much in common.
fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 40, 5, |inner| {
        let key = || prop::sample::select(&KEYS[..]);
        let item = (prop::sample::select(&TEXTS[..5]), inner.clone())
            .prop_map(|(name, value)| json!({"name": name, "value": value}));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(item, 0..5).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6).prop_map(map),
        ]
    })
}

fn map(entries: Vec<(&'static str, Value)>) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Of a kind whose lists pair by keys.
fn manifest() -> impl Strategy<Value = Value> {
    (prop::sample::select(&["Deployment", "Service", "Unknown"][..]), value(), value()).prop_map(|(kind, metadata, spec)| {
        let version = if kind == "Deployment" { "apps/v1" } else { "v1" };
        json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": {"template": {"spec": spec}, "ports": spec}})
    })
}

/// The same value with the keys of all maps turned round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(map) => {
            map.iter().rev().map(|(key, value)| (key.clone(), turned(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Edits as they can be compared: sorted, and without what only explains.
fn set(edits: Vec<Edit>) -> Vec<String> {
    let mut lines: Vec<String> = edits
        .into_iter()
        .map(|mut edit| {
            if let What::Changed { inside, .. } = &mut edit.what {
                *inside = None;
            }
            serde_json::to_value(&edit).map(|edit| sorted(&edit).to_string()).expect("edits are plain data")
        })
        .collect();
    lines.sort();
    lines
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            entries.into_iter().collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Promise 22: what is told leads from the old value to the new one.
    #[test]
    fn applying_the_edits_gives_the_new_value((old, new) in (manifest(), manifest())) {
        prop_assert_eq!(apply(&old, &object(&old, &new)), Some(new));
    }

    /// Promise 22, of anything.
    #[test]
    fn applying_the_edits_of_any_values_gives_the_new_one((old, new) in (value(), value())) {
        let edits = object(&old, &new);
        prop_assert_eq!(edits.is_empty(), old == new);
        prop_assert_eq!(apply(&old, &edits), Some(new));
    }

    #[test]
    fn a_value_does_not_differ_from_itself(value in manifest()) {
        prop_assert_eq!(object(&value, &value), vec![]);
        prop_assert_eq!(object(&value, &turned(&value)), vec![]);
    }

    #[test]
    fn the_order_of_keys_does_not_matter((old, new) in (manifest(), manifest())) {
        let expected = set(object(&old, &new));
        prop_assert_eq!(set(object(&turned(&old), &new)), expected.clone());
        prop_assert_eq!(set(object(&old, &turned(&new))), expected);
    }
}

/// A secret that nothing but its place gives away.
const CANARY: &str = "canary-4711";

/// Ways to hold a secret, each with the value put in.
fn holders(secret: &str) -> Vec<Value> {
    let secret_object =
        json!({"apiVersion": "v1", "kind": "Secret", "data": {"x": secret}, "stringData": {"y": secret}});
    let config = json!({"db": {"password": secret}, "users": [{"name": "a", "token": secret}]});
    let yaml = format!("db:\n  password: {secret}\n  port: 1\n");
    vec![
        secret_object.clone(),
        json!({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": secret_object.to_string()}}}),
        json!({"kind": "List", "items": [secret_object.clone()]}),
        json!({"data": {"manifests.yaml": format!("kind: Secret\ndata:\n  x: {secret}\n---\nkind: ConfigMap\n")}}),
        json!({"data": {"config.json": config.to_string(), "app.yaml": yaml, "app.properties": format!("db.password={secret}\nport=1\n")}}),
        json!({"data": {"inner.json": json!({"text": config.to_string()}).to_string()}}),
        json!({"spec": {"containers": [{"name": "main", "env": [{"name": "DB_PASSWORD", "value": secret}], "args": ["--token", secret, format!("--api-key={secret}")]}]}}),
        json!({"env": [{"name": "A_TOKEN", "value": secret}, {"name": "A_TOKEN", "value": "b"}]}),
        json!({"auth": {"clientSecret": secret, "passwords": [secret], "credentials": {"user": "a", "code": secret}}}),
        json!({"url": format!("postgres://app:{secret}@db:5432/x"), "note": format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----")}),
        json!(format!("kind: Secret\ndata:\n  x: {secret}\n  x: {secret}\n")),
        json!(format!("{{{{ if .x }}}}\n- kind: \"Secret\"\n  stringData: {{x: {secret}}}\n")),
        json!({"variable": {"db_password": {"default": secret}}}),
        json!({"parameters": [{"name": "adminPassword", "value": secret}], "header": format!("Bearer {secret}")}),
    ]
}

/// Promise 23: in no place and by no way that a value can change does a secret come through.
#[test]
fn no_secret_comes_through() {
    let (old, new) = (holders(CANARY), holders("canary-0815"));
    for (old, new) in old.iter().zip(&new) {
        for (old, new) in
            [(old, new), (&json!({}), new), (old, &json!({})), (old, &json!({"data": 1, "env": []}))]
        {
            let id = old.get("kind").or(new.get("kind")).and_then(Value::as_str).map(|kind| ObjectId {
                group: String::new(),
                kind: kind.to_owned(),
                namespace: None,
                name: "x".to_owned(),
            });
            let shown = serde_json::to_string(&field_changes(id.as_ref(), &object(old, new))).unwrap();
            let wrapped = object(&json!(null), new);
            let whole = serde_json::to_string(&field_changes(id.as_ref(), &wrapped)).unwrap();
            for text in
                [shown, whole, redacted(id.as_ref(), old).to_string(), redacted(None, new).to_string()]
            {
                assert!(!text.contains("canary-"), "{text}");
            }
        }
    }
}

/// Promise 23, of whole files: those that can be read, and those that cannot.
#[test]
fn no_secret_of_a_file_comes_through() {
    let secret = |value: &str, more: &str| {
        format!("# {more}\napiVersion: v1\nkind: Secret\nmetadata: {{name: x}}\ndata:\n  a: {value}\n")
    };
    let table = [
        ("a.yaml", secret("canary-1", "one"), secret("canary-2", "one")),
        ("a.yaml", secret("canary-1", "one"), secret("canary-1", "two")),
        ("a.yaml", secret("canary-1", "one"), secret("canary-1\n  a: canary-2", "one")),
        ("a.yaml", secret("canary-1", "one"), format!("{}---\nkind: ConfigMap\n", secret("canary-1", "one"))),
        ("a.yaml", "x: 1\n".to_owned(), secret("canary-1", "one")),
        (
            "a.json",
            r#"{"kind": "Secret", "data": {"a": "canary-1"}}"#.to_owned(),
            r#"{"kind": "Secret", "data": {"a": "canary-2"}"#.to_owned(),
        ),
        ("main.tf", "password = \"canary-1\"\n".to_owned(), "password = \"canary-2\"\n".to_owned()),
        ("main.tf", "password = \"canary-1\"\n".to_owned(), "password   = \"canary-1\"\n".to_owned()),
        (
            "main.tf",
            "x {\n  api_key = \"canary-1\"\n}\n".to_owned(),
            "x {\n  api_key = \"canary-2\"\n".to_owned(),
        ),
    ];
    for (path, old, new) in table {
        let difference = file(path.into(), old.as_bytes(), new.as_bytes());
        assert!(!difference.documents.is_empty(), "{path} {old}");
        for document in difference.documents {
            let shown = serde_json::to_string(&field_changes(document.id.as_ref(), &document.edits)).unwrap();
            assert!(!shown.contains("canary-"), "{shown}");
        }
    }
}

/// Promise 1: deep and large values end, and soon.
#[test]
fn deep_and_large_values_end() {
    let deep = |leaf: i64| {
        (0..1000)
            .fold(json!(leaf), |value, at| if at % 2 == 0 { json!([value]) } else { json!({"a": value}) })
    };
    let edits = object(&deep(1), &deep(2));
    assert_eq!(apply(&deep(1), &edits), Some(deep(2)));
    let list =
        |step: usize| -> Value { (0..20_000).map(|at| json!({"x": at * step, "y": [at % 7]})).collect() };
    let map = |from: usize| -> Value {
        (from..from + 20_000).map(|at| (at.to_string(), json!(at))).collect::<Map<_, _>>().into()
    };
    for (old, new) in [(list(1), list(2)), (map(0), map(10_000)), (map(0), map(30_000))] {
        assert_eq!(apply(&old, &object(&old, &new)), Some(new));
    }
}
