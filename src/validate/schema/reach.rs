//! What a schema may reach: itself, without circles, and strings from end to end.

use std::collections::BTreeMap;

use macadam_yaml::{Node, Value};
use serde_json::{Map, Value as Json};

use crate::model::{Code, Finding};

/// Keywords that hold one schema.
const ONE: &[&str] = &[
    "additionalProperties",
    "propertyNames",
    "items",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
];
/// Keywords that hold a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords that hold a map of schemas.
const MAP: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
/// Keywords that would move or widen what references mean.
const REFUSED: &[&str] =
    &["$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$vocabulary"];

/// How many schemas one schema may be when every reference is written out, and how deep references may go.
const LARGEST: u64 = 50_000;
const DEEPEST: usize = 32;

/// Everything in a schema of a repository that we refuse before compiling it.
pub(super) fn findings(schema: &Node) -> Vec<Finding> {
    let mut check = Check { root: schema, known: BTreeMap::new(), open: Vec::new(), findings: Vec::new() };
    if check.size(schema) > LARGEST && check.findings.is_empty() {
        check.refuse(schema, "the schema is too large once its references are written out", None);
    }
    check.findings
}

struct Check<'a> {
    root: &'a Node,
    /// The size of each reference's target.
    known: BTreeMap<&'a str, u64>,
    /// The references that are being followed.
    open: Vec<&'a str>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn refuse(&mut self, node: &Node, message: &str, help: Option<&str>) {
        let finding = Finding::new(Code::InvalidPackage, message).at(node.span, "");
        self.findings.push(finding.maybe_help(help.map(str::to_owned)));
    }

    /// Checks a schema and counts the schemas in it, references written out.
    fn size(&mut self, schema: &'a Node) -> u64 {
        let Some(map) = schema.as_mapping() else { return 1 };
        let mut size: u64 = 1;
        for entry in map {
            let (key, value) = (entry.key.as_str(), &entry.value);
            match key {
                "$ref" => size = size.saturating_add(self.reference(value)),
                "$schema" => self.draft(value),
                "pattern" => self.pattern(value, value.as_str()),
                "patternProperties" => {
                    for entry in value.as_mapping().into_iter().flatten() {
                        self.pattern(&entry.value, Some(&entry.key));
                    }
                }
                _ if REFUSED.contains(&key) => self.refuse(value, &format!("`{key}` is not supported"), None),
                _ => {}
            }
            if !matches!(key, "$defs" | "definitions") || self.open.is_empty() {
                for inner in subschemas(key, value) {
                    size = size.saturating_add(self.size(inner));
                }
            }
        }
        size
    }

    fn reference(&mut self, node: &'a Node) -> u64 {
        let Some(text) = node.as_str() else { return 0 };
        if let Some(size) = self.known.get(text) {
            return *size;
        }
        if self.open.contains(&text) {
            self.refuse(node, "the reference runs in a circle", None);
            return 0;
        }
        if self.open.len() >= DEEPEST {
            self.refuse(node, "references are nested too deeply", None);
            return 0;
        }
        let Some(target) = resolve(self.root, text) else {
            let help = "a reference stays inside its schema: `#/$defs/<name>`";
            self.refuse(node, "the reference leads nowhere", Some(help));
            return 0;
        };
        self.open.push(text);
        let size = self.size(target);
        self.open.pop();
        self.known.insert(text, size);
        size
    }

    fn draft(&mut self, node: &Node) {
        let known = "https://json-schema.org/draft/2020-12/schema";
        if node.as_str().map(|text| text.trim_end_matches('#')) != Some(known) {
            self.refuse(node, "only JSON Schema draft 2020-12 is read", Some("leave `$schema` out"));
        }
    }

    fn pattern(&mut self, node: &Node, pattern: Option<&str>) {
        let Some(pattern) = pattern else { return };
        if !(pattern.starts_with('^') && pattern.ends_with('$')) {
            let help = "begin it with `^` and end it with `$`; put `.*` where anything may stand";
            self.refuse(node, "a pattern says what the whole string looks like", Some(help));
        }
    }
}

/// The schemas that a keyword holds.
fn subschemas<'a>(key: &str, value: &'a Node) -> Vec<&'a Node> {
    match &value.value {
        Value::Mapping(_) if ONE.contains(&key) => vec![value],
        Value::Sequence(items) if LIST.contains(&key) => items.iter().collect(),
        Value::Mapping(map) if MAP.contains(&key) => map.iter().map(|entry| &entry.value).collect(),
        _ => Vec::new(),
    }
}

/// Follows a reference of the form `#/a/b`.
fn resolve<'a>(root: &'a Node, reference: &str) -> Option<&'a Node> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.is_empty() {
        return Some(root);
    }
    if pointer.contains('%') {
        return None;
    }
    pointer.strip_prefix('/')?.split('/').try_fold(root, |node, key| {
        let key = key.replace("~1", "/").replace("~0", "~");
        match &node.value {
            Value::Sequence(items) => items.get(key.parse::<usize>().ok()?),
            _ => node.get(&key),
        }
    })
}

/// The schema with every pattern made to match whole strings, alternatives included (`^a|b$`).
pub(super) fn anchored(schema: &Json) -> Json {
    let mut schema = schema.clone();
    change(&mut schema, &mut |map| {
        if let Some(Json::String(pattern)) = map.get_mut("pattern") {
            *pattern = whole(pattern);
        }
        if let Some(Json::Object(patterns)) = map.get_mut("patternProperties") {
            *patterns =
                std::mem::take(patterns).into_iter().map(|(key, value)| (whole(&key), value)).collect();
        }
    });
    schema
}

fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// Keys that say where a workload runs. That is decided before overlays are laid over, so none of them may hold one.
const WHERE: [&str; 2] = ["environments", "placement"];

/// The schema of a piece of a document: nothing must be there, and `null` may stand everywhere.
pub(super) fn fragment(mut schema: Json) -> Json {
    change(&mut schema, &mut |map| {
        for keyword in ["required", "minProperties", "oneOf", "if", "then", "else"] {
            map.remove(keyword);
        }
        if let Some(kind) = map.get_mut("type").filter(|kind| kind.is_string()) {
            *kind = Json::Array(vec![kind.take(), Json::from("null")]);
        }
        if let Some(Json::Array(options)) = map.get_mut("enum") {
            options.push(Json::Null);
        }
    });
    if let Some(map) = schema.as_object_mut() {
        map.insert("type".into(), Json::from("object"));
    }
    if let Some(platform) = schema.pointer_mut("/$defs/platform") {
        refuse_where(platform);
    }
    schema
}

/// Takes the keys of [`WHERE`] away, with a word to whoever writes one.
fn refuse_where(platform: &mut Json) {
    for key in WHERE {
        if let Some(properties) = platform["properties"].as_object_mut() {
            properties.shift_remove(key);
        }
        platform["unknownKeyHelp"][key] =
            Json::from("where a workload runs is said in the Score file itself, not in an overlay");
    }
}

/// Changes every schema object in a schema, outermost first.
fn change(schema: &mut Json, to: &mut dyn FnMut(&mut Map<String, Json>)) {
    let Some(map) = schema.as_object_mut() else { return };
    to(map);
    for (key, value) in map.iter_mut() {
        let key = key.as_str();
        match value {
            Json::Object(_) if ONE.contains(&key) => change(value, to),
            Json::Array(items) if LIST.contains(&key) => items.iter_mut().for_each(|item| change(item, to)),
            Json::Object(schemas) if MAP.contains(&key) => {
                schemas.values_mut().for_each(|schema| change(schema, to));
            }
            _ => {}
        }
    }
}
