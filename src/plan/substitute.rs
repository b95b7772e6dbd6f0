//! Placeholders in parameters: one pass, never nested; what they name must be known now.

use std::collections::BTreeMap;

use macadam_yaml::{Node, Span, Value};
use serde_json::Value as Json;

use crate::model::{Code, Finding, Output, ResolvedResource};
use crate::parse::{
    json,
    placeholder::{Segment, segments},
};
use crate::validate::did_you_mean;

use super::place::Place;

/// What placeholders may name.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// `metadata` of the Score file.
    pub(crate) metadata: Option<&'a Node>,
    /// The resources whose outputs are known so far, by key.
    pub(crate) resources: Option<&'a BTreeMap<String, ResolvedResource>>,
    /// The environment and cluster, for our own keys.
    pub(crate) place: Option<&'a Place>,
}

/// What a place with a placeholder wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A string, whatever the placeholder stands for.
    Text,
    /// The placeholder's own type, where it is the whole value.
    Anything,
}

impl Scope<'_> {
    /// Resolves every placeholder below a node, in place. Keys are never touched.
    pub(crate) fn substitute(&self, node: &mut Node, wants: Wants, findings: &mut Vec<Finding>) {
        let span = node.span;
        match &mut node.value {
            Value::String(text) if text.contains('$') => match self.text(text, span, wants) {
                Ok(value) => *node = json::node(&value, span),
                Err(finding) => findings.push(finding),
            },
            Value::Sequence(items) => {
                for item in items {
                    self.substitute(item, Wants::Anything, findings);
                }
            }
            Value::Mapping(map) => {
                for entry in map.iter_mut() {
                    self.substitute(&mut entry.value, Wants::Anything, findings);
                }
            }
            _ => {}
        }
    }

    fn text(&self, text: &str, span: Span, wants: Wants) -> Result<Json, Finding> {
        let segments = segments(text);
        if let [Segment::Reference { path, .. }] = segments.as_slice()
            && wants == Wants::Anything
        {
            return self.value(path, span);
        }
        let mut filled = String::new();
        for segment in &segments {
            match segment {
                Segment::Literal(literal) => filled.push_str(literal),
                Segment::Reference { path, .. } => match self.value(path, span)? {
                    Json::String(value) => filled.push_str(&value),
                    other => filled.push_str(&other.to_string()),
                },
            }
        }
        Ok(Json::String(filled))
    }

    /// What a placeholder's path stands for.
    fn value(&self, path: &[String], span: Span) -> Result<Json, Finding> {
        let (root, rest) = path.split_first().map_or(("", path), |(root, rest)| (root.as_str(), rest));
        match (root, self.metadata, self.resources, self.place) {
            ("metadata", Some(metadata), _, _) => walk(metadata, rest)
                .map(json::value)
                .ok_or_else(|| not_there(Code::UnknownMetadata, path, span)),
            ("resources", _, Some(resources), _) => self.output(resources, rest, span),
            ("environment", _, _, Some(place)) => {
                environment(place, rest).ok_or_else(|| not_there(Code::InvalidPlaceholder, path, span))
            }
            ("cluster", _, _, Some(place)) => {
                cluster(place, rest).ok_or_else(|| not_there(Code::InvalidPlaceholder, path, span))
            }
            _ => Err(not_there(Code::InvalidPlaceholder, path, span)),
        }
    }

    fn output(
        &self,
        resources: &BTreeMap<String, ResolvedResource>,
        rest: &[String],
        span: Span,
    ) -> Result<Json, Finding> {
        let [key, path @ ..] = rest else {
            return Err(not_there(Code::UnknownResource, rest, span));
        };
        let Some(resource) = resources.get(key) else {
            return Err(Finding::new(Code::UnknownResource, format!("there is no resource `{key}`"))
                .at(span, "")
                .maybe_help(did_you_mean(key, resources.keys().map(String::as_str))));
        };
        let [name, inner @ ..] = path else {
            return Err(Finding::new(Code::UnknownOutput, format!("which output of resource `{key}`?"))
                .at(span, "names no output")
                .help(outputs_help(resource)));
        };
        match resource.outputs.get(name) {
            Some(Output::Value(value)) => inner
                .iter()
                .try_fold(value, |value, part| value.get(part))
                .cloned()
                .ok_or_else(|| unknown_output(key, name, resource, span)),
            Some(_) => Err(Finding::new(
                Code::ReferenceNotAllowed,
                format!("`{name}` of resource `{key}` is not known until run time"),
            )
            .at(span, "a reference cannot stand here")
            .help("use it in a variable or as the content of a file")),
            None => Err(unknown_output(key, name, resource, span)),
        }
    }
}

fn unknown_output(key: &str, name: &str, resource: &ResolvedResource, span: Span) -> Finding {
    let near = did_you_mean(name, resource.outputs.keys().map(String::as_str));
    Finding::new(
        Code::UnknownOutput,
        format!("resource `{key}` ({}) has no output `{name}`", resource.id.kind),
    )
    .at(span, "")
    .help(near.unwrap_or_else(|| outputs_help(resource)))
}

fn outputs_help(resource: &ResolvedResource) -> String {
    let names: Vec<_> = resource.outputs.keys().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        format!("type `{}` has no outputs", resource.id.kind)
    } else {
        format!("type `{}` has {}", resource.id.kind, names.join(", "))
    }
}

fn not_there(code: Code, path: &[String], span: Span) -> Finding {
    Finding::new(code, format!("`{}` stands for nothing here", path.join("."))).at(span, "")
}

fn walk<'a>(node: &'a Node, path: &[String]) -> Option<&'a Node> {
    if path.is_empty() {
        return None;
    }
    path.iter().try_fold(node, |node, part| node.get(part))
}

/// `environment.name`, and the environment's variables by their own names.
fn environment(place: &Place, path: &[String]) -> Option<Json> {
    match path {
        [name] if name == "name" => Some(Json::from(place.environment())),
        _ => walk(&place.environment.variables, path).map(json::value),
    }
}

/// `cluster.name`, `cluster.region`, `cluster.server` and `cluster.labels.<label>`.
fn cluster(place: &Place, path: &[String]) -> Option<Json> {
    let cluster = &place.cluster;
    match path {
        [name] if name == "name" => Some(Json::from(place.cluster())),
        [name] if name == "region" => cluster.region.clone().map(Json::from),
        [name] if name == "server" => cluster.server.as_ref().map(|server| Json::from(server.value.clone())),
        [labels, label] if labels == "labels" => cluster.labels.get(label).cloned().map(Json::from),
        _ => None,
    }
}
