//! Both sides of a comparison: read, planned, and what differs between them.

use crate::compile::{Options as Compiling, Other, Prepared, prepare, settle};
use crate::fault::Fault;
use crate::model::{Finding, Outcome, Review, RuleChange, SideFindings, Sources};
use crate::plan::{self, Pair};

use super::{
    Options, Two,
    cause::attribute,
    count::counts,
    group::group,
    instance::Job,
    judge::Judges,
    matching::{View, found, matching},
    rename::renamed,
    rules,
};

/// Both sides, read.
pub(super) struct Sides<'a> {
    pub(super) two: &'a Two<'a>,
    pub(super) base: Prepared,
    pub(super) head: Prepared,
}

impl<'a> Sides<'a> {
    /// Reads both sides; what stands in the same files is read once.
    pub(super) fn prepare(two: &'a Two<'a>, sources: &mut Sources) -> Result<Self, Fault> {
        let quiet = Compiling::default();
        let base = prepare(two.base, None, &quiet, sources)?;
        let other = Other { side: two.base, prepared: &base };
        let head = prepare(two.head, Some(other), &quiet, sources)?;
        Ok(Self { two, base, head })
    }

    /// Plans both sides, compares what differs, and puts it in the form that is printed.
    ///
    /// Also the positions of the groups that the run is asked to fail for.
    pub(super) fn review(
        &self,
        options: &Options<'_>,
        sources: &Sources,
    ) -> Result<(Review, Vec<usize>), Fault> {
        let Pair { base, head } = self.plan()?;
        let views = (View::new(&self.base, &base), View::new(&self.head, &head));
        let mut matching = matching(&views.0, &views.1);
        let mut findings = (found(&self.base, &base), found(&self.head, &head));
        let judges = self.judges();
        let rules = judges.impact_rules(&mut findings.0);
        let job = Job::new((&self.base.engines, &self.head.engines), &views.1, &rules, options)
            .priced(judges.has_prices());
        renamed(&mut matching.differ, &job);
        let mut changes = job.run(&matching.differ);
        for change in &mut changes {
            findings.0.append(&mut change.findings.0);
            findings.1.append(&mut change.findings.1);
        }
        matching
            .undetermined
            .extend(changes.iter().filter(|change| change.undetermined).map(|change| change.name.clone()));
        changes.retain(|change| !change.objects.is_empty());
        attribute(self, &matching.differ, &mut changes, &job, sources)?;
        let (merges, cost) = (judges.merges(&changes), judges.cost(&changes));
        let counts = counts(&changes, head.value.as_ref().map_or(0, |plan| plan.total));
        let grouped = group(changes);
        let gates = judges.gates(&grouped, &mut findings.0);
        let fails = judges.fails(&grouped, options).map_err(|error| error.fault())?;
        let review = Review {
            base: self.two.names.0.clone(),
            head: self.two.names.1.clone(),
            counts,
            groups: grouped.groups,
            rules: self.rule_changes(sources),
            gates,
            cost,
            merges,
            undetermined: matching.undetermined.into_iter().collect(),
            findings: split(findings, sources),
        };
        Ok((review, fails))
    }

    fn judges(&self) -> Judges<'_> {
        Judges {
            base: self.base.platform.as_deref(),
            head: self.head.platform.as_deref(),
            environments: (&self.base.environments, &self.head.environments),
        }
    }

    /// What of the things that judge is different in head.
    fn rule_changes(&self, sources: &Sources) -> Vec<RuleChange> {
        let [base, head] = [&self.base, &self.head].map(|side| {
            let platform = side.platform.as_deref()?;
            Some(rules::Judges { platform, environments: &side.environments, sources })
        });
        base.zip(head).map(|(base, head)| rules::changes(base, head)).unwrap_or_default()
    }

    /// Plans both sides; where one cannot be planned, the other still is.
    fn plan(&self) -> Result<Pair, Fault> {
        let inputs = (self.base.inputs(self.two.base), self.head.inputs(self.two.head));
        let alone = |inputs: Option<plan::Inputs<'_>>| match inputs {
            Some(inputs) => plan::plan(&inputs),
            None => Ok(Outcome::failed(Vec::new())),
        };
        match inputs {
            (Some(base), Some(head)) => plan::pair(&base, &head),
            (base, head) => Ok(Pair { base: alone(base)?, head: alone(head)? }),
        }
    }
}

/// Tells findings that both sides have from those of one.
fn split((mut base, mut head): (Vec<Finding>, Vec<Finding>), sources: &Sources) -> SideFindings {
    settle(sources, &mut base);
    settle(sources, &mut head);
    let both: Vec<Finding> = base.iter().filter(|finding| head.contains(finding)).cloned().collect();
    base.retain(|finding| !both.contains(finding));
    head.retain(|finding| !both.contains(finding));
    SideFindings { base, head, both }
}
