//! Which image each container runs, and where nothing is released yet.

use std::collections::BTreeMap;

use crate::model::{Code, Finding, Released, Workload};
use crate::validate::did_you_mean;

use super::{
    draft::WorkloadSource,
    place::{Place, check_environment},
};

/// The literal image that a release has to supply.
const SUPPLIED: &str = ".";

/// What a release says for one place.
pub(crate) enum Images {
    /// Every container has an image.
    All(BTreeMap<String, String>),
    /// A container waits for a release: the unit does not exist here.
    NotReleased,
    /// The release is wrong; findings tell.
    Broken,
}

/// The images of a workload at a place.
pub(crate) fn images(
    source: &WorkloadSource,
    workload: &Workload,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Images {
    let released = source.release.as_ref().and_then(|release| release.environments.get(place.environment()));
    if let Some(revision) = released.and_then(|released| released.revision.as_ref()) {
        findings.push(
            Finding::new(Code::InvalidRelease, "`revision` cannot be compiled yet")
                .at(revision.span, "names a commit")
                .help("leave `revision` out: this version of macadam compiles the working tree everywhere"),
        );
        return Images::Broken;
    }
    let mut images = BTreeMap::new();
    let mut waiting = Vec::new();
    for (name, container) in &workload.containers {
        let supplied = released.and_then(|released| released.images.get(name)).map(|image| &image.value);
        match supplied {
            Some(image) => images.insert(name.clone(), image.clone()),
            None if container.image.value == SUPPLIED => {
                waiting.push((name, container));
                None
            }
            None => images.insert(name.clone(), container.image.value.clone()),
        };
    }
    match (waiting.first(), released) {
        (None, _) => Images::All(images),
        (Some((name, container)), Some(released)) if !released.images.is_empty() => {
            findings.push(
                Finding::new(
                    Code::InvalidRelease,
                    format!(
                        "the release for `{}` leaves container `{name}` without an image",
                        place.environment()
                    ),
                )
                .at(released.span, "this release")
                .also(container.image.span, "supplied by a release"),
            );
            Images::Broken
        }
        _ => Images::NotReleased,
    }
}

/// Checks that a release names environments and containers that are there.
pub(crate) fn check(source: &WorkloadSource, places: &[Place], findings: &mut Vec<Finding>) {
    let Some(release) = &source.release else { return };
    for (environment, released) in &release.environments {
        let name = crate::model::Spanned::new(environment.clone(), released.span);
        check_environment(&name, places, findings);
        check_containers(released, source, findings);
    }
}

/// An overlay may add a container, so all of them count.
fn check_containers(released: &Released, source: &WorkloadSource, findings: &mut Vec<Finding>) {
    let known: Vec<&str> = source
        .workload
        .containers
        .keys()
        .map(String::as_str)
        .chain(source.overlays.iter().flat_map(|overlay| {
            overlay
                .tree
                .get("containers")
                .and_then(macadam_yaml::Node::as_mapping)
                .into_iter()
                .flat_map(macadam_yaml::Mapping::iter)
                .map(|entry| entry.key.as_str())
        }))
        .collect();
    for (container, image) in &released.images {
        if !known.contains(&container.as_str()) {
            findings.push(
                Finding::new(
                    Code::InvalidRelease,
                    format!("workload `{}` has no container `{container}`", source.workload.name.value),
                )
                .at(image.span, "an image for nothing")
                .maybe_help(did_you_mean(container, known.iter().copied())),
            );
        }
    }
}
