use std::collections::BTreeMap;

use macadam_yaml::Node;
use serde::{Deserialize, Serialize};

/// Where a parameter's value came from, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// `default` in the package's schema.
    SchemaDefault,
    /// `spec.defaults` of `macadam.yaml`, or `spec.platform` for a platform package.
    PlatformDefaults,
    /// `spec.goldenPaths.<name>.params` of the environment.
    Environment,
    /// `params` of the cluster.
    Cluster,
    /// `metadata.platform.params` of the Score file, or `params` of a resource.
    Workload,
    /// `metadata.platform.perEnvironment` of the Score file.
    PerEnvironment,
    /// An overlay.
    Overlay,
}

impl Layer {
    /// The layer in a few words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::SchemaDefault => "default of the package",
            Self::PlatformDefaults => "macadam.yaml",
            Self::Environment => "environment",
            Self::Cluster => "cluster",
            Self::Workload => "workload",
            Self::PerEnvironment => "perEnvironment of the workload",
            Self::Overlay => "overlay",
        }
    }
}

/// The parameters of one instance after all layers, placeholders resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// A map; each value's span is the place that won.
    pub value: Node,
    /// By dotted path (`resources.memory`), the layer that won.
    pub layers: BTreeMap<String, Layer>,
}
