//! The fields that an edit changes, as rules see them.

use serde_json::Value;

use super::{
    pattern::{Fit, Rest, keys},
    predicate::Site,
};
use crate::model::{Edit, What};

/// The documents around an edit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Documents<'a> {
    /// On the base side.
    pub(super) before: Option<&'a Value>,
    /// On the head side.
    pub(super) after: Option<&'a Value>,
}

/// A field that is different.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    pub(super) keys: Vec<&'a str>,
    old: Option<&'a Value>,
    new: Option<&'a Value>,
}

impl<'a> Field<'a> {
    /// The field that an edit names.
    pub(super) fn of(edit: &'a Edit) -> Self {
        let (old, new) = values(&edit.what);
        Self { keys: keys(&edit.path), old, new }
    }

    /// The value that comes or goes; none where another one was or is there.
    pub(super) fn lone_value(&self) -> Option<&'a Value> {
        match (self.old, self.new) {
            (Some(value), None) | (None, Some(value)) => Some(value),
            _ => None,
        }
    }

    /// Where a whole map comes or goes, the fields in it that are no maps themselves.
    pub(super) fn leaves(&self) -> Vec<Self> {
        let mut leaves = Vec::new();
        if self.is_map() {
            self.gather(&mut leaves);
        }
        leaves
    }

    fn is_map(&self) -> bool {
        let map = |value: Option<&Value>| value.and_then(Value::as_object).is_some_and(|map| !map.is_empty());
        match (self.old, self.new) {
            (old, None) => map(old),
            (None, new) => map(new),
            (old, new) => map(old) && map(new),
        }
    }

    fn gather(&self, leaves: &mut Vec<Self>) {
        if !self.is_map() {
            leaves.push(self.clone());
            return;
        }
        let map = |value: Option<&'a Value>| value.and_then(Value::as_object);
        let (old, new) = (map(self.old), map(self.new));
        let names = old.into_iter().chain(new).flatten().map(|(key, _)| key.as_str());
        let mut known: Vec<&str> = Vec::new();
        for name in names {
            let value = |map: Option<&'a serde_json::Map<String, Value>>| map.and_then(|map| map.get(name));
            let (old, new) = (value(old), value(new));
            if known.contains(&name) || old == new {
                continue;
            }
            known.push(name);
            let keys = self.keys.iter().copied().chain([name]).collect();
            Self { keys, old, new }.gather(leaves);
        }
    }
}

impl<'a> Documents<'a> {
    pub(super) fn site(self, old: Option<&'a Value>, new: Option<&'a Value>) -> Site<'a> {
        Site { old, new, before: self.before, after: self.after, below: false }
    }

    /// What a rule speaks of in a field: the field itself, or what lies inside of its values.
    pub(super) fn sites(self, field: &Field<'a>, fit: Fit<'_>) -> Vec<Site<'a>> {
        match fit {
            Fit::Apart => Vec::new(),
            Fit::Here => vec![self.site(field.old, field.new)],
            Fit::Below => vec![Site { below: true, ..self.site(field.old, field.new) }],
            Fit::Above(rest) => self.inside(field, rest),
        }
    }

    fn inside(self, field: &Field<'a>, rest: Rest<'_>) -> Vec<Site<'a>> {
        let find = |value: Option<&'a Value>| value.map(|value| rest.find(value)).unwrap_or_default();
        let (old, new) = (find(field.old), find(field.new));
        (0..old.len().max(new.len()))
            .map(|at| (old.get(at).copied(), new.get(at).copied()))
            .filter(|(old, new)| old != new)
            .map(|(old, new)| self.site(old, new))
            .collect()
    }
}

/// The values of an edit, old and new. A new order has none.
fn values(what: &What) -> (Option<&Value>, Option<&Value>) {
    match what {
        What::Added { new, .. } => (None, Some(new)),
        What::Removed { old, .. } => (Some(old), None),
        What::Changed { old, new, .. } => (Some(old), Some(new)),
        What::Reordered { .. } => (None, None),
    }
}
