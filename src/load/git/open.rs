//! Finds and opens a repository such that nothing in it, around it or in the environment steers how it is read.

use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};
use gix::ThreadSafeRepository;
use gix::open::Options;

use crate::fault::{Fault, GitFault};

/// The most bytes that one object may take while it is put together.
const OBJECT_LIMIT: usize = 128 * 1024 * 1024;

/// The extensions of the repository format that reading objects may pass over.
const EXTENSIONS: &[&str] = &[
    "compatobjectformat",
    "noop",
    "noop-v1",
    "objectformat",
    "partialclone",
    "preciousobjects",
    "relativeworktrees",
    "worktreeconfig",
];

/// Where a repository was found.
pub(super) struct Found {
    /// What is opened: a `.git`, which may be a file that points elsewhere, or a bare repository.
    pub(super) git: PathBuf,
    /// The folder that has the `.git`; `None` in a bare repository.
    pub(super) work_tree: Option<Utf8PathBuf>,
    /// Where in the working tree the folder lies that was asked about.
    pub(super) below: Utf8PathBuf,
}

/// Looks in a folder and those above it, as Git does.
///
/// A `.git` that is a file and leads nowhere is a fault: the repository further up is not the one that is meant.
pub(super) fn find(folder: &Utf8Path) -> Result<Option<Found>, Fault> {
    let unreadable = |source| Fault::Unreadable { path: folder.to_owned(), source };
    let start = folder.canonicalize_utf8().map_err(unreadable)?;
    for above in start.ancestors() {
        let git = above.join(".git");
        if gix::discover::is_git(git.as_std_path()).is_ok() {
            let below = start.strip_prefix(above).unwrap_or(&start).to_owned();
            let (git, work_tree) = (git.into_std_path_buf(), Some(above.to_owned()));
            return Ok(Some(Found { git, work_tree, below }));
        }
        if git.is_file() {
            let source = "its file `.git` leads to no repository".into();
            return Err(GitFault::Unusable { path: above.to_owned(), source }.into());
        }
        if gix::discover::is_git(above.as_std_path()).is_ok() {
            let git = above.as_std_path().to_owned();
            return Ok(Some(Found { git, work_tree: None, below: Utf8PathBuf::new() }));
        }
    }
    Ok(None)
}

/// Opens what was found.
pub(super) fn open(git: &Path) -> Result<ThreadSafeRepository, Fault> {
    let repository = options()
        .open(git)
        .map_err(|source| GitFault::Unusable { path: utf8(git), source: source.into() })?;
    match unsupported(&repository.to_thread_local()) {
        Some(feature) => Err(GitFault::Unsupported { path: utf8(git), feature }.into()),
        None => Ok(repository),
    }
}

/// No configuration but the repository's own, of that only what says how objects are stored, and no environment.
fn options() -> Options {
    Options::isolated()
        .open_path_as_is(true)
        // Whoever owns it: nothing in it is trusted anyway, see the filter.
        .with(gix::sec::Trust::Full)
        .filter_config_section(|section| section.source == gix::config::Source::Api)
        .config_overrides([
            format!("gitoxide.objects.allocLimit={OBJECT_LIMIT}"),
            "core.useReplaceRefs=false".to_owned(),
        ])
}

/// An extension of the repository format that changes what is stored where, as `key=value`.
fn unsupported(repository: &gix::Repository) -> Option<String> {
    let config = repository.config_snapshot();
    let extensions = config.plumbing().sections_by_name("extensions")?;
    for section in extensions {
        for name in section.value_names() {
            let key = name.to_lowercase();
            let value = section.value(&name).unwrap_or_default().to_string();
            let known = EXTENSIONS.contains(&key.as_str()) || key == "refstorage" && value == "files";
            if !known {
                return Some(format!("extensions.{key}={value}"));
            }
        }
    }
    None
}

/// A path to be shown.
pub(super) fn utf8(path: &Path) -> Utf8PathBuf {
    path.to_string_lossy().into_owned().into()
}
