//! Scalars that are written in two ways and mean one thing.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::facts::Scalar;
use crate::parse::{duration, quantity};

/// Whether two different scalars are equal in the terms of their field.
pub(super) fn equal(old: &Value, new: &Value, scalar: Scalar) -> bool {
    if let (Value::Number(old), Value::Number(new)) = (old, new)
        && same_number(old, new)
    {
        return true;
    }
    let read = match scalar {
        Scalar::Quantity => kubernetes_nanos,
        Scalar::Duration => duration::nanos,
        Scalar::Other => return false,
    };
    match (text(old), text(new)) {
        (Some(old), Some(new)) => read(&old).is_some_and(|old| read(&new) == Some(old)),
        _ => false,
    }
}

/// `1` and `1.0`, as far as a double tells whole numbers apart.
fn same_number(old: &Number, new: &Number) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    old.as_f64().zip(new.as_f64()).is_some_and(|(old, new)| old.abs() < EXACT && old == new)
}

/// Kubernetes itself rounds up to billionths, and knows no `K`.
fn kubernetes_nanos(text: &str) -> Option<u128> {
    if text.ends_with('K') { None } else { quantity::nanos(text) }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_equal_by_what_they_mean() {
        let table = [
            (json!("1000m"), json!("1"), Scalar::Quantity, true),
            (json!("1000m"), json!(1), Scalar::Quantity, true),
            (json!(0.5), json!("500m"), Scalar::Quantity, true),
            (json!("1Gi"), json!("1024Mi"), Scalar::Quantity, true),
            (json!("1Gi"), json!("1G"), Scalar::Quantity, false),
            (json!("1k"), json!("1K"), Scalar::Quantity, false),
            (json!("lots"), json!("many"), Scalar::Quantity, false),
            (json!("1h"), json!("60m"), Scalar::Duration, true),
            (json!("1d"), json!("24h"), Scalar::Duration, true),
            (json!("1000m"), json!("1"), Scalar::Other, false),
            (json!(1), json!(1.0), Scalar::Other, true),
            (json!(80), json!("80"), Scalar::Other, false),
            (json!(null), json!(0), Scalar::Quantity, false),
        ];
        for (old, new, scalar, expected) in table {
            assert_eq!(equal(&old, &new, scalar), expected, "{old} {new}");
        }
    }
}
