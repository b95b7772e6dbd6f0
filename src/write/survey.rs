//! Every difference between an output root and a tree, and whose each file is.

use std::collections::{BTreeMap, HashMap, HashSet};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::FileType;

use super::disk::{self, Below, Entry, Folder};
use super::ignore_lookup::IgnoreLookup;
use super::record::{self, Digest, digest};
use super::records::Records;
use super::root::{Root, unreadable};
use super::{STATE, Scope};
use crate::fault::Fault;
use crate::load::{Beneath, EntryKind, WorkTree};
use crate::model::Tree;

/// How a path differs from the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// In the tree, and nothing on disk.
    Missing,
    /// In the tree; on disk is what an earlier run wrote.
    Outdated,
    /// In the tree; on disk is a file of ours that somebody edited.
    Edited,
    /// In the tree; on disk is a file of ours that a merge left with conflict markers.
    Conflicted,
    /// In the tree; on disk is a file that is not ours.
    Taken,
    /// In the tree, or in its way; on disk is something that is no plain file, or that has to stay.
    Blocked(Blocker),
    /// No longer in the tree; on disk is what an earlier run wrote.
    Stale(Digest),
    /// No longer in the tree; on disk is a file of ours that somebody edited.
    EditedStale,
    /// Neither in the tree nor ours, and not ignored by Git.
    Foreign,
}

/// What lies in the place of a file, or of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocker {
    Link,
    Folder,
    File,
    Other,
}

/// All differences, by path.
pub(super) struct Survey {
    pub(super) differences: BTreeMap<Utf8PathBuf, Difference>,
    /// What the records on disk say.
    pub(super) records: Records,
}

/// What a visit says about one entry.
enum Seen<'t> {
    Equal(&'t str),
    Changed {
        path: &'t str,
        digest: Digest,
        is_conflicted: bool,
    },
    /// A folder, a link or a device where the tree has a file.
    InPlace(&'t str, FileType),
    /// Not in the tree. The digest is known where a record names the path.
    Unknown(Utf8PathBuf, FileType, Option<Digest>),
}

/// Files of the tree by path: looked up, never walked.
type Wanted<'t> = HashMap<&'t str, &'t [u8]>;

/// Compares what lies on disk with a tree. Reads every byte; writes nothing.
pub(super) fn survey(root: &Root, tree: &Tree, scope: &Scope) -> Result<Survey, Fault> {
    let wanted: Wanted<'_> =
        tree.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let Some(folder) = root.folder()? else {
        let differences = tree.files.keys().map(|path| (path.clone(), Difference::Missing)).collect();
        return Ok(Survey { differences, records: Records::default() });
    };
    let records = Records::read(root, &folder)?;
    let seen = look(root, &folder, &wanted, &records)?;
    let mut sorter =
        Sorter { wanted: &wanted, records: &records, scope, differences: BTreeMap::new(), kept: Vec::new() };
    let world = WorkTree::open(root.repository())?;
    let mut lookup = IgnoreLookup::new(&world);
    let mut present: HashSet<&str> = HashSet::with_capacity(wanted.len());
    let mut in_place = Vec::new();
    for seen in seen {
        match seen {
            Seen::Equal(path) => {
                present.insert(path);
            }
            Seen::Changed { path, digest, is_conflicted } => {
                present.insert(path);
                sorter.changed(path.into(), &digest, is_conflicted);
            }
            Seen::InPlace(path, kind) => {
                present.insert(path);
                in_place.push((path, kind));
            }
            Seen::Unknown(path, kind, digest) => {
                let is_ignored = |kind| lookup.is_ignored(&root.full(&path), kind);
                sorter.unknown(&path, kind, digest, is_ignored)?;
            }
        }
    }
    for path in wanted.keys().filter(|path| !present.contains(*path)) {
        sorter.differences.insert((*path).into(), Difference::Missing);
    }
    sorter.find_blockers(&in_place);
    let differences = sorter.differences;
    Ok(Survey { differences, records })
}

fn look<'t>(
    root: &Root,
    folder: &Beneath,
    wanted: &Wanted<'t>,
    records: &Records,
) -> Result<Vec<Seen<'t>>, Fault> {
    let enter = |entry: &Entry| if is_terraform(&entry.path) { Below::Pass } else { Below::Enter };
    let look = |folder: &Folder| {
        let mut seen = Vec::with_capacity(folder.entries.len());
        for entry in &folder.entries {
            seen.extend(look_at(folder, entry, wanted, records)?);
        }
        Ok(seen)
    };
    disk::visit(folder, Utf8Path::new(""), enter, look)
        .map_err(|(path, error)| unreadable(&root.full(&path), error))
}

fn look_at<'t>(
    folder: &Folder,
    entry: &Entry,
    wanted: &Wanted<'t>,
    records: &Records,
) -> std::io::Result<Option<Seen<'t>>> {
    let known = wanted.get_key_value(entry.path.as_str());
    Ok(match (known, entry.kind) {
        (Some((path, bytes)), FileType::RegularFile) => match records.files.get(&entry.path) {
            Some(found) => Some(told_apart(path, bytes, found)),
            None => folder.read(entry)?.map(|found| told_apart(path, bytes, &found)),
        },
        (Some((path, _)), kind) => Some(Seen::InPlace(path, kind)),
        (None, FileType::Directory) if entry.name.to_str().is_ok() && !is_terraform(&entry.path) => None,
        (None, FileType::RegularFile) if records.is_ours(&entry.path) => folder
            .read(entry)?
            .map(|found| Seen::Unknown(entry.path.clone(), entry.kind, Some(digest(&found)))),
        (None, kind) => Some(Seen::Unknown(entry.path.clone(), kind, None)),
    })
}

fn told_apart<'t>(path: &'t str, wanted: &[u8], found: &[u8]) -> Seen<'t> {
    if found == wanted {
        return Seen::Equal(path);
    }
    Seen::Changed { path, digest: digest(found), is_conflicted: has_conflict_markers(found) }
}

/// Decides, for each file, whose it is.
struct Sorter<'a> {
    wanted: &'a Wanted<'a>,
    records: &'a Records,
    scope: &'a Scope,
    differences: BTreeMap<Utf8PathBuf, Difference>,
    /// Files that are not in the tree and stay.
    kept: Vec<Utf8PathBuf>,
}

impl Sorter<'_> {
    fn changed(&mut self, path: &Utf8Path, digest: &Digest, is_conflicted: bool) {
        let difference = if path.starts_with(STATE) {
            // Records are ours by their place.
            Difference::Outdated
        } else {
            match self.records.of(path) {
                None => Difference::Taken,
                Some(owned) if owned.digests.contains(digest) => Difference::Outdated,
                Some(_) if is_conflicted => Difference::Conflicted,
                Some(_) => Difference::Edited,
            }
        };
        self.differences.insert(path.to_owned(), difference);
    }

    fn unknown(
        &mut self,
        path: &Utf8Path,
        kind: FileType,
        digest: Option<Digest>,
        mut is_ignored: impl FnMut(EntryKind) -> Result<bool, Fault>,
    ) -> Result<(), Fault> {
        let is_file = kind == FileType::RegularFile;
        let difference = if let Some(leaf) = record::leaf(path).filter(|_| is_file) {
            let stale = digest.filter(|_| self.scope.covers(leaf));
            stale.map(Difference::Stale)
        } else if is_file && path == Utf8Path::new(super::FORMAT_FILE) {
            None
        } else if let Some(owned) = self.records.of(path) {
            // Another instance, which this run did not render, has it too.
            let is_stale = owned.leaves.iter().all(|leaf| self.scope.covers(leaf));
            is_stale.then(|| match digest {
                Some(digest) if owned.digests.contains(&digest) => Difference::Stale(digest),
                _ => Difference::EditedStale,
            })
        } else {
            let entry = if kind == FileType::Directory { EntryKind::Folder } else { EntryKind::File };
            let is_foreign = !is_terraform(path) && !is_ignored(entry)?;
            is_foreign.then_some(Difference::Foreign)
        };
        match difference {
            Some(difference) => {
                self.differences.insert(path.to_owned(), difference);
            }
            None => self.kept.push(path.to_owned()),
        }
        Ok(())
    }

    /// Finds what lies in the way: a folder in a file's place gives way when all in it is stale, a file in a folder's
    /// place when it is stale itself.
    fn find_blockers(&mut self, in_place: &[(&str, FileType)]) {
        for (path, kind) in in_place {
            let path = Utf8Path::new(path);
            let difference = match kind {
                FileType::Directory if !self.has_survivors(path) => Difference::Missing,
                FileType::Directory => Difference::Blocked(Blocker::Folder),
                FileType::Symlink => Difference::Blocked(Blocker::Link),
                _ => Difference::Blocked(Blocker::Other),
            };
            self.differences.insert(path.to_owned(), difference);
        }
        let blockers: Vec<_> = self.kept.iter().filter(|kept| self.has_wanted_below(kept)).cloned().collect();
        for path in blockers {
            self.differences.insert(path, Difference::Blocked(Blocker::File));
        }
    }

    fn has_survivors(&self, folder: &Utf8Path) -> bool {
        let differences =
            self.differences.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder));
        let mut below = differences.filter(|(path, _)| *path != folder);
        below.any(|(_, difference)| !matches!(difference, Difference::Stale(_)))
            || self.kept.iter().any(|path| path.starts_with(folder))
    }

    fn has_wanted_below(&self, path: &Utf8Path) -> bool {
        // Whatever is wanted below a file is missing.
        let mut differences =
            self.differences.range(path.to_owned()..).take_while(|(other, _)| other.starts_with(path));
        differences.any(|(other, _)| self.wanted.contains_key(other.as_str()))
    }
}

/// What `tofu` and `terraform` leave beside root modules.
pub(super) fn is_terraform(path: &Utf8Path) -> bool {
    path.components().any(|name| name.as_str().starts_with(".terraform"))
}

/// Whether a merge left its marks at the beginning of lines.
fn has_conflict_markers(bytes: &[u8]) -> bool {
    let has = |marker: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(marker));
    has(b"<<<<<<< ") && has(b">>>>>>> ")
}
