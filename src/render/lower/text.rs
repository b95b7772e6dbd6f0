//! Placeholders resolved: text whose parts are literal or a reference to a Secret or ConfigMap.

use std::ops::Range;

use macadam_yaml::Node;
use serde_json::Value;

use crate::{
    model::{
        Code, Finding, Label, LinkTarget, Output, Part, ResolvedResource, Span, Spanned, Text, UnitInput,
    },
    parse::placeholder::{Segment, segments},
    validate::did_you_mean,
};

/// What the placeholders of one unit may name.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct Resolver<'a> {
    pub(in crate::render) unit: &'a UnitInput,
}

/// Where a range of a text was written, and a few words about it.
type Place<'p> = &'p dyn Fn(&Range<usize>) -> (Span, String);

/// One placeholder, resolved.
struct Resolved<'a> {
    part: Part,
    /// The resource it came from.
    resource: Option<(&'a str, &'a ResolvedResource)>,
}

impl<'a> Resolver<'a> {
    /// Resolves each placeholder of a text, once: what an output holds is not read again.
    ///
    /// Finds `plan/unknown-output`, `score/unknown-metadata`, `score/unknown-resource`, `plan/unsafe-url` and
    /// `plan/undeclared-port`; a placeholder that cannot be resolved stands as nothing.
    pub(in crate::render) fn text(&self, source: &Spanned<String>, findings: &mut Vec<Finding>) -> Text {
        self.text_at(&source.value, &|range| (narrow(source, range), String::new()), findings)
    }

    /// Resolves the text of a file, which the Score file names at `span`.
    pub(super) fn file(&self, text: &str, span: Span, findings: &mut Vec<Finding>) -> Text {
        let line =
            |range: &Range<usize>| text.get(..range.start).unwrap_or_default().matches('\n').count() + 1;
        self.text_at(text, &|range| (span, format!("line {} of this file", line(range))), findings)
    }

    fn text_at(&self, text: &str, place: Place<'_>, findings: &mut Vec<Finding>) -> Text {
        let segments = segments(text);
        let mut text = Text::default();
        let mut url = false;
        for (index, segment) in segments.iter().enumerate() {
            match segment {
                Segment::Literal(literal) => {
                    url = in_url(url, literal);
                    text.push_str(literal);
                }
                Segment::Reference { path, range } => {
                    let found = findings.len();
                    let resolved = self.resolve(path).map_err(|finding| findings.push(*finding)).ok();
                    if let Some(resolved) = resolved {
                        let after = match segments.get(index + 1) {
                            Some(Segment::Literal(literal)) => literal.as_ref(),
                            _ => "",
                        };
                        findings.extend(unsafe_url(&resolved).filter(|_| url));
                        findings.extend(undeclared_port(&resolved, after));
                        if let Part::Literal(literal) = &resolved.part {
                            url = in_url(url, literal);
                        }
                        text.push(resolved.part);
                    }
                    for finding in &mut findings[found..] {
                        let (span, message) = place(range);
                        finding.primary = Some(Label { span, message });
                    }
                }
            }
        }
        text
    }

    fn resolve(&self, path: &[String]) -> Result<Resolved<'a>, Box<Finding>> {
        let finding = match path.split_first() {
            Some((root, rest)) if root == "metadata" => match self.metadata(rest) {
                Some(node) => return Ok(Resolved { part: Part::Literal(node_text(node)), resource: None }),
                None => {
                    Finding::new(Code::UnknownMetadata, format!("`metadata` has no `{}`", rest.join(".")))
                }
            },
            Some((root, rest)) if root == "resources" => return self.output(rest),
            _ => {
                Finding::new(Code::InvalidPlaceholder, "a placeholder starts with `metadata` or `resources`")
            }
        };
        Err(Box::new(finding))
    }

    fn metadata(&self, path: &[String]) -> Option<&'a Node> {
        let (first, rest) = path.split_first()?;
        let mut node = self.unit.workload.metadata.get(first)?;
        for key in rest {
            node = node.get(key)?;
        }
        Some(node)
    }

    fn output(&self, path: &[String]) -> Result<Resolved<'a>, Box<Finding>> {
        let [key, output, rest @ ..] = path else {
            return Err(Box::new(
                Finding::new(Code::UnknownOutput, "a placeholder for a resource names one of its outputs")
                    .help("`${resources.<name>.<output>}`"),
            ));
        };
        let Some((key, resource)) = self.unit.resources.get_key_value(key) else {
            return Err(Box::new(
                Finding::new(Code::UnknownResource, format!("there is no resource `{key}`"))
                    .maybe_help(did_you_mean(key, self.unit.resources.keys().map(String::as_str))),
            ));
        };
        let part = match (resource.outputs.get(output), rest) {
            (Some(Output::Value(value)), rest) => {
                walk(value, rest).map(|value| Part::Literal(json_text(value)))
            }
            (Some(Output::Secret { name, key, url_safe, .. }), []) => {
                Some(Part::Secret { name: name.clone(), key: key.clone(), url_safe: *url_safe })
            }
            (Some(Output::ConfigMap { name, key }), []) => {
                Some(Part::ConfigMap { name: name.clone(), key: key.clone() })
            }
            _ => None,
        };
        match part {
            Some(part) => Ok(Resolved { part, resource: Some((key, resource)) }),
            None => Err(Box::new(unknown_output(key, resource, output, rest))),
        }
    }
}

fn unknown_output(key: &str, resource: &ResolvedResource, output: &str, rest: &[String]) -> Finding {
    let name = std::iter::once(output).chain(rest.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
    let message = format!("resource `{key}` (`{}`) has no output `{name}`", resource.id.kind);
    let names: Vec<&str> = resource.outputs.keys().map(String::as_str).collect();
    let help = did_you_mean(output, names.iter().copied()).filter(|_| !names.contains(&output));
    let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let all = if names.is_empty() { "it has none".to_owned() } else { format!("it has {listed}") };
    Finding::new(Code::UnknownOutput, message).help(help.unwrap_or(all))
}

/// What is wrong with a secret that stands in a URL and that nobody encoded.
fn unsafe_url(resolved: &Resolved<'_>) -> Option<Finding> {
    let (key, resource) = resolved.resource?;
    if !matches!(resolved.part, Part::Secret { url_safe: false, .. }) {
        return None;
    }
    let help = if resource.outputs.contains_key("url") {
        format!("use `${{resources.{key}.url}}`: whoever fills the Secret encodes it")
    } else {
        "let the provisioner offer a `url`, or mark the output `urlSafe`".to_owned()
    };
    let message = format!("a secret of `{key}` stands in a URL without being encoded");
    Some(Finding::new(Code::UnsafeUrl, message).help(help))
}

/// Warns of an address with a port that the workload behind it does not serve.
fn undeclared_port(resolved: &Resolved<'_>, after: &str) -> Option<Finding> {
    let target = resolved.resource?.1.target.as_ref()?;
    let Part::Literal(host) = &resolved.part else { return None };
    let port = leading_port(after)?;
    let known = target.ports.values().any(|known| u32::from(known.port) == port);
    ((host == &target.host || host == &target.service) && !known).then(|| undeclared(target, port))
}

fn undeclared(target: &LinkTarget, port: u32) -> Finding {
    let message = format!("the Service of `{}` has no port {port}", target.workload);
    Finding::new(Code::UndeclaredPort, message).help(port_list(target))
}

/// What ports there are: the first few, as there may be many.
pub(in crate::render) fn port_list(target: &LinkTarget) -> String {
    let some = target.ports.iter().take(8).map(|(name, port)| format!("`{name}` ({})", port.port));
    let mut list: Vec<String> = some.collect();
    if list.is_empty() {
        return "it declares no `service.ports`".to_owned();
    }
    if target.ports.len() > list.len() {
        list.push(format!("{} more", target.ports.len() - list.len()));
    }
    format!("it has {}", list.join(", "))
}

/// Whether what comes behind `text` continues a URL; `before`, whether `text` itself does.
fn in_url(before: bool, text: &str) -> bool {
    match text.rsplit_once(char::is_whitespace) {
        Some((_, run)) => run.contains("://"),
        None => before || text.contains("://"),
    }
}

/// The port of `:8080/path`.
fn leading_port(text: &str) -> Option<u32> {
    let digits: String = text.strip_prefix(':')?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn walk<'v>(mut value: &'v Value, path: &[String]) -> Option<&'v Value> {
    for key in path {
        value = value.as_object()?.get(key)?;
    }
    Some(value)
}

/// Strings as they are, everything else as compact JSON: what score-go inserts.
fn json_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn node_text(node: &Node) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    let mut text = String::new();
    macadam_yaml::write_json(node, &mut text);
    text
}

/// The place of a range of a string: exact for one line without escapes, else the whole scalar.
fn narrow(source: &Spanned<String>, range: &Range<usize>) -> Span {
    let Span { file, start, end } = source.span;
    let text = source.value.trim_end_matches('\n');
    if text.contains(['\n', '\\', '"', '\'']) {
        return source.span;
    }
    let quotes = match (end.saturating_sub(start) as usize).checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) if text.is_ascii() => 1,
        _ => return source.span,
    };
    let at = |offset: usize| u32::try_from(offset).ok().and_then(|offset| start.checked_add(offset + quotes));
    match (at(range.start), at(range.end)) {
        (Some(start), Some(end)) => Span { file, start, end },
        _ => source.span,
    }
}
