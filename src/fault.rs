//! What stops macadam itself from working, as opposed to what is wrong in a repository.

use camino::Utf8PathBuf;

/// macadam could not work: exit code 2.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Fault {
    /// A file or folder could not be read.
    #[error("failed to read `{path}`")]
    #[diagnostic(code("fault/unreadable"))]
    Unreadable {
        /// Which one.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("failed to write `{path}`")]
    #[diagnostic(code("fault/unwritable"))]
    Unwritable {
        /// Which one.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The repository has more files and folders than is accepted.
    #[error("the repository has more than {limit} files and folders")]
    #[diagnostic(
        code("fault/too-many-paths"),
        help("narrow `spec.workloads`, or let Git ignore what is generated")
    )]
    TooManyPaths {
        /// How many are accepted.
        limit: usize,
    },
}
