//! Which documents of two lists of files belong together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::{
    compare::{Candidate, Document, documents, pair},
    specific::Names,
};
use crate::model::{Artifact, Format, ObjectId};

/// One document and the file that it is in.
pub(super) struct Part<'a> {
    pub(super) file: &'a Artifact,
    /// The file's path below the instance's folder, in head's words.
    pub(super) below: Cow<'a, Utf8Path>,
    /// The object's identity, in head's words.
    pub(super) called: Option<ObjectId>,
    /// The document's position in the file.
    pub(super) at: usize,
    pub(super) document: Document,
}

/// A document of the base and the one that it became.
pub(super) type Two<'p, 'a> = (Option<&'p Part<'a>>, Option<&'p Part<'a>>);

/// The documents of the files that are not the same in both lists.
pub(super) fn parts<'a>(files: &'a [Artifact], folder: &Utf8Path, others: &[Artifact]) -> Vec<Part<'a>> {
    let same = |file: &Artifact| {
        let other = others.binary_search_by(|other| other.path.cmp(&file.path));
        other.is_ok_and(|at| others.get(at).is_some_and(|other| other.digest == file.digest))
    };
    let different = files.iter().filter(|file| !same(file));
    let parts = different.flat_map(|file| {
        let below = file.path.strip_prefix(folder).unwrap_or(&file.path);
        read(file).into_iter().enumerate().map(move |(at, document)| {
            let called = document.id.clone();
            Part { file, below: Cow::Borrowed(below), called, at, document }
        })
    });
    parts.collect()
}

/// The documents of a file; one that holds none, but comments, is a text.
fn read(file: &Artifact) -> Vec<Document> {
    let found = documents(&file.path, &file.bytes);
    if !found.is_empty() {
        return found;
    }
    let value = Value::String(String::from_utf8_lossy(&file.bytes).into_owned());
    vec![Document { id: None, format: Format::Text, value }]
}

/// Calls a document of the base as head would.
pub(super) fn translate(part: &mut Part<'_>, names: &Names) {
    part.called = part.called.as_ref().map(|id| names.id(id));
    part.below = Cow::Owned(Utf8PathBuf::from(names.text(part.below.as_str())));
}

/// Puts documents together: by file and identity, then by identity, then by similarity.
pub(super) fn paired<'p, 'a>(old: &'p [Part<'a>], new: &'p [Part<'a>]) -> Vec<Two<'p, 'a>> {
    let mut pairing = Pairing {
        old: old.iter().map(Some).collect(),
        new: new.iter().map(Some).collect(),
        found: Vec::new(),
    };
    let exactly = |id| Called::of(id, true);
    let anywhere = |id| Called::of(id, false);
    pairing.by(|part| (Some(&*part.below), part.called.as_ref().map(exactly), position(part)));
    pairing.by(|part| (None, part.called.as_ref().map(exactly), position(part)));
    pairing.by(|part| (Some(&*part.below), part.called.as_ref().map(anywhere), position(part)));
    pairing.by_similarity();
    let Pairing { old, new, mut found } = pairing;
    found.extend(old.into_iter().flatten().map(|part| (Some(part), None)));
    found.extend(new.into_iter().flatten().map(|part| (None, Some(part))));
    found
}

/// An identity, with the namespace where it counts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Called<'p> {
    group: &'p str,
    kind: &'p str,
    namespace: Option<&'p str>,
    name: &'p str,
}

impl<'p> Called<'p> {
    fn of(id: &'p ObjectId, exactly: bool) -> Self {
        let namespace = id.namespace.as_deref().filter(|_| exactly);
        Self { group: &id.group, kind: &id.kind, namespace, name: &id.name }
    }
}

/// Where a document without an identity stands in its file.
fn position(part: &Part<'_>) -> Option<usize> {
    part.document.id.is_none().then_some(part.at)
}

/// The file where it counts, the identity, the position.
type Key<'p> = (Option<&'p Utf8Path>, Option<Called<'p>>, Option<usize>);

/// Documents that wait for their other half, and those that found it.
struct Pairing<'p, 'a> {
    old: Vec<Option<&'p Part<'a>>>,
    new: Vec<Option<&'p Part<'a>>>,
    found: Vec<Two<'p, 'a>>,
}

impl<'p, 'a> Pairing<'p, 'a> {
    /// Puts documents together that have one key. Without a file in the key, a document needs an identity.
    fn by(&mut self, key: impl Fn(&'p Part<'a>) -> Key<'p>) {
        let usable = |part| Some(key(part)).filter(|(file, called, _)| file.is_some() || called.is_some());
        let waiting = self.old.iter().enumerate();
        let mut by_key: BTreeMap<Key<'p>, usize> =
            waiting.filter_map(|(at, part)| Some((usable((*part)?)?, at))).collect();
        for at in 0..self.new.len() {
            let key = self.new.get(at).copied().flatten().and_then(usable);
            if let Some(old) = key.and_then(|key| by_key.remove(&key)) {
                self.join(old, at);
            }
        }
    }

    fn by_similarity(&mut self) {
        let (old, new) = (waiting(&self.old), waiting(&self.new));
        let candidates =
            |side: &[(usize, Candidate<'p>)]| side.iter().map(|(_, one)| *one).collect::<Vec<_>>();
        for (one, other) in pair(&candidates(&old), &candidates(&new)) {
            if let (Some((old, _)), Some((new, _))) = (old.get(one), new.get(other)) {
                self.join(*old, *new);
            }
        }
    }

    fn join(&mut self, old: usize, new: usize) {
        let take = |side: &mut Vec<Option<&'p Part<'a>>>, at: usize| side.get_mut(at).and_then(Option::take);
        self.found.push((take(&mut self.old, old), take(&mut self.new, new)));
    }
}

/// The objects that are left, with their positions.
fn waiting<'p>(parts: &[Option<&'p Part<'_>>]) -> Vec<(usize, Candidate<'p>)> {
    let candidate =
        |part: &'p Part<'_>| Some(Candidate { id: part.called.as_ref()?, value: &part.document.value });
    let objects = parts.iter().enumerate();
    objects.filter_map(|(at, part)| Some((at, candidate((*part)?)?))).collect()
}
