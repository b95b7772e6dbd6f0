//! Git repositories in a temporary folder, away from all configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder that is gone after the test.
pub(crate) struct Scratch(TempDir);

/// A repository in it.
pub(crate) struct Repository {
    home: PathBuf,
    pub(crate) folder: PathBuf,
}

/// What a program said, and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn repository(&self, name: &str) -> Repository {
        Repository { home: self.0.path().to_owned(), folder: self.0.path().join(name) }
    }

    /// A repository with an example in it, nothing committed.
    pub(crate) fn example(&self, name: &str, fixture: &str) -> Repository {
        let repository = self.repository(name);
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture), &repository.folder);
        repository.git("init --quiet --initial-branch=main");
        repository
    }
}

fn copy(from: &Path, into: &Path) {
    fs::create_dir_all(into).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = into.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Repository {
    /// A program in this repository, with an environment of its own.
    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env_clear().stdin(Stdio::null());
        command.env("PATH", path()).env("HOME", &self.home).env("LC_ALL", "C.UTF-8");
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "x").env(format!("GIT_{who}_EMAIL"), "x@example.org");
            command.env(format!("GIT_{who}_DATE"), "2024-01-01T00:00:00Z");
        }
        command
    }

    pub(crate) fn run(&self, program: &str, words: &[&str]) -> Said {
        said(self.program(program).args(words).output().unwrap())
    }

    /// Runs `git` with words that have no spaces; gives what it prints.
    pub(crate) fn git(&self, words: &str) -> String {
        fs::create_dir_all(&self.folder).unwrap();
        let said = self.run("git", &words.split(' ').collect::<Vec<_>>());
        assert_eq!(said.code, 0, "git {words}: {}{}", said.out, said.err);
        said.out.trim_end().to_owned()
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git("add --all");
        self.git(&format!("commit --quiet --message={message}"));
    }

    /// Runs macadam with words that have no spaces.
    pub(crate) fn macadam(&self, words: &str) -> Said {
        self.run(env!("CARGO_BIN_EXE_macadam"), &words.split(' ').collect::<Vec<_>>())
    }

    /// The same, and asserts the exit code; what it said on standard error.
    pub(crate) fn expect(&self, words: &str, code: i32) -> String {
        let said = self.macadam(words);
        assert_eq!(said.code, code, "macadam {words}\n{}\n{}", said.out, said.err);
        said.err
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text that stands in a file once.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}:\n{text}");
        self.write(path, &text.replace(from, to));
    }
}

pub(crate) fn said(output: Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Where programs are found, our own before all others.
fn path() -> std::ffi::OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_macadam")).parent().unwrap().to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&others))).unwrap()
}

/// Where a program lies. Without it a test says that it was not made; in CI it fails.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let found = std::env::split_paths(&path()).map(|folder| folder.join(program)).find(|path| path.is_file());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "`{program}` is not on the path: run `scripts/tools`");
        eprintln!("NOT TESTED: `{program}` is not on the path: eval \"$(scripts/tools env)\"");
    }
    found
}
