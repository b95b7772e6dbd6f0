//! Which input files are not the same on both sides, in the groups that a cause can be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use similar::{ChangeTag, TextDiff};

use super::{Two, matching::Matched, sides::Sides};
use crate::compile::{PLATFORM_FILE, Prepared};
use crate::fault::Fault;
use crate::load::{IGNORE_FILE, World, same};
use crate::model::{CauseKind, InstanceInput, InstanceKind, Place};
use crate::plan::beside;

/// Places that are told of one file at the most.
const MOST_PLACES: usize = 5;

/// Files that are not the same on both sides, by the group of inputs that they belong to.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) groups: BTreeMap<(CauseKind, Option<String>), BTreeSet<Utf8PathBuf>>,
}

impl Inputs {
    /// Compares every input of both sides that is not shared already.
    pub(super) fn changed(sides: &Sides<'_>, differ: &[Matched<'_>]) -> Result<Self, Fault> {
        let mut inputs = Self::default();
        for (kind, name, path) in candidates(sides, differ) {
            if !equal(sides.two, kind, &path)? {
                inputs.groups.entry((kind, name)).or_default().insert(path);
            }
        }
        Ok(inputs)
    }
}

type Candidate = (CauseKind, Option<String>, Utf8PathBuf);

/// Every input that may be different, once.
fn candidates(sides: &Sides<'_>, differ: &[Matched<'_>]) -> BTreeSet<Candidate> {
    let mut found = BTreeSet::from([(CauseKind::Platform, None, Utf8PathBuf::from(PLATFORM_FILE))]);
    let (base, head) = (&sides.base, &sides.head);
    for (ours, theirs) in [(base, head), (head, base)] {
        environments(ours, theirs, &mut found);
        packages(ours, theirs, &mut found);
        workloads(ours, theirs, &mut found);
    }
    for matched in differ {
        for input in [matched.base, matched.head].into_iter().flatten() {
            found.extend(sources(input).map(|path| (CauseKind::Workload, None, path)));
        }
    }
    found
}

fn environments(ours: &Prepared, theirs: &Prepared, found: &mut BTreeSet<Candidate>) {
    for read in ours.environment_files.iter().filter(|read| !read.built_in) {
        if !theirs.environment_files.iter().any(|other| Arc::ptr_eq(read, other)) {
            found.insert((CauseKind::Environment, None, read.files.clone()));
        }
    }
}

fn packages(ours: &Prepared, theirs: &Prepared, found: &mut BTreeSet<Candidate>) {
    let inventory = &ours.inventory;
    let kinds = [
        (CauseKind::Component, &inventory.components),
        (CauseKind::GoldenPath, &inventory.golden_paths),
        (CauseKind::Provisioner, &inventory.provisioners),
        (CauseKind::PlatformPackage, &inventory.platform_packages),
    ];
    for (kind, folders) in kinds {
        for folder in folders {
            let read = ours.packages.iter().find(|read| read.files == *folder && !read.built_in);
            let shared = |read| theirs.packages.iter().any(|other| Arc::ptr_eq(read, other));
            if !read.is_some_and(shared) {
                let package = read.and_then(|read| read.value.as_ref());
                let name =
                    package.map(|(package, _)| package.name.value.as_str()).or(folder.folder.file_name());
                let name = name.map(str::to_owned);
                found.extend(folder.paths().map(|path| (kind, name.clone(), path.to_owned())));
            }
        }
    }
}

/// The files of workloads, and the ignore files on the way to those that only one side has.
fn workloads(ours: &Prepared, theirs: &Prepared, found: &mut BTreeSet<Candidate>) {
    let there: BTreeMap<&Utf8Path, _> =
        theirs.workloads.iter().map(|read| (read.files.score.as_path(), read)).collect();
    for read in &ours.workloads {
        let other = there.get(read.files.score.as_path());
        if other.is_some_and(|other| Arc::ptr_eq(read, other)) {
            continue;
        }
        let files = &read.files;
        found.insert((CauseKind::Workload, None, files.score.clone()));
        found.extend(files.overlays.iter().map(|overlay| (CauseKind::Overlay, None, overlay.path.clone())));
        found.extend(files.release.iter().map(|path| (CauseKind::Release, None, path.clone())));
        if other.is_none() {
            let folders = files.score.ancestors().skip(1);
            found.extend(folders.map(|folder| (CauseKind::Platform, None, folder.join(IGNORE_FILE))));
        }
    }
}

/// The files that a unit's Score file reads.
pub(super) fn sources(input: &InstanceInput) -> impl Iterator<Item = Utf8PathBuf> {
    let unit = match &input.kind {
        InstanceKind::Unit(unit) => Some(unit),
        _ => None,
    };
    unit.into_iter().flat_map(|unit| unit.contents.keys().filter_map(|path| beside(&unit.workload, path)))
}

/// The worlds that hold a kind of input: base and head.
fn worlds<'a>(two: &Two<'a>, kind: CauseKind) -> (&'a dyn World, &'a dyn World) {
    match kind {
        CauseKind::Workload | CauseKind::Overlay | CauseKind::Release => {
            (two.base.workloads, two.head.workloads)
        }
        _ => (two.base.platform, two.head.platform),
    }
}

fn equal(two: &Two<'_>, kind: CauseKind, path: &Utf8Path) -> Result<bool, Fault> {
    let (base, head) = worlds(two, kind);
    Ok(same(base, head, path)? || base.read(path)? == head.read(path)?)
}

/// The edited places of a file: the first line of each edit on the head side, or the file alone where it is gone.
pub(super) fn places(two: &Two<'_>, kind: CauseKind, path: &Utf8Path) -> Result<Vec<Place>, Fault> {
    let (base, head) = worlds(two, kind);
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let Some(new) = text(head.read(path)?) else {
        return Ok(vec![Place { path: path.to_owned(), line: None }]);
    };
    let old = text(base.read(path)?).unwrap_or_default();
    let mut lines = edited(&old, &new);
    lines.truncate(MOST_PLACES);
    Ok(lines.into_iter().map(|line| Place { path: path.to_owned(), line: Some(line) }).collect())
}

/// The first lines of the edits between two texts, from one, on the new side.
fn edited(old: &str, new: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    let (mut line, mut inside) = (1, false);
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        if change.tag() == ChangeTag::Equal {
            inside = false;
        } else if !inside {
            inside = true;
            lines.push(line);
        }
        if change.tag() != ChangeTag::Delete {
            line += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_where_its_first_line_is() {
        assert_eq!(edited("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n"), [2, 5]);
        assert_eq!(edited("a\nb\nc\n", "a\nc\n"), [2]);
        assert_eq!(edited("", "a\nb\n"), [1]);
        assert_eq!(edited("a\n", "a\n"), [0_u32; 0]);
    }
}
