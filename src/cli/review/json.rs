//! A review as one JSON document, described by `schemas/review.json`: what other programs build on.
//!
//! Lists are always there, and may be empty; a single value that says nothing is left out.

mod change;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::words;
use crate::{
    cli::{report, safe},
    model::{self, Finding, Impact, InstanceName, InstanceWord, Review, Sources},
};
use change::Group;

/// The name of this format; a change that breaks a reader gives it another number.
pub(crate) const FORMAT: &str = "macadam.dev/review/v1";

/// Prints a review as one JSON document with a line end. Nothing is cut, and nothing in it hides or steers a log.
pub(crate) fn json(review: &Review, sources: &Sources) -> String {
    let text = serde_json::to_string_pretty(&Document::of(review, sources)).unwrap_or_default();
    format!("{}\n", quiet(&text))
}

/// Escapes what a reader of the text would not see, and what the log of a CI job would take for a command.
pub(super) fn quiet(json: &str) -> String {
    safe::json(json).replace("##", "#\\u0023")
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    format: &'static str,
    base: Side<'a>,
    head: Side<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Impact>,
    counts: Counts<'a>,
    groups: Vec<Group<'a>>,
    rule_changes: Vec<RuleChange<'a>>,
    gates: &'a [model::GateCall],
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<Cost<'a>>,
    merges: &'a [model::Merge],
    undetermined: Vec<Instance<'a>>,
    findings: Findings<'a>,
}

impl<'a> Document<'a> {
    fn of(review: &'a Review, sources: &Sources) -> Self {
        Self {
            format: FORMAT,
            base: Side::of(&review.base),
            head: Side::of(&review.head),
            level: review.level(),
            counts: Counts::of(&review.counts),
            groups: review.groups.iter().map(Group::of).collect(),
            rule_changes: review.rules.iter().map(RuleChange::of).collect(),
            gates: &review.gates,
            cost: review.cost.as_ref().map(Cost::of),
            merges: &review.merges,
            undetermined: review.undetermined.iter().map(Instance::of).collect(),
            findings: Findings {
                base: findings(&review.findings.base, sources),
                head: findings(&review.findings.head, sources),
                both: findings(&review.findings.both, sources),
            },
        }
    }
}

/// The findings of one side in the form of `schemas/findings.json`.
fn findings<'a>(findings: &'a [Finding], sources: &Sources) -> Vec<report::Item<'a>> {
    report::items(&report::groups(findings, sources), sources)
}

#[derive(Debug, Serialize)]
struct Findings<'a> {
    base: Vec<report::Item<'a>>,
    head: Vec<report::Item<'a>>,
    both: Vec<report::Item<'a>>,
}

#[derive(Debug, Serialize)]
struct Side<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

impl<'a> Side<'a> {
    fn of(side: &'a model::SideName) -> Self {
        Self { name: &side.name, commit: side.commit.as_deref() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts<'a> {
    instances: usize,
    of_instances: usize,
    workloads: usize,
    added: usize,
    removed: usize,
    changed: usize,
    renamed: usize,
    levels: Levels<'a>,
}

impl<'a> Counts<'a> {
    fn of(counts: &'a model::Counts) -> Self {
        Self {
            instances: counts.instances,
            of_instances: counts.of_instances,
            workloads: counts.workloads,
            added: counts.added,
            removed: counts.removed,
            changed: counts.changed,
            renamed: counts.renamed,
            levels: Levels(counts),
        }
    }
}

/// Objects by level: every level, most dangerous first, so that a reader need not ask whether it is there.
#[derive(Debug)]
struct Levels<'a>(&'a model::Counts);

impl Serialize for Levels<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Impact::ALL.len()))?;
        for impact in Impact::ALL.into_iter().rev() {
            map.serialize_entry(impact.name(), &self.0.levels.get(&impact).copied().unwrap_or(0))?;
        }
        map.end()
    }
}

/// An instance; what a rendered tree does not tell is left out.
#[derive(Debug, Serialize)]
struct Instance<'a> {
    folder: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    environment: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    cluster: &'a str,
    kind: InstanceWord,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
}

impl<'a> Instance<'a> {
    fn of(instance: &'a InstanceName) -> Self {
        Self {
            folder: instance.folder.as_str(),
            environment: &instance.environment,
            cluster: &instance.cluster,
            kind: instance.kind,
            name: &instance.name,
            owner: instance.owner.as_deref(),
        }
    }
}

/// A place in a source; no line where the file is gone.
#[derive(Debug, Serialize)]
struct Place<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

impl<'a> Place<'a> {
    fn of(place: &'a model::Place) -> Self {
        Self { path: place.path.as_str(), line: place.line }
    }
}

#[derive(Debug, Serialize)]
struct RuleChange<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
    impact: Impact,
}

impl<'a> RuleChange<'a> {
    fn of(change: &'a model::RuleChange) -> Self {
        Self { message: &change.message, place: change.place.as_ref().map(Place::of), impact: change.impact }
    }
}

#[derive(Debug, Serialize)]
struct Cost<'a> {
    currency: &'a str,
    before: Amount,
    after: Amount,
    lines: Vec<CostLine<'a>>,
    unknown: &'a [String],
}

#[derive(Debug, Serialize)]
struct CostLine<'a> {
    environment: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    before: Amount,
    after: Amount,
}

/// A monthly sum in the currency's unit.
#[derive(Debug, Serialize)]
struct Amount {
    low: f64,
    high: f64,
}

impl From<model::Range> for Amount {
    fn from(range: model::Range) -> Self {
        let decimal = |thousandths: i64| thousandths as f64 / 1000.0;
        Self { low: decimal(range.low), high: decimal(range.high) }
    }
}

impl<'a> Cost<'a> {
    fn of(cost: &'a model::Cost) -> Self {
        let (before, after) = words::total(cost);
        let line = |line: &'a model::CostLine| CostLine {
            environment: &line.environment,
            owner: line.owner.as_deref(),
            before: line.before.into(),
            after: line.after.into(),
        };
        Self {
            currency: &cost.currency,
            before: before.into(),
            after: after.into(),
            lines: cost.lines.iter().map(line).collect(),
            unknown: &cost.unknown,
        }
    }
}
