//! Two versions of one file.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::document::{self, Document, Parsed};
use super::object;
use super::rename::{Candidate, pair};
use crate::model::{Action, Edit, FieldPath, Format, ObjectId, What};

/// What two versions of one file differ in.
#[derive(Debug, Clone, PartialEq)]
pub struct FileDifference {
    /// What both versions are written in; of two formats, the one that says less.
    pub format: Format,
    /// The documents that differ: those of the new file in its order, then those that are gone.
    pub documents: Vec<DocumentDifference>,
    /// Whether the file's name promises fields, and a version has none: it is compared as a text, or as bytes.
    pub opaque: bool,
}

/// What becomes of one document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentDifference {
    /// What happens to it.
    pub action: Action,
    /// Its identity in the new file, or in the old one for what goes; `None` where it is no object.
    pub id: Option<ObjectId>,
    /// Its identity in the old file, where it has another.
    pub before: Option<ObjectId>,
    /// The differences; the empty path is the whole document. One with the whole value for what comes or goes.
    pub edits: Vec<Edit>,
}

/// Compares two versions of one file, as what its name says (see [`documents`](super::documents)).
///
/// Objects pair by identity, then by likeness; other documents by their order. Nothing differs exactly when the bytes
/// are equal: other layout, comments and line ends are told as an edit at the empty path that is `equal`, with both
/// texts. Texts are one edit with both.
pub fn file(path: &Utf8Path, old: &[u8], new: &[u8]) -> FileDifference {
    let (before, after) = (document::parse(path, old), document::parse(path, new));
    if before.format != after.format || before.opaque || after.opaque {
        return as_texts(&before, &after, (old, new));
    }
    let format = after.format;
    let mut documents = documents(&before.documents, &after.documents);
    if old != new && (documents.is_empty() || before.cut != after.cut) {
        // Numbers that are cut may differ where their values do not.
        let equal = before.cut == after.cut && format != Format::Text;
        documents.push(whole(&after, (old, new), equal));
    }
    FileDifference { format, documents, opaque: false }
}

fn as_texts(before: &Parsed, after: &Parsed, (old, new): (&[u8], &[u8])) -> FileDifference {
    let format =
        if [before.format, after.format].contains(&Format::Binary) { Format::Binary } else { Format::Text };
    let documents = if old == new { Vec::new() } else { vec![whole(after, (old, new), false)] };
    FileDifference { format, documents, opaque: true }
}

/// A change of the file's text, told of its only object where it has one.
fn whole(after: &Parsed, (old, new): (&[u8], &[u8]), equal: bool) -> DocumentDifference {
    let id = match after.documents.as_slice() {
        [only] => only.id.clone(),
        _ => None,
    };
    let what = What::Changed { old: text(old), new: text(new), equal, inside: None };
    DocumentDifference { action: Action::Changed, id, before: None, edits: vec![at_root(what)] }
}

fn at_root(what: What) -> Edit {
    Edit { path: FieldPath::default(), what }
}

fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Value::from(text),
        _ => Value::from(fingerprint(bytes)),
    }
}

/// What stands for bytes that are no text.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes, sha256:{digest}", bytes.len())
}

/// Compares documents that pair by identity, by likeness, or by their order.
fn documents(old: &[Document], new: &[Document]) -> Vec<DocumentDifference> {
    let mut partners = partners(old, new);
    let mut gone: Vec<bool> = vec![true; old.len()];
    partners.iter().flatten().for_each(|at| gone[*at] = false);
    let (left, come): (Vec<usize>, Vec<usize>) = (
        (0..old.len()).filter(|at| gone[*at] && old[*at].id.is_some()).collect(),
        (0..new.len()).filter(|at| partners[*at].is_none() && new[*at].id.is_some()).collect(),
    );
    for (i, j) in pair(&candidates(old, &left), &candidates(new, &come)) {
        partners[come[j]] = Some(left[i]);
        gone[left[i]] = false;
    }
    let stays = new.iter().zip(&partners).filter_map(|(new, partner)| match partner {
        Some(at) => changed(&old[*at], new),
        None => Some(one(Action::Added, new, What::Added { new: new.value.clone(), at: None })),
    });
    let goes = old.iter().zip(&gone).filter(|(_, gone)| **gone);
    let goes =
        goes.map(|(old, _)| one(Action::Removed, old, What::Removed { old: old.value.clone(), at: None }));
    stays.chain(goes).collect()
}

fn candidates<'a>(documents: &'a [Document], places: &[usize]) -> Vec<Candidate<'a>> {
    let candidate = |at: &usize| {
        let document = documents.get(*at)?;
        Some(Candidate { id: document.id.as_ref()?, value: &document.value })
    };
    places.iter().filter_map(candidate).collect()
}

/// For each new document the old one of its identity; of several with one identity, the one in the same place.
fn partners(old: &[Document], new: &[Document]) -> Vec<Option<usize>> {
    let mut places: BTreeMap<Option<&ObjectId>, Vec<usize>> = BTreeMap::new();
    for (at, document) in old.iter().enumerate().rev() {
        places.entry(document.id.as_ref()).or_default().push(at);
    }
    new.iter().map(|document| places.get_mut(&document.id.as_ref())?.pop()).collect()
}

fn changed(old: &Document, new: &Document) -> Option<DocumentDifference> {
    let edits = object(&old.value, &new.value);
    let before = old.id.clone().filter(|_| old.id != new.id);
    let action = if before.is_some() { Action::Renamed } else { Action::Changed };
    (!edits.is_empty()).then(|| DocumentDifference { action, id: new.id.clone(), before, edits })
}

fn one(action: Action, document: &Document, what: What) -> DocumentDifference {
    DocumentDifference { action, id: document.id.clone(), before: None, edits: vec![at_root(what)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, old: &str, new: &str) -> String {
        let difference = file(Utf8Path::new(path), old.as_bytes(), new.as_bytes());
        let mut lines =
            format!("{}{}\n", difference.format.name(), if difference.opaque { ", opaque" } else { "" });
        for document in difference.documents {
            let id = document.id.map_or("-".to_owned(), |id| id.to_string());
            let before = document.before.map_or(String::new(), |id| format!(" from {id}"));
            lines += &format!("{:?} {id}{before}\n", document.action);
            for edit in document.edits {
                let words = match edit.what {
                    What::Added { .. } => "added",
                    What::Removed { .. } => "removed",
                    What::Changed { equal: true, .. } => "rewritten",
                    What::Changed { .. } => "changed",
                    What::Reordered { .. } => "reordered",
                };
                lines += &format!("  `{}` {words}\n", edit.path);
            }
        }
        lines
    }

    const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec:\n  ports: [{port: 80}]\n  type: ClusterIP\n";

    #[test]
    fn objects_pair_by_identity_then_by_likeness() {
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n";
        let old = format!("{SERVICE}---\n{map}");
        let new = format!("{}---\n{}", map.replace("'1'", "'2'"), SERVICE.replace("shop", "till"));
        insta::assert_snapshot!(told("all.yaml", &old, &new), @"
        yaml
        Changed ConfigMap/a
          `data.x` changed
        Renamed Service/till from Service/shop
          `metadata.name` changed
        ");
        insta::assert_snapshot!(told("all.yaml", &old, map), @"
        yaml
        Removed Service/shop
          `` removed
        ");
        insta::assert_snapshot!(told("all.yaml", map, &old), @"
        yaml
        Added Service/shop
          `` added
        ");
    }

    #[test]
    fn other_layout_is_told_as_equal() {
        let commented = format!("# why\n{SERVICE}");
        insta::assert_snapshot!(told("a.yaml", SERVICE, &commented), @"
        yaml
        Changed Service/shop
          `` rewritten
        ");
        insta::assert_snapshot!(told("a.yaml", SERVICE, &SERVICE.replace('\n', "\r\n")), @"
        yaml
        Changed Service/shop
          `` rewritten
        ");
        insta::assert_snapshot!(told("main.tf", "a = 1\n", "a   =   1 # one\n"), @"
        hcl
        Changed -
          `` rewritten
        ");
        insta::assert_snapshot!(told("NOTES.txt", "a\n", "a\r\n"), @"
        text
        Changed -
          `` changed
        ");
        assert_eq!(told("a.yaml", SERVICE, SERVICE), "yaml\n");
    }

    #[test]
    fn every_kind_of_file_has_its_own_comparison() {
        insta::assert_snapshot!(told("values.yaml", "image: {tag: '1'}\nenv: [{name: A, value: x}]\n", "image: {tag: '2'}\nenv: [{name: A, value: y}]\n"), @"
        yaml
        Changed -
          `image.tag` changed
          `env[A].value` changed
        ");
        insta::assert_snapshot!(told("board.json", "{\"panels\": [{\"id\": 1}]}", "{\"panels\": [{\"id\": 1, \"title\": \"x\"}]}"), @"
        json
        Changed -
          `panels[1].title` added
        ");
        insta::assert_snapshot!(told("main.tf", "resource \"a\" \"b\" {\n  size = 1\n}\n", "resource \"a\" \"b\" {\n  size = var.size\n}\n"), @"
        hcl
        Changed -
          `resource.a.b.size` changed
        ");
        insta::assert_snapshot!(told("a.yaml", "a: 1\na: 2\n", "a: 1\n"), @"
        text, opaque
        Changed -
          `` changed
        ");
        insta::assert_snapshot!(told("logo.png", "\0a", "\0b"), @"
        binary
        Changed -
          `` changed
        ");
        insta::assert_snapshot!(told("a.json", "{\"a\": 12345678901234567890}", "{\"a\": 12345678901234567891}"), @"
        json
        Changed -
          `a` changed
        Changed -
          `` changed
        ");
        insta::assert_snapshot!(told("a.json", "{\"a\": 0.1234567890123456789}", "{\"a\": 0.1234567890123456788}"), @"
        json
        Changed -
          `` changed
        ");
    }
}
