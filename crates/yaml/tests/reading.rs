//! What the reader makes of everyday YAML.

use macadam_yaml::{
    ErrorKind, FileId, Limits, Node, Resolution, parse, parse_documents, to_yaml, write_json,
};

fn read(text: &str) -> Node {
    match parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default()) {
        Ok(node) => node,
        Err(errors) => panic!("{text:?}: {errors:?}"),
    }
}

fn json(text: &str) -> String {
    let mut out = String::new();
    write_json(&read(text), &mut out);
    out
}

fn refusals(text: &str) -> Vec<String> {
    let result = parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default());
    let errors = result.err().unwrap_or_default();
    errors.iter().map(|error| format!("{}..{} {error}", error.span.start, error.span.end)).collect()
}

#[test]
fn a_document_becomes_a_tree() {
    assert_eq!(json("a: 1\nb:\n- x\n- {y: z}\nc: |\n  t\n"), r#"{"a":1,"b":["x",{"y":"z"}],"c":"t\n"}"#);
}

#[test]
fn merge_keys_are_applied_and_explicit_keys_win() {
    let text = "base: &b {a: 1, b: 2}\nx:\n  z: 0\n  <<: *b\n  b: 3\ny:\n  <<: [*b, {c: 4, a: 9}]\n";
    assert_eq!(json(text), r#"{"base":{"a":1,"b":2},"x":{"z":0,"a":1,"b":3},"y":{"a":1,"b":2,"c":4}}"#);
}

#[test]
fn every_duplicate_key_is_reported_in_any_spelling() {
    assert_eq!(
        refusals("1: a\n\"1\": b\nc: {d: 1, 'd': 2}\n"),
        ["5..8 duplicate key `1`", "22..25 duplicate key `d`"]
    );
}

#[test]
fn a_second_document_is_refused() {
    assert_eq!(refusals("a: 1\n---\nb: 1\n"), ["5..8 a second document where one is expected"]);
}

#[test]
fn empty_documents_are_dropped() {
    let text = b"---\n---\na: 1\n---\n# nothing\n---\nb: 1\n";
    let documents = parse_documents(text, FileId(0), Resolution::Kubernetes, &Limits::default());
    assert_eq!(documents.map(|documents| documents.len()), Ok(2));
}

#[test]
fn the_emitter_writes_what_people_expect() {
    let text = "a:\n- b: 1\n  c: \"yes\"\n- []\n- - x\n  - {}\nd: |\n  t\n\n  u\ne: \"1:20\"\n";
    assert_eq!(to_yaml(&read(text)), text);
}

#[test]
fn explosive_and_recursive_aliases_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let item = format!("*a{}", level - 1);
        let items = [item.as_str(); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{items}]\n");
    }
    let result = parse(bomb.as_bytes(), FileId(0), Resolution::Spec, &Limits::default());
    let kinds: Vec<_> = result.err().into_iter().flatten().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::Expansion]);
    assert_eq!(
        refusals("a: &a [*a]\nb: *c\n"),
        ["7..9 alias within its own anchor", "14..16 alias to an unknown anchor"]
    );
}
