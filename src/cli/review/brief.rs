//! A group in few words, at the line of whoever made the change: what annotations and alerts have in common.

use camino::Utf8Path;

use super::{
    Phrase,
    value::{Look, cut_both, look},
    words,
};
use crate::{
    cli::report::counted,
    model::{FieldChange, Group, Impact, Review},
};

/// Fields that are named; more are counted.
const MOST_FIELDS: usize = 6;

/// Characters of a value.
const LONGEST: usize = 120;

/// How loud a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Volume {
    /// What runs, costs or is read is different.
    Note,
    /// Somebody or something may do more: `EXPOSURE` and `PRIVILEGE`.
    Warning,
    /// Data or objects may go: `REPLACE` and above.
    Error,
}

impl Volume {
    pub(super) fn of(impact: Impact) -> Self {
        match impact {
            Impact::DataLoss | Impact::Replace => Self::Error,
            Impact::Exposure | Impact::Privilege => Self::Warning,
            Impact::Capacity | Impact::Rollout | Impact::Config | Impact::Cosmetic => Self::Note,
        }
    }
}

/// A file, from the repository's root, and a line in it, from one; `None` where no line is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) line: Option<u32>,
}

/// Where a group is told: the first edited line that explains it; the first rendered file where none does.
pub(super) fn spot(group: &Group, root: &Utf8Path) -> Spot {
    let mut places = group.causes.iter().flat_map(|cause| &cause.places);
    match places.find(|place| place.line.is_some()) {
        Some(place) => Spot { path: place.path.to_string(), line: place.line },
        None => {
            let file = group.members.first().map_or(Utf8Path::new(""), |member| &member.path);
            Spot { path: root.join(file).to_string(), line: None }
        }
    }
}

/// What stands below a group's title: its fields, what must not be missed, why, and who has to agree.
pub(super) fn lines(review: &Review, at: usize, group: &Group) -> Vec<Phrase> {
    let fields: Vec<&FieldChange> = group.changes.iter().flat_map(|change| &change.fields).collect();
    let mut out: Vec<Phrase> = fields.iter().take(MOST_FIELDS).map(|one| field(one)).collect();
    if fields.len() > MOST_FIELDS {
        out.push(
            Phrase::default().words(format!("and {}", counted(fields.len() - MOST_FIELDS, "more field"))),
        );
    }
    let marks: std::collections::BTreeSet<_> =
        group.changes.iter().flat_map(|change| &change.marks).collect();
    out.extend(marks.into_iter().map(|mark| Phrase::default().words(words::mark(*mark))));
    out.extend(
        group.causes.iter().map(|cause| Phrase::default().words("because ").then(words::cause(cause, 3))),
    );
    let asked = words::asked(review, at);
    if !asked.is_empty() {
        out.push(Phrase::default().names(asked).words(" has to agree"));
    }
    out
}

/// A field in one line.
fn field(field: &FieldChange) -> Phrase {
    let phrase = match field.path.0.is_empty() {
        true => Phrase::default().words("the whole document"),
        false => Phrase::default().name(field.path.to_string()),
    };
    match look(field) {
        Look::Line(Some(old), Some(new)) => {
            let (old, new) = cut_both(&old, &new, LONGEST);
            let phrase = phrase.words(": ").name(old).words(" -> ").name(new);
            words::note(field).map_or(phrase.clone(), |note| phrase.words(format!(" ({note})")))
        }
        Look::Line(..) | Look::Block(_) => phrase.words(format!(" {}", words::field_happens(field.kind))),
    }
}
