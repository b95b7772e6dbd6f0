use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

/// Every output file in memory, by path below the output root, and which instance owns it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Files by path, ownership records included.
    pub files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl Tree {
    /// The bytes of a file.
    pub fn get(&self, path: &Utf8Path) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }
}

/// What has to happen to an output root so that it equals a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Files to create or replace.
    pub put: BTreeMap<Utf8PathBuf, Vec<u8>>,
    /// Files to remove, sorted.
    pub remove: Vec<Utf8PathBuf>,
}

impl ChangeSet {
    /// Whether nothing has to happen.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty()
    }
}
