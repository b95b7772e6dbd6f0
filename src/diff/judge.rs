//! What judges: gates, impact rules and prices of the base; those of head are shown as proposed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Options,
    cost::cost,
    expression::ExpressionError,
    gate::{Places, calls, matching},
    group::Grouped,
    impact::ImpactRules,
    instance::InstanceChange,
};
use crate::compile::Prepared;
use crate::model::{CauseKind, Cost, Environment, Finding, GateCall, InstanceWord, Merge, Platform};

/// What judges on the base side, and what head has of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Judges<'a> {
    pub(super) base: Option<&'a Platform>,
    pub(super) head: Option<&'a Platform>,
    /// The environments of both sides.
    pub(super) environments: (&'a [Arc<Environment>], &'a [Arc<Environment>]),
}

impl<'a> Judges<'a> {
    /// What judges on both sides of one.
    pub(super) fn of_one(side: &'a Prepared) -> Self {
        let (platform, environments) = (side.platform.as_deref(), side.environments.as_slice());
        Self { base: platform, head: platform, environments: (environments, environments) }
    }

    /// The impact rules: those of macadam, and the base's own.
    pub(super) fn impact_rules(&self, findings: &mut Vec<Finding>) -> ImpactRules {
        let team = self.base.and_then(|platform| ImpactRules::with_team(platform).take(findings));
        team.unwrap_or_else(ImpactRules::built_in)
    }

    /// The gates that ask for somebody.
    pub(super) fn gates(&self, grouped: &Grouped, findings: &mut Vec<Finding>) -> Vec<GateCall> {
        let of = |platform: Option<&Platform>| platform.map_or(&[][..], |platform| &platform.gates).to_vec();
        let asked =
            self.among(grouped, |places| calls(&of(self.base), &of(self.head), &grouped.groups, places));
        asked.take(findings).unwrap_or_default()
    }

    /// The groups for which the run is asked to fail.
    pub(super) fn fails(
        &self,
        grouped: &Grouped,
        options: &Options<'_>,
    ) -> Result<Vec<usize>, ExpressionError> {
        let Some(when) = options.fail_on else { return Ok(Vec::new()) };
        self.among(grouped, |places| matching(when, &grouped.groups, places))
    }

    /// Whether the base has prices.
    pub(super) fn has_prices(&self) -> bool {
        self.base.is_some_and(|platform| platform.prices.is_some())
    }

    /// What the changes cost, where the base has prices.
    pub(super) fn cost(&self, changes: &[InstanceChange]) -> Option<Cost> {
        let prices = self.base?.prices.as_ref()?;
        let changed =
            changes.iter().map(|change| (&change.name, change.demand.0.clone(), change.demand.1.clone()));
        Some(cost(prices, changed))
    }

    /// The environments that the merge itself changes: not the first ones, where everything arrives at once anyway.
    ///
    /// What only a release does, somebody promoted.
    pub(super) fn merges(&self, changes: &[InstanceChange]) -> Vec<Merge> {
        let later = self
            .environments
            .1
            .iter()
            .filter(|environment| environment.protected || environment.after.is_some());
        let merges = later.map(|environment| {
            let name = &environment.name.value;
            let merged =
                changes.iter().filter(|change| change.name.environment == *name && is_merged(change));
            let workloads: BTreeSet<&String> = merged.map(|change| &change.name.name).collect();
            Merge {
                environment: name.clone(),
                protected: environment.protected,
                workloads: workloads.into_iter().cloned().collect(),
            }
        });
        merges.filter(|merge| !merge.workloads.is_empty()).collect()
    }

    fn among<T>(&self, grouped: &Grouped, ask: impl FnOnce(&Places<'_>) -> T) -> T {
        let (base, head) = self.environments;
        let protected: BTreeSet<&str> = base
            .iter()
            .chain(head)
            .filter(|environment| environment.protected)
            .map(|environment| environment.name.value.as_str())
            .collect();
        ask(&Places {
            protected: &|name| protected.contains(name),
            object: &|member, id| grouped.object(member, id),
        })
    }
}

/// Whether merging alone brings a workload's change to where it runs.
fn is_merged(change: &InstanceChange) -> bool {
    let mut causes = change.causes.iter().flatten();
    change.name.kind == InstanceWord::Workload && causes.any(|cause| cause.kind != CauseKind::Release)
}
