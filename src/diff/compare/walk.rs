//! The way through two documents at once.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::facts::{Order, Shape};
use super::list::{self, key_text};
use super::{inside, same, scalar, secret};
use crate::model::{Edit, FieldPath, Step, What};

/// Levels that are walked; what lies deeper is one value.
const DEPTH: usize = 128;

/// Where the walk stands, and what it found. Steps become text only where there is something to tell.
pub(super) struct Walk<'a> {
    path: Vec<At<'a>>,
    nesting: usize,
    /// What was found, in the document's order.
    pub(super) edits: Vec<Edit>,
}

enum At<'a> {
    Key(&'a str),
    Item(&'static [&'static str], &'a Value),
    Index(usize),
}

impl<'a> Walk<'a> {
    /// A walk through a document that stands `nesting` texts deep.
    pub(super) fn inside(nesting: usize) -> Self {
        Self { path: Vec::with_capacity(16), nesting, edits: Vec::new() }
    }

    /// Compares two values.
    pub(super) fn value(&mut self, old: &'a Value, new: &'a Value, shape: Shape) {
        match (old, new) {
            _ if self.path.len() >= DEPTH => self.deep(old, new),
            (Value::Object(old), Value::Object(new)) => self.map(old, new, shape.of_map(old, new)),
            (Value::Array(_), Value::Array(_)) if same::same(old, new) => {}
            (Value::Array(before), Value::Array(after))
                if [before, after].iter().any(|list| hides_secrets(list)) =>
            {
                self.changed(old, new, false);
            }
            (Value::Array(old), Value::Array(new)) => self.list(old, new, shape),
            (Value::String(old), Value::String(new)) if old == new => {}
            (Value::String(before), Value::String(after)) => self.strings((old, before), (new, after), shape),
            _ if old == new => {}
            _ => self.changed(old, new, scalar::equal(old, new, shape.scalar())),
        }
    }

    fn deep(&mut self, old: &Value, new: &Value) {
        if !same::same(old, new) {
            self.changed(old, new, false);
        }
    }

    fn changed(&mut self, old: &Value, new: &Value, equal: bool) {
        self.tell(What::Changed { old: old.clone(), new: new.clone(), equal, inside: None });
    }

    fn strings(&mut self, old: (&Value, &str), new: (&Value, &str), shape: Shape) {
        if scalar::equal(old.0, new.0, shape.scalar()) {
            return self.changed(old.0, new.0, true);
        }
        let key = self.path.iter().rev().find_map(|at| match at {
            At::Key(key) => Some(*key),
            _ => None,
        });
        let inside = inside::compare(key, old.1, new.1, self.nesting);
        let equal = inside.as_ref().is_some_and(|inside| inside.edits.is_empty());
        let inside = inside.filter(|_| !equal).map(|inside| (inside.format, inside.edits));
        self.tell(What::Changed { old: old.0.clone(), new: new.0.clone(), equal, inside });
    }

    /// New and common keys in the new map's order, each removed key where it stood in the old one.
    fn map(&mut self, old: &'a Map<String, Value>, new: &'a Map<String, Value>, shape: Shape) {
        let mut gone = Gone::of(old, new);
        self.gone(gone.after(None));
        let mut ahead = old.iter();
        for (key, value) in new {
            // Most maps have their keys in one order, so that no look-up is needed.
            let before = match ahead.next() {
                Some((same, before)) if same == key => Some(before),
                _ => old.get(key),
            };
            self.path.push(At::Key(key));
            match before {
                Some(before) => self.value(before, value, shape.at_key(key)),
                None => self.tell(What::Added { new: value.clone(), at: None }),
            }
            self.path.pop();
            if before.is_some() {
                self.gone(gone.after(Some(key)));
            }
        }
    }

    fn gone(&mut self, entries: Vec<(&'a str, &'a Value)>) {
        for (key, value) in entries {
            self.path.push(At::Key(key));
            self.tell(What::Removed { old: value.clone(), at: None });
            self.path.pop();
        }
    }

    /// Items in the new list's order, each removed one before what stood behind it; then their order.
    fn list(&mut self, old: &'a [Value], new: &'a [Value], shape: Shape) {
        let found = list::pairs(old, new, shape.pairing);
        let mut stays = vec![false; old.len()];
        found.pairs.iter().for_each(|(at, _)| stays[*at] = true);
        let mut gone = (0..old.len()).filter(|at| !stays[*at]).peekable();
        let mut pairs = found.pairs.iter().peekable();
        for (at, item) in new.iter().enumerate() {
            let before = pairs.next_if(|(_, next)| *next == at).map(|(before, _)| *before);
            while let Some(removed) = before.and_then(|before| gone.next_if(|removed| *removed < before)) {
                self.removed_item(found.keys, removed, &old[removed]);
            }
            self.path.push(step(found.keys, at, item));
            match before {
                Some(before) => self.value(&old[before], item, shape.at_item()),
                None => self.tell(What::Added { new: item.clone(), at: Some(at) }),
            }
            self.path.pop();
        }
        gone.for_each(|removed| self.removed_item(found.keys, removed, &old[removed]));
        if !found.pairs.is_sorted_by_key(|(before, _)| *before) {
            let order = found.pairs.iter().map(|(before, _)| *before).collect();
            self.tell(What::Reordered { order, equal: found.order == Order::Free });
        }
    }

    fn removed_item(&mut self, keys: Option<&'static [&'static str]>, at: usize, item: &'a Value) {
        self.path.push(step(keys, at, item));
        self.tell(What::Removed { old: item.clone(), at: Some(at) });
        self.path.pop();
    }

    fn tell(&mut self, what: What) {
        let path = FieldPath(self.path.iter().map(At::step).collect());
        self.edits.push(Edit { path, what });
    }
}

/// Whether a list has a flag whose value is the next item: alone, that item would not look secret.
fn hides_secrets(items: &[Value]) -> bool {
    items.iter().any(|item| item.as_str().is_some_and(secret::is_flag))
}

fn step<'a>(keys: Option<&'static [&'static str]>, at: usize, item: &'a Value) -> At<'a> {
    keys.map_or(At::Index(at), |keys| At::Item(keys, item))
}

impl At<'_> {
    fn step(&self) -> Step {
        match self {
            Self::Key(key) => Step::Key((*key).to_owned()),
            Self::Index(index) => Step::Index(*index),
            Self::Item(keys, item) => {
                let text = |key: &str| key_text(item, key).unwrap_or_default().into_owned();
                Step::Item(keys.iter().map(|key| ((*key).to_owned(), text(key))).collect())
            }
        }
    }
}

/// The keys that a new map has no more, by the common key before them.
struct Gone<'a>(HashMap<Option<&'a str>, Vec<(&'a str, &'a Value)>>);

impl<'a> Gone<'a> {
    fn of(old: &'a Map<String, Value>, new: &Map<String, Value>) -> Self {
        let mut gone: HashMap<_, Vec<_>> = HashMap::new();
        let mut last = None;
        let mut ahead = new.keys();
        for (key, value) in old {
            if ahead.next().is_some_and(|next| next == key) || new.contains_key(key) {
                last = Some(key.as_str());
            } else {
                gone.entry(last).or_default().push((key.as_str(), value));
            }
        }
        Self(gone)
    }

    fn after(&mut self, key: Option<&'a str>) -> Vec<(&'a str, &'a Value)> {
        if self.0.is_empty() { Vec::new() } else { self.0.remove(&key).unwrap_or_default() }
    }
}
