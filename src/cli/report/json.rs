//! Findings as one JSON document, described by `schemas/findings.json`.

use serde::Serialize;

use super::{Counts, Group, fault_code, position::Positions};
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
    #[serde(skip_serializing_if = "is_zero")]
    already_broken: usize,
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &usize) -> bool {
    *value == 0
}

/// Renders groups of findings, and the fault that ended the run, as one JSON document with a line end.
pub(crate) fn json(groups: &[Group<'_>], sources: &Sources, fault: Option<&Fault>) -> String {
    let counts = Counts::of(groups);
    let mut positions = Positions::default();
    let document = Document {
        version: 1,
        errors: counts.errors,
        warnings: counts.warnings,
        already_broken: counts.already_broken,
        findings: groups.iter().map(|group| item(group, sources, &mut positions)).collect(),
        fault: fault.map(fault_item),
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{}\n", safe::json(&text))
}

fn item<'a>(group: &Group<'a>, sources: &Sources, positions: &mut Positions) -> Item<'a> {
    let finding = group.finding;
    Item {
        code: finding.code.slug(),
        severity: finding.severity,
        message: &finding.message,
        place: finding.primary.as_ref().and_then(|label| place(label, sources, positions)),
        related: finding.related.iter().filter_map(|label| place(label, sources, positions)).collect(),
        help: finding.help.as_deref(),
        subjects: group.subjects.clone(),
    }
}

fn place(label: &Label, sources: &Sources, positions: &mut Positions) -> Option<Place> {
    let file = label.span.file;
    let source = sources.get(file)?;
    let (line, column) = positions.of(file, &source.text, label.span.start as usize);
    let (end_line, end_column) = positions.of(file, &source.text, label.span.end as usize);
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

fn fault_item(fault: &Fault) -> FaultItem {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    FaultItem { code: fault_code(fault), message: fault.to_string(), causes }
}
