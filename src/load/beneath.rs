//! Opens paths below a folder such that none can lead out of it: no link is followed in any component.

use std::os::fd::OwnedFd;

use camino::Utf8Path;
use rustix::fs::{self, Mode, OFlags};
use rustix::io::{Errno, Result};

/// How folders are opened.
pub(crate) const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// How files are opened. A pipe or a device must not make us wait: it is opened without blocking and then refused for
/// what it is.
pub(crate) const FILE: OFlags =
    OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// A folder that paths are relative to.
#[derive(Debug)]
pub(crate) struct Beneath {
    root: OwnedFd,
    resolution: Resolution,
}

/// How a path below the root is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    /// The kernel refuses links and everything that leaves the root, in one call.
    #[cfg(target_os = "linux")]
    Kernel,
    /// Folder by folder, each without following links.
    Stepwise,
}

impl Beneath {
    /// Opens the root. The root itself is the caller's own word: it may be a link.
    pub(crate) fn new(root: &Utf8Path) -> Result<Self> {
        fs::open(root.as_std_path(), FOLDER, Mode::empty()).map(Self::of)
    }

    /// Takes a folder's handle as root.
    pub(crate) fn of(root: OwnedFd) -> Self {
        let resolution = Resolution::of(&root);
        Self { root, resolution }
    }

    /// The same root, opened folder by folder, so that tests see both ways agree.
    #[cfg(test)]
    pub(crate) fn stepwise(self) -> Self {
        Self { resolution: Resolution::Stepwise, ..self }
    }

    /// The root's handle.
    pub(crate) fn root(&self) -> &OwnedFd {
        &self.root
    }

    /// Opens a path below the root, the empty path being the root itself.
    ///
    /// The caller has made sure that the path is plain; even so, none leads out of the root.
    pub(crate) fn open(&self, path: &Utf8Path, flags: OFlags) -> Result<OwnedFd> {
        let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
        match self.resolution {
            #[cfg(target_os = "linux")]
            Resolution::Kernel => match in_kernel(&self.root, path, flags) {
                // Something was renamed while the kernel looked.
                Err(Errno::AGAIN) => stepwise(&self.root, path, flags),
                opened => opened,
            },
            Resolution::Stepwise => stepwise(&self.root, path, flags),
        }
    }
}

impl Resolution {
    #[cfg(target_os = "linux")]
    fn of(root: &OwnedFd) -> Self {
        // Old kernels lack the call, and some sandboxes forbid it.
        if in_kernel(root, Utf8Path::new("."), FOLDER).is_ok() { Self::Kernel } else { Self::Stepwise }
    }

    #[cfg(not(target_os = "linux"))]
    fn of(_root: &OwnedFd) -> Self {
        Self::Stepwise
    }
}

#[cfg(target_os = "linux")]
fn in_kernel(root: &OwnedFd, path: &Utf8Path, flags: OFlags) -> Result<OwnedFd> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    fs::openat2(root, path.as_str(), flags, Mode::empty(), resolve)
}

fn stepwise(root: &OwnedFd, path: &Utf8Path, flags: OFlags) -> Result<OwnedFd> {
    let mut folder: Option<OwnedFd> = None;
    let mut names = path.as_str().split('/').peekable();
    while let Some(name) = names.next() {
        if name == ".." {
            return Err(Errno::XDEV);
        }
        let parent = folder.as_ref().unwrap_or(root);
        let wanted = if names.peek().is_some() { FOLDER } else { flags };
        folder = Some(fs::openat(parent, name, wanted | OFlags::NOFOLLOW, Mode::empty())?);
    }
    folder.ok_or(Errno::NOENT)
}

/// Whether an error means that there is nothing here for us: missing, a link, a file in a folder's place, a path out
/// of the root, a socket or a device without a driver.
pub(crate) fn is_absence(error: Errno) -> bool {
    [Errno::NOENT, Errno::NOTDIR, Errno::LOOP, Errno::XDEV, Errno::NAMETOOLONG, Errno::NXIO, Errno::NODEV]
        .contains(&error)
}
