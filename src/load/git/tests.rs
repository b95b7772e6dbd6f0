//! Tests with real repositories, made by `git` or by libgit2.
#![expect(clippy::disallowed_methods, reason = "tests make the files that they read")]

mod absent;
mod hostile;
mod kinds;
mod programs;
mod revisions;
mod same;
mod staged;

use std::path::Path;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Repository, Revision};
use crate::fault::Fault;
use crate::load::{EntryKind, World};

/// A folder in which repositories are made, away from all configuration.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with a repository.
    fn repository() -> Self {
        let scratch = Self::new();
        scratch.git("init --quiet --template=");
        scratch
    }

    /// A repository with these files, committed.
    fn with(files: &[(&str, &str)]) -> Self {
        let scratch = Self::repository();
        scratch.commit(files);
        scratch
    }

    fn path(&self, below: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.0.path()).unwrap().join(below)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn commit(&self, files: &[(&str, &str)]) {
        files.iter().for_each(|(path, text)| self.write(path, text));
        self.git("add --all");
        self.git("commit --quiet --allow-empty --message=x");
    }

    /// Runs `git` at the root with words that have no spaces; gives what it prints.
    fn git(&self, words: &str) -> String {
        self.git_in("", &words.split(' ').collect::<Vec<_>>())
    }

    fn git_in(&self, folder: &str, words: &[&str]) -> String {
        let output = git(self.0.path(), &self.path(folder), words).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {words:?}: {error}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    fn open(&self, folder: &str) -> Repository {
        Repository::discover(&self.path(folder)).unwrap().unwrap()
    }

    /// The world of a revision, from the root on.
    fn revision(&self, name: &str) -> Revision {
        revision(&self.open(""), name).unwrap()
    }
}

/// `git` with an environment of its own.
fn git(home: &Path, folder: &Utf8Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("HOME", home).env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "x").env(format!("GIT_{who}_EMAIL"), "x@example.org");
        command.env(format!("GIT_{who}_DATE"), "2024-01-01T00:00:00Z");
    }
    command.args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"]).args(words);
    command
}

fn revision(repository: &Repository, name: &str) -> Result<Revision, Fault> {
    repository.revision(repository.resolve(name)?)
}

fn read(world: &dyn World, path: &str) -> Option<String> {
    world.read(path.into()).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
}

fn names(world: &dyn World, folder: &str) -> Option<Vec<String>> {
    let entries = world.list(folder.into()).unwrap()?;
    let mark = |kind| match kind {
        EntryKind::File => "",
        EntryKind::Folder => "/",
        EntryKind::Link => "@",
        EntryKind::Other => "?",
    };
    Some(entries.into_iter().map(|entry| entry.name + mark(entry.kind)).collect())
}

/// Paths, files with their content.
type Content = Vec<(String, Option<Vec<u8>>)>;

/// Every path below a folder, as far as nothing is a fault.
fn all(world: &dyn World, folder: &str) -> Result<Content, Fault> {
    let mut found = Vec::new();
    for entry in world.list(folder.into())?.unwrap_or_default() {
        let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
        found.push((path.clone(), world.read(path.as_str().into())?));
        if entry.kind == EntryKind::Folder {
            found.extend(all(world, &path)?);
        }
    }
    Ok(found)
}

/// A fault as it is told.
fn told(fault: &Fault) -> String {
    let code = miette::Diagnostic::code(fault).unwrap();
    let help = miette::Diagnostic::help(fault).map(|help| format!(" (help: {help})"));
    format!("{code} {fault}{}", help.unwrap_or_default())
}

fn fault<T>(result: Result<T, Fault>) -> String {
    result.map_or_else(|fault| told(&fault), |_| "no fault".to_owned())
}
