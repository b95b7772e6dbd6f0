use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Port;

/// The identity of a resource inside one environment and cluster: `type.class#id`, or `type.class#workload.key`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceId {
    /// The type, such as `postgres`.
    pub kind: String,
    /// The class; `default` where the Score file names none.
    pub class: String,
    /// The `id`, or `<workload>.<key>`.
    pub name: String,
    /// Whether the name is an `id` that workloads share.
    pub shared: bool,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}#{}", self.kind, self.class, self.name)
    }
}

/// What one output of a resource is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Output {
    /// Known now.
    Value(serde_json::Value),
    /// A key of a Secret in the consumer's namespace, filled by something else.
    Secret {
        /// The Secret's name.
        name: String,
        /// The key in it.
        key: String,
        /// Whether it may stand in a URL without percent-encoding.
        url_safe: bool,
        /// Whether the provisioner sees to it in the namespace of each consumer.
        everywhere: bool,
    },
    /// A key of a ConfigMap in the consumer's namespace, filled by something else.
    ConfigMap {
        /// The ConfigMap's name.
        name: String,
        /// The key in it.
        key: String,
    },
}

/// A resource as its workload sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolvedResource {
    /// Which resource it is.
    pub id: ResourceId,
    /// The provisioner's name.
    pub provisioner: String,
    /// Its parameters, checked, placeholders resolved.
    pub params: serde_json::Value,
    /// What it tells the workload.
    pub outputs: IndexMap<String, Output>,
    /// The workload it points at.
    pub target: Option<LinkTarget>,
}

/// Who uses a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Consumer {
    /// The workload's name.
    pub workload: String,
    /// The namespace it runs in.
    pub namespace: String,
    /// Its owner.
    pub owner: Option<String>,
}

/// The workload that a link points at, in the same environment and cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkTarget {
    /// The workload's name.
    pub workload: String,
    /// The namespace it runs in.
    pub namespace: String,
    /// The name of its Service.
    pub service: String,
    /// The Service's host as the asking workload reaches it.
    pub host: String,
    /// Whether it runs in another namespace than the one that asks.
    pub foreign: bool,
    /// The Service's ports by name.
    pub ports: IndexMap<String, Port>,
}
