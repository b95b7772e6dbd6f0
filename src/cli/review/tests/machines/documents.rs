use proptest::prelude::*;
use serde_json::Value;

use super::{everywhere, whole};
use crate::{
    cli::{review::json::json, safe, schema},
    model::{
        Action, CauseKind, FieldKind, FieldPath, Format, Impact, InstanceWord, Mark, Review, Sources, Step,
    },
};

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema::text("review").unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn read(page: &str) -> Value {
    serde_json::from_str(page).unwrap()
}

/// Panics with everything that is wrong with a document.
fn satisfies(document: &Value) {
    let wrong: Vec<String> = validator()
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_document_of_the_sample() {
    let (mut review, sources) = whole();
    for group in &mut review.groups {
        group.members.truncate(2);
    }
    insta::assert_snapshot!(json(&review, &sources));
}

#[test]
fn documents_satisfy_the_schema() {
    let (mut review, sources) = whole();
    satisfies(&read(&json(&review, &sources)));
    review.groups[1].changes[0].texts = Some((String::new(), "a: 1\n".to_owned()));
    review.groups[0].changes[0].id = None;
    review.groups[0].members[0].instance.environment = String::new();
    review.groups[0].causes[0].places[0].line = None;
    review.groups[1].changes[0].fields[0].path = FieldPath(vec![Step::Index(3), Step::Inside(Format::Hcl)]);
    review.cost = None;
    review.rules[0].place = None;
    satisfies(&read(&json(&review, &sources)));
    let empty = read(&json(&Review::default(), &Sources::default()));
    satisfies(&empty);
    assert_eq!(empty.get("level"), None);
}

#[test]
fn the_schema_knows_every_key() {
    let (review, sources) = whole();
    let document = read(&json(&review, &sources));
    let validator = validator();
    let mut places = Vec::new();
    objects(&document, String::new(), &mut places);
    assert!(places.len() > 150, "{}", places.len());
    for place in places {
        let mut document = document.clone();
        let object = document.pointer_mut(&place).and_then(Value::as_object_mut).unwrap();
        object.insert("surprise".to_owned(), Value::Null);
        assert!(!validator.is_valid(&document), "{place} takes a key that nobody knows");
    }
}

/// The pointers of all objects, but for those that are values of the repository or items by merge key.
fn objects(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            if !at.ends_with("/item") {
                out.push(at.clone());
            }
            for (key, value) in entries.iter().filter(|(key, _)| *key != "value") {
                objects(value, format!("{at}/{key}"), out);
            }
        }
        Value::Array(items) => {
            items
                .iter()
                .take(12)
                .enumerate()
                .for_each(|(index, item)| objects(item, format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

/// All variants; a new one does not compile before it is listed.
macro_rules! variants {
    ($name:ident: $($variant:ident),+) => {{
        let every = |one: $name| match one { $( $name::$variant => (), )+ };
        let all = [$( $name::$variant ),+];
        all.iter().copied().for_each(every);
        all.map(|one| serde_json::to_value(one).unwrap()).to_vec()
    }};
}

#[test]
fn the_schema_lists_every_word_of_the_model() {
    let schema: Value = serde_json::from_str(schema::text("review").unwrap()).unwrap();
    let words = |pointer: &str| schema.pointer(pointer).unwrap().as_array().unwrap().clone();
    let mut impacts: Vec<Value> = Impact::ALL.map(|one| serde_json::to_value(one).unwrap()).to_vec();
    impacts.reverse();
    assert_eq!(words("/$defs/impact/enum"), impacts);
    let levels = schema.pointer("/$defs/counts/properties/levels/required").unwrap();
    assert_eq!(levels, &Value::from(impacts));
    assert_eq!(
        words("/$defs/change/properties/action/enum"),
        variants!(Action: Added, Removed, Changed, Renamed)
    );
    assert_eq!(
        words("/$defs/field/properties/kind/enum"),
        variants!(FieldKind: Added, Removed, Changed, Reordered, Rewritten)
    );
    assert_eq!(
        words("/$defs/change/properties/marks/items/enum"),
        variants!(Mark: InvisibleCharacters, DeployerAnnotation, Mode, Opaque)
    );
    assert_eq!(words("/$defs/format/enum"), variants!(Format: Yaml, Json, Hcl, Text, Binary));
    assert_eq!(
        words("/$defs/instance/properties/kind/enum"),
        variants!(InstanceWord: Workload, Resource, Platform, Folder)
    );
    assert_eq!(
        words("/$defs/cause/properties/kind/enum"),
        variants!(CauseKind: Workload, Overlay, Release, Environment, Platform, GoldenPath, Component, Provisioner,
            PlatformPackage, Version)
    );
}

#[test]
fn findings_have_one_form_in_all_documents() {
    let [review, findings]: [Value; 2] =
        ["review", "findings"].map(|kind| serde_json::from_str(schema::text(kind).unwrap()).unwrap());
    for definition in ["/$defs/finding", "/$defs/place"] {
        assert_eq!(review.pointer(definition).unwrap(), findings.pointer(definition).unwrap());
    }
}

#[test]
fn a_secret_is_told_and_never_a_value() {
    let (review, sources) = whole();
    let document = read(&json(&review, &sources));
    let field = document.pointer("/groups/1/changes/0/fields/2").unwrap();
    assert_eq!(field.pointer("/new").unwrap(), &serde_json::json!({ "secret": true }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// THREATS 20: the document reads back as it was, and neither hides nor steers.
    #[test]
    fn any_text_reads_back(text in super::super::nasty()) {
        let (review, sources) = everywhere(&text);
        let page = json(&review, &sources);
        let document = read(&page);
        satisfies(&document);
        prop_assert_eq!(document.pointer("/base/name").unwrap(), &Value::from(text.as_str()));
        prop_assert_eq!(document.pointer("/groups/0/members/0/path").unwrap(), &Value::from(text.as_str()));
        prop_assert_eq!(document.pointer("/findings/head/0/message").unwrap(), &Value::from(text.as_str()));
        prop_assert!(!page.chars().any(|c| safe::is_unsafe(c) && c != '\n'));
        prop_assert!(!page.contains("##"));
    }
}
