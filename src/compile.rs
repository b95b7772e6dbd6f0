//! The pipeline: load, parse, validate, plan, render, assemble.

mod environments;
mod packages;
mod prepare;
mod since;
mod workloads;

use std::{collections::BTreeSet, sync::Arc};

use camino::Utf8PathBuf;
use rayon::prelude::*;

use crate::assemble::assemble;
use crate::engine::Engines;
use crate::fault::Fault;
use crate::load::{Side, World};
use crate::model::{
    Environment, Finding, InstanceInput, InstanceKind, InstanceOutput, Platform, Severity, Sources, Tree,
};
use crate::plan::{self, Catalog, Unit};
use crate::render::render;
use since::Seen;

pub use packages::ReadPackage;
pub use prepare::{Other, Prepared, Read, prepare};
pub use since::compile_since;
pub use workloads::ReadWorkload;

/// The file at the root of every platform repository.
pub const PLATFORM_FILE: &str = "macadam.yaml";

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What to compile, and who watches.
#[derive(Default)]
pub struct Options<'a> {
    /// The instances to render; everything is planned all the same.
    pub selection: Selection,
    /// Who is told how far rendering is.
    pub progress: Option<&'a dyn Progress>,
}

/// Which instances are rendered: all that match every list which is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of environments.
    pub environments: Vec<String>,
    /// Names of clusters.
    pub clusters: Vec<String>,
    /// Names of workloads; shared resources that they use are rendered too.
    pub workloads: Vec<String>,
}

/// A part of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Finds the inputs.
    Load,
    /// Reads, parses and validates packages and environments, and compiles their templates.
    Packages,
    /// Reads, parses and validates workloads.
    Workloads,
    /// Decides what will be made.
    Plan,
    /// Renders every instance.
    Render,
    /// Puts all outputs into one tree.
    Assemble,
}

/// Is told how far a long compilation is.
pub trait Progress: Sync {
    /// A stage begins.
    fn stage(&self, _stage: Stage) {}
    /// So many instances will be rendered.
    fn start(&self, instances: usize);
    /// One more instance is rendered.
    fn step(&self);
}

/// A compiled repository.
#[derive(Debug, Default)]
pub struct Compilation {
    /// Every text that a finding can point into.
    pub sources: Sources,
    /// Everything found, sorted by file and place; each once.
    pub findings: Vec<Finding>,
    /// `macadam.yaml`, where it could be read.
    pub platform: Option<Arc<Platform>>,
    /// The environments, sorted by name.
    pub environments: Vec<Arc<Environment>>,
    /// Every package.
    pub catalog: Arc<Catalog>,
    /// What became of every workload everywhere.
    pub units: Vec<Unit>,
    /// The folders that the tree is the whole truth about, sorted: those of the instances that were rendered.
    pub folders: Vec<Utf8PathBuf>,
    /// How many instances there are, rendered or not.
    pub planned: usize,
    /// Whether everything was rendered, and not a selection or what is sure though something is broken already.
    pub complete: bool,
    /// The output; `None` where a finding of severity error exists. What is broken already is left out.
    pub tree: Option<Tree>,
}

impl Compilation {
    /// Whether a finding of severity error exists.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// Whether errors were lowered because the change has no part in them.
    pub fn is_already_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::AlreadyBroken)
    }
}

/// Compiles a repository: everything but writing.
///
/// # Errors
///
/// Where the world cannot be read. What is wrong in the repository is a finding.
pub fn compile(world: &dyn World, options: &Options<'_>) -> Result<Compilation, Fault> {
    compile_side(Side::of(world), options)
}

/// Compiles workloads on a platform: everything but writing.
///
/// # Errors
///
/// Where a world cannot be read. What is wrong in the repository is a finding.
pub fn compile_side(side: Side<'_>, options: &Options<'_>) -> Result<Compilation, Fault> {
    compile_since(side, None, options)
}

fn compile_into(side: Side<'_>, options: &Options<'_>, made: &mut Compilation) -> Result<Seen, Fault> {
    let prepared = prepare(side, None, options, &mut made.sources)?;
    let mut seen = Seen::default();
    made.findings.extend(prepared.findings());
    made.platform.clone_from(&prepared.platform);
    made.environments.clone_from(&prepared.environments);
    made.catalog.clone_from(&prepared.catalog);
    options.enter(Stage::Plan);
    let Some(plan) = prepared.plan(side)?.take(&mut made.findings) else { return Ok(seen) };
    made.units = plan.units;
    made.planned = plan.instances.len();
    let instances: Vec<InstanceInput> =
        plan.instances.into_iter().filter(|instance| options.selection.has(instance)).collect();
    made.complete = instances.len() == made.planned && options.selection == Selection::default();
    options.enter(Stage::Render);
    let mut outputs = render_all(&instances, &prepared.engines, options.progress);
    options.enter(Stage::Assemble);
    plan::mark_broken(&mut made.units, &broken_units(&instances, &outputs));
    seen.outputs(&instances, &outputs);
    for output in &mut outputs {
        made.findings.append(&mut output.findings);
    }
    made.folders = instances.iter().map(|instance| instance.folder.clone()).collect();
    let assembled = assemble(instances.iter().zip(outputs));
    seen.clashes = assembled.has_errors();
    made.tree = assembled.take(&mut made.findings);
    Ok(Seen { prepared, ..seen })
}

/// Environment, cluster and workload of each unit that could not be rendered.
fn broken_units(
    instances: &[InstanceInput],
    outputs: &[InstanceOutput],
) -> BTreeSet<(String, String, String)> {
    let broken =
        instances.iter().zip(outputs).filter(|(_, output)| output.findings.iter().any(Finding::is_error));
    broken
        .filter_map(|(instance, _)| match &instance.kind {
            InstanceKind::Unit(unit) => Some((
                instance.environment.name.value.clone(),
                instance.cluster.name.value.clone(),
                unit.summary.name.clone(),
            )),
            _ => None,
        })
        .collect()
}

impl Options<'_> {
    fn enter(&self, stage: Stage) {
        if let Some(progress) = self.progress {
            progress.stage(stage);
        }
    }
}

/// Renders every instance, one job each; outputs come in the instances' order.
fn render_all(
    instances: &[InstanceInput],
    engines: &Engines,
    progress: Option<&dyn Progress>,
) -> Vec<InstanceOutput> {
    if let Some(progress) = progress {
        progress.start(instances.len());
    }
    instances
        .par_iter()
        .map(|instance| {
            let output = render(instance, engines);
            if let Some(progress) = progress {
                progress.step();
            }
            output
        })
        .collect()
}

impl Selection {
    /// Whether an instance is selected.
    fn has(&self, instance: &InstanceInput) -> bool {
        let named = |list: &[String], name: &str| list.is_empty() || list.iter().any(|item| item == name);
        named(&self.environments, &instance.environment.name.value)
            && named(&self.clusters, &instance.cluster.name.value)
            && (self.workloads.is_empty() || self.has_workload(&instance.kind))
    }

    fn has_workload(&self, kind: &InstanceKind) -> bool {
        match kind {
            InstanceKind::Unit(unit) => self.workloads.contains(&unit.summary.name),
            InstanceKind::Resource(resource) => resource
                .provision
                .consumers
                .iter()
                .any(|consumer| self.workloads.contains(&consumer.workload)),
            InstanceKind::Wide(_) => false,
        }
    }
}

/// Sorts findings by file, place and code, and keeps each once.
pub(crate) fn settle(sources: &Sources, findings: &mut Vec<Finding>) {
    findings.sort_by_cached_key(|finding| {
        let place = finding.primary.as_ref().map(|label| {
            (sources.path(label.span.file).to_owned(), label.span.file, label.span.start, label.span.end)
        });
        (place, finding.code, finding.message.clone(), finding.subject.clone())
    });
    findings.dedup();
}

#[cfg(test)]
mod tests;
