//! Whether the rendered files of a world, such as Git's index, are those of a tree. Never looks at the disk.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::compare::refused_outputs;
use super::ignore_lookup::IgnoreLookup;
use super::survey::is_terraform;
use super::{FORMAT, FORMAT_FILE, Scope, record};
use crate::fault::Fault;
use crate::load::{Entry, EntryKind, World};
use crate::model::{Code, Finding, Tree};

/// Names every changed, missing and extra file below the output root of a world (`check/not-current`).
///
/// `root` is relative to the world. Compares every byte and writes nothing. Files that Git would ignore may be there.
pub fn check_staged(
    world: &dyn World,
    root: &Utf8Path,
    tree: &Tree,
    scope: &Scope,
) -> Result<Vec<Finding>, Fault> {
    let mut survey =
        Survey { world, root, tree, scope, ignored: IgnoreLookup::new(world), found: Vec::new() };
    survey.refuse_newer()?;
    survey.found = refused_outputs(root, tree);
    let mut there = HashSet::new();
    survey.folder(Utf8Path::new(""), &mut there)?;
    for path in tree.files.keys().filter(|path| !there.contains(*path)) {
        survey.tell(path, "is missing");
    }
    survey.found.sort_by(|one, other| one.message.cmp(&other.message));
    Ok(survey.found)
}

struct Survey<'a> {
    world: &'a dyn World,
    root: &'a Utf8Path,
    tree: &'a Tree,
    scope: &'a Scope,
    ignored: IgnoreLookup<'a>,
    found: Vec<Finding>,
}

impl Survey<'_> {
    /// Faults when the layout is newer than this version knows.
    fn refuse_newer(&self) -> Result<(), Fault> {
        let bytes = self.world.read(&self.root.join(FORMAT_FILE))?.unwrap_or_default();
        let found = str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse::<u64>().ok());
        match found.filter(|found| *found > u64::from(FORMAT)) {
            Some(found) => Err(Fault::NewerFormat { root: self.root.to_owned(), found, known: FORMAT }),
            None => Ok(()),
        }
    }

    /// Looks at everything in a folder below the output root.
    fn folder(&mut self, folder: &Utf8Path, there: &mut HashSet<Utf8PathBuf>) -> Result<(), Fault> {
        let full = if folder.as_str().is_empty() { self.root.to_owned() } else { self.root.join(folder) };
        for Entry { name, kind } in self.world.list(&full)?.unwrap_or_default() {
            let path = folder.join(name);
            match (self.tree.get(&path), kind) {
                (Some(wanted), EntryKind::File) => {
                    if self.world.read(&self.root.join(&path))?.as_deref() != Some(wanted) {
                        self.tell(&path, "is not what would be written");
                    }
                    there.insert(path);
                }
                (Some(_), EntryKind::Link | EntryKind::Other) => {
                    self.tell(&path, "is not a plain file in its place");
                    there.insert(path);
                }
                (_, EntryKind::Folder) => self.folder(&path, there)?,
                (None, kind) => self.extra(&path, kind)?,
            }
        }
        Ok(())
    }

    /// A path that the tree does not have.
    fn extra(&mut self, path: &Utf8Path, kind: EntryKind) -> Result<(), Fault> {
        let leaf = record::leaf(path).unwrap_or(path);
        let is_judged = self.scope.covers(leaf) && path != FORMAT_FILE;
        if is_judged && !is_terraform(path) && !self.ignored.is_ignored(&self.root.join(path), kind)? {
            self.tell(path, "is made by nothing");
        }
        Ok(())
    }

    fn tell(&mut self, path: &Utf8Path, what: &str) {
        let root = self.root;
        let message = format!("`{}` {what}", root.join(path));
        let help = format!("run `macadam render`, then `git add {root}`");
        self.found.push(Finding::new(Code::NotCurrent, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Memory;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec()));
        Tree { files: files.collect() }
    }

    /// What is told of a world with these files below `out`, as `path what`.
    fn told(staged: &[(&str, &str)], scope: &Scope) -> Vec<String> {
        let world: Memory =
            staged.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let tree = tree(&[(FORMAT_FILE, "1\n"), ("k/a/one.yaml", "1"), ("k/b/two.yaml", "2")]);
        let findings = check_staged(&world, "out".into(), &tree, scope).unwrap();
        findings.into_iter().map(|finding| finding.message).collect()
    }

    const WHOLE: &[(&str, &str)] =
        &[("out/.macadam/format", "1\n"), ("out/k/a/one.yaml", "1"), ("out/k/b/two.yaml", "2")];

    /// Promise 19: each file flipped, dropped or added in turn is found.
    #[test]
    fn every_difference_is_told() {
        assert_eq!(told(WHOLE, &Scope::everything()), Vec::<String>::new());
        for at in 0..WHOLE.len() {
            let mut flipped = WHOLE.to_vec();
            flipped[at].1 = "0\n";
            let expected = format!("`{}` is not what would be written", WHOLE[at].0);
            assert_eq!(told(&flipped, &Scope::everything()), [expected]);
            let mut dropped = WHOLE.to_vec();
            dropped.remove(at);
            let expected = format!("`{}` is missing", WHOLE[at].0);
            assert_eq!(told(&dropped, &Scope::everything()), [expected]);
        }
        for extra in ["out/x", "out/k/a/old.yaml", "out/.macadam/k/old.sha256"] {
            let more = [WHOLE, &[(extra, "x")]].concat();
            assert_eq!(told(&more, &Scope::everything()), [format!("`{extra}` is made by nothing")]);
        }
    }

    #[test]
    fn what_is_ignored_or_not_rendered_may_be_there() {
        let more: &[(&str, &str)] = &[
            (".gitignore", "*.log\n"),
            ("out/k/a/x.log", ""),
            ("out/k/a/.terraform/x", ""),
            ("out/k/c/three.yaml", "3"),
            ("out/.macadam/k/c.sha256", ""),
            ("elsewhere", ""),
        ];
        let scope = Scope::below(["k/a".into(), "k/b".into()]);
        assert_eq!(told(&[WHOLE, more].concat(), &scope), Vec::<String>::new());
        let all = told(&[WHOLE, more].concat(), &Scope::everything());
        assert_eq!(
            all,
            ["`out/.macadam/k/c.sha256` is made by nothing", "`out/k/c/three.yaml` is made by nothing"]
        );
    }

    #[test]
    fn a_layout_of_a_newer_version_is_not_judged() {
        let world: Memory = [("out/.macadam/format".to_owned(), b"99\n".to_vec())].into_iter().collect();
        let fault = check_staged(&world, "out".into(), &tree(&[]), &Scope::everything()).unwrap_err();
        assert!(matches!(fault, Fault::NewerFormat { found: 99, .. }), "{fault}");
    }
}
