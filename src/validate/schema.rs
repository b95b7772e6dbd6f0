//! JSON Schemas over trees: linear-time patterns, nothing outside of the schema, violations with places.

mod reach;
mod violation;
mod wording;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::{PatternOptions, Validator};
use macadam_yaml::Node;
use serde_json::Value as Json;

pub use violation::{Violation, ViolationKind};

use crate::{
    model::{Code, Finding, Outcome},
    parse::json,
};

/// A compiled JSON Schema (draft 2020-12).
///
/// Patterns match the whole string, in time linear in its length. References stay inside the schema.
#[derive(Debug, Clone)]
pub struct Schema {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    validator: Validator,
    document: Json,
    author: Author,
}

/// Who wrote a schema, which decides what is known of the values it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    /// We: which places may hold secrets is known.
    Us,
    /// A package's author: every value may be a secret.
    Package,
}

/// The files that have a schema of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Score file, its list forms already upgraded.
    Score,
    /// What an overlay may hold: a piece of a Score file, `null` where something is taken away.
    Overlay,
    /// `macadam.yaml`.
    Platform,
    /// `environments/<name>.yaml`.
    Environment,
    /// `release.yaml`.
    Release,
    /// `golden-path.yaml`.
    GoldenPath,
    /// `component.yaml`.
    Component,
    /// `provisioner.yaml`.
    Provisioner,
    /// `platform-package.yaml`.
    PlatformPackage,
}

/// How many violations of one kind are worked out for one file: finding the place and the words of each takes time, and
/// nobody reads more.
pub(super) const MOST: usize = 200;

/// The words for each schema, as `macadam schema <kind>` takes them, and its text.
const TEXTS: &[(&str, Kind, &str)] = &[
    ("score", Kind::Score, include_str!("../../schemas/score-v1b1.json")),
    ("platform", Kind::Platform, include_str!("../../schemas/platform.json")),
    ("environment", Kind::Environment, include_str!("../../schemas/environment.json")),
    ("release", Kind::Release, include_str!("../../schemas/release.json")),
    ("golden-path", Kind::GoldenPath, include_str!("../../schemas/golden-path.json")),
    ("component", Kind::Component, include_str!("../../schemas/component.json")),
    ("provisioner", Kind::Provisioner, include_str!("../../schemas/provisioner.json")),
    ("platform-package", Kind::PlatformPackage, include_str!("../../schemas/platform-package.json")),
];

/// The text of one of our schemas, by the word for it: `score`, `platform`, `golden-path` ..
pub fn schema_text(kind: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(word, _, _)| *word == kind).map(|(_, _, text)| *text)
}

/// The words that [`schema_text`] takes, in their order.
pub fn schema_kinds() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(word, _, _)| *word)
}

impl Schema {
    /// One of our own schemas, compiled once.
    pub fn builtin(kind: Kind) -> Self {
        static COMPILED: LazyLock<BTreeMap<Kind, Schema>> = LazyLock::new(|| {
            let mut all = BTreeMap::new();
            for (_, kind, text) in TEXTS {
                let document: Json = serde_json::from_str(text).expect("our schemas are JSON");
                if *kind == Kind::Score {
                    all.insert(Kind::Overlay, Schema::ours(reach::fragment(document.clone())));
                }
                all.insert(*kind, Schema::ours(document));
            }
            all
        });
        COMPILED[&kind].clone()
    }

    /// Compiles a schema of ours: nothing that a user writes comes near.
    fn ours(document: Json) -> Self {
        build(&document, Author::Us).expect("our schemas compile")
    }

    /// Compiles a JSON Schema written in a repository.
    ///
    /// Refused (`package/invalid`): what is not a schema, references that leave it or run in a circle, patterns
    /// that need look-around or back references, patterns without `^` and `$`. Equal schemas are compiled once.
    pub fn compile(node: &Node) -> Outcome<Self> {
        static COMPILED: Mutex<BTreeMap<String, Schema>> = Mutex::new(BTreeMap::new());
        let findings = reach::findings(node);
        if findings.iter().any(Finding::is_error) {
            return Outcome::failed(findings);
        }
        let document = json::value(node);
        let text = document.to_string();
        let known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(&text).cloned();
        if let Some(schema) = known {
            return Outcome::new(schema, findings);
        }
        match build(&document, Author::Package) {
            Ok(schema) => {
                COMPILED.lock().unwrap_or_else(PoisonError::into_inner).insert(text, schema.clone());
                Outcome::new(schema, findings)
            }
            Err(error) => Outcome::failed(vec![not_a_schema(node, &error)]),
        }
    }

    /// Whether a value satisfies the schema; places are not needed.
    pub fn is_valid(&self, value: &Json) -> bool {
        self.inner.validator.is_valid(value)
    }

    /// Everything in the tree that does not satisfy the schema, in the order of the schema's keywords.
    pub fn violations(&self, node: &Node) -> Vec<Violation> {
        let value = json::value(node);
        if self.inner.validator.is_valid(&value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        let subject =
            wording::Subject { schema: &self.inner.document, author: self.inner.author, root: node };
        for error in self.inner.validator.iter_errors(&value) {
            wording::describe(&error, subject, &mut violations);
            if violations.len() >= MOST {
                violations.truncate(MOST);
                violations.push(wording::more(node));
                break;
            }
        }
        if violations.is_empty() {
            violations.push(wording::invalid(node));
        }
        violations
    }

    /// The schema itself.
    pub fn document(&self) -> &Json {
        &self.inner.document
    }
}

fn build(document: &Json, author: Author) -> Result<Schema, jsonschema::ValidationError<'static>> {
    let validator = jsonschema::draft202012::options()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(&reach::anchored(document))?;
    Ok(Schema { inner: Arc::new(Inner { validator, document: document.clone(), author }) })
}

fn not_a_schema(node: &Node, error: &jsonschema::ValidationError<'_>) -> Finding {
    let place = violation::Place::find(node, error.instance_path().as_str());
    let message = match error.kind() {
        jsonschema::error::ValidationErrorKind::Format { format } if format == "regex" => {
            "the pattern is not a regular expression without look-around and back references"
        }
        _ => "not a JSON Schema (draft 2020-12)",
    };
    Finding::new(Code::InvalidPackage, message).at(place.value, place.words())
}

#[cfg(test)]
mod tests;
