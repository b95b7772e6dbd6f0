//! A change to an existing tree, as a list of operations that can be completed or undone from any point.
//!
//! How far an operation came is seen from the staging folder alone: a put has been done when its new file is gone from
//! there, a removal when the old file is there.

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::FileType;
use rustix::io::{Errno, Result};
use serde::{Deserialize, Serialize};

use super::accepted;
use super::calls::{Calls, kind};
use super::record::{Digest, digest, hex};
use super::staging::{Folders, Staging, remove_empty};
use crate::load::Beneath;

/// The journal's own version.
const VERSION: u32 = 1;

/// What has to be done, in order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    version: u32,
    pub(super) operations: Vec<Operation>,
}

/// One step. Its number names its files in the staging folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Operation {
    /// The new file takes the place of what is there.
    Put { path: Utf8PathBuf },
    /// The file goes, if it still has this content.
    Remove { path: Utf8PathBuf, sha256: String },
}

/// A change that is being made.
pub(super) struct Change<'a> {
    pub(super) calls: &'a Calls,
    pub(super) staging: &'a Staging,
    pub(super) root: &'a Beneath,
    pub(super) operations: &'a [Operation],
}

impl Operation {
    pub(super) fn path(&self) -> &Utf8Path {
        match self {
            Self::Put { path } | Self::Remove { path, .. } => path,
        }
    }
}

impl Journal {
    pub(super) fn new(operations: Vec<Operation>) -> Self {
        Self { version: VERSION, operations }
    }

    pub(super) fn print(&self) -> Vec<u8> {
        // A tree of strings and numbers always has a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a journal; `None` when it is not one of ours, or names what no run may write. It lies in the user's
    /// repository, so anybody may have written it.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let journal: Self = serde_json::from_slice(bytes).ok()?;
        let is_ours = journal.version == VERSION
            && journal
                .operations
                .iter()
                .all(|operation| accepted::refusal(operation.path().as_str()).is_none());
        is_ours.then_some(journal)
    }
}

impl Change<'_> {
    /// Does what is not done yet. When an operation fails, everything is undone, and the error comes back with the
    /// path it is about; `None` as first part says that the undoing failed too, so that the journal has to stay.
    pub(super) fn complete(&self) -> std::result::Result<(), Failure> {
        let mut folders = Folders::new(self.calls, self.root);
        for (number, operation) in self.operations.iter().enumerate() {
            let done = match operation {
                Operation::Put { path } => self.put(&mut folders, number, path),
                Operation::Remove { path, sha256 } => self.remove(&mut folders, number, path, sha256),
            };
            if let Err(error) = done {
                let is_undone = self.undo(number).is_ok();
                return Err(Failure { path: operation.path().to_owned(), error, is_undone });
            }
        }
        Ok(())
    }

    fn put(&self, folders: &mut Folders<'_>, number: usize, path: &Utf8Path) -> Result<()> {
        let Some((folder, name, number)) = parts(path, number) else { return Err(Errno::INVAL) };
        if kind(&self.staging.blobs, &number)?.is_none() {
            return Ok(());
        }
        let folder = folders.make(folder)?;
        if kind(&self.staging.old, &number)?.is_none() {
            match kind(&*folder, name)? {
                None => {}
                Some(FileType::RegularFile) => {
                    self.calls.rename(&*folder, name, &self.staging.old, &number)?
                }
                Some(FileType::Directory) => remove_empty(self.calls, &folder, name)?,
                Some(_) => return Err(Errno::EXIST),
            }
        }
        self.calls.rename(&self.staging.blobs, &number, &*folder, name)
    }

    fn remove(&self, folders: &mut Folders<'_>, number: usize, path: &Utf8Path, sha256: &str) -> Result<()> {
        let Some((parent, name, number)) = parts(path, number) else { return Err(Errno::INVAL) };
        if kind(&self.staging.old, &number)?.is_none() {
            let Some(folder) = folders.open(parent)? else { return Ok(()) };
            if kind(&*folder, name)? != Some(FileType::RegularFile) {
                return Ok(());
            }
            self.calls.rename(&*folder, name, &self.staging.old, &number)?;
            if hex(&self.digest_of_old(&number)?) != sha256 {
                // Somebody edited it since we looked: it stays, and the next run tells of it.
                return self.calls.rename(&self.staging.old, &number, &*folder, name);
            }
        }
        folders.prune(parent)
    }

    fn digest_of_old(&self, number: &str) -> Result<Digest> {
        let read = super::disk::read_in(&self.staging.old, number);
        let bytes = read.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        Ok(digest(&bytes.unwrap_or_default()))
    }

    /// Puts back what the operations up to this one moved, the last first.
    fn undo(&self, last: usize) -> Result<()> {
        let mut folders = Folders::new(self.calls, self.root);
        for (number, operation) in self.operations.iter().enumerate().take(last + 1).rev() {
            let Some((parent, name, number)) = parts(operation.path(), number) else {
                return Err(Errno::INVAL);
            };
            let is_put =
                matches!(operation, Operation::Put { .. }) && kind(&self.staging.blobs, &number)?.is_none();
            let has_old = kind(&self.staging.old, &number)?.is_some();
            if is_put && let Some(folder) = folders.open(parent)? {
                self.calls.rename(&*folder, name, &self.staging.blobs, &number)?;
            }
            if has_old {
                let folder = folders.make(parent)?;
                self.calls.rename(&self.staging.old, &number, &*folder, name)?;
            } else if matches!(operation, Operation::Put { .. }) {
                folders.prune(parent)?;
            }
        }
        Ok(())
    }
}

/// Why a change could not be made.
pub(super) struct Failure {
    pub(super) path: Utf8PathBuf,
    pub(super) error: Errno,
    /// Whether the old tree is back.
    pub(super) is_undone: bool,
}

/// A path's folder and name, and the name of the operation's files.
fn parts(path: &Utf8Path, number: usize) -> Option<(&Utf8Path, &str, String)> {
    Some((path.parent()?, path.file_name()?, number.to_string()))
}
