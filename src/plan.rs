//! Decides what will be made: every instance, its parameters, its resources, its folder. Renders nothing.
//!
//! Per cluster: which workloads run (`draft`), what their resources come to (`resources`), what their golden paths'
//! parameters are (`params`), and what each shows to others (`Summary`). Only then is an `InstanceInput` made.

mod catalog;
mod draft;
mod drafts;
mod ground;
mod merge;
mod namespace;
mod outputs;
mod pair;
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
use crate::model::{Code, Environment, Finding, InstanceInput, InstanceKind, Outcome, Platform, Summary};

pub use catalog::{Catalog, Unbound};
pub(crate) use draft::beside;
pub use draft::{OverlaySource, WorkloadSource};
pub(crate) use pair::pair_of;
pub use pair::{Pair, pair};
pub(crate) use units::mark_broken;
pub use units::{Status, Unit};

use draft::Draft;
use drafts::Drafts;
use ground::Ground;
use place::Place;
use resources::Surroundings;
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
    pub workloads: Vec<&'a WorkloadSource>,
    /// Names of workloads that could not be read: links to them are not reported.
    pub broken: BTreeSet<String>,
}

/// What will be made.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every instance that nothing stands in the way of, in folder order.
    pub instances: Vec<InstanceInput>,
    /// Every workload at every place, by workload, environment and cluster.
    pub units: Vec<Unit>,
    /// How many instances there are, also where only some were planned.
    pub total: usize,
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
    let ground = Ground::new(inputs);
    let drafts = ground.drafts(None)?;
    let mut planned = Planned::new(&ground, &drafts);
    for index in 0..ground.places.len() {
        planned.add(Planning::new(&ground, &drafts, index).everything());
    }
    Ok(planned.finish())
}

/// What planning one place needs.
struct Planning<'a> {
    ground: &'a Ground<'a>,
    place: &'a Place,
    /// The workloads that run here, by name.
    here: BTreeMap<&'a str, &'a Draft<'a>>,
    names: BTreeSet<&'a str>,
}

/// Instances of one place, what they show to others, and what was found.
#[derive(Default)]
struct Part {
    instances: Vec<InstanceInput>,
    summaries: Vec<Arc<Summary>>,
    /// How many instances the place has, planned or not.
    total: usize,
    /// Environment, cluster and workload of each unit that findings stand in the way of.
    broken: BTreeSet<(String, String, String)>,
    findings: Vec<Finding>,
}

impl<'a> Planning<'a> {
    fn new(ground: &'a Ground<'a>, drafts: &'a Drafts<'a>, index: usize) -> Self {
        let place = &ground.places[index];
        let here = drafts.at(index).map(|draft| (draft.name(), draft)).collect();
        Self { ground, place, here, names: ground.names() }
    }

    fn surroundings(&'a self) -> Surroundings<'a> {
        Surroundings {
            platform: self.ground.inputs.platform,
            place: self.place,
            catalog: self.ground.inputs.catalog,
            engines: self.ground.inputs.engines,
            schemas: &self.ground.schemas,
            drafts: &self.here,
            names: &self.names,
            broken: &self.ground.inputs.broken,
        }
    }

    fn unit(&self, draft: &Draft<'_>) -> (String, String, String) {
        let (environment, cluster) = (self.place.environment(), self.place.cluster());
        (environment.to_owned(), cluster.to_owned(), draft.name().to_owned())
    }

    /// Plans every instance of the place.
    fn everything(&self) -> Part {
        let mut part = self.of(&|_| true);
        let around = self.surroundings();
        let wide = Wide { around: &around, summaries: &part.summaries }.instances(&mut part.findings);
        part.instances.extend(wide);
        part
    }

    /// Plans the units of some workloads, and the shared resources that those use.
    fn of(&self, wanted: &(dyn Fn(&str) -> bool + Sync)) -> Part {
        let around = self.surroundings();
        let mut part = Part { total: self.here.len() + Wide::count(&around), ..Part::default() };
        let shared = resources::shared(&around, &mut part.findings);
        let wanted_here: Vec<_> = self.here.values().filter(|draft| wanted(draft.name())).collect();
        let planned: Vec<(Option<InstanceInput>, Vec<Finding>)> = wanted_here
            .par_iter()
            .map(|draft| {
                let mut findings = Vec::new();
                let instance = unit::instance(&around, &shared, draft, &mut findings);
                (instance, findings)
            })
            .collect();
        for (draft, (instance, found)) in wanted_here.iter().zip(planned) {
            part.findings.extend(found);
            let Some(instance) = instance else {
                part.broken.insert(self.unit(draft));
                continue;
            };
            if let InstanceKind::Unit(unit) = &instance.kind {
                part.summaries.push(Arc::clone(&unit.summary));
            }
            part.instances.push(instance);
        }
        for definition in shared.values().flatten().filter(|definition| definition.renders()) {
            part.total += 1;
            if definition.consumers.iter().any(|consumer| wanted(&consumer.workload)) {
                let instance = draft::keep(unit::resource_instance(&around, definition), &mut part.findings);
                part.instances.extend(instance);
            }
        }
        part
    }
}

/// A plan that grows place by place.
struct Planned {
    plan: Plan,
    findings: Vec<Finding>,
}

impl Planned {
    fn new(ground: &Ground<'_>, drafts: &Drafts<'_>) -> Self {
        let mut findings = ground.findings.clone();
        findings.extend(drafts.findings().cloned());
        Self { plan: Plan { units: drafts.units(ground), ..Plan::default() }, findings }
    }

    fn add(&mut self, part: Part) {
        self.plan.instances.extend(part.instances);
        self.plan.total += part.total;
        mark_broken(&mut self.plan.units, &part.broken);
        self.findings.extend(part.findings);
    }

    fn finish(mut self) -> Outcome<Plan> {
        self.plan.instances.sort_by(|a, b| a.folder.cmp(&b.folder));
        folder_clashes(&self.plan.instances, &mut self.findings);
        Outcome::new(self.plan, self.findings)
    }
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
