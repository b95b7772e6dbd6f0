use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

/// What a run rendered, and so what it may remove.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The instances whose records the tree is the whole truth about.
    pub leaves: Leaves,
    /// Whether a run may remove a large part of the tree.
    pub removals: Removals,
}

/// Which instances a run rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Leaves {
    /// All of them: a record that the tree does not have belongs to an instance that is gone.
    #[default]
    All,
    /// The instances whose folders lie at or below one of these paths, which are relative to the output root, such as
    /// `kubernetes/production`. Files of other instances stay as they are.
    Below(BTreeSet<Utf8PathBuf>),
}

/// How much a run may remove.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Removals {
    /// At most 10 % of the files that are ours, or 20.
    #[default]
    Limited,
    /// The user has said that it is meant.
    Allowed,
}

impl Scope {
    /// Everything was rendered.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Only the instances at or below these folders were rendered.
    pub fn below(folders: impl IntoIterator<Item = Utf8PathBuf>) -> Self {
        Self { leaves: Leaves::Below(folders.into_iter().collect()), removals: Removals::default() }
    }

    /// The same, with any number of removals.
    #[must_use]
    pub fn allow_removals(self) -> Self {
        Self { removals: Removals::Allowed, ..self }
    }

    /// Whether the run rendered the instance of this folder, or would have, were it still there.
    pub(super) fn covers(&self, leaf: &Utf8Path) -> bool {
        match &self.leaves {
            Leaves::All => true,
            Leaves::Below(folders) => leaf.ancestors().any(|folder| folders.contains(folder)),
        }
    }
}
