//! How much changes: exact numbers, whatever a page leaves out.

use std::collections::BTreeSet;

use super::instance::InstanceChange;
use crate::model::{Action, Counts, InstanceWord};

/// Counts changes.
pub(super) fn counts(changes: &[InstanceChange], of_instances: usize) -> Counts {
    let mut counts = Counts { instances: changes.len(), of_instances, ..Counts::default() };
    let mut workloads = BTreeSet::new();
    for change in changes {
        if change.name.kind == InstanceWord::Workload {
            workloads.insert(&change.name.name);
        }
        for object in &change.objects {
            *counts.levels.entry(object.impacts.level()).or_default() += 1;
            match object.action {
                Action::Added => counts.added += 1,
                Action::Removed => counts.removed += 1,
                Action::Changed => counts.changed += 1,
                Action::Renamed => counts.renamed += 1,
            }
        }
    }
    counts.workloads = workloads.len();
    counts
}
