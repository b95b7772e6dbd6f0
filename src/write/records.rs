//! The records that lie in an output root.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::FileType;

use super::disk::{self, Below, Entry, Folder};
use super::record::{self, Digest};
use super::root::{Root, unreadable};
use super::{FORMAT, FORMAT_FILE, STATE};
use crate::fault::Fault;
use crate::load::Beneath;

/// Everything that the records say.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The records themselves.
    pub(super) files: BTreeMap<Utf8PathBuf, Vec<u8>>,
    /// What they say, read when somebody asks: nobody does where everything is equal.
    owned: OnceLock<BTreeMap<Utf8PathBuf, Owned>>,
}

/// What the records say about one file.
#[derive(Debug, Default)]
pub(super) struct Owned {
    /// The contents that it may have: one, or those of both sides of a merge.
    pub(super) digests: BTreeSet<Digest>,
    /// The instances that own it: one, but for a merge or a forged record.
    pub(super) leaves: BTreeSet<Utf8PathBuf>,
}

impl Records {
    /// Reads every record. Faults when the layout is newer than this version knows.
    pub(super) fn read(root: &Root, folder: &Beneath) -> Result<Self, Fault> {
        refuse_newer(root, folder)?;
        let look = |folder: &Folder| {
            let mut files = Vec::new();
            for entry in &folder.entries {
                if entry.kind == FileType::RegularFile && record::leaf(&entry.path).is_some() {
                    files.extend(folder.read(entry)?.map(|bytes| (entry.path.clone(), bytes)));
                }
            }
            Ok(files)
        };
        let files = disk::visit(folder, STATE.into(), |_: &Entry| Below::Enter, look)
            .map_err(|(path, error)| unreadable(&root.full(&path), error))?;
        Ok(Self { files: files.into_iter().collect(), owned: OnceLock::new() })
    }

    /// Every file that the records name, and what they say about it.
    pub(super) fn owned(&self) -> &BTreeMap<Utf8PathBuf, Owned> {
        self.owned.get_or_init(|| {
            let mut owned: BTreeMap<Utf8PathBuf, Owned> = BTreeMap::new();
            for (path, bytes) in &self.files {
                let Some(leaf) = record::leaf(path) else { continue };
                for (digest, path) in record::parse(bytes) {
                    let owned = owned.entry(path).or_default();
                    owned.digests.insert(digest);
                    if !owned.leaves.contains(leaf) {
                        owned.leaves.insert(leaf.to_owned());
                    }
                }
            }
            owned
        })
    }

    /// What the records say about a file.
    pub(super) fn of(&self, path: &Utf8Path) -> Option<&Owned> {
        self.owned().get(path)
    }

    /// Whether a file is a record, or in one.
    pub(super) fn is_ours(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path) || self.owned().contains_key(path)
    }
}

/// The number in `.macadam/format`, where there is one.
pub(super) fn format(root: &Root, folder: &Beneath) -> Result<Option<u64>, Fault> {
    let bytes = disk::read(folder, FORMAT_FILE.into())
        .map_err(|error| unreadable(&root.full(FORMAT_FILE.into()), error))?;
    Ok(bytes.and_then(|bytes| str::from_utf8(&bytes).ok()?.trim().parse().ok()))
}

fn refuse_newer(root: &Root, folder: &Beneath) -> Result<(), Fault> {
    match format(root, folder)? {
        Some(found) if found > u64::from(FORMAT) => {
            Err(Fault::NewerFormat { root: root.path().to_owned(), found, known: FORMAT })
        }
        _ => Ok(()),
    }
}
