//! JSON of a value: compact, or indented for people.

use std::fmt::Write as _;

use crate::node::{Node, Value};
use crate::quote::is_hidden;

/// Returns the JSON of a value, two spaces a level, keys in the order given. It ends with one line feed.
pub fn to_json(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out, Some(0));
    out.push('\n');
    out
}

/// Writes the JSON of a value on one line, without spaces.
pub fn write_json(node: &Node, out: &mut String) {
    write(node, out, None);
}

/// Writes a value; `indent` is the column of the line that it starts on, or `None` for one line.
fn write(node: &Node, out: &mut String, indent: Option<usize>) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Sequence(items) => list(('[', ']'), items.iter(), out, indent, |item, out, indent| {
            write(item, out, indent);
        }),
        Value::Mapping(mapping) => list(('{', '}'), mapping.iter(), out, indent, |entry, out, indent| {
            write_text(&entry.key, out);
            out.push_str(if indent.is_some() { ": " } else { ":" });
            write(&entry.value, out, indent);
        }),
    }
}

fn list<T>(
    (open, close): (char, char),
    items: impl ExactSizeIterator<Item = T>,
    out: &mut String,
    indent: Option<usize>,
    write_item: impl Fn(T, &mut String, Option<usize>),
) {
    let empty = items.len() == 0;
    let inner = indent.map(|indent| indent + 2);
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(out, inner);
        write_item(item, out, inner);
    }
    if !empty {
        line(out, indent);
    }
    out.push(close);
}

fn line(out: &mut String, indent: Option<usize>) {
    if let Some(indent) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            hidden if is_hidden(hidden) => write_escape(hidden, out),
            other => out.push(other),
        }
    }
    out.push('"');
}

fn write_escape(character: char, out: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let written = write!(out, "\\u{unit:04x}");
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
}
