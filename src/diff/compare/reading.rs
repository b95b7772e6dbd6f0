//! Texts that are documents, read so strictly that equal values mean equal documents.

use std::fmt;

use macadam_yaml::{FileId, Limits, Node, Resolution, Value as Plain};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::parse::json;

/// Documents of a text.
pub(super) struct Reading {
    /// Their values; for JSON, one.
    pub(super) documents: Vec<Value>,
    /// The scalars that readers take for different values, as written: sorted.
    pub(super) doubtful: Vec<String>,
    /// The numbers that have more digits than their value keeps, as written: sorted.
    pub(super) cut: Vec<String>,
}

impl Reading {
    /// Of values that say all that was written.
    pub(super) fn of(documents: Vec<Value>) -> Self {
        Self { documents, doubtful: Vec::new(), cut: Vec::new() }
    }

    /// The one document, or the list of them.
    pub(super) fn into_value(mut self) -> Value {
        if self.documents.len() == 1 { self.documents.remove(0) } else { Value::Array(self.documents) }
    }
}

/// Reads JSON; `None` for what is none, or says a key twice.
pub(super) fn json(text: &str) -> Option<Reading> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Strict(document) = serde_json::from_str(text).ok()?;
    let mut cut: Vec<String> = outside_strings(text).filter(|run| is_cut(run)).map(str::to_owned).collect();
    cut.sort_unstable();
    Some(Reading { documents: vec![document], doubtful: Vec::new(), cut })
}

/// Reads YAML of any number of documents as Kubernetes does; `None` for what our reader refuses.
pub(super) fn yaml(text: &str) -> Option<Reading> {
    let limits = Limits { bytes: 10 * 1024 * 1024, nodes: 1_000_000, ..Limits::default() };
    let nodes =
        macadam_yaml::parse_documents(text.as_bytes(), FileId(0), Resolution::Kubernetes, &limits).ok()?;
    let (mut doubtful, mut cut) = (Vec::new(), Vec::new());
    nodes.iter().for_each(|node| note(node, text, &mut doubtful, &mut cut));
    doubtful.sort_unstable();
    cut.sort_unstable();
    Some(Reading { documents: nodes.iter().map(json::value).collect(), doubtful, cut })
}

fn note(node: &Node, text: &str, doubtful: &mut Vec<String>, cut: &mut Vec<String>) {
    let written = || text.get(node.span.range()).unwrap_or_default();
    if node.ambiguous {
        doubtful.push(written().to_owned());
    }
    if matches!(node.value, Plain::Number(_)) && is_cut(written()) {
        cut.push(written().to_owned());
    }
    for item in node.as_sequence().unwrap_or_default() {
        note(item, text, doubtful, cut);
    }
    for entry in node.as_mapping().into_iter().flatten() {
        note(&entry.value, text, doubtful, cut);
    }
}

/// The runs of a JSON text that stand outside of strings, without punctuation.
fn outside_strings(text: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    let mut within = false;
    let border = move |character: char| {
        let quote = character == '"' && !escaped;
        escaped = within && character == '\\' && !escaped;
        within ^= quote;
        within || quote || !matches!(character, '0'..='9' | '.' | '+' | '-' | 'e' | 'E')
    };
    text.split(border).filter(|run| !run.is_empty())
}

/// Whether a number has more digits than a double, or for whole ones a 64-bit integer, surely keeps.
fn is_cut(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let whole = number.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    digits > 18 || (digits > 15 && !whole)
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
        assert_eq!(
            json(r#"{"a": 1234567890123456789, "b": "99999999999999999999\"", "c": 1.5}"#).unwrap().cut,
            ["1234567890123456789"]
        );
        assert_eq!(json(r#"{"a": 0.12345678901234567}"#).unwrap().cut, ["0.12345678901234567"]);
        assert_eq!(read(r#"{"a": 123456789012345678}"#), Some(json!({"a": 123_456_789_012_345_678_i64})));
        assert_eq!(read("{"), None);
    }

    #[test]
    fn yaml_tells_what_readers_do_not_agree_on() {
        let reading = yaml("a: yes\nb: [0644, plain]\n---\nc: 'yes'\n").unwrap();
        assert_eq!(reading.documents.len(), 2);
        assert_eq!(reading.doubtful, ["0644", "yes"]);
        assert!(yaml("a: 1\na: 2\n").is_none());
        assert_eq!(yaml("a: 12345678901234567890123\nb: '12345678901234567890123'\n").unwrap().cut.len(), 1);
    }
}
