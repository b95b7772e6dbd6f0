//! Decides what will be made: every instance, its parameters, its resources, its folder. Renders nothing.
//!
//! Per cluster: which workloads run (`draft`), what their resources come to (`resources`), what their golden paths'
//! parameters are (`params`), and what each shows to others (`Summary`). Only then is an `InstanceInput` made.

mod catalog;
mod draft;
mod merge;
mod namespace;
mod outputs;
mod params;
mod place;
mod provisioners;
mod release;
mod resources;
mod settings;
mod substitute;
mod unit;
mod units;
mod wide;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use camino::Utf8PathBuf;
use rayon::prelude::*;

use crate::engine::Engines;
use crate::fault::Fault;
use crate::load::World;
use crate::model::{Code, Environment, Finding, InstanceInput, Outcome, PackageKey, Platform, Summary};
use crate::validate::schema::Schema;

pub use catalog::{Catalog, Unbound};
pub use draft::{OverlaySource, WorkloadSource};
pub(crate) use units::mark_broken;
pub use units::{Status, Unit};

use draft::{Draft, Drafted, Drafting};
use params::ParamSchema;
use place::Place;
use resources::Surroundings;
use settings::DefaultRules;
use wide::Wide;

/// Everything that planning looks at.
pub struct Inputs<'a> {
    /// Where file sources are read.
    pub world: &'a dyn World,
    /// `macadam.yaml`.
    pub platform: &'a Platform,
    /// The environments, sorted by name.
    pub environments: &'a [Arc<Environment>],
    /// Every package.
    pub catalog: &'a Catalog,
    /// The compiled templates of every package.
    pub engines: &'a Engines,
    /// The workloads, in path order.
    pub workloads: &'a [WorkloadSource],
    /// Names of workloads that could not be read: links to them are not reported.
    pub broken: &'a BTreeSet<String>,
}

/// What will be made.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every instance that nothing stands in the way of, in folder order.
    pub instances: Vec<InstanceInput>,
    /// Every workload at every place, by workload, environment and cluster.
    pub units: Vec<Unit>,
}

/// Plans every instance that the repository's workloads and packages need, before any template runs.
///
/// Instances come in folder order; folders are relative to the output root, with `/`. Goes on after each finding, so
/// that a plan may be incomplete: nothing is written then.
///
/// # Errors
///
/// Where the world cannot be read.
pub fn plan(inputs: &Inputs<'_>) -> Result<Outcome<Plan>, Fault> {
    let mut findings = Vec::new();
    let places = Place::all(inputs.environments);
    let rules = DefaultRules::new(&inputs.platform.defaults, &mut findings);
    let workloads = unique(inputs.workloads, &mut findings);
    let requirements = requirements(inputs.catalog, &mut findings);
    let drafting = Drafting {
        world: inputs.world,
        platform: inputs.platform,
        catalog: inputs.catalog,
        places: &places,
        requirements: &requirements,
        rules: &rules,
    };
    let drafted = workloads
        .par_iter()
        .map(|source| {
            let mut findings = Vec::new();
            let drafts = drafting.workload(source, &mut findings)?;
            Ok((drafts, findings))
        })
        .collect::<Result<Vec<_>, Fault>>()?;

    let schemas: BTreeMap<PackageKey, ParamSchema> = inputs
        .catalog
        .packages()
        .filter_map(|package| Some((package.key(), ParamSchema::new(package)?)))
        .collect();
    let mut drafts = Vec::new();
    let mut units = Vec::new();
    for (source, (of_workload, found)) in workloads.iter().zip(drafted) {
        findings.extend(found);
        let settings = rules.settings(&source.workload);
        for (place, drafted) in places.iter().zip(of_workload) {
            units.push(Unit::of(source, place, drafted.as_ref(), &settings));
            if let Some(Drafted::Unit(draft)) = drafted {
                drafts.push(*draft);
            }
        }
    }
    let names: BTreeSet<&str> = workloads.iter().map(|source| source.workload.name.value.as_str()).collect();
    let planning = Planning { inputs, schemas: &schemas, names: &names };
    let mut plan = Plan { instances: Vec::new(), units };
    let mut broken = BTreeSet::new();
    for (index, place) in places.iter().enumerate() {
        let here: BTreeMap<&str, &Draft<'_>> =
            drafts.iter().filter(|draft| draft.place == index).map(|draft| (draft.name(), draft)).collect();
        let planned = planning.place(place, &here, &mut plan.instances, &mut findings);
        let missing = here.keys().filter(|name| !planned.contains(**name));
        broken
            .extend(missing.map(|name| {
                (place.environment().to_owned(), place.cluster().to_owned(), (*name).to_owned())
            }));
    }
    mark_broken(&mut plan.units, &broken);
    plan.instances.sort_by(|a, b| a.folder.cmp(&b.folder));
    folder_clashes(&plan.instances, &mut findings);
    Ok(Outcome::new(plan, findings))
}

/// What planning one place needs.
struct Planning<'a> {
    inputs: &'a Inputs<'a>,
    schemas: &'a BTreeMap<PackageKey, ParamSchema>,
    names: &'a BTreeSet<&'a str>,
}

impl Planning<'_> {
    /// Plans every instance of one cluster, and returns the workloads that nothing stands in the way of.
    fn place(
        &self,
        place: &Place,
        drafts: &BTreeMap<&str, &Draft<'_>>,
        instances: &mut Vec<InstanceInput>,
        findings: &mut Vec<Finding>,
    ) -> BTreeSet<String> {
        let around = Surroundings {
            platform: self.inputs.platform,
            place,
            catalog: self.inputs.catalog,
            engines: self.inputs.engines,
            schemas: self.schemas,
            drafts,
            names: self.names,
            broken: self.inputs.broken,
        };
        let shared = resources::shared(&around, findings);
        let planned: Vec<(Option<InstanceInput>, Vec<Finding>)> = drafts
            .values()
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|draft| {
                let mut findings = Vec::new();
                let instance = unit::instance(&around, &shared, draft, &mut findings);
                (instance, findings)
            })
            .collect();
        let mut summaries: Vec<Arc<Summary>> = Vec::new();
        for (instance, found) in planned {
            findings.extend(found);
            let Some(instance) = instance else { continue };
            if let crate::model::InstanceKind::Unit(unit) = &instance.kind {
                summaries.push(Arc::clone(&unit.summary));
            }
            instances.push(instance);
        }
        for definition in shared.values().flatten().filter(|definition| definition.renders()) {
            instances.extend(draft::keep(unit::resource_instance(&around, definition), findings));
        }
        instances.extend(Wide { around: &around, summaries: &summaries }.instances(findings));
        summaries.iter().map(|summary| summary.name.clone()).collect()
    }
}

/// The workloads whose names are unique; of two with one name, the first.
fn unique<'a>(workloads: &'a [WorkloadSource], findings: &mut Vec<Finding>) -> Vec<&'a WorkloadSource> {
    let mut first: BTreeMap<&str, &WorkloadSource> = BTreeMap::new();
    let mut unique = Vec::with_capacity(workloads.len());
    for source in workloads {
        let name = &source.workload.name;
        match first.get(name.value.as_str()) {
            Some(other) => findings.push(
                Finding::new(Code::DuplicateWorkload, format!("two workloads are called `{}`", name.value))
                    .at(name.span, "this one")
                    .also(other.workload.name.span, "and this one"),
            ),
            None => {
                first.insert(&name.value, source);
                unique.push(source);
            }
        }
    }
    unique
}

/// What golden paths require of a workload, compiled.
fn requirements(catalog: &Catalog, findings: &mut Vec<Finding>) -> BTreeMap<PackageKey, Schema> {
    let mut compiled = BTreeMap::new();
    for package in catalog.golden_paths() {
        let Some(requires) = &package.requires else { continue };
        if let Some(schema) = Schema::compile(requires).take(findings) {
            compiled.insert(package.key(), schema);
        }
    }
    compiled
}

/// Two instances in one folder, also where only letter case differs.
fn folder_clashes(instances: &[InstanceInput], findings: &mut Vec<Finding>) {
    let mut taken: BTreeMap<String, &InstanceInput> = BTreeMap::new();
    for instance in instances {
        if let Some(other) = taken.insert(instance.folder.as_str().to_lowercase(), instance) {
            findings.push(
                Finding::new(
                    Code::FolderClash,
                    format!("two instances would write into `{}`", instance.folder),
                )
                .at(instance.span, "this one")
                .also(other.span, "and this one"),
            );
        }
    }
}

/// The folder of a resource's own leaf, below its cluster.
fn resource_folder(place: &Place, id: &crate::model::ResourceId) -> Utf8PathBuf {
    let class = if id.class == "default" { String::new() } else { format!(".{}", id.class) };
    Utf8PathBuf::from(format!("{}/resources/{}{class}-{}", place.folder(), id.kind, id.name).to_lowercase())
}

#[cfg(test)]
mod tests;
