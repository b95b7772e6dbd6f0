//! Placeholders: well formed, and of something that is there.
//!
//! Expanded are variables, file contents without `noExpand`, volume sources and, through and through, params of
//! resources; and the keys under `metadata.platform`, which also know `environment` and `cluster`. Source: score-go
//! `loader.Validate`; unlike there, a key with an escaped dot is fine, as the substituter expands it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use macadam_yaml::{Node, Span, Value};

use crate::{
    model::{Code, Finding, Workload},
    parse::placeholder::{self, Segment},
    validate::{did_you_mean, read, schema::MOST},
};

/// Where a text stands, which decides what its placeholders may name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A place of Score that is expanded into text.
    Score,
    /// The source of a volume, where a resource stands for itself.
    Volume,
    /// Our own keys.
    Platform,
}

/// Tells of every placeholder in a Score file that cannot be expanded.
pub(super) fn check(tree: &Node, findings: &mut Vec<Finding>) {
    let metadata = tree.get("metadata");
    let resources = read::entries(tree, "resources").map(|entry| entry.key.as_str()).collect();
    let mut check = Check { names: Names::new(metadata, resources), errors: 0, findings };
    for container in read::entries(tree, "containers") {
        check.container(&container.value);
    }
    for resource in read::entries(tree, "resources") {
        if let Some(params) = resource.value.get("params") {
            check.all(params, Place::Score);
        }
    }
    if let Some(metadata) = metadata {
        if let Some(platform) = metadata.get("platform") {
            check.all(platform, Place::Platform);
        }
        if let Some(annotations) = metadata.get("annotations") {
            check.unexpanded(annotations);
        }
    }
}

/// Tells of every placeholder in the text of a file `source` that cannot be expanded; all findings point at `span`,
/// the place of the source's path.
pub fn content_placeholders(text: &str, workload: &Workload, span: Span) -> Vec<Finding> {
    let resources = workload.resources.keys().map(String::as_str).collect();
    let mut names = Names::new(Some(&workload.metadata), resources);
    let mut findings = Vec::new();
    for segment in placeholder::segments(text) {
        let Segment::Reference { path, range } = segment else { continue };
        if let Some(mut finding) = names.fault(&path, Place::Score) {
            let line = text[..range.start].matches('\n').count() + 1;
            finding.message = format!("{} (line {line} of the file)", finding.message);
            findings.push(finding.at(span, ""));
            if findings.len() >= MOST {
                break;
            }
        }
    }
    findings
}

struct Check<'a, 'f> {
    names: Names<'a>,
    /// How many placeholders were wrong: after [`MOST`] of them, which stop everything, no more are looked at.
    errors: usize,
    findings: &'f mut Vec<Finding>,
}

impl Check<'_, '_> {
    fn container(&mut self, container: &Node) {
        for variable in read::entries(container, "variables") {
            self.text(&variable.value, Place::Score);
        }
        for file in read::entries(container, "files") {
            if let Some(content) = file.value.get("content")
                && read::flag(&file.value, "noExpand") != Some(true)
            {
                self.text(content, Place::Score);
            }
            self.unexpanded_text(&file.key, file.key_span);
            self.unexpanded_under(&file.value, &["source"]);
        }
        for volume in read::entries(container, "volumes") {
            if let Some(source) = volume.value.get("source") {
                self.text(source, Place::Volume);
            }
            self.unexpanded_text(&volume.key, volume.key_span);
            self.unexpanded_under(&volume.value, &["path"]);
        }
        self.unexpanded_under(container, &["image", "command", "args", "livenessProbe", "readinessProbe"]);
    }

    /// Checks every string below a node; keys are never expanded.
    fn all(&mut self, node: &Node, place: Place) {
        match &node.value {
            Value::String(_) => self.text(node, place),
            Value::Sequence(items) => items.iter().for_each(|item| self.all(item, place)),
            Value::Mapping(map) => map.iter().for_each(|entry| self.all(&entry.value, place)),
            _ => {}
        }
    }

    fn text(&mut self, node: &Node, place: Place) {
        let Some(text) = node.as_str().filter(|text| text.contains("${")) else { return };
        let origin = origin(node.span, text);
        for segment in placeholder::segments(text) {
            let Segment::Reference { path, range } = segment else { continue };
            if self.errors >= MOST {
                return;
            }
            if let Some(finding) = self.names.fault(&path, place) {
                self.errors += 1;
                self.findings.push(finding.at(inside(node.span, origin, range), ""));
            }
        }
    }

    fn unexpanded_under(&mut self, node: &Node, keys: &[&str]) {
        for key in keys {
            if let Some(value) = node.get(key) {
                self.unexpanded(value);
            }
        }
    }

    fn unexpanded(&mut self, node: &Node) {
        match &node.value {
            Value::String(text) => self.unexpanded_text(text, node.span),
            Value::Sequence(items) => items.iter().for_each(|item| self.unexpanded(item)),
            Value::Mapping(map) => map.iter().for_each(|entry| self.unexpanded(&entry.value)),
            _ => {}
        }
    }

    /// Warns of the first that looks like a placeholder of ours; `${HOME}` in a shell's command does not.
    fn unexpanded_text(&mut self, text: &str, span: Span) {
        if !text.contains("${") {
            return;
        }
        for segment in placeholder::segments(text) {
            let Segment::Reference { path, range } = segment else { continue };
            if matches!(path[0].as_str(), "resources" | "metadata") && path.len() > 1 {
                self.findings.push(
                    Finding::new(Code::UnexpandedPlaceholder, "placeholders are not expanded here")
                        .at(inside(span, origin(span, text), range), "")
                        .help("put it into a variable; placeholders are expanded in variables, files, volume sources and params"),
                );
                return;
            }
        }
    }
}

/// What placeholders may name.
struct Names<'a> {
    metadata: Option<&'a Node>,
    resources: BTreeSet<&'a str>,
    /// By path below `metadata`, the keys that are there: look-ups in a tree walk all its entries.
    indexes: BTreeMap<Vec<String>, BTreeMap<&'a str, &'a Node>>,
}

impl<'a> Names<'a> {
    fn new(metadata: Option<&'a Node>, resources: BTreeSet<&'a str>) -> Self {
        Self { metadata, resources, indexes: BTreeMap::new() }
    }

    /// What is wrong with a placeholder.
    fn fault(&mut self, path: &[String], place: Place) -> Option<Finding> {
        if let Some(fault) = placeholder::fault(path) {
            let known = path.first().is_some_and(|root| matches!(root.as_str(), "resources" | "metadata"));
            let help = match (path, known) {
                ([root], false) if is_shell_name(root) => LITERAL,
                _ => fault,
            };
            return Some(Finding::new(Code::InvalidPlaceholder, "malformed placeholder").help(help));
        }
        match (path[0].as_str(), place) {
            ("resources", _) => self.resource(path, place),
            ("metadata", _) => self.metadata(&path[1..]),
            ("environment" | "cluster", Place::Platform) => None,
            (root @ ("environment" | "cluster"), _) => {
                let message = format!("`{root}` is no root of a placeholder here");
                Some(Finding::new(Code::InvalidPlaceholder, message).help(format!(
                    "pass it through a parameter under `metadata.platform.params`, or ask for a resource of type `{root}`"
                )))
            }
            (root, _) => {
                let roots: &[&str] = match place {
                    Place::Platform => &["resources", "metadata", "environment", "cluster"],
                    _ => &["resources", "metadata"],
                };
                let help = did_you_mean(root, roots.iter().copied()).unwrap_or_else(|| LITERAL.into());
                let message = format!("a placeholder cannot begin with `{root}`");
                Some(Finding::new(Code::InvalidPlaceholder, message).help(help))
            }
        }
    }

    fn resource(&self, path: &[String], place: Place) -> Option<Finding> {
        let name = &path[1];
        if !self.resources.contains(name.as_str()) {
            let help = did_you_mean(name, self.resources.iter().copied())
                .unwrap_or_else(|| "declare it under `resources`".into());
            return Some(Finding::new(Code::UnknownResource, format!("no resource `{name}`")).help(help));
        }
        if path.len() == 2 && place != Place::Volume {
            let message = format!("the placeholder names no output of `{name}`");
            let help = format!("write `${{resources.{name}.<output>}}`");
            return Some(Finding::new(Code::InvalidPlaceholder, message).help(help));
        }
        None
    }

    fn metadata(&mut self, path: &[String]) -> Option<Finding> {
        let mut node = self.metadata?;
        for (depth, key) in path.iter().enumerate() {
            let index = self.indexes.entry(path[..depth].to_vec()).or_insert_with(|| index(node));
            let Some(next) = index.get(key.as_str()) else {
                let message = format!("`metadata` has no `{}`", placeholder::display(path));
                let help = did_you_mean(key, index.keys().copied());
                return Some(Finding::new(Code::UnknownMetadata, message).maybe_help(help));
            };
            node = next;
        }
        None
    }
}

fn index(node: &Node) -> BTreeMap<&str, &Node> {
    node.as_mapping().into_iter().flatten().map(|entry| (entry.key.as_str(), &entry.value)).collect()
}

const LITERAL: &str = "write `$${` for a literal `${`";

fn is_shell_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Where a scalar's text begins in the source, where the source holds it byte for byte: not behind escapes, and not
/// where lines are folded or indented.
fn origin(span: Span, text: &str) -> Option<u32> {
    match span.range().len().checked_sub(text.len()) {
        Some(0) => Some(span.start),
        // Between quotes an escape may have the length of what it stands for, but then not every byte is a border.
        Some(2) if text.is_ascii() => Some(span.start + 1),
        _ => None,
    }
}

/// The place of a part of a scalar's text; the whole scalar where it is not known better.
fn inside(span: Span, origin: Option<u32>, part: Range<usize>) -> Span {
    let offset = |at: usize| origin?.checked_add(u32::try_from(at).ok()?);
    match (offset(part.start), offset(part.end)) {
        (Some(start), Some(end)) => Span::new(span.file, start, end),
        _ => span,
    }
}
