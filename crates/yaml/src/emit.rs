//! The canonical emitter: one text for one value, read alike by every reader of YAML 1.1 and 1.2.
//!
//! Two spaces a level, a list's dashes in the column of its key (as sigs.k8s.io/yaml and kustomize write), keys in the
//! order given, quotes only where something could be misread, literal blocks for text of several lines, lines never
//! folded.

use crate::mapping::{Entry, Mapping};
use crate::node::{Node, Value};
use crate::number::Number;
use crate::quote::{literal_mark, plain_is_safe, write_double};

/// Longer keys are written as `? key`: readers need not look further than 1,024 characters for a `:`.
const LONGEST_SIMPLE_KEY: usize = 120;

/// Returns the canonical YAML of a value. It ends with exactly one line feed.
pub fn to_yaml(node: &Node) -> String {
    let mut out = String::new();
    write_yaml(node, &mut out, 0);
    out.push('\n');
    out
}

/// Writes the canonical YAML of a value into a text, to be embedded.
///
/// The first line goes where `out` ends, the others are indented by `indent` columns; there is no line feed at the end.
/// A map or a list must start in column `indent`, on a line of its own or behind `- `; anything else may also follow a
/// `key: `, with the `indent` of that key.
pub fn write_yaml(node: &Node, out: &mut String, indent: usize) {
    Emitter { out }.node(node, indent, Place::Last);
}

/// Whether something follows in the same text. Blank lines at the end of a text get lost too easily.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Inner,
    Last,
}

impl Place {
    /// The place of the item `index` of `count`.
    fn of(self, index: usize, count: usize) -> Self {
        if index + 1 == count { self } else { Self::Inner }
    }
}

struct Emitter<'a> {
    out: &'a mut String,
}

impl Emitter<'_> {
    /// Writes a node whose first line starts in column `indent`, or behind `key: ` when it has one line.
    fn node(&mut self, node: &Node, indent: usize, place: Place) {
        match &node.value {
            Value::Mapping(mapping) if !mapping.is_empty() => self.mapping(mapping, indent, place),
            Value::Sequence(items) if !items.is_empty() => self.sequence(items, indent, place),
            Value::String(text) => self.string(text, indent, place),
            value => self.simple(value),
        }
    }

    fn simple(&mut self, value: &Value) {
        match value {
            Value::Null | Value::String(_) => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => self.out.push_str(&number_text(*number)),
            Value::Sequence(_) => self.out.push_str("[]"),
            Value::Mapping(_) => self.out.push_str("{}"),
        }
    }

    fn mapping(&mut self, mapping: &Mapping, indent: usize, place: Place) {
        for (index, entry) in mapping.iter().enumerate() {
            if index > 0 {
                self.line(indent);
            }
            self.entry(entry, indent, place.of(index, mapping.len()));
        }
    }

    fn entry(&mut self, entry: &Entry, indent: usize, place: Place) {
        let key_start = self.out.len();
        self.key(&entry.key);
        if self.out[key_start..].chars().count() > LONGEST_SIMPLE_KEY {
            self.out.insert_str(key_start, "? ");
            self.line(indent);
            self.out.push_str(": ");
            return self.node(&entry.value, indent + 2, place);
        }
        self.out.push(':');
        match &entry.value.value {
            Value::Mapping(inner) if !inner.is_empty() => {
                self.line(indent + 2);
                self.mapping(inner, indent + 2, place);
            }
            Value::Sequence(items) if !items.is_empty() => {
                self.line(indent);
                self.sequence(items, indent, place);
            }
            _ => {
                self.out.push(' ');
                self.node(&entry.value, indent, place);
            }
        }
    }

    fn key(&mut self, key: &str) {
        if plain_is_safe(key) {
            self.out.push_str(key);
        } else {
            write_double(key, self.out);
        }
    }

    fn sequence(&mut self, items: &[Node], indent: usize, place: Place) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.line(indent);
            }
            self.out.push_str("- ");
            let inner = match item.value {
                Value::Mapping(_) | Value::Sequence(_) => indent + 2,
                _ => indent,
            };
            self.node(item, inner, place.of(index, items.len()));
        }
    }

    fn string(&mut self, text: &str, indent: usize, place: Place) {
        if plain_is_safe(text) {
            return self.out.push_str(text);
        }
        match literal_mark(text) {
            Some("+") if place == Place::Last => write_double(text, self.out),
            Some(mark) => self.literal(text, mark, indent + 2),
            None => write_double(text, self.out),
        }
    }

    fn literal(&mut self, text: &str, mark: &str, indent: usize) {
        self.out.push('|');
        self.out.push_str(mark);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if line.is_empty() {
                self.out.push('\n');
            } else {
                self.line(indent);
                self.out.push_str(line);
            }
        }
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// Returns a number as all readers agree on: PyYAML wants a dot and a signed exponent in a float.
fn number_text(number: Number) -> String {
    let text = number.to_string();
    match (number, text.split_once('e')) {
        (Number::Float(_), Some((mantissa, power))) => {
            let dot = if mantissa.contains('.') { "" } else { ".0" };
            let sign = if power.starts_with('-') { "" } else { "+" };
            format!("{mantissa}{dot}e{sign}{power}")
        }
        _ => text,
    }
}
