//! What differs between the files of one instance: documents paired, their fields compared and judged.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::{
    compare::{field_changes, object, redacted},
    impact::{Difference, ImpactRules},
    pairing::{Part, Two, paired, parts, translate},
    specific::Names,
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
    /// What stands for texts of the base on the head side: two environments have other names for the same.
    pub(super) names: &'a Names,
    /// The folders of base and head: below them, files belong together by path.
    pub(super) folders: (&'a Utf8Path, &'a Utf8Path),
    /// Whether to keep the texts.
    pub(super) texts: bool,
}

impl Objects<'_> {
    /// The changes between two lists of files, both in path order. Changes come in path order.
    pub(super) fn changes(&self, base: &[Artifact], head: &[Artifact]) -> Vec<ObjectChange> {
        let (mut old, new) = (parts(base, self.folders.0, head), parts(head, self.folders.1, base));
        if !self.names.is_empty() {
            old.iter_mut().for_each(|part| translate(part, self.names));
        }
        let pairs = paired(&old, &new);
        let mut changes: Vec<ObjectChange> = pairs.iter().filter_map(|two| self.change(*two)).collect();
        changes.extend(self.rewritten(&pairs, &changes));
        changes.sort_by(|a, b| (&a.path, &a.id).cmp(&(&b.path, &b.id)));
        changes
    }

    /// What happens to one document; `None` where its value is the same.
    fn change(&self, (old, new): Two<'_, '_>) -> Option<ObjectChange> {
        let edits = match (old, new) {
            (Some(old), Some(new)) => object(&old.document.value, &new.document.value),
            _ => Vec::new(),
        };
        let action = match (old, new) {
            (None, _) => Action::Added,
            (_, None) => Action::Removed,
            (Some(old), Some(new)) if old.called != new.called || old.below != new.below => Action::Renamed,
            _ if edits.is_empty() => return None,
            _ => Action::Changed,
        };
        self.judged((old, new), action, &edits)
    }

    fn judged(&self, (old, new): Two<'_, '_>, action: Action, edits: &[Edit]) -> Option<ObjectChange> {
        let part = new.or(old)?;
        let id = part.document.id.as_ref();
        let verdict = self.rules.judge(&Difference {
            action,
            format: part.document.format,
            id,
            old: old.map(|part| &part.document.value),
            new: new.map(|part| &part.document.value),
            edits,
            instance: self.name,
            protected: self.protected,
        });
        let mut fields = fields(id, edits, &verdict.edits);
        let impacts = match self.names.is_empty() {
            true => verdict.impacts(),
            false => self.specific(&mut fields, verdict.whole.0),
        };
        let before = old.and_then(|part| part.document.id.as_ref());
        Some(ObjectChange {
            action,
            id: id.cloned(),
            before: before.filter(|before| action == Action::Renamed && Some(*before) != id).cloned(),
            path: part.file.path.clone(),
            format: part.document.format,
            fields,
            impacts,
            rules: verdict.whole.1,
            marks: verdict.marks,
            texts: self.texts.then(|| (text(old), text(new))),
        })
    }

    /// Marks the fields in which two environments are expected to differ; they mean nothing.
    fn specific(&self, fields: &mut [FieldChange], whole: Impacts) -> Impacts {
        let mut impacts = whole;
        for field in fields {
            field.specific = self.names.explain(field);
            if field.specific {
                field.impacts = Impact::Cosmetic.into();
                field.rules.clear();
            }
            impacts.extend(field.impacts);
        }
        impacts
    }

    /// Files that differ while every document in them is equal: in comments or layout.
    fn rewritten(&self, pairs: &[Two<'_, '_>], changes: &[ObjectChange]) -> Vec<ObjectChange> {
        if !self.names.is_empty() {
            return Vec::new(); // headers name the same sources in both environments
        }
        let told: BTreeSet<&Utf8PathBuf> = changes.iter().map(|change| &change.path).collect();
        let first = pairs.iter().filter(|(old, new)| {
            let is_first = |part: &Option<&Part<'_>>| part.is_some_and(|part| part.at == 0);
            is_first(old) && is_first(new)
        });
        let silent = first.filter(|(_, new)| new.is_some_and(|new| !told.contains(&new.file.path)));
        let changes = silent.filter_map(|two| {
            let mut change = self.judged(*two, Action::Changed, &[])?;
            change.fields.push(comments(two.0?, two.1?));
            change.impacts = Impact::Cosmetic.into();
            Some(change)
        });
        changes.collect()
    }
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

/// The comments at the heads of two files; without values where they are equal, and the layout is not.
fn comments(old: &Part<'_>, new: &Part<'_>) -> FieldChange {
    let (before, after) = (comment(&old.file.bytes), comment(&new.file.bytes));
    let differ = before != after;
    let shown = |text: String| differ.then(|| Shown::Value(redacted(None, &Value::String(text))));
    FieldChange {
        path: FieldPath::default(),
        kind: FieldKind::Rewritten,
        old: shown(before),
        new: shown(after),
        impacts: Impact::Cosmetic.into(),
        rules: Vec::new(),
        specific: false,
    }
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
