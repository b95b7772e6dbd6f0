use super::{group, left, level};
use crate::{
    cli::{
        review::{
            View,
            value::{Look, Row, cut, cut_both, look},
            words,
        },
        safe,
        terminal::Paint,
    },
    model::{FieldChange, ObjectChange},
};

/// Fields of an object beyond this many are counted, not shown, unless verbose.
const MOST_FIELDS: usize = 24;

/// Lines of a value beyond this many are counted, not shown, unless verbose.
const MOST_ROWS: usize = 12;

/// Where fields begin.
const INDENT: &str = "    ";

/// The fields of an object, aligned: on one line each where all of them fit, with the values below where not.
pub(super) fn fields(change: &ObjectChange, view: &View) -> String {
    let most = view.most(MOST_FIELDS);
    let shown: Vec<Line<'_>> =
        change.fields.iter().take(most).map(|field| Line::of(field, change, view)).collect();
    let path = shown.iter().filter(|line| line.inline().is_some()).map(|line| width(&line.path)).max();
    let path = path.unwrap_or(0);
    let fits = |line: &Line<'_>| {
        let value = line.inline().map_or(0, |value| width(&value) + 2);
        line.indent() + path + value <= view.width
    };
    let beside = shown.iter().all(fits);
    let mut out: String = shown.iter().map(|line| line.print(beside.then_some(path), view)).collect();
    if change.fields.len() > most {
        out.push_str(&format!("{INDENT}{}\n", left(change.fields.len() - most, "field")));
    }
    out
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// One field, ready to be set.
struct Line<'a> {
    field: &'a FieldChange,
    /// The impact's name in its column; empty where all fields of the object have one impact.
    impact: String,
    path: String,
    look: Look,
}

impl<'a> Line<'a> {
    fn of(field: &'a FieldChange, change: &ObjectChange, view: &View) -> Self {
        let levels = change.fields.iter().map(|field| field.impacts.level());
        let widest = levels.clone().map(|impact| impact.name().len()).max().unwrap_or(0);
        let several = levels.clone().any(|level| Some(level) != levels.clone().next());
        let impact = match several {
            true => format!("{:widest$}  ", field.impacts.level().name()),
            false => String::new(),
        };
        let path = match field.path.0.is_empty() {
            true => "the whole document".to_owned(),
            false => safe::line(&field.path.to_string()).into_owned(),
        };
        let look = shortened(look(field), view);
        Self { field, impact, path, look }
    }

    /// Columns in front of the path.
    fn indent(&self) -> usize {
        INDENT.len() + self.impact.len() + 2
    }

    /// Both values on one line, safe; `None` where they are a block.
    fn inline(&self) -> Option<String> {
        let Look::Line(old, new) = &self.look else { return None };
        let value = match (old, new) {
            (Some(old), Some(new)) => format!("{} -> {}", safe::line(old), safe::line(new)),
            (Some(value), None) | (None, Some(value)) => safe::line(value).into_owned(),
            (None, None) => String::new(),
        };
        let note = words::note(self.field).map(|note| format!("  ({note})")).unwrap_or_default();
        Some(format!("{value}{note}"))
    }

    /// The field with its values beside it, in a column behind paths of a width, or below it.
    fn print(&self, beside: Option<usize>, view: &View) -> String {
        let sign = words::field_sign(self.field.kind);
        let sign = view.paint(sign_paint(sign), &sign.to_string());
        let impact = match self.impact.is_empty() {
            true => String::new(),
            false => view.paint(level(self.field.impacts.level()), &self.impact),
        };
        let head = format!("{INDENT}{impact}{sign} ");
        let below = " ".repeat(self.indent() + 2);
        let mut out = match (beside, self.inline()) {
            (Some(path), Some(value)) => format!("{head}{:path$}  {value}\n", self.path),
            (None, Some(value)) if self.indent() + 2 + width(&value) <= view.width => {
                format!("{head}{}\n{below}{value}\n", self.path)
            }
            _ => format!("{head}{}\n{}", self.path, self.rows(&below, view)),
        };
        if view.verbose && !self.field.rules.is_empty() {
            let rules = self.field.rules.iter().map(|rule| rule.0.as_str());
            out.push_str(&group::rule_line(rules, &below, view));
        }
        out
    }

    /// The values below each other.
    fn rows(&self, indent: &str, view: &View) -> String {
        let rows = match &self.look {
            Look::Block(rows) => rows.clone(),
            Look::Line(old, new) => {
                let (old, new) = (old.iter().cloned().map(Row::Gone), new.iter().cloned().map(Row::New));
                old.chain(new).collect()
            }
        };
        let most = view.most(MOST_ROWS);
        let mut out: String = rows.iter().take(most).map(|one| row(one, indent, view)).collect();
        if rows.len() > most {
            out.push_str(&format!("{indent}{}\n", left(rows.len() - most, "line")));
        }
        if let Some(note) = words::note(self.field) {
            out.push_str(&format!("{indent}({note})\n"));
        }
        out
    }
}

/// Cuts what is longer than two lines of the page, unless verbose.
fn shortened(look: Look, view: &View) -> Look {
    let most = view.most(view.width.saturating_mul(2));
    match look {
        Look::Line(Some(old), Some(new)) => {
            let (old, new) = cut_both(&old, &new, most);
            Look::Line(Some(old), Some(new))
        }
        Look::Line(old, new) => Look::Line(old.map(|old| cut(&old, most)), new.map(|new| cut(&new, most))),
        Look::Block(rows) => {
            Look::Block(rows.into_iter().map(|row| row.map(|text| cut(&text, most))).collect())
        }
    }
}

/// One line of a difference.
fn row(row: &Row, indent: &str, view: &View) -> String {
    let (sign, text, paint) = match row {
        Row::Same(text) => (" ", text, None),
        Row::Gone(text) => ("-", text, Some(Paint::Red)),
        Row::New(text) => ("+", text, Some(Paint::Green)),
        Row::Gap(lines) => {
            let text = format!("  .. {} the same", crate::cli::report::counted(*lines, "line"));
            return format!("{indent}{}\n", view.paint(Paint::Dim, &text));
        }
    };
    let text = format!("{sign} {}", safe::line(text));
    let text = text.trim_end();
    match paint {
        Some(paint) => format!("{indent}{}\n", view.paint(paint, text)),
        None => format!("{indent}{text}\n"),
    }
}

fn sign_paint(sign: char) -> Paint {
    match sign {
        '+' => Paint::Green,
        '-' => Paint::Red,
        _ => Paint::Yellow,
    }
}
