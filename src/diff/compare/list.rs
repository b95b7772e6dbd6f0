//! Which items of two lists belong together.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use super::facts::{Order, Pairing};
use super::sequence;

/// Keys that lists of unknown kinds are paired by, where all items have one.
const GUESSES: [&[&str]; 2] = [&["name"], &["id"]];

/// How two lists belong together.
pub(super) struct Pairs {
    /// What names the items; `None` where their positions do.
    pub(super) keys: Option<&'static [&'static str]>,
    /// Positions (old, new), ascending in the new list.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Whether their order counts.
    pub(super) order: Order,
}

/// Pairs the items of two lists; by their order where keys are missing, or not unique on one side.
pub(super) fn pairs(old: &[Value], new: &[Value], pairing: Pairing) -> Pairs {
    let found = match pairing {
        Pairing::Keys(keys, order) => by_keys(old, new, keys).map(|pairs| (Some(keys), pairs, order)),
        Pairing::Set => by_members(old, new).map(|pairs| (None, pairs, Order::Free)),
        Pairing::Guess => guess(old, new),
        Pairing::Sequence => None,
    };
    let (keys, pairs, order) = found.unwrap_or_else(|| (None, sequence::pairs(old, new), Order::Counts));
    Pairs { keys, pairs, order }
}

type Found = (Option<&'static [&'static str]>, Vec<(usize, usize)>, Order);

/// A guessed key has to find something again, or the whole list would be gone and new.
fn guess(old: &[Value], new: &[Value]) -> Option<Found> {
    let tried = GUESSES.iter().find_map(|keys| by_keys(old, new, keys).map(|pairs| (*keys, pairs)));
    let (keys, pairs) = tried?;
    let found = !pairs.is_empty() || old.is_empty() || new.is_empty();
    found.then_some((Some(keys), pairs, Order::Counts))
}

fn by_keys(old: &[Value], new: &[Value], keys: &[&str]) -> Option<Vec<(usize, usize)>> {
    matching(old, new, |item| match keys {
        [key] => key_text(item, key),
        _ => {
            let texts: Option<Vec<_>> = keys.iter().map(|key| key_text(item, key)).collect();
            Some(Cow::Owned(texts?.join("\0")))
        }
    })
}

/// Only scalars are members of sets; `1` and `"1"` are two.
fn by_members(old: &[Value], new: &[Value]) -> Option<Vec<(usize, usize)>> {
    matching(old, new, |item| match item {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(_) | Value::Bool(_) | Value::Null => Some(Cow::Owned(format!("\0{item}"))),
        _ => None,
    })
}

/// Pairs items of one name; `None` where an item has none, or two items of one side have the same.
fn matching<'a>(
    old: &'a [Value],
    new: &'a [Value],
    name: impl Fn(&'a Value) -> Option<Cow<'a, str>>,
) -> Option<Vec<(usize, usize)>> {
    let index = |items: &'a [Value]| {
        let mut places = HashMap::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            if places.insert(name(item)?, at).is_some() {
                return None;
            }
        }
        Some(places)
    };
    let (olds, news) = (index(old)?, index(new)?);
    let mut pairs: Vec<_> =
        news.iter().filter_map(|(name, at)| olds.get(name).map(|before| (*before, *at))).collect();
    pairs.sort_unstable_by_key(|(_, at)| *at);
    Some(pairs)
}

/// The text of an item's merge key, such as `name` or `metadata.name`; `None` where it has none.
///
/// The API server fills in `TCP` before it merges by `protocol`.
pub(super) fn key_text<'a>(item: &'a Value, key: &str) -> Option<Cow<'a, str>> {
    let map = item.as_object()?;
    let value = match (map.get(key), key.split_once('.')) {
        (Some(value), _) => Some(value),
        (None, Some((outer, inner))) => return key_text(map.get(outer)?, inner),
        (None, None) => None,
    };
    match value {
        Some(Value::String(text)) => Some(Cow::Borrowed(text)),
        Some(Value::Number(number)) => Some(Cow::Owned(number.to_string())),
        Some(Value::Bool(value)) => Some(Cow::Owned(value.to_string())),
        None if key == "protocol" => Some(Cow::Borrowed("TCP")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paired(
        old: Value,
        new: Value,
        pairing: Pairing,
    ) -> (Option<&'static [&'static str]>, Vec<(usize, usize)>) {
        let pairs = pairs(old.as_array().unwrap(), new.as_array().unwrap(), pairing);
        (pairs.keys, pairs.pairs)
    }

    #[test]
    fn lists_pair_by_keys_where_these_are_unique() {
        let ports = Pairing::Keys(&["port", "protocol"], Order::Counts);
        let old = json!([{"port": 80}, {"port": 80, "protocol": "UDP"}]);
        let new = json!([{"port": 80, "protocol": "UDP"}, {"port": 80, "protocol": "TCP"}]);
        assert_eq!(paired(old, new, ports).1, [(1, 0), (0, 1)]);
        let twice = json!([{"port": 80}, {"port": 80, "protocol": "TCP"}]);
        assert_eq!(paired(twice, json!([{"port": 80}]), ports), (None, vec![(0, 0)]));
        assert_eq!(paired(json!([{"x": 1}]), json!([{"port": 80}]), ports), (None, vec![]));
    }

    #[test]
    fn sets_pair_by_their_members() {
        assert_eq!(paired(json!(["a", "b", 1]), json!([1, "1", "a"]), Pairing::Set).1, [(2, 0), (0, 2)]);
        assert_eq!(paired(json!(["a", "a"]), json!(["a"]), Pairing::Set).1, [(0, 0)]);
    }

    #[test]
    fn unknown_lists_pair_by_a_name_that_all_items_have() {
        let (old, new) = (json!([{"name": "a"}, {"name": "b"}]), json!([{"name": "b"}, {"name": "c"}]));
        assert_eq!(paired(old.clone(), new, Pairing::Guess), (Some(&["name"][..]), vec![(1, 0)]));
        assert_eq!(paired(old, json!([{"name": "c", "more": 1}]), Pairing::Guess).0, None);
    }
}
