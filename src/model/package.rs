use std::{collections::BTreeMap, fmt, sync::Arc};

use camino::Utf8PathBuf;
use indexmap::IndexMap;
use macadam_yaml::{FileId, Node, Span};
use semver::Version;
use serde::{Deserialize, Serialize};

use super::{Spanned, WorldName};

/// A versioned folder of templates and parameters: golden path, component, provisioner or platform package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// What it is for.
    pub kind: PackageKind,
    /// `metadata.name`.
    pub name: Spanned<String>,
    /// `metadata.version`; `0.0.0` where absent.
    pub version: Version,
    /// `metadata.description`.
    pub description: Option<String>,
    /// Where it was read from.
    pub world: WorldName,
    /// Its folder in that world.
    pub folder: Utf8PathBuf,
    /// The manifest: `golden-path.yaml` and the like.
    pub file: FileId,
    /// The JSON Schema of its parameters: a map; those of its components are merged in.
    pub params: Node,
    /// For a golden path: a JSON Schema over the Score file.
    pub requires: Option<Node>,
    /// The components it uses, bound.
    pub components: Vec<Arc<Package>>,
    /// Everything under `templates/`, by path; a name that starts with `_` is for includes only.
    pub templates: Vec<Template>,
    /// Scaffold files by path below `scaffold/`; written once by `new`.
    pub scaffold: BTreeMap<Utf8PathBuf, FileId>,
}

/// What a package is for, with what only that kind has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PackageKind {
    /// Runs workloads.
    GoldenPath,
    /// Is used by other packages.
    Component,
    /// Provides resources.
    Provisioner {
        /// The resource type it serves.
        serves: Spanned<String>,
        /// The only class it serves; any where absent.
        class: Option<Spanned<String>>,
        /// The only id it serves; any where absent.
        id: Option<Spanned<String>>,
        /// How far one resource reaches.
        scope: Spanned<Scope>,
        /// How it finds another workload.
        link: Option<LinkRule>,
        /// What the resource tells its workloads.
        outputs: OutputRule,
    },
    /// Serves something wider than a workload.
    PlatformPackage {
        /// What one instance is made for.
        scope: Spanned<Scope>,
    },
}

/// What one instance of a package is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One workload in one environment and cluster.
    Workload,
    /// One owner in one environment and cluster.
    Owner,
    /// One cluster.
    Cluster,
    /// One environment.
    Environment,
    /// The whole repository.
    Repository,
}

/// How a provisioner finds the workload that its resource points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkRule {
    /// `params.workload`, else the resource's key.
    Key,
    /// `params.workload`, which must be given.
    Param,
    /// `params.workload`, else the workload that asks.
    #[serde(rename = "self")]
    Own,
}

/// What a resource tells its workloads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum OutputRule {
    /// Declared one by one: name to `{ value: .. }`, `{ secret: { name, key }, urlSafe }` or `{ configMap: { name, key } }`.
    /// Strings are MiniJinja; a string that is one whole expression keeps the expression's type.
    Declared(IndexMap<String, Node>),
    /// One expression whose map holds all outputs, all of them values.
    From(Spanned<String>),
}

/// One file under `templates/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// Its path below `templates/`, such as `kubernetes/deployment.yaml.j2`.
    pub path: Utf8PathBuf,
    /// Its number among the sources.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// For a wide package: how often it is rendered.
    pub each: Each,
}

/// How often a template of a wide package is rendered, and what it sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Once, without a view of the workloads.
    #[default]
    Once,
    /// Once for each workload below, as `item`.
    Workload,
    /// Once for each link between workloads below, as `item`.
    Link,
    /// Once, with all `workloads` and `namespaces`: pull requests on different workloads may meet in its files.
    Aggregate,
}

/// A package that something asks for: a name and, where pinned, a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageRef {
    /// The package's name.
    pub name: String,
    /// The exact version asked for.
    pub version: Option<String>,
}

impl PackageRef {
    /// Splits `name` or `name@version`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('@') {
            Some((name, version)) => Self { name: name.to_owned(), version: Some(version.to_owned()) },
            None => Self { name: text.to_owned(), version: None },
        }
    }
}

impl fmt::Display for PackageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// Which package: its world and its folder in it.
pub type PackageKey = (WorldName, Utf8PathBuf);

impl Package {
    /// Which package it is.
    pub fn key(&self) -> PackageKey {
        (self.world, self.folder.clone())
    }

    /// Whether macadam brings it.
    pub fn is_built_in(&self) -> bool {
        self.world == WorldName::BuiltIn
    }

    /// Where the package's name is written.
    pub fn span(&self) -> Span {
        self.name.span
    }

    /// The templates that make Kubernetes objects, those of its components not included.
    pub fn kubernetes_templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter().filter(|template| template.renders("kubernetes"))
    }

    /// Whether it makes any Kubernetes object.
    pub fn renders(&self) -> bool {
        self.kubernetes_templates().next().is_some()
            || self.components.iter().any(|component| component.renders())
    }
}

impl Template {
    /// Whether the template makes files of a kind (`kubernetes`): includes, whose names start with `_`, do not.
    pub fn renders(&self, kind: &str) -> bool {
        self.path.starts_with(kind) && self.path.file_name().is_some_and(|name| !name.starts_with('_'))
    }
}
