use macadam_yaml::FileId;

use super::*;
use crate::parse;

fn schema(text: &str) -> Outcome<Schema> {
    Schema::compile(&tree(text))
}

fn tree(text: &str) -> Node {
    parse::yaml(text.as_bytes(), FileId(0)).value.unwrap()
}

/// The violations of a value, one a line: `path message`.
fn violations(schema_text: &str, value: &str) -> String {
    let schema = schema(schema_text).value.unwrap();
    let lines = schema.violations(&tree(value));
    lines.iter().map(|found| format!("{} | {}\n", found.path, found.message)).collect()
}

#[test]
fn patterns_match_whole_strings_with_ascii_classes() {
    let letters = "{ type: string, pattern: '^a|b$' }";
    assert_eq!(violations(letters, "b"), "");
    assert_ne!(violations(letters, "ax"), "");
    assert_ne!(violations("{ pattern: '^\\d+$' }", "\"٣\""), "");
    assert_eq!(violations("{ pattern: '^\\d+$' }", "\"3\""), "");
    assert_ne!(violations("{ pattern: '^a$' }", "\"a\\n\""), "");
}

#[test]
fn alternatives_are_unfolded_into_the_one_that_was_meant() {
    let either = "{ anyOf: [{ type: string, minLength: 1 }, { type: object, required: [name] }] }";
    insta::assert_snapshot!(violations(either, "{ nam: x }"), @"name | missing `name`");
    insta::assert_snapshot!(violations(either, "''"), @" | the file is empty");
    insta::assert_snapshot!(violations(either, "3"), @" | the file: expected a string or a map, found a number");
}

#[test]
fn no_message_repeats_a_value() {
    let table = [
        ("{ properties: { a: { enum: [x] } } }", "{ a: SECRET }"),
        ("{ properties: { a: { const: x } } }", "{ a: SECRET }"),
        ("{ properties: { a: { pattern: '^x$' } } }", "{ a: SECRET }"),
        ("{ properties: { a: { maxLength: 1 } } }", "{ a: SECRET }"),
        ("{ properties: { a: { format: uri } } }", "{ a: SECRET }"),
        ("{ properties: { a: { type: integer } } }", "{ a: SECRET }"),
        ("{ properties: { a: { not: {} } } }", "{ a: SECRET }"),
        ("{ properties: { a: false } }", "{ a: SECRET }"),
        ("{ properties: { a: { oneOf: [{ type: string }, { minLength: 1 }] } } }", "{ a: SECRET }"),
        ("{ properties: { a: { oneOf: [{ required: [x] }, { required: [y] }] } } }", "{ a: SECRET }"),
        ("{ properties: { a: { anyOf: [{ maxLength: 1 }, { pattern: '^x$' }] } } }", "{ a: SECRET }"),
        ("{ properties: { a: { items: false } } }", "{ a: [SECRET] }"),
        ("{ properties: { a: { uniqueItems: true } } }", "{ a: [SECRET, SECRET] }"),
        ("{ properties: { a: { contains: { const: 1 } } } }", "{ a: [SECRET] }"),
        ("{ unevaluatedProperties: false }", "{ a: SECRET }"),
        (
            "{ properties: { params: { properties: { pin: { type: string } } } } }",
            "{ params: { pin: 123456 } }",
        ),
    ];
    for (text, value) in table {
        let schema = schema(text).value.unwrap();
        let found = schema.violations(&tree(value));
        assert!(!found.is_empty(), "{text}");
        let shown = format!("{found:?}");
        assert!(!shown.contains("SECRET") && !shown.contains("123456"), "{shown}");
    }
}

#[test]
fn a_schema_that_grows_with_its_references_is_refused() {
    let mut text = String::from("{ $ref: '#/$defs/d0', $defs: {");
    for level in 0..31 {
        let next = level + 1;
        text += &format!(
            "d{level}: {{ allOf: [{{ $ref: '#/$defs/d{next}' }}, {{ $ref: '#/$defs/d{next}' }}] }}, "
        );
    }
    text += "d31: {} } }";
    let outcome = schema(&text);
    assert!(outcome.value.is_none() && outcome.has_errors());
}

#[test]
fn a_long_chain_of_references_is_refused() {
    let mut text = String::from("{ $ref: '#/$defs/d0', $defs: {");
    for level in 0..20_000 {
        text += &format!("d{level}: {{ $ref: '#/$defs/d{}' }}, ", level + 1);
    }
    text += "d20000: {} } }";
    assert!(schema(&text).has_errors());
}

#[test]
fn long_strings_against_our_patterns_take_linear_time() {
    let long = "a-".repeat(30_000);
    let value = serde_json::json!({
        "apiVersion": "score.dev/v1b1",
        "metadata": { "name": long, "annotations": { long.clone(): "x" } },
        "containers": { long.clone(): { "image": "x", "resources": { "requests": { "memory": "1".repeat(60_000), "cpu": "1".repeat(60_000) } } } },
        "resources": { "db": { "type": long, "id": "a.".repeat(30_000) } },
    });
    for kind in [Kind::Score, Kind::Overlay, Kind::Platform, Kind::Environment, Kind::Provisioner] {
        assert!(!Schema::builtin(kind).is_valid(&value));
    }
}

#[test]
fn the_platform_keys_are_one_schema_in_two_files() {
    let score = Schema::builtin(Kind::Score);
    let platform = Schema::builtin(Kind::Platform);
    for definition in ["/$defs/platform", "/$defs/placement", "/$defs/packageReference", "/$defs/name"] {
        assert_eq!(
            score.document().pointer(definition),
            platform.document().pointer(definition),
            "{definition}"
        );
        assert!(score.document().pointer(definition).is_some());
    }
}

#[test]
fn every_property_of_our_schemas_is_described() {
    fn check(schema: &Json, path: &str) {
        let Some(map) = schema.as_object() else { return };
        for (name, property) in map.get("properties").and_then(Json::as_object).into_iter().flatten() {
            let bare = property.get("enum").is_some()
                || property.get("minItems").is_some()
                || property.get("maxItems").is_some();
            assert!(
                property.get("description").is_some() || property.get("$ref").is_some() || bare,
                "{path}.{name} has no description"
            );
        }
        for (key, value) in map {
            check(value, &format!("{path}.{key}"));
            value.as_array().into_iter().flatten().for_each(|item| check(item, path));
        }
    }
    for (word, kind, _) in TEXTS {
        check(Schema::builtin(*kind).document(), word);
    }
}
