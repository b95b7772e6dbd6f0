use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

#[test]
fn links_on_the_way_to_the_output_root_are_refused() {
    let outside = Repository::new();
    let repository = Repository::new();
    symlink(outside.folder(), repository.path("rendered")).unwrap();
    symlink(outside.folder(), repository.path("deploy")).unwrap();
    repository.put("file", "");
    for root in
        ["rendered", "deploy/live", "file", "file/x", "", ".", "..", "../x", "/tmp", ".git", ".github/x"]
    {
        let opened = Root::open(repository.folder(), root.into());
        assert!(matches!(opened, Err(Fault::RefusedOutput { .. })), "{root:?}");
    }
    assert!(outside.files().is_empty());
}

#[test]
fn links_inside_of_the_output_root_are_not_followed() {
    let outside = Repository::new();
    outside.put("x", "canary").put("a/x", "canary");
    let before = outside.files();
    let repository = Repository::new();
    fs::create_dir(repository.path("rendered")).unwrap();
    fs::create_dir(repository.path("rendered/b")).unwrap();
    symlink(outside.path("a"), repository.path("rendered/a")).unwrap();
    symlink(outside.path("x"), repository.path("rendered/b/x")).unwrap();
    symlink(outside.folder(), repository.path("rendered/.macadam")).unwrap();
    insta::assert_snapshot!(repository.render(&tree(&["a/x=1", "b/x=1"])), @"
    write/foreign-file `rendered/.macadam` was not written by macadam
    write/foreign-file `rendered/a` was not written by macadam
    write/blocked-path `rendered/b/x` is a link, and a file has to be written there
    ");
    repository.put(".gitignore", "/rendered/a\n/rendered/.macadam\n");
    insta::assert_snapshot!(repository.render(&tree(&["a/x=1", "b/x=1"])), @"
    write/blocked-path `rendered/.macadam` is a file, and a folder has to be made there
    write/blocked-path `rendered/a` is a file, and a folder has to be made there
    write/blocked-path `rendered/b/x` is a link, and a file has to be written there
    ");
    assert_eq!(outside.files(), before);
}

#[test]
fn a_link_in_place_of_a_file_of_ours_is_told() {
    let outside = Repository::new();
    outside.put("x", "1");
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "b/x=1"]));
    fs::remove_file(repository.path("rendered/b/x")).unwrap();
    symlink(outside.path("x"), repository.path("rendered/b/x")).unwrap();
    let verified = report(&verify(&repository.root()).unwrap());
    assert_eq!(verified, "verify/changed-file `rendered/b/x` is not what macadam wrote\n");
    assert!(repository.render(&tree(&["a/x=1"])).starts_with("write/edited-stale `rendered/b/x`"));
    assert!(exists(&repository.path("rendered/b/x")));
}

#[test]
fn hard_links_are_replaced_and_not_written_through() {
    let outside = Repository::new();
    outside.put("x", "1");
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1"]));
    fs::remove_file(repository.path("rendered/a/x")).unwrap();
    fs::hard_link(outside.path("x"), repository.path("rendered/a/x")).unwrap();
    assert_eq!(repository.render(&tree(&["a/x=2"])), "");
    assert_eq!(fs::read(outside.path("x")).unwrap(), b"1");
    assert_eq!(fs::read(repository.path("rendered/a/x")).unwrap(), b"2");
}

#[test]
fn pipes_and_folders_in_a_files_place_are_told() {
    let repository = Repository::new();
    repository.put("rendered/a/y/mine", "");
    let pipe = repository.path("rendered/a/x");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::from_raw_mode(0o644)).unwrap();
    repository.put(".gitignore", "mine\n");
    insta::assert_snapshot!(repository.render(&tree(&["a/x=1", "a/y=1"])), @"
    write/blocked-path `rendered/a/x` is no plain file, and a file has to be written there
    write/blocked-path `rendered/a/y` is a folder, and a file has to be written there
    ");
}

#[test]
fn a_staging_folder_that_is_a_link_is_not_followed() {
    let outside = Repository::new();
    outside.put("journal", "{}").put("blobs/0", "");
    let before = outside.files();
    let repository = Repository::new();
    symlink(outside.folder(), repository.path(".rendered.macadam")).unwrap();
    let root = repository.root();
    assert!(!root.is_torn().unwrap());
    let changes = compare(&root, &tree(&["a/x=1"]), &Scope::everything()).unwrap().value.unwrap();
    assert!(matches!(apply(&root, changes), Err(Fault::Unwritable { .. })));
    assert_eq!(outside.files(), before);
}

#[test]
fn a_journal_that_somebody_else_wrote_reaches_nothing_outside() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1"]));
    repository.put("precious", "p");
    let journals = [
        r#"{"version":1,"operations":[{"put":{"path":"../precious"}}]}"#,
        r#"{"version":1,"operations":[{"put":{"path":"/etc/x"}}]}"#,
        r#"{"version":1,"operations":[{"remove":{"path":".git/config","sha256":""}}]}"#,
        r#"{"version":9,"operations":[]}"#,
        "",
        "[[[[",
    ];
    for journal in journals {
        repository.put(".rendered.macadam/journal", journal).put(".rendered.macadam/blobs/0", "evil");
        repository.put(".rendered.macadam/old/.keep", "");
        assert!(matches!(recover(&repository.root()), Err(Fault::InvalidJournal { .. })), "{journal}");
        assert_eq!(fs::read(repository.path("precious")).unwrap(), b"p");
    }
}

#[test]
fn a_read_only_folder_keeps_the_old_tree() {
    let repository = Repository::new();
    let before = tree(&["a/x=1", "b/x=1", "c/x=1"]);
    repository.render(&before);
    let closed = repository.path("rendered/b");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(closed.join("probe"), "").is_ok();
    if is_root {
        fs::remove_file(closed.join("probe")).unwrap();
    }
    let root = repository.root();
    let changes =
        compare(&root, &tree(&["a/x=2", "b/x=2", "c/x=2"]), &Scope::everything()).unwrap().value.unwrap();
    let applied = apply(&root, changes);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may write everywhere.
    if !is_root {
        assert!(matches!(applied, Err(Fault::Unwritable { .. })));
        assert_eq!(repository.tree(), before);
        assert!(!repository.litter());
        assert!(!root.is_torn().unwrap());
    }
}

#[test]
fn git_folders_in_the_output_root_are_left_alone() {
    let repository = Repository::new();
    repository.put("rendered/.git/config", "c").put("rendered/sub/.git", "g");
    assert_eq!(repository.render(&tree(&["a/x=1"])), "");
    assert_eq!(repository.render(&tree(&["a/x=2"])), "");
    assert_eq!(fs::read(repository.path("rendered/.git/config")).unwrap(), b"c");
}
