//! Values without what is secret in them.

use serde_json::{Map, Value};

use super::secret::{self, MASK};
use super::{inside, reading};
use crate::model::{FieldPath, Format, ObjectId, Step};

/// A document with every secret value replaced by `(secret)`, by the same rules: for differences by line.
///
/// Two different secrets look equal here.
pub fn redacted(id: Option<&ObjectId>, value: &Value) -> Value {
    let mut value = value.clone();
    Place::root(id).redact(&mut value, 0);
    value
}

/// What is known of the place where a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Whether `data` and `stringData` below hold secrets.
    holder: bool,
    /// Whether what stands here is secret.
    secret: Secrecy,
    /// The key that is nearest above.
    key: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    /// Unless it looks so.
    No,
    /// Below a key with a secret's name: strings are, but for those that name something.
    Named,
    /// The value of a variable: random strings are.
    Variable,
    /// Whatever it is.
    Yes,
}

impl<'a> Place<'a> {
    /// Of a list of objects, nothing tells which of them is a Secret.
    pub(super) fn root(id: Option<&ObjectId>) -> Self {
        let holder = id.is_some_and(|id| {
            id.group.is_empty() && matches!(id.kind.as_str(), "Secret" | "List" | "SecretList")
        });
        Self { holder, secret: Secrecy::No, key: "" }
    }

    fn at_key(self, key: &'a str) -> Self {
        let secret = match self.secret {
            _ if self.holder && matches!(key, "data" | "stringData") => Secrecy::Yes,
            Secrecy::Yes => Secrecy::Yes,
            Secrecy::Named if secret::is_naming(key) => Secrecy::No,
            Secrecy::Named => Secrecy::Named,
            Secrecy::No | Secrecy::Variable if secret::is_key(key) => Secrecy::Named,
            Secrecy::No | Secrecy::Variable => Secrecy::No,
        };
        Self { key, secret, ..self }
    }

    /// The value beside a name: `{name: DB_PASSWORD, value: ..}`. Where the name is not known, it may be a secret's.
    fn at_value(self, name: Option<&str>) -> Self {
        let secret = match name {
            _ if self.secret == Secrecy::Yes => Secrecy::Yes,
            Some(name) if secret::is_key(name) => Secrecy::Named,
            Some(_) => Secrecy::Variable,
            None if matches!(self.key, "tolerations" | "taints") => Secrecy::No,
            None => Secrecy::Named,
        };
        Self { secret, key: "value", ..self }
    }

    /// What is known of the place that a path leads to.
    pub(super) fn at_path(self, path: &'a FieldPath) -> Self {
        let mut place = self;
        let mut before: Option<&Step> = None;
        for step in &path.0 {
            place = match (before, step) {
                (Some(Step::Item(keys)), Step::Key(key)) if matches!(key.as_str(), "value" | "default") => {
                    let name = keys.iter().find(|(key, _)| matches!(key.as_str(), "name" | "key"));
                    place.at_value(Some(name.map_or("", |(_, name)| name)))
                }
                (Some(Step::Index(_)), Step::Key(key)) if key == "value" => place.at_value(None),
                (_, Step::Key(key)) => place.at_key(key),
                // A text with a secret's name is secret to its last field; a variable's is looked at field by field.
                (_, Step::Inside(_)) if place.secret == Secrecy::Variable => {
                    Place { secret: Secrecy::No, ..place }
                }
                _ => place,
            };
            before = Some(step);
        }
        place
    }

    /// The place of what two texts hold: their own objects may be Secrets.
    pub(super) fn within(self, format: Format, texts: [&Value; 2]) -> Self {
        let has_secret = |text: &Value| {
            let documents = text.as_str().and_then(|text| documents(format, text));
            documents.is_some_and(|documents| documents.iter().any(holds_secret_object))
        };
        Self { holder: self.holder || texts.into_iter().any(has_secret), ..self }
    }

    /// Whether a scalar that stands here is secret as a whole.
    pub(super) fn is_secret(self, value: &Value) -> bool {
        let text = match value {
            _ if self.secret == Secrecy::Yes => return !value.is_null(),
            Value::String(text) => text,
            // A PIN is a secret, a number of tokens is none.
            Value::Number(_) => {
                return self.secret == Secrecy::Named && self.key.to_ascii_lowercase().contains("pass");
            }
            _ => return false,
        };
        match self.secret {
            Secrecy::Yes => true,
            Secrecy::Named => !secret::is_reference(text),
            Secrecy::Variable => secret::is_random(text),
            Secrecy::No => false,
        }
    }

    /// Replaces secrets in a value, and says whether there were any.
    pub(super) fn redact(self, value: &mut Value, nesting: usize) -> bool {
        match value {
            Value::Object(map) => self.redact_map(map, nesting),
            Value::Array(items) => self.redact_list(items, nesting),
            _ if self.is_secret(value) => {
                *value = Value::from(MASK);
                true
            }
            Value::String(text) => match self.redacted_text(text, nesting) {
                Some(safe) => {
                    *text = safe;
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    fn redact_map(mut self, map: &mut Map<String, Value>, nesting: usize) -> bool {
        self.holder = self.holder || is_secret_object(map);
        let name = ["name", "key"].iter().find_map(|key| map.get(*key)?.as_str()).map(str::to_owned);
        let fills = map.contains_key("remoteRef") || map.contains_key("sourceRef");
        let mut found = false;
        for (key, value) in map.iter_mut() {
            let place = match (&name, key.as_str()) {
                (Some(name), "value" | "default") => self.at_value(Some(name)),
                // An ExternalSecret names the key that it fills.
                (_, "secretKey") if fills && self.secret != Secrecy::Yes => {
                    Self { secret: Secrecy::No, ..self }
                }
                _ => self.at_key(key),
            };
            found |= place.redact(value, nesting);
        }
        found
    }

    /// In a list of arguments, what follows a flag with a secret's name is its value.
    fn redact_list(self, items: &mut [Value], nesting: usize) -> bool {
        let mut found = false;
        let mut flagged = false;
        for item in items {
            let flag = item.as_str().is_some_and(secret::is_flag);
            let place = if flagged && !flag { Self { secret: Secrecy::Named, ..self } } else { self };
            found |= place.redact(item, nesting);
            flagged = flag;
        }
        found
    }

    /// A text without what is secret inside; `None` where nothing is.
    fn redacted_text(self, text: &str, nesting: usize) -> Option<String> {
        let document = (nesting < inside::NESTING)
            .then(|| inside::format(Some(self.key), text, text))
            .flatten()
            .and_then(|format| Some((format, documents(format, text)?)));
        let Some((format, mut documents)) = document else {
            // Nothing tells which part of such a text is the secret.
            let whole = secret::names_secret_object(text) || (self.holder && text.contains('\n'));
            return if whole { Some(MASK.to_owned()) } else { secret::masked(text) };
        };
        // Objects inside say themselves what they are.
        let root = Place::root(None);
        let mut found = false;
        for document in &mut documents {
            found |= root.redact(document, nesting + 1);
        }
        if found { Some(written(format, &documents)) } else { secret::masked(text) }
    }
}

fn is_secret_object(map: &Map<String, Value>) -> bool {
    map.get("kind").and_then(Value::as_str) == Some("Secret")
}

fn holds_secret_object(value: &Value) -> bool {
    match value {
        Value::Object(map) => is_secret_object(map) || map.values().any(holds_secret_object),
        Value::Array(items) => items.iter().any(holds_secret_object),
        _ => false,
    }
}

fn documents(format: Format, text: &str) -> Option<Vec<Value>> {
    let reading = match format {
        Format::Json => reading::json(text),
        _ => reading::yaml(text),
    };
    Some(reading?.documents)
}

/// A text that lost secrets is written anew, so that none stays in a comment.
fn written(format: Format, documents: &[Value]) -> String {
    let json = |document: &Value| serde_json::to_string_pretty(document).unwrap_or_default();
    match format {
        Format::Json => documents.iter().map(json).collect(),
        _ => {
            let span = macadam_yaml::Span::default();
            let yaml = |document| macadam_yaml::to_yaml(&crate::parse::json::node(document, span));
            documents.iter().map(yaml).collect::<Vec<_>>().join("---\n")
        }
    }
}
