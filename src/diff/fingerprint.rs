//! Tells whether two changes are the same but for the names of the places where they happen.

use std::fmt::Write as _;

use serde_json::Value;

use crate::model::{InstanceName, ObjectChange, ObjectId, Shown, Step};

/// A change with its own names replaced: equal for changes that a reader would call the same.
pub(super) fn fingerprint(name: &InstanceName, objects: &[&ObjectChange]) -> String {
    let names = Names::new(name, objects);
    let mut text = String::new();
    let _ = write!(text, "{:?} ", name.kind);
    for object in objects {
        names.object(object, &mut text);
    }
    text
}

/// What is replaced, longest first, with what.
struct Names<'a> {
    names: Vec<(&'a str, &'static str)>,
}

impl<'a> Names<'a> {
    fn new(name: &'a InstanceName, objects: &[&'a ObjectChange]) -> Self {
        let mut names = vec![
            (name.name.as_str(), "{name}"),
            (name.environment.as_str(), "{environment}"),
            (name.cluster.as_str(), "{cluster}"),
        ];
        names.extend(name.owner.as_deref().map(|owner| (owner, "{owner}")));
        let ids = objects.iter().filter_map(|object| object.id.as_ref());
        names
            .extend(ids.filter_map(|id| id.namespace.as_deref()).map(|namespace| (namespace, "{namespace}")));
        names.retain(|(name, _)| !name.is_empty());
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        names.dedup();
        Self { names }
    }

    fn object(&self, object: &ObjectChange, out: &mut String) {
        let _ =
            write!(out, "\n{:?} {:?} {:?} {:?}", object.action, object.format, object.rules, object.marks);
        self.id(object.id.as_ref(), out);
        self.id(object.before.as_ref(), out);
        if object.id.is_none() {
            out.push_str(&self.replaced(object.path.as_str()));
        }
        for field in &object.fields {
            let _ = write!(out, "\n {:?} {:?} {:?} ", field.kind, field.impacts, field.rules);
            field.path.0.iter().for_each(|step| self.step(step, out));
            if field.specific {
                out.push_str("specific");
                continue;
            }
            self.shown(field.old.as_ref(), out);
            self.shown(field.new.as_ref(), out);
        }
    }

    fn id(&self, id: Option<&ObjectId>, out: &mut String) {
        let Some(id) = id else { return out.push_str(" -") };
        let _ = write!(out, " {}.{}/{}", id.kind, id.group, self.replaced(&id.name));
        let _ = write!(out, "/{}", id.namespace.is_some());
    }

    fn step(&self, step: &Step, out: &mut String) {
        let _ = match step {
            Step::Key(key) => write!(out, ".{:?}", self.replaced(key)),
            Step::Item(keys) => {
                keys.iter().try_for_each(|(key, value)| write!(out, "[{key}={:?}]", self.replaced(value)))
            }
            other => write!(out, "{other:?}"),
        };
    }

    fn shown(&self, shown: Option<&Shown>, out: &mut String) {
        match shown {
            None => out.push_str(" none"),
            Some(Shown::Secret) => out.push_str(" secret"),
            Some(Shown::Value(value)) => self.value(value, out),
        }
    }

    fn value(&self, value: &Value, out: &mut String) {
        let _ = match value {
            Value::String(text) => write!(out, "{:?}", self.replaced(text)),
            Value::Array(items) => {
                items.iter().for_each(|item| self.value(item, out));
                write!(out, "[{}]", items.len())
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let _ = write!(out, "{:?}:", self.replaced(key));
                    self.value(value, out);
                }
                write!(out, "{{{}}}", map.len())
            }
            other => write!(out, "{other}"),
        };
    }

    /// A text with whole words that are names replaced.
    fn replaced(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (name, stands_for) in &self.names {
            if out.contains(name) {
                out = replace_words(&out, name, stands_for);
            }
        }
        out
    }
}

/// Replaces a name wherever no letter or digit touches it.
fn replace_words(text: &str, name: &str, with: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(at) = rest.find(name) {
        let (head, tail) = rest.split_at(at);
        let after = tail.get(name.len()..).unwrap_or_default();
        let left = head.chars().next_back().or(before);
        let touches = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        out.push_str(head);
        out.push_str(if touches(left) || touches(after.chars().next()) { name } else { with });
        before = name.chars().next_back();
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_whole_words_only() {
        assert_eq!(
            replace_words("web-db in acme-web, webhook, web", "web", "{}"),
            "{}-db in acme-{}, webhook, {}"
        );
        assert_eq!(replace_words("webweb", "web", "{}"), "webweb");
        assert_eq!(replace_words("", "web", "{}"), "");
    }
}
