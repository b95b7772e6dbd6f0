//! Values for tests: whatever is likely to be written wrong.

#![allow(dead_code, reason = "each test takes what it needs")]

use macadam_yaml::{Entry, FileId, Limits, Mapping, Node, Number, Resolution, Span, Value, parse};
use proptest::prelude::*;

/// Strings that some emitter has left unquoted and some reader has taken for something else.
pub(crate) const MISREAD: [&str; 104] = [
    "y",
    "Y",
    "n",
    "N",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "true",
    "True",
    "TRUE",
    "false",
    "False",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "~",
    "",
    "=",
    "<<",
    "1_000",
    "0_1",
    "1_",
    "685_230.15",
    "0x_1",
    "0b_1",
    "0O17",
    "0X1F",
    "0B101",
    "1e1_0",
    "12:30:00",
    "1:20",
    "23:59",
    "190:20:30.15",
    "2001-12-14",
    "2001-12-14T21:59:43Z",
    "2001-12-14 21:59:43.10 +05:30",
    "0644",
    "0o644",
    "0x1F",
    "0b101",
    "1e3",
    "1E3",
    "1.5e+3",
    "+1",
    "-1",
    "0",
    "-0",
    "1.0",
    ".5",
    "-.5",
    "+.5",
    "5.",
    "1e400",
    ".inf",
    "-.inf",
    "+.Inf",
    ".nan",
    ".NaN",
    "08",
    "00",
    "1_000.5",
    ".1_0",
    "0b-1",
    "9223372036854775808",
    "18446744073709551616",
    "- a",
    "-",
    "? a",
    "?",
    ": a",
    ":",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "---",
    "--- a",
    "...",
    "%a",
    "@a",
    "`a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "[a",
    "]",
    "{a",
    "}",
    ",a",
    "\"a",
    "'a",
    " a",
];

/// Characters and pieces that strings are put together from.
const PIECES: [&str; 48] = [
    "a",
    "b",
    "1",
    "0",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\r\n",
    ":",
    ": ",
    "-",
    "- ",
    "#",
    " #",
    "'",
    "\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    ",",
    "?",
    "&",
    "*",
    "!",
    "|",
    ">",
    "%",
    "@",
    "`",
    "=",
    "~",
    "<",
    ".",
    "_",
    "e",
    "é",
    "\u{e000}",
    "\u{10ffff}",
    "😀",
    "\u{7}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
];

/// Any string, mostly nasty ones.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let pieces = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat());
    let lines = prop::collection::vec(pieces.clone(), 1..5).prop_map(|lines| lines.join("\n"));
    prop_oneof![
        4 => pieces,
        2 => lines,
        2 => prop::sample::select(&MISREAD[..]).prop_map(str::to_owned),
        1 => "[-+.0-9eExXoObB_:aAfFtTzZ ]{1,10}",
        1 => "[a-z]{100,130}",
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::Int),
        (-1000_i64..1000).prop_map(Number::Int),
        (i64::MAX as u64 + 1..=u64::MAX).prop_map(Number::UInt),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Number::Float),
        prop::sample::select(&[0.0, -0.0, 1.0, 1e7, 1e-7, 1e16, 1e300, 5e-324, 0.1, 123456789.125][..])
            .prop_map(Number::Float),
    ]
}

/// Any value.
pub(crate) fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::String),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => number().prop_map(Value::Number),
    ];
    leaf.prop_map(plain).prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(|items| plain(Value::Sequence(items))),
            2 => prop::collection::vec((text(), inner), 0..5).prop_map(|pairs| plain(Value::Mapping(mapping(pairs)))),
        ]
    })
}

fn plain(value: Value) -> Node {
    Node::new(Span::default(), value)
}

fn mapping(pairs: Vec<(String, Node)>) -> Mapping {
    pairs.into_iter().map(|(key, value)| Entry::new(key, Span::default(), value)).collect()
}

/// A map of one string, twice: as the key, and as the value of another.
pub(crate) fn map_of(text: &str) -> Node {
    plain(Value::Mapping(mapping(vec![
        (text.to_owned(), plain(Value::Bool(true))),
        ("a value".to_owned(), plain(Value::String(text.to_owned()))),
        ("a list".to_owned(), plain(Value::Sequence(vec![plain(Value::String(text.to_owned()))]))),
    ])))
}

/// Reads one document.
pub(crate) fn read(text: &str, resolution: Resolution) -> Node {
    match parse(text.as_bytes(), FileId(0), resolution, &Limits::default()) {
        Ok(node) => node,
        Err(errors) => panic!("{text:?}: {errors:?}"),
    }
}

/// The value as `serde_json` has it, to compare with other readers.
pub(crate) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(Number::Int(value)) => (*value).into(),
        Value::Number(Number::UInt(value)) => (*value).into(),
        Value::Number(Number::Float(value)) => (*value).into(),
        Value::String(text) => text.as_str().into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(mapping) => {
            mapping.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect()
        }
    }
}

/// Whether no scalar could be taken for another value.
pub(crate) fn is_clear(node: &Node) -> bool {
    !node.ambiguous
        && node.as_sequence().is_none_or(|items| items.iter().all(is_clear))
        && node.as_mapping().is_none_or(|mapping| mapping.iter().all(|entry| is_clear(&entry.value)))
}
