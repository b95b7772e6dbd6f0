use camino::Utf8PathBuf;
use indexmap::IndexMap;
use macadam_yaml::{FileId, Node, Span};
use serde::{Deserialize, Serialize};

use super::{Impact, PlatformKeys, Spanned};

/// `macadam.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Platform {
    /// The file it was read from.
    pub file: FileId,
    /// `metadata.name`.
    pub name: Spanned<String>,
    /// The minor version of macadam that the repository needs, such as `1.4`.
    pub required_version: Option<Spanned<String>>,
    /// Globs of Score files, relative to the root; `**/score.yaml` by default.
    pub workloads: Vec<Spanned<String>>,
    /// Whether `workloads` is the default: files that are plainly not Score are then passed over.
    pub default_workloads: bool,
    /// Platform keys for matching workloads; per key the first match wins.
    pub defaults: Vec<Defaults>,
    /// The known owners by name; any name is fine where the map is empty.
    pub owners: IndexMap<String, Owner>,
    /// The platform packages to render; `[namespace]` by default.
    pub packages: Vec<PackageUse>,
    /// The output root, relative to the repository's root; `rendered` by default.
    pub output_root: Utf8PathBuf,
    /// The namespace pattern; `{platform}-{environment}` by default.
    pub namespace: Spanned<String>,
    /// What compute costs; `None` where no price is set.
    pub prices: Option<Prices>,
    /// When a human must look, in the file's order.
    pub gates: Vec<Gate>,
    /// The team's own impact rules, in the file's order; names unique.
    pub impacts: Vec<ImpactRule>,
}

/// What compute costs. A price is in billionths of the currency's unit, so that small ones are exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Where `prices` is written.
    pub span: Span,
    /// The currency, such as `EUR`; empty where none is named.
    pub currency: String,
    /// One core for an hour.
    pub cpu_hour: Option<Spanned<u64>>,
    /// One GiB of memory for an hour.
    pub memory_gib_hour: Option<Spanned<u64>>,
    /// One GiB of storage for a month.
    pub storage_gib_month: Option<Spanned<u64>>,
}

/// One entry of `spec.gates`: a condition on a change, in CEL, and who must look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The condition, as it is written.
    pub when: Spanned<String>,
    /// Who is asked for.
    pub require: Spanned<String>,
}

/// One entry of `spec.impacts`: a condition on a change, in CEL, and what such a change is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactRule {
    /// Its name.
    pub name: Spanned<String>,
    /// The condition, as it is written.
    pub when: Spanned<String>,
    /// What a change is that it holds for.
    pub impact: Impact,
    /// Why.
    pub why: Option<String>,
}

/// One entry of `spec.defaults`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Defaults {
    /// A glob over folders or Score files, relative to the root.
    pub pattern: Spanned<String>,
    /// What matching workloads get.
    pub keys: PlatformKeys,
}

/// One entry of `spec.owners`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    /// Where the name is written.
    pub span: Span,
    /// The identity provider's group.
    pub group: Option<String>,
    /// The name to mention in reviews.
    pub handle: Option<String>,
}

/// One entry of `spec.platform`: a package, with parameters where given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageUse {
    /// `name` or `name@version`.
    pub package: Spanned<String>,
    /// Parameters: a map.
    pub params: Option<Node>,
}
