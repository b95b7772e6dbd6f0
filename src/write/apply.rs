//! Changes the output root so that at each instant it is the old tree, the new one, or one that says that it is
//! neither.
//!
//! A first tree is staged as a whole and appears by one rename. A change to an existing tree is staged, then written
//! down in a journal, then made; a run that was stopped is completed by the next, a run that fails puts the old tree
//! back.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;

use camino::Utf8Path;
use rayon::prelude::*;
use rustix::fs::Dir;
use rustix::io::{Errno, Result as CallResult};

use super::calls::Calls;
use super::journal::{Change, Failure, Journal, Operation};
use super::record::{digest, hex};
use super::records::Records;
use super::root::{Root, unfinished, unreadable, unwritable};
use super::staging::{Folders, Staging, TREE, discard};
use super::{JOURNAL, disk};
use crate::fault::Fault;
use crate::load::{Beneath, FOLDER};
use crate::model::ChangeSet;

/// Makes a change. The change set comes from [`super::compare`] with the same root.
///
/// On any error the old tree stays, and nothing is left that `git add -A` would pick up.
pub fn apply(root: &Root, changes: ChangeSet) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    root.lock()?;
    unfinished(root)?;
    let site = Site::open(root)?;
    site.discard()?;
    let made = match root.folder()? {
        Some(folder) if !is_empty(&folder).map_err(|error| unreadable(root.path(), error))? => {
            site.change(&folder, &changes)
        }
        _ => site.first(&changes),
    };
    // Made or not, what is left is litter unless a journal lies there. What cannot be removed now, and Git does not
    // see, the next run removes.
    if matches!(root.is_torn(), Ok(false)) {
        let _: Result<(), Fault> = site.discard();
    }
    made
}

/// Completes what a stopped run began, and takes the right to write. Says whether there was something to complete.
///
/// When the run was stopped before its journal was complete, its staging folder is removed and the old tree is whole.
pub fn recover(root: &Root) -> Result<bool, Fault> {
    root.lock()?;
    let torn = root.is_torn()?;
    let Ok(parent) = root.repository_handle().open(root.parent(), FOLDER) else { return Ok(false) };
    let site = Site { root, parent };
    let completed = if torn { site.complete() } else { Ok(()) };
    if !root.is_torn()? {
        site.discard()?;
    }
    completed.map(|()| torn)
}

/// The folder that output root and staging folder lie in.
struct Site<'a> {
    root: &'a Root,
    parent: OwnedFd,
}

impl<'a> Site<'a> {
    fn open(root: &'a Root) -> Result<Self, Fault> {
        let mut folders = Folders::new(&root.calls, root.repository_handle());
        folders.make(root.parent()).map_err(|error| unwritable(root.parent(), error))?;
        let parent = root
            .repository_handle()
            .open(root.parent(), FOLDER)
            .map_err(|error| unwritable(root.parent(), error))?;
        Ok(Self { root, parent })
    }

    fn staging_name(&self) -> String {
        self.root.staging().file_name().unwrap_or_default().to_owned()
    }

    fn discard(&self) -> Result<(), Fault> {
        discard(&self.root.calls, &self.parent, &self.staging_name()).map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, error: Errno) -> Fault {
        unwritable(&self.root.staging(), error)
    }

    /// Stages a whole tree and gives it its place at once.
    fn first(&self, changes: &ChangeSet) -> Result<(), Fault> {
        let calls = &self.root.calls;
        let files: Vec<_> =
            changes.put.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        let stage = || -> CallResult<()> {
            let staging = Staging::make(calls, &self.parent, &self.staging_name())?;
            let tree = calls.new_folder(&staging.handle, TREE)?;
            write_folder(calls, &tree, 0, &files)?;
            calls.sync(&tree)?;
            // An empty folder in the place is replaced by this, a full one is not.
            calls.rename(&staging.handle, TREE, &self.parent, self.root.name())
        };
        stage().map_err(|error| unwritable(self.root.path(), error))
    }

    /// Changes a tree that is there.
    fn change(&self, folder: &Beneath, changes: &ChangeSet) -> Result<(), Fault> {
        let calls = &self.root.calls;
        let operations = operations(self.root, folder, changes)?;
        let journal = Journal::new(operations);
        let stage = || -> CallResult<Staging> {
            let staging = Staging::make(calls, &self.parent, &self.staging_name())?;
            stage_blobs(calls, &staging.blobs, &journal.operations, changes)?;
            staging.begin(calls, &journal.print())?;
            Ok(staging)
        };
        let staging = stage().map_err(|error| {
            // Nothing was changed yet, so a journal that just got its name must not stay.
            let _: Result<(), Fault> = self.discard();
            self.unwritable(error)
        })?;
        self.make(&staging, folder, &journal)
    }

    /// Completes the change of a stopped run.
    fn complete(&self) -> Result<(), Fault> {
        let invalid = || Fault::InvalidJournal { path: self.root.staging().join(JOURNAL) };
        let staging = Staging::open(&self.parent, &self.staging_name()).map_err(|_| invalid())?;
        let bytes =
            staging.journal().map_err(|error| unreadable(&self.root.staging().join(JOURNAL), error))?;
        let journal = Journal::parse(&bytes).ok_or_else(invalid)?;
        let mut folders = Folders::new(&self.root.calls, self.root.repository_handle());
        folders.make(self.root.path()).map_err(|error| unwritable(self.root.path(), error))?;
        let folder = self.root.folder()?.ok_or_else(invalid)?;
        self.make(&staging, &folder, &journal)
    }

    /// Makes a change whose journal lies there, and takes the journal away.
    fn make(&self, staging: &Staging, folder: &Beneath, journal: &Journal) -> Result<(), Fault> {
        let calls = &self.root.calls;
        let change = Change { calls, staging, root: folder, operations: &journal.operations };
        let made = change.complete();
        if matches!(made, Ok(()) | Err(Failure { is_undone: true, .. })) {
            staging.end(calls).map_err(|error| self.unwritable(error))?;
        }
        made.map_err(|failure| unwritable(&self.root.full(&failure.path), failure.error))
    }
}

/// The steps of a change, in an order in which each can be done: first the removals that make room for a folder in a
/// file's place, or a file in a folder's; then what is put; then the other removals, so that no instance loses a file
/// before it has its new ones.
fn operations(root: &Root, folder: &Beneath, changes: &ChangeSet) -> Result<Vec<Operation>, Fault> {
    let folders_of_put: BTreeSet<&Utf8Path> =
        changes.put.keys().flat_map(|path| path.ancestors().skip(1)).collect();
    let makes_room = |path: &Utf8Path| {
        folders_of_put.contains(path) || path.ancestors().skip(1).any(|above| changes.put.contains_key(above))
    };
    let records = if changes.remove.is_empty() { Records::default() } else { Records::read(root, folder)? };
    let removals = changes.remove.par_iter().map(|path| -> Result<Option<Operation>, Fault> {
        let bytes = disk::read(folder, path).map_err(|error| unreadable(&root.full(path), error))?;
        let Some(digest) = bytes.map(|bytes| digest(&bytes)) else { return Ok(None) };
        let is_as_written = records.of(path).is_some_and(|owned| owned.digests.contains(&digest));
        if !is_as_written && !records.files.contains_key(path) {
            return Err(Fault::ChangedMeanwhile { path: root.full(path) });
        }
        Ok(Some(Operation::Remove { path: path.clone(), sha256: hex(&digest) }))
    });
    let removals: Vec<_> = removals.collect::<Result<_, _>>()?;
    let (first, last): (Vec<_>, Vec<_>) =
        removals.into_iter().flatten().partition(|removal| makes_room(removal.path()));
    let put = changes.put.keys().map(|path| Operation::Put { path: path.clone() });
    Ok(first.into_iter().chain(put).chain(last).collect())
}

fn stage_blobs(
    calls: &Calls,
    blobs: &OwnedFd,
    operations: &[Operation],
    changes: &ChangeSet,
) -> CallResult<()> {
    operations.par_iter().enumerate().try_for_each(|(number, operation)| match operation {
        Operation::Put { path } => {
            let bytes = changes.put.get(path).map_or(&[][..], Vec::as_slice);
            calls.new_file(blobs, &number.to_string(), bytes)
        }
        Operation::Remove { .. } => Ok(()),
    })
}

/// Writes files, sorted by path, into an empty folder. Their paths go on `at` bytes in.
fn write_folder(calls: &Calls, folder: &OwnedFd, at: usize, files: &[(&str, &[u8])]) -> CallResult<()> {
    let name = |path: &str| path[at..].split('/').next().map_or(at, |name| at + name.len());
    // One group a folder; files are groups of one.
    let groups: Vec<_> =
        files.chunk_by(|(one, _), (other, _)| one[at..name(one)] == other[at..name(other)]).collect();
    groups.par_iter().try_for_each(|group| {
        let Some((path, bytes)) = group.first() else { return Ok(()) };
        let end = name(path);
        if end == path.len() {
            return calls.new_file(folder, &path[at..], bytes);
        }
        let inner = calls.new_folder(folder, &path[at..end])?;
        write_folder(calls, &inner, end + 1, group)
    })
}

fn is_empty(folder: &Beneath) -> std::io::Result<bool> {
    for entry in Dir::read_from(folder.root())? {
        if !matches!(entry?.file_name().to_bytes(), b"." | b"..") {
            return Ok(false);
        }
    }
    Ok(true)
}
