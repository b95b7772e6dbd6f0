//! One job: renders an instance on both sides and keeps only what differs.

use rayon::prelude::*;

use crate::engine::Engines;
use crate::model::{
    Action, Cause, Finding, Impact, InstanceInput, InstanceName, InstanceOutput, ObjectChange, RuleName,
};
use crate::plan::Status;
use crate::render::render;

use camino::Utf8Path;

use super::{
    Options,
    compare::{Document, documents},
    cost::{Demand, demand},
    impact::ImpactRules,
    matching::{Matched, View, name},
    objects::Objects,
    specific::Names,
};

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
    /// What all of the instance's objects ask for, on base and head; only where it may differ.
    pub(super) demand: (Demand, Demand),
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
            demand: (Demand::default(), Demand::default()),
            findings: (Vec::new(), Vec::new()),
            undetermined: false,
        }
    }
}

/// How the files of objects begin that are paid for, or say how many of those there are.
const PAID_FOR: &[&str] = &[
    "cronjob-",
    "daemonset-",
    "deployment-",
    "horizontalpodautoscaler-",
    "job-",
    "persistentvolumeclaim-",
    "pod-",
    "replicaset-",
    "scaledobject.keda.sh-",
    "statefulset-",
];

fn is_paid_for(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    PAID_FOR.iter().any(|kind| name.starts_with(kind))
}

/// What an instance's objects ask for.
fn needed(output: &InstanceOutput) -> Demand {
    let paid = output.artifacts.iter().filter(|artifact| is_paid_for(&artifact.path));
    let documents: Vec<Document> =
        paid.flat_map(|artifact| documents(&artifact.path, &artifact.bytes)).collect();
    demand(&documents.iter().map(|document| &document.value).collect::<Vec<_>>())
}

/// What every job needs.
pub(super) struct Job<'a> {
    /// The templates of base and head.
    engines: (&'a Engines, &'a Engines),
    head: &'a View<'a>,
    rules: &'a ImpactRules,
    /// Whether what objects ask for has a price.
    priced: bool,
    /// Whether base and head are two environments, so that names differ on purpose.
    across: bool,
    options: &'a Options<'a>,
}

impl<'a> Job<'a> {
    /// Jobs over instances that two sides may render differently; `head` tells what became of them there.
    pub(super) fn new(
        engines: (&'a Engines, &'a Engines),
        head: &'a View<'a>,
        rules: &'a ImpactRules,
        options: &'a Options<'a>,
    ) -> Self {
        Self { engines, head, rules, priced: false, across: false, options }
    }

    /// Counts what instances ask for, too.
    pub(super) fn priced(self, priced: bool) -> Self {
        Self { priced, ..self }
    }

    /// Compares instances of two environments.
    pub(super) fn across(self) -> Self {
        Self { across: true, ..self }
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
            let names = matched.base.zip(matched.head).filter(|_| self.across);
            let names = names.map(|(base, head)| Names::new(base, head)).unwrap_or_default();
            let objects = Objects {
                names: &names,
                rules: self.rules,
                name: &change.name,
                protected: change.protected,
                folders: (folders[0], folders[1]),
                texts: self.options.texts,
            };
            change.objects = objects.changes(&base.artifacts, &head.artifacts);
            self.release_gone(matched, &mut change);
            if self.priced && change.objects.iter().any(|object| is_paid_for(&object.path)) {
                change.demand = (needed(&base), needed(&head));
            }
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
