//! Environments and clusters, and which workloads run where.

use std::sync::Arc;

use crate::model::{Cluster, Code, Environment, Finding, Placement, SelectorRule, Spanned, Workload};
use crate::validate::did_you_mean;

use super::settings::Settings;

/// One cluster of one environment.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) environment: Arc<Environment>,
    pub(crate) cluster: Arc<Cluster>,
}

impl Place {
    /// The places of all environments: environments by name, clusters in their file's order.
    pub(crate) fn all(environments: &[Arc<Environment>]) -> Vec<Self> {
        environments
            .iter()
            .flat_map(|environment| {
                environment.clusters.iter().map(|cluster| Self {
                    environment: Arc::clone(environment),
                    cluster: Arc::new(cluster.clone()),
                })
            })
            .collect()
    }

    /// The name of the environment.
    pub(crate) fn environment(&self) -> &str {
        &self.environment.name.value
    }

    /// The name of the cluster.
    pub(crate) fn cluster(&self) -> &str {
        &self.cluster.name.value
    }

    /// The folder of everything Kubernetes here, below the output root.
    pub(crate) fn folder(&self) -> String {
        format!("kubernetes/{}/{}", self.environment(), self.cluster())
    }

    /// Whether a workload with these settings runs here.
    pub(crate) fn selected(&self, settings: &Settings) -> bool {
        let named = settings
            .environments
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name.value == self.environment()));
        named && settings.placement.as_ref().is_none_or(|placement| placed(placement, &self.cluster))
    }
}

/// Whether a cluster satisfies every rule of a placement (Kubernetes label selector).
fn placed(placement: &Placement, cluster: &Cluster) -> bool {
    placement.match_labels.iter().all(|(key, value)| cluster.labels.get(key) == Some(value))
        && placement.match_expressions.iter().all(|rule| holds(rule, cluster))
}

fn holds(rule: &SelectorRule, cluster: &Cluster) -> bool {
    let value = cluster.labels.get(&rule.key);
    let listed = value.is_some_and(|value| rule.values.contains(value));
    match rule.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        _ => value.is_none(),
    }
}

/// Checks that every environment a workload names is there, and that its placement leaves a cluster.
pub(crate) fn check(workload: &Workload, settings: &Settings, places: &[Place], findings: &mut Vec<Finding>) {
    let named = settings.environments.iter().flatten();
    for name in named {
        check_environment(name, places, findings);
    }
    for (name, settings) in &workload.platform.per_environment {
        check_environment(&Spanned::new(name.clone(), settings.span), places, findings);
    }
    let nowhere = settings.environments.as_ref().is_some_and(Vec::is_empty); // and meant to be
    if let Some(placement) = &settings.placement
        && !nowhere
        && !places.iter().any(|place| place.selected(settings))
    {
        findings.push(
            Finding::new(Code::EmptyPlacement, "no cluster satisfies this placement")
                .at(placement.span, "matches nothing")
                .help("compare with `labels` of the clusters under `environments/`"),
        );
    }
}

/// Checks that an environment is there.
pub(crate) fn check_environment(name: &Spanned<String>, places: &[Place], findings: &mut Vec<Finding>) {
    if places.iter().any(|place| place.environment() == name.value) {
        return;
    }
    findings.push(
        Finding::new(Code::UnknownEnvironment, format!("there is no environment `{}`", name.value))
            .at(name.span, "not an environment")
            .maybe_help(did_you_mean(&name.value, places.iter().map(Place::environment))),
    );
}

/// Checks that a cluster of an environment is there.
pub(crate) fn check_cluster(
    environment: &Spanned<String>,
    cluster: &Spanned<String>,
    places: &[Place],
    findings: &mut Vec<Finding>,
) {
    check_environment(environment, places, findings);
    let here = || places.iter().filter(|place| place.environment() == environment.value);
    if here().count() == 0 || here().any(|place| place.cluster() == cluster.value) {
        return;
    }
    findings.push(
        Finding::new(
            Code::UnknownEnvironment,
            format!("environment `{}` has no cluster `{}`", environment.value, cluster.value),
        )
        .at(cluster.span, "not a cluster")
        .maybe_help(did_you_mean(&cluster.value, here().map(Place::cluster))),
    );
}
