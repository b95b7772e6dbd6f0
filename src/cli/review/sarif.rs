//! A review as SARIF 2.1.0: one alert for each change and rule, at the line of whoever made the change.

mod alert;
mod descriptor;

use camino::Utf8Path;
use serde_json::{Value, json};

use super::{json::quiet, words};
use crate::{
    cli::report,
    model::{Finding, Review, Sources},
};
use alert::Alerts;

/// The published schema of the format.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Prints a review, and the findings of its head, as SARIF with a line end. `root` is the folder of the rendered tree,
/// from the repository's root.
///
/// What the change makes has the baseline state `new`; a finding that the base has too, `unchanged`.
pub(crate) fn sarif(review: &Review, sources: &Sources, root: &Utf8Path) -> String {
    let mut alerts = Alerts::default();
    for (_, groups) in words::levels(review) {
        groups.iter().for_each(|(at, group)| alerts.group(review, *at, group, root));
    }
    review.rules.iter().for_each(|change| alerts.rule_change(change));
    findings(&review.findings.head, sources, "new", &mut alerts);
    findings(&review.findings.both, sources, "unchanged", &mut alerts);
    print(alerts)
}

/// Adds findings, equal ones put together.
fn findings(findings: &[Finding], sources: &Sources, state: &str, alerts: &mut Alerts) {
    let groups = report::groups(findings, sources);
    report::items(&groups, sources).iter().for_each(|item| alerts.finding(item, state));
}

fn print(alerts: Alerts) -> String {
    let (rules, results) = alerts.into_parts();
    let document: Value = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "macadam",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "automationDetails": { "id": "macadam/review/" },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    });
    format!("{}\n", quiet(&serde_json::to_string_pretty(&document).unwrap_or_default()))
}
