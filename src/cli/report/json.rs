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

/// Findings that differ only in what they are about, as other programs read them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item<'a> {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related: Vec<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) subjects: Vec<&'a Subject>,
}

/// A place: lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    pub(crate) path: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) built_in: bool,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) label: String,
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
    let document = Document {
        version: 1,
        errors: counts.errors,
        warnings: counts.warnings,
        already_broken: counts.already_broken,
        findings: items(groups, sources),
        fault: fault.map(fault_item),
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{}\n", safe::json(&text))
}

/// Groups of findings with their places in lines and columns.
pub(crate) fn items<'a>(groups: &[Group<'a>], sources: &Sources) -> Vec<Item<'a>> {
    let mut positions = Positions::default();
    groups.iter().map(|group| item(group, sources, &mut positions)).collect()
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
