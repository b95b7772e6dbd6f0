//! How the values of a field are shown: on one line, or as a difference of lines. Everything here is data as it came.

use macadam_yaml::{Entry, FileId, Mapping, Node, Number, Span, plain_is_safe, to_yaml};
use serde_json::Value;
use similar::{ChangeTag, DiffOp};

use super::{lines::Compared, words};
use crate::model::{FieldChange, Shown};

/// Structures with more characters of JSON are shown as lines of YAML.
const LONGEST_INLINE: usize = 60;

/// Equal lines around a difference inside a value.
const CONTEXT: usize = 1;

/// Characters before a difference that stay when two long values begin alike.
const LEAD: usize = 12;

/// The two values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// Each fits one line; `None` where the field is not.
    Line(Option<String>, Option<String>),
    /// At least one is text of several lines, or a structure.
    Block(Vec<Row>),
}

/// One line of a difference inside a value, without its line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    /// On both sides.
    Same(String),
    /// Only in the old value.
    Gone(String),
    /// Only in the new value.
    New(String),
    /// Equal lines that are left out: how many.
    Gap(usize),
}

impl Row {
    /// The same line with another text.
    pub(crate) fn map(self, text: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Same(line) => Self::Same(text(line)),
            Self::Gone(line) => Self::Gone(text(line)),
            Self::New(line) => Self::New(text(line)),
            Self::Gap(lines) => Self::Gap(lines),
        }
    }
}

/// Chooses how a field's values are shown.
pub(crate) fn look(field: &FieldChange) -> Look {
    let block = [&field.old, &field.new].into_iter().flatten().any(|shown| match shown {
        Shown::Value(value) => is_block(value),
        Shown::Secret => false,
    });
    match block {
        false => Look::Line(field.old.as_ref().map(inline), field.new.as_ref().map(inline)),
        true => {
            let text = |shown: &Option<Shown>| shown.as_ref().map(block_text).unwrap_or_default();
            Look::Block(rows(&text(&field.old), &text(&field.new)))
        }
    }
}

/// How many characters the two values of a field have together, before anything is quoted or escaped.
pub(crate) fn length(field: &FieldChange) -> usize {
    let one = |shown: &Shown| match shown {
        Shown::Secret => words::SECRET.len(),
        Shown::Value(Value::String(text)) => text.chars().count(),
        Shown::Value(value) => size(value).max(1),
    };
    [&field.old, &field.new].into_iter().flatten().map(one).sum()
}

/// Whether a value needs several lines.
fn is_block(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim_end_matches('\n').contains('\n'),
        _ => size(value) > LONGEST_INLINE,
    }
}

/// About how many characters a structure has in JSON; a scalar that stands alone has none.
fn size(value: &Value) -> usize {
    let part = |value: &Value| match value {
        Value::String(text) => text.chars().count() + 2,
        Value::Array(_) | Value::Object(_) => size(value) + 2,
        other => other.to_string().len(),
    };
    match value {
        Value::Array(items) => items.iter().map(|item| part(item) + 1).sum(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| key.chars().count() + part(value) + 4).sum()
        }
        _ => 0,
    }
}

/// A value on one line: a string as it is where nobody can take it for something else, in quotes where one could.
fn inline(shown: &Shown) -> String {
    match shown {
        Shown::Secret => words::SECRET.to_owned(),
        Shown::Value(Value::String(text)) if is_plain(text) => text.clone(),
        Shown::Value(value) => value.to_string(),
    }
}

/// Whether a string can stand without quotes: no other type, no blanks at its ends, not like our own words.
fn is_plain(text: &str) -> bool {
    plain_is_safe(text) && !text.starts_with('(') && !text.contains(" -> ")
}

/// A value as text of several lines.
fn block_text(shown: &Shown) -> String {
    match shown {
        Shown::Secret => format!("{}\n", words::SECRET),
        Shown::Value(Value::String(text)) if text.contains('\n') => text.clone(),
        Shown::Value(value) => to_yaml(&node(value)),
    }
}

/// A value as our emitter takes it; places mean nothing here.
fn node(value: &Value) -> Node {
    let span = Span::new(FileId(0), 0, 0);
    match value {
        Value::Null => Node::null(span),
        Value::Bool(value) => Node::bool(span, *value),
        Value::String(text) => Node::string(span, text),
        Value::Array(items) => Node::sequence(span, items.iter().map(node).collect()),
        Value::Object(entries) => {
            let entries: Vec<Entry> =
                entries.iter().map(|(key, value)| Entry::new(key, span, node(value))).collect();
            Node::mapping(span, Mapping::from(entries))
        }
        Value::Number(number) => {
            let int = number.as_i64().map(Number::Int).or(number.as_u64().map(Number::UInt));
            let float = || Number::Float(number.as_f64().unwrap_or_default());
            Node::new(span, macadam_yaml::Value::Number(int.unwrap_or_else(float)))
        }
    }
}

/// The difference of two texts, with a little around it.
fn rows(old: &str, new: &str) -> Vec<Row> {
    let compared = Compared::lines(old, new);
    let mut rows = Vec::new();
    let mut told = 0;
    for hunk in compared.hunks(CONTEXT) {
        let start = hunk.first().map_or(told, |op| op.old_range().start);
        gap(start - told, &mut rows);
        hunk.iter().for_each(|op| push(&compared, op, &mut rows));
        told = hunk.last().map_or(told, |op| op.old_range().end);
    }
    gap(compared.old.len() - told, &mut rows);
    rows
}

fn gap(lines: usize, rows: &mut Vec<Row>) {
    if lines > 0 {
        rows.push(Row::Gap(lines));
    }
}

/// Adds the lines of one operation, the old ones first.
fn push(compared: &Compared<'_>, op: &DiffOp, rows: &mut Vec<Row>) {
    if op.tag() == similar::DiffTag::Equal {
        rows.extend(
            compared.before(op.old_range()).iter().map(|line| Row::Same(shown(line, ChangeTag::Equal))),
        );
        return;
    }
    rows.extend(compared.before(op.old_range()).iter().map(|line| Row::Gone(shown(line, ChangeTag::Delete))));
    rows.extend(compared.after(op.new_range()).iter().map(|line| Row::New(shown(line, ChangeTag::Insert))));
}

/// A line without its break; a changed one says where it has none, as that may be all the difference.
fn shown(line: &str, tag: ChangeTag) -> String {
    match line.strip_suffix('\n') {
        Some(text) => text.to_owned(),
        None if tag == ChangeTag::Equal => line.to_owned(),
        None => format!("{line} (no line break at its end)"),
    }
}

/// Cuts a text after `most` characters, with a count of the rest.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => {
            let (head, tail) = text.split_at(at);
            format!("{head}.. ({} more characters)", tail.chars().count())
        }
    }
}

/// Cuts two values of one field; where they are long and begin alike, what they share is left out, with a count.
pub(crate) fn cut_both(old: &str, new: &str, most: usize) -> (String, String) {
    let longest = old.chars().count().max(new.chars().count());
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    let skipped = same.saturating_sub(LEAD);
    if longest <= most || skipped <= LEAD {
        return (cut(old, most), cut(new, most));
    }
    let rest = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        format!("({skipped} equal characters) ..{}", cut(&rest, most))
    };
    (rest(old), rest(new))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{FieldKind, FieldPath, Impacts};

    fn field(old: Option<Value>, new: Option<Value>) -> FieldChange {
        FieldChange {
            path: FieldPath::default(),
            kind: FieldKind::Changed,
            old: old.map(Shown::Value),
            new: new.map(Shown::Value),
            impacts: Impacts::default(),
            rules: Vec::new(),
            specific: false,
        }
    }

    fn line(old: Value, new: Value) -> (String, String) {
        match look(&field(Some(old), Some(new))) {
            Look::Line(Some(old), Some(new)) => (old, new),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_string_is_told_from_a_number_and_from_our_words() {
        assert_eq!(line(json!("1"), json!(1)), ("\"1\"".into(), "1".into()));
        assert_eq!(line(json!(""), json!("true")), ("\"\"".into(), "\"true\"".into()));
        assert_eq!(line(json!("(secret)"), json!("a -> b")), ("\"(secret)\"".into(), "\"a -> b\"".into()));
        assert_eq!(line(json!("checkout"), json!(null)), ("checkout".into(), "null".into()));
        assert_eq!(line(json!({"a": [1]}), json!([])), ("{\"a\":[1]}".into(), "[]".into()));
    }

    #[test]
    fn text_of_several_lines_is_a_difference_of_lines() {
        let text = |line: &str| json!(format!("one\ntwo\nthree\n{line}\nfive\nsix\nseven\n"));
        let expected = [
            Row::Gap(2),
            Row::Same("three".into()),
            Row::Gone("four".into()),
            Row::New("4".into()),
            Row::Same("five".into()),
            Row::Gap(2),
        ];
        assert_eq!(look(&field(Some(text("four")), Some(text("4")))), Look::Block(expected.into()));
    }

    #[test]
    fn a_missing_line_break_is_said() {
        let expected =
            [Row::Same("a".into()), Row::Gone("b".into()), Row::New("b (no line break at its end)".into())];
        assert_eq!(look(&field(Some(json!("a\nb\n")), Some(json!("a\nb")))), Look::Block(expected.into()));
    }

    #[test]
    fn a_long_structure_is_lines_of_yaml() {
        let value = json!([{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}]);
        let Look::Block(rows) = look(&field(Some(value), None)) else { panic!("a block") };
        assert_eq!(rows.first(), Some(&Row::Gone("- maxSkew: 1".into())));
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn long_values_are_cut_to_where_they_differ() {
        let text = |end: &str| format!("{}{end}{}", "x".repeat(50), "y".repeat(50));
        let (old, new) = cut_both(&text("a"), &text("b"), 20);
        assert_eq!(old, "(38 equal characters) ..xxxxxxxxxxxxayyyyyyy.. (43 more characters)");
        assert_eq!(new, "(38 equal characters) ..xxxxxxxxxxxxbyyyyyyy.. (43 more characters)");
        assert_eq!(cut_both("ab", "ac", 20), ("ab".into(), "ac".into()));
    }
}
