//! Bounds that an environment sets on parameters: whether a change lets more through.

use macadam_yaml::Node;
use serde_json::Value;

use super::{Found, code};
use crate::{
    model::{Environment, PathSettings},
    parse::json,
};

/// How one bound stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Against {
    Same,
    /// Everything that satisfies it satisfied the other.
    Tighter,
    /// It cannot be shown.
    Unknown,
}

impl Found<'_> {
    /// Tells of the bounds of golden paths that differ.
    pub(super) fn bounds(&mut self, old: &Environment, new: &Environment) {
        let none = PathSettings::default();
        let names = new.golden_paths.keys().filter(|name| !old.golden_paths.contains_key(*name));
        for name in old.golden_paths.keys().chain(names) {
            let settings =
                |of: &Environment| of.golden_paths.get(name).cloned().unwrap_or_else(|| none.clone());
            let (before, after) = (settings(old), settings(new));
            for (parameter, old_bound, new_bound) in pairs(before.bounds.as_ref(), after.bounds.as_ref()) {
                let words = format!("{} of {} in {}", code(parameter), code(name), code(&new.name.value));
                let place = new_bound.map_or_else(|| self.file(new.file), |bound| self.at(bound.span));
                match (old_bound, new_bound) {
                    (Some(_), None) => self.loose(place, format!("the bound on {words} is gone")),
                    (None, Some(_)) => self.tight(place, format!("{words} has a bound")),
                    (Some(old), Some(new)) => match against(&json::value(old), &json::value(new)) {
                        Against::Same => {}
                        Against::Tighter => self.tight(place, format!("the bound on {words} is tighter")),
                        Against::Unknown => self.loose(place, format!("the bound on {words} is another")),
                    },
                    (None, None) => {}
                }
            }
        }
    }
}

/// The bounds of both sides by parameter, those of the base first.
fn pairs<'n>(
    old: Option<&'n Node>,
    new: Option<&'n Node>,
) -> Vec<(&'n str, Option<&'n Node>, Option<&'n Node>)> {
    let entries = |node: Option<&'n Node>| node.and_then(Node::as_mapping).into_iter().flatten();
    let find = |node: Option<&'n Node>, key: &str| node.and_then(|node| node.get(key));
    let kept = entries(old).map(|entry| (entry.key.as_str(), Some(&entry.value), find(new, &entry.key)));
    let added = entries(new).filter(|entry| find(old, &entry.key).is_none());
    kept.chain(added.map(|entry| (entry.key.as_str(), None, Some(&entry.value)))).collect()
}

/// Whether a bound is tighter than another, keyword by keyword: provable for ranges, lengths, `enum` and `const`.
fn against(old: &Value, new: &Value) -> Against {
    if old == new {
        return Against::Same;
    }
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else { return Against::Unknown };
    let holds = |(keyword, bound): (&String, &Value)| {
        implied(keyword, bound, after.get(keyword))
            || finite(after).is_some_and(|values| all_satisfy(values, keyword, bound))
    };
    if before.iter().all(holds) { Against::Tighter } else { Against::Unknown }
}

/// Whether the new bound of a keyword lets nothing through that the old one did not.
fn implied(keyword: &str, old: &Value, new: Option<&Value>) -> bool {
    let Some(new) = new else { return false };
    let numbers = old.as_f64().zip(new.as_f64());
    match keyword {
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" => {
            numbers.is_some_and(|(old, new)| new >= old)
        }
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" => {
            numbers.is_some_and(|(old, new)| new <= old)
        }
        "enum" => old
            .as_array()
            .zip(new.as_array())
            .is_some_and(|(old, new)| new.iter().all(|value| old.contains(value))),
        _ => old == new,
    }
}

/// The values that a bound lists.
fn finite(bound: &serde_json::Map<String, Value>) -> Option<Vec<&Value>> {
    let listed = bound.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
    bound.get("const").map(|value| vec![value]).or(listed)
}

/// Whether all listed values satisfy a keyword of the old bound.
fn all_satisfy(values: Vec<&Value>, keyword: &str, bound: &Value) -> bool {
    values.into_iter().all(|value| {
        let numbers = value.as_f64().zip(bound.as_f64());
        match keyword {
            "minimum" => numbers.is_some_and(|(value, bound)| value >= bound),
            "maximum" => numbers.is_some_and(|(value, bound)| value <= bound),
            "const" => value == bound,
            "enum" => bound.as_array().is_some_and(|values| values.contains(value)),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bound_is_tighter_only_where_that_can_be_shown() {
        let table = [
            (json!({"minimum": 2}), json!({"minimum": 2}), Against::Same),
            (json!({"minimum": 2}), json!({"minimum": 3}), Against::Tighter),
            (json!({"minimum": 2}), json!({"minimum": 1}), Against::Unknown),
            (json!({"minimum": 2}), json!({"minimum": 2, "maximum": 9}), Against::Tighter),
            (json!({"minimum": 2, "maximum": 9}), json!({"minimum": 2}), Against::Unknown),
            (json!({"maximum": 9}), json!({"maximum": 5}), Against::Tighter),
            (json!({"enum": ["a", "b"]}), json!({"enum": ["a"]}), Against::Tighter),
            (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}), Against::Unknown),
            (json!({"enum": ["a", "b"]}), json!({"const": "a"}), Against::Tighter),
            (json!({"const": "a"}), json!({"enum": ["a", "b"]}), Against::Unknown),
            (json!({"minimum": 2, "maximum": 4}), json!({"const": 3}), Against::Tighter),
            (json!({"minimum": 2}), json!({"const": 1}), Against::Unknown),
            (json!({"pattern": "^a$"}), json!({"pattern": "^b$"}), Against::Unknown),
            (json!({"pattern": "^a$"}), json!({"pattern": "^a$", "maxLength": 1}), Against::Tighter),
            (json!({"minimum": 2}), json!(true), Against::Unknown),
        ];
        for (old, new, expected) in table {
            assert_eq!(against(&old, &new), expected, "{old} {new}");
        }
    }
}
