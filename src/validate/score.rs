//! Score files and overlays as trees: is it Score at all, and are its deprecated forms upgraded.

mod upgrade;

use camino::Utf8Path;
use macadam_yaml::{FileId, Mapping, Node, Span};

use super::{
    report::{self, Codes},
    schema::Kind,
};
use crate::{
    model::{Code, Finding, Outcome},
    parse,
};

const VERSION: &str = "score.dev/v1b1";

/// What becomes of a file that is plainly something else than Score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leniency {
    /// The repository says where Score files are: anything else there is an error.
    Strict,
    /// The file was found by the default pattern: another kind of file is passed over.
    Lenient,
}

/// Reads a Score file into a tree, its list forms of `files` and `volumes` upgraded to maps.
///
/// `None` when it is not YAML or not Score; without a finding when it is plainly something else (it has another
/// `apiVersion` and a `kind`) and `leniency` allows that. The schema is held against it by [`super::workload`].
/// `metadata.name` must stand here: an overlay cannot supply it. Source: score-go `schema.ApplyCommonUpgradeTransforms`.
pub fn score_tree(bytes: &[u8], file: FileId, path: &Utf8Path, leniency: Leniency) -> Outcome<Node> {
    let mut findings = Vec::new();
    let parsed = parse::yaml(bytes, file);
    if leniency == Leniency::Lenient && parsed.value.is_none() && looks_foreign(bytes) {
        return Outcome::failed(Vec::new());
    }
    let Some(mut tree) = parsed.take(&mut findings) else { return Outcome::failed(findings) };
    if leniency == Leniency::Lenient && is_foreign(&tree) {
        return Outcome::failed(Vec::new());
    }
    if let Some(finding) = not_score(&tree, path) {
        findings.push(finding);
        return Outcome::failed(findings);
    }
    upgrade::upgrade(&mut tree, &mut findings);
    Outcome::new(tree, findings)
}

/// Reads an overlay: any piece of a Score file, with `null` where something is taken away.
///
/// Its keys and types are checked here, so that findings point into the overlay; what must be there is checked once it
/// is laid over its base. List forms are upgraded, so their entries merge by target.
pub fn overlay(bytes: &[u8], file: FileId) -> Outcome<Node> {
    let mut findings = Vec::new();
    let Some(mut tree) = parse::yaml(bytes, file).take(&mut findings) else {
        return Outcome::failed(findings);
    };
    if tree.is_null() {
        tree = Node::mapping(tree.span, Mapping::new());
    }
    upgrade::upgrade(&mut tree, &mut findings);
    findings.extend(report::check(&tree, Kind::Overlay, Codes::Score));
    match tree.as_mapping() {
        Some(_) => Outcome::new(tree, findings),
        None => Outcome::failed(findings),
    }
}

/// Whether a document says of itself that it is something else.
fn is_foreign(tree: &Node) -> bool {
    let version = tree.get("apiVersion").and_then(Node::as_str);
    tree.get("kind").is_some() && version.is_some_and(|version| !version.starts_with("score."))
}

/// The same of a text that cannot be read, such as a template or a stream of several documents.
fn looks_foreign(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines.any(|line| line.starts_with(b"kind:")) && !bytes.windows(6).any(|window| window == b"score.")
}

fn not_score(tree: &Node, path: &Utf8Path) -> Option<Finding> {
    let start = Span { end: tree.span.start, ..tree.span };
    let Some(map) = tree.as_mapping() else {
        let what = if tree.is_null() { "is empty" } else { "is not a map" };
        let name = path.file_name().unwrap_or("the file");
        return Some(
            Finding::new(Code::NotScore, format!("`{name}` {what}: not a Score file")).at(start, ""),
        );
    };
    let version = map.get("apiVersion");
    let finding = match version.map(|node| (node.as_str(), node.span)) {
        Some((Some(VERSION), _)) => return None,
        Some((Some(text), span)) if text.starts_with("score.") => {
            Finding::new(Code::NotScore, "a version of Score that is not read").at(span, "")
        }
        Some((_, span)) => Finding::new(Code::NotScore, "not a Score file").at(span, ""),
        None => {
            let first = map.iter().next().map_or(start, |entry| entry.key_span);
            Finding::new(Code::NotScore, "not a Score file: missing `apiVersion`").at(first, "")
        }
    };
    Some(finding.help(format!("write `apiVersion: {VERSION}`")))
}
