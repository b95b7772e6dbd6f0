use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use indexmap::IndexMap;
use macadam_yaml::{Node, Span};
use serde::{Deserialize, Serialize};

use super::Spanned;

/// One Score file (`score.dev/v1b1`), validated, its deprecated forms already upgraded.
///
/// Maps keep the order of the file. Strings still hold their placeholders. Source: Score specification v1b1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// The Score file, relative to the repository's root.
    pub path: Utf8PathBuf,
    /// `metadata.name`.
    pub name: Spanned<String>,
    /// `metadata` as it was written, `platform` included.
    pub metadata: Node,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
    /// `metadata.platform`: our own keys.
    pub platform: PlatformKeys,
    /// `service.ports` by name.
    pub ports: IndexMap<String, ServicePort>,
    /// `containers` by name; never empty.
    pub containers: IndexMap<String, Container>,
    /// `resources` by key.
    pub resources: IndexMap<String, Resource>,
}

/// `metadata.platform` of a Score file, or `platform` of a default in `macadam.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlatformKeys {
    /// The golden path, `name` or `name@version`.
    pub golden_path: Option<Spanned<String>>,
    /// Who owns the workload.
    pub owner: Option<Spanned<String>>,
    /// Parameters of the golden path: a map.
    pub params: Option<Node>,
    /// Parameters by environment: for each name, the map under its `params`.
    pub per_environment: IndexMap<String, Spanned<Option<Node>>>,
    /// The environments to run in; all where absent.
    pub environments: Option<Vec<Spanned<String>>>,
    /// The clusters to run on; all where absent.
    pub placement: Option<Placement>,
    /// For a resource with an `id`: the other owners that may use it, by resource key.
    pub shared_with: IndexMap<String, Vec<Spanned<String>>>,
}

/// Which clusters of an environment a workload runs on: every rule must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// Where the placement is written.
    pub span: Span,
    /// Labels that the cluster must have.
    pub match_labels: BTreeMap<String, String>,
    /// Set-based rules, as in a Kubernetes label selector.
    pub match_expressions: Vec<SelectorRule>,
}

/// One `matchExpressions` entry of a label selector.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SelectorRule {
    /// The label.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    /// The values of `In` and `NotIn`.
    pub values: Vec<String>,
}

/// One entry of `service.ports`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    /// Where the entry's key is written.
    pub span: Span,
    /// The Service's port, 1 to 65535.
    pub port: u16,
    /// The container's port; `port` where absent.
    pub target_port: u16,
    /// TCP where absent.
    pub protocol: Protocol,
}

/// A port as other workloads see it, wherever it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Port {
    /// The Service's port, 1 to 65535.
    pub port: u16,
    /// The container's port.
    pub target_port: u16,
    /// The transport.
    pub protocol: Protocol,
}

impl From<&ServicePort> for Port {
    fn from(port: &ServicePort) -> Self {
        Self { port: port.port, target_port: port.target_port, protocol: port.protocol }
    }
}

impl Workload {
    /// `service.ports` as other workloads see them.
    pub fn public_ports(&self) -> IndexMap<String, Port> {
        self.ports.iter().map(|(name, port)| (name.clone(), port.into())).collect()
    }
}

/// The transport of a port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Protocol {
    /// The default.
    #[default]
    #[serde(rename = "TCP")]
    Tcp,
    /// Datagrams.
    #[serde(rename = "UDP")]
    Udp,
}

/// One entry of `containers`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// Where the container's key is written.
    pub span: Span,
    /// The image; `.` means that a release supplies it.
    pub image: Spanned<String>,
    /// Overrides the entry point; verbatim.
    pub command: Option<Vec<String>>,
    /// Overrides the arguments; verbatim.
    pub args: Option<Vec<String>>,
    /// Environment variables; values hold placeholders.
    pub variables: IndexMap<String, Spanned<String>>,
    /// Files by target path.
    pub files: IndexMap<String, ContainerFile>,
    /// Volumes by target path.
    pub volumes: IndexMap<String, ContainerVolume>,
    /// The containers that this one runs before, and how ready it must be by then.
    pub before: IndexMap<String, Spanned<Ready>>,
    /// `resources.requests`.
    pub requests: Quantities,
    /// `resources.limits`.
    pub limits: Quantities,
    /// `livenessProbe`.
    pub liveness: Option<Probe>,
    /// `readinessProbe`.
    pub readiness: Option<Probe>,
}

/// How ready a container must be before the ones behind it start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ready {
    /// It was started.
    Started,
    /// Its probe succeeds.
    Healthy,
    /// It ended with success.
    Complete,
}

/// One entry of `files`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContainerFile {
    /// Where the target is written.
    pub span: Span,
    /// What is in it.
    pub content: FileContent,
    /// Permission bits, such as 0o644.
    pub mode: Option<u32>,
    /// Placeholders in the content stay as they are.
    pub no_expand: bool,
}

/// Where a file's content comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileContent {
    /// A path relative to the Score file's folder, as written.
    Source(Spanned<String>),
    /// Text, possibly with placeholders.
    Inline(Spanned<String>),
    /// Bytes, decoded from base64.
    Binary(Spanned<Vec<u8>>),
}

/// One entry of `volumes`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContainerVolume {
    /// Where the target is written.
    pub span: Span,
    /// The volume: a placeholder such as `${resources.data}`, or a resource key.
    pub source: Spanned<String>,
    /// A folder inside the volume.
    pub path: Option<String>,
    /// Mounted read-only.
    pub read_only: bool,
}

/// `memory` and `cpu` of requests or limits, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantities {
    /// Bytes with an optional suffix (`K`, `M`, .. `Ki`, `Mi`, ..).
    pub memory: Option<Spanned<String>>,
    /// Cores (`0.5`) or thousandths (`500m`).
    pub cpu: Option<Spanned<String>>,
}

/// A liveness or readiness probe; at least one of the two is present.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Probe {
    /// Where the probe is written.
    pub span: Span,
    /// A request to the container.
    pub http_get: Option<HttpGet>,
    /// A command inside the container; preferred by the specification where both are given.
    pub exec: Option<Vec<String>>,
}

/// `httpGet` of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HttpGet {
    /// The container's port.
    pub port: u16,
    /// The path of the request.
    pub path: String,
    /// The host to connect to.
    pub host: Option<String>,
    /// `HTTP` or `HTTPS`.
    pub scheme: Option<String>,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
}

/// One entry of `resources`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Where the resource's key is written.
    pub span: Span,
    /// Its type, such as `postgres`.
    pub kind: Spanned<String>,
    /// Its class; `default` where absent.
    pub class: Option<Spanned<String>>,
    /// The name under which workloads share it.
    pub id: Option<Spanned<String>>,
    /// `metadata` as written: a map.
    pub metadata: Option<Node>,
    /// `params` as written: a map, its strings with placeholders.
    pub params: Option<Node>,
}
