//! Equality of values, at the price of a walk.

use serde_json::{Map, Value};

/// Whether two values are equal as JSON: the order of keys counts for nothing, `1` and `1.0` differ.
///
/// As `==`, but maps with the same order of keys need no look-ups.
pub(super) fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old == new,
        (Value::Object(old), Value::Object(new)) => same_maps(old, new),
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        _ => old == new,
    }
}

fn same_maps(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|((key, value), (other, next))| {
            if key == other { same(value, next) } else { new.get(key).is_some_and(|next| same(value, next)) }
        })
}

/// A number for a value: equal values have equal ones, and those of others nearly always differ.
///
/// The same on every machine; not made to withstand somebody who looks for two values with one number.
pub(super) fn hash(value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(value) => 2 + u64::from(*value),
        Value::Number(number) => mix(4, number.to_string().as_bytes()),
        Value::String(text) => mix(5, text.as_bytes()),
        Value::Array(items) => items.iter().fold(6, |seed, item| mix(seed, &hash(item).to_le_bytes())),
        Value::Object(map) => map.iter().fold(7, |sum: u64, (key, value)| {
            sum.wrapping_add(mix(mix(8, key.as_bytes()), &hash(value).to_le_bytes()))
        }),
    }
}

/// FNV-1a over a seed and bytes, with a last stir.
pub(super) fn mix(seed: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let state = bytes
        .iter()
        .fold(start, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (state >> 32)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_values_are_the_same_whatever_the_order_of_keys() {
        let (one, other) =
            (json!({"a": 1, "b": [1, {"c": 2, "d": 3}]}), json!({"b": [1, {"d": 3, "c": 2}], "a": 1}));
        assert!(same(&one, &other));
        assert_eq!(hash(&one), hash(&other));
        for different in
            [json!({"a": 1}), json!({"a": 1, "b": [{"c": 2, "d": 3}, 1]}), json!({"a": 1, "c": 2}), json!([])]
        {
            assert!(!same(&one, &different));
            assert_ne!(hash(&one), hash(&different));
        }
        assert!(!same(&json!(1), &json!(1.0)));
    }
}
