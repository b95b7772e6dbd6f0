//! From bytes to trees whose every node knows its place, and the small languages inside strings.
//!
//! Never opens a file, and knows nothing of what a document means.

pub mod json;
pub mod placeholder;
pub mod quantity;

use macadam_yaml::{Error, ErrorKind, FileId, Limits, Node, Resolution, Span, Value};

use crate::model::{Code, Finding, Outcome};

/// Reads one YAML document as score-go reads it, within the default limits.
///
/// Unquoted strings that other readers take for something else are kept, and warned about. Goes on after nothing:
/// the value is `None` when there is an error (`yaml/syntax`, `yaml/duplicate-key`, `yaml/limit`, `yaml/refused`).
pub fn yaml(bytes: &[u8], file: FileId) -> Outcome<Node> {
    match macadam_yaml::parse(bytes, file, Resolution::Spec, &Limits::default()) {
        Ok(node) => {
            let mut findings = Vec::new();
            ambiguous_strings(&node, &mut findings);
            Outcome::new(node, findings)
        }
        Err(errors) => Outcome::failed(errors.iter().map(yaml_finding).collect()),
    }
}

/// Says what is wrong with a YAML text.
pub fn yaml_finding(error: &Error) -> Finding {
    let code = match error.kind {
        ErrorKind::Syntax(_) => Code::YamlSyntax,
        ErrorKind::DuplicateKey(_) => Code::DuplicateKey,
        ErrorKind::TooLarge | ErrorKind::TooDeep | ErrorKind::TooManyNodes | ErrorKind::Expansion => {
            Code::YamlLimit
        }
        ErrorKind::SecondDocument
        | ErrorKind::UnknownTag(_)
        | ErrorKind::Alias
        | ErrorKind::NotUtf8
        | ErrorKind::Nul
        | ErrorKind::KeyNotScalar
        | ErrorKind::NotFinite => Code::YamlRefused,
    };
    let finding = Finding::new(code, error.to_string()).at(error.span, "").maybe_help(error.help());
    match error.related {
        Some((span, words)) => finding.also(span, words),
        None => finding,
    }
}

/// Warns about a plain scalar that readers disagree on.
pub(crate) fn ambiguous(span: Span) -> Finding {
    Finding::new(Code::AmbiguousScalar, "other readers take this unquoted text for another type")
        .at(span, "")
        .help("put quotes round it")
}

fn ambiguous_strings(node: &Node, findings: &mut Vec<Finding>) {
    match &node.value {
        Value::String(_) if node.ambiguous => findings.push(ambiguous(node.span)),
        Value::Sequence(items) => items.iter().for_each(|item| ambiguous_strings(item, findings)),
        Value::Mapping(map) => map.iter().for_each(|entry| ambiguous_strings(&entry.value, findings)),
        _ => {}
    }
}
