//! One job: renders an instance on both sides and keeps only what differs.

use rayon::prelude::*;

use crate::engine::Engines;
use crate::model::{
    Action, Cause, Finding, Impact, InstanceInput, InstanceName, InstanceOutput, ObjectChange, RuleName,
};
use crate::plan::Status;
use crate::render::render;

use super::{
    Options,
    impact::ImpactRules,
    matching::{Matched, View, name},
    objects::Objects,
    sides::Sides,
};
use crate::compile::Prepared;

/// The rule for a unit that is released no more.
const RELEASE_GONE: &str = "macadam/release-gone";

/// What differs in one instance.
pub(super) struct InstanceChange {
    pub(super) name: InstanceName,
    /// Whether the environment is protected.
    pub(super) protected: bool,
    /// Whether the instance as a whole comes or goes.
    pub(super) whole: bool,
    pub(super) objects: Vec<ObjectChange>,
    /// Why each of the objects changes; empty until causes are sought.
    pub(super) causes: Vec<Vec<Cause>>,
    /// What was found while rendering base and head.
    pub(super) findings: (Vec<Finding>, Vec<Finding>),
    /// Whether a side could not be rendered, so that nothing can be said.
    pub(super) undetermined: bool,
}

impl InstanceChange {
    /// A change of which only objects are known.
    pub(super) fn of(name: InstanceName, whole: bool, objects: Vec<ObjectChange>) -> Self {
        Self {
            name,
            protected: false,
            whole,
            objects,
            causes: Vec::new(),
            findings: (Vec::new(), Vec::new()),
            undetermined: false,
        }
    }
}

/// What every job needs.
pub(super) struct Job<'a> {
    /// The templates of base and head.
    engines: (&'a Engines, &'a Engines),
    head: &'a View<'a>,
    rules: ImpactRules,
    options: &'a Options<'a>,
}

impl<'a> Job<'a> {
    pub(super) fn new(sides: &'a Sides<'a>, head: &'a View<'a>, options: &'a Options<'a>) -> Self {
        let engines = (&*sides.base.engines, &*sides.head.engines);
        Self { engines, head, rules: ImpactRules::built_in(), options }
    }

    /// Jobs that compare instances of one side with each other.
    pub(super) fn of_one(side: &'a Prepared, view: &'a View<'a>, options: &'a Options<'a>) -> Self {
        Self { engines: (&side.engines, &side.engines), head: view, rules: ImpactRules::built_in(), options }
    }

    /// Compares every instance, one job each; in the order they came in. What does not differ is left out.
    pub(super) fn run(&self, matched: &[Matched<'_>]) -> Vec<InstanceChange> {
        if let Some(progress) = self.options.progress {
            progress.start(matched.len());
        }
        let compared = matched.par_iter().filter_map(|matched| {
            let change = self.compare(matched);
            if let Some(progress) = self.options.progress {
                progress.step();
            }
            change
        });
        compared.collect()
    }

    /// Renders the base's side of an instance.
    pub(super) fn render_base(&self, input: &InstanceInput) -> InstanceOutput {
        render(input, self.engines.0)
    }

    /// Renders the head's side of an instance.
    pub(super) fn render_head(&self, input: &InstanceInput) -> InstanceOutput {
        render(input, self.engines.1)
    }

    fn compare(&self, matched: &Matched<'_>) -> Option<InstanceChange> {
        self.compare_with(matched, self.engines.1)
    }

    /// Compares an instance whose head side is rendered with other engines.
    pub(super) fn compare_with(&self, matched: &Matched<'_>, engines: &Engines) -> Option<InstanceChange> {
        let input = matched.input()?;
        let render = |input: Option<&InstanceInput>, engines: &Engines| {
            input.map(|input| render(input, engines)).unwrap_or_default()
        };
        let base = render(matched.base, self.engines.0);
        let head = render(matched.head, engines);
        let failed = |output: &InstanceOutput| output.findings.iter().any(Finding::is_error);
        let undetermined = failed(&base) || failed(&head);
        let whole = matched.base.is_none() || matched.head.is_none();
        let mut change = InstanceChange::of(name(input), whole, Vec::new());
        change.protected = input.environment.protected;
        change.undetermined = undetermined;
        if !undetermined {
            let folders = [matched.base, matched.head].map(|side| side.unwrap_or(input).folder.as_path());
            let objects = Objects {
                rules: &self.rules,
                name: &change.name,
                protected: change.protected,
                folders: (folders[0], folders[1]),
                texts: self.options.texts,
            };
            change.objects = objects.changes(&base.artifacts, &head.artifacts);
            self.release_gone(matched, &mut change);
        }
        change.findings = (base.findings, head.findings);
        let says = !change.objects.is_empty() || undetermined;
        (says || !change.findings.0.is_empty() || !change.findings.1.is_empty()).then_some(change)
    }

    /// Taking away a release that existed is a loss, whatever the objects are.
    fn release_gone(&self, matched: &Matched<'_>, change: &mut InstanceChange) {
        let (Some(base), None) = (matched.base, matched.head) else { return };
        if self.head.status(base) != Some(Status::NotReleased) {
            return;
        }
        for object in change.objects.iter_mut().filter(|object| object.action == Action::Removed) {
            object.impacts.insert(Impact::DataLoss);
            object.rules.push(RuleName(RELEASE_GONE.to_owned()));
        }
    }
}
