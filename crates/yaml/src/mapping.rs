//! Maps: entries in document order, every key once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::node::Node;
use crate::span::Span;

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// The key as its text: `1` and `"1"` are the same key.
    pub key: String,
    /// Where the key stands, with its quotes.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// Makes an entry.
    pub fn new(key: impl Into<String>, key_span: Span, value: Node) -> Self {
        Self { key: key.into(), key_span, value }
    }
}

/// A map in document order. No key stands twice.
///
/// Look-ups walk the entries: fine for what people write, so keep an index beside a map that is asked often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>")]
pub struct Mapping(Vec<Entry>);

impl Mapping {
    /// Makes an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes entries whose keys are known to differ.
    pub(crate) fn from_unique(entries: Vec<Entry>) -> Self {
        Self(entries)
    }

    /// Returns the value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns the value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.0.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
    }

    /// Returns the key of that name, with its place, and its value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    /// Returns whether `key` is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Walks the entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.0.iter()
    }

    /// Walks the entries in order, to change their values. A changed key must stay unique.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.0.iter_mut()
    }

    /// Walks the keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| entry.key.as_str())
    }

    /// Adds an entry at the end, or replaces the one with its key where that stands; returns the replaced one.
    pub fn insert(&mut self, entry: Entry) -> Option<Entry> {
        match self.0.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => Some(std::mem::replace(old, entry)),
            None => {
                self.0.push(entry);
                None
            }
        }
    }

    /// Removes `key`; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let index = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(index))
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps only the entries that `keep` says yes to.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.0.retain(keep);
    }

    /// Sorts the entries; those that `compare` calls equal keep their order.
    pub fn sort_by(&mut self, compare: impl FnMut(&Entry, &Entry) -> std::cmp::Ordering) {
        self.0.sort_by(compare);
    }

    /// Sorts the entries by key, in code point order.
    pub fn sort_by_key(&mut self) {
        self.sort_by(|left, right| left.key.cmp(&right.key));
    }

    /// Returns the entries.
    pub fn into_entries(self) -> Vec<Entry> {
        self.0
    }
}

/// Keeps the first place and the last value of a key that stands twice.
impl From<Vec<Entry>> for Mapping {
    fn from(entries: Vec<Entry>) -> Self {
        let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
        let mut unique: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            match places.get(&entry.key) {
                Some(place) => unique[*place] = entry,
                None => {
                    places.insert(entry.key.clone(), unique.len());
                    unique.push(entry);
                }
            }
        }
        Self(unique)
    }
}

impl FromIterator<Entry> for Mapping {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self::from(entries.into_iter().collect::<Vec<_>>())
    }
}

impl IntoIterator for Mapping {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a mut Mapping {
    type Item = &'a mut Entry;
    type IntoIter = std::slice::IterMut<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}
