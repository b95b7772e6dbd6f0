//! Knows what two environments are expected to differ in: their names, and the values of their own variables.

use std::cmp::Reverse;

use macadam_yaml::{Node, Value as Tree};
use serde_json::Value;

use crate::model::{FieldChange, InstanceInput, ObjectId, Shown};

/// Texts of one environment and what stands for them in the other, longest first. Empty within one environment.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(String, String)>);

impl Names {
    pub(super) fn new(base: &InstanceInput, head: &InstanceInput) -> Self {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let mut pairs = vec![
            pair(&base.namespace, &head.namespace),
            pair(&base.environment.name.value, &head.environment.name.value),
            pair(&base.cluster.name.value, &head.cluster.name.value),
        ];
        variables(&base.environment.variables, &head.environment.variables, &mut pairs);
        pairs.retain(|(a, b)| !a.is_empty() && a != b);
        pairs.sort_by_key(|(a, _)| Reverse(a.len()));
        Self(pairs)
    }

    /// Whether a field differs only by what the two environments are called and say of themselves.
    pub(super) fn explain(&self, field: &FieldChange) -> bool {
        match (&field.old, &field.new) {
            (Some(Shown::Value(old)), Some(Shown::Value(new))) => self.value(old) == *new,
            _ => false,
        }
    }

    /// An identity of the base, in the words of the head.
    pub(super) fn id(&self, id: &ObjectId) -> ObjectId {
        ObjectId {
            group: id.group.clone(),
            kind: id.kind.clone(),
            namespace: id.namespace.as_ref().map(|namespace| self.text(namespace)),
            name: self.text(&id.name),
        }
    }

    /// Whether there is nothing to replace.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value of the base, in the words of the head.
    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (self.text(key), self.value(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// A text of the base, in the words of the head. One pass, so that what was put in is not replaced again.
    pub(super) fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            match self.0.iter().find(|(from, _)| rest.starts_with(from.as_str())) {
                Some((from, to)) => {
                    out.push_str(to);
                    rest = rest.get(from.len()..).unwrap_or_default();
                }
                None => {
                    out.push(next);
                    rest = rest.get(next.len_utf8()..).unwrap_or_default();
                }
            }
        }
        out
    }
}

/// The texts at the same places of two maps of variables.
fn variables(base: &Node, head: &Node, pairs: &mut Vec<(String, String)>) {
    match (&base.value, &head.value) {
        (Tree::String(a), Tree::String(b)) => pairs.push((a.clone(), b.clone())),
        (Tree::Mapping(a), Tree::Mapping(b)) => {
            for entry in a.iter() {
                if let Some(other) = b.get(&entry.key) {
                    variables(&entry.value, other, pairs);
                }
            }
        }
        _ => {}
    }
}
