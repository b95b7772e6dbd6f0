use std::os::unix::fs::MetadataExt;

use super::*;

#[test]
fn a_first_tree_appears_with_its_records() {
    let repository = Repository::new();
    let tree = tree(&["k/a/x.yaml=1", "k/a/y.yaml=2", "k/b/z.yaml=3"]);
    assert_eq!(repository.render(&tree), "");
    assert_eq!(repository.tree(), tree);
    assert!(!repository.litter());
    let sum = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", ".macadam/k/a.sha256"])
        .current_dir(repository.path("rendered"))
        .output()
        .unwrap();
    assert!(sum.status.success(), "{sum:?}");
}

#[test]
fn an_output_root_in_folders_that_are_not_there_is_made() {
    let repository = Repository::new();
    let root = Root::open(repository.folder(), "./deploy/live/".into()).unwrap();
    let tree = tree(&["a/x=1"]);
    let changes = compare(&root, &tree, &Scope::everything()).unwrap().value.unwrap();
    apply(&root, changes).unwrap();
    assert_eq!(fs::read(repository.path("deploy/live/a/x")).unwrap(), b"1");
    assert!(check(&root, &tree, &Scope::everything()).unwrap().is_empty());
    assert_eq!(repository.files().len(), 3);
}

#[test]
fn an_empty_folder_is_as_good_as_none() {
    let repository = Repository::new();
    fs::create_dir(repository.path("rendered")).unwrap();
    let tree = tree(&["a/x=1"]);
    repository.render(&tree);
    assert_eq!(repository.tree(), tree);
}

#[test]
fn equal_files_keep_inode_and_times() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "a/y=1"]));
    let stat =
        |path| fs::metadata(repository.path(path)).map(|stat| (stat.ino(), stat.mtime(), stat.mtime_nsec()));
    let (x, y) = (stat("rendered/a/x").unwrap(), stat("rendered/a/y").unwrap());
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(repository.render(&tree(&["a/x=1", "a/y=2"])), "");
    assert_eq!(stat("rendered/a/x").unwrap(), x);
    assert_ne!(stat("rendered/a/y").unwrap(), y);
}

#[test]
fn stale_files_go_with_their_records_and_folders() {
    let repository = Repository::new();
    repository.render(&tree(&["k/a/x=1", "k/b/c/y=1"]));
    let after = tree(&["k/a/x=1"]);
    assert_eq!(repository.render(&after), "");
    assert_eq!(repository.tree(), after);
    assert!(!repository.path("rendered/k/b").exists());
    assert!(!repository.path("rendered/.macadam/k/b").exists());
}

#[test]
fn only_instances_in_scope_lose_files() {
    let repository = Repository::new();
    repository.render(&tree(&["dev/a/x=1", "dev/b/x=1", "prod/a/x=1"]));
    let part = tree(&["dev/a/x=2"]);
    assert_eq!(repository.render_scope(&part, &Scope::below(["dev".into()])), "");
    assert_eq!(repository.tree(), tree(&["dev/a/x=2", "prod/a/x=1"]));
    let check = check(&repository.root(), &part, &Scope::below(["dev".into()])).unwrap();
    assert_eq!(report(&check), "");
}

#[test]
fn a_file_that_another_instance_owns_too_stays() {
    let repository = Repository::new();
    repository.render(&tree(&["dev/a/x=1", "prod/a/x=1"]));
    let other = fs::read_to_string(repository.path("rendered/.macadam/prod/a.sha256")).unwrap();
    repository.put("rendered/.macadam/dev/forged.sha256", other);
    assert_eq!(repository.render_scope(&tree(&["dev/a/x=1"]), &Scope::below(["dev".into()])), "");
    assert_eq!(repository.tree(), tree(&["dev/a/x=1", "prod/a/x=1"]));
}

#[test]
fn files_and_folders_take_each_others_places() {
    let repository = Repository::new();
    for files in [&["a/x=1"][..], &["a/x/y=1"], &["a/x/y/z=1", "a/x/y/w=2"], &["a/x=2"], &["b/x=1"]] {
        let tree = tree(files);
        assert_eq!(repository.render(&tree), "", "{files:?}");
        assert_eq!(repository.tree(), tree);
    }
}

#[test]
fn empty_folders_are_nobodys() {
    let repository = Repository::new();
    fs::create_dir_all(repository.path("rendered/a/x/empty")).unwrap();
    let tree = tree(&["a/x=1"]);
    assert_eq!(repository.render(&tree), "");
    assert_eq!(repository.tree(), tree);
}

#[test]
fn a_large_removal_needs_a_word() {
    let repository = Repository::new();
    let many: Vec<String> = (0..30).map(|number| format!("a{number}/x=1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    repository.render(&tree(&many));
    let few = tree(&many[..5]);
    insta::assert_snapshot!(repository.render(&few), @"write/too-many-removals 25 of the 30 files in `rendered` would be removed");
    assert_eq!(repository.tree(), tree(&many));
    assert_eq!(repository.render(&tree(&many[..10])), "");
    assert_eq!(repository.render_scope(&tree(&[]), &Scope::everything().allow_removals()), "");
    assert_eq!(repository.tree(), tree(&[]));
}

#[test]
fn two_writers_do_not_mix() {
    let repository = Repository::new();
    let first = repository.root();
    let tree = tree(&["a/x=1"]);
    let changes = compare(&first, &tree, &Scope::everything()).unwrap().value.unwrap();
    let second = repository.root();
    assert!(matches!(compare(&second, &tree, &Scope::everything()), Err(Fault::Locked { .. })));
    assert!(matches!(recover(&second), Err(Fault::Locked { .. })));
    assert!(matches!(apply(&second, changes.clone()), Err(Fault::Locked { .. })));
    assert_eq!(check(&second, &tree, &Scope::everything()).unwrap().len(), 3);
    apply(&first, changes).unwrap();
    drop(first);
    assert!(compare(&second, &tree, &Scope::everything()).unwrap().value.unwrap().is_empty());
}

#[test]
fn a_file_that_changes_after_the_look_is_not_removed() {
    let repository = Repository::new();
    repository.render(&tree(&["a/x=1", "b/x=1"]));
    let root = repository.root();
    let changes = compare(&root, &tree(&["a/x=1"]), &Scope::everything()).unwrap().value.unwrap();
    repository.put("rendered/b/x", "mine");
    assert!(matches!(apply(&root, changes), Err(Fault::ChangedMeanwhile { .. })));
    assert_eq!(fs::read(repository.path("rendered/b/x")).unwrap(), b"mine");
    assert!(!repository.litter());
}

#[test]
fn a_process_started_meanwhile_does_not_keep_the_right_to_write() {
    let repository = Repository::new();
    let root = repository.root();
    recover(&root).unwrap();
    let inherited = root.inherited_lock();
    drop(root);
    assert!(!recover(&repository.root()).unwrap());
    drop(inherited);
}
