use std::collections::BTreeMap;

use indexmap::IndexMap;
use macadam_yaml::{FileId, Node, Span};
use serde::{Deserialize, Serialize};

use super::Spanned;

/// One `environments/<name>.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// The file it was read from.
    pub file: FileId,
    /// `metadata.name`.
    pub name: Spanned<String>,
    /// The environment before this one in promotion order.
    pub after: Option<Spanned<String>>,
    /// Deployers never cascade deletions here.
    pub protected: bool,
    /// The Kubernetes minor version, such as `1.35`.
    pub kubernetes_version: Spanned<String>,
    /// Who fills Secrets.
    pub secrets: Secrets,
    /// The clusters, in the file's order; at least one, names unique.
    pub clusters: Vec<Cluster>,
    /// Values that templates and our own placeholders read: a map.
    pub variables: Node,
    /// The namespace pattern of this environment.
    pub namespace: Option<Spanned<String>>,
    /// Version, parameters and bounds by golden path.
    pub golden_paths: IndexMap<String, PathSettings>,
    /// Which provisioner serves a type here: `type` or `type.class` to the provisioner's name.
    pub resources: IndexMap<String, Spanned<String>>,
}

/// Who fills the Secrets that workloads refer to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secrets {
    /// The External Secrets operator, from objects that we write.
    #[default]
    ExternalSecrets,
    /// Somebody else; we write references only.
    Existing,
}

/// What an environment says of one golden path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PathSettings {
    /// Where the golden path's key is written.
    pub span: Span,
    /// The version to use here.
    pub version: Option<Spanned<String>>,
    /// Parameters: a map.
    pub params: Option<Node>,
    /// By parameter, a JSON Schema that the resulting value must satisfy: a map.
    pub bounds: Option<Node>,
}

/// One cluster of an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Unique in its environment.
    pub name: Spanned<String>,
    /// The API server's address; clusters with one `server` are one cluster.
    pub server: Option<Spanned<String>>,
    /// Where it stands.
    pub region: Option<String>,
    /// Labels for `placement`.
    pub labels: BTreeMap<String, String>,
    /// Parameters for every golden path that declares them: a map.
    pub params: Option<Node>,
    /// The namespace pattern of this cluster.
    pub namespace: Option<Spanned<String>>,
}
