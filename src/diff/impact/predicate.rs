//! The closed set of conditions that a built-in rule can name.

use serde::Deserialize;
use serde_json::Value;

use super::network;
use crate::parse::quantity;

/// A field that a rule speaks of, on both sides, and the documents around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    /// The field's value on the base side.
    pub(super) old: Option<&'a Value>,
    /// The field's value on the head side.
    pub(super) new: Option<&'a Value>,
    /// The whole document on the base side.
    pub(super) before: Option<&'a Value>,
    /// The whole document on the head side.
    pub(super) after: Option<&'a Value>,
    /// Whether the values are those of a field below the one that the rule speaks of.
    pub(super) below: bool,
}

/// A condition on a field.
///
/// Where a value cannot be understood, a condition that would make a change dangerous holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Predicate {
    /// A quantity is smaller than it was.
    Decreased,
    /// A quantity is larger than it was.
    Increased,
    /// A number is zero, and was not.
    ToZero,
    /// `true`, and was not.
    SetToTrue,
    /// Was `true`, and is not.
    NoLongerTrue,
    /// Was `false`, and is not: absent means `true`.
    NoLongerFalse,
    /// There is something that was not there.
    Gained,
    /// There was something, and it is gone or another.
    Lost,
    /// Is one of these values, and was none of them.
    Becomes(Vec<Value>),
    /// Was one of these values, and is none of them.
    Leaves(Vec<Value>),
    /// Is not one of these values.
    BecomesOtherThan(Vec<Value>),
    /// Addresses may come in that could not.
    RangesWidened,
    /// A NetworkPolicy lets something through that it did not, or selects other pods.
    PolicyWidened,
    /// The old document has something under these keys.
    Settled(String),
    /// The first item of a list, which a Service cannot change.
    FirstItem(String),
    /// The first address family of a Service, unless it is headless and has no selector.
    AddressFamily,
    /// `completions` of a Job, unless it is an indexed one that is scaled together with `parallelism`.
    Completions,
    /// Tolerations of a running pod may only be added.
    TolerationLost,
    /// Fewer replicas, and the StatefulSet deletes the claims of those that go.
    ScaledDownWithClaims,
    /// A whole block comes.
    BlockAdded,
    /// A whole block goes.
    BlockRemoved,
    /// The rule speaks by other means.
    Never,
    /// The ExternalSecret holds what a generator made and nobody else has.
    Generated,
}

impl Predicate {
    /// Whether the condition holds.
    pub(super) fn holds(&self, site: &Site<'_>) -> bool {
        let Site { old, new, .. } = *site;
        match self {
            Self::Decreased => compare(old, new).is_none_or(|order| order.is_gt()),
            Self::Increased => compare(old, new).is_none_or(|order| order.is_lt()),
            Self::ToZero => is_zero(new) && !is_zero(old),
            Self::SetToTrue => is(new, true) && !is(old, true),
            Self::NoLongerTrue => is(old, true) && !is(new, true),
            Self::NoLongerFalse => is(old, false) && !is(new, false),
            Self::Gained => !is_empty(new) && old != new,
            Self::Lost => !is_empty(old) && old != new,
            Self::Becomes(values) => among(new, values) && !among(old, values),
            Self::Leaves(values) => among(old, values) && !among(new, values),
            Self::BecomesOtherThan(values) => !among(new, values),
            Self::RangesWidened => network::ranges_widened(site.before, site.after),
            Self::PolicyWidened => network::policy_widened(site.before, site.after),
            Self::Settled(keys) => !is_empty(at(site.before, keys)),
            Self::FirstItem(field) => first_item_differs(site, field),
            Self::AddressFamily => {
                first_item_differs(site, "spec.ipFamilies") && !(is_bare(site.before) && is_bare(site.after))
            }
            Self::Completions => !scaled_together(site),
            Self::TolerationLost => !is_empty(old),
            Self::ScaledDownWithClaims => {
                Self::Decreased.holds(site) && deletes_claims(site.before) && deletes_claims(site.after)
            }
            Self::BlockAdded => !site.below && old.is_none(),
            Self::BlockRemoved => !site.below && new.is_none(),
            Self::Never => false,
            Self::Generated => is_generated(site.before),
        }
    }
}

/// The value under plain keys.
pub(super) fn at<'v>(document: Option<&'v Value>, keys: &str) -> Option<&'v Value> {
    keys.split('.').try_fold(document?, |value, key| value.get(key))
}

fn is(value: Option<&Value>, expected: bool) -> bool {
    value.and_then(Value::as_bool) == Some(expected)
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(map)) => map.is_empty(),
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}

/// Whether a value is one of a list, where `null` stands for an absent one.
fn among(value: Option<&Value>, values: &[Value]) -> bool {
    values.contains(value.unwrap_or(&Value::Null))
}

fn is_zero(value: Option<&Value>) -> bool {
    value.and_then(amount) == Some(0)
}

/// A number or a quantity, in billionths.
fn amount(value: &Value) -> Option<u128> {
    match value {
        Value::String(text) => quantity::nanos(text),
        Value::Number(number) => quantity::nanos(&number.to_string()),
        _ => None,
    }
}

/// How two quantities compare; `None` where one is missing or is none.
fn compare(old: Option<&Value>, new: Option<&Value>) -> Option<std::cmp::Ordering> {
    Some(amount(old?)?.cmp(&amount(new?)?))
}

/// Whether the first item of a list differs. An absent list is the cluster's choice, which is unknown.
fn first_item_differs(site: &Site<'_>, field: &str) -> bool {
    let first = |document| at(document, field).and_then(|list| list.get(0));
    match (first(site.before), first(site.after)) {
        (_, None) => false,
        (old, new) => old != new,
    }
}

/// Whether a Service has neither an address nor pods of its own.
fn is_bare(service: Option<&Value>) -> bool {
    at(service, "spec.clusterIP").and_then(Value::as_str) == Some("None")
        && is_empty(at(service, "spec.selector"))
}

fn scaled_together(site: &Site<'_>) -> bool {
    let indexed = |document| {
        at(document, "spec.completionMode").and_then(Value::as_str) == Some("Indexed")
            && at(document, "spec.completions").is_some()
    };
    indexed(site.before)
        && indexed(site.after)
        && at(site.after, "spec.completions") == at(site.after, "spec.parallelism")
}

fn deletes_claims(document: Option<&Value>) -> bool {
    let policy = at(document, "spec.persistentVolumeClaimRetentionPolicy.whenScaled");
    policy.and_then(Value::as_str) == Some("Delete")
}

fn is_generated(document: Option<&Value>) -> bool {
    let sources = at(document, "spec.dataFrom").and_then(Value::as_array);
    let generated =
        sources.into_iter().flatten().any(|source| at(Some(source), "sourceRef.generatorRef").is_some());
    let owner = at(document, "spec.target.creationPolicy").and_then(Value::as_str);
    generated && owner != Some("Orphan")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(predicate: &Predicate, old: Value, new: Value) -> bool {
        fn present(value: &Value) -> Option<&Value> {
            Some(value).filter(|value| !value.is_null())
        }
        predicate.holds(&Site {
            old: present(&old),
            new: present(&new),
            before: None,
            after: None,
            below: false,
        })
    }

    #[test]
    fn conditions_on_one_value_hold_where_they_say() {
        let delete = || Predicate::Becomes(vec![json!("Delete"), json!(null)]);
        let table = [
            (Predicate::Decreased, json!("10Gi"), json!("5Gi"), true),
            (Predicate::Decreased, json!("1024Mi"), json!("1Gi"), false),
            (Predicate::Decreased, json!("5Gi"), json!("10Gi"), false),
            (Predicate::Decreased, json!("x"), json!("10Gi"), true),
            (Predicate::Increased, json!("5Gi"), json!("10Gi"), true),
            (Predicate::Increased, json!("x"), json!("10Gi"), true),
            (Predicate::ToZero, json!(3), json!(0), true),
            (Predicate::ToZero, json!(0), json!(0), false),
            (Predicate::ToZero, json!(null), json!(0), true),
            (Predicate::SetToTrue, json!(null), json!(true), true),
            (Predicate::SetToTrue, json!(true), json!(true), false),
            (Predicate::NoLongerTrue, json!(true), json!(null), true),
            (Predicate::NoLongerFalse, json!(false), json!(null), true),
            (Predicate::NoLongerFalse, json!(null), json!(true), false),
            (Predicate::Gained, json!(null), json!(["x"]), true),
            (Predicate::Gained, json!(null), json!([]), false),
            (Predicate::Lost, json!(["x"]), json!(null), true),
            (Predicate::Lost, json!(""), json!("x"), false),
            (delete(), json!("Retain"), json!(null), true),
            (delete(), json!("Delete"), json!(null), false),
            (Predicate::Leaves(vec![json!("a")]), json!("a"), json!("b"), true),
            (Predicate::BecomesOtherThan(vec![json!("a")]), json!("b"), json!("a"), false),
        ];
        for (predicate, old, new, expected) in table {
            let case = format!("{predicate:?} {old} {new}");
            assert_eq!(holds(&predicate, old, new), expected, "{case}");
        }
    }
}
