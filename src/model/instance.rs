use std::{collections::BTreeMap, sync::Arc};

use camino::Utf8PathBuf;
use indexmap::IndexMap;
use macadam_yaml::{Node, Span};
use serde::{Deserialize, Serialize};

use super::{
    Cluster, Consumer, Environment, Finding, ObjectId, Package, Params, Port, ResolvedResource, Summary,
    Workload,
};

/// All that one job needs: plain data, complete, serialisable.
///
/// A job's output is a function of this alone. No engine value, closure or open file crosses the border, so the
/// same border serves threads, a cache, a worker process and another machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceInput {
    /// The leaf's folder below the output root, such as `kubernetes/dev/default/workloads/checkout`.
    pub folder: Utf8PathBuf,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// The file that asks for the instance, for the header of each artifact.
    pub origin: Utf8PathBuf,
    /// Where findings about the instance as a whole point.
    pub span: Span,
    /// The platform's name.
    pub platform: String,
    /// The environment.
    pub environment: Arc<Environment>,
    /// The cluster.
    pub cluster: Arc<Cluster>,
    /// What is rendered.
    pub kind: InstanceKind,
}

/// What an instance renders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum InstanceKind {
    /// A golden path for one workload, and the resources that are the workload's own.
    Unit(Box<UnitInput>),
    /// A resource with a leaf of its own.
    Resource(Box<ProvisionInput>),
    /// A platform package.
    Wide(Box<WideInput>),
}

/// One workload in one environment and cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitInput {
    /// The golden path.
    pub package: Arc<Package>,
    /// Its parameters.
    pub params: Params,
    /// The workload, overlays applied, placeholders still in place.
    pub workload: Arc<Workload>,
    /// The image of each container: the release's where it supplies one.
    pub images: BTreeMap<String, String>,
    /// The bytes of each file `source`, by the path as written in the Score file.
    pub contents: BTreeMap<String, Arc<Vec<u8>>>,
    /// Every resource by key, its outputs as this workload sees them.
    pub resources: BTreeMap<String, ResolvedResource>,
    /// The resources whose objects live in this leaf, by key.
    pub provisions: Vec<Provision>,
    /// What the unit shows to others.
    pub summary: Arc<Summary>,
}

/// A resource with a leaf of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProvisionInput {
    /// The resource.
    pub provision: Provision,
}

/// A resource and the package that provides it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provision {
    /// The provisioner.
    pub package: Arc<Package>,
    /// A DNS label that is unique for the resource in its namespace: the default name of its objects.
    pub name: String,
    /// The key under which the defining workload asks for it.
    pub key: String,
    /// The defining workload.
    pub workload: String,
    /// Its owner.
    pub owner: Option<String>,
    /// The name of its Service.
    pub service: String,
    /// Its Service's ports by name.
    pub ports: IndexMap<String, Port>,
    /// `metadata` of the resource, where the defining workload writes it.
    pub metadata: Option<Node>,
    /// Where the resource is written.
    pub span: Span,
    /// The resource, its outputs as the defining workload sees them.
    pub resource: ResolvedResource,
    /// Everybody who uses it, sorted; the defining workload included.
    pub consumers: Vec<Consumer>,
}

/// A platform package for an owner or a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WideInput {
    /// The platform package.
    pub package: Arc<Package>,
    /// Its parameters.
    pub params: Params,
    /// The owner that it is made for, where its scope is owner.
    pub owner: Option<String>,
    /// What lies below it, by workload name.
    pub summaries: Vec<Arc<Summary>>,
}

/// What one job made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InstanceOutput {
    /// Files, in path order, relative to the output root.
    pub artifacts: Vec<Artifact>,
    /// What checks across objects need.
    pub facts: Facts,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One rendered file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Artifact {
    /// Its path below the output root, with `/`.
    pub path: Utf8PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The SHA-256 of its bytes.
    pub digest: [u8; 32],
}

/// The few facts about an instance that checks across objects need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Each object and the place that made it (a template line).
    pub objects: Vec<(ObjectId, Span)>,
}
