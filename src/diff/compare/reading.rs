//! Texts that are documents, read so strictly that equal values mean equal documents.

use std::fmt;

use macadam_yaml::{FileId, Limits, Node, Resolution};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::parse::json;

/// Documents of a text.
pub(super) struct Reading {
    /// Their values; for JSON, one.
    pub(super) documents: Vec<Value>,
    /// The scalars that readers take for different values, as written: sorted.
    pub(super) doubtful: Vec<String>,
}

impl Reading {
    /// The one document, or the list of them.
    pub(super) fn into_value(mut self) -> Value {
        if self.documents.len() == 1 { self.documents.remove(0) } else { Value::Array(self.documents) }
    }
}

/// Reads JSON; `None` for what is none, says a key twice, or holds a number that a double cannot tell from another.
pub(super) fn json(text: &str) -> Option<Reading> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if has_long_number(text) {
        return None;
    }
    let Strict(document) = serde_json::from_str(text).ok()?;
    Some(Reading { documents: vec![document], doubtful: Vec::new() })
}

/// Reads YAML of any number of documents; `None` for what our reader refuses, and for long numbers as in [`json`].
pub(super) fn yaml(text: &str) -> Option<Reading> {
    if has_long_number(text) {
        return None;
    }
    let limits = Limits { bytes: 10 * 1024 * 1024, nodes: 1_000_000, ..Limits::default() };
    let nodes =
        macadam_yaml::parse_documents(text.as_bytes(), FileId(0), Resolution::Kubernetes, &limits).ok()?;
    let mut doubtful = Vec::new();
    nodes.iter().for_each(|node| collect_doubtful(node, text, &mut doubtful));
    doubtful.sort_unstable();
    Some(Reading { documents: nodes.iter().map(json::value).collect(), doubtful })
}

fn collect_doubtful(node: &Node, text: &str, found: &mut Vec<String>) {
    if node.ambiguous {
        found.extend(text.get(node.span.range()).map(str::to_owned));
    }
    for item in node.as_sequence().unwrap_or_default() {
        collect_doubtful(item, text, found);
    }
    for entry in node.as_mapping().into_iter().flatten() {
        collect_doubtful(&entry.value, text, found);
    }
}

/// Whether a text holds a run that may be a number of more digits than a double or a 64-bit integer keeps.
fn has_long_number(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    text.as_bytes().split(|byte| !is_part(byte)).filter(|run| run.len() > 15).any(|run| {
        let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
        let whole = run.iter().skip(1).all(u8::is_ascii_digit);
        digits > 18 || (digits > 15 && !whole)
    })
}

/// A JSON value whose maps say every key once.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_read_as_it_stands_or_not_at_all() {
        let read = |text: &str| json(text).map(Reading::into_value);
        assert_eq!(
            read(r#"{"a": [1, -2, 1.5, null, true, "x"]}"#),
            Some(json!({"a": [1, -2, 1.5, null, true, "x"]}))
        );
        assert_eq!(read(r#"{"a": 1, "a": 2}"#), None);
        assert_eq!(read(r#"{"a": 12345678901234567890}"#), None);
        assert_eq!(read(r#"{"a": 0.12345678901234567}"#), None);
        assert_eq!(read(r#"{"a": 123456789012345678}"#), Some(json!({"a": 123_456_789_012_345_678_i64})));
        assert_eq!(read("{"), None);
    }

    #[test]
    fn yaml_tells_what_readers_do_not_agree_on() {
        let reading = yaml("a: yes\nb: [0644, plain]\n---\nc: 'yes'\n").unwrap();
        assert_eq!(reading.documents.len(), 2);
        assert_eq!(reading.doubtful, ["0644", "yes"]);
        assert!(yaml("a: 1\na: 2\n").is_none());
    }
}
