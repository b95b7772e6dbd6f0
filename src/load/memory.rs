//! A world that lies in memory: what the binary brings, and what tests write down.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use camino::{Utf8Path, Utf8PathBuf};

use super::{ContentId, Entry, EntryKind, ObjectFormat, READ_LIMIT, World, is_git_name, is_plain_path};
use crate::fault::Fault;
use crate::model::WorldName;

/// Files by path. Paths that cannot be content are kept out of sight, as the working tree does.
#[derive(Debug, Clone)]
pub struct Memory {
    name: WorldName,
    format: ObjectFormat,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Memory {
    /// A world over a table that lives as long as the program.
    pub(super) fn embedded(table: &'static [(&'static str, &'static [u8])]) -> Self {
        let files = table.iter().map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes))).collect();
        Self { name: WorldName::BuiltIn, format: ObjectFormat::default(), files }
    }

    /// The same files, with ids of this format: what is compared with a repository has that repository's.
    pub fn with_format(self, format: ObjectFormat) -> Self {
        Self { format, ..self }
    }

    /// Every file with its bytes, in path order.
    pub fn files(&self) -> impl Iterator<Item = (&Utf8Path, &[u8])> {
        self.files.iter().map(|(path, bytes)| (Utf8Path::new(path), &**bytes))
    }

    /// The first path at or after a bound.
    fn next(&self, from: Bound<&str>) -> Option<&str> {
        self.files.range::<str, _>((from, Bound::Unbounded)).next().map(|(path, _)| path.as_str())
    }

    fn entries(&self, prefix: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut next = self.next(Bound::Included(prefix));
        while let Some(rest) = next.and_then(|path| path.strip_prefix(prefix)) {
            let (name, kind, after) = match rest.split_once('/') {
                // `0` follows `/`: everything in the folder lies before it.
                Some((name, _)) => (name, EntryKind::Folder, Bound::Included(format!("{prefix}{name}0"))),
                None => (rest, EntryKind::File, Bound::Excluded(format!("{prefix}{rest}"))),
            };
            entries.push(Entry { name: name.to_owned(), kind });
            next = self.next(after.as_ref().map(String::as_str));
        }
        entries.sort();
        entries
    }
}

/// A working tree in memory. Of two files at one path the last one counts.
impl<P: Into<Utf8PathBuf>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Memory {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let files = files.into_iter().map(|(path, bytes)| {
            let path: Utf8PathBuf = path.into();
            (path.into_string(), Cow::Owned(bytes.into()))
        });
        Self { name: WorldName::WorkTree, format: ObjectFormat::default(), files: files.collect() }
    }
}

impl World for Memory {
    fn name(&self) -> WorldName {
        self.name
    }

    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault> {
        if !is_plain_path(path.as_str()) {
            return Ok(None);
        }
        let bytes = self.files.get(path.as_str());
        Ok(bytes.map(|bytes| bytes[..bytes.len().min(READ_LIMIT + 1)].to_vec()))
    }

    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault> {
        let is_root = folder.as_str().is_empty();
        if !is_root && !is_plain_path(folder.as_str()) {
            return Ok(None);
        }
        let prefix = if is_root { String::new() } else { format!("{folder}/") };
        let mut entries = self.entries(&prefix);
        let is_repository = entries.iter().any(|entry| entry.name == ".git");
        if !is_root && (entries.is_empty() || is_repository) {
            return Ok(None);
        }
        entries.retain(|entry| !is_git_name(&entry.name));
        Ok(Some(entries))
    }

    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault> {
        let bytes = self.files.get(path.as_str()).filter(|_| is_plain_path(path.as_str()));
        Ok(bytes.and_then(|bytes| ContentId::of_blob(self.format, bytes)))
    }
}
