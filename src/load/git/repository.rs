//! A Git repository, and where in it the platform repository lies.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use gix::ThreadSafeRepository;

use super::commit::CommitId;
use super::merge_base::merge_bases;
use super::objects::Objects;
use super::resolve::{head, resolve};
use super::revision::Revision;
use super::{open, sparse, staged};
use crate::fault::{Fault, GitFault};
use crate::load::{ObjectFormat, is_plain_path};

/// The Git repository that holds a platform repository, possibly in a folder of its own among much else.
///
/// Works without a working tree. Opening it runs nothing, writes nothing and asks no network.
pub struct Repository {
    inner: ThreadSafeRepository,
    pub(super) objects: Arc<Objects>,
    prefix: Utf8PathBuf,
    /// The folder that has the `.git`: what the repository's configuration says of it plays no part.
    work_tree: Option<Utf8PathBuf>,
}

impl Repository {
    /// Opens the Git repository that a folder lies in; `None` where there is none.
    ///
    /// The folder is what paths of revisions are relative to. In a bare repository this is the root of the tree, see
    /// [`Repository::with_prefix`]. Faults: `git/unusable`, `git/unsupported`, and when the folder cannot be read.
    pub fn discover(folder: &Utf8Path) -> Result<Option<Self>, Fault> {
        let Some(found) = open::find(folder)? else { return Ok(None) };
        let inner = open::open(&found.git)?;
        let objects = Arc::new(Objects::new(inner.clone()));
        Ok(Some(Self { inner, objects, prefix: found.below, work_tree: found.work_tree }))
    }

    /// The same repository, with paths relative to another folder in it; the empty path is the root of the tree.
    pub fn with_prefix(self, prefix: &Utf8Path) -> Result<Self, Fault> {
        if !prefix.as_str().is_empty() && !is_plain_path(prefix.as_str()) {
            return Err(Fault::usage(format!("`{prefix}` is not a folder in the repository"), None));
        }
        Ok(Self { prefix: prefix.to_owned(), ..self })
    }

    /// Where in the tree the platform repository lies; empty for its root.
    pub fn prefix(&self) -> &Utf8Path {
        &self.prefix
    }

    /// Whether there is no working tree.
    pub fn is_bare(&self) -> bool {
        self.work_tree.is_none()
    }

    /// The hash that this repository names objects by.
    pub fn format(&self) -> ObjectFormat {
        match self.objects.hash() {
            gix::hash::Kind::Sha256 => ObjectFormat::Sha256,
            _ => ObjectFormat::Sha1,
        }
    }

    /// Resolves a revision to the full id of its commit.
    ///
    /// Takes `HEAD`, branches, tags, ids and their beginnings, `main@{upstream}`, and steps from there such as `~2`.
    /// Faults: usage, for what looks like an option, a range or a search; `git/unknown-revision`,
    /// `git/ambiguous-revision`, `git/not-a-commit`, `git/no-parent`, `git/shallow`, and those of reading objects.
    pub fn resolve(&self, revision: &str) -> Result<CommitId, Fault> {
        resolve(&self.objects, revision)
    }

    /// The commit that is checked out; `None` where the branch has none yet.
    ///
    /// Faults: those of [`Repository::resolve`].
    pub fn head(&self) -> Result<Option<CommitId>, Fault> {
        head(&self.objects)
    }

    /// The commit where the histories of two commits part; of several, the newest.
    ///
    /// Faults: `git/no-merge-base`; `git/shallow` where this clone does not have what is needed to tell.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Result<CommitId, Fault> {
        let best = merge_bases(&self.objects, one.0, other.0)?;
        let best = best.first().copied().map(CommitId);
        best.ok_or_else(|| GitFault::NoMergeBase { one: one.short(), other: other.short() }.into())
    }

    /// The content of a commit.
    pub fn revision(&self, commit: CommitId) -> Result<Revision, Fault> {
        let tree = self.objects.commit(commit.0)?.tree;
        Revision::of_commit(Arc::clone(&self.objects), tree, &self.prefix)
    }

    /// The content of the index: what `git commit` would commit now.
    ///
    /// `index` is the file that `GIT_INDEX_FILE` names in a hook, relative to the top of the working tree as Git has it;
    /// without it the working tree's own index is read.
    /// Faults: `git/unmerged`, `git/unusable-index`, and usage in a bare repository.
    pub fn staged(&self, index: Option<&Utf8Path>) -> Result<Revision, Fault> {
        let index = self.index(index)?;
        let (tree, trees) = staged::trees(&index, &self.prefix)?;
        Revision::of_index(Arc::clone(&self.objects), tree, trees, &self.prefix)
    }

    /// Faults (`git/sparse`) when files of the platform repository are left out of the working tree by a sparse
    /// checkout: compiling the working tree would take them for removed.
    pub fn check_whole(&self) -> Result<(), Fault> {
        let Some(work_tree) = &self.work_tree else { return Ok(()) };
        sparse::check(&self.index(None)?, work_tree.as_std_path(), &self.prefix)
    }

    fn index(&self, path: Option<&Utf8Path>) -> Result<gix::index::File, Fault> {
        if self.is_bare() && path.is_none() {
            return Err(Fault::usage("a bare repository has no index", None));
        }
        let own = self.inner.to_thread_local().index_path().to_owned();
        let top = self.work_tree.as_deref().unwrap_or(Utf8Path::new(""));
        let path = path.map_or(own, |path| top.join(path).into_std_path_buf());
        staged::open(&path, self.objects.hash())
    }
}
