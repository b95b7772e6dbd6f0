use indexmap::IndexMap;

use super::code::{block, code, html, short, shown};
use crate::{
    cli::{
        report::counted,
        review::{
            Phrase,
            phrase::Piece,
            value::{Look, Row, cut, cut_both, length, look},
            words,
        },
        safe,
    },
    model::{Cause, FieldChange, Group, Impact, ObjectChange, Review},
};

/// Characters of a name in a title.
const LONGEST_NAME: usize = 200;

/// Characters of a value in a table.
const LONGEST_VALUE: usize = 160;

/// Characters of both values in a table: longer ones would push the new value out of sight.
const WIDEST_ROW: usize = 40;

/// Objects of a whole instance that are named.
const MOST_OBJECTS: usize = 12;

/// Places of a cause that are named.
const MOST_PLACES: usize = 3;

/// How much of a group is shown, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// One line: what and where.
    Line,
    /// And why, who has to agree, and what must not be missed.
    Brief,
    /// And its first fields.
    Few,
    /// And all of its fields.
    Fields,
    /// And all places by name.
    Full,
}

impl Detail {
    /// How many fields of an object are a few.
    pub(super) const FEW: usize = 8;

    /// How many fields of an object, and lines of a value, are shown.
    fn most(self) -> (usize, usize) {
        match self {
            Self::Line | Self::Brief => (0, 0),
            Self::Few => (Self::FEW, 8),
            Self::Fields | Self::Full => (usize::MAX, 60),
        }
    }
}

/// A group in some detail; all but a line end with an empty line.
pub(super) fn group(review: &Review, at: usize, group: &Group, detail: Detail) -> String {
    let title = words::title(group);
    if detail == Detail::Line {
        return format!("- {}\n", set(&title, |name| short(name, LONGEST_NAME)));
    }
    let dangerous = group.impacts.level() >= Impact::Exposure;
    let open = if dangerous { " open" } else { "" };
    let title = set(&title, |name| html(&cut(name, LONGEST_NAME)));
    let mut parts = vec![format!("<details{open}>\n<summary>{title}</summary>\n"), why(review, at, group)];
    if group.whole {
        parts.push(objects(group));
    } else {
        let many = group.changes.len() > 1;
        parts.extend(group.changes.iter().flat_map(|change| object(change, many, detail)));
    }
    if detail == Detail::Full && !words::title_tells_all(group) {
        parts.push(members(group));
    }
    parts.push("</details>\n".to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join("\n") + "\n"
}

/// A sentence with its data set by a function.
pub(super) fn set(phrase: &Phrase, name: impl Fn(&str) -> String) -> String {
    phrase.set(name)
}

/// A sentence that begins with a capital, where its first words are ours.
pub(super) fn sentence(phrase: &Phrase, name: impl Fn(&str) -> String) -> String {
    let text = set(phrase, name);
    match phrase.0.first() {
        Some(Piece::Words(_)) => {
            let mut rest = text.chars();
            rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
        }
        _ => text,
    }
}

/// Why it happens and who has to agree, as a list.
fn why(review: &Review, at: usize, group: &Group) -> String {
    let cause = |cause: &Cause| {
        let phrase = Phrase::default().words("because ").then(words::cause(cause, MOST_PLACES));
        format!("- {}\n", set(&phrase, code))
    };
    let mut out: String = group.causes.iter().map(cause).collect();
    for require in words::asked(review, at) {
        out.push_str(&format!("- {} has to agree\n", code(require)));
    }
    if words::names(group) > 1 {
        out.extend(words::exemplar(group).map(|phrase| format!("- {}\n", set(&phrase, code))));
    }
    out
}

/// The objects of an instance that comes or goes.
fn objects(group: &Group) -> String {
    let names = group.changes.iter().take(MOST_OBJECTS);
    let names: Vec<String> = names.map(|change| set(&words::object(change, true), code)).collect();
    let left = group.changes.len().saturating_sub(MOST_OBJECTS);
    let more = if left > 0 { format!(" and {left} more") } else { String::new() };
    if names.is_empty() { String::new() } else { format!("{}{more}\n", names.join(", ")) }
}

/// What differs in one object: a table of what fits in cells, then the rest as lines.
fn object(change: &ObjectChange, named: bool, detail: Detail) -> Vec<String> {
    let mut parts = Vec::new();
    let (fields, rows) = detail.most();
    if named {
        let name = set(&words::object(change, true), |name| short(name, LONGEST_NAME));
        parts.push(format!("{name} {}\n", words::happens(change.action)));
    }
    let marks = change.marks.iter().map(|mark| format!("⚠️ {}\n", words::mark(*mark)));
    parts.extend(marks);
    let shown: Vec<(&FieldChange, Look)> =
        change.fields.iter().take(fields).map(|field| (field, narrow(field))).collect();
    parts.push(table(&shown));
    parts.extend(shown.iter().filter_map(|(field, look)| match look {
        Look::Block(lines) => Some(lines_of(field, lines, rows)),
        Look::Line(..) => None,
    }));
    let left = change.fields.len() - shown.len();
    if left > 0 && fields > 0 {
        parts.push(format!("and {}\n", counted(left, "more field")));
    }
    parts
}

/// A field's values, below each other where they are too wide for a table.
fn narrow(field: &FieldChange) -> Look {
    match look(field) {
        Look::Line(old, new) if length(field) > WIDEST_ROW => {
            let (old, new) = match (old, new) {
                (Some(old), Some(new)) => {
                    let (old, new) = cut_both(&old, &new, LONGEST_VALUE);
                    (Some(old), Some(new))
                }
                other => other,
            };
            let rows = old.into_iter().map(Row::Gone).chain(new.into_iter().map(Row::New));
            Look::Block(rows.collect())
        }
        look => look,
    }
}

/// The fields whose values fit in cells.
fn table(fields: &[(&FieldChange, Look)]) -> String {
    let mut levels = fields.iter().map(|(field, _)| field.impacts.level());
    let first = levels.next();
    let several = levels.any(|level| Some(level) != first);
    let rows: String = fields.iter().filter_map(|(field, look)| row(field, look, several)).collect();
    // First, because a wide table is cut at its right edge.
    let (head, rule) = if several { ("| Impact ", "| --- ") } else { ("", "") };
    match rows.is_empty() {
        true => rows,
        false => format!("{head}| Field | Old | New |\n{rule}| --- | --- | --- |\n{rows}"),
    }
}

fn row(field: &FieldChange, look: &Look, several: bool) -> Option<String> {
    let Look::Line(old, new) = look else { return None };
    let (old, new) = (cell(old.as_deref()), cell(new.as_deref()));
    let note = words::note(field).map(|note| format!(" ({note})")).unwrap_or_default();
    let impact = if several { format!("| {} ", field.impacts.level()) } else { String::new() };
    Some(format!("{impact}| {} | {old} | {new}{note} |\n", path(field)))
}

fn cell(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| short(value, LONGEST_VALUE))
}

fn path(field: &FieldChange) -> String {
    match field.path.0.is_empty() {
        true => "the whole document".to_owned(),
        false => short(&field.path.to_string(), LONGEST_NAME),
    }
}

/// A field whose values have several lines.
fn lines_of(field: &FieldChange, rows: &[Row], most: usize) -> String {
    let mut lines: Vec<String> = rows.iter().take(most).map(line).collect();
    if rows.len() > most {
        lines.push(format!("@@ {} @@", counted(rows.len() - most, "more line")));
    }
    let note = words::note(field).map(|note| format!(" ({note})")).unwrap_or_default();
    let impact = field.impacts.level();
    let happens = words::field_happens(field.kind);
    format!("{} {happens}, {impact}{note}\n\n{}", path(field), block(&lines))
}

fn line(row: &Row) -> String {
    let (sign, text) = match row {
        Row::Same(text) => (' ', text),
        Row::Gone(text) => ('-', text),
        Row::New(text) => ('+', text),
        Row::Gap(lines) => return format!("@@ {} the same @@", counted(*lines, "line")),
    };
    let line = format!("{sign}{}", shown(&cut(text, LONGEST_VALUE)));
    safe::log(&line).into_owned()
}

/// All places, by environment and cluster.
fn members(group: &Group) -> String {
    let mut places: IndexMap<String, Vec<&str>> = IndexMap::new();
    for member in &group.members {
        let names = places.entry(words::place_of(&member.instance)).or_default();
        if names.last() != Some(&member.instance.name.as_str()) {
            names.push(&member.instance.name);
        }
    }
    let line = |(place, names): (&String, &Vec<&str>)| {
        let names: Vec<String> = names.iter().map(|name| code(name)).collect();
        format!("- {}: {}\n", code(place), names.join(", "))
    };
    let lines: String = places.iter().map(line).collect();
    let count = counted(group.members.len(), "place");
    format!("<details>\n<summary>all {count}</summary>\n\n{lines}\n</details>\n")
}
