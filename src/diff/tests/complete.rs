//! A review is complete: it tells of every file of the tree that is different, and of no other (THREATS 22).

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use proptest::{prelude::*, strategy::ValueTree};

use super::edits::{Files, edit, shop, world};
use crate::compile::{self, compile};
use crate::diff::compare::{apply, documents, object};
use crate::diff::{Comparison, Options, Two, diff};
use crate::load::Side;
use crate::model::{Action, ObjectChange, SideName, Tree};
use crate::write::STATE;

fn review(base: &Files, head: &Files) -> Comparison {
    let (base, head) = (world(base), world(head));
    let name = SideName::default();
    let two = Two { base: Side::of(&base), head: Side::of(&head), names: (&name, &name) };
    diff(&two, &Options::default()).unwrap()
}

fn tree(files: &Files) -> Option<Tree> {
    compile(&world(files), &compile::Options::default()).unwrap().tree
}

/// The files that are different, as whole trees have it.
fn different(base: &Tree, head: &Tree) -> BTreeSet<Utf8PathBuf> {
    let paths = base.files.keys().chain(head.files.keys());
    let ours = paths.filter(|path| !path.starts_with(STATE));
    ours.filter(|path| base.get(path) != head.get(path)).cloned().collect()
}

/// The files that a review tells of: by path, or by the folder of an instance that comes or goes as a whole.
fn told(comparison: &Comparison) -> (BTreeSet<Utf8PathBuf>, BTreeSet<Utf8PathBuf>) {
    let (mut paths, mut folders) = (BTreeSet::new(), BTreeSet::new());
    for group in &comparison.review.groups {
        for member in &group.members {
            if group.whole {
                folders.insert(member.instance.folder.clone());
            } else {
                paths.insert(member.path.clone());
            }
        }
    }
    (paths, folders)
}

fn is_below(path: &Utf8Path, folders: &BTreeSet<Utf8PathBuf>) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

/// How many files a review counts as different: a renamed one stands for two where its path is another.
fn counted(comparison: &Comparison) -> usize {
    let of = |change: &ObjectChange, members: usize| match change.action {
        Action::Renamed => 0,
        _ => members,
    };
    let groups = comparison.review.groups.iter();
    groups
        .map(|group| group.changes.iter().map(|change| of(change, group.members.len())).sum::<usize>())
        .sum()
}

fn check(base: &Files, head: &Files) -> Result<bool, TestCaseError> {
    let (Some(old), Some(new)) = (tree(base), tree(head)) else { return Ok(false) };
    let comparison = review(base, head);
    let different = different(&old, &new);
    let (paths, folders) = told(&comparison);
    for path in &paths {
        prop_assert!(different.contains(path), "{path} is told of, and the same");
    }
    let renamed = comparison.review.counts.renamed;
    let silent: Vec<_> =
        different.iter().filter(|path| !paths.contains(*path) && !is_below(path, &folders)).collect();
    // What a renamed object was called before is told in its change, and not as a member.
    prop_assert!(silent.len() <= renamed, "not told of: {silent:?}");
    prop_assert!(silent.iter().all(|path| old.get(path).is_some() && new.get(path).is_none()), "{silent:?}");
    let counts = &comparison.review.counts;
    prop_assert_eq!(counted(&comparison), counts.added + counts.removed + counts.changed);
    prop_assert!(!comparison.is_broken());
    prop_assert!(comparison.review.undetermined.is_empty());
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_review_tells_of_every_file_that_differs(edits in prop::collection::vec(edit(), 1..4)) {
        let base = shop();
        let mut head = base.clone();
        edits.iter().for_each(|edit| edit.apply(&mut head));
        check(&base, &head)?;
        check(&head, &base)?;
    }
}

/// The changes of two trees, applied to the files of the old one, give the files of the new one.
fn applied(old: &Tree, new: &Tree) -> Result<usize, TestCaseError> {
    let mut files = 0;
    for path in different(old, new) {
        let (Some(before), Some(after)) = (old.get(&path), new.get(&path)) else { continue };
        let (before, after) = (documents(&path, before), documents(&path, after));
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            let edits = object(&before.value, &after.value);
            let made = apply(&before.value, &edits);
            prop_assert_eq!(made.as_ref(), Some(&after.value), "{}", path);
            files += 1;
        }
    }
    Ok(files)
}

#[test]
fn a_thousand_pairs_of_trees_are_told_apart_completely() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut trees: Vec<Tree> = Vec::new();
    while trees.len() < 46 {
        let mut files = shop();
        for _ in 0..3 {
            edit().new_tree(&mut runner).unwrap().current().apply(&mut files);
        }
        trees.extend(tree(&files));
    }
    let (mut pairs, mut files) = (0, 0);
    for (at, old) in trees.iter().enumerate() {
        for new in &trees[at + 1..] {
            pairs += 1;
            files += applied(old, new).unwrap();
        }
    }
    assert!(pairs >= 1000 && files > 5000, "{pairs} pairs, {files} files");
}

#[test]
fn most_random_edits_compile() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut compiled = 0;
    for _ in 0..100 {
        let edit = edit().new_tree(&mut runner).unwrap().current();
        let mut files = shop();
        edit.apply(&mut files);
        compiled += usize::from(tree(&files).is_some());
    }
    assert!(compiled > 50, "only {compiled} of 100 random edits compile");
}

#[test]
fn a_side_and_itself_do_not_differ() {
    let files = shop();
    let comparison = review(&files, &files);
    assert!(comparison.review.is_empty());
    assert!(comparison.review.counts.of_instances > 20);
    assert_eq!(comparison.review.counts.instances, 0);
}

#[test]
fn what_does_not_compile_is_not_gone() {
    let base = shop();
    for (path, text) in
        [("services/search/score.yaml", "{"), ("services/orders/score.yaml", "apiVersion: score.dev/v1b1\n")]
    {
        let mut head = base.clone();
        head.insert(path.to_owned(), text.to_owned());
        let comparison = review(&base, &head);
        assert!(comparison.is_broken());
        assert_eq!(comparison.review.counts.removed, 0, "{path}: {:#?}", comparison.review.groups);
        assert!(!comparison.review.undetermined.is_empty());
    }
    let mut head = base.clone();
    head.insert("macadam.yaml".to_owned(), "nonsense: [\n".to_owned());
    let comparison = review(&base, &head);
    assert!(comparison.is_broken());
    assert!(comparison.review.groups.is_empty());
    let by_kind: BTreeMap<_, usize> =
        comparison.review.undetermined.iter().fold(BTreeMap::new(), |mut all, name| {
            *all.entry(name.kind).or_default() += 1;
            all
        });
    assert!(by_kind.len() >= 2, "{by_kind:?}");
}
