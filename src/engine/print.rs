//! Printing: what `{{ .. }}` writes into the text of a template.

use macadam_yaml::{Node, Number, Span, write_yaml};
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Error, Output, State};

use super::complaint::Complaint;
use super::convert::{self, unprintable};
use super::hole::{Hole, Table, has_marks};

/// The way to print in YAML and JSON templates.
pub(super) const YAML: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("yaml"));
/// The way to print in strings that are templates, where one whole expression keeps its type.
pub(super) const EXPRESSION: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("expression"));

/// Prints a value: strings as tokens, structure made by the template itself as it is, the rest plain.
pub(super) fn print(out: &mut Output, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let expression = *state.auto_escape() == EXPRESSION;
    if !expression && *state.auto_escape() != YAML {
        return Err(Complaint::new("`autoescape` cannot be changed")
            .help("printed values are always data; place structures with `| to_yaml`")
            .into());
    }
    if expression {
        let table = state.get_or_insert_extension_with(Table::default);
        table.last = Some(value.clone());
        table.prints += 1;
    }
    match value.kind() {
        ValueKind::String if value.is_safe() => {
            out.write_str(value.as_str().unwrap_or_default()).map_err(Error::from)
        }
        ValueKind::String => {
            let hole = hole(state, value)?;
            write_hole(out, state, hole)
        }
        ValueKind::Bool => Ok(out.write_str(if value.is_true() { "true" } else { "false" })?),
        ValueKind::None => Ok(out.write_str("null")?),
        ValueKind::Number => write_number(out, convert::number(value)?),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable if expression => {
            let tree = convert::tree(state, value)?;
            write_hole(out, state, Hole::Tree(tree))
        }
        _ => Err(unprintable(value).into()),
    }
}

fn hole(state: &State<'_, '_>, value: &Value) -> Result<Hole, Error> {
    if has_marks(value.as_str().unwrap_or_default()) {
        return Ok(Hole::Owned(convert::text(state, value)?.into_owned()));
    }
    Ok(Hole::Text(value.clone()))
}

fn write_hole(out: &mut Output, state: &mut State<'_, '_>, hole: Hole) -> Result<(), Error> {
    let token = state.get_or_insert_extension_with(Table::default).push(hole);
    Ok(write!(out, "{token}")?)
}

fn write_number(out: &mut Output, number: Number) -> Result<(), Error> {
    if let Number::Int(number) = number {
        return Ok(write!(out, "{number}")?);
    }
    let mut text = String::new();
    write_yaml(&Node::new(Span::default(), number), &mut text, 0);
    Ok(out.write_str(&text)?)
}
