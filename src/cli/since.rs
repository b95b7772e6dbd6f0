//! The content that a command compiles, and what it is compared with so that only what a change breaks counts.

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    arguments::{Against, Global},
    progress::Line,
    repository,
    terminal::Terminal,
};
use crate::{
    compile::{self, Compilation, Options, Selection},
    fault::Fault,
    load::{Repository, Revision, Side, WorkTree, World},
};

/// What is compiled.
pub(crate) struct Content {
    root: Utf8PathBuf,
    head: Head,
    /// What was there before; `None` where every error counts.
    base: Option<Revision>,
}

enum Head {
    WorkTree(WorkTree),
    Staged(Revision),
}

impl Content {
    /// Opens what the arguments ask for; without any, the working tree, which then needs no Git.
    pub(crate) fn open(global: &Global, against: &Against) -> Result<Self, Fault> {
        if !against.staged && against.since.is_none() {
            let root = repository::root(global)?;
            let head = Head::WorkTree(WorkTree::open(&root)?);
            return Ok(Self { root, head, base: None });
        }
        let (repository, root) = repository::git(global)?;
        let base = base(&repository, against)?;
        let head = if against.staged {
            Head::Staged(repository::staged(&repository)?)
        } else {
            Head::WorkTree(repository::work_tree(&root, Some(&repository))?)
        };
        Ok(Self { root, head, base })
    }

    /// The folder of the platform repository.
    pub(crate) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The index, where that is what is looked at.
    pub(crate) fn staged(&self) -> Option<&dyn World> {
        match &self.head {
            Head::Staged(world) => Some(world),
            Head::WorkTree(_) => None,
        }
    }

    /// Compiles it, with a moving line on a terminal.
    pub(crate) fn compile(&self, terminal: &Terminal, selection: Selection) -> Result<Compilation, Fault> {
        let head: &dyn World = match &self.head {
            Head::Staged(world) => world,
            Head::WorkTree(world) => world,
        };
        let base = self.base.as_ref().map(|base| Side::of(base));
        let line = Line::new(terminal);
        compile::compile_since(Side::of(head), base, &Options { selection, progress: Some(&line) })
    }
}

/// What was there before: the revision that is named, else HEAD. Before the first commit there was nothing.
fn base(repository: &Repository, against: &Against) -> Result<Option<Revision>, Fault> {
    let commit = match &against.since {
        Some(revision) => Some(repository.resolve(revision)?),
        None => repository.head()?,
    };
    commit.map(|commit| repository.revision(commit)).transpose()
}
