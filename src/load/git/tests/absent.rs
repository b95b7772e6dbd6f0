//! THREATS 7: what is missing was not removed.

use super::*;

const FILES: &[(&str, &str)] = &[
    ("macadam.yaml", "root"),
    ("a/score.yaml", "a"),
    ("a/release.yaml", "r"),
    ("b/c/score.yaml", "c"),
    ("empty", ""),
];

#[test]
fn each_object_that_is_deleted_is_a_fault_or_was_not_needed() {
    let scratch = Scratch::with(FILES);
    scratch.commit(&[("a/score.yaml", "new")]);
    let expected = all(&scratch.revision("HEAD"), "").unwrap();
    let staged = all(&scratch.open("").staged(None).unwrap(), "").unwrap();
    assert_eq!(staged, expected);
    let objects = super::revisions::files_of(scratch.path(".git/objects").as_std_path());
    let objects: Vec<_> = objects.into_iter().map(|(path, _)| path).filter(|path| path.is_file()).collect();
    let mut faults = 0;
    for object in &objects {
        let kept = std::fs::read(object).unwrap();
        std::fs::remove_file(object).unwrap();
        let repository = scratch.open("");
        let found = revision(&repository, "HEAD").and_then(|world| all(&world, ""));
        match &found {
            Ok(found) => assert_eq!(*found, expected, "{object:?}"),
            Err(fault) => {
                let told = told(fault);
                let known =
                    told.starts_with("git/missing-object") || told.starts_with("git/unknown-revision");
                assert!(known, "{told}");
                faults += 1;
            }
        }
        if let Ok(found) = repository.staged(None).and_then(|world| all(&world, "")) {
            assert_eq!(found, expected, "{object:?}");
        }
        std::fs::write(object, kept).unwrap();
    }
    // All but the first commit, its two trees and its blob that changed.
    assert_eq!((objects.len(), faults), (14, 10));
}

#[test]
fn a_pack_that_is_deleted_is_a_fault() {
    let scratch = Scratch::with(FILES);
    scratch.git("gc --quiet");
    let expected = all(&scratch.revision("HEAD"), "").unwrap();
    let world = scratch.revision("HEAD");
    std::fs::remove_dir_all(scratch.path(".git/objects/pack")).unwrap();
    assert!(fault(revision(&scratch.open(""), "HEAD")).starts_with("git/missing-object"));
    // What was open before may still be read.
    assert!(all(&world, "").is_ok_and(|found| found == expected));
}

#[test]
fn an_unreadable_object_is_a_fault() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::with(FILES);
    let id = scratch.git("rev-parse HEAD:a/score.yaml");
    let path = scratch.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let as_root = std::fs::read(&path).is_ok();
    let told = fault(scratch.revision("HEAD").read("a/score.yaml".into()));
    assert!(as_root || told.starts_with("git/damaged-object"), "{told}");
}

/// A clone of a repository with three commits, made with these words, over the transport that can leave things out.
fn clone(words: &[&str]) -> (Scratch, Scratch) {
    let origin = Scratch::with(FILES);
    origin.git("config uploadpack.allowFilter true");
    origin.git("config uploadpack.allowAnySHA1InWant true");
    origin.commit(&[("a/score.yaml", "second")]);
    origin.git("branch old");
    origin.commit(&[("a/score.yaml", "third")]);
    let clone = Scratch::new();
    let from = format!("file://{}", origin.path(""));
    clone.git_in("", &[&["clone", "--quiet"], words, &[&from, "."]].concat());
    (origin, clone)
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let (origin, clone) = clone(&["--depth=1"]);
    let head = clone.git("rev-parse HEAD");
    assert_eq!(read(&clone.revision("HEAD"), "a/score.yaml").unwrap(), "third");
    let told = fault(revision(&clone.open(""), "HEAD~"));
    assert_eq!(
        told,
        format!(
            "git/shallow the history before commit `{head}` is not here: this is a shallow clone (help: run `git fetch --unshallow`; in CI, let the checkout fetch the whole history)"
        )
    );
    let old = origin.git("rev-parse old");
    let told = fault(revision(&clone.open(""), &old));
    assert!(
        told.ends_with(&format!("(help: it may not be fetched yet: `git fetch origin {old}`)")),
        "{told}"
    );

    clone.git_in("", &["fetch", "--quiet", "--depth=1", "origin", "old:refs/remotes/origin/old"]);
    let repository = clone.open("");
    let (one, other) = (repository.resolve("HEAD").unwrap(), repository.resolve("origin/old").unwrap());
    assert_eq!(read(&repository.revision(other).unwrap(), "a/score.yaml").unwrap(), "second");
    assert!(fault(repository.merge_base(one, other)).starts_with("git/shallow"));
    assert_eq!(repository.merge_base(one, one).unwrap(), one);

    clone.git("fetch --quiet --unshallow");
    let repository = clone.open("");
    assert_eq!(repository.merge_base(one, other).unwrap(), other);
    assert_eq!(read(&clone.revision("HEAD~"), "a/score.yaml").unwrap(), "second");
}

#[test]
fn a_shallow_clone_finds_a_merge_base_that_nothing_hidden_could_change() {
    let (origin, clone) = clone(&["--depth=2"]);
    let old = origin.git("rev-parse old");
    let repository = clone.open("");
    let (one, other) = (repository.resolve("HEAD").unwrap(), repository.resolve(&old).unwrap());
    assert_eq!(repository.merge_base(one, other).unwrap(), other);
}

#[test]
fn a_partial_clone_says_what_to_fetch_and_fetches_nothing() {
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let (_origin, clone) = clone(&["--no-checkout", filter]);
        let before = super::revisions::files_of(clone.path(".git").as_std_path());
        let told = fault(clone.revision("HEAD~").read("a/score.yaml".into()));
        assert!(told.starts_with("git/missing-object Git object `"), "{told}");
        assert!(told.contains("`a/score.yaml`"), "{told}");
        let help =
            "this is a partial clone, and macadam fetches nothing: run `git fetch --refetch --no-filter`";
        assert!(told.contains(help), "{told}");
        assert_eq!(super::revisions::files_of(clone.path(".git").as_std_path()), before);
        clone.git("fetch --quiet --refetch --no-filter");
        assert_eq!(read(&clone.revision("HEAD~"), "a/score.yaml").unwrap(), "second");
    }
}

#[test]
fn a_missing_object_of_a_whole_clone_can_be_fetched_again() {
    let (_origin, clone) = clone(&[]);
    let id = clone.git("rev-parse HEAD:b");
    clone.git("repack -a -d --quiet");
    let pack = super::revisions::files_of(clone.path(".git/objects/pack").as_std_path());
    let pack = pack.iter().find(|(path, _)| path.extension().is_some_and(|end| end == "pack")).unwrap();
    let moved = clone.path("moved.pack");
    std::fs::rename(&pack.0, &moved).unwrap();
    std::fs::remove_dir_all(clone.path(".git/objects/pack")).unwrap();
    let unpack = git(clone.0.path(), &clone.path(""), &["unpack-objects", "-q"])
        .stdin(std::fs::File::open(&moved).unwrap())
        .status();
    assert!(unpack.unwrap().success());
    std::fs::remove_file(clone.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let told = fault(clone.revision("HEAD").list("b/c".into()));
    let expected =
        format!("git/missing-object Git object `{id}` is missing: it is a folder, needed for `b/c`");
    assert!(told.starts_with(&expected) && told.contains("`git fetch --refetch`"), "{told}");
    clone.git("fetch --quiet --refetch");
    assert_eq!(read(&clone.revision("HEAD"), "b/c/score.yaml").unwrap(), "c");
}

#[test]
fn a_sparse_checkout_is_a_fault_for_the_working_tree_and_none_for_commits() {
    for kind in ["--no-sparse-index", "--sparse-index"] {
        let scratch = Scratch::with(FILES);
        assert!(scratch.open("").check_whole().is_ok());
        scratch.git(&format!("sparse-checkout set --cone {kind} a"));
        assert!(!scratch.path("b").exists());
        let told = fault(scratch.open("").check_whole());
        assert!(told.starts_with("git/sparse 1 files, such as `b/"), "{told}");
        assert!(scratch.open("a").check_whole().is_ok());
        for world in [scratch.revision("HEAD"), scratch.open("").staged(None).unwrap()] {
            assert_eq!(read(&world, "b/c/score.yaml").unwrap(), "c");
            assert_eq!(world.id("b".into()).unwrap().unwrap().to_string(), scratch.git("rev-parse HEAD:b"));
        }
        scratch.git("sparse-checkout disable");
        scratch.git("update-index --skip-worktree a/score.yaml");
        assert!(scratch.open("").check_whole().is_ok());
    }
}
