//! Every call that changes the disk. They take a folder's handle and one name, and follow no link.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags};
use rustix::io::{Errno, Result};

use crate::load::FOLDER;

/// The calls; in tests, with a script that stops or fails one of them.
#[derive(Debug, Default)]
pub(super) struct Calls {
    #[cfg(test)]
    pub(super) script: super::script::Script,
}

impl Calls {
    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "in tests, the script speaks here")]
    fn step(&self) -> Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> Result<()> {
        self.script.step()
    }

    /// Makes a folder; one that is there is fine.
    pub(super) fn make_folder(&self, folder: impl AsFd, name: &str) -> Result<()> {
        self.step()?;
        match fs::mkdirat(folder, name, Mode::from_raw_mode(0o777)) {
            Err(Errno::EXIST) => Ok(()),
            made => made,
        }
    }

    /// Makes a folder that is not there yet, and opens it.
    pub(super) fn new_folder(&self, folder: impl AsFd, name: &str) -> Result<OwnedFd> {
        self.step()?;
        fs::mkdirat(&folder, name, Mode::from_raw_mode(0o777))?;
        open_folder(folder, name)
    }

    /// Makes a file that is not there yet.
    pub(super) fn new_file(&self, folder: impl AsFd, name: &str, bytes: &[u8]) -> Result<()> {
        self.step()?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(fs::openat(folder, name, flags, Mode::from_raw_mode(0o666))?);
        self.step()?;
        file.write_all(bytes).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
    }

    /// Moves a file or folder, over what is at the target.
    pub(super) fn rename(&self, from: impl AsFd, name: &str, to: impl AsFd, target: &str) -> Result<()> {
        self.step()?;
        fs::renameat(from, name, to, target)
    }

    pub(super) fn remove_file(&self, folder: impl AsFd, name: &str) -> Result<()> {
        self.step()?;
        fs::unlinkat(folder, name, AtFlags::empty())
    }

    /// Removes an empty folder.
    pub(super) fn remove_folder(&self, folder: impl AsFd, name: &str) -> Result<()> {
        self.step()?;
        fs::unlinkat(folder, name, AtFlags::REMOVEDIR)
    }

    /// Waits until all that was written to the file system of this folder is safe: once, not once a file.
    pub(super) fn sync(&self, folder: impl AsFd) -> Result<()> {
        self.step()?;
        if cfg!(test) {
            // Thousands of times, on a disk that everybody shares: tests kill no machines.
            return Ok(());
        }
        #[cfg(target_os = "linux")]
        return fs::syncfs(folder);
        #[cfg(not(target_os = "linux"))]
        {
            fs::sync();
            fs::fsync(folder)
        }
    }
}

/// Opens a folder by its name in another one.
pub(super) fn open_folder(folder: impl AsFd, name: &str) -> Result<OwnedFd> {
    fs::openat(folder, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())
}

/// What lies at a name; `None` for nothing.
pub(super) fn kind(folder: impl AsFd, name: &str) -> Result<Option<FileType>> {
    match fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error),
    }
}
