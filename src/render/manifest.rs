//! From the documents that templates made to files: each is checked to be a Kubernetes object, put into canonical form
//! and named.

mod file_name;
mod kinds;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{Entry, Node, Span};
use sha2::{Digest, Sha256};

use super::emit;
use crate::model::{Artifact, Code, Facts, Finding, ObjectId};

/// Bytes of one object, as etcd takes them.
const MAX_OBJECT: usize = 1024 * 1024;
/// Files of one instance.
const MAX_FILES: usize = 2_000;

/// What a leaf gives to its files.
#[derive(Debug, Clone, Copy)]
pub struct LeafInfo<'a> {
    /// Its folder below the output root.
    pub folder: &'a Utf8Path,
    /// The namespace of objects that name none.
    pub namespace: &'a str,
    /// What the first line of each file says, such as `services/checkout/score.yaml, golden path service`.
    pub header: &'a str,
}

/// Makes files of documents, each with the place of the template that made it.
///
/// Files come in path order. A `List` is taken apart, objects without a namespace get the leaf's, null entries of maps
/// go. Goes on after each finding (`template/invalid-manifest`, `template/plain-secret`, `template/limit`,
/// `assemble/object-clash`, `assemble/path-clash`); a document with a finding makes no file.
pub fn artifacts(documents: Vec<(Node, Span)>, leaf: &LeafInfo<'_>) -> (Vec<Artifact>, Facts, Vec<Finding>) {
    let mut maker = Maker { leaf, files: BTreeMap::new(), findings: Vec::new() };
    for (document, span) in documents {
        maker.document(document, span, 0);
    }
    let Maker { files, mut findings, .. } = maker;
    if files.len() > MAX_FILES {
        let message = format!("an instance may have {MAX_FILES} files, this one has {}", files.len());
        findings.push(Finding::new(Code::TemplateLimit, message).about(leaf.folder.as_str()));
    }
    let mut facts = Facts::default();
    let mut artifacts = Vec::with_capacity(files.len());
    for (path, made) in files {
        let digest = Sha256::digest(&made.bytes).into();
        facts.objects.push((made.id, made.span));
        artifacts.push(Artifact { path, bytes: made.bytes, digest });
    }
    (artifacts, facts, findings)
}

struct Maker<'a> {
    leaf: &'a LeafInfo<'a>,
    files: BTreeMap<Utf8PathBuf, Made>,
    findings: Vec<Finding>,
}

struct Made {
    id: ObjectId,
    span: Span,
    bytes: Vec<u8>,
}

impl Maker<'_> {
    fn document(&mut self, mut node: Node, span: Span, depth: usize) {
        if node.is_null() || node.as_mapping().is_some_and(|map| map.is_empty()) {
            return;
        }
        let span = place(&node, span);
        if depth < 8 && is_list(&node) {
            let items = node.get_mut("items").and_then(Node::as_sequence_mut).map(std::mem::take);
            for item in items.unwrap_or_default() {
                let span =
                    if item.span.file == span.file && !item.span.is_empty() { item.span } else { span };
                self.document(item, span, depth + 1);
            }
            return;
        }
        match self.object(node, span) {
            Ok((id, bytes)) => self.place_file(id, bytes, span),
            Err(finding) => self.findings.push(finding.about(self.leaf.folder.as_str())),
        }
    }

    /// Checks a document and makes the bytes of its file.
    fn object(&self, mut node: Node, span: Span) -> Result<(ObjectId, Vec<u8>), Finding> {
        emit::canonicalize(&mut node);
        let id = identify(&mut node, self.leaf.namespace).map_err(|problem| problem.finding(&node, span))?;
        check(&node, &id, span)?;
        let bytes = emit::file(self.leaf.header, &node);
        if bytes.len() > MAX_OBJECT {
            let message = format!("`{}` is larger than 1 MiB, which Kubernetes refuses", object_name(&id));
            return Err(Finding::new(Code::TemplateLimit, message).at(span, ""));
        }
        Ok((id, bytes))
    }

    fn place_file(&mut self, id: ObjectId, bytes: Vec<u8>, span: Span) {
        let path = self.leaf.folder.join(file_name::file_name(&id, self.leaf.namespace));
        match self.files.entry(path) {
            Slot::Vacant(slot) => {
                slot.insert(Made { id, span, bytes });
            }
            Slot::Occupied(slot) => {
                let first = slot.get();
                let finding = if first.id == id {
                    Finding::new(Code::ObjectClash, format!("two objects are `{}`", object_name(&id)))
                } else {
                    let message = format!("`{}` and `{}` would be one file", first.id, id);
                    Finding::new(Code::PathClash, message)
                };
                let finding = finding.at(span, "the second").also(first.span, "the first");
                self.findings.push(finding.about_object(self.leaf.folder.as_str(), object_name(&id)));
            }
        }
    }
}

/// The line to show for an object: where its kind stands, when the template wrote that.
fn place(node: &Node, span: Span) -> Span {
    match node.get("kind") {
        Some(kind) if kind.span.file == span.file && !kind.span.is_empty() => kind.span,
        _ => span,
    }
}

fn object_name(id: &ObjectId) -> String {
    format!("{}/{}", id.kind, id.name)
}

/// Whether a document is a list of objects, of whatever kind.
fn is_list(node: &Node) -> bool {
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
    let has_name = node.get("metadata").and_then(|metadata| metadata.get("name")).is_some();
    kind.ends_with("List") && !has_name && node.get("items").and_then(Node::as_sequence).is_some()
}

/// What is wrong with a document: at which key, in words, and what to do.
struct Problem {
    path: &'static [&'static str],
    message: String,
    help: Option<&'static str>,
}

impl Problem {
    fn new(path: &'static [&'static str], message: impl Into<String>) -> Self {
        Self { path, message: message.into(), help: None }
    }

    fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    fn finding(self, node: &Node, span: Span) -> Finding {
        let inner = self.path.iter().try_fold(node, |node, key| node.get(key)).map(|inner| inner.span);
        let fits = |inner: &Span| inner.file == span.file && !inner.is_empty() && !self.path.is_empty();
        let span = inner.filter(fits).unwrap_or(span);
        Finding::new(Code::InvalidManifest, self.message)
            .at(span, "")
            .maybe_help(self.help.map(str::to_owned))
    }
}

/// The identity of an object; puts the leaf's namespace in where the object needs one and has none.
fn identify(node: &mut Node, leaf_namespace: &str) -> Result<ObjectId, Problem> {
    if node.as_mapping().is_none() {
        let message = format!("a Kubernetes object is a map, not a {}", node.kind_name());
        return Err(Problem::new(&[], message).help("separate objects with `---`"));
    }
    let api_version = text(node, &["apiVersion"])?.to_owned();
    let kind = text(node, &["kind"])?.to_owned();
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", &api_version));
    let group_is_fine = (group.is_empty() && !api_version.contains('/')) || kinds::is_subdomain(group);
    if !group_is_fine || !version.starts_with('v') || !kinds::is_label(version) {
        return Err(Problem::new(&["apiVersion"], "`apiVersion` is `v1`, or `<group>/<version>`"));
    }
    if !kind.starts_with(|c: char| c.is_ascii_uppercase()) || !kind.chars().all(|c| c.is_ascii_alphanumeric())
    {
        return Err(Problem::new(&["kind"], "`kind` is a word with a capital, such as `Deployment`"));
    }
    let name = name(node, group)?;
    let group = group.to_owned();
    let namespace = namespace(node, &group, &kind, leaf_namespace)?;
    Ok(ObjectId { group, kind, namespace, name })
}

fn text<'n>(node: &'n Node, path: &'static [&'static str]) -> Result<&'n str, Problem> {
    let value = path.iter().try_fold(node, |node, key| node.get(key));
    let dotted = path.join(".");
    match value {
        Some(value) => value.as_str().ok_or_else(|| {
            Problem::new(path, format!("`{dotted}` is a string, not a {}", value.kind_name()))
        }),
        None => Err(Problem::new(&[], format!("a Kubernetes object needs `{dotted}`"))),
    }
}

fn name(node: &Node, group: &str) -> Result<String, Problem> {
    let path = &["metadata", "name"];
    let name = text(node, path).map_err(|problem| {
        match node.get("metadata").and_then(|metadata| metadata.get("generateName")) {
            Some(_) => problem.help("`generateName` gives another name each time; GitOps needs one name"),
            None => problem,
        }
    })?;
    if kinds::is_name(group, name) {
        return Ok(name.to_owned());
    }
    Err(Problem::new(path, "`metadata.name` is no name for a Kubernetes object")
        .help("lower-case letters, digits, `-` and `.`; `| dns_label` makes a name of any text"))
}

fn namespace(
    node: &mut Node,
    group: &str,
    kind: &str,
    leaf_namespace: &str,
) -> Result<Option<String>, Problem> {
    let path = &["metadata", "namespace"];
    let has_one = node.get("metadata").is_some_and(|metadata| metadata.get("namespace").is_some());
    if kinds::is_cluster_scoped(group, kind) {
        if has_one {
            return Err(Problem::new(path, format!("a `{kind}` is in no namespace"))
                .help("remove `metadata.namespace`"));
        }
        return Ok(None);
    }
    if has_one {
        let namespace = text(node, path)?;
        if !kinds::is_label(namespace) {
            return Err(Problem::new(path, "`metadata.namespace` is no name for a namespace"));
        }
        return Ok(Some(namespace.to_owned()));
    }
    if let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) {
        metadata.insert(Entry::new(
            "namespace",
            Span::default(),
            Node::string(Span::default(), leaf_namespace),
        ));
    }
    if let Some(metadata) = node.get_mut("metadata") {
        emit::canonicalize(metadata);
    }
    Ok(Some(leaf_namespace.to_owned()))
}

/// What must not be in an object, whatever its kind.
fn check(node: &Node, id: &ObjectId, span: Span) -> Result<(), Finding> {
    if node.get("status").is_some() {
        let problem = Problem::new(&["status"], "`status` is written by the cluster, not by Git");
        return Err(problem.help("remove it").finding(node, span));
    }
    let filled = |key: &str| node.get(key).and_then(Node::as_mapping).is_some_and(|map| !map.is_empty());
    if kinds::is_secret(id) && (filled("data") || filled("stringData")) {
        let message = format!("`{}` would put a secret into Git", object_name(id));
        return Err(Finding::new(Code::PlainSecret, message)
            .at(span, "")
            .help("let an `ExternalSecret` fill it, or refer to a Secret that exists"));
    }
    for path in [&["metadata", "labels"], &["metadata", "annotations"]] {
        let Some(value) = node.get(path[0]).and_then(|metadata| metadata.get(path[1])) else { continue };
        let Some(map) = value.as_mapping() else {
            let message = format!("`metadata.{}` is a map, not a {}", path[1], value.kind_name());
            return Err(Problem::new(path, message).finding(node, span));
        };
        if let Some(entry) = map.iter().find(|entry| entry.value.as_str().is_none()) {
            let message = format!("`{}` is a string, not a {}", entry.key, entry.value.kind_name());
            let place = if entry.value.span.file == span.file && !entry.value.span.is_empty() {
                entry.value.span
            } else {
                span
            };
            return Err(Finding::new(Code::InvalidManifest, message).at(place, "").help("put it in quotes"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
