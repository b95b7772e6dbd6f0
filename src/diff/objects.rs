//! What differs between the files of one instance: objects paired, their fields compared and judged.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde_json::Value;

use super::{
    compare::{Candidate, Document, documents, field_changes, object, pair, redacted},
    impact::{Difference, ImpactRules},
};
use crate::model::{
    Action, Artifact, Edit, FieldChange, FieldKind, FieldPath, Format, Impact, Impacts, InstanceName,
    ObjectChange, ObjectId, RuleName, Shown, Span,
};
use crate::parse::json;

/// What comparing the objects of one instance needs.
pub(super) struct Objects<'a> {
    pub(super) rules: &'a ImpactRules,
    pub(super) name: &'a InstanceName,
    /// Whether the environment is protected.
    pub(super) protected: bool,
    /// The folders of base and head: below them, files belong together by path.
    pub(super) folders: (&'a Utf8Path, &'a Utf8Path),
    /// Whether to keep the texts.
    pub(super) texts: bool,
}

/// One document and the file that it is in.
struct Part<'a> {
    file: &'a Artifact,
    /// The file's path below the instance's folder.
    below: &'a Utf8Path,
    /// The document's position in the file.
    at: usize,
    document: Document,
}

type Two<'p, 'a> = (Option<&'p Part<'a>>, Option<&'p Part<'a>>);

impl Objects<'_> {
    /// The changes between two lists of files, both in path order. Changes come in path order.
    pub(super) fn changes(&self, base: &[Artifact], head: &[Artifact]) -> Vec<ObjectChange> {
        let (old, new) = (parts(base, self.folders.0, head), parts(head, self.folders.1, base));
        let mut changes: Vec<ObjectChange> =
            matched(&old, &new).into_iter().filter_map(|two| self.change(two)).collect();
        changes.sort_by(|a, b| (&a.path, &a.id).cmp(&(&b.path, &b.id)));
        changes
    }

    fn change(&self, (old, new): Two<'_, '_>) -> Option<ObjectChange> {
        let part = new.or(old)?;
        let (id, before) = (id(new.or(old)), id(old));
        let edits = match (old, new) {
            (Some(old), Some(new)) => object(&old.document.value, &new.document.value),
            _ => Vec::new(),
        };
        let action = match (old, new) {
            (None, _) => Action::Added,
            (_, None) => Action::Removed,
            (Some(old), Some(new))
                if before != id || old.file.path.file_name() != new.file.path.file_name() =>
            {
                Action::Renamed
            }
            _ => Action::Changed,
        };
        let verdict = self.rules.judge(&Difference {
            action,
            format: part.document.format,
            id,
            old: old.map(|part| &part.document.value),
            new: new.map(|part| &part.document.value),
            edits: &edits,
            instance: self.name,
            protected: self.protected,
        });
        let mut fields = fields(id, &edits, &verdict.edits);
        if fields.is_empty() && action == Action::Changed {
            fields.extend(rewritten(old?, new?));
        }
        Some(ObjectChange {
            action,
            id: id.cloned(),
            before: before.filter(|before| Some(*before) != id).cloned(),
            path: part.file.path.clone(),
            format: part.document.format,
            fields,
            impacts: verdict.impacts(),
            rules: verdict.whole.1,
            marks: verdict.marks,
            texts: self.texts.then(|| (text(old), text(new))),
        })
    }
}

fn id<'p>(part: Option<&'p Part<'_>>) -> Option<&'p ObjectId> {
    part?.document.id.as_ref()
}

/// The documents of the files that are not the same in both lists.
fn parts<'a>(files: &'a [Artifact], folder: &Utf8Path, others: &[Artifact]) -> Vec<Part<'a>> {
    let same = |file: &Artifact| {
        let other = others.binary_search_by(|other| other.path.cmp(&file.path));
        other.is_ok_and(|at| others.get(at).is_some_and(|other| other.digest == file.digest))
    };
    let different = files.iter().filter(|file| !same(file));
    let parts = different.flat_map(|file| {
        let below = file.path.strip_prefix(folder).unwrap_or(&file.path);
        let documents = documents(&file.path, &file.bytes).into_iter().enumerate();
        documents.map(move |(at, document)| Part { file, below, at, document })
    });
    parts.collect()
}

/// Puts documents together: by file and identity, then by identity, then by similarity.
fn matched<'p, 'a>(old: &'p [Part<'a>], new: &'p [Part<'a>]) -> Vec<Two<'p, 'a>> {
    let mut matching = Matching {
        old: old.iter().map(Some).collect(),
        new: new.iter().map(Some).collect(),
        found: Vec::new(),
    };
    matching.by(|part| (Some(part.below), id(Some(part)).map(Called::Exactly), position(part)));
    matching.by(|part| (None, id(Some(part)).map(Called::Exactly), position(part)));
    matching.by(|part| (Some(part.below), id(Some(part)).map(Called::InAnyNamespace), position(part)));
    matching.by_similarity();
    let Matching { old, new, mut found } = matching;
    found.extend(old.into_iter().flatten().map(|part| (Some(part), None)));
    found.extend(new.into_iter().flatten().map(|part| (None, Some(part))));
    found
}

/// How closely two identities have to agree.
#[derive(Clone, Copy)]
enum Called<'p> {
    Exactly(&'p ObjectId),
    InAnyNamespace(&'p ObjectId),
}

impl<'p> Called<'p> {
    fn key(self) -> (&'p str, &'p str, Option<&'p str>, &'p str) {
        match self {
            Self::Exactly(id) => (&id.group, &id.kind, id.namespace.as_deref(), &id.name),
            Self::InAnyNamespace(id) => (&id.group, &id.kind, None, &id.name),
        }
    }
}

/// Where a document without an identity stands in its file.
fn position(part: &Part<'_>) -> Option<usize> {
    part.document.id.is_none().then_some(part.at)
}

/// The file where it counts, the identity, the position.
type Key<'p> = (Option<&'p Utf8Path>, Option<Called<'p>>, Option<usize>);

/// Documents that wait for their other half, and those that found it.
struct Matching<'p, 'a> {
    old: Vec<Option<&'p Part<'a>>>,
    new: Vec<Option<&'p Part<'a>>>,
    found: Vec<Two<'p, 'a>>,
}

impl<'p, 'a> Matching<'p, 'a> {
    /// Puts documents together that have one key. A document without a file in its key needs an identity.
    fn by(&mut self, key: impl Fn(&'p Part<'a>) -> Key<'p>) {
        let whole = |part| {
            let (file, called, position) = key(part);
            (file.is_some() || called.is_some()).then(|| (file, called.map(Called::key), position))
        };
        let waiting = self.old.iter().enumerate();
        let mut by_key: BTreeMap<_, usize> =
            waiting.filter_map(|(at, part)| Some((whole((*part)?)?, at))).collect();
        for at in 0..self.new.len() {
            let key = self.new.get(at).copied().flatten().and_then(whole);
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
    let candidate = |part: &'p Part<'_>| Some(Candidate { id: id(Some(part))?, value: &part.document.value });
    let objects = parts.iter().enumerate();
    objects.filter_map(|(at, part)| Some((at, candidate((*part)?)?))).collect()
}

/// The fields of edits, each with what its edit means.
fn fields(
    id: Option<&ObjectId>,
    edits: &[Edit],
    judgements: &[(Impacts, Vec<RuleName>)],
) -> Vec<FieldChange> {
    let judged = edits.iter().zip(judgements);
    let fields = judged.flat_map(|(edit, (impacts, rules))| {
        let mut fields = field_changes(id, std::slice::from_ref(edit));
        for field in &mut fields {
            field.impacts = *impacts;
            field.rules.clone_from(rules);
        }
        fields
    });
    fields.collect()
}

/// A file whose documents are equal: its comments or its layout differ. `None` where only a neighbour does.
fn rewritten(old: &Part<'_>, new: &Part<'_>) -> Option<FieldChange> {
    let shown = |part: &Part<'_>| Some(Shown::Value(Value::String(comment(&part.file.bytes))));
    let (before, after) = (shown(old), shown(new));
    (old.at == 0 && new.at == 0).then(|| FieldChange {
        path: FieldPath::default(),
        kind: FieldKind::Rewritten,
        old: before,
        new: after,
        impacts: Impact::Cosmetic.into(),
        rules: Vec::new(),
        specific: false,
    })
}

/// The comment at the head of a file.
fn comment(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().take_while(|line| line.starts_with('#'));
    lines.map(|line| line.trim_start_matches('#').trim()).collect::<Vec<_>>().join("\n")
}

/// A document's text, secrets replaced.
fn text(part: Option<&Part<'_>>) -> String {
    let Some(part) = part else { return String::new() };
    let value = redacted(part.document.id.as_ref(), &part.document.value);
    match (&part.document.format, value) {
        (Format::Yaml, value) => macadam_yaml::to_yaml(&json::node(&value, Span::default())),
        (Format::Json, value) => serde_json::to_string_pretty(&value).unwrap_or_default() + "\n",
        (_, Value::String(text)) => text,
        (_, value) => value.to_string(),
    }
}
