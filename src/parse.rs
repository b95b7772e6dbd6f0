//! From bytes to trees whose every node knows its place, and the small languages inside strings.
//!
//! Never opens a file, and knows nothing of what a document means.

pub mod duration;
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
    let finding = Finding::new(code, error.to_string())
        .at(error.span, "")
        .maybe_help(error.help().or_else(|| limit(&error.kind)));
    match error.related {
        Some((span, words)) => finding.also(span, words),
        None => finding,
    }
}

/// What is accepted, where a limit was passed.
fn limit(kind: &ErrorKind) -> Option<String> {
    let limits = Limits::default();
    match kind {
        ErrorKind::TooLarge => Some(format!("a file has at most {} KiB", limits.bytes / 1024)),
        ErrorKind::TooDeep => Some(format!("a file has at most {} levels", limits.depth)),
        ErrorKind::TooManyNodes => Some(format!("a file has at most {} values", limits.nodes)),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::Sources,
        testing::{shown, source},
    };

    fn findings(text: &str) -> String {
        let mut sources = Sources::default();
        let (file, text) = source(&mut sources, "f.yaml", text);
        shown(&yaml(text.as_bytes(), file).findings, &sources)
    }

    #[test]
    fn yaml_that_readers_disagree_on_is_refused_or_told() {
        let deep = "[".repeat(100);
        let texts =
            ["a: [1", "a: 1\n'a': 2", "a: 1\n---\nb: 2", "a: !x 1", "a: .inf", &deep, "a: [yes, 1:20, 'no']"];
        let all: String = texts.iter().map(|text| findings(text)).collect();
        insta::assert_snapshot!(all, @"
        yaml/syntax f.yaml:1:4 `[` is never closed
        yaml/duplicate-key f.yaml:2:1 duplicate key `a` (see f.yaml:1:1 first here) (help: keep one of the two)
        yaml/refused f.yaml:2:1 a second document where one is expected (help: split the documents into files of their own)
        yaml/refused f.yaml:1:7 unknown tag `!x` (help: remove the tag, or put the text in quotes)
        yaml/refused f.yaml:1:4 a number must be finite (help: put it in quotes if it is meant as text)
        yaml/limit f.yaml:1:65 maps and lists are nested too deeply (help: a file has at most 64 levels)
        warning yaml/ambiguous-scalar f.yaml:1:5 other readers take this unquoted text for another type (help: put quotes round it)
        warning yaml/ambiguous-scalar f.yaml:1:10 other readers take this unquoted text for another type (help: put quotes round it)
        ");
        assert_eq!(findings("a: &x 1\nb: *x\n"), "");
    }
}
