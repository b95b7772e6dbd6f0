//! Folders with the rules that hold in them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use crate::fault::Fault;
use crate::load::{Entry, EntryKind, Ignored, World};
use crate::model::{Code, Finding};

/// The most paths that a repository may have.
const PATH_LIMIT: usize = 2_000_000;

/// A folder that is not left out, with those of its entries that are not either.
pub(super) struct Folder {
    /// Its path; empty for the root.
    pub(super) path: Utf8PathBuf,
    /// What is in it, sorted by name.
    pub(super) entries: Vec<Entry>,
    /// Whether it is a platform repository of its own, inside the one we look at.
    pub(super) is_platform: bool,
    rules: Ignored,
}

impl Folder {
    pub(super) fn is_root(&self) -> bool {
        self.path.as_str().is_empty()
    }

    /// The kind of an entry.
    pub(super) fn kind(&self, name: &str) -> Option<EntryKind> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.kind)
    }
}

/// Reads folders, and counts what it sees.
pub(super) struct Walk<'a> {
    world: &'a dyn World,
    paths: AtomicUsize,
    /// `.gitignore` files that are too large: found once, however often their folder is entered.
    too_large: Mutex<std::collections::BTreeSet<Utf8PathBuf>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(world: &'a dyn World) -> Self {
        Self { world, paths: AtomicUsize::new(0), too_large: Mutex::default() }
    }

    pub(super) fn root(&self) -> Result<Option<Folder>, Fault> {
        self.read(Utf8PathBuf::new(), &Ignored::default())
    }

    /// The folder of a name inside another; `None` when it is gone or forbidden.
    pub(super) fn enter(&self, folder: &Folder, name: &str) -> Result<Option<Folder>, Fault> {
        self.read(folder.path.join(name), &folder.rules)
    }

    fn read(&self, path: Utf8PathBuf, above: &Ignored) -> Result<Option<Folder>, Fault> {
        let Some(mut entries) = self.world.list(&path)? else { return Ok(None) };
        if self.paths.fetch_add(entries.len(), Ordering::Relaxed) + entries.len() > PATH_LIMIT {
            return Err(Fault::TooManyPaths { limit: PATH_LIMIT });
        }
        let (rules, too_large) = above.inside(self.world, &path, &entries)?;
        if too_large && let Ok(mut files) = self.too_large.lock() {
            files.insert(path.join(".gitignore"));
        }
        let is_platform =
            !path.as_str().is_empty() && entries.iter().any(|entry| entry.name == "macadam.yaml");
        entries.retain(|entry| !rules.matches(&path.join(&entry.name), entry.kind));
        entries.sort();
        Ok(Some(Folder { path, entries, is_platform, rules }))
    }

    /// Every file below a folder, and the entries that are neither file nor folder.
    pub(super) fn files(&self, folder: Folder) -> Result<Vec<(Utf8PathBuf, EntryKind)>, Fault> {
        let mut files = Vec::new();
        let mut open = vec![folder];
        while let Some(folder) = open.pop() {
            for entry in &folder.entries {
                match entry.kind {
                    EntryKind::Folder => open.extend(self.enter(&folder, &entry.name)?),
                    kind => files.push((folder.path.join(&entry.name), kind)),
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// What was found about the `.gitignore` files.
    pub(super) fn findings(self) -> Vec<Finding> {
        let files = self.too_large.into_inner().unwrap_or_default();
        files.iter().map(|path| too_large(path)).collect()
    }
}

fn too_large(path: &Utf8Path) -> Finding {
    let limit = crate::load::ignored::LIMIT / 1024;
    Finding::new(Code::TooLarge, format!("`{path}` is larger than {limit} KiB"))
}
