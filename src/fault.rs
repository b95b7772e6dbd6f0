//! What stops macadam itself from working, as opposed to what is wrong in a repository.

mod git;

use camino::Utf8PathBuf;

pub use git::GitFault;

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
    /// The output root cannot be an output root.
    #[error("`{path}` cannot be the output root: {reason}")]
    #[diagnostic(
        code("fault/refused-output"),
        help("set `spec.output.root` in `macadam.yaml` to a folder of its own")
    )]
    RefusedOutput {
        /// The output root.
        path: Utf8PathBuf,
        /// Why not.
        reason: &'static str,
    },
    /// A run was stopped while it changed the output root, or is still at it.
    #[error(
        "`{root}` is neither the old tree nor the new one: a run was stopped while it wrote, or still writes"
    )]
    #[diagnostic(code("fault/torn"), help("run `macadam render`: it completes what was begun"))]
    Torn {
        /// The output root.
        root: Utf8PathBuf,
    },
    /// Another process writes.
    #[error("another macadam is writing to `{repository}`")]
    #[diagnostic(
        code("fault/locked"),
        help("wait until it is done, then run again; there is no lock file to remove")
    )]
    Locked {
        /// The repository.
        repository: Utf8PathBuf,
    },
    /// The output root was written by a newer macadam.
    #[error("`{root}` has layout {found}, and this macadam knows layouts up to {known}")]
    #[diagnostic(code("fault/newer-format"), help("install a newer one: `cargo install --locked macadam`"))]
    NewerFormat {
        /// The output root.
        root: Utf8PathBuf,
        /// The layout's number there.
        found: u64,
        /// The newest number that this version knows.
        known: u32,
    },
    /// What a stopped run left behind cannot be completed.
    #[error("`{path}` is not a journal that this macadam wrote")]
    #[diagnostic(
        code("fault/invalid-journal"),
        help("remove the folder it lies in, restore the output root with Git, then run `macadam render`")
    )]
    InvalidJournal {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// A file changed between the look at it and the write.
    #[error("`{path}` changed while macadam was running")]
    #[diagnostic(code("fault/changed-meanwhile"), help("nothing was written: run again"))]
    ChangedMeanwhile {
        /// The file.
        path: Utf8PathBuf,
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
    /// There is no place for a temporary folder.
    #[error("failed to create a temporary folder")]
    #[diagnostic(code("fault/temporary"))]
    Temporary(#[source] std::io::Error),
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
    /// A Git repository cannot give what was asked of it.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitFault),
}

impl Fault {
    /// Something that was asked for does not exist or does not fit together.
    pub fn usage(message: impl Into<String>, help: Option<String>) -> Self {
        Self::Usage { message: message.into(), help }
    }
}
