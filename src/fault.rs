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
    /// Standard output cannot be written to.
    #[error("failed to write to standard output")]
    #[diagnostic(code("fault/output"))]
    Output(#[source] std::io::Error),
    /// Standard input cannot be read.
    #[error("failed to read from standard input")]
    #[diagnostic(code("fault/input"))]
    Input(#[source] std::io::Error),
    /// The process cannot start its threads.
    #[error("failed to start threads")]
    #[diagnostic(code("fault/threads"))]
    Threads(#[source] rayon::ThreadPoolBuildError),
    /// What was asked for does not exist or does not fit together.
    #[error("{message}")]
    #[diagnostic(code("fault/usage"))]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// Files are in the way of files that would be created.
    #[error("these files exist already: {}", paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", "))]
    #[diagnostic(code("fault/exists"), help("nothing was written; existing files are never overwritten"))]
    Exists {
        /// Which ones.
        paths: Vec<Utf8PathBuf>,
    },
}

impl Fault {
    /// Something that was asked for does not exist or does not fit together.
    pub fn usage(message: impl Into<String>, help: Option<String>) -> Self {
        Self::Usage { message: message.into(), help }
    }

    /// Whether the reader of standard output went away: no reason to complain.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
