//! The worlds at both ends of a comparison.

use camino::{Utf8Path, Utf8PathBuf};

use super::range::{End, Range};
use crate::{
    cli::{
        arguments::{Diff, Global},
        repository,
    },
    fault::Fault,
    load::{Repository, World},
    model::SideName,
};

/// Both ends, open.
pub(super) struct Ends {
    base: Opened,
    head: Opened,
    /// The platform repository's folder in the Git repository.
    prefix: Utf8PathBuf,
}

/// A world and what it is called.
struct Opened {
    world: Box<dyn World>,
    name: SideName,
}

impl Ends {
    /// Opens both ends: each revision is resolved once, to a full id.
    pub(super) fn open(global: &Global, arguments: &Diff) -> Result<Self, Fault> {
        let range = Range::of(arguments)?;
        if range.base == End::WorkTree {
            let root = repository::root(global)?;
            let prefix = Utf8PathBuf::new();
            return Ok(Self { base: work_tree(&root, None)?, head: work_tree(&root, None)?, prefix });
        }
        let (repository, root) = repository::git(global)?;
        let base = open(&repository, &root, &range.base)?;
        let head = open(&repository, &root, &range.head)?;
        let prefix = repository.prefix().to_owned();
        if !range.from_merge_base {
            return Ok(Self { base, head, prefix });
        }
        let (End::Revision(one), End::Revision(other)) = (&range.base, &range.head) else {
            return Ok(Self { base, head, prefix });
        };
        let commit = repository.merge_base(repository.resolve(one)?, repository.resolve(other)?)?;
        let name = SideName { name: format!("{one}...{other}"), commit: Some(commit.to_string()) };
        let base = Opened { world: Box::new(repository.revision(commit)?), name };
        Ok(Self { base, head, prefix })
    }

    pub(super) fn base(&self) -> &dyn World {
        &*self.base.world
    }

    pub(super) fn head(&self) -> &dyn World {
        &*self.head.world
    }

    pub(super) fn prefix(&self) -> &Utf8Path {
        &self.prefix
    }

    pub(super) fn names(&self) -> (&SideName, &SideName) {
        (&self.base.name, &self.head.name)
    }
}

fn open(repository: &Repository, root: &Utf8Path, end: &End) -> Result<Opened, Fault> {
    let named = |name: &str, commit: Option<String>| SideName { name: name.to_owned(), commit };
    match end {
        End::Revision(text) => {
            let commit = repository.resolve(text)?;
            let world = Box::new(repository.revision(commit)?);
            Ok(Opened { world, name: named(text, Some(commit.to_string())) })
        }
        End::Staged => {
            let world = Box::new(repository::staged(repository)?);
            Ok(Opened { world, name: named("staged", None) })
        }
        End::WorkTree => work_tree(root, Some(repository)),
    }
}

fn work_tree(root: &Utf8Path, repository: Option<&Repository>) -> Result<Opened, Fault> {
    let world = Box::new(repository::work_tree(root, repository)?);
    Ok(Opened { world, name: SideName { name: "working tree".to_owned(), commit: None } })
}
