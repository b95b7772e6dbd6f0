//! Both sides of a comparison: read, planned, and what differs between them.

use crate::compile::{Options as Compiling, Other, Prepared, prepare, settle};
use crate::fault::Fault;
use crate::model::{Finding, Outcome, Review, SideFindings, Sources};
use crate::plan::{self, Pair};

use super::{
    Options, Two,
    cause::attribute,
    count::counts,
    group::group,
    instance::Job,
    matching::{View, found, matching},
    rename::renamed,
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
    pub(super) fn review(&self, options: &Options<'_>, sources: &Sources) -> Result<Review, Fault> {
        let Pair { base, head } = self.plan()?;
        let views = (View::new(&self.base, &base), View::new(&self.head, &head));
        let mut matching = matching(&views.0, &views.1);
        let job = Job::new(self, &views.1, options);
        renamed(&mut matching.differ, &job);
        let mut changes = job.run(&matching.differ);
        let mut findings = (found(&self.base, &base), found(&self.head, &head));
        for change in &mut changes {
            findings.0.append(&mut change.findings.0);
            findings.1.append(&mut change.findings.1);
        }
        matching
            .undetermined
            .extend(changes.iter().filter(|change| change.undetermined).map(|change| change.name.clone()));
        changes.retain(|change| !change.objects.is_empty());
        attribute(self, &matching.differ, &mut changes, &job, sources)?;
        Ok(Review {
            counts: counts(&changes, head.value.as_ref().map_or(0, |plan| plan.total)),
            groups: group(changes),
            undetermined: matching.undetermined.into_iter().collect(),
            findings: split(findings, sources),
            ..Review::default()
        })
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
