//! The parameters that macadam itself reads, whatever the golden path does with them.
//!
//! A golden path that does not declare one of them gets the default. `docs/kubernetes-blocks.md` lists them.

use macadam_yaml::Node;
use serde::Serialize;

use crate::model::{InstanceInput, ResolvedResource, UnitInput};

/// What golden paths and lowering agree on.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// `kind`, or `CronJob` where a `schedule` is set.
    pub(super) kind: String,
    /// How many pods run at least and at most.
    pub(super) replicas: Replicas,
    /// Whether something scales the workload, and the key of the resource that does.
    pub(super) autoscaled: Autoscaled,
    /// The Pod Security level.
    pub(super) security: Profile,
    /// `runAsUser`, `runAsGroup`, `fsGroup`, where set.
    pub(super) identity: Vec<(&'static str, i64)>,
    /// `probes`.
    pub(super) probes: Timing,
    /// `resources`: for containers that state none.
    pub(super) defaults: Defaults,
    /// Whether Secrets that change restart the pods.
    pub(super) reload: bool,
    /// The minor version of Kubernetes 1.
    pub(super) minor: u32,
}

/// How many pods run at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Replicas {
    /// At least so many.
    pub minimum: i64,
    /// At most so many.
    pub maximum: i64,
}

/// What scales the workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Autoscaled {
    /// Nothing.
    No,
    /// The golden path's parameter `autoscaling`.
    Parameter,
    /// A resource of the workload, by key; the flag says that the parameter is set too.
    Resource { key: String, kind: Option<String>, twice: bool },
}

/// A Pod Security level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// Nothing is set.
    Privileged,
    /// What an image of somebody else survives.
    Baseline,
    /// Everything that Kubernetes asks of a pod at this level.
    Restricted,
}

impl Profile {
    /// Its name in a namespace's labels.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// How often and how patiently probes ask; in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    pub(super) period: i64,
    pub(super) timeout: i64,
    pub(super) failures: i64,
    pub(super) startup: i64,
}

/// Requests and limits of containers that state none.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    pub(super) requests: [Option<String>; 2],
    pub(super) limits: [Option<String>; 2],
}

/// The type of resource that scales its workload.
const AUTOSCALER: &str = "horizontal-pod-autoscaler";

impl Settings {
    /// Reads the parameters of a unit; what has another type than agreed counts as absent.
    pub(super) fn read(unit: &UnitInput, input: &InstanceInput) -> Self {
        let params = &unit.params.value;
        let schedule = params.get("schedule").and_then(Node::as_str).is_some_and(|text| !text.is_empty());
        let kind = match params.get("kind").and_then(Node::as_str) {
            _ if schedule => "CronJob",
            Some(kind) => kind,
            None => "Deployment",
        };
        let autoscaled = autoscaled(unit);
        let identity = ["runAsUser", "runAsGroup", "fsGroup"];
        Self {
            kind: kind.to_owned(),
            replicas: replicas(unit, &autoscaled),
            autoscaled,
            security: match unit.summary.security.as_str() {
                "restricted" => Profile::Restricted,
                "privileged" => Profile::Privileged,
                _ => Profile::Baseline,
            },
            identity: identity.into_iter().filter_map(|name| Some((name, integer(params, name)?))).collect(),
            probes: Timing::read(params.get("probes")),
            defaults: Defaults::read(params.get("resources")),
            reload: params.get("reloadOnSecretChange").and_then(Node::as_bool) == Some(true),
            minor: minor(&input.environment.kubernetes_version.value),
        }
    }
}

impl Timing {
    fn read(node: Option<&Node>) -> Self {
        let value = |name: &str, default: i64| node.and_then(|node| integer(node, name)).unwrap_or(default);
        Self {
            period: value("periodSeconds", 10),
            timeout: value("timeoutSeconds", 3),
            failures: value("failureThreshold", 3),
            startup: value("startupSeconds", 120),
        }
    }
}

impl Defaults {
    fn read(node: Option<&Node>) -> Self {
        let quantity = |side: &str, name: &str| {
            Some(node?.get(side)?.get(name)?.as_str().filter(|text| !text.is_empty())?.to_owned())
        };
        let pair = |side: &str| [quantity(side, "cpu"), quantity(side, "memory")];
        Self { requests: pair("requests"), limits: pair("limits") }
    }
}

fn integer(node: &Node, name: &str) -> Option<i64> {
    node.get(name)?.as_i64()
}

/// The minor version of `1.35`; a version that cannot be read counts as old.
fn minor(version: &str) -> u32 {
    version.trim_start_matches('v').split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

fn autoscaled(unit: &UnitInput) -> Autoscaled {
    let parameter = unit.params.value.get("autoscaling").is_some_and(|node| node.as_mapping().is_some());
    match autoscaler(unit) {
        Some((key, resource)) => Autoscaled::Resource {
            key: key.clone(),
            kind: resource.params.get("kind").and_then(|kind| kind.as_str()).map(str::to_owned),
            twice: parameter,
        },
        None if parameter => Autoscaled::Parameter,
        None => Autoscaled::No,
    }
}

fn autoscaler(unit: &UnitInput) -> Option<(&String, &ResolvedResource)> {
    unit.resources.iter().find(|(_, resource)| resource.id.kind == AUTOSCALER)
}

fn replicas(unit: &UnitInput, autoscaled: &Autoscaled) -> Replicas {
    let params = &unit.params.value;
    let fixed = integer(params, "replicas").unwrap_or(1);
    let (minimum, maximum) = match autoscaled {
        Autoscaled::No => (Some(fixed), Some(fixed)),
        Autoscaled::Parameter => {
            let of = |name| params.get("autoscaling").and_then(|node| integer(node, name));
            (of("minReplicas").or(Some(fixed.max(1))), of("maxReplicas"))
        }
        Autoscaled::Resource { key, .. } => {
            let of = |name: &str| unit.resources.get(key)?.params.get(name)?.as_i64();
            (of("minReplicas"), of("maxReplicas"))
        }
    };
    let minimum = minimum.unwrap_or(fixed);
    Replicas { minimum, maximum: maximum.unwrap_or(minimum) }
}
