//! Compares two rendered trees as they were committed, whoever rendered them.
//!
//! Folders with equal ids are not entered. Records of ours (`.macadam`) say nothing that the files themselves do not.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    Comparison, Options, Two, count::counts, group::group, impact::ImpactRules, instance::InstanceChange,
    judge::Judges, objects::Objects, specific::Names,
};
use crate::compile::PLATFORM_FILE;
use crate::fault::Fault;
use crate::load::{Entry, EntryKind, World, same};
use crate::model::{
    Action, Artifact, Format, Impact, InstanceName, InstanceWord, Mark, ObjectChange, Platform, Review,
    SideFindings, Sources,
};
use crate::write::STATE;
use crate::{parse, validate};

/// Compares the rendered trees of two sides.
///
/// The output root is the one that head's `macadam.yaml` names, else `rendered`.
///
/// # Errors
///
/// Where a world cannot be read.
pub fn rendered(two: &Two<'_>, options: &Options<'_>) -> Result<Comparison, Fault> {
    let mut comparison = Comparison::default();
    let head = platform(two.head.platform, &mut comparison.sources)?;
    let base = platform(two.base.platform, &mut comparison.sources)?;
    let judges = Judges { base: base.as_ref(), head: head.as_ref(), ..Judges::default() };
    let root =
        head.as_ref().map_or_else(|| Utf8PathBuf::from("rendered"), |platform| platform.output_root.clone());
    let mut walk =
        Walk { base: two.base.workloads, head: two.head.workloads, root: &root, leaves: BTreeMap::new() };
    walk.folder(&root)?;
    let mut findings = Vec::new();
    let rules = judges.impact_rules(&mut findings);
    let leaves: Vec<(Utf8PathBuf, Leaf)> = walk.leaves.into_iter().collect();
    let changes: Vec<InstanceChange> = leaves
        .into_par_iter()
        .filter_map(|(folder, leaf)| leaf.change(name(&root, &folder), &rules, options.texts))
        .collect();
    let (counts, grouped) = (counts(&changes, 0), group(changes));
    let gates = judges.gates(&grouped, &mut findings);
    comparison.fails = judges.fails(&grouped, options).map_err(|error| error.fault())?;
    comparison.review = Review {
        base: two.names.0.clone(),
        head: two.names.1.clone(),
        counts,
        groups: grouped.groups,
        gates,
        findings: SideFindings { base: findings, ..SideFindings::default() },
        ..Review::default()
    };
    Ok(comparison)
}

fn platform(world: &dyn World, sources: &mut Sources) -> Result<Option<Platform>, Fault> {
    let path = Utf8Path::new(PLATFORM_FILE);
    let Some(bytes) = world.read(path)? else { return Ok(None) };
    let file = sources.add(world.name(), path, &bytes);
    let tree = parse::yaml(&bytes, file).value;
    Ok(tree.and_then(|tree| validate::platform(&tree, file).value))
}

/// The changed files of one folder.
#[derive(Default)]
struct Leaf {
    base: Vec<Artifact>,
    head: Vec<Artifact>,
    /// What has no fields to compare: links and the like, modes.
    special: Vec<ObjectChange>,
    /// Whether the folder itself is there on each side.
    there: (bool, bool),
}

struct Walk<'a> {
    base: &'a dyn World,
    head: &'a dyn World,
    root: &'a Utf8Path,
    leaves: BTreeMap<Utf8PathBuf, Leaf>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Utf8Path) -> Result<(), Fault> {
        if same(self.base, self.head, folder)? {
            return Ok(());
        }
        let (base, head) = (self.base.list(folder)?, self.head.list(folder)?);
        let there = (base.is_some(), head.is_some());
        let mut names: BTreeMap<String, (Option<EntryKind>, Option<EntryKind>)> = BTreeMap::new();
        let of = |entry: Entry| (entry.name, entry.kind);
        for (name, kind) in base.into_iter().flatten().map(of) {
            names.entry(name).or_default().0 = Some(kind);
        }
        for (name, kind) in head.into_iter().flatten().map(of) {
            names.entry(name).or_default().1 = Some(kind);
        }
        for (name, kinds) in names {
            let path = folder.join(&name);
            if folder == self.root && name == STATE {
                continue;
            }
            if kinds.0 == Some(EntryKind::Folder) || kinds.1 == Some(EntryKind::Folder) {
                self.folder(&path)?;
            }
            self.file(folder, &path, kinds, there)?;
        }
        Ok(())
    }

    fn file(
        &mut self,
        folder: &Utf8Path,
        path: &Utf8Path,
        (base, head): (Option<EntryKind>, Option<EntryKind>),
        there: (bool, bool),
    ) -> Result<(), Fault> {
        let is_opaque = |kind: Option<EntryKind>| matches!(kind, Some(EntryKind::Link | EntryKind::Other));
        let is_file = |kind: Option<EntryKind>| kind == Some(EntryKind::File);
        let leaf = || Leaf { there, ..Leaf::default() };
        let below = path.strip_prefix(self.root).unwrap_or(path);
        if is_opaque(base) || is_opaque(head) {
            let leaf = self.leaves.entry(folder.to_owned()).or_insert_with(leaf);
            leaf.special.push(special(below, base.is_some(), head.is_some(), Mark::Opaque));
            return Ok(());
        }
        if is_file(base) && is_file(head) && self.base.is_program(path)? != self.head.is_program(path)? {
            let leaf = self.leaves.entry(folder.to_owned()).or_insert_with(leaf);
            leaf.special.push(special(below, true, true, Mark::Mode));
        }
        if (!is_file(base) && !is_file(head)) || same(self.base, self.head, path)? {
            return Ok(());
        }
        let read = |world: &dyn World, kind| if is_file(kind) { world.read(path) } else { Ok(None) };
        let (old, new) = (read(self.base, base)?, read(self.head, head)?);
        if old != new {
            let leaf = self.leaves.entry(folder.to_owned()).or_insert_with(leaf);
            leaf.base.extend(old.map(|bytes| artifact(self.root, path, bytes)));
            leaf.head.extend(new.map(|bytes| artifact(self.root, path, bytes)));
        }
        Ok(())
    }
}

fn artifact(root: &Utf8Path, path: &Utf8Path, bytes: Vec<u8>) -> Artifact {
    let digest = Sha256::digest(&bytes).into();
    Artifact { path: path.strip_prefix(root).unwrap_or(path).to_owned(), bytes, digest }
}

impl Leaf {
    fn change(self, name: InstanceName, rules: &ImpactRules, texts: bool) -> Option<InstanceChange> {
        let objects = Objects {
            rules,
            name: &name,
            protected: false,
            names: &Names::default(),
            folders: (&name.folder, &name.folder),
            texts,
        };
        let mut changes = objects.changes(&self.base, &self.head);
        changes.extend(self.special);
        let whole = name.kind != InstanceWord::Folder && self.there.0 != self.there.1;
        (!changes.is_empty()).then(|| InstanceChange::of(name, whole, changes))
    }
}

/// A link, a mode: it cannot be compared by field, and is told of all the same.
fn special(path: &Utf8Path, before: bool, after: bool, mark: Mark) -> ObjectChange {
    ObjectChange {
        action: match (before, after) {
            (false, _) => Action::Added,
            (_, false) => Action::Removed,
            _ => Action::Changed,
        },
        id: None,
        before: None,
        path: path.to_owned(),
        format: Format::Binary,
        fields: Vec::new(),
        impacts: Impact::Config.into(),
        rules: Vec::new(),
        marks: vec![mark],
        texts: None,
    }
}

/// What a folder of a rendered tree is, as macadam lays it out: `kubernetes/<env>/<cluster>/workloads/<name>`.
fn name(root: &Utf8Path, folder: &Utf8Path) -> InstanceName {
    let folder = folder.strip_prefix(root).unwrap_or(folder).to_owned();
    let parts: Vec<&str> = folder.as_str().split('/').collect();
    let (kind, environment, cluster, name, owner) = match parts.as_slice() {
        ["kubernetes", environment, cluster, "workloads", name] => {
            (InstanceWord::Workload, *environment, *cluster, *name, None)
        }
        ["kubernetes", environment, cluster, "resources", name] => {
            (InstanceWord::Resource, *environment, *cluster, *name, None)
        }
        ["kubernetes", environment, cluster, "platform", name] => {
            (InstanceWord::Platform, *environment, *cluster, *name, None)
        }
        ["kubernetes", environment, cluster, "platform", name, owner] => {
            (InstanceWord::Platform, *environment, *cluster, *name, Some((*owner).to_owned()))
        }
        _ => (InstanceWord::Folder, "", "", folder.as_str(), None),
    };
    InstanceName {
        environment: environment.to_owned(),
        cluster: cluster.to_owned(),
        kind,
        name: name.to_owned(),
        owner,
        folder: folder.clone(),
    }
}
