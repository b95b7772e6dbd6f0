//! The world of a commit, or of the index.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8Path;
use gix::ObjectId;

use super::objects::Objects;
use super::tree::{Target, Tree};
use crate::fault::Fault;
use crate::load::{ContentId, Entry, READ_LIMIT, World, is_plain_path};
use crate::model::WorldName;

/// Trees that are in memory only, by id.
pub(super) type Trees = HashMap<ObjectId, Arc<Tree>>;

/// A platform repository as a commit or the index has it.
///
/// Gives the answers that a working tree with the same content gives, with two exceptions: a file that needs more
/// than 128 MiB to be put together is a fault, and so is a tree that Git would not make (`git/refused-tree`).
pub struct Revision {
    name: WorldName,
    objects: Arc<Objects>,
    /// The folder that paths are relative to; `None` where the revision does not have it.
    root: Option<ObjectId>,
    /// The trees of the index, which are not written as objects.
    trees: Trees,
}

impl Revision {
    /// A commit's tree, from the folder `prefix` on.
    pub(super) fn of_commit(objects: Arc<Objects>, tree: ObjectId, prefix: &Utf8Path) -> Result<Self, Fault> {
        Self { name: WorldName::Revision, objects, root: Some(tree), trees: Trees::new() }.below(prefix)
    }

    /// The index's tree, from the folder `prefix` on.
    pub(super) fn of_index(
        objects: Arc<Objects>,
        tree: ObjectId,
        trees: Trees,
        prefix: &Utf8Path,
    ) -> Result<Self, Fault> {
        Self { name: WorldName::Staged, objects, root: Some(tree), trees }.below(prefix)
    }

    fn below(self, prefix: &Utf8Path) -> Result<Self, Fault> {
        let root = match self.find(prefix)? {
            Target::Tree(id) => Some(id),
            Target::Blob(_) | Target::Program(_) | Target::Nothing => None,
        };
        Ok(Self { root, ..self })
    }

    /// What a path names, the empty path being the root.
    fn find(&self, path: &Utf8Path) -> Result<Target, Fault> {
        let mut found = self.root.map_or(Target::Nothing, Target::Tree);
        let names = path.as_str().split('/').filter(|_| !path.as_str().is_empty());
        for name in names {
            let Target::Tree(id) = found else { return Ok(Target::Nothing) };
            found = self.tree(id, path)?.get(name);
        }
        Ok(found)
    }

    fn tree(&self, id: ObjectId, path: &Utf8Path) -> Result<Arc<Tree>, Fault> {
        match self.trees.get(&id) {
            Some(tree) => Ok(Arc::clone(tree)),
            None => self.objects.tree(id, || format!("it is a folder, needed for `{}`", shown(path))),
        }
    }
}

/// A path to be read by people.
fn shown(path: &Utf8Path) -> &str {
    if path.as_str().is_empty() { "." } else { path.as_str() }
}

impl World for Revision {
    fn name(&self) -> WorldName {
        self.name
    }

    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault> {
        if !is_plain_path(path.as_str()) {
            return Ok(None);
        }
        match self.find(path)? {
            Target::Blob(id) | Target::Program(id) => {
                self.objects.blob(id, READ_LIMIT + 1, || format!("it is the file `{path}`")).map(Some)
            }
            Target::Tree(_) | Target::Nothing => Ok(None),
        }
    }

    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault> {
        if !folder.as_str().is_empty() && !is_plain_path(folder.as_str()) {
            return Ok(None);
        }
        match self.find(folder)? {
            Target::Tree(id) => Ok(Some(self.tree(id, folder)?.entries())),
            Target::Blob(_) | Target::Program(_) | Target::Nothing => Ok(None),
        }
    }

    fn is_program(&self, path: &Utf8Path) -> Result<bool, Fault> {
        Ok(is_plain_path(path.as_str()) && matches!(self.find(path)?, Target::Program(_)))
    }

    /// Known for every file and folder, without reading it.
    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault> {
        if !path.as_str().is_empty() && !is_plain_path(path.as_str()) {
            return Ok(None);
        }
        Ok(match self.find(path)? {
            Target::Blob(id) | Target::Program(id) | Target::Tree(id) => Some(ContentId::from(id)),
            Target::Nothing => None,
        })
    }
}
