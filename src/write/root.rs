//! The output root, and the right to write to it.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{self, FlockOperation, Mode};
use rustix::io::Errno;

use super::accepted;
use super::calls::{Calls, kind};
use crate::fault::Fault;
use crate::load::{Beneath, FOLDER};

/// Where output goes: a folder inside a repository, which need not be there yet.
///
/// `recover`, `compare` and `apply` take the right to write, and the value keeps it until it is dropped.
#[derive(Debug)]
pub struct Root {
    repository: Utf8PathBuf,
    path: Utf8PathBuf,
    handle: Beneath,
    lock: Mutex<Option<OwnedFd>>,
    pub(super) calls: Calls,
}

impl Root {
    /// Opens the output root of a repository; writes nothing.
    ///
    /// `root` is relative to the repository. Faults when it could lead out of the repository (`..`, absolute, a link
    /// in any component), is the repository itself, or lies where Git or CI systems look.
    pub fn open(repository: &Utf8Path, root: &Utf8Path) -> Result<Self, Fault> {
        let repository = if repository.as_str().is_empty() { Utf8Path::new(".") } else { repository };
        let plain = root.as_str().trim_end_matches('/').trim_start_matches("./");
        let path = if root.is_absolute() { root.to_owned() } else { Utf8PathBuf::from(plain) };
        if let Some(reason) = accepted::root_refusal(&path) {
            return Err(Fault::RefusedOutput { path, reason });
        }
        let handle = Beneath::new(repository).map_err(|error| unreadable(repository, error))?;
        let root = Self {
            repository: repository.to_owned(),
            path,
            handle,
            lock: Mutex::default(),
            calls: Calls::default(),
        };
        root.refuse_links()?;
        Ok(root)
    }

    /// The output root, relative to the repository.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The repository, as it was given.
    pub fn repository(&self) -> &Utf8Path {
        &self.repository
    }

    /// Every folder on the way that is there must be a folder.
    fn refuse_links(&self) -> Result<(), Fault> {
        let mut way: Vec<_> = self.path.ancestors().collect();
        way.reverse();
        for folder in way {
            match self.handle.open(folder, FOLDER) {
                Ok(_) => {}
                Err(Errno::NOENT) => return Ok(()),
                Err(Errno::LOOP | Errno::NOTDIR | Errno::XDEV) => {
                    let reason = "it, or a folder that it lies in, is a link or a file";
                    return Err(Fault::RefusedOutput { path: self.path.clone(), reason });
                }
                Err(error) => return Err(unreadable(&self.repository.join(folder), error)),
            }
        }
        Ok(())
    }

    /// A path of the repository, for messages.
    pub(super) fn full(&self, path: &Utf8Path) -> Utf8PathBuf {
        if path.as_str().is_empty() { self.path.clone() } else { self.path.join(path) }
    }

    /// The folders of the repository.
    pub(super) fn repository_handle(&self) -> &Beneath {
        &self.handle
    }

    /// The output root's folder, where it is there.
    pub(super) fn folder(&self) -> Result<Option<Beneath>, Fault> {
        match self.handle.open(&self.path, FOLDER) {
            Ok(handle) => Ok(Some(Beneath::of(handle))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(unreadable(&self.path, error)),
        }
    }

    /// The folder that the output root lies in.
    pub(super) fn parent(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(Utf8Path::new(""))
    }

    /// The output root's own name.
    pub(super) fn name(&self) -> &str {
        self.path.file_name().unwrap_or_default()
    }

    /// The folder beside the output root that a run works in: it exists only while a run writes, or was stopped.
    pub(super) fn staging(&self) -> Utf8PathBuf {
        self.parent().join(format!(".{}.macadam", self.name()))
    }

    /// Takes the right to write, or says that another process has it. The system gives it back when we end, however
    /// we end.
    pub(super) fn lock(&self) -> Result<(), Fault> {
        let Ok(mut lock) = self.lock.lock() else { return Err(self.locked()) };
        if lock.is_some() {
            return Ok(());
        }
        // A handle of its own: the right belongs to the open folder, not to the process.
        let handle = fs::openat(self.handle.root(), ".", FOLDER, Mode::empty())
            .map_err(|error| unreadable(&self.repository, error))?;
        match fs::flock(&handle, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                *lock = Some(handle);
                Ok(())
            }
            Err(Errno::WOULDBLOCK) => Err(self.locked()),
            Err(error) => Err(unwritable(&self.repository, error)),
        }
    }

    fn locked(&self) -> Fault {
        Fault::Locked { repository: self.repository.clone() }
    }

    /// Whether a run was stopped while it changed the output root (or is still at it): the tree is to be trusted by
    /// nobody until `recover` has run.
    pub fn is_torn(&self) -> Result<bool, Fault> {
        let staging = self.staging();
        match self.handle.open(&staging, FOLDER) {
            Ok(folder) => {
                Ok(kind(folder, super::JOURNAL).map_err(|error| unreadable(&staging, error))?.is_some())
            }
            Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR) => Ok(false),
            Err(error) => Err(unreadable(&staging, error)),
        }
    }
}

impl Drop for Root {
    /// Gives the right to write back at once: closing our handle is not enough while a process that was just forked
    /// holds another one of the same lock.
    fn drop(&mut self) {
        if let Ok(Some(handle)) = self.lock.get_mut() {
            // Closing the handle follows anyway.
            let _: rustix::io::Result<()> = fs::flock(handle, FlockOperation::Unlock);
        }
    }
}

#[cfg(test)]
impl Root {
    /// A second handle of the lock, as a process has that was forked and has not yet started its program.
    pub(super) fn inherited_lock(&self) -> OwnedFd {
        self.lock.lock().unwrap().as_ref().unwrap().try_clone().unwrap()
    }
}

/// Refuses to go on with a torn tree (`Fault::Torn`): what every command but `render` asks first.
pub fn unfinished(root: &Root) -> Result<(), Fault> {
    if root.is_torn()? { Err(Fault::Torn { root: root.path().to_owned() }) } else { Ok(()) }
}

pub(super) fn unreadable(path: &Utf8Path, source: impl Into<io::Error>) -> Fault {
    Fault::Unreadable { path: path.to_owned(), source: source.into() }
}

pub(super) fn unwritable(path: &Utf8Path, source: impl Into<io::Error>) -> Fault {
    Fault::Unwritable { path: path.to_owned(), source: source.into() }
}
