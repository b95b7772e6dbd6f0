//! Whether Git ignores a single path.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::fault::Fault;
use crate::load::{EntryKind, IGNORE_FILE, IGNORE_LIMIT, Ignored, World};

/// Answers for single paths, each looked at from the root down. Remembers the rules of the folders it saw.
pub(super) struct IgnoreLookup<'a> {
    world: &'a dyn World,
    /// By folder: its rules, or `None` where the folder itself is left out.
    folders: BTreeMap<Utf8PathBuf, Option<Ignored>>,
}

impl<'a> IgnoreLookup<'a> {
    pub(super) fn new(world: &'a dyn World) -> Self {
        Self { world, folders: BTreeMap::new() }
    }

    /// Whether a path, or a folder it lies in, is left out.
    pub(super) fn is_ignored(&mut self, path: &Utf8Path, kind: EntryKind) -> Result<bool, Fault> {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        Ok(self.rules(folder)?.is_none_or(|rules| rules.matches(path, kind)))
    }

    fn rules(&mut self, folder: &Utf8Path) -> Result<Option<Ignored>, Fault> {
        if let Some(known) = self.folders.get(folder) {
            return Ok(known.clone());
        }
        let above = match folder.parent() {
            None => Some(Ignored::default()),
            Some(parent) => self.rules(parent)?.filter(|rules| !rules.matches(folder, EntryKind::Folder)),
        };
        let rules = match above {
            None => None,
            Some(rules) => {
                let content = self.world.read(&folder.join(IGNORE_FILE))?;
                Some(
                    content
                        .filter(|bytes| bytes.len() <= IGNORE_LIMIT)
                        .map_or(rules.clone(), |bytes| rules.with(folder, &bytes)),
                )
            }
        };
        self.folders.insert(folder.to_owned(), rules.clone());
        Ok(rules)
    }
}
