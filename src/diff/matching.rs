//! Which instances of two plans belong together, and which of the others are known to come or go.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::compile::Prepared;
use crate::model::{Finding, InstanceInput, InstanceKind, InstanceName, InstanceWord, Outcome};
use crate::plan::{Plan, Status};

/// Two inputs of one instance; one of them where it comes or goes.
#[derive(Clone, Copy)]
pub(super) struct Matched<'a> {
    pub(super) base: Option<&'a InstanceInput>,
    pub(super) head: Option<&'a InstanceInput>,
}

impl<'a> Matched<'a> {
    /// The side that tells the instance's name: head, or base for what goes.
    pub(super) fn input(&self) -> Option<&'a InstanceInput> {
        self.head.or(self.base)
    }
}

/// The instances of two plans that differ.
pub(super) struct Matching<'a> {
    /// In folder order.
    pub(super) differ: Vec<Matched<'a>>,
    /// Instances that one side lacks because it does not compile.
    pub(super) undetermined: BTreeSet<InstanceName>,
}

/// Pairs the instances of two plans by folder.
pub(super) fn matching<'a>(base: &View<'a>, head: &View<'a>) -> Matching<'a> {
    let mut by_folder: BTreeMap<&Utf8Path, Matched<'a>> = BTreeMap::new();
    let nothing = Matched { base: None, head: None };
    for input in base.instances() {
        by_folder.entry(&input.folder).or_insert(nothing).base = Some(input);
    }
    for input in head.instances() {
        by_folder.entry(&input.folder).or_insert(nothing).head = Some(input);
    }
    let mut matching = Matching { differ: Vec::new(), undetermined: BTreeSet::new() };
    for matched in by_folder.into_values() {
        let known = match (matched.base, matched.head) {
            (Some(one), Some(other)) if one == other => continue,
            (Some(one), Some(_)) => is_unit(one) || !(base.broken || head.broken),
            (Some(input), None) => head.lacks(input),
            (None, Some(input)) => base.lacks(input),
            (None, None) => continue,
        };
        if known {
            matching.differ.push(matched);
        } else {
            matching.undetermined.extend(matched.input().map(name));
        }
    }
    matching
}

/// Whether an instance is made from its own workload: any other also sees those that do not compile, as absent.
fn is_unit(input: &InstanceInput) -> bool {
    matches!(input.kind, InstanceKind::Unit(_))
}

/// One side's plan, and what stands in its way.
pub(super) struct View<'a> {
    prepared: &'a Prepared,
    plan: Option<&'a Plan>,
    /// Whether a finding of severity error exists.
    broken: bool,
    /// What became of each unit, by workload, environment and cluster.
    status: BTreeMap<(&'a str, &'a str, &'a str), Status>,
}

impl<'a> View<'a> {
    pub(super) fn new(prepared: &'a Prepared, plan: &'a Outcome<Plan>) -> Self {
        let units = plan.value.iter().flat_map(|plan| &plan.units);
        let status = units.map(|unit| {
            ((unit.workload.as_str(), unit.environment.as_str(), unit.cluster.as_str()), unit.status)
        });
        Self {
            prepared,
            plan: plan.value.as_ref(),
            broken: plan.has_errors() || prepared.findings().any(|finding| finding.is_error()),
            status: status.collect(),
        }
    }

    fn instances(&self) -> impl Iterator<Item = &'a InstanceInput> + use<'a> {
        self.plan.into_iter().flat_map(|plan| &plan.instances)
    }

    /// What became of an instance's unit on this side.
    pub(super) fn status(&self, input: &InstanceInput) -> Option<Status> {
        let InstanceKind::Unit(unit) = &input.kind else { return None };
        let (environment, cluster) = (&input.environment.name.value, &input.cluster.name.value);
        self.status.get(&(unit.summary.name.as_str(), environment.as_str(), cluster.as_str())).copied()
    }

    /// Whether this side surely has no such instance, and does not merely fail to compile it.
    fn lacks(&self, input: &InstanceInput) -> bool {
        if !self.broken {
            return true;
        }
        match (&input.kind, self.status(input)) {
            _ if self.plan.is_none() => false,
            (InstanceKind::Unit(_), Some(status)) => {
                matches!(status, Status::NotPlaced | Status::NotReleased)
            }
            (InstanceKind::Unit(_), None) => !self.has_file(input),
            _ => false,
        }
    }

    fn has_file(&self, input: &InstanceInput) -> bool {
        self.prepared.inventory.workloads.iter().any(|files| files.score == input.origin)
    }
}

/// Findings of reading and planning one side.
pub(super) fn found(prepared: &Prepared, plan: &Outcome<Plan>) -> Vec<Finding> {
    prepared.findings().chain(plan.findings.iter().cloned()).collect()
}

/// The words for an instance.
pub(super) fn name(input: &InstanceInput) -> InstanceName {
    let (kind, name, owner) = match &input.kind {
        InstanceKind::Unit(unit) => {
            (InstanceWord::Workload, unit.summary.name.clone(), unit.summary.owner.clone())
        }
        InstanceKind::Resource(resource) => {
            let provision = &resource.provision;
            (InstanceWord::Resource, provision.resource.id.name.clone(), provision.owner.clone())
        }
        InstanceKind::Wide(wide) => {
            (InstanceWord::Platform, wide.package.name.value.clone(), wide.owner.clone())
        }
    };
    InstanceName {
        folder: input.folder.clone(),
        environment: input.environment.name.value.clone(),
        cluster: input.cluster.name.value.clone(),
        kind,
        name,
        owner,
    }
}
