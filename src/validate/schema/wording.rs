//! What the schema library says, in words for people.

use jsonschema::{ValidationError, error::TypeKind, error::ValidationErrorKind as Kind};
use macadam_yaml::{Node, Value};
use serde_json::Value as Json;

use super::{
    Author, MOST,
    violation::{Place, Violation, ViolationKind, clipped, joined},
};
use crate::suggest::did_you_mean;

/// What was held against what.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) schema: &'a Json,
    pub(super) author: Author,
    pub(super) root: &'a Node,
}

/// Adds what an error of the library means; alternatives are unfolded into the one that was meant.
pub(super) fn describe(error: &ValidationError<'_>, subject: Subject<'_>, to: &mut Vec<Violation>) {
    let place = Place::find(subject.root, error.instance_path().as_str());
    Words { error, subject, place }.describe(to);
}

/// A violation that nothing more is known of.
pub(super) fn invalid(root: &Node) -> Violation {
    whole(root, "the value does not satisfy its schema")
}

/// Stands for the violations beyond those that are told.
pub(super) fn more(root: &Node) -> Violation {
    whole(root, "there is more that does not satisfy the schema")
}

fn whole(root: &Node, message: &str) -> Violation {
    let place = Place::find(root, "");
    Violation {
        span: place.key,
        path: String::new(),
        kind: ViolationKind::InvalidValue,
        message: message.into(),
        help: None,
    }
}

struct Words<'a> {
    error: &'a ValidationError<'a>,
    subject: Subject<'a>,
    place: Place<'a>,
}

impl Words<'_> {
    fn describe(&self, to: &mut Vec<Violation>) {
        match self.error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                to.extend(unexpected.iter().take(MOST).map(|key| self.unknown_key(key)));
            }
            Kind::Required { property } => to.push(self.missing_key(property.as_str().unwrap_or_default())),
            Kind::Type { kind } => to.push(self.wrong_type(&type_words(kind))),
            Kind::PropertyNames { error } => to.push(self.invalid_key(error)),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => self.alternatives(context, to),
            Kind::OneOfMultipleValid { .. } => to.extend(self.several()),
            _ => to.push(self.invalid()),
        }
    }

    fn violation(&self, kind: ViolationKind, message: String, help: Option<String>) -> Violation {
        Violation { span: self.place.value, path: self.place.path.clone(), kind, message, help }
    }

    fn unknown_key(&self, key: &str) -> Violation {
        let place = match self.place.path.as_str() {
            "" => String::new(),
            path => format!(" in `{path}`"),
        };
        let message = format!("unknown key {}{place}", named(key));
        let mut violation = self.violation(ViolationKind::UnknownKey, message, self.known_instead(key));
        violation.span = self.place.entry(key).map_or(self.place.key, |entry| entry.key_span);
        violation.path = joined(&self.place.path, key);
        violation
    }

    /// What to write instead of an unknown key: what the schema says of it, a key like it, or a few that are left.
    fn known_instead(&self, key: &str) -> Option<String> {
        let schema = self.parent_schema()?;
        if let Some(help) = schema.get("unknownKeyHelp").and_then(|helps| helps.get(key)) {
            return help.as_str().map(str::to_owned);
        }
        let properties = schema.get("properties")?.as_object()?;
        did_you_mean(key, properties.keys().map(String::as_str)).or_else(|| {
            let left: Vec<_> = properties.keys().filter(|key| self.place.entry(key).is_none()).collect();
            let listed = || left.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            matches!(left.len(), 1..=8).then(|| format!("known here: {}", listed()))
        })
    }

    fn missing_key(&self, key: &str) -> Violation {
        let message = match self.place.path.as_str() {
            "" => format!("missing `{key}`"),
            path => format!("missing `{key}` in `{path}`"),
        };
        let mut violation = self.violation(ViolationKind::MissingKey, message, None);
        violation.span = self.place.key;
        violation.path = joined(&self.place.path, key);
        violation
    }

    fn wrong_type(&self, wanted: &str) -> Violation {
        let found = match self.place.node {
            Some(node) if wanted == "an integer" && node.as_f64().is_some() => "a fraction",
            Some(node) => found(node),
            None => "nothing",
        };
        let message = format!("{}: expected {wanted}, found {found}", self.place.words());
        let help = if wanted.contains("a string") { self.quoted() } else { self.unquoted(wanted) };
        self.violation(ViolationKind::WrongType, message, help)
    }

    /// How a number or boolean is written as a string: only where it is no secret and its spelling is known.
    fn quoted(&self) -> Option<String> {
        let node = self.place.node?;
        let length = node.span.range().len();
        let text = match &node.value {
            Value::Null => return Some("write `\"\"` for an empty string".into()),
            Value::Bool(value) => value.to_string(),
            Value::Number(_) if self.subject.author == Author::Package || self.place.may_be_secret() => {
                String::new()
            }
            Value::Number(number) if !node.ambiguous => number.to_string(),
            Value::Number(_) => node.as_i64().map(|value| format!("0{value:o}")).unwrap_or_default(),
            _ => return None,
        };
        if text.len() == length {
            Some(format!("write `\"{text}\"`"))
        } else {
            Some("put quotes round the value".into())
        }
    }

    /// What to do where a number or boolean was put in quotes.
    fn unquoted(&self, wanted: &str) -> Option<String> {
        let text = self.place.node?.as_str()?;
        let fits = match wanted {
            "an integer" => text.parse::<i64>().is_ok(),
            "a number" => text.parse::<f64>().is_ok_and(f64::is_finite),
            "true or false" => matches!(text, "true" | "false"),
            _ => false,
        };
        fits.then(|| "take the quotes away".into())
    }

    fn invalid_key(&self, error: &ValidationError<'_>) -> Violation {
        let key = error.instance().as_str().unwrap_or_default().to_owned();
        let place = Place::find(self.subject.root, "");
        let rule = Words { error, subject: self.subject, place }.rule();
        let mut message = match key.is_empty() {
            true => format!("a key of {} is empty", self.place.words()),
            false => format!("`{}` cannot be a key of {}", clipped(&key), self.place.words()),
        };
        let mut help = None;
        match (error.kind(), rule) {
            (Kind::Pattern { .. }, rule) => help = rule,
            (_, Some(rule)) if !key.is_empty() => message = format!("{message}: it {rule}"),
            _ => {}
        }
        let mut violation = self.violation(ViolationKind::InvalidName, message, help);
        violation.span = self.place.entry(&key).map_or(self.place.key, |entry| entry.key_span);
        violation.path = joined(&self.place.path, &key);
        violation
    }

    fn invalid(&self) -> Violation {
        let name = matches!(
            self.error.kind(),
            Kind::Pattern { .. } | Kind::MinLength { .. } | Kind::MaxLength { .. }
        ) && self.error.schema_path().as_str().starts_with("/$defs/name/");
        let kind = if name { ViolationKind::InvalidName } else { ViolationKind::InvalidValue };
        let (message, help) = match self.error.kind() {
            Kind::Enum { options } => {
                let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
                let words: Vec<&str> = options.iter().filter_map(Json::as_str).collect();
                let word = self.place.node.and_then(Node::as_str).unwrap_or_default();
                (format!("is not one of {}", listed(options)), did_you_mean(word, words))
            }
            Kind::Constant { expected_value } => (format!("must be {}", shown(expected_value)), None),
            _ => ("is not well formed".to_owned(), self.rule()),
        };
        match (help, self.error.kind()) {
            (help, Kind::Enum { .. } | Kind::Constant { .. }) => {
                self.violation(kind, format!("{} {message}", self.place.words()), help)
            }
            (Some(rule), Kind::Pattern { .. }) => {
                self.violation(kind, format!("{} {message}", self.place.words()), Some(rule))
            }
            (Some(rule), _) => self.violation(kind, format!("{} {rule}", self.place.words()), None),
            (None, _) => self.violation(kind, format!("{} {message}", self.place.words()), None),
        }
    }

    /// The rule that was broken, in words.
    fn rule(&self) -> Option<String> {
        let own = |key: &str| {
            let text = self.parent_schema()?.get(key)?.as_str()?;
            Some(text.to_owned())
        };
        let count = |limit: u64, word: &str| match limit {
            1 => format!("1 {word}"),
            _ => format!("{limit} {word}s"),
        };
        Some(match self.error.kind() {
            Kind::Pattern { .. } => own("patternErrorMessage").unwrap_or_else(|| match own("pattern") {
                Some(pattern) => format!("it must match `{pattern}`"),
                None => "it must match the pattern of the schema".into(),
            }),
            Kind::MinLength { limit: 1 } => "is empty".into(),
            Kind::MinLength { limit } => format!("is shorter than {}", count(*limit, "character")),
            Kind::MaxLength { limit } => format!("is longer than {}", count(*limit, "character")),
            Kind::Minimum { limit } => format!("is below {limit}"),
            Kind::Maximum { limit } => format!("is above {limit}"),
            Kind::ExclusiveMinimum { limit } => format!("is not above {limit}"),
            Kind::ExclusiveMaximum { limit } => format!("is not below {limit}"),
            Kind::MultipleOf { multiple_of } => format!("is not a multiple of {multiple_of}"),
            Kind::MinItems { limit: 1 } => "is empty".into(),
            Kind::MinItems { limit } => format!("has fewer than {}", count(*limit, "item")),
            Kind::MaxItems { limit: 0 } => "must be empty".into(),
            Kind::MaxItems { limit } => format!("has more than {}", count(*limit, "item")),
            Kind::MinProperties { limit: 1 } => "is empty".into(),
            Kind::MinProperties { limit } => format!("has fewer than {}", count(*limit, "key")),
            Kind::MaxProperties { limit } => format!("has more than {}", count(*limit, "key")),
            Kind::UniqueItems => "has an item twice".into(),
            Kind::Contains => "lacks an item that it must have".into(),
            Kind::AdditionalItems { limit } => format!("has more than {}", count(*limit as u64, "item")),
            Kind::Format { format } => format!("is not of the format `{format}`"),
            Kind::FalseSchema | Kind::UnevaluatedItems { .. } => "is not allowed here".into(),
            Kind::Not { .. } => own("notErrorMessage")
                .map_or("is not allowed as it is".into(), |text| format!("is not allowed as it is: {text}")),
            _ => return None,
        })
    }

    /// The schema object that holds the keyword of the error.
    fn parent_schema(&self) -> Option<&Json> {
        let path = self.error.schema_path().as_str();
        self.subject.schema.pointer(&path[..path.rfind('/')?])
    }

    /// No alternative fits: tells what is wrong with the one that was meant.
    fn alternatives(&self, branches: &[Vec<ValidationError<'static>>], to: &mut Vec<Violation>) {
        let missing: Option<Vec<&str>> = branches.iter().map(|errors| lacks(errors)).collect();
        if let Some(keys) = missing {
            let keys = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let mut violation = self.violation(
                ViolationKind::MissingKey,
                format!("{} needs one of {keys}", self.place.words()),
                None,
            );
            violation.span = self.place.key;
            to.push(violation);
            return;
        }
        let here = self.error.instance_path().as_str();
        let fits = |errors: &&Vec<ValidationError<'static>>| {
            !errors.iter().any(|error| {
                matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str() == here
            })
        };
        // A branch that is told apart by a constant of its own was not meant when that differs.
        let wrong = |errors: &&Vec<ValidationError<'static>>| {
            let constants =
                errors.iter().filter(|error| matches!(error.kind(), Kind::Constant { .. })).count();
            (constants, errors.len())
        };
        match branches.iter().filter(fits).min_by_key(wrong) {
            Some(errors) => {
                for error in errors {
                    describe(error, self.subject, to);
                }
            }
            None => to.push(self.wrong_type(&self.wanted(branches))),
        }
    }

    fn wanted(&self, branches: &[Vec<ValidationError<'static>>]) -> String {
        let mut wanted: Vec<String> = Vec::new();
        for error in branches.iter().flatten() {
            if let Kind::Type { kind } = error.kind() {
                let words = type_words(kind);
                if !wanted.contains(&words) {
                    wanted.push(words);
                }
            }
        }
        wanted.join(" or ")
    }

    /// More than one alternative fits: names the keys that exclude each other. Where keys are all that alternatives ask
    /// for, what is no map fits all of them, and its type is told elsewhere.
    fn several(&self) -> Option<Violation> {
        let branches =
            self.subject.schema.pointer(self.error.schema_path().as_str()).and_then(Json::as_array);
        let branches = branches.map(Vec::as_slice).unwrap_or_default();
        let keys: Vec<_> =
            branches.iter().filter_map(|branch| branch.pointer("/required/0")?.as_str()).collect();
        let is_map = self.place.node.is_some_and(|node| node.as_mapping().is_some());
        if !is_map && keys.len() == branches.len() && !keys.is_empty() {
            return None;
        }
        let present: Vec<_> = keys.iter().filter_map(|key| self.place.entry(key)).collect();
        let names: Vec<_> = present.iter().map(|entry| format!("`{}`", entry.key)).collect();
        let message = match names.len() {
            0 => format!("{} fits more than one form", self.place.words()),
            _ => format!("{} has {}: only one may be given", self.place.words(), names.join(" and ")),
        };
        let mut violation = self.violation(ViolationKind::InvalidValue, message, None);
        violation.span = present.get(1).map_or(self.place.key, |entry| entry.key_span);
        Some(violation)
    }
}

/// The key that a branch lacks, where that is all that is wrong with it.
fn lacks<'a>(errors: &'a [ValidationError<'static>]) -> Option<&'a str> {
    match errors {
        [error] => match error.kind() {
            Kind::Required { property } => property.as_str(),
            _ => None,
        },
        _ => None,
    }
}

fn type_words(kind: &TypeKind) -> String {
    let word = |kind: &str| match kind {
        "string" => "a string",
        "number" => "a number",
        "integer" => "an integer",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a map",
        _ => "null",
    };
    match kind {
        TypeKind::Single(kind) => word(kind.as_str()).to_owned(),
        TypeKind::Multiple(kinds) => {
            // `null` is only allowed in overlays, where it takes away: no one who wrote a wrong type meant it.
            let kinds = kinds.iter().map(|kind| kind.as_str()).filter(|kind| *kind != "null");
            let words: Vec<_> = kinds.map(word).collect();
            words.join(" or ")
        }
    }
}

fn found(node: &Node) -> &'static str {
    match &node.value {
        Value::Null if node.span.is_empty() => "nothing",
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a map",
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

fn listed(options: &[Json]) -> String {
    let options: Vec<_> = options.iter().filter(|option| !option.is_null()).map(shown).collect();
    options.join(", ")
}

/// A name of the user's in backticks.
fn named(name: &str) -> String {
    if name.is_empty() { "that is empty".into() } else { format!("`{}`", clipped(name)) }
}
