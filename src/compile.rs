//! The pipeline: load, parse, validate, plan, render, assemble.

mod packages;
mod workloads;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::FileId;
use rayon::prelude::*;

use crate::assemble::assemble;
use crate::engine::Engines;
use crate::fault::Fault;
use crate::load::{World, built_in, discover};
use crate::model::{
    Code, Environment, Finding, InstanceInput, InstanceKind, InstanceOutput, Outcome, Platform, Sources,
    Spanned, Tree,
};
use crate::parse;
use crate::plan::{self, Catalog, Plan, Unit, WorkloadSource};
use crate::render::render;
use crate::validate;

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
    pub platform: Option<Platform>,
    /// The environments, sorted by name.
    pub environments: Vec<Arc<Environment>>,
    /// Every package.
    pub catalog: Catalog,
    /// What became of every workload everywhere.
    pub units: Vec<Unit>,
    /// The folders of the instances that were rendered, sorted.
    pub folders: Vec<Utf8PathBuf>,
    /// Whether everything was rendered, and not a selection.
    pub complete: bool,
    /// The output; `None` where a finding of severity error exists.
    pub tree: Option<Tree>,
}

impl Compilation {
    /// Whether a finding of severity error exists.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// Compiles a repository: everything but writing.
///
/// # Errors
///
/// Where the world cannot be read. What is wrong in the repository is a finding.
pub fn compile(world: &dyn World, options: &Options<'_>) -> Result<Compilation, Fault> {
    let mut compilation = Compilation::default();
    compile_into(world, options, &mut compilation)?;
    settle(&compilation.sources, &mut compilation.findings);
    if compilation.has_errors() {
        compilation.tree = None;
    }
    Ok(compilation)
}

fn compile_into(world: &dyn World, options: &Options<'_>, made: &mut Compilation) -> Result<(), Fault> {
    let Some(loaded) = load(world, options, made)? else { return Ok(()) };
    options.enter(Stage::Plan);
    let Some(plan) = loaded.plan(world, made)?.take(&mut made.findings) else { return Ok(()) };
    made.units = plan.units;
    let planned = plan.instances.len();
    let instances: Vec<InstanceInput> =
        plan.instances.into_iter().filter(|instance| options.selection.has(instance)).collect();
    made.complete = instances.len() == planned && options.selection == Selection::default();
    options.enter(Stage::Render);
    let mut outputs = render_all(&instances, &loaded.engines, options.progress);
    options.enter(Stage::Assemble);
    plan::mark_broken(&mut made.units, &broken_units(&instances, &outputs));
    for output in &mut outputs {
        made.findings.append(&mut output.findings);
    }
    made.folders = instances.iter().map(|instance| instance.folder.clone()).collect();
    made.tree = assemble(instances.iter().zip(outputs)).take(&mut made.findings);
    Ok(())
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

/// What planning needs besides what a compilation keeps.
struct Loaded {
    engines: Engines,
    workloads: Vec<WorkloadSource>,
    /// Names of workloads whose findings stand in the way: links to them are nobody's mistake.
    broken: BTreeSet<String>,
}

impl Loaded {
    fn plan(&self, world: &dyn World, made: &Compilation) -> Result<Outcome<Plan>, Fault> {
        let Some(platform) = &made.platform else { return Ok(Outcome::failed(Vec::new())) };
        plan::plan(&plan::Inputs {
            world,
            platform,
            environments: &made.environments,
            catalog: &made.catalog,
            engines: &self.engines,
            workloads: &self.workloads,
            broken: &self.broken,
        })
    }
}

/// Reads, parses and validates everything; `None` where nothing can be planned.
fn load(world: &dyn World, options: &Options<'_>, made: &mut Compilation) -> Result<Option<Loaded>, Fault> {
    options.enter(Stage::Load);
    let findings = &mut made.findings;
    let Some(platform) = load_platform(world, &mut made.sources, findings)? else { return Ok(None) };
    let platform = made.platform.insert(platform);
    let Some(inventory) = discover(world, platform)?.take(findings) else { return Ok(None) };
    let Some(own) = discover(built_in(), platform)?.take(findings) else { return Ok(None) };

    options.enter(Stage::Packages);
    made.environments = if inventory.environments.is_empty() {
        environments(built_in(), &own.environments, &mut made.sources, findings)?
    } else {
        environments(world, &inventory.environments, &mut made.sources, findings)?
    };
    let mut packages = packages::load(world, &inventory, &mut made.sources, findings)?;
    packages.extend(packages::load(built_in(), &own, &mut made.sources, findings)?);
    made.catalog = Catalog::new(packages, findings);
    let packages: Vec<_> = made.catalog.packages().cloned().collect();
    let Some(engines) = Engines::prepare(&packages).take(findings) else { return Ok(None) };

    options.enter(Stage::Workloads);
    let (workloads, broken) =
        workloads::load(world, platform, &inventory.workloads, &mut made.sources, findings)?;
    Ok(Some(Loaded { engines, workloads, broken }))
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

/// Reads `macadam.yaml`.
fn load_platform(
    world: &dyn World,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Option<Platform>, Fault> {
    let path = Utf8Path::new(PLATFORM_FILE);
    let Some(bytes) = world.read(path)? else {
        findings.push(
            Finding::new(Code::NotPlatform, format!("there is no `{PLATFORM_FILE}` here"))
                .help("`macadam init` makes a platform repository"),
        );
        return Ok(None);
    };
    let file = sources.add(world.name(), path, &bytes);
    let Some(tree) = parse::yaml(&bytes, file).take(findings) else { return Ok(None) };
    let platform = validate::platform(&tree, file).take(findings);
    if let Some(required) = platform.as_ref().and_then(|platform| platform.required_version.as_ref())
        && !serves(&required.value)
    {
        findings.push(
            Finding::new(Code::VersionMismatch, "this repository needs another version of macadam")
                .at(required.span, format!("this is macadam {VERSION}"))
                .help(format!("cargo install macadam --version '~{}'", required.value)),
        );
        return Ok(None);
    }
    Ok(platform)
}

/// Whether this program is the minor version that a repository asks for.
fn serves(required: &str) -> bool {
    let minor = |version: &str| version.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    minor(required) == minor(VERSION)
}

/// Reads environments, sorted by name; of two with one name, the first.
fn environments(
    world: &dyn World,
    paths: &[Utf8PathBuf],
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Arc<Environment>>, Fault> {
    let mut environments: BTreeMap<String, Arc<Environment>> = BTreeMap::new();
    for path in paths {
        let Some((file, bytes)) = source(world, path, sources)? else { continue };
        let Some(tree) = parse::yaml(&bytes, file).take(findings) else { continue };
        let Some(environment) = validate::environment(&tree, file).take(findings) else { continue };
        let name = environment.name.clone();
        findings.extend(misnamed(path, &name));
        if let Some(other) = environments.get(&name.value) {
            findings.push(
                Finding::new(
                    Code::DuplicateDefinition,
                    format!("two environments are called `{}`", name.value),
                )
                .at(name.span, "this one")
                .also(other.name.span, "and this one"),
            );
            continue;
        }
        environments.insert(name.value, Arc::new(environment));
    }
    check_order(&environments, findings);
    Ok(environments.into_values().collect())
}

/// An environment whose file has another name: whoever looks for it would not find it.
fn misnamed(path: &Utf8Path, name: &Spanned<String>) -> Option<Finding> {
    let file = path.file_stem().filter(|stem| *stem != name.value)?;
    Some(
        Finding::new(
            Code::InvalidConfig,
            format!("the environment is called `{}`, its file `{file}`", name.value),
        )
        .at(name.span, "")
        .help("give both one name"),
    )
}

/// `after` names an environment that is there, and no environment comes after itself.
fn check_order(environments: &BTreeMap<String, Arc<Environment>>, findings: &mut Vec<Finding>) {
    for after in environments.values().filter_map(|environment| environment.after.as_ref()) {
        if !environments.contains_key(&after.value) {
            findings.push(
                Finding::new(Code::UnknownEnvironment, format!("there is no environment `{}`", after.value))
                    .at(after.span, "not an environment")
                    .maybe_help(validate::did_you_mean(
                        &after.value,
                        environments.keys().map(String::as_str),
                    )),
            );
        }
    }
    findings.extend(environments.keys().filter_map(|name| circle(name, environments)));
}

/// Environments that come after each other in a circle, from the first by name on; each circle once.
fn circle(name: &str, environments: &BTreeMap<String, Arc<Environment>>) -> Option<Finding> {
    let after = |name: &str| environments.get(name).and_then(|environment| environment.after.as_ref());
    let mut names = vec![name];
    let mut next = after(name)?;
    while next.value != name {
        if next.value.as_str() < name || names.len() > environments.len() {
            return None; // told of from its own first one
        }
        names.push(&next.value);
        next = after(&next.value)?;
    }
    let names: Vec<String> = names.iter().chain([&name]).map(|name| format!("`{name}`")).collect();
    let message = format!("environments come after each other in a circle: {}", names.join(" -> "));
    Some(Finding::new(Code::InvalidConfig, message).at(after(name)?.span, ""))
}

/// Reads one source and gives it its number.
fn source(
    world: &dyn World,
    path: &Utf8Path,
    sources: &mut Sources,
) -> Result<Option<(FileId, Vec<u8>)>, Fault> {
    Ok(world.read(path)?.map(|bytes| (sources.add(world.name(), path, &bytes), bytes)))
}

/// Sorts findings by file, place and code, and keeps each once.
fn settle(sources: &Sources, findings: &mut Vec<Finding>) {
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
