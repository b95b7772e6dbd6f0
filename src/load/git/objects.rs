//! Objects by id, checked against it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

use gix::ObjectId;
use gix::hash::Kind as Hash;
use gix::objs::{Find as _, Kind};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;

use super::commit::Commit;
use super::open::utf8;
use super::tree::Tree;
use crate::fault::{Fault, GitFault};
use crate::load::READ_LIMIT;

/// The most bytes that all readers keep of packs: without a cache, chains of deltas are resolved again for each object.
const CACHE: usize = 256 * 1024 * 1024;

/// The object database of a repository, which every revision of it shares.
pub(super) struct Objects {
    repository: gix::ThreadSafeRepository,
    /// Readers that nobody uses now. Each has its own cache of packs, so that as few as possible are made.
    idle: Mutex<Vec<Reader>>,
    trees: RwLock<HashMap<ObjectId, Arc<Tree>>>,
}

/// What one thread reads with.
pub(super) struct Reader {
    pub(super) repository: gix::Repository,
    bytes: Vec<u8>,
}

impl Objects {
    pub(super) fn new(repository: gix::ThreadSafeRepository) -> Self {
        Self { repository, idle: Mutex::default(), trees: RwLock::default() }
    }

    /// The hash that objects are named by.
    pub(super) fn hash(&self) -> Hash {
        self.repository.objects.object_hash()
    }

    /// Lends a reader.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Reader) -> T) -> T {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut reader = idle.unwrap_or_else(|| self.reader());
        let result = work(&mut reader);
        if reader.bytes.capacity() > 2 * READ_LIMIT {
            reader.bytes = Vec::new();
        }
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(reader);
        }
        result
    }

    fn reader(&self) -> Reader {
        let mut repository = self.repository.to_thread_local();
        repository.clear_namespace();
        repository.objects.ignore_replacements = true;
        let size = (CACHE / rayon::current_num_threads()).max(CACHE / 8);
        repository.objects.set_pack_cache(move || Box::new(MemoryCappedHashmap::new(size)));
        Reader { repository, bytes: Vec::new() }
    }

    /// A blob's bytes, cut after `limit`; `what` says whose they are, should they be missing.
    pub(super) fn blob(
        &self,
        id: ObjectId,
        limit: usize,
        what: impl Fn() -> String,
    ) -> Result<Vec<u8>, Fault> {
        self.with(|reader| {
            let bytes = reader.find(id, Kind::Blob, what)?;
            Ok(bytes[..bytes.len().min(limit)].to_vec())
        })
    }

    /// A tree; `what` says which folder's it is, should it be missing.
    pub(super) fn tree(&self, id: ObjectId, what: impl Fn() -> String) -> Result<Arc<Tree>, Fault> {
        if id.is_empty_tree() {
            // Git knows it without having it.
            return Ok(Arc::default());
        }
        if let Some(tree) = self.trees.read().ok().and_then(|trees| trees.get(&id).cloned()) {
            return Ok(tree);
        }
        let tree = self.with(|reader| {
            let bytes = reader.find(id, Kind::Tree, what)?;
            Tree::decode(bytes, id.kind().len_in_bytes()).map_err(|reason| refused(id, reason))
        })?;
        let tree = Arc::new(tree);
        if let Ok(mut trees) = self.trees.write() {
            trees.insert(id, Arc::clone(&tree));
        }
        Ok(tree)
    }

    /// A commit.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Commit, Fault> {
        self.with(|reader| reader.commit(id))
    }
}

impl Reader {
    /// A commit.
    pub(super) fn commit(&mut self, id: ObjectId) -> Result<Commit, Fault> {
        let bytes = self.find(id, Kind::Commit, || "it is a commit".to_owned())?;
        Commit::decode(bytes, id.kind()).map_err(|reason| damaged(id, reason))
    }

    /// The bytes of an object that must be of this kind.
    fn find(&mut self, id: ObjectId, kind: Kind, what: impl Fn() -> String) -> Result<&[u8], Fault> {
        let (found, bytes) = self.any(id, what)?;
        if found == kind { Ok(bytes) } else { Err(damaged(id, format!("it is a {found}, not a {kind}"))) }
    }

    /// The kind and the bytes of an object, which are what its id says.
    pub(super) fn any(&mut self, id: ObjectId, what: impl Fn() -> String) -> Result<(Kind, &[u8]), Fault> {
        let objects = &self.repository.objects;
        let found = match objects.try_find(&id, &mut self.bytes) {
            Ok(Some(found)) => found.kind,
            Ok(None) => return Err(self.missing(id, &what()).into()),
            Err(error) if error.is_resource_exhausted() => {
                return Err(GitFault::TooLargeObject { id: id.to_string(), what: what() }.into());
            }
            Err(error) => return Err(damaged(id, error.probable_cause().to_string())),
        };
        match gix::objs::compute_hash(id.kind(), found, &self.bytes) {
            Ok(actual) if actual == id => Ok((found, &self.bytes)),
            Ok(_) => Err(damaged(id, "its content is not what its id says".to_owned())),
            Err(_) => Err(damaged(id, "it is made to collide with another one".to_owned())),
        }
    }

    /// Whether this clone ends at a commit, whatever parents the commit names.
    pub(super) fn is_cut_at(&self, id: ObjectId) -> Result<bool, Fault> {
        match self.repository.shallow_commits() {
            Ok(cut) => Ok(cut.is_some_and(|cut| cut.contains(&id))),
            Err(source) => {
                let path = self.repository.common_dir().join("shallow");
                Err(GitFault::Unusable { path: utf8(&path), source: source.into() }.into())
            }
        }
    }

    /// An object that is not here, and how to get it.
    pub(super) fn missing(&self, id: ObjectId, what: &str) -> GitFault {
        let config = self.repository.config_snapshot();
        let plumbing = config.plumbing();
        let promised = plumbing.string("extensions.partialClone").is_some()
            || plumbing
                .sections_by_name("remote")
                .is_some_and(|mut remotes| remotes.any(|remote| remote.value("promisor").is_some()));
        let help = if promised {
            "this is a partial clone, and macadam fetches nothing: run `git fetch --refetch --no-filter`"
        } else if self.repository.is_shallow().unwrap_or(false) {
            "this is a shallow clone: run `git fetch --unshallow`"
        } else {
            "run `git fetch --refetch`; `git fsck` tells what else is missing"
        };
        GitFault::MissingObject { id: id.to_string(), what: what.to_owned(), help: help.to_owned() }
    }
}

/// A fault about what a tree says.
pub(super) fn refused(tree: ObjectId, reason: String) -> Fault {
    GitFault::RefusedTree { id: tree.to_string(), reason }.into()
}

/// A fault about an object's bytes.
pub(super) fn damaged(id: ObjectId, reason: String) -> Fault {
    GitFault::DamagedObject { id: id.to_string(), reason }.into()
}
