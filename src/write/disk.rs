//! Reads what lies in the output root: folder by folder, on every core, following no link.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags};

use crate::load::{Beneath, FILE, FOLDER, is_absence, is_git_name};

/// One name in a folder, as the system has it.
pub(super) struct Entry {
    pub(super) name: CString,
    /// The path below the output root; bytes that are not UTF-8 are replaced.
    pub(super) path: Utf8PathBuf,
    pub(super) kind: FileType,
}

/// An open folder and what is in it, sorted by name.
pub(super) struct Folder {
    folder: Dir,
    pub(super) entries: Vec<Entry>,
}

/// Whether to go on below a folder.
pub(super) enum Below {
    Enter,
    Pass,
}

/// Visits every folder below one, on every core. What the visits give comes in no promised order.
pub(super) fn visit<T: Send>(
    root: &Beneath,
    start: &Utf8Path,
    enter: impl Fn(&Entry) -> Below + Sync,
    look: impl Fn(&Folder) -> io::Result<Vec<T>> + Sync,
) -> Result<Vec<T>, (Utf8PathBuf, io::Error)> {
    let mut all = Vec::new();
    let mut level = vec![start.to_owned()];
    while !level.is_empty() {
        let visits = level.par_iter().map(|path| {
            let visited = Folder::open(root, path).and_then(|folder| match folder {
                None => Ok((Vec::new(), Vec::new())),
                Some(folder) => Ok((look(&folder)?, folder.below(&enter))),
            });
            visited.map_err(|error| (path.clone(), error))
        });
        let visits = visits.collect::<Result<Vec<_>, _>>()?;
        level.clear();
        for (found, below) in visits {
            all.extend(found);
            level.extend(below);
        }
    }
    Ok(all)
}

impl Folder {
    /// Opens and lists a folder; `None` when it is gone. `.git` is nobody's output and not listed.
    pub(super) fn open(root: &Beneath, path: &Utf8Path) -> io::Result<Option<Self>> {
        let handle = match root.open(path, FOLDER) {
            Ok(handle) => handle,
            Err(error) if is_absence(error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut folder = Dir::new(handle)?;
        let mut entries = Vec::new();
        while let Some(entry) = folder.read() {
            let entry = entry?;
            let name = entry.file_name();
            let text = String::from_utf8_lossy(name.to_bytes());
            if matches!(&*text, "." | "..") || is_git_name(&text) {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => FileType::from_raw_mode(
                    fs::statat(folder.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode,
                ),
                told => told,
            };
            entries.push(Entry { name: name.to_owned(), path: path.join(&*text), kind });
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Some(Self { folder, entries }))
    }

    fn below(&self, enter: &impl Fn(&Entry) -> Below) -> Vec<Utf8PathBuf> {
        let folders = self.entries.iter().filter(|entry| entry.kind == FileType::Directory);
        // A name that is not UTF-8 cannot be asked for; what lies there is foreign as a whole.
        let named = folders.filter(|entry| entry.name.to_str().is_ok());
        named.filter(|entry| matches!(enter(entry), Below::Enter)).map(|entry| entry.path.clone()).collect()
    }

    /// The bytes of a file; `None` when it is no plain file any more.
    pub(super) fn read(&self, entry: &Entry) -> io::Result<Option<Vec<u8>>> {
        bytes(fs::openat(self.folder.fd()?, &entry.name, FILE | OFlags::NOFOLLOW, Mode::empty()))
    }
}

/// Reads one file below a root; `None` when it is absent or no plain file.
pub(super) fn read(root: &Beneath, path: &Utf8Path) -> io::Result<Option<Vec<u8>>> {
    bytes(root.open(path, FILE))
}

/// Reads one file in a folder; `None` when it is absent or no plain file.
pub(super) fn read_in(folder: &OwnedFd, name: &str) -> io::Result<Option<Vec<u8>>> {
    bytes(fs::openat(folder, name, FILE | OFlags::NOFOLLOW, Mode::empty()))
}

fn bytes(opened: rustix::io::Result<OwnedFd>) -> io::Result<Option<Vec<u8>>> {
    let mut file = match opened {
        Ok(handle) => File::from(handle),
        Err(error) if is_absence(error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let stat = fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0).min(1 << 24) + 1);
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}
