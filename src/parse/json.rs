//! Between our trees and the plain JSON model.

use macadam_yaml::{Entry, Mapping, Node, Number, Span, Value};
use serde_json::Value as Json;

/// The plain value of a tree: places are dropped, keys keep their order.
pub fn value(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => number_value(*number),
        Value::String(text) => Json::String(text.clone()),
        Value::Sequence(items) => Json::Array(items.iter().map(value).collect()),
        Value::Mapping(map) => {
            Json::Object(map.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect())
        }
    }
}

/// A tree of a plain value; every node and key gets the one place.
pub fn node(value: &Json, span: Span) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(node_number(number)),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(|item| node(item, span)).collect()),
        Json::Object(map) => Value::Mapping(
            map.iter()
                .map(|(key, value)| Entry::new(key.clone(), span, node(value, span)))
                .collect::<Mapping>(),
        ),
    };
    Node::new(span, value)
}

fn number_value(number: Number) -> Json {
    match number {
        Number::Int(value) => Json::from(value),
        Number::UInt(value) => Json::from(value),
        Number::Float(value) => Json::from(value),
    }
}

fn node_number(number: &serde_json::Number) -> Number {
    if let Some(value) = number.as_i64() {
        return Number::Int(value);
    }
    match number.as_u64() {
        Some(value) => Number::UInt(value),
        None => Number::Float(number.as_f64().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use macadam_yaml::FileId;

    use super::*;

    #[test]
    fn a_value_survives_the_way_through_a_tree() {
        let json = serde_json::json!({"b": [1, -2, 1.5, u64::MAX, "x", null, true], "a": {}});
        let tree = node(&json, Span::new(FileId(0), 0, 0));
        assert_eq!(value(&tree), json);
        assert_eq!(value(&tree).to_string(), json.to_string());
    }
}
