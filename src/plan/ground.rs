//! What planning one side stands on: nothing here depends on another workload.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::fault::Fault;
use crate::model::{Code, Finding, PackageKey};
use crate::validate::schema::Schema;

use super::{
    Inputs,
    catalog::Catalog,
    draft::{Drafting, WorkloadSource},
    drafts::{Drafts, OfWorkload},
    params::ParamSchema,
    place::Place,
    settings::DefaultRules,
};

/// One side's places, rules and schemas, made once.
pub(super) struct Ground<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    /// Every cluster of every environment.
    pub(super) places: Vec<Place>,
    pub(super) rules: DefaultRules<'a>,
    /// What golden paths require of a Score file.
    requirements: BTreeMap<PackageKey, Schema>,
    /// Parameter schemas.
    pub(super) schemas: BTreeMap<PackageKey, ParamSchema>,
    /// The workloads whose names are unique, in path order.
    pub(super) workloads: Vec<&'a WorkloadSource>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(inputs: &'a Inputs<'a>) -> Self {
        let mut findings = Vec::new();
        let schemas = inputs.catalog.packages();
        Self {
            inputs,
            places: Place::all(inputs.environments),
            rules: DefaultRules::new(&inputs.platform.defaults, &mut findings),
            requirements: requirements(inputs.catalog, &mut findings),
            schemas: schemas
                .filter_map(|package| Some((package.key(), ParamSchema::new(package)?)))
                .collect(),
            workloads: unique(&inputs.workloads, &mut findings),
            findings,
        }
    }

    /// The names of all workloads.
    pub(super) fn names(&self) -> BTreeSet<&'a str> {
        self.workloads.iter().map(|source| source.workload.name.value.as_str()).collect()
    }

    /// Drafts every workload at every place; those that `known` has already are taken from there.
    pub(super) fn drafts(&'a self, known: Option<&Known<'a>>) -> Result<Drafts<'a>, Fault> {
        let drafting = Drafting {
            world: self.inputs.world,
            platform: self.inputs.platform,
            catalog: self.inputs.catalog,
            places: &self.places,
            requirements: &self.requirements,
            rules: &self.rules,
        };
        let drafted = self.workloads.par_iter().map(|source| {
            if let Some(known) = known.and_then(|known| known(source)) {
                return Ok(known);
            }
            let mut findings = Vec::new();
            let places = drafting.workload(source, &mut findings)?;
            Ok(OfWorkload::new(source, places, findings))
        });
        Ok(Drafts::new(drafted.collect::<Result<_, Fault>>()?))
    }
}

/// Finds the drafts of a workload that were made already.
pub(super) type Known<'a> = dyn Fn(&WorkloadSource) -> Option<OfWorkload<'a>> + Sync + 'a;

/// The workloads whose names are unique; of two with one name, the first.
fn unique<'a>(workloads: &[&'a WorkloadSource], findings: &mut Vec<Finding>) -> Vec<&'a WorkloadSource> {
    let mut first: BTreeMap<&str, &WorkloadSource> = BTreeMap::new();
    let mut unique = Vec::with_capacity(workloads.len());
    for &source in workloads {
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
