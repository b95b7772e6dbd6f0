//! What became of every workload everywhere, for `list`.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use serde::Serialize;

use super::{
    draft::{Drafted, WorkloadSource},
    place::Place,
    settings::Settings,
};

/// One workload at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    /// The workload's name.
    pub workload: String,
    /// Its Score file.
    pub file: Utf8PathBuf,
    /// The environment.
    pub environment: String,
    /// The cluster.
    pub cluster: String,
    /// The owner.
    pub owner: Option<String>,
    /// The golden path, where the unit is rendered.
    pub golden_path: Option<String>,
    /// The golden path's version, where the unit is rendered.
    pub version: Option<String>,
    /// The namespace, where the unit is rendered.
    pub namespace: Option<String>,
    /// Whether it is rendered, and why not.
    pub status: Status,
}

/// Whether a unit exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is rendered.
    Rendered,
    /// A container waits for a release here.
    NotReleased,
    /// `environments` or `placement` leave this cluster out.
    NotPlaced,
    /// A finding stands in the way.
    Broken,
}

/// Says of units that findings stand in the way; each is named by environment, cluster and workload.
pub(crate) fn mark_broken(units: &mut [Unit], broken: &BTreeSet<(String, String, String)>) {
    if broken.is_empty() {
        return;
    }
    for unit in units {
        let name = (unit.environment.clone(), unit.cluster.clone(), unit.workload.clone());
        if broken.contains(&name) {
            unit.status = Status::Broken;
        }
    }
}

impl Unit {
    /// What became of a workload at a place.
    pub(crate) fn of(
        source: &WorkloadSource,
        place: &Place,
        drafted: Option<&Drafted<'_>>,
        settings: &Settings,
    ) -> Self {
        let draft = match drafted {
            Some(Drafted::Unit(draft)) => Some(draft),
            _ => None,
        };
        let settings = draft.map_or(settings, |draft| &draft.settings);
        Self {
            workload: source.workload.name.value.clone(),
            file: source.path.clone(),
            environment: place.environment().to_owned(),
            cluster: place.cluster().to_owned(),
            owner: settings.owner.as_ref().map(|owner| owner.value.clone()),
            golden_path: draft.map(|draft| draft.package.name.value.clone()),
            version: draft.map(|draft| draft.package.version.to_string()),
            namespace: draft.map(|draft| draft.namespace.clone()),
            status: match drafted {
                Some(Drafted::Unit(_)) => Status::Rendered,
                Some(Drafted::Not(status)) => *status,
                None => Status::Broken,
            },
        }
    }
}
