use super::*;

#[test]
fn foreign_files_stop_the_run() {
    let repository = Repository::new();
    let before = tree(&["a/x=1"]);
    repository.render(&before);
    repository.put("rendered/a/foreign", "f").put("rendered/.hidden", "h").put("rendered/.macadam/odd", "o");
    insta::assert_snapshot!(repository.render(&tree(&["a/x=2"])), @"
    write/foreign-file `rendered/.hidden` was not written by macadam
    write/foreign-file `rendered/.macadam/odd` was not written by macadam
    write/foreign-file `rendered/a/foreign` was not written by macadam
    ");
    assert_eq!(fs::read(repository.path("rendered/a/x")).unwrap(), b"1");
}

#[test]
fn ignored_files_and_what_terraform_leaves_are_not_foreign() {
    let repository = Repository::new();
    repository.put(".gitignore", "*.tmp\n/rendered/scratch/\n!/rendered/a/keep.tmp\n");
    repository.put("rendered/a/x.tmp", "").put("rendered/scratch/deep/y", "").put("rendered/a/keep.tmp", "");
    repository.put("rendered/o/.terraform/providers/p", "").put("rendered/o/.terraform.lock.hcl", "");
    let report = repository.render(&tree(&["a/x=1"]));
    insta::assert_snapshot!(report, @"write/foreign-file `rendered/a/keep.tmp` was not written by macadam");
    fs::remove_file(repository.path("rendered/a/keep.tmp")).unwrap();
    assert_eq!(repository.render(&tree(&["a/x=1"])), "");
    assert_eq!(repository.render(&tree(&["a/x=1"])), "");
    for path in ["rendered/a/x.tmp", "rendered/scratch/deep/y", "rendered/o/.terraform.lock.hcl"] {
        assert!(repository.path(path).exists());
    }
    assert!(verify(&repository.root()).unwrap().is_empty());
}

#[test]
fn a_foreign_file_in_the_trees_place_is_not_replaced() {
    let repository = Repository::new();
    repository.put(".gitignore", "y\n").put("rendered/a/x", "mine").put("rendered/a/y", "mine");
    repository.put("rendered/a/z", "1");
    insta::assert_snapshot!(repository.render(&tree(&["a/x=1", "a/y=1", "a/z=1"])), @"
    write/foreign-file `rendered/a/x` would be replaced, and macadam did not write it
    write/foreign-file `rendered/a/y` would be replaced, and macadam did not write it
    ");
    assert_eq!(fs::read(repository.path("rendered/a/x")).unwrap(), b"mine");
}

#[test]
fn edited_files_are_rendered_again_with_a_warning() {
    let repository = Repository::new();
    let tree = tree(&["a/x=1"]);
    repository.render(&tree);
    repository.put("rendered/a/x", "edited");
    insta::assert_snapshot!(repository.render(&tree), @"write/edited-file `rendered/a/x` was edited by hand and is rendered again");
    assert_eq!(repository.tree(), tree);
}

#[test]
fn conflict_marked_files_and_records_are_rendered_again_silently() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "a/theirs=1"]));
    let theirs = fs::read_to_string(repository.path("rendered/.macadam/a.sha256")).unwrap();
    repository.render(&tree(&["a/x=2", "a/ours=1"]));
    let ours = fs::read_to_string(repository.path("rendered/.macadam/a.sha256")).unwrap();
    let marked = |ours: &str, theirs: &str| format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n");
    repository.put("rendered/.macadam/a.sha256", marked(&ours, &theirs));
    repository.put("rendered/a/x", marked("2\n", "1\n")).put("rendered/a/theirs", "1");
    let merged = tree(&["a/x=3", "a/ours=1"]);
    assert_eq!(repository.render(&merged), "");
    assert_eq!(repository.tree(), merged);
}

#[test]
fn either_side_of_a_merge_is_as_written() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1"]));
    let theirs = fs::read_to_string(repository.path("rendered/.macadam/a.sha256")).unwrap();
    repository.render(&tree(&["a/x=2"]));
    let ours = fs::read_to_string(repository.path("rendered/.macadam/a.sha256")).unwrap();
    repository.put("rendered/.macadam/a.sha256", format!("<<<<<<< a\n{ours}=======\n{theirs}>>>>>>> b\n"));
    repository.put("rendered/a/x", "1");
    assert_eq!(repository.render(&tree(&["a/x=3"])), "");
}

#[test]
fn stale_files_that_were_edited_stop_the_run() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "b/x=1"]));
    repository.put("rendered/b/x", "edited");
    insta::assert_snapshot!(repository.render(&tree(&["a/x=1"])), @"write/edited-stale `rendered/b/x` is no longer made, and was edited by hand");
    assert!(repository.path("rendered/b/x").exists());
}

#[test]
fn emptied_and_cut_records_delete_nothing() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "b/x=1"]));
    let record = fs::read(repository.path("rendered/.macadam/b.sha256")).unwrap();
    for cut in [&record[..0], &record[..40], b"<<<<<<<\n"] {
        repository.put("rendered/.macadam/b.sha256", cut);
        assert_eq!(
            repository.render(&tree(&["a/x=1"])),
            "write/foreign-file `rendered/b/x` was not written by macadam\n"
        );
    }
}

#[test]
fn a_newer_layout_is_left_alone() {
    let repository = Repository::new();
    let tree = tree(&["a/x=1"]);
    repository.put("rendered/.macadam/format", "2\n");
    let fault = compare(&repository.root(), &tree, &Scope::everything()).unwrap_err();
    assert!(matches!(fault, Fault::NewerFormat { found: 2, known: 1, .. }));
    assert!(check(&repository.root(), &tree, &Scope::everything()).is_err());
    assert!(verify(&repository.root()).is_err());
    repository.put("rendered/.macadam/format", "<<<<<<<");
    assert_eq!(repository.render(&tree), "");
}

#[test]
fn outputs_that_git_or_ci_act_on_are_refused() {
    let repository = Repository::new();
    let mut tree = tree(&["a/x=1", "a/.gitattributes=*"]);
    for path in [".git/hooks/pre-commit", "../up", "/abs", "a/x/inside", "b\nc"] {
        tree.files.insert(path.into(), Vec::new());
    }
    insta::assert_snapshot!(repository.render(&tree), @"
    write/refused-output `/abs` is not written: it is not a plain path, or names `.git`
    write/refused-output `rendered/../up` is not written: it is not a plain path, or names `.git`
    write/refused-output `rendered/.git/hooks/pre-commit` is not written: it is not a plain path, or names `.git`
    write/refused-output `rendered/a/.gitattributes` is not written: Git acts on files of this name
    write/refused-output `rendered/a/x/inside` is not written: a folder that it lies in is a file of the tree
    write/refused-output `rendered/b
    c` is not written: it has invisible characters or backslashes
    ");
    assert!(repository.files().is_empty());
}

#[test]
fn check_and_verify_find_each_flip_drop_and_add() {
    let repository = Repository::new();
    let tree = tree(&["a/x=1", "a/y=2", "b/z=3"]);
    repository.render(&tree);
    let check = || report(&check(&repository.root(), &tree, &Scope::everything()).unwrap());
    let verify = || report(&verify(&repository.root()).unwrap());
    assert_eq!((check(), verify()), (String::new(), String::new()));
    for (path, bytes) in &tree.files {
        let file = repository.path("rendered").join(path);
        let mut flipped = bytes.clone();
        flipped[0] ^= 1;
        fs::write(&file, flipped).unwrap();
        assert!(check().contains(&format!("`rendered/{path}`")), "{path}: {}", check());
        assert!(!verify().is_empty(), "{path}");
        fs::remove_file(&file).unwrap();
        assert!(check().contains(&format!("`rendered/{path}` is missing")), "{path}: {}", check());
        assert!(!verify().is_empty(), "{path}");
        fs::write(&file, bytes).unwrap();
    }
    repository.put("rendered/a/more", "");
    insta::assert_snapshot!(check(), @"check/not-current `rendered/a/more` was not written by macadam");
    insta::assert_snapshot!(verify(), @"write/foreign-file `rendered/a/more` was not written by macadam");
}

#[test]
fn verify_tells_what_is_wrong() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&verify(&repository.root()).unwrap()), @"verify/unknown-format `rendered/.macadam/format` does not say which layout it has");
    repository.render(&tree(&["a/x=1", "a/y=2", "b/z=3"]));
    repository.put("rendered/.macadam/b.sha256", "<<<<<<< HEAD\n").put("rendered/a/x", "2");
    fs::remove_file(repository.path("rendered/a/y")).unwrap();
    insta::assert_snapshot!(report(&verify(&repository.root()).unwrap()), @"
    verify/damaged-record `rendered/.macadam/b.sha256` has lines that are no entries
    verify/changed-file `rendered/a/x` is not what macadam wrote
    write/foreign-file `rendered/b/z` was not written by macadam
    verify/missing-file `rendered/a/y` is missing
    ");
}

#[test]
fn check_says_what_is_wrong_and_writes_nothing() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "a/y=1", "a/w=1", "b/z=1"]));
    repository.put("rendered/a/y", "edited").put("rendered/a/w", "<<<<<<< a\n=======\n>>>>>>> b\n");
    let before = repository.files();
    let after = tree(&["a/x=2", "a/y=2", "a/w=2", "a/v=2"]);
    insta::assert_snapshot!(report(&check(&repository.root(), &after, &Scope::everything()).unwrap()), @"
    check/not-current `rendered/.macadam/a.sha256` is not what would be written
    check/not-current `rendered/.macadam/b.sha256` is no longer made
    check/not-current `rendered/a/v` is missing
    check/not-current `rendered/a/w` has conflict markers
    check/not-current `rendered/a/x` is not what would be written
    check/not-current `rendered/a/y` was edited by hand
    check/not-current `rendered/b/z` is no longer made
    ");
    assert_eq!(repository.files(), before);
}
