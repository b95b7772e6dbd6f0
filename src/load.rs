//! Reads the outside world: worlds (working tree, Git revision, index, memory, built in) and which of their files are
//! inputs.
//!
//! Never follows a link, never shows what lies in `.git`, starts nothing, and never writes.

mod beneath;
mod content_id;
mod discover;
mod embedded;
mod git;
mod ignored;
mod inventory;
mod layered;
mod memory;
mod name;
mod side;
mod work_tree;

use camino::Utf8Path;

pub use content_id::{ContentId, ObjectFormat};
pub use discover::discover;
pub use embedded::{built_in, fixtures};
pub use git::{CommitId, Repository, Revision};
pub use inventory::{Inventory, OverlayFile, PackageFolder, WorkloadFiles};
pub use layered::Layered;
pub use memory::Memory;
pub use side::{Side, same};
pub use work_tree::WorkTree;

pub(crate) use beneath::{Beneath, FILE, FOLDER, is_absence};
pub(crate) use ignored::{FILE_NAME as IGNORE_FILE, Ignored, LIMIT as IGNORE_LIMIT};
pub(crate) use name::{is_git_name, is_plain_path, is_strange};

use crate::fault::Fault;
use crate::model::WorldName;

#[cfg(not(unix))]
compile_error!(
    "macadam opens files relative to a folder handle without following links, which needs a Unix system"
);

/// The most bytes that a world gives of one file, and one more, by which a reader sees that the file is too large.
pub const READ_LIMIT: usize = 10 * 1024 * 1024;

/// All that the stages see of outside.
///
/// Paths are relative to the world's root, with `/`; the empty path is the root. `None` means absent *or forbidden*,
/// so that a message cannot tell one from the other: links in any component, `.git` in any spelling, `..` and
/// absolute paths are forbidden. The same content gives the same answers in every world.
pub trait World: Send + Sync {
    /// What labels call this world.
    fn name(&self) -> WorldName;

    /// Reads a file: its bytes, cut after [`READ_LIMIT`] and one more.
    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault>;

    /// Lists a folder, sorted by name.
    ///
    /// A name that is not UTF-8 comes with replacement characters and as [`EntryKind::Other`]. A folder below the
    /// root that is a Git repository of its own (a submodule, another working tree) is not content: `None`.
    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault>;

    /// Whether a file is one that may be run: the only part of a mode that Git keeps.
    fn is_program(&self, _path: &Utf8Path) -> Result<bool, Fault> {
        Ok(false)
    }

    /// The identity of a file's or folder's content: the Git blob or tree id, where this world knows it cheaply.
    /// Equal ids mean equal content; `None` means absent, forbidden, or not known. Unequal ids mean nothing.
    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault>;
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name, without the folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it points.
    Link,
    /// A device, a pipe, a socket, or something whose name is not UTF-8.
    Other,
}
