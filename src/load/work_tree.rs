//! The working tree, opened so that no path can lead out of it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Entry, EntryKind, READ_LIMIT, World, is_git_name, is_plain_path};
use crate::fault::Fault;
use crate::model::WorldName;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// A pipe or a device must not make us wait: it is opened without blocking and then refused for what it is.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// A repository as it lies on disk.
#[derive(Debug)]
pub struct WorkTree {
    path: Utf8PathBuf,
    root: OwnedFd,
    resolution: Resolution,
}

/// How a path below the root is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    /// The kernel refuses links and everything that leaves the root, in one call.
    #[cfg(target_os = "linux")]
    Beneath,
    /// Folder by folder, each without following links.
    Stepwise,
}

impl WorkTree {
    /// Opens the folder that paths are relative to. The folder itself is the user's own word: it may be a link.
    pub fn open(root: &Utf8Path) -> Result<Self, Fault> {
        let given = if root.as_str().is_empty() { Utf8Path::new(".") } else { root };
        let handle = fs::open(given.as_std_path(), FOLDER, Mode::empty())
            .map_err(|error| Fault::Unreadable { path: given.to_owned(), source: error.into() })?;
        let resolution = Resolution::of(&handle);
        Ok(Self { path: given.to_owned(), root: handle, resolution })
    }

    /// Opens a path below the root; `None` where it is absent or forbidden.
    fn open_below(&self, path: &Utf8Path, flags: OFlags) -> Result<Option<OwnedFd>, Fault> {
        let opened = match self.resolution {
            #[cfg(target_os = "linux")]
            Resolution::Beneath => match beneath(&self.root, path, flags) {
                Err(Errno::AGAIN) => stepwise(&self.root, path, flags),
                opened => opened,
            },
            Resolution::Stepwise => stepwise(&self.root, path, flags),
        };
        match opened {
            Ok(handle) => Ok(Some(handle)),
            Err(error) if is_absence(error) => Ok(None),
            Err(error) => Err(self.unreadable(path, error.into())),
        }
    }

    fn unreadable(&self, path: &Utf8Path, source: io::Error) -> Fault {
        Fault::Unreadable { path: self.path.join(path), source }
    }

    fn entries(&self, handle: OwnedFd) -> io::Result<Vec<Entry>> {
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
        let path = if is_root { Utf8Path::new(".") } else { folder };
        let Some(handle) = self.open_below(path, FOLDER)? else { return Ok(None) };
        let mut entries = self.entries(handle).map_err(|error| self.unreadable(path, error))?;
        if !is_root && entries.iter().any(|entry| entry.name == ".git") {
            return Ok(None);
        }
        entries.retain(|entry| !is_git_name(&entry.name));
        entries.sort();
        Ok(Some(entries))
    }
}

impl Resolution {
    #[cfg(target_os = "linux")]
    fn of(root: &OwnedFd) -> Self {
        // Old kernels lack the call, and some sandboxes forbid it.
        if beneath(root, Utf8Path::new("."), FOLDER).is_ok() { Self::Beneath } else { Self::Stepwise }
    }

    #[cfg(not(target_os = "linux"))]
    fn of(_root: &OwnedFd) -> Self {
        Self::Stepwise
    }
}

#[cfg(target_os = "linux")]
fn beneath(root: &OwnedFd, path: &Utf8Path, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    fs::openat2(root, path.as_str(), flags, Mode::empty(), resolve)
}

fn stepwise(root: &OwnedFd, path: &Utf8Path, flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let mut folder: Option<OwnedFd> = None;
    let mut names = path.as_str().split('/').peekable();
    while let Some(name) = names.next() {
        let parent = folder.as_ref().unwrap_or(root);
        let wanted = if names.peek().is_some() { FOLDER } else { flags };
        folder = Some(fs::openat(parent, name, wanted | OFlags::NOFOLLOW, Mode::empty())?);
    }
    folder.ok_or(Errno::NOENT)
}

/// Whether an error means that there is nothing here for us: missing, a link, a file in a folder's place, a path out
/// of the root, a socket or a device without a driver.
fn is_absence(error: Errno) -> bool {
    [Errno::NOENT, Errno::NOTDIR, Errno::LOOP, Errno::XDEV, Errno::NAMETOOLONG, Errno::NXIO, Errno::NODEV]
        .contains(&error)
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
