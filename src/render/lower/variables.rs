//! Environment variables of a container.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{names::short_hash, settings::Settings, text::Resolver};
use crate::model::{Code, Container, Finding, Part, Text};

/// The `env` of a container: helper variables for references inside longer values first, then by name.
///
/// Kubernetes replaces `$(NAME)` in a value by a variable that stands before it, which is how a secret gets into the
/// middle of a text without anybody reading it.
pub(super) fn env(
    container: &Container,
    resolver: Resolver<'_>,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<Value> {
    let mut helpers: BTreeMap<String, Value> = BTreeMap::new();
    let mut variables: BTreeMap<&str, Value> = BTreeMap::new();
    for (name, source) in &container.variables {
        if !name_is_valid(name, settings.minor) {
            let message =
                format!("Kubernetes does not accept `{}` as the name of a variable", name.escape_debug());
            findings.push(Finding::new(Code::Unsupported, message).at(source.span, ""));
        }
        let text = resolver.text(source, findings);
        let value = match text.parts.as_slice() {
            [part @ (Part::Secret { .. } | Part::ConfigMap { .. })] => {
                json!({ "name": name, "valueFrom": value_from(part) })
            }
            _ => json!({ "name": name, "value": expanded(&text, container, &mut helpers) }),
        };
        variables.insert(name, value);
    }
    helpers.into_values().chain(variables.into_values()).collect()
}

/// A variable's value in which Kubernetes finds exactly our references.
fn expanded(text: &Text, container: &Container, helpers: &mut BTreeMap<String, Value>) -> String {
    let mut value = String::new();
    for (index, part) in text.parts.iter().enumerate() {
        match part {
            Part::Literal(literal) => {
                let reference_follows = index + 1 < text.parts.len();
                push_escaped(literal, reference_follows, &mut value);
            }
            reference => {
                let name = helper_name(reference, container);
                value.push_str("$(");
                value.push_str(&name);
                value.push(')');
                helpers.insert(name.clone(), json!({ "name": name, "valueFrom": value_from(reference) }));
            }
        }
    }
    value
}

/// Doubles what Kubernetes would halve: every run of two or more `$`, and one before `(`.
fn push_escaped(literal: &str, reference_follows: bool, out: &mut String) {
    let mut rest = literal;
    while let Some(start) = rest.find('$') {
        let (before, from) = rest.split_at(start);
        let after = from.trim_start_matches('$');
        let run = from.len() - after.len();
        let before_reference = after.is_empty() && reference_follows;
        let double = run > 1 || after.starts_with('(') || before_reference;
        out.push_str(before);
        out.extend(std::iter::repeat_n('$', if double { 2 * run } else { run }));
        rest = after;
    }
    out.push_str(rest);
}

/// A helper's name depends on what it refers to alone, so that it is the same in every container and run.
fn helper_name(reference: &Part, container: &Container) -> String {
    let identity = match reference {
        Part::Literal(text) => text.clone(),
        Part::Secret { name, key, .. } => format!("secret/{name}/{key}"),
        Part::ConfigMap { name, key } => format!("configmap/{name}/{key}"),
    };
    let mut name = format!("MACADAM_REF_{}", short_hash(&identity).to_uppercase());
    while container.variables.contains_key(&name) {
        name.push('_');
    }
    name
}

fn value_from(reference: &Part) -> Value {
    match reference {
        Part::Literal(_) => Value::Null,
        Part::Secret { name, key, .. } => json!({ "secretKeyRef": { "name": name, "key": key } }),
        Part::ConfigMap { name, key } => json!({ "configMapKeyRef": { "name": name, "key": key } }),
    }
}

/// Any printable ASCII but `=` from Kubernetes 1.32 on; before, letters, digits, `-`, `_` and `.`.
fn name_is_valid(name: &str, minor: u32) -> bool {
    let printable = name.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'=');
    let narrow = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && !name.starts_with(|first: char| first.is_ascii_digit());
    !name.is_empty() && printable && (minor >= 32 || narrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kubelet makes of a value, after `k8s.io/kubernetes/third_party/forked/golang/expansion`.
    fn kubelet(value: &str) -> String {
        let (bytes, mut out, mut at) = (value.as_bytes(), Vec::new(), 0);
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'$', Some(b'$')) => {
                    out.push(b'$');
                    at += 2;
                }
                (b'$', Some(b'(')) if value[at..].contains(')') => {
                    let end = at + value[at..].find(')').unwrap();
                    out.extend(format!("<{}>", &value[at + 2..end]).into_bytes());
                    at = end + 1;
                }
                (byte, _) => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_kubelet_reads_back_what_the_developer_wrote() {
        for literal in ["", "$", "$$", "$$$", "a$b", "$(HOME)", "$$(HOME)", "x$$$(Y)$", "cost: 5$", "$é$$"] {
            let mut value = String::new();
            push_escaped(literal, false, &mut value);
            assert_eq!(kubelet(&value), literal);
            value.clear();
            push_escaped(literal, true, &mut value);
            value.push_str("$(REF)");
            assert_eq!(kubelet(&value), format!("{literal}<REF>"));
        }
        let mut plain = String::new();
        push_escaped("a$b", false, &mut plain);
        assert_eq!(plain, "a$b");
    }

    #[test]
    fn names_follow_the_version_of_kubernetes() {
        assert!(name_is_valid("HTTP_PORT", 29));
        assert!(!name_is_valid("my var", 29));
        assert!(name_is_valid("my var", 34));
        assert!(!name_is_valid("a\nb", 34));
    }
}
