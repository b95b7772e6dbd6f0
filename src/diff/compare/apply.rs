//! From the old document and the edits to the new document.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::list::key_text;
use super::same;
use crate::model::{Edit, Step, What};

/// Applies the edits that [`object`](super::object) found to the value that it found them in.
///
/// Gives exactly the new value; only new keys of maps stand last. `None` where the edits are not of this value. What
/// `inside` says is not looked at.
pub fn apply(old: &Value, edits: &[Edit]) -> Option<Value> {
    let mut root = Branch::default();
    for edit in edits {
        root.at(&edit.path.0).here.push(&edit.what);
    }
    root.value(old.clone())
}

/// The edits of one place and of those below it.
#[derive(Default)]
struct Branch<'a> {
    here: Vec<&'a What>,
    below: IndexMap<&'a Step, Branch<'a>>,
}

impl<'a> Branch<'a> {
    fn at(&mut self, path: &'a [Step]) -> &mut Self {
        path.iter().fold(self, |branch, step| branch.below.entry(step).or_default())
    }

    /// What becomes of a value that stays.
    fn value(&self, old: Value) -> Option<Value> {
        let value = match old {
            _ if self.below.is_empty() && !self.reorders() => old,
            Value::Object(map) => Value::Object(self.map(map)?),
            Value::Array(items) => Value::Array(self.list(items)?),
            _ => return None,
        };
        self.here.iter().try_fold(value, |value, what| match what {
            What::Changed { old, new, .. } => same::same(old, &value).then(|| new.clone()),
            _ => Some(value),
        })
    }

    fn reorders(&self) -> bool {
        self.order().is_some()
    }

    fn order(&self) -> Option<&'a [usize]> {
        self.here.iter().find_map(|what| match what {
            What::Reordered { order, .. } => Some(order.as_slice()),
            _ => None,
        })
    }

    fn map(&self, mut map: Map<String, Value>) -> Option<Map<String, Value>> {
        let mut gone = HashSet::new();
        for (step, branch) in &self.below {
            let Step::Key(key) = step else { return None };
            match branch.here.first() {
                Some(What::Added { new, .. }) => {
                    if map.insert(key.clone(), new.clone()).is_some() {
                        return None;
                    }
                }
                Some(What::Removed { old, .. }) => {
                    if !same::same(map.get(key)?, old) {
                        return None;
                    }
                    gone.insert(key.as_str());
                }
                _ => {
                    let place = map.get_mut(key)?;
                    *place = branch.value(place.take())?;
                }
            }
        }
        map.retain(|key, _| !gone.contains(key.as_str()));
        Some(map)
    }

    fn list(&self, old: Vec<Value>) -> Option<Vec<Value>> {
        let mut list = self.arranged(old)?;
        let places = self.places(&list)?;
        for (place, branch) in places {
            let item = list.get_mut(place)?;
            *item = branch.value(item.take())?;
        }
        Some(list)
    }

    /// The new list, its items that stay not yet edited.
    fn arranged(&self, old: Vec<Value>) -> Option<Vec<Value>> {
        let mut old: Vec<Option<Value>> = old.into_iter().map(Some).collect();
        let mut added = HashMap::new();
        for what in self.below.values().flat_map(|branch| &branch.here) {
            match what {
                What::Removed { old: gone, at } => {
                    let item = old.get_mut((*at)?)?.take()?;
                    same::same(&item, gone).then_some(())?;
                }
                What::Added { new, at } => {
                    added.insert((*at)?, new);
                }
                _ => {}
            }
        }
        let mut staying = match self.order() {
            Some(order) => order.iter().map(|at| old.get_mut(*at)?.take()).collect::<Option<Vec<_>>>()?,
            None => old.iter_mut().filter_map(Option::take).collect(),
        }
        .into_iter();
        if old.iter().any(Option::is_some) {
            return None;
        }
        let length = staying.len() + added.len();
        (0..length).map(|at| added.get(&at).map(|new| (*new).clone()).or_else(|| staying.next())).collect()
    }

    /// The positions in the new list of what is edited there.
    fn places(&self, list: &[Value]) -> Option<Vec<(usize, &Self)>> {
        let edited = |branch: &Self| {
            !branch.below.is_empty()
                || branch
                    .here
                    .iter()
                    .any(|what| matches!(what, What::Changed { .. } | What::Reordered { .. }))
        };
        let mut index = None;
        let edited = self.below.iter().filter(|(_, branch)| edited(branch));
        let places = edited.map(|(step, branch)| match step {
            Step::Index(at) => Some((*at, branch)),
            Step::Item(keys) => {
                let index = index.get_or_insert_with(|| Index::of(list, keys));
                Some((index.find(keys)?, branch))
            }
            _ => None,
        });
        places.collect()
    }
}

/// The items of a list by the texts of their merge keys.
struct Index<'a>(HashMap<Vec<Cow<'a, str>>, usize>);

impl<'a> Index<'a> {
    fn of(list: &'a [Value], keys: &[(String, String)]) -> Self {
        let texts =
            |item: &'a Value| keys.iter().map(|(key, _)| key_text(item, key)).collect::<Option<Vec<_>>>();
        Self(list.iter().enumerate().filter_map(|(at, item)| Some((texts(item)?, at))).collect())
    }

    fn find(&self, keys: &[(String, String)]) -> Option<usize> {
        let texts: Vec<Cow<'a, str>> = keys.iter().map(|(_, text)| Cow::Owned(text.clone())).collect();
        self.0.get(&texts).copied()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    #[test]
    fn edits_lead_from_the_old_value_to_the_new_one() {
        let table = [
            (json!({"a": 1, "b": 2}), json!({"b": 3, "c": 4})),
            (json!([1, 2, 3, 4]), json!([0, 4, 2, 5])),
            (
                json!([{"name": "a", "x": 1}, {"name": "b"}]),
                json!([{"name": "c"}, {"name": "b", "x": 2}, {"name": "a"}]),
            ),
            (json!([{"name": "a"}, {"name": "a"}]), json!([{"name": "a", "x": 1}])),
            (json!({"a": [1]}), json!({"a": {"b": 1}})),
            (json!(1), json!([1])),
            (json!({"a": null}), json!({})),
        ];
        for (old, new) in table {
            assert_eq!(apply(&old, &object(&old, &new)), Some(new.clone()), "{old} {new}");
            assert_eq!(apply(&new, &object(&new, &old)), Some(old.clone()), "{new} {old}");
        }
    }

    #[test]
    fn edits_of_another_value_are_refused() {
        let edits = object(&json!({"a": [1, 2]}), &json!({"a": [2, 1], "b": 1}));
        for other in [json!({}), json!({"a": [1]}), json!({"a": [1, 2], "b": 2}), json!([]), json!({"a": 1})]
        {
            assert_eq!(apply(&other, &edits), None, "{other}");
        }
    }
}
