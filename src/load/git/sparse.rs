//! Files that a sparse checkout leaves out of the working tree.

use std::path::Path;

use camino::Utf8Path;
use gix::bstr::ByteSlice;
use gix::index::File;
use gix::index::entry::{Flags, Mode};

use super::staged::concerns;
use crate::fault::{Fault, GitFault};

/// Faults when entries in the folder `prefix` are marked to be left out, and are not on disk.
///
/// Being on disk counts: people mark files to keep Git from seeing their own changes to them.
pub(super) fn check(index: &File, work_tree: &Path, prefix: &Utf8Path) -> Result<(), Fault> {
    let mut absent = index.entries().iter().filter_map(|entry| {
        let path = entry.path(index);
        let is_left_out = entry.flags.contains(Flags::SKIP_WORKTREE) || entry.mode == Mode::DIR;
        (is_left_out && concerns(path, prefix) && !is_on_disk(work_tree, path)).then(|| path.to_string())
    });
    let Some(example) = absent.next() else { return Ok(()) };
    Err(GitFault::Sparse { count: 1 + absent.count(), example }.into())
}

fn is_on_disk(work_tree: &Path, path: &[u8]) -> bool {
    path.to_path().is_ok_and(|path| work_tree.join(path).symlink_metadata().is_ok())
}
