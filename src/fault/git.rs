//! What stops macadam from reading a Git repository.

use camino::Utf8PathBuf;

/// A Git repository cannot give what was asked of it. Absent is never taken for removed: it is one of these.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GitFault {
    /// There is a repository, and it cannot be opened.
    #[error("failed to open the Git repository `{path}`")]
    #[diagnostic(code("git/unusable"))]
    Unusable {
        /// The folder of the repository.
        path: Utf8PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The repository keeps its objects or references in a form that is not read here.
    #[error("the Git repository `{path}` uses `{feature}`, which macadam does not read")]
    #[diagnostic(
        code("git/unsupported"),
        help("compile a plain clone of it: `git clone --ref-format=files`")
    )]
    Unsupported {
        /// The folder of the repository.
        path: Utf8PathBuf,
        /// What is not read, as the configuration has it.
        feature: String,
    },
    /// No branch, tag or commit has this name.
    #[error("there is no revision `{revision}`")]
    #[diagnostic(code("git/unknown-revision"))]
    UnknownRevision {
        /// What was asked for.
        revision: String,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// Several objects have ids that begin so.
    #[error("`{revision}` could be any of: {}", candidates.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))]
    #[diagnostic(code("git/ambiguous-revision"), help("give more digits"))]
    AmbiguousRevision {
        /// What was asked for.
        revision: String,
        /// Ids, in order.
        candidates: Vec<String>,
    },
    /// The revision is not a commit.
    #[error("`{revision}` is a {kind}, not a commit")]
    #[diagnostic(code("git/not-a-commit"), help("name a branch, a tag or a commit"))]
    NotACommit {
        /// What was asked for.
        revision: String,
        /// `tree` or `blob`.
        kind: String,
    },
    /// The history ends before what was asked for.
    #[error("the history has no commit `{revision}`")]
    #[diagnostic(code("git/no-parent"))]
    NoParent {
        /// What was asked for.
        revision: String,
    },
    /// The history ends where this clone was cut off.
    #[error("the history before commit `{commit}` is not here: this is a shallow clone")]
    #[diagnostic(
        code("git/shallow"),
        help("run `git fetch --unshallow`; in CI, let the checkout fetch the whole history")
    )]
    Shallow {
        /// The last commit that is here.
        commit: String,
    },
    /// Two commits have no history in common.
    #[error("`{one}` and `{other}` have no commit in common")]
    #[diagnostic(code("git/no-merge-base"), help("compare the two themselves: `A..B` instead of `A...B`"))]
    NoMergeBase {
        /// One commit's id.
        one: String,
        /// The other's.
        other: String,
    },
    /// An object that another one names is not there.
    #[error("Git object `{id}` is missing: {what}")]
    #[diagnostic(code("git/missing-object"))]
    MissingObject {
        /// Its id.
        id: String,
        /// What it should be: a commit, or the content of a path.
        what: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// An object's bytes are not what its id says, or make no sense.
    #[error("Git object `{id}` is damaged: {reason}")]
    #[diagnostic(code("git/damaged-object"), help("`git fsck` tells more; a fresh clone has it whole"))]
    DamagedObject {
        /// Its id.
        id: String,
        /// How.
        reason: String,
    },
    /// An object is too large to be read.
    #[error("Git object `{id}` is too large: {what}")]
    #[diagnostic(code("git/too-large-object"), help("let Git ignore it, or keep it out of the repository"))]
    TooLargeObject {
        /// Its id.
        id: String,
        /// What it is.
        what: String,
    },
    /// A tree has entries that no working tree could hold, or that mean something else elsewhere.
    #[error("Git tree `{id}` is refused: {reason}")]
    #[diagnostic(
        code("git/refused-tree"),
        help("`git fsck` tells more; Git itself does not make such trees")
    )]
    RefusedTree {
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
    /// The index cannot be read.
    #[error("failed to read Git's index `{path}`")]
    #[diagnostic(code("git/unusable-index"), help("`rm` it and `git reset` to make it anew"))]
    UnusableIndex {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A merge is not done.
    #[error("`{path}` has a merge conflict")]
    #[diagnostic(code("git/unmerged"), help("resolve it and `git add` it, then run again"))]
    Unmerged {
        /// A path with a conflict.
        path: String,
    },
    /// Files are left out of the working tree by a sparse checkout.
    #[error("{count} files, such as `{example}`, are left out of this working tree by a sparse checkout")]
    #[diagnostic(
        code("git/sparse"),
        help("run `git sparse-checkout disable`, or compare commits instead of the working tree")
    )]
    Sparse {
        /// How many.
        count: usize,
        /// One of them.
        example: String,
    },
}
