//! Placeholders: well formed, and of something that is there.
//!
//! Expanded are variables, file contents without `noExpand`, volume sources and, through and through, params of
//! resources; and the keys under `metadata.platform`, which also know `environment` and `cluster`. Source: score-go
//! `loader.Validate`; unlike there, a key with an escaped dot is fine, as the substituter expands it.

use std::ops::Range;

use macadam_yaml::{Node, Span, Value};

use crate::{
    model::{Code, Finding, Workload},
    parse::placeholder::{self, Segment},
    validate::{did_you_mean, read},
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
    let mut check = Check { metadata, resources, findings };
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
    let check = Check { metadata: Some(&workload.metadata), resources, findings: &mut Vec::new() };
    let mut findings = Vec::new();
    for segment in placeholder::segments(text) {
        let Segment::Reference { path, range } = segment else { continue };
        if let Some(mut finding) = check.fault(&path, Place::Score) {
            let line = text[..range.start].matches('\n').count() + 1;
            finding.message = format!("{} (line {line} of the file)", finding.message);
            findings.push(finding.at(span, ""));
        }
    }
    findings
}

struct Check<'a, 'f> {
    metadata: Option<&'a Node>,
    resources: Vec<&'a str>,
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
        for segment in placeholder::segments(text) {
            let Segment::Reference { path, range } = segment else { continue };
            if let Some(finding) = self.fault(&path, place) {
                self.findings.push(finding.at(inside(node.span, text, range), ""));
            }
        }
    }

    /// What is wrong with a placeholder.
    fn fault(&self, path: &[String], place: Place) -> Option<Finding> {
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
        if !self.resources.contains(&name.as_str()) {
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

    fn metadata(&self, path: &[String]) -> Option<Finding> {
        let mut node = self.metadata?;
        for key in path {
            let Some(next) = node.get(key) else {
                let siblings = node.as_mapping().into_iter().flat_map(macadam_yaml::Mapping::keys);
                return Some(
                    Finding::new(
                        Code::UnknownMetadata,
                        format!("`metadata` has no `{}`", placeholder::display(path)),
                    )
                    .maybe_help(did_you_mean(key, siblings)),
                );
            };
            node = next;
        }
        None
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

    /// Warns of what looks like a placeholder of ours; `${HOME}` in a shell's command does not.
    fn unexpanded_text(&mut self, text: &str, span: Span) {
        if !text.contains("${") {
            return;
        }
        for segment in placeholder::segments(text) {
            let Segment::Reference { path, range } = segment else { continue };
            if matches!(path[0].as_str(), "resources" | "metadata") && path.len() > 1 {
                self.findings.push(
                    Finding::new(Code::UnexpandedPlaceholder, "placeholders are not expanded here")
                        .at(inside(span, text, range), "")
                        .help("put it into a variable; placeholders are expanded in variables, files, volume sources and params"),
                );
            }
        }
    }
}

const LITERAL: &str = "write `$${` for a literal `${`";

fn is_shell_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The place of a part of a scalar's text; the whole scalar where escapes or folding make that unsure.
fn inside(span: Span, text: &str, part: Range<usize>) -> Span {
    let quotes = match span.range().len().checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) if text.is_ascii() => 1,
        _ => return span,
    };
    let offset = |at: usize| u32::try_from(at).map_or(span.start, |at| span.start + quotes + at);
    Span::new(span.file, offset(part.start), offset(part.end))
}
