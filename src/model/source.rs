use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::FileId;
use serde::{Deserialize, Serialize};

/// Where a source was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorldName {
    /// The user's repository, as it lies on disk.
    WorkTree,
    /// The user's repository, as a commit has it.
    Revision,
    /// The user's repository, as Git's index has it: what would be committed now.
    Staged,
    /// What macadam brings: golden paths, provisioners, environments.
    BuiltIn,
}

/// One text that a label can point into.
#[derive(Debug, Clone)]
pub struct Source {
    /// The world it comes from.
    pub world: WorldName,
    /// Its path inside that world, with `/`.
    pub path: Utf8PathBuf,
    /// Its text; where the bytes are not UTF-8, the text up to the first bad byte.
    pub text: Arc<str>,
}

/// Every source of a compilation, by file number.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a source and gives it its number.
    pub fn add(&mut self, world: WorldName, path: &Utf8Path, bytes: &[u8]) -> FileId {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
        self.add_text(world, path, text.into())
    }

    /// Adds a source whose text is known to be UTF-8.
    pub fn add_text(&mut self, world: WorldName, path: &Utf8Path, text: Arc<str>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { world, path: path.to_owned(), text });
        id
    }

    /// The source of a number that this table gave.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The path of a source; empty for a number that this table did not give.
    pub fn path(&self, file: FileId) -> &Utf8Path {
        self.get(file).map_or(Utf8Path::new(""), |source| &source.path)
    }
}
