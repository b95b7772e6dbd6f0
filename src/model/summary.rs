use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Port, ResourceId};

/// All that one unit shows to others: never its parameters, variables or files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The workload's name.
    pub name: String,
    /// Its owner.
    pub owner: Option<String>,
    /// The golden path's name.
    pub golden_path: String,
    /// The namespace it runs in.
    pub namespace: String,
    /// The name of its Service.
    pub service: String,
    /// The Service's ports by name; empty where it has no Service.
    pub ports: IndexMap<String, Port>,
    /// Hosts it answers to.
    pub hosts: Vec<String>,
    /// Other workloads it talks to, by name.
    pub links: Vec<Link>,
    /// The resources it asks for.
    pub resources: Vec<ResourceId>,
    /// The Pod Security level its pods keep: `restricted`, `baseline` or `privileged`.
    pub security: String,
    /// What one pod of it asks for.
    pub requests: Requests,
}

/// One workload talks to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The workload that is talked to.
    pub workload: String,
    /// The resource key of the workload that talks.
    pub resource: String,
}

/// What one pod asks for: sums over its containers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Requests {
    /// Thousandths of a core.
    pub cpu_millis: u64,
    /// Bytes.
    pub memory_bytes: u64,
}
