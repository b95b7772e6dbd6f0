//! What a template sees.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use minijinja::Value;
use minijinja::value::{Enumerator, Object, Serde, ValueKind};
use serde::Serialize;

use super::hole::has_marks;

/// The key under which the engine finds the root of a context again; no template can spell it.
pub(super) const ROOT: &str = "\0";

/// A value that templates see, or a map of such values. Cheap to clone, so that parts are made once and shared.
#[derive(Debug, Clone)]
pub struct Context(Value);

impl Context {
    /// Makes a context of anything that serialises. Numbers, booleans and nulls keep their type.
    pub fn new(value: impl Serialize) -> Self {
        Self(Value::from(Serde(value)))
    }

    /// Makes a map of contexts, in the order given.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::root(entries.into_iter().map(|(key, value)| (key.into().into(), value.0)).collect())
    }

    /// Adds or replaces an entry of a map; the other entries are shared with the map that this was called on.
    #[must_use]
    pub fn with(&self, key: &str, value: Self) -> Self {
        let mut entries = self.entries();
        entries.insert(key.into(), value.0);
        Self::root(entries)
    }

    fn root(entries: IndexMap<Arc<str>, Value>) -> Self {
        Self(Value::from_object(Root { entries, marked: OnceLock::new() }))
    }

    fn entries(&self) -> IndexMap<Arc<str>, Value> {
        if let Some(root) = self.0.downcast_object_ref::<Root>() {
            return root.entries.clone();
        }
        let keys = self.0.try_iter().into_iter().flatten();
        keys.filter_map(|key| Some((key.to_str()?, self.0.get_item(&key).ok()?))).collect()
    }

    /// The value, as the engine wants it: a map that knows itself.
    pub(super) fn value(&self) -> Value {
        match self.0.downcast_object_ref::<Root>() {
            Some(_) => self.0.clone(),
            None => Self::root(self.entries()).0,
        }
    }
}

/// The outermost map of a context.
#[derive(Debug)]
pub(super) struct Root {
    entries: IndexMap<Arc<str>, Value>,
    marked: OnceLock<bool>,
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match self.entries.get(key) {
            Some(value) => Some(value.clone()),
            None if key == ROOT => Some(Value::from_dyn_object(Arc::clone(self))),
            None => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.entries.keys().map(|key| Value::from(Arc::clone(key))).collect())
    }
}

impl Root {
    /// Whether any text in it, keys included, holds the characters that tokens are made of. Looked at once, and only
    /// when somebody needs to know.
    pub(super) fn is_marked(&self) -> bool {
        *self.marked.get_or_init(|| self.entries.values().any(|value| marked(value, 0)))
    }
}

fn marked(value: &Value, depth: usize) -> bool {
    if let Some(text) = value.as_str() {
        return has_marks(text);
    }
    if depth > 128 {
        return true;
    }
    match value.kind() {
        ValueKind::Map => value.try_iter().into_iter().flatten().any(|key| {
            marked(&key, depth + 1) || value.get_item(&key).is_ok_and(|value| marked(&value, depth + 1))
        }),
        ValueKind::Seq => value.try_iter().into_iter().flatten().any(|item| marked(&item, depth + 1)),
        _ => false,
    }
}
