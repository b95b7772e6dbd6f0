//! From the engine's errors to findings.

use std::ops::Range;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::Origins;
use super::complaint::Complaint;
use super::convert::kind_name;
use super::hole::without_marks;
use crate::model::{Code, Finding, Span};

/// A place that an error went through, from the outside in.
pub(super) struct Step<'a> {
    span: Span,
    source: &'a str,
    /// The failing part of an expression.
    expression: &'a str,
    /// All that stands between the brackets around it.
    tag: &'a str,
}

impl<'a> Step<'a> {
    /// A place, and what stands there in the source.
    pub(super) fn new(span: Span, source: &'a str, range: Range<usize>) -> Self {
        let expression = source.get(range.clone()).unwrap_or_default();
        let before = source.get(..range.start).unwrap_or_default();
        let start = before.rfind("{{").max(before.rfind("{%")).map_or(range.start, |at| at + 2);
        let behind = source.get(range.end..).unwrap_or_default();
        let ends = [behind.find("}}"), behind.find("%}")];
        let end = ends.into_iter().flatten().min().map_or(source.len(), |at| range.end + at);
        let tag = source.get(start..end).unwrap_or(expression);
        Self { span, source, expression, tag }
    }

    /// The failing expression, unless it is a filter or only part of a name.
    fn name(&self) -> &'a str {
        let before = self.tag.split(self.expression).next().unwrap_or_default().trim_end();
        let whole = self.expression.starts_with(|first: char| first.is_ascii_alphabetic());
        if whole && !before.ends_with('|') { self.expression } else { "" }
    }
}

/// Makes a finding of an error and the places that it went through; `root` is the map that the template saw.
pub(super) fn finding(error: &Error, steps: &[Step<'_>], root: &Value, origins: Origins<'_>) -> Finding {
    let step = steps.last();
    let mut finding = match complaint(error) {
        Some(complaint) => {
            let mut finding = Finding::new(complaint.code, complaint.message.clone());
            finding.help.clone_from(&complaint.help);
            finding
        }
        None => explain(innermost(error), step, root),
    };
    let known = known(step.map_or("", |step| step.tag), root);
    if finding.code == Code::TemplateError && innermost(error).kind() != ErrorKind::UndefinedError {
        let kinds = known.iter().map(|(path, value)| format!("; `{path}` is a {}", kind_name(value)));
        finding.message.extend(kinds);
    }
    let mut steps = steps.iter().rev();
    if let Some(step) = steps.next() {
        finding = finding.at(step.span, "");
    }
    for step in steps {
        finding = finding.also(step.span, "included from here");
    }
    for (path, _) in known {
        if let Some((words, span)) = origins(path) {
            finding = finding.also(span, format!("`{path}` comes from here ({words})"));
        }
    }
    finding
}

/// The dotted names in an expression that the context knows, each once.
fn known<'t>(text: &'t str, root: &Value) -> Vec<(&'t str, Value)> {
    let mut known: Vec<(&str, Value)> = Vec::new();
    for path in paths(text) {
        if !known.iter().any(|(other, _)| *other == path)
            && let Some(value) = look_up(root, path)
        {
            known.push((path, value));
        }
    }
    known
}

/// The error at the bottom of a chain of includes.
pub(super) fn innermost(error: &Error) -> &Error {
    chain(error).last().unwrap_or(error)
}

/// An error and the errors of the engine that caused it, from the outside in.
pub(super) fn chain(error: &Error) -> impl Iterator<Item = &Error> {
    std::iter::successors(Some(error), |error| std::error::Error::source(*error)?.downcast_ref::<Error>())
}

fn complaint(error: &Error) -> Option<&Complaint> {
    std::error::Error::source(innermost(error))?.downcast_ref()
}

fn explain(error: &Error, step: Option<&Step<'_>>, root: &Value) -> Finding {
    let expression = step.map_or("", |step| step.expression);
    match error.kind() {
        ErrorKind::UndefinedError => undefined(step, root),
        ErrorKind::OutOfFuel => Finding::new(Code::TemplateLimit, "the template needs too many steps")
            .help("is there a loop or macro that does not end?"),
        ErrorKind::WriteFailure => Finding::new(Code::TemplateLimit, "the template prints more than 10 MiB"),
        ErrorKind::InvalidOperation if error.detail().is_some_and(|d| d.contains("recursion limit")) => {
            Finding::new(Code::TemplateLimit, "macros or includes are nested too deeply")
        }
        ErrorKind::UnknownFilter if expression == "safe" => Finding::new(Code::TemplateError, words(error))
            .help("there is no `safe`: printed values are always data; place structures with `| to_yaml`"),
        ErrorKind::InvalidOperation if error.detail().is_none_or(|detail| !speaks_of_types(detail)) => {
            Finding::new(
                Code::TemplateError,
                format!("`{}` does not work with these values", short(expression)),
            )
        }
        _ => Finding::new(Code::TemplateError, words(error)),
    }
}

/// What an error says, without values: only details that speak of names and types are kept.
pub(super) fn words(error: &Error) -> String {
    let kind = error.kind();
    let speaks_of_names = matches!(
        kind,
        ErrorKind::SyntaxError
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::UnknownBlock
            | ErrorKind::MissingArgument
            | ErrorKind::TooManyArguments
            | ErrorKind::BadEscape
            | ErrorKind::TemplateNotFound
    );
    match error.detail() {
        Some(detail) if speaks_of_names || speaks_of_types(detail) => {
            without_marks(&format!("{kind}: {detail}"))
        }
        _ => kind.to_string(),
    }
}

/// Whether a detail speaks of types and not of values.
fn speaks_of_types(detail: &str) -> bool {
    let starts = ["tried to use", "cannot iterate", "can only assign", "cannot join", "cannot calculate"];
    starts.iter().any(|start| detail.starts_with(start))
}

/// Names what is undefined, and what was perhaps meant.
fn undefined(step: Option<&Step<'_>>, root: &Value) -> Finding {
    let missing = step.and_then(|step| {
        let paths = paths(step.name()).into_iter().chain(paths(step.tag));
        let mut global = paths.filter(|path| !is_local(step.source, path));
        global.find_map(|path| missing(root, path))
    });
    let Some((path, container)) = missing else {
        let text = step.map_or("", |step| step.expression);
        let finding = Finding::new(Code::TemplateError, format!("`{}` is undefined", short(text)));
        return finding.help("give it a default with `| default(..)`, or test it with `is defined`");
    };
    let name = path.rsplit('.').next().unwrap_or(path);
    let keys = (container.kind() == ValueKind::Map).then(|| container.try_iter().ok()).flatten();
    let keys: Vec<_> = keys.into_iter().flatten().filter_map(|key| key.to_str()).collect();
    let nearest = keys
        .iter()
        .map(|key| (distance(key, name), key))
        .filter(|(distance, key)| *distance <= 1 + key.len().min(name.len()) / 4)
        .min();
    let help = match nearest {
        Some((_, key)) => format!("did you mean `{key}`?"),
        None => "give it a default with `| default(..)`, or test it with `is defined`".to_owned(),
    };
    Finding::new(Code::TemplateError, format!("`{path}` is undefined")).help(help)
}

/// Whether a path starts with a name that the template itself gives: in a loop, an assignment, a macro, an import.
fn is_local(source: &str, path: &str) -> bool {
    let name = path.split('.').next().unwrap_or_default();
    source.split("{%").skip(1).any(|tag| {
        let tag = tag.split("%}").next().unwrap_or_default().trim_start_matches(['-', '+', ' ']);
        let given = match tag.split_whitespace().next() {
            Some("for") => tag.split(" in ").next(),
            Some("set" | "with") => Some(tag),
            Some("macro" | "import" | "from" | "call" | "call(") => Some(tag),
            _ => None,
        };
        given.is_some_and(|given| paths(given).contains(&name))
    })
}

/// The part of a path up to the first name that is not there, and the value that it is not in.
fn missing<'p>(root: &Value, path: &'p str) -> Option<(&'p str, Value)> {
    let mut value = root.clone();
    let mut end = 0;
    for (index, name) in path.split('.').enumerate() {
        end += name.len() + usize::from(index > 0);
        match value.get_attr(name) {
            Ok(inner) if !inner.is_undefined() => value = inner,
            _ if index == 0 && value.kind() != ValueKind::Map => return None,
            _ => return Some((&path[..end], value)),
        }
    }
    None
}

fn look_up(root: &Value, path: &str) -> Option<Value> {
    path.split('.')
        .try_fold(root.clone(), |value, name| value.get_attr(name).ok().filter(|inner| !inner.is_undefined()))
}

/// The dotted names in an expression, in order; words of the language and text in quotes are left out.
fn paths(expression: &str) -> Vec<&str> {
    let bytes = expression.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = b' ';
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                before = quote;
                at += 1;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let start = at;
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'.'))
                {
                    at += 1;
                }
                let path = expression[start..at].trim_end_matches('.');
                if !matches!(before, b'|' | b'.' | b']') && !KEYWORDS.contains(&path) {
                    found.push(path);
                }
                before = b'a';
            }
            b' ' => at += 1,
            other => {
                before = other;
                at += 1;
            }
        }
    }
    found
}

const KEYWORDS: [&str; 24] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "for",
    "set",
    "endfor",
    "endif",
    "defined",
    "with",
    "loop",
    "range",
    "dict",
    "include",
    "autoescape",
];

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}..", &line[..at]),
        None => line.to_owned(),
    }
}

/// How many letters differ between two words.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = index + 1;
        for (column, other) in right.iter().enumerate() {
            let cost = corner + usize::from(letter != *other);
            corner = row[column + 1];
            row[column + 1] = cost.min(row[column] + 1).min(corner + 1);
        }
    }
    row[right.len()]
}
