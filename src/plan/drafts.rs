//! The drafts of every workload at every place.

use std::sync::Arc;

use crate::model::Finding;

use super::{
    draft::{Draft, Drafted, WorkloadSource},
    ground::Ground,
    units::Unit,
};

/// The drafts of all workloads, in the workloads' order.
pub(super) struct Drafts<'a> {
    pub(super) workloads: Vec<OfWorkload<'a>>,
}

/// The drafts of one workload. Two sides that have the same workload share them.
#[derive(Clone)]
pub(super) struct OfWorkload<'a> {
    pub(super) source: &'a WorkloadSource,
    /// One at each place, in the places' order; `None` where findings stand in the way.
    pub(super) places: Arc<Vec<Option<Drafted<'a>>>>,
    findings: Arc<Vec<Finding>>,
}

impl<'a> OfWorkload<'a> {
    pub(super) fn new(
        source: &'a WorkloadSource,
        places: Vec<Option<Drafted<'a>>>,
        findings: Vec<Finding>,
    ) -> Self {
        Self { source, places: Arc::new(places), findings: Arc::new(findings) }
    }

    /// The workload's name.
    pub(super) fn name(&self) -> &'a str {
        &self.source.workload.name.value
    }

    /// The drafts of the places where the workload runs.
    pub(super) fn units(&self) -> impl Iterator<Item = &Draft<'a>> {
        self.places.iter().filter_map(|drafted| match drafted {
            Some(Drafted::Unit(draft)) => Some(&**draft),
            _ => None,
        })
    }

    /// Whether these are the drafts of the other side as well, and not only equal ones.
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.places, &other.places)
    }
}

impl<'a> Drafts<'a> {
    pub(super) fn new(workloads: Vec<OfWorkload<'a>>) -> Self {
        Self { workloads }
    }

    /// The units at a place.
    pub(super) fn at(&self, place: usize) -> impl Iterator<Item = &Draft<'a>> {
        self.workloads.iter().filter_map(move |of| match of.places.get(place)? {
            Some(Drafted::Unit(draft)) => Some(&**draft),
            _ => None,
        })
    }

    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.workloads.iter().flat_map(|of| of.findings.iter())
    }

    /// What became of every workload everywhere.
    pub(super) fn units(&self, ground: &Ground<'_>) -> Vec<Unit> {
        let mut units = Vec::with_capacity(self.workloads.len() * ground.places.len());
        for of in &self.workloads {
            let settings = ground.rules.settings(&of.source.workload);
            for (place, drafted) in ground.places.iter().zip(of.places.iter()) {
                units.push(Unit::of(of.source, place, drafted.as_ref(), &settings));
            }
        }
        units
    }
}
