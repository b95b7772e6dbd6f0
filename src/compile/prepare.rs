//! Reads one side: everything that planning needs, parsed and validated.
//!
//! A side that is compared with another takes from it whatever stands in the same files: then the two share sources,
//! places and values, and what is equal is known to be equal without looking into it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::FileId;

use super::{
    Options, PLATFORM_FILE, Stage, VERSION,
    environments::{check_order, misnamed},
    packages::{self, ReadPackage},
    workloads::{self, ReadWorkload},
};
use crate::engine::Engines;
use crate::fault::Fault;
use crate::load::{Inventory, Side, World, built_in, discover, same};
use crate::model::{Code, Environment, Finding, Outcome, Package, Platform, Sources, WorldName};
use crate::parse;
use crate::plan::{self, Catalog, Plan, WorkloadSource};
use crate::validate;

/// One side, read. Findings stay with the file that they are in, so that another side can share both.
#[derive(Debug, Default)]
pub struct Prepared {
    /// `macadam.yaml`, where it could be read.
    pub platform: Option<Arc<Platform>>,
    /// The environments, sorted by name; of two with one name, the first.
    pub environments: Vec<Arc<Environment>>,
    /// Every package.
    pub catalog: Arc<Catalog>,
    /// The templates of every package.
    pub engines: Arc<Engines>,
    /// Which files are inputs; empty where `macadam.yaml` could not be read.
    pub inventory: Inventory,
    /// The workloads as they were read, in path order.
    pub workloads: Vec<Arc<ReadWorkload>>,
    /// The packages as they were read, the repository's before macadam's own.
    pub packages: Vec<Arc<ReadPackage>>,
    /// The files of environments, as they were read.
    pub environment_files: Vec<Arc<Read<Utf8PathBuf, Arc<Environment>>>>,
    /// `macadam.yaml`, as it was read.
    platform_file: Option<Arc<Read<Utf8PathBuf, Arc<Platform>>>>,
    /// What is none of one file's findings.
    found: Vec<Finding>,
    /// Whether planning is worth while.
    complete: bool,
}

/// What became of the files of one input.
#[derive(Debug)]
pub struct Read<F, T> {
    /// The file or files.
    pub files: F,
    /// Whether they are macadam's own and none of the repository.
    pub built_in: bool,
    /// What they hold, where it could be read.
    pub value: Option<T>,
    /// What was found in them.
    pub findings: Vec<Finding>,
}

/// The other side of a comparison, read already.
#[derive(Clone, Copy)]
pub struct Other<'a> {
    /// Its worlds.
    pub side: Side<'a>,
    /// What they hold.
    pub prepared: &'a Prepared,
}

/// Reads, parses and validates everything of one side.
///
/// # Errors
///
/// Where a world cannot be read. What is wrong in the repository is a finding.
pub fn prepare(
    side: Side<'_>,
    other: Option<Other<'_>>,
    options: &Options<'_>,
    sources: &mut Sources,
) -> Result<Prepared, Fault> {
    let mut made = Prepared::default();
    made.complete = made.read(side, other, options, sources)?.is_some();
    Ok(made)
}

impl Prepared {
    /// Everything that was found, in no promised order.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        let platform = self.platform_file.iter().flat_map(|read| &read.findings);
        let environments = self.environment_files.iter().flat_map(|read| &read.findings);
        let packages = self.packages.iter().flat_map(|read| &read.findings);
        let workloads = self.workloads.iter().flat_map(|read| &read.findings);
        self.found.iter().chain(platform).chain(environments).chain(packages).chain(workloads).cloned()
    }

    /// The workloads that could be read, in path order.
    pub fn sources(&self) -> impl Iterator<Item = &WorkloadSource> {
        self.workloads.iter().filter_map(|read| read.source.as_ref())
    }

    /// Names of workloads whose findings stand in the way: links to them are nobody's mistake.
    pub fn broken(&self) -> BTreeSet<String> {
        self.workloads.iter().filter_map(|read| read.broken.clone()).collect()
    }

    /// What planning looks at; `None` where nothing can be planned.
    pub fn inputs<'a>(&'a self, side: Side<'a>) -> Option<plan::Inputs<'a>> {
        let platform = self.platform.as_ref().filter(|_| self.complete)?;
        Some(plan::Inputs {
            world: side.workloads,
            platform,
            environments: &self.environments,
            catalog: &self.catalog,
            engines: &self.engines,
            workloads: self.sources().collect(),
            broken: self.broken(),
        })
    }

    /// Plans everything.
    pub(crate) fn plan(&self, side: Side<'_>) -> Result<Outcome<Plan>, Fault> {
        match self.inputs(side) {
            Some(inputs) => plan::plan(&inputs),
            None => Ok(Outcome::failed(Vec::new())),
        }
    }

    /// Reads one part after the other; `None` where the rest cannot be read.
    fn read(
        &mut self,
        side: Side<'_>,
        other: Option<Other<'_>>,
        options: &Options<'_>,
        sources: &mut Sources,
    ) -> Result<Option<()>, Fault> {
        options.enter(Stage::Load);
        let read = read_platform(side.platform, other, sources)?;
        self.platform.clone_from(&read.value);
        self.platform_file = Some(read);
        let Some(platform) = self.platform.clone() else { return Ok(None) };
        let Some(inventory) = inventory(side, &platform, &mut self.found)? else { return Ok(None) };
        self.inventory = inventory;
        let Some(own) = discover(built_in(), &platform)?.take(&mut self.found) else { return Ok(None) };

        options.enter(Stage::Packages);
        self.environments(side.platform, &own, other, sources)?;
        if self.packages(side.platform, &own, other, sources)?.is_none() {
            return Ok(None);
        }
        options.enter(Stage::Workloads);
        self.workloads =
            workloads::load(side.workloads, &platform, &self.inventory.workloads, other, sources)?;
        Ok(Some(()))
    }

    /// Reads the environments: the repository's, or the built-in ones where it has none.
    fn environments(
        &mut self,
        world: &dyn World,
        own: &Inventory,
        other: Option<Other<'_>>,
        sources: &mut Sources,
    ) -> Result<(), Fault> {
        let paths = &self.inventory.environments;
        let (world, paths) =
            if paths.is_empty() { (built_in() as &dyn World, &own.environments) } else { (world, paths) };
        for path in paths {
            self.environment_files.push(read_environment(world, path, other, sources)?);
        }
        let mut by_name: BTreeMap<String, Arc<Environment>> = BTreeMap::new();
        for environment in self.environment_files.iter().filter_map(|read| read.value.as_ref()) {
            match by_name.get(&environment.name.value) {
                Some(first) => self.found.push(duplicate(environment, first)),
                None => drop(by_name.insert(environment.name.value.clone(), Arc::clone(environment))),
            }
        }
        check_order(&by_name, &mut self.found);
        self.environments = by_name.into_values().collect();
        Ok(())
    }

    /// Reads the packages, binds them and compiles their templates; `None` where no template can be used.
    fn packages(
        &mut self,
        world: &dyn World,
        own: &Inventory,
        other: Option<Other<'_>>,
        sources: &mut Sources,
    ) -> Result<Option<()>, Fault> {
        self.packages = packages::load(world, &self.inventory, other, sources)?;
        self.packages.extend(packages::load(built_in(), own, other, sources)?);
        let unbound = self.packages.iter().filter_map(|read| read.value.clone()).collect();
        let mut catalog = Catalog::new(unbound, &mut self.found);
        if let Some(other) = other {
            catalog.share(&other.prepared.catalog);
        }
        let all: Vec<Arc<Package>> = catalog.packages().cloned().collect();
        self.catalog = Arc::new(catalog);
        let Some(engines) = Engines::prepare(&all).take(&mut self.found) else { return Ok(None) };
        self.engines = Arc::new(engines);
        Ok(Some(()))
    }
}

/// Reads `macadam.yaml`, or takes it from the other side.
fn read_platform(
    world: &dyn World,
    other: Option<Other<'_>>,
    sources: &mut Sources,
) -> Result<Arc<Read<Utf8PathBuf, Arc<Platform>>>, Fault> {
    let path = Utf8Path::new(PLATFORM_FILE);
    if let Some(other) = other
        && let Some(read) = &other.prepared.platform_file
        && same(world, other.side.platform, path)?
    {
        return Ok(Arc::clone(read));
    }
    let mut findings = Vec::new();
    let value = platform(world, path, sources, &mut findings)?.map(Arc::new);
    Ok(Arc::new(Read { files: path.to_owned(), built_in: false, value, findings }))
}

fn platform(
    world: &dyn World,
    path: &Utf8Path,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Option<Platform>, Fault> {
    let Some((file, bytes)) = source(world, path, sources)? else {
        findings.push(
            Finding::new(Code::NotPlatform, format!("there is no `{PLATFORM_FILE}` here"))
                .help("`macadam init` makes a platform repository"),
        );
        return Ok(None);
    };
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

/// The inputs of a side: workloads of one world, everything else of the other.
fn inventory(
    side: Side<'_>,
    platform: &Platform,
    findings: &mut Vec<Finding>,
) -> Result<Option<Inventory>, Fault> {
    let Some(mut inventory) = discover(side.workloads, platform)?.take(findings) else { return Ok(None) };
    if !side.is_one() {
        let workloads = std::mem::take(&mut inventory.workloads);
        let Some(of_platform) = discover(side.platform, platform)?.take(findings) else { return Ok(None) };
        inventory = Inventory { workloads, ..of_platform };
    }
    Ok(Some(inventory))
}

/// Reads an environment, or takes it from the other side.
fn read_environment(
    world: &dyn World,
    path: &Utf8Path,
    other: Option<Other<'_>>,
    sources: &mut Sources,
) -> Result<Arc<Read<Utf8PathBuf, Arc<Environment>>>, Fault> {
    let built_in = world.name() == WorldName::BuiltIn;
    if let Some(other) = other
        && let Some(read) = other
            .prepared
            .environment_files
            .iter()
            .find(|read| read.files == path && read.built_in == built_in)
        && (built_in || same(world, other.side.platform, path)?)
    {
        return Ok(Arc::clone(read));
    }
    let mut findings = Vec::new();
    let value = source(world, path, sources)?.and_then(|(file, bytes)| {
        let tree = parse::yaml(&bytes, file).take(&mut findings)?;
        let environment = validate::environment(&tree, file).take(&mut findings)?;
        findings.extend(misnamed(path, &environment.name));
        Some(Arc::new(environment))
    });
    Ok(Arc::new(Read { files: path.to_owned(), built_in, value, findings }))
}

fn duplicate(environment: &Environment, first: &Environment) -> Finding {
    let message = format!("two environments are called `{}`", environment.name.value);
    Finding::new(Code::DuplicateDefinition, message)
        .at(environment.name.span, "this one")
        .also(first.name.span, "and this one")
}

/// Reads one source and gives it its number.
pub(super) fn source(
    world: &dyn World,
    path: &Utf8Path,
    sources: &mut Sources,
) -> Result<Option<(FileId, Vec<u8>)>, Fault> {
    Ok(world.read(path)?.map(|bytes| (sources.add(world.name(), path, &bytes), bytes)))
}
