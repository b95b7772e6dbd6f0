//! Says why something changes: which group of inputs does it.
//!
//! Where more than one group could be the cause of a change, the instance is compiled again, on the base with the files
//! of one group as head has them. What then changes in the same way, that group causes.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::{
    inputs::{Inputs, places, sources},
    instance::{InstanceChange, Job},
    matching::Matched,
    sides::Sides,
};
use crate::compile::{Options, Other, prepare};
use crate::fault::Fault;
use crate::load::{Layered, Side};
use crate::model::{
    Cause, CauseKind, InstanceInput, InstanceKind, ObjectChange, Package, Place, ResourceId, Sources,
    UnitInput,
};
use crate::plan;

/// A group of inputs: what it is, and the package where it is one.
type Key = (CauseKind, Option<String>);

/// Finds the causes of every object's change.
pub(super) fn attribute(
    sides: &Sides<'_>,
    differ: &[Matched<'_>],
    changes: &mut [InstanceChange],
    job: &Job<'_>,
    sources: &Sources,
) -> Result<(), Fault> {
    let inputs = Inputs::changed(sides, differ)?;
    let by_folder: BTreeMap<&Utf8Path, &Matched<'_>> =
        differ.iter().filter_map(|matched| Some((matched.input()?.folder.as_path(), matched))).collect();
    let mut finder = Finder::new(sides, &inputs, sources);
    differ.iter().for_each(|matched| finder.note(matched));
    for change in changes.iter() {
        if let Some(matched) = by_folder.get(change.name.folder.as_path()) {
            finder.want(matched);
        }
    }
    finder.compile_again(job)?;
    for change in changes {
        let Some(matched) = by_folder.get(change.name.folder.as_path()) else { continue };
        change.causes =
            change.objects.iter().map(|object| finder.causes(matched, object)).collect::<Result<_, _>>()?;
    }
    Ok(())
}

/// What differs when one group alone has changed: by folder, the fields of each object.
type Effects = BTreeMap<Utf8PathBuf, BTreeSet<String>>;

struct Finder<'a> {
    sides: &'a Sides<'a>,
    inputs: &'a Inputs,
    sources: &'a Sources,
    /// The files of each workload on both sides, by Score file.
    files: BTreeMap<&'a Utf8Path, BTreeSet<&'a Utf8Path>>,
    /// The workloads whose own files are edited, and the identities of the resources that they share.
    edited: (BTreeSet<String>, BTreeSet<ResourceId>),
    /// By instance the groups that could be the cause.
    candidates: BTreeMap<Utf8PathBuf, Vec<Key>>,
    /// By group, the folders of the instances to compile again, and what came of it.
    again: BTreeMap<Key, (BTreeSet<Utf8PathBuf>, Effects)>,
    /// The edited places of each file.
    places: BTreeMap<Utf8PathBuf, Vec<Place>>,
}

impl<'a> Finder<'a> {
    fn new(sides: &'a Sides<'a>, inputs: &'a Inputs, sources: &'a Sources) -> Self {
        let mut files: BTreeMap<&Utf8Path, BTreeSet<&Utf8Path>> = BTreeMap::new();
        for read in sides.base.workloads.iter().chain(&sides.head.workloads) {
            files.entry(&read.files.score).or_default().extend(read.files.paths());
        }
        let (candidates, again, places) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { sides, inputs, sources, files, edited: Default::default(), candidates, again, places }
    }

    /// Notes a workload whose own files are edited.
    fn note(&mut self, matched: &Matched<'_>) {
        let own = self.own(matched);
        let mut groups = self.inputs.groups.iter().filter(|((kind, _), _)| is_of_workload(*kind));
        if !groups.any(|(_, paths)| paths.iter().any(|path| own.contains(path))) {
            return;
        }
        for unit in units(matched) {
            self.edited.0.insert(unit.summary.name.clone());
            self.edited.1.extend(unit.summary.resources.iter().filter(|id| id.shared).cloned());
        }
    }

    /// Whether an instance is made from an edited workload that is not its own.
    fn looks_at_edited(&self, matched: &Matched<'_>) -> bool {
        let (names, ids) = &self.edited;
        let mut sides = [matched.base, matched.head].into_iter().flatten();
        sides.any(|input| match &input.kind {
            InstanceKind::Unit(unit) => {
                unit.summary.links.iter().any(|link| names.contains(&link.workload))
                    || unit.summary.resources.iter().any(|id| ids.contains(id))
            }
            InstanceKind::Resource(resource) => {
                resource.provision.consumers.iter().any(|consumer| names.contains(&consumer.workload))
            }
            InstanceKind::Wide(_) => true,
        })
    }

    /// Notes which groups could be the cause for an instance, and which of them have to be tried.
    fn want(&mut self, matched: &Matched<'_>) {
        let Some(folder) = matched.input().map(|input| input.folder.clone()) else { return };
        let candidates = self.groups(matched);
        if candidates.len() > 1 {
            for key in &candidates {
                self.again.entry(key.clone()).or_default().0.insert(folder.clone());
            }
        }
        self.candidates.insert(folder, candidates);
    }

    /// The groups that could be the cause: its own, and every workload's where it looks at others.
    fn groups(&self, matched: &Matched<'_>) -> Vec<Key> {
        let own = self.own(matched);
        let known = self.inputs.groups.iter().filter(|((kind, name), paths)| match kind {
            CauseKind::Workload | CauseKind::Overlay | CauseKind::Release => {
                self.looks_at_edited(matched) || paths.iter().any(|path| own.contains(path))
            }
            CauseKind::Environment => paths.iter().any(|path| own.contains(path)),
            CauseKind::Platform | CauseKind::Version => true,
            _ => uses(matched, *kind, name.as_deref()),
        });
        known.map(|(key, _)| key.clone()).collect()
    }

    /// The files that are the instance's own: its workload's, and its environment's.
    fn own(&self, matched: &Matched<'_>) -> BTreeSet<Utf8PathBuf> {
        let mut own: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        for input in [matched.base, matched.head].into_iter().flatten() {
            own.insert(self.sources.path(input.environment.file).to_owned());
            own.extend(sources(input));
            let files = self.files.get(input.origin.as_path());
            own.extend(files.into_iter().flatten().map(|path| (*path).to_owned()));
        }
        own
    }

    /// Compiles on the base with one group after the other as head has it.
    fn compile_again(&mut self, job: &Job<'_>) -> Result<(), Fault> {
        let two = self.sides.two;
        for (key, (folders, effects)) in &mut self.again {
            let Some(paths) = self.inputs.groups.get(key) else { continue };
            let workloads = Layered::new(two.base.workloads, two.head.workloads, paths.clone());
            let platform = Layered::new(two.base.platform, two.head.platform, paths.clone());
            let side = match (two.base.is_one() && two.head.is_one(), is_of_workload(key.0)) {
                (true, _) => Side::of(&workloads),
                (false, true) => Side { workloads: &workloads, platform: two.base.platform },
                (false, false) => Side { workloads: two.base.workloads, platform: &platform },
            };
            *effects = self.sides.effects(side, folders, job, self.sources.clone())?;
        }
        Ok(())
    }

    /// The causes of one object's change.
    fn causes(&mut self, matched: &Matched<'_>, object: &ObjectChange) -> Result<Vec<Cause>, Fault> {
        let Some(folder) = matched.input().map(|input| &input.folder) else { return Ok(Vec::new()) };
        let candidates = self.candidates.get(folder).cloned().unwrap_or_default();
        let does = |key: &&Key| {
            let effects = self.again.get(*key).and_then(|(_, effects)| effects.get(folder));
            effects.is_some_and(|effects| marks(object).any(|mark| effects.contains(&mark)))
        };
        let mut found: Vec<Key> = candidates.iter().filter(does).cloned().collect();
        if found.is_empty() {
            // One candidate alone, or several that change something only together.
            found = candidates;
        }
        let own = self.own(matched);
        found.into_iter().map(|key| self.cause(&own, key)).collect()
    }

    /// A cause with its edited places: in the instance's own files, else in all files of the group.
    fn cause(&mut self, own: &BTreeSet<Utf8PathBuf>, (kind, name): Key) -> Result<Cause, Fault> {
        let all = self.inputs.groups.get(&(kind, name.clone()));
        let mut paths: Vec<&Utf8PathBuf> = all.into_iter().flatten().collect();
        if paths.iter().any(|path| own.contains(*path)) {
            paths.retain(|path| own.contains(*path));
        }
        let mut found = Vec::new();
        for path in paths {
            if !self.places.contains_key(path) {
                self.places.insert(path.clone(), places(self.sides.two, kind, path)?);
            }
            found.extend(self.places.get(path).into_iter().flatten().cloned());
        }
        found.sort();
        Ok(Cause { kind, name, places: found })
    }
}

impl Sides<'_> {
    /// What differs in some instances between the base and another side, whose files `sources` will number.
    fn effects(
        &self,
        side: Side<'_>,
        folders: &BTreeSet<Utf8PathBuf>,
        job: &Job<'_>,
        mut sources: Sources,
    ) -> Result<Effects, Fault> {
        let other = Other { side: self.two.base, prepared: &self.base };
        let again = prepare(side, Some(other), &Options::default(), &mut sources)?;
        let (Some(base), Some(head)) = (self.base.inputs(self.two.base), again.inputs(side)) else {
            return Ok(Effects::new());
        };
        let pair = plan::pair_of(&base, &head, workloads(folders).as_ref())?;
        let (base, head) = (by_folder(pair.base.value.as_ref()), by_folder(pair.head.value.as_ref()));
        let effects = folders.par_iter().filter_map(|folder| {
            let matched = Matched {
                base: base.get(folder.as_path()).copied(),
                head: head.get(folder.as_path()).copied(),
            };
            let change =
                (matched.base != matched.head).then(|| job.compare_with(&matched, &again.engines))??;
            Some((folder.clone(), change.objects.iter().flat_map(marks).collect()))
        });
        Ok(effects.collect())
    }
}

/// The workloads whose units lie in these folders; `None` where a folder is none of a unit.
fn workloads(folders: &BTreeSet<Utf8PathBuf>) -> Option<BTreeSet<String>> {
    let name = |folder: &Utf8PathBuf| {
        let is_unit = folder.parent()?.file_name() == Some("workloads");
        folder.file_name().filter(|_| is_unit).map(str::to_owned)
    };
    folders.iter().map(name).collect()
}

fn by_folder(plan: Option<&plan::Plan>) -> BTreeMap<&Utf8Path, &InstanceInput> {
    let instances = plan.into_iter().flat_map(|plan| &plan.instances);
    instances.map(|input| (input.folder.as_path(), input)).collect()
}

fn is_of_workload(kind: CauseKind) -> bool {
    matches!(kind, CauseKind::Workload | CauseKind::Overlay | CauseKind::Release)
}

/// What tells one changed field of an instance from another: the object and the field.
fn marks(object: &ObjectChange) -> impl Iterator<Item = String> {
    let name = object
        .before
        .as_ref()
        .or(object.id.as_ref())
        .map_or_else(|| object.path.to_string(), ToString::to_string);
    let whole = object.fields.is_empty().then(|| format!("{name} {:?}", object.action));
    let fields = object.fields.iter().map(move |field| format!("{name} {}", field.path));
    fields.chain(whole)
}

/// The unit on both sides.
fn units<'m>(matched: &'m Matched<'_>) -> impl Iterator<Item = &'m UnitInput> {
    [matched.base, matched.head].into_iter().flatten().filter_map(|input| match &input.kind {
        InstanceKind::Unit(unit) => Some(&**unit),
        _ => None,
    })
}

/// Whether an instance uses a package of this kind and name.
fn uses(matched: &Matched<'_>, kind: CauseKind, name: Option<&str>) -> bool {
    let mut sides = [matched.base, matched.head].into_iter().flatten();
    sides.any(|input| match &input.kind {
        InstanceKind::Unit(unit) => {
            let provided =
                unit.resources.values().any(|resource| Some(resource.provisioner.as_str()) == name);
            let parts = unit.provisions.iter().any(|provision| has_component(&provision.package, name));
            match kind {
                CauseKind::GoldenPath => is(&unit.package, name),
                CauseKind::Provisioner => provided,
                CauseKind::Component => has_component(&unit.package, name) || parts,
                _ => false,
            }
        }
        InstanceKind::Resource(resource) => match kind {
            CauseKind::Provisioner => is(&resource.provision.package, name),
            CauseKind::Component => has_component(&resource.provision.package, name),
            _ => false,
        },
        InstanceKind::Wide(wide) => match kind {
            CauseKind::PlatformPackage => is(&wide.package, name),
            CauseKind::Component => has_component(&wide.package, name),
            // What it sees of the units below may come from any package.
            _ => true,
        },
    })
}

fn is(package: &Package, name: Option<&str>) -> bool {
    Some(package.name.value.as_str()) == name
}

fn has_component(package: &Package, name: Option<&str>) -> bool {
    package.components.iter().any(|component| is(component, name))
}
