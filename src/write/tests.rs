#![expect(clippy::disallowed_methods, reason = "tests make the files that they look at")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::record::{digest, format, path as record_path};
use super::script::{Ends, Script};
use super::*;
use crate::fault::Fault;
use crate::model::{Finding, Tree};

mod changes;
mod hostile;
mod properties;
mod stopped;
mod told;

/// A repository on disk.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> &Utf8Path {
        self.0.path().try_into().unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn root(&self) -> Root {
        Root::open(self.folder(), "rendered".into()).unwrap()
    }

    fn scripted(&self, ends: Ends) -> Root {
        let mut root = self.root();
        root.calls.script = Script::new(ends);
        root
    }

    /// As `render` does; the findings as text.
    fn render_scope(&self, tree: &Tree, scope: &Scope) -> String {
        let root = self.root();
        recover(&root).unwrap();
        let outcome = compare(&root, tree, scope).unwrap();
        if let Some(changes) = outcome.value {
            apply(&root, changes).unwrap();
        }
        report(&outcome.findings)
    }

    fn render(&self, tree: &Tree) -> String {
        self.render_scope(tree, &Scope::everything())
    }

    /// Every file of the repository.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let walk = walkdir::WalkDir::new(self.0.path()).into_iter().map(Result::unwrap);
        let files = walk.filter(|entry| !entry.file_type().is_dir());
        files
            .map(|entry| {
                let name = entry.path().strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned();
                let bytes =
                    if entry.file_type().is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
                (name, bytes)
            })
            .collect()
    }

    /// The output root as a tree.
    fn tree(&self) -> Tree {
        let files = self.files();
        let files = files.iter().filter_map(|(path, bytes)| {
            Some((Utf8PathBuf::from(path.strip_prefix("rendered/")?), bytes.clone()))
        });
        Tree { files: files.collect() }
    }

    fn litter(&self) -> bool {
        self.path(".rendered.macadam").exists()
    }
}

/// A tree of leaves: `leaf/file=content`, with records and format.
fn tree(files: &[&str]) -> Tree {
    let mut tree = Tree::default();
    let mut leaves: BTreeMap<Utf8PathBuf, Vec<(record::Digest, Utf8PathBuf)>> = BTreeMap::new();
    for file in files {
        let (path, content) = file.split_once('=').unwrap();
        let path = Utf8PathBuf::from(path);
        let leaf = path.parent().unwrap().to_owned();
        leaves.entry(leaf).or_default().push((digest(content.as_bytes()), path.clone()));
        tree.files.insert(path, content.into());
    }
    for (leaf, entries) in leaves {
        let text = format(entries.iter().map(|(digest, path)| (digest, path.as_path())));
        tree.files.insert(record_path(&leaf), text.into());
    }
    tree.files.insert(FORMAT_FILE.into(), b"1\n".to_vec());
    tree
}

fn report(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{} {}\n", finding.code, finding.message)).collect()
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
