//! The nouns that every stage shares. Nothing here reads, decides or prints.

mod code;
mod edit;
mod environment;
mod field;
mod finding;
mod identity;
mod impact;
mod instance;
mod outcome;
mod package;
mod params;
mod platform;
mod release;
mod resource;
mod review;
mod source;
mod spanned;
mod summary;
mod text;
mod tree;
mod workload;

pub use code::{Code, Severity};
pub use edit::{Edit, What};
pub use environment::{Cluster, Environment, PathSettings, Secrets};
pub use field::{FieldPath, Format, Step};
pub use finding::{Finding, Label, Subject};
pub use identity::ObjectId;
pub use impact::{Impact, Impacts};
pub use instance::{
    Artifact, Facts, InstanceInput, InstanceKind, InstanceOutput, Provision, ProvisionInput, UnitInput,
    WideInput,
};
pub use outcome::Outcome;
pub use package::{
    Each, LinkRule, OutputRule, Package, PackageKey, PackageKind, PackageRef, Scope, Template,
};
pub use params::{Layer, Params};
pub use platform::{Defaults, Gate, ImpactRule, Owner, PackageUse, Platform, Prices};
pub use release::{Release, Released};
pub use resource::{Consumer, LinkTarget, Output, ResolvedResource, ResourceId};
#[cfg(test)]
pub(crate) use review::sample;
pub use review::{
    Action, Cause, CauseKind, Cost, CostLine, Counts, FieldChange, FieldKind, GateCall, Group, InstanceName,
    InstanceWord, Mark, Member, Merge, ObjectChange, Place, Range, Review, RuleChange, RuleName, Shown,
    SideFindings, SideName, promotion_order,
};
pub use source::{Source, Sources, WorldName};
pub use spanned::Spanned;
pub use summary::{Link, Requests, Summary};
pub use text::{Part, Text};
pub use tree::{ChangeSet, Tree};
pub use workload::{
    Container, ContainerFile, ContainerVolume, FileContent, HttpGet, Placement, PlatformKeys, Port, Probe,
    Protocol, Quantities, Ready, Resource, SelectorRule, ServicePort, Workload,
};

pub use macadam_yaml::{FileId, Node, Span};
