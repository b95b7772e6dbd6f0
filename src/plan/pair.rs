//! Plans two sides of a comparison: only the instances that may differ.
//!
//! Where platform, environments and packages are the same, a unit can differ only if its own drafts do, or those of a
//! workload that it names. Everything else is planned on neither side.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::load::same;
use crate::model::{LinkRule, Outcome, PackageKind, Resource};

use super::{
    Inputs, Part, Plan, Planned, Planning,
    draft::{Draft, WorkloadSource, beside},
    drafts::{Drafts, OfWorkload},
    ground::Ground,
};

/// The plans of two sides. Instances that are certainly equal may be absent from both.
pub struct Pair {
    /// The first side.
    pub base: Outcome<Plan>,
    /// The second side.
    pub head: Outcome<Plan>,
}

/// Plans two sides of a comparison.
///
/// # Errors
///
/// Where a world cannot be read.
pub fn pair(base: &Inputs<'_>, head: &Inputs<'_>) -> Result<Pair, Fault> {
    pair_of(base, head, None)
}

/// Plans two sides of a comparison: where workloads are named, their units and the shared resources that they use alone.
///
/// # Errors
///
/// Where a world cannot be read.
pub(crate) fn pair_of(
    base: &Inputs<'_>,
    head: &Inputs<'_>,
    only: Option<&BTreeSet<String>>,
) -> Result<Pair, Fault> {
    let alike = alike(base, head);
    let (base, head) = (Ground::new(base), Ground::new(head));
    let base_drafts = base.drafts(None)?;
    let known = |source: &WorkloadSource| shared(&base, &head, &base_drafts, source);
    let head_drafts = head.drafts(alike.then_some(&known as _))?;
    let sides = Sides { base: (&base, &base_drafts), head: (&head, &head_drafts) };
    let mut planned = (Planned::new(&base, &base_drafts), Planned::new(&head, &head_drafts));
    if let Some(only) = only {
        sides.some(only, &mut planned.0, &mut planned.1);
    } else if alike {
        let affected = sides.affected();
        for index in 0..base.places.len() {
            let (base, head) = sides.parts(index, &affected);
            planned.0.add(base);
            planned.1.add(head);
        }
    } else {
        sides.everything(&mut planned.0, &mut planned.1);
    }
    Ok(Pair { base: planned.0.finish(), head: planned.1.finish() })
}

/// Whether two sides differ in workloads alone.
fn alike(base: &Inputs<'_>, head: &Inputs<'_>) -> bool {
    let environments = base.environments.iter().zip(head.environments);
    let packages = base.catalog.packages().zip(head.catalog.packages());
    std::ptr::eq(base.platform, head.platform)
        && base.environments.len() == head.environments.len()
        && environments.into_iter().all(|(a, b)| std::sync::Arc::ptr_eq(a, b))
        && base.catalog.packages().count() == head.catalog.packages().count()
        && packages.into_iter().all(|(a, b)| std::sync::Arc::ptr_eq(a, b))
}

/// The base's drafts of a workload, where head reads the same files.
fn shared<'a>(
    base: &Ground<'a>,
    head: &Ground<'a>,
    drafts: &Drafts<'a>,
    source: &WorkloadSource,
) -> Option<OfWorkload<'a>> {
    let at = drafts.workloads.binary_search_by(|of| of.source.path.cmp(&source.path)).ok()?;
    let of = drafts.workloads.get(at).filter(|of| std::ptr::eq(of.source, source))?;
    // A draft that could not be made may lack a file that is there on the other side.
    if of.places.iter().any(Option::is_none) {
        return None;
    }
    let contents = of.units().flat_map(|draft| draft.contents.keys().map(move |path| (draft, path)));
    let read: BTreeSet<_> = contents.filter_map(|(draft, path)| beside(&draft.workload, path)).collect();
    let (here, there) = (base.inputs.world, head.inputs.world);
    let unchanged = read.iter().all(|path| same(here, there, path).unwrap_or(false));
    unchanged.then(|| of.clone())
}

/// Both sides, drafted.
struct Sides<'a> {
    base: (&'a Ground<'a>, &'a Drafts<'a>),
    head: (&'a Ground<'a>, &'a Drafts<'a>),
}

impl<'a> Sides<'a> {
    fn everything(&self, base: &mut Planned, head: &mut Planned) {
        for ((ground, drafts), planned) in [(self.base, base), (self.head, head)] {
            for index in 0..ground.places.len() {
                planned.add(Planning::new(ground, drafts, index).everything());
            }
        }
    }

    fn some(&self, only: &BTreeSet<String>, base: &mut Planned, head: &mut Planned) {
        for ((ground, drafts), planned) in [(self.base, base), (self.head, head)] {
            for index in 0..ground.places.len() {
                planned.add(Planning::new(ground, drafts, index).of(&|name| only.contains(name)));
            }
        }
    }

    /// One place of both sides: what is affected, and everything where that shows to platform packages.
    fn parts(&self, index: usize, affected: &BTreeSet<&str>) -> (Part, Part) {
        let base = Planning::new(self.base.0, self.base.1, index);
        let head = Planning::new(self.head.0, self.head.1, index);
        let wanted = |name: &str| affected.contains(name);
        let parts = (base.of(&wanted), head.of(&wanted));
        let nobody_looks = self.base.0.inputs.platform.packages.is_empty();
        if nobody_looks || parts.0.summaries == parts.1.summaries {
            return parts;
        }
        (base.everything(), head.everything())
    }

    /// The names of workloads whose units may differ.
    fn affected(&self) -> BTreeSet<&'a str> {
        let changed = self.changed();
        let mut affected: BTreeSet<&str> = changed.names.clone();
        for (ground, drafts) in [self.base, self.head] {
            for of in &drafts.workloads {
                if of.units().any(|draft| changed.touches(ground, draft)) {
                    affected.insert(of.name());
                }
            }
        }
        affected
    }

    /// What is not shared.
    fn changed(&self) -> Changed<'a> {
        let mut changed = Changed::default();
        for broken in [&self.base.0.inputs.broken, &self.head.0.inputs.broken] {
            changed.names.extend(broken.iter().map(String::as_str));
        }
        for (ours, theirs) in [(self.base.1, self.head.1), (self.head.1, self.base.1)] {
            for of in &ours.workloads {
                let other = theirs.workloads.binary_search_by(|other| other.source.path.cmp(&of.source.path));
                let other = other.ok().and_then(|at| theirs.workloads.get(at));
                if !other.is_some_and(|other| other.is_shared_with(of)) {
                    changed.names.insert(of.name());
                    changed.ids.extend(of.units().flat_map(ids));
                }
            }
        }
        changed
    }
}

/// The workloads that are not the same on both sides, and the identities of resources that they share.
#[derive(Default)]
struct Changed<'a> {
    names: BTreeSet<&'a str>,
    ids: BTreeSet<String>,
}

impl Changed<'_> {
    /// Whether a unit names something that is not the same.
    fn touches(&self, ground: &Ground<'_>, draft: &Draft<'_>) -> bool {
        ids(draft).any(|id| self.ids.contains(&id))
            || draft.workload.resources.iter().any(|(key, resource)| self.links(ground, key, resource))
    }

    /// Whether a resource may point at a workload that is not the same.
    fn links(&self, ground: &Ground<'_>, key: &str, resource: &Resource) -> bool {
        let kinds = ground.inputs.catalog.provisioners().map(|package| &package.kind);
        let rules = kinds.filter_map(|kind| match kind {
            PackageKind::Provisioner { serves, link, .. } if serves.value == resource.kind.value => *link,
            _ => None,
        });
        let params = resource.params.as_ref();
        let named = params.and_then(|params| params.get("workload")).map(|node| node.as_str().unwrap_or("$"));
        let mut rules = rules.peekable();
        rules.peek().is_some()
            && match named {
                Some(name) => name.contains('$') || self.names.contains(name),
                None => rules.any(|rule| rule == LinkRule::Key) && self.names.contains(key),
            }
    }
}

/// The identities of the resources that a unit may share.
fn ids<'d>(draft: &'d Draft<'_>) -> impl Iterator<Item = String> + 'd {
    let resources = draft.workload.resources.keys();
    resources.filter_map(|key| draft.resource_id(key)).filter(|id| id.shared).map(|id| id.to_string())
}
