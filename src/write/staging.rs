//! The folder beside the output root that a run works in, and folders that are made as they are needed.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{self, Dir, FileType, Mode, OFlags};
use rustix::io::{Errno, Result};

use super::JOURNAL;
use super::calls::{Calls, kind, open_folder};
use crate::load::{Beneath, FILE, FOLDER};

/// New files of a change, named by the number of their operation.
const BLOBS: &str = "blobs";
/// What was replaced or removed, named in the same way, so that a failed change can be undone.
const OLD: &str = "old";
/// The journal before it is complete.
const DRAFT: &str = "journal.new";
/// A whole first tree.
pub(super) const TREE: &str = "tree";
/// Hides the folder from Git.
const IGNORE: &str = ".gitignore";

/// An open staging folder.
pub(super) struct Staging {
    pub(super) handle: OwnedFd,
    pub(super) blobs: OwnedFd,
    pub(super) old: OwnedFd,
}

impl Staging {
    /// Makes the folder `name` in `parent`; nothing in it is ever added to Git.
    pub(super) fn make(calls: &Calls, parent: &OwnedFd, name: &str) -> Result<Self> {
        let handle = calls.new_folder(parent, name)?;
        calls.new_file(&handle, IGNORE, b"*\n")?;
        let blobs = calls.new_folder(&handle, BLOBS)?;
        let old = calls.new_folder(&handle, OLD)?;
        Ok(Self { handle, blobs, old })
    }

    /// Opens the folder that a stopped run left.
    pub(super) fn open(parent: &OwnedFd, name: &str) -> Result<Self> {
        let handle = open_folder(parent, name)?;
        let (blobs, old) = (open_folder(&handle, BLOBS)?, open_folder(&handle, OLD)?);
        Ok(Self { handle, blobs, old })
    }

    /// Writes the journal; from the moment it has its name, the change has begun.
    pub(super) fn begin(&self, calls: &Calls, journal: &[u8]) -> Result<()> {
        calls.new_file(&self.handle, DRAFT, journal)?;
        calls.sync(&self.handle)?;
        calls.rename(&self.handle, DRAFT, &self.handle, JOURNAL)?;
        calls.sync(&self.handle)
    }

    /// Takes the journal away: the change is complete, or undone.
    pub(super) fn end(&self, calls: &Calls) -> Result<()> {
        calls.sync(&self.handle)?;
        calls.remove_file(&self.handle, JOURNAL)
    }

    /// The journal's bytes.
    pub(super) fn journal(&self) -> std::io::Result<Vec<u8>> {
        let handle = fs::openat(&self.handle, JOURNAL, FILE | OFlags::NOFOLLOW, Mode::empty())?;
        let mut bytes = Vec::new();
        if FileType::from_raw_mode(fs::fstat(&handle)?.st_mode) == FileType::RegularFile {
            File::from(handle).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }
}

/// Removes a staging folder with all that is in it. Links are removed, not followed.
pub(super) fn discard(calls: &Calls, parent: &OwnedFd, name: &str) -> Result<()> {
    let folder = match open_folder(parent, name) {
        Err(Errno::NOENT) => return Ok(()),
        opened => opened?,
    };
    // The journal first: what is left without it means nothing. What hides the folder from Git last.
    for name in [JOURNAL, DRAFT, BLOBS, OLD, TREE, IGNORE] {
        match kind(&folder, name)? {
            None => {}
            Some(FileType::Directory) => {
                empty(calls, &open_folder(&folder, name)?, Files::Remove)?;
                calls.remove_folder(&folder, name)?;
            }
            Some(_) => calls.remove_file(&folder, name)?,
        }
    }
    calls.remove_folder(parent, name)
}

/// Removes a folder that holds folders only.
pub(super) fn remove_empty(calls: &Calls, parent: &OwnedFd, name: &str) -> Result<()> {
    empty(calls, &open_folder(parent, name)?, Files::Refuse)?;
    calls.remove_folder(parent, name)
}

#[derive(Clone, Copy)]
enum Files {
    Remove,
    Refuse,
}

fn empty(calls: &Calls, folder: &OwnedFd, files: Files) -> Result<()> {
    // Listed to the end first: removing while listing skips names on some file systems.
    let entries = Dir::read_from(folder)?.collect::<Result<Vec<_>>>()?;
    for entry in entries {
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        // Only we write here, so names are UTF-8 unless somebody put something in.
        let name = name.to_str().map_err(|_| Errno::NOTEMPTY)?;
        match (kind(folder, name)?, files) {
            (None, _) => {}
            (Some(FileType::Directory), _) => {
                empty(calls, &open_folder(folder, name)?, files)?;
                calls.remove_folder(folder, name)?;
            }
            (Some(_), Files::Remove) => calls.remove_file(folder, name)?,
            (Some(_), Files::Refuse) => return Err(Errno::NOTEMPTY),
        }
    }
    Ok(())
}

/// Folders below a root, opened without following links and made where they are missing. Remembers the last one:
/// paths come sorted.
pub(super) struct Folders<'a> {
    calls: &'a Calls,
    root: &'a Beneath,
    last: Option<(Utf8PathBuf, Arc<OwnedFd>)>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(calls: &'a Calls, root: &'a Beneath) -> Self {
        Self { calls, root, last: None }
    }

    /// The folder, made with those it lies in.
    pub(super) fn make(&mut self, folder: &Utf8Path) -> Result<Arc<OwnedFd>> {
        if let Some((path, handle)) = &self.last
            && path == folder
        {
            return Ok(Arc::clone(handle));
        }
        let handle = match (self.root.open(folder, FOLDER), folder.parent(), folder.file_name()) {
            (Err(Errno::NOENT), Some(parent), Some(name)) => {
                let parent = self.make(parent)?;
                self.calls.make_folder(&*parent, name)?;
                open_folder(&*parent, name)?
            }
            (opened, ..) => opened?,
        };
        let handle = Arc::new(handle);
        self.last = Some((folder.to_owned(), Arc::clone(&handle)));
        Ok(handle)
    }

    /// The folder, where it is there.
    pub(super) fn open(&mut self, folder: &Utf8Path) -> Result<Option<Arc<OwnedFd>>> {
        if let Some((path, handle)) = &self.last
            && path == folder
        {
            return Ok(Some(Arc::clone(handle)));
        }
        match self.root.open(folder, FOLDER) {
            Ok(handle) => {
                let handle = Arc::new(handle);
                self.last = Some((folder.to_owned(), Arc::clone(&handle)));
                Ok(Some(handle))
            }
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a folder and those above it as long as they are empty; never the root.
    pub(super) fn prune(&mut self, folder: &Utf8Path) -> Result<()> {
        self.last = None;
        let mut folder = folder;
        while let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) {
            let Some(handle) = self.open(parent)? else { break };
            match self.calls.remove_folder(&*handle, name) {
                Ok(()) | Err(Errno::NOENT) => folder = parent,
                // Not empty, or a file has already taken its place.
                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => break,
                Err(error) => return Err(error),
            }
        }
        self.last = None;
        Ok(())
    }
}
