//! Commits: their ids, and the little of them that is read.

use std::fmt;

use gix::ObjectId;
use gix::objs::CommitRef;

/// The full id of a commit that was found in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitId(pub(super) ObjectId);

impl CommitId {
    /// The first twelve digits: enough for people, and the same in every clone.
    pub fn short(self) -> String {
        self.0.to_hex_with_len(12).to_string()
    }
}

/// All forty digits, or sixty-four.
impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is read of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// Seconds since 1970, as the committer's clock had it.
    pub(super) seconds: i64,
}

impl Commit {
    /// Decodes a commit; the error says what is wrong with it.
    pub(super) fn decode(bytes: &[u8], kind: gix::hash::Kind) -> Result<Self, String> {
        let commit = CommitRef::from_bytes(bytes, kind).map_err(|_| "it is not a commit".to_owned())?;
        Ok(Self {
            tree: commit.tree(),
            parents: commit.parents().collect(),
            // Broken dates are frequent in old histories, and only decide which commit is looked at first.
            seconds: commit.time().map_or(0, |time| time.seconds),
        })
    }
}
