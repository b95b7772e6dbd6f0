//! What the `.gitignore` files inside a tree leave out, as data: no global excludes, no `.git/info/exclude`.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Entry, EntryKind, World};
use crate::fault::Fault;

/// The name of the files that say what is left out.
pub(crate) const FILE_NAME: &str = ".gitignore";
/// Larger files would take long to compile and are not what anybody wrote by hand.
pub(crate) const LIMIT: usize = 256 * 1024;

/// The rules that hold in one folder: its own, then those of the folders above it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ignored(Option<Arc<Level>>);

#[derive(Debug)]
struct Level {
    folder: Utf8PathBuf,
    rules: Gitignore,
    above: Ignored,
}

impl Ignored {
    /// The rules in a folder that has a `.gitignore` of this content. Lines that are no patterns are passed over, as
    /// Git does.
    pub(crate) fn with(&self, folder: &Utf8Path, content: &[u8]) -> Self {
        // The matcher's root is empty: paths are made relative to the folder here.
        let mut builder = GitignoreBuilder::new("");
        let text = String::from_utf8_lossy(content);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let _: Result<_, ignore::Error> = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(rules) if !rules.is_empty() => {
                Self(Some(Arc::new(Level { folder: folder.to_owned(), rules, above: self.clone() })))
            }
            _ => self.clone(),
        }
    }

    /// Whether a path is left out, provided that the folders it lies in are not: the innermost file with a matching
    /// line decides, and in it the last such line.
    pub(crate) fn matches(&self, path: &Utf8Path, kind: EntryKind) -> bool {
        let mut level = self.0.as_deref();
        while let Some(Level { folder, rules, above }) = level {
            let below = path.strip_prefix(folder).unwrap_or(path);
            match rules.matched(below.as_std_path(), kind == EntryKind::Folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => level = above.0.as_deref(),
            }
        }
        false
    }

    /// The rules inside a folder whose entries are known.
    ///
    /// The second part says that the folder's `.gitignore` is too large to be read.
    pub(crate) fn inside(
        &self,
        world: &dyn World,
        folder: &Utf8Path,
        entries: &[Entry],
    ) -> Result<(Self, bool), Fault> {
        let has_rules = entries.iter().any(|entry| entry.name == FILE_NAME && entry.kind == EntryKind::File);
        let content = if has_rules { world.read(&folder.join(FILE_NAME))? } else { None };
        Ok(match content {
            Some(content) if content.len() > LIMIT => (self.clone(), true),
            Some(content) => (self.with(folder, &content), false),
            None => (self.clone(), false),
        })
    }
}
