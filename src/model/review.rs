//! What a comparison found, in the form that is printed. Secret values are gone already.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Environment, FieldPath, Finding, Format, Impact, Impacts, ObjectId};

/// The difference between what two sides compile to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The side that judges.
    pub base: SideName,
    /// The side that is looked at.
    pub head: SideName,
    /// Exact numbers, whatever is left out of a page.
    pub counts: Counts,
    /// Each change once: most dangerous first, then by how many places it touches, then by name.
    pub groups: Vec<Group>,
    /// Changes to what judges: gates, impact rules, prices, bounds.
    pub rules: Vec<RuleChange>,
    /// The gates that ask for somebody, and those that head proposes.
    pub gates: Vec<GateCall>,
    /// What it costs a month; `None` where no prices are set.
    pub cost: Option<Cost>,
    /// Environments that the merge itself changes, because no release pins a revision there.
    pub merges: Vec<Merge>,
    /// Instances that nothing can be said of, because they do not compile on one side: never shown as gone. Sorted.
    #[serde(default)]
    pub undetermined: Vec<InstanceName>,
    /// Findings of the base alone, then of the head alone, then of both.
    pub findings: SideFindings,
}

/// What a side is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideName {
    /// As the user wrote it, or `working tree`, `staged`.
    pub name: String,
    /// The commit, where it is one: the full id.
    pub commit: Option<String>,
}

/// How much changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Instances that change, come or go.
    pub instances: usize,
    /// Instances on the head side.
    pub of_instances: usize,
    /// Workloads that those instances belong to.
    pub workloads: usize,
    /// Objects (files) that come.
    pub added: usize,
    /// Objects (files) that go.
    pub removed: usize,
    /// Objects (files) that change in place.
    pub changed: usize,
    /// Objects (files) that have another name, with or without other changes.
    pub renamed: usize,
    /// Changes by their level: how many objects.
    pub levels: BTreeMap<Impact, usize>,
}

/// One change, in all the places where it happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The change as it is in the first member. One for a changed object; all objects for an instance that comes or goes.
    pub changes: Vec<ObjectChange>,
    /// Whether a whole instance comes or goes.
    pub whole: bool,
    /// Everywhere it happens, by folder: at least one.
    pub members: Vec<Member>,
    /// All impacts of all its changes.
    pub impacts: Impacts,
    /// Why it happens.
    pub causes: Vec<Cause>,
}

/// One place of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// The instance.
    pub instance: InstanceName,
    /// The file of the first object there, below the output root: head's, or base's for what goes.
    pub path: Utf8PathBuf,
}

/// An instance, in the words of lists and filters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceName {
    /// The leaf's folder below the output root.
    pub folder: Utf8PathBuf,
    /// The environment; empty where a rendered tree does not tell.
    pub environment: String,
    /// The cluster; empty where a rendered tree does not tell.
    pub cluster: String,
    /// What it is.
    pub kind: InstanceWord,
    /// The name of the workload, resource or platform package.
    pub name: String,
    /// Who owns it.
    pub owner: Option<String>,
}

/// What an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InstanceWord {
    /// One workload in one environment and cluster.
    Workload,
    /// A resource with a leaf of its own.
    Resource,
    /// A platform package.
    Platform,
    /// A folder of a rendered tree that is none of these.
    Folder,
}

/// What happens to one object (or to one file that holds none).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectChange {
    /// What happens.
    pub action: Action,
    /// The object on the head side, or on the base side for what goes; `None` for a file that is no object.
    pub id: Option<ObjectId>,
    /// The object's identity on the base side, where it has another.
    pub before: Option<ObjectId>,
    /// Its file below the output root: head's, or base's for what goes.
    pub path: Utf8PathBuf,
    /// What the file is written in.
    pub format: Format,
    /// The fields, in the document's order. None for what comes or goes as a whole.
    pub fields: Vec<FieldChange>,
    /// The impacts of all fields and of the object as a whole.
    pub impacts: Impacts,
    /// Rules that speak of the object as a whole.
    pub rules: Vec<RuleName>,
    /// What a reader must not miss.
    pub marks: Vec<Mark>,
    /// The file's text on both sides, secrets replaced; only where line differences were asked for.
    pub texts: Option<(String, String)>,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It stays, and is different.
    Changed,
    /// It has another identity or file, and may be different.
    Renamed,
}

/// One field that is different.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Where; the empty path is the whole document.
    pub path: FieldPath,
    /// What happens to it.
    pub kind: FieldKind,
    /// The value it had.
    pub old: Option<Shown>,
    /// The value it has.
    pub new: Option<Shown>,
    /// What the change means.
    pub impacts: Impacts,
    /// The rules that say so.
    pub rules: Vec<RuleName>,
    /// Whether two environments are expected to differ here (`diff --env A --env B`).
    #[serde(default)]
    pub specific: bool,
}

/// What happens to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
    /// Its items stand in another order.
    Reordered,
    /// The same value is written in another way.
    Rewritten,
}

/// A value that may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shown {
    /// As it is.
    Value(Value),
    /// It is secret, or looks like it: only that is said.
    Secret,
}

/// The name of an impact rule, such as `kubernetes/deployment-selector`, or a team's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleName(pub String);

/// What a reader must not miss in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Invisible or direction-changing characters come with it.
    InvisibleCharacters,
    /// How Argo CD or Flux treat the object changes.
    DeployerAnnotation,
    /// The file's mode changes.
    Mode,
    /// It cannot be compared by field; lines or bytes are.
    Opaque,
}

/// Why a change happens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cause {
    /// Which group of inputs.
    pub kind: CauseKind,
    /// The package, where it is one.
    pub name: Option<String>,
    /// The edited places: sorted, each once.
    pub places: Vec<Place>,
}

/// A group of inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The Score file or a file that it reads.
    Workload,
    /// An overlay.
    Overlay,
    /// `release.yaml`.
    Release,
    /// A file of `environments/`.
    Environment,
    /// `macadam.yaml`, or an ignore file.
    Platform,
    /// A golden path.
    GoldenPath,
    /// A component.
    Component,
    /// A provisioner.
    Provisioner,
    /// A platform package.
    PlatformPackage,
    /// Another version of macadam.
    Version,
}

impl CauseKind {
    /// Its name for people, such as `golden path`.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Workload => "workload",
            Self::Overlay => "overlay",
            Self::Release => "release",
            Self::Environment => "environment",
            Self::Platform => "macadam.yaml",
            Self::GoldenPath => "golden path",
            Self::Component => "component",
            Self::Provisioner => "provisioner",
            Self::PlatformPackage => "platform package",
            Self::Version => "macadam's version",
        }
    }
}

/// An edited place in a source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file, from the repository's root.
    pub path: Utf8PathBuf,
    /// The first edited line on the head side, from one; `None` where the file is gone.
    pub line: Option<u32>,
}

/// A change to what judges. Loosening it is a change of impact privilege.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// What changes, such as ``gate `impact >= REPLACE` is gone``: lower case, names in backticks.
    pub message: String,
    /// Where it is written, on the head side.
    pub place: Option<Place>,
    /// Privilege where it may let more through, cosmetic where it cannot.
    pub impact: Impact,
}

/// A gate that asks for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateCall {
    /// Its expression.
    pub when: String,
    /// Who is asked for.
    pub require: String,
    /// The groups that it speaks of: positions in `Review::groups`.
    pub groups: Vec<usize>,
    /// Whether only head has the gate: shown, not asked.
    pub proposed: bool,
}

/// What it costs a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The currency, such as `EUR`.
    pub currency: String,
    /// By environment and owner; only where something changes.
    pub lines: Vec<CostLine>,
    /// What has no price or no request, so that it is missing from the sums: sorted.
    pub unknown: Vec<String>,
}

/// The monthly cost of what changes, for one owner in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// The environment.
    pub environment: String,
    /// The owner.
    pub owner: Option<String>,
    /// Before, of the changed instances.
    pub before: Range,
    /// After.
    pub after: Range,
}

/// A sum of money, in thousandths of the currency's unit; both ends are equal where nothing scales.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// With the fewest replicas.
    pub low: i64,
    /// With the most.
    pub high: i64,
}

/// An environment that the merge changes at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The environment.
    pub environment: String,
    /// Whether it is protected.
    pub protected: bool,
    /// The workloads that change there without a `promote`: sorted.
    pub workloads: Vec<String>,
}

/// What was found on the two sides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideFindings {
    /// Only on the base side: mended by the change.
    pub base: Vec<Finding>,
    /// Only on the head side: made by the change.
    pub head: Vec<Finding>,
    /// On both: already broken.
    pub both: Vec<Finding>,
}

impl Review {
    /// Whether nothing at all is different, in what judges too.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.rules.is_empty()
    }

    /// The most dangerous level; `None` where nothing changes.
    pub fn level(&self) -> Option<Impact> {
        let groups = self.groups.iter().map(|group| group.impacts.level());
        groups.chain(self.rules.iter().map(|rule| rule.impact)).max()
    }
}

/// The order in which environments are told of: those after which others come, last.
pub fn promotion_order(environments: &[std::sync::Arc<Environment>]) -> Vec<String> {
    let mut order: Vec<String> = Vec::with_capacity(environments.len());
    while order.len() < environments.len() {
        let known = order.len();
        for environment in environments {
            let name = &environment.name.value;
            let ready = environment.after.as_ref().is_none_or(|after| {
                order.contains(&after.value)
                    || !environments.iter().any(|other| other.name.value == after.value)
            });
            if ready && !order.contains(name) {
                order.push(name.clone());
            }
        }
        if order.len() == known {
            order.extend(
                environments
                    .iter()
                    .map(|one| one.name.value.clone())
                    .filter(|name| !order.contains(name))
                    .collect::<Vec<_>>(),
            );
        }
    }
    order
}

/// A review with a bit of everything, for the tests of printers.
#[cfg(test)]
pub(crate) fn sample() -> Review {
    serde_json::from_str(include_str!("review/sample.json")).expect("the sample is a review")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_reads_back_as_it_was_written() {
        let review = sample();
        let text = serde_json::to_string(&review).unwrap();
        assert_eq!(serde_json::from_str::<Review>(&text).unwrap(), review);
        assert_eq!(review.level(), Some(Impact::DataLoss));
    }
}
