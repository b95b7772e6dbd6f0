//! Findings as one JSON document, described by `schemas/findings.json`.

use serde::Serialize;

use super::{Counts, Group, fault_code};
use crate::{
    cli::safe,
    fault::Fault,
    model::{Label, Severity, Sources, Subject, WorldName},
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    findings: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultItem>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subjects: Vec<&'a Subject>,
}

/// A place: lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    path: String,
    #[serde(skip_serializing_if = "is_false")]
    built_in: bool,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

#[derive(Debug, Serialize)]
struct FaultItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Renders groups of findings, and the fault that ended the run, as one JSON document with a line end.
pub(crate) fn json(groups: &[Group<'_>], sources: &Sources, fault: Option<&Fault>) -> String {
    let counts = Counts::of(groups);
    let document = Document {
        version: 1,
        errors: counts.errors,
        warnings: counts.warnings,
        findings: groups.iter().map(|group| item(group, sources)).collect(),
        fault: fault.map(fault_item),
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{}\n", safe::json(&text))
}

fn item<'a>(group: &Group<'a>, sources: &Sources) -> Item<'a> {
    let finding = group.finding;
    Item {
        code: finding.code.slug(),
        severity: finding.severity,
        message: &finding.message,
        place: finding.primary.as_ref().and_then(|label| place(label, sources)),
        related: finding.related.iter().filter_map(|label| place(label, sources)).collect(),
        help: finding.help.as_deref(),
        subjects: group.subjects.clone(),
    }
}

fn place(label: &Label, sources: &Sources) -> Option<Place> {
    let source = sources.get(label.span.file)?;
    let (line, column) = line_and_column(&source.text, label.span.start as usize);
    let (end_line, end_column) = line_and_column(&source.text, label.span.end as usize);
    Some(Place {
        path: source.path.to_string(),
        built_in: source.world == WorldName::BuiltIn,
        line,
        column,
        end_line,
        end_column,
        label: label.message.clone(),
    })
}

/// Line and column of a byte offset, both from 1, the column in characters; past the end, those of the end.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let mark = usize::from(line_start == 0 && before.starts_with('\u{feff}'));
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1 - mark)
}

fn fault_item(fault: &Fault) -> FaultItem {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    FaultItem { code: fault_code(fault), message: fault.to_string(), causes }
}

#[cfg(test)]
mod tests {
    use super::line_and_column;

    #[test]
    fn columns_count_characters_and_a_byte_order_mark_counts_nothing() {
        assert_eq!(line_and_column("\u{feff}ab", 3), (1, 1));
        assert_eq!(line_and_column("aé\nüx", 6), (2, 2));
        assert_eq!(line_and_column("a\r\nb", 3), (2, 1));
        assert_eq!(line_and_column("ab", 99), (1, 3));
    }
}
