//! Placeholders resolved: text whose parts are literal or a reference to a Secret or ConfigMap.

use std::ops::Range;

use macadam_yaml::Node;
use serde_json::Value;

use crate::{
    model::{Code, Finding, LinkTarget, Output, Part, ResolvedResource, Span, Spanned, Text, UnitInput},
    parse::placeholder::{Segment, segments},
    validate::suggest,
};

/// What the placeholders of one unit may name.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct Resolver<'a> {
    pub(in crate::render) unit: &'a UnitInput,
}

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
        let segments = segments(&source.value);
        let mut text = Text::default();
        for (index, segment) in segments.iter().enumerate() {
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Reference { path, range } => {
                    let span = narrow(source, range);
                    let Some(resolved) = self.resolve(path, span, findings) else { continue };
                    let after = match segments.get(index + 1) {
                        Some(Segment::Literal(literal)) => literal.as_ref(),
                        _ => "",
                    };
                    check(&resolved, &text, after, span, findings);
                    text.push(resolved.part);
                }
            }
        }
        text
    }

    fn resolve(&self, path: &[String], span: Span, findings: &mut Vec<Finding>) -> Option<Resolved<'a>> {
        let finding = match path.split_first() {
            Some((root, rest)) if root == "metadata" => match self.metadata(rest) {
                Some(node) => {
                    return Some(Resolved { part: Part::Literal(node_text(node)), resource: None });
                }
                None => {
                    Finding::new(Code::UnknownMetadata, format!("`metadata` has no `{}`", rest.join(".")))
                }
            },
            Some((root, rest)) if root == "resources" => match self.output(rest) {
                Ok(resolved) => return Some(resolved),
                Err(finding) => *finding,
            },
            _ => {
                Finding::new(Code::InvalidPlaceholder, "a placeholder starts with `metadata` or `resources`")
            }
        };
        findings.push(finding.at(span, ""));
        None
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

/// A question that names the candidate nearest to `word`.
pub(super) fn did_you_mean<'n>(word: &str, candidates: impl Iterator<Item = &'n str>) -> Option<String> {
    suggest(word, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// Warns of what a resolved placeholder does in its text.
fn check(resolved: &Resolved<'_>, before: &Text, after: &str, span: Span, findings: &mut Vec<Finding>) {
    let Some((key, resource)) = resolved.resource else { return };
    if let Part::Secret { url_safe: false, .. } = resolved.part
        && in_url(before)
    {
        let help = if resource.outputs.contains_key("url") {
            format!("use `${{resources.{key}.url}}`: whoever fills the Secret encodes it")
        } else {
            "let the provisioner offer a `url`, or mark the output `urlSafe`".to_owned()
        };
        let message = format!("a secret of `{key}` stands in a URL without being encoded");
        findings.push(Finding::new(Code::UnsafeUrl, message).at(span, "").help(help));
    }
    if let (Part::Literal(host), Some(target)) = (&resolved.part, &resource.target)
        && (host == &target.host || host == &target.service)
        && let Some(port) = leading_port(after)
        && !target.ports.values().any(|known| u32::from(known.port) == port)
    {
        findings.push(undeclared(target, port, span));
    }
}

fn undeclared(target: &LinkTarget, port: u32, span: Span) -> Finding {
    let message = format!("the Service of `{}` has no port {port}", target.workload);
    let ports: Vec<String> =
        target.ports.iter().map(|(name, port)| format!("{} (`{name}`)", port.port)).collect();
    let help = match ports.as_slice() {
        [] => "it declares no `service.ports`".to_owned(),
        ports => format!("it has {}", ports.join(", ")),
    };
    Finding::new(Code::UndeclaredPort, message).at(span, "").help(help)
}

/// Whether what comes next continues a URL.
fn in_url(before: &Text) -> bool {
    for part in before.parts.iter().rev() {
        if let Part::Literal(text) = part {
            let run = text.rsplit(char::is_whitespace).next().unwrap_or_default();
            if run.contains("://") {
                return true;
            }
            if run.len() < text.len() {
                return false;
            }
        }
    }
    false
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

/// The place of a range of a string: exact for a scalar without escapes and line breaks, else the whole scalar.
pub(super) fn narrow(source: &Spanned<String>, range: &Range<usize>) -> Span {
    let Span { file, start, end } = source.span;
    let (written, length) = ((end - start.min(end)) as usize, source.value.len());
    let quotes = match written.checked_sub(length) {
        Some(0) => 0,
        Some(2) if !source.value.contains(['\n', '\\', '"', '\'']) => 1,
        _ => return source.span,
    };
    let at = |offset: usize| u32::try_from(offset).ok().and_then(|offset| start.checked_add(offset + quotes));
    match (at(range.start), at(range.end)) {
        (Some(start), Some(end)) => Span { file, start, end },
        _ => source.span,
    }
}
