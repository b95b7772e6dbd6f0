//! The working tree, opened so that no path can lead out of it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{self, AtFlags, Dir, FileType, OFlags};

use super::beneath::{Beneath, FILE, FOLDER, is_absence};
use super::{ContentId, Entry, EntryKind, ObjectFormat, READ_LIMIT, World, is_git_name, is_plain_path};
use crate::fault::Fault;
use crate::model::WorldName;

/// A repository as it lies on disk.
#[derive(Debug)]
pub struct WorkTree {
    path: Utf8PathBuf,
    root: Beneath,
    format: ObjectFormat,
}

impl WorkTree {
    /// Opens the folder that paths are relative to. The folder itself is the user's own word: it may be a link.
    pub fn open(root: &Utf8Path) -> Result<Self, Fault> {
        let path = if root.as_str().is_empty() { Utf8Path::new(".") } else { root }.to_owned();
        match Beneath::new(&path) {
            Ok(root) => Ok(Self { path, root, format: ObjectFormat::default() }),
            Err(error) => Err(Fault::Unreadable { path, source: error.into() }),
        }
    }

    /// The same folder, with ids of this format: that of the repository it lies in.
    pub fn with_format(self, format: ObjectFormat) -> Self {
        Self { format, ..self }
    }

    /// Opens a path below the root; `None` where it is absent or forbidden.
    fn open_below(&self, path: &Utf8Path, flags: OFlags) -> Result<Option<OwnedFd>, Fault> {
        match self.root.open(path, flags) {
            Ok(handle) => Ok(Some(handle)),
            Err(error) if is_absence(error) => Ok(None),
            Err(error) => Err(self.unreadable(path, error.into())),
        }
    }

    fn unreadable(&self, path: &Utf8Path, source: io::Error) -> Fault {
        Fault::Unreadable { path: self.path.join(path), source }
    }
}

impl World for WorkTree {
    fn name(&self) -> WorldName {
        WorldName::WorkTree
    }

    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault> {
        if !is_plain_path(path.as_str()) {
            return Ok(None);
        }
        let Some(handle) = self.open_below(path, FILE)? else { return Ok(None) };
        let stat = fs::fstat(&handle).map_err(|error| self.unreadable(path, error.into()))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0).min(READ_LIMIT) + 1);
        let limit = u64::try_from(READ_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
        File::from(handle)
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| self.unreadable(path, error))?;
        Ok(Some(bytes))
    }

    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault> {
        let is_root = folder.as_str().is_empty();
        if !is_root && !is_plain_path(folder.as_str()) {
            return Ok(None);
        }
        let Some(handle) = self.open_below(folder, FOLDER)? else { return Ok(None) };
        let mut entries = entries_of(handle).map_err(|error| self.unreadable(folder, error))?;
        if !is_root && entries.iter().any(|entry| entry.name == ".git") {
            return Ok(None);
        }
        entries.retain(|entry| !is_git_name(&entry.name));
        entries.sort();
        Ok(Some(entries))
    }

    fn is_program(&self, path: &Utf8Path) -> Result<bool, Fault> {
        if !is_plain_path(path.as_str()) {
            return Ok(false);
        }
        let Some(handle) = self.open_below(path, FILE)? else { return Ok(false) };
        let stat = fs::fstat(&handle).map_err(|error| self.unreadable(path, error.into()))?;
        Ok(FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile && stat.st_mode & 0o100 != 0)
    }

    /// Not known for folders, nor for files of more than [`READ_LIMIT`] bytes.
    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault> {
        let bytes = self.read(path)?.filter(|bytes| bytes.len() <= READ_LIMIT);
        Ok(bytes.and_then(|bytes| ContentId::of_blob(self.format, &bytes)))
    }
}

fn entries_of(handle: OwnedFd) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut folder = Dir::new(handle)?;
    while let Some(entry) = folder.read() {
        let entry = entry?;
        let bytes = entry.file_name().to_bytes();
        if matches!(bytes, b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not tell: ask for this one.
            FileType::Unknown => kind_of(&folder, entry.file_name())?,
            told => told,
        };
        entries.push(match str::from_utf8(bytes) {
            Ok(name) => Entry { name: name.to_owned(), kind: entry_kind(kind) },
            Err(_) => Entry { name: String::from_utf8_lossy(bytes).into_owned(), kind: EntryKind::Other },
        });
    }
    Ok(entries)
}

fn kind_of(folder: &Dir, name: &std::ffi::CStr) -> io::Result<FileType> {
    let stat = fs::statat(folder.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

fn entry_kind(kind: FileType) -> EntryKind {
    match kind {
        FileType::RegularFile => EntryKind::File,
        FileType::Directory => EntryKind::Folder,
        FileType::Symlink => EntryKind::Link,
        _ => EntryKind::Other,
    }
}

#[cfg(test)]
#[path = "work_tree_tests.rs"]
mod tests;
