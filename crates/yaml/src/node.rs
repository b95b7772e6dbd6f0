//! Nodes: values of the JSON model, each with the place it was read from.

use serde::{Deserialize, Serialize};

use crate::mapping::Mapping;
use crate::number::Number;
use crate::span::Span;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Node {
    /// Where the value stands.
    ///
    /// Quoted scalars include their quotes, flow maps and lists their brackets. A block map runs from its first key, a
    /// block list from its first dash, to the end of the last value. A block scalar covers its content, from the first
    /// character that is no white space to the last. An absent value has an empty span behind its `:` or `-`. An alias
    /// has its own span; what lies below it keeps the places of the anchor.
    pub span: Span,
    /// The value.
    pub value: Value,
    /// Whether this is a plain scalar that widespread readers (Kubernetes, yaml.v3, PyYAML, YAML 1.2 readers) take for
    /// different values: `yes`, `1:20`, `0644`, `1e3`, `1_000`, `2001-12-14`, `=`.
    pub ambiguous: bool,
}

/// A value of the JSON model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// `null`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A map in document order.
    Mapping(Mapping),
}

impl Node {
    /// Makes a node of a value that nobody doubts.
    pub fn new(span: Span, value: impl Into<Value>) -> Self {
        Self { span, value: value.into(), ambiguous: false }
    }

    /// Makes a null.
    pub fn null(span: Span) -> Self {
        Self::new(span, Value::Null)
    }

    /// Makes a string.
    pub fn string(span: Span, text: impl Into<String>) -> Self {
        Self::new(span, Value::String(text.into()))
    }

    /// Makes a boolean.
    pub fn bool(span: Span, value: bool) -> Self {
        Self::new(span, Value::Bool(value))
    }

    /// Makes an integer.
    pub fn int(span: Span, value: i64) -> Self {
        Self::new(span, Value::Number(Number::Int(value)))
    }

    /// Makes a list.
    pub fn sequence(span: Span, items: Vec<Node>) -> Self {
        Self::new(span, Value::Sequence(items))
    }

    /// Makes a map.
    pub fn mapping(span: Span, mapping: impl Into<Mapping>) -> Self {
        Self::new(span, Value::Mapping(mapping.into()))
    }

    /// Returns whether this is null, written or absent.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns an integer; `None` for floats, also for `1.0`.
    pub fn as_i64(&self) -> Option<i64> {
        match self.value {
            Value::Number(Number::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// Returns any number as a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// Returns a map.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Returns a map, to change it.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match &mut self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Returns the items of a list.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the items of a list, to change them.
    pub fn as_sequence_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the value of `key` when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Returns the value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_mapping_mut()?.get_mut(key)
    }

    /// Names the kind of value for messages: "string", "number", "boolean", "null", "list" or "map".
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Sequence(_) => "list",
            Value::Mapping(_) => "map",
        }
    }

    /// Compares values, whatever their places and however they were written. The order of keys counts.
    pub fn same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Sequence(left), Value::Sequence(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.same(r))
            }
            (Value::Mapping(left), Value::Mapping(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(l, r)| l.key == r.key && l.value.same(&r.value))
            }
            (left, right) => left == right,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Number::Int(value))
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Node>> for Value {
    fn from(items: Vec<Node>) -> Self {
        Self::Sequence(items)
    }
}

impl From<Mapping> for Value {
    fn from(mapping: Mapping) -> Self {
        Self::Mapping(mapping)
    }
}
