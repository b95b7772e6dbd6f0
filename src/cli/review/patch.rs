//! A review by line, as `git diff` prints it, or by word within lines. Nothing is folded, cut or left out.

use std::ops::Range;

use similar::{DiffOp, DiffTag};

use super::{View, lines::Compared, words};
use crate::{
    cli::{
        report::counted,
        safe::{self, SafeSource},
        terminal::Paint,
    },
    model::{Action, Format, Group, ObjectChange, Review},
};

/// Equal lines around a difference.
const CONTEXT: usize = 3;

/// Said below a line that is the last of its file and has no line break.
const NO_BREAK: &str = "\\ No newline at end of file\n";

/// What the lines of a hunk look like.
type Body = fn(&Compared<'_>, &[DiffOp], &View) -> String;

/// Prints the review as a patch. A change that happens in many places is printed once, with all other places below.
///
/// Needs `ObjectChange::texts`; where a file has none, it says so.
pub(crate) fn unified(review: &Review, view: &View) -> String {
    patch(review, view, by_line)
}

/// Prints the review as [`unified`] does, with `[-old-]{+new+}` within changed lines, as `git diff --word-diff=plain`.
pub(crate) fn word(review: &Review, view: &View) -> String {
    patch(review, view, by_word)
}

fn patch(review: &Review, view: &View, body: Body) -> String {
    let mut out = String::new();
    for group in &review.groups {
        group.changes.iter().for_each(|change| out.push_str(&file(change, view, body)));
        out.push_str(&others(group));
    }
    safe::log(&out).into_owned()
}

/// One file: its head, and its hunks.
fn file(change: &ObjectChange, view: &View, body: Body) -> String {
    let path = safe::line(change.path.as_str());
    let bold = |text: String| view.paint(Paint::Bold, &text) + "\n";
    let mut out = bold(format!("diff --git a/{path} b/{path}"));
    if let Some(before) = &change.before {
        out.push_str(&format!("# renamed from {}\n", safe::line(&before.to_string())));
    }
    for mark in &change.marks {
        out.push_str(&format!("# {}\n", words::mark(*mark)));
    }
    let (old, new) = match change.action {
        Action::Added => ("/dev/null".to_owned(), format!("b/{path}")),
        Action::Removed => (format!("a/{path}"), "/dev/null".to_owned()),
        Action::Changed | Action::Renamed => (format!("a/{path}"), format!("b/{path}")),
    };
    match &change.texts {
        _ if change.format == Format::Binary => {
            out.push_str(&format!("Binary files {old} and {new} differ\n"))
        }
        None => out.push_str(&format!("# {}: its lines are not known\n", words::happens(change.action))),
        Some((before, after)) => {
            let compared = Compared::lines(before, after);
            let hunks = compared.hunks(CONTEXT);
            if !hunks.is_empty() {
                out.push_str(&(bold(format!("--- {old}")) + &bold(format!("+++ {new}"))));
            }
            hunks.iter().for_each(|hunk| out.push_str(&(head(hunk, view) + &body(&compared, hunk, view))));
        }
    }
    out
}

/// `@@ -1,3 +1,4 @@`
fn head(hunk: &[DiffOp], view: &View) -> String {
    let side = |range: fn(&DiffOp) -> Range<usize>| {
        let start = hunk.first().map_or(0, |op| range(op).start);
        let len = hunk.last().map_or(0, |op| range(op).end) - start;
        match len {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{len}", start + 1),
        }
    };
    let head = format!("@@ -{} +{} @@", side(DiffOp::old_range), side(DiffOp::new_range));
    view.paint(Paint::Cyan, &head) + "\n"
}

/// A hunk by line: ` `, `-` and `+` in front.
fn by_line(compared: &Compared<'_>, hunk: &[DiffOp], view: &View) -> String {
    let mut out = String::new();
    for op in hunk {
        if op.tag() == DiffTag::Equal {
            compared
                .before(op.old_range())
                .iter()
                .for_each(|text| out.push_str(&line(' ', text, None, view)));
            continue;
        }
        for text in compared.before(op.old_range()) {
            out.push_str(&line('-', text, Some(Paint::Red), view));
        }
        for text in compared.after(op.new_range()) {
            out.push_str(&line('+', text, Some(Paint::Green), view));
        }
    }
    out
}

/// One line of a file with its sign. A carriage return is shown: it may be all that differs.
fn line(sign: char, text: &str, paint: Option<Paint>, view: &View) -> String {
    let (text, end) = text.strip_suffix('\n').map_or((text, NO_BREAK), |text| (text, ""));
    let text = format!("{sign}{}", SafeSource::new(text).text);
    let text = paint.map_or_else(|| text.clone(), |paint| view.paint(paint, &text));
    format!("{text}\n{end}")
}

/// A hunk by word: changed lines with what goes and comes in them, others as they are.
fn by_word(compared: &Compared<'_>, hunk: &[DiffOp], view: &View) -> String {
    let mut out = String::new();
    for op in hunk {
        let (old, new) = (compared.before(op.old_range()).concat(), compared.after(op.new_range()).concat());
        out.push_str(&match op.tag() {
            DiffTag::Equal => SafeSource::new(&old).text,
            _ => changed_words(&old, &new, view),
        });
        if !out.ends_with('\n') {
            out.push('\n');
        }
        if op.tag() != DiffTag::Equal
            && [&old, &new].iter().any(|text| !text.is_empty() && !text.ends_with('\n'))
        {
            out.push_str(NO_BREAK);
        }
    }
    out
}

/// Two runs of lines, word by word.
fn changed_words(old: &str, new: &str, view: &View) -> String {
    let compared = Compared::words(old, new);
    let mut out = String::new();
    for op in &compared.ops {
        let gone = compared.before(op.old_range()).concat();
        if op.tag() == DiffTag::Equal {
            out.push_str(&SafeSource::new(&gone).text);
            continue;
        }
        out.push_str(&marked(&gone, ("[-", "-]"), Paint::Red, view));
        out.push_str(&marked(&compared.after(op.new_range()).concat(), ("{+", "+}"), Paint::Green, view));
    }
    out
}

/// Text between marks; they end and begin again around a line break.
fn marked(text: &str, (open, close): (&str, &str), paint: Paint, view: &View) -> String {
    let parts = text.split_inclusive('\n').map(|part| {
        let (part, end) = part.strip_suffix('\n').map_or((part, ""), |part| (part, "\n"));
        match part.is_empty() {
            true => end.to_owned(),
            false => view.paint(paint, &format!("{open}{}{close}", SafeSource::new(part).text)) + end,
        }
    });
    parts.collect()
}

/// All other places of a group, below what is printed of the first.
fn others(group: &Group) -> String {
    let rest = group.members.get(1..).unwrap_or_default();
    if rest.is_empty() {
        return String::new();
    }
    let mut out = format!("# and the same in {}:\n", counted(rest.len(), "more place"));
    for member in rest {
        let place = if group.whole { &member.instance.folder } else { &member.path };
        out.push_str(&format!("#   {}\n", safe::line(place.as_str())));
    }
    out
}
