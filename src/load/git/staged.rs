//! The index, as the trees that a commit of it would have.

use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::hash::Kind as Hash;
use gix::index::entry::{Flags, Mode, Stage};
use gix::index::{File, decode};
use gix::objs::{Kind, compute_hash};

use super::objects::{damaged, refused};
use super::open::utf8;
use super::revision::Trees;
use super::tree::Tree;
use crate::fault::{Fault, GitFault};

/// Reads an index, the part that a split index keeps elsewhere included. One that is not there is empty.
pub(super) fn open(path: &Path, hash: Hash) -> Result<File, Fault> {
    let options = decode::Options { thread_limit: Some(1), ..decode::Options::default() };
    let file = File::at_or_default(path, hash, false, options);
    file.map_err(|source| GitFault::UnusableIndex { path: utf8(path), source: source.into() }.into())
}

/// The trees of everything in an index that lies in the folder `prefix` or above it, and the id of the root's.
///
/// What `git add --intent-to-add` announced is not there yet. A folder that a sparse index does not take apart keeps
/// its id. Faults on merge conflicts, and on what would make a tree that is refused.
pub(super) fn trees(index: &File, prefix: &Utf8Path) -> Result<(ObjectId, Trees), Fault> {
    let mut builder = Builder::new(index.object_hash());
    for entry in index.entries() {
        let path = entry.path(index);
        if !concerns(path, prefix) || entry.flags.contains(Flags::INTENT_TO_ADD) {
            continue;
        }
        if entry.stage() != Stage::Unconflicted {
            return Err(GitFault::Unmerged { path: path.to_string() }.into());
        }
        builder.add(path, entry.mode, entry.id)?;
    }
    builder.finish()
}

/// Whether an entry lies in the prefix, or is a folder that the prefix lies in.
pub(super) fn concerns(path: &[u8], prefix: &Utf8Path) -> bool {
    let prefix = prefix.as_str().as_bytes();
    let below = |path: &[u8], folder: &[u8]| {
        folder.is_empty()
            || path.strip_prefix(folder).is_some_and(|rest| rest.first().is_none_or(|c| *c == b'/'))
    };
    below(path, prefix) || path.strip_suffix(b"/").is_some_and(|folder| below(prefix, folder))
}

/// Makes trees of entries that come in order.
struct Builder {
    hash: Hash,
    /// The folders that are not complete, from the root inwards.
    open: Vec<Folder>,
    trees: Trees,
}

/// A folder's name, and its tree as far as it is known.
#[derive(Default)]
struct Folder {
    name: Vec<u8>,
    tree: Vec<u8>,
}

impl Folder {
    fn add(&mut self, mode: &[u8], name: &[u8], id: ObjectId) {
        for part in [mode, b" ", name, b"\0", id.as_slice()] {
            self.tree.extend_from_slice(part);
        }
    }
}

impl Builder {
    fn new(hash: Hash) -> Self {
        Self { hash, open: vec![Folder::default()], trees: Trees::new() }
    }

    fn add(&mut self, path: &[u8], mode: Mode, id: ObjectId) -> Result<(), Fault> {
        let path = path.strip_suffix(b"/").unwrap_or(path);
        let (folder, name) = path.rsplit_once_str("/").unwrap_or((b"", path));
        self.enter(folder)?;
        let mode: &[u8] = match mode {
            Mode::FILE => b"100644",
            Mode::FILE_EXECUTABLE => b"100755",
            Mode::SYMLINK => b"120000",
            Mode::COMMIT => b"160000",
            Mode::DIR => b"40000",
            _ => b"0",
        };
        if let Some(innermost) = self.open.last_mut() {
            innermost.add(mode, name, id);
        }
        Ok(())
    }

    /// Completes the folders that the next entry is not in, and begins those that it is in.
    fn enter(&mut self, folder: &[u8]) -> Result<(), Fault> {
        let names: Vec<&[u8]> = folder.split_str("/").filter(|_| !folder.is_empty()).collect();
        let shared = self.open[1..].iter().zip(&names).take_while(|(open, name)| open.name == **name).count();
        while self.open.len() > shared + 1 {
            self.leave()?;
        }
        let new = names.into_iter().skip(shared);
        self.open.extend(new.map(|name| Folder { name: name.to_vec(), tree: Vec::new() }));
        Ok(())
    }

    /// Completes the innermost folder.
    fn leave(&mut self) -> Result<ObjectId, Fault> {
        let Folder { name, tree: bytes } = self.open.pop().unwrap_or_default();
        let id = compute_hash(self.hash, Kind::Tree, &bytes).map_err(|error| {
            // Made to collide with another tree: the id is that of both.
            damaged(ObjectId::null(self.hash), error.to_string())
        })?;
        let tree = Tree::decode(&bytes, self.hash.len_in_bytes()).map_err(|reason| refused(id, reason))?;
        self.trees.insert(id, Arc::new(tree));
        if let Some(outer) = self.open.last_mut() {
            outer.add(b"40000", &name, id);
        }
        Ok(id)
    }

    fn finish(mut self) -> Result<(ObjectId, Trees), Fault> {
        while self.open.len() > 1 {
            self.leave()?;
        }
        let root = self.leave()?;
        Ok((root, self.trees))
    }
}
