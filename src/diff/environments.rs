//! Compares two environments of one side: what one has that the other has not.

use std::collections::BTreeMap;

use super::{
    Comparison, Options,
    count::counts,
    group::group,
    instance::Job,
    judge::Judges,
    matching::{Matched, View, found, name},
};
use crate::compile::{Options as Compiling, Prepared, prepare, settle};
use crate::fault::Fault;
use crate::load::Side;
use crate::model::{
    Environment, Finding, InstanceInput, InstanceName, InstanceWord, Review, SideFindings, SideName, Sources,
};
use crate::validate::did_you_mean;

/// Compares two environments of one side, by name.
///
/// Clusters of one name belong together; any other cluster is compared with the first one of the other environment.
/// Fields that differ only by the names of environment, cluster and namespace, or by a variable of the environment,
/// are marked as specific.
///
/// # Errors
///
/// Usage, where there is no such environment. Where a world cannot be read.
pub fn environments(
    side: Side<'_>,
    (base, head): (&str, &str),
    options: &Options<'_>,
) -> Result<Comparison, Fault> {
    let mut sources = Sources::default();
    let prepared = prepare(side, None, &Compiling::default(), &mut sources)?;
    let (from, to) = (find(&prepared, base)?, find(&prepared, head)?);
    let plan = prepared.plan(side)?;
    let view = View::new(&prepared, &plan);
    let mut findings = found(&prepared, &plan);
    let judges = Judges::of_one(&prepared);
    let rules = judges.impact_rules(&mut findings);
    let job = Job::new((&prepared.engines, &prepared.engines), &view, &rules, options)
        .priced(judges.has_prices())
        .across();

    let instances: Vec<&InstanceInput> = plan.value.iter().flat_map(|plan| &plan.instances).collect();
    let broken = findings.iter().any(Finding::is_error);
    let (known, unknown): (Vec<_>, Vec<_>) = matched(&instances, from, to)
        .into_iter()
        .partition(|pair| !broken || (pair.base.is_some() && pair.head.is_some()));
    let mut changes = job.run(&known);
    let mut undetermined: Vec<InstanceName> = unknown.iter().filter_map(Matched::input).map(name).collect();
    for change in &mut changes {
        findings.append(&mut change.findings.0);
        findings.append(&mut change.findings.1);
        undetermined.extend(change.undetermined.then(|| change.name.clone()));
    }
    settle(&sources, &mut findings);
    changes.retain(|change| !change.objects.is_empty());
    let named = |name: &str| SideName { name: name.to_owned(), commit: None };
    let of_instances = instances.iter().filter(|input| input.environment.name.value == head).count();
    let (cost, counts) = (judges.cost(&changes), counts(&changes, of_instances));
    let grouped = group(changes);
    let fails = judges.fails(&grouped, options).map_err(|error| error.fault())?;
    let review = Review {
        base: named(base),
        head: named(head),
        counts,
        groups: grouped.groups,
        cost,
        undetermined,
        findings: SideFindings { both: findings, ..SideFindings::default() },
        ..Review::default()
    };
    Ok(Comparison { review, sources, fails })
}

fn find<'a>(prepared: &'a Prepared, name: &str) -> Result<&'a Environment, Fault> {
    let names = || prepared.environments.iter().map(|environment| environment.name.value.as_str());
    let found = prepared.environments.iter().find(|environment| environment.name.value == name);
    found
        .map(|environment| &**environment)
        .ok_or_else(|| Fault::usage(format!("there is no environment `{name}`"), did_you_mean(name, names())))
}

/// The instances of two environments, put together by cluster, kind and name.
fn matched<'a>(instances: &[&'a InstanceInput], from: &Environment, to: &Environment) -> Vec<Matched<'a>> {
    let mut pairs: BTreeMap<(String, InstanceWord, String, Option<String>), Matched<'a>> = BTreeMap::new();
    for cluster in &to.clusters {
        let cluster = &cluster.name.value;
        let named = from.clusters.iter().find(|other| other.name.value == *cluster);
        let Some(other) = named.or(from.clusters.first()) else { continue };
        for input in instances {
            let it = name(input);
            let is_base = it.environment == from.name.value && it.cluster == other.name.value;
            let is_head = it.environment == to.name.value && it.cluster == *cluster;
            if !is_base && !is_head {
                continue;
            }
            let key = (cluster.clone(), it.kind, it.name, it.owner);
            let pair = pairs.entry(key).or_insert(Matched { base: None, head: None });
            if is_base {
                pair.base = Some(input);
            } else {
                pair.head = Some(input);
            }
        }
    }
    pairs.into_values().collect()
}
