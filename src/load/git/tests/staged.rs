//! The index: what would be committed, whatever lies on disk.

use super::*;

const FILES: &[(&str, &str)] =
    &[("macadam.yaml", "root"), ("sub/a/score.yaml", "a"), ("sub/b/score.yaml", "b")];

fn staged(scratch: &Scratch) -> Revision {
    scratch.open("").staged(None).unwrap()
}

#[test]
fn what_is_staged_counts_and_what_lies_on_disk_does_not() {
    let scratch = Scratch::with(FILES);
    scratch.write("sub/a/score.yaml", "staged");
    scratch.write("new/deep/er/score.yaml", "new");
    scratch.git("add --all");
    scratch.git("rm --quiet --cached sub/b/score.yaml");
    scratch.write("sub/a/score.yaml", "on disk");
    scratch.write("untracked", "");
    let world = staged(&scratch);
    assert_eq!(world.name(), crate::model::WorldName::Staged);
    assert_eq!(names(&world, "").unwrap(), ["macadam.yaml", "new/", "sub/"]);
    assert_eq!(names(&world, "sub").unwrap(), ["a/"]);
    assert_eq!(read(&world, "sub/a/score.yaml").unwrap(), "staged");
    assert_eq!(read(&world, "new/deep/er/score.yaml").unwrap(), "new");
    let tree = scratch.git("write-tree");
    assert_eq!(world.id("".into()).unwrap().unwrap().to_string(), tree);
    let committed = scratch.git_in("", &["rev-parse", &format!("{tree}:sub")]);
    assert_eq!(world.id("sub".into()).unwrap().unwrap().to_string(), committed);
}

#[test]
fn parts_of_a_file_can_be_staged() {
    let scratch = Scratch::with(&[("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")]);
    scratch.write("a", "one\n2\n3\n4\n5\n6\n7\n8\nnine\n");
    let patch = "--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n-1\n+one\n 2\n 3\n";
    std::fs::write(scratch.path("patch"), patch).unwrap();
    scratch.git("apply --cached patch");
    assert_eq!(read(&staged(&scratch), "a").unwrap(), "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

#[test]
fn paths_are_relative_to_the_platform_repository() {
    let scratch = Scratch::with(FILES);
    let world = scratch.open("sub").staged(None).unwrap();
    assert_eq!(names(&world, "").unwrap(), ["a/", "b/"]);
    assert_eq!(world.id("".into()).unwrap().unwrap().to_string(), scratch.git("rev-parse HEAD:sub"));
    scratch.write("subtle/x", "");
    scratch.git("add --all");
    assert_eq!(names(&scratch.open("sub").staged(None).unwrap(), "").unwrap(), ["a/", "b/"]);
}

#[test]
fn an_index_that_is_not_there_is_empty() {
    let world = staged(&Scratch::repository());
    assert_eq!(names(&world, "").unwrap(), Vec::<String>::new());
}

#[test]
fn what_is_only_announced_is_not_there() {
    let scratch = Scratch::with(FILES);
    scratch.write("soon/score.yaml", "");
    scratch.git("add --intent-to-add soon/score.yaml");
    let world = staged(&scratch);
    assert_eq!(names(&world, "").unwrap(), ["macadam.yaml", "sub/"]);
    assert_eq!(read(&world, "soon/score.yaml"), None);
}

#[test]
fn a_merge_conflict_is_a_fault_where_it_concerns_us() {
    let scratch = Scratch::with(FILES);
    scratch.git("checkout --quiet -b topic");
    scratch.commit(&[("sub/a/score.yaml", "topic")]);
    scratch.git("checkout --quiet main");
    scratch.commit(&[("sub/a/score.yaml", "main")]);
    let merge = git(scratch.0.path(), &scratch.path(""), &["merge", "--quiet", "topic"]).output().unwrap();
    assert!(!merge.status.success());
    let told = fault(scratch.open("").staged(None));
    assert_eq!(
        told,
        "git/unmerged `sub/a/score.yaml` has a merge conflict (help: resolve it and `git add` it, then run again)"
    );
    assert!(scratch.open("sub/b").staged(None).is_ok());
}

#[test]
fn a_split_index_is_read_whole() {
    let scratch = Scratch::with(FILES);
    scratch.git("update-index --split-index");
    scratch.write("sub/a/score.yaml", "split");
    scratch.write("sub/c", "");
    scratch.git("add --all");
    scratch.git("rm --quiet --cached sub/b/score.yaml");
    let world = staged(&scratch);
    assert_eq!(names(&world, "sub").unwrap(), ["a/", "c"]);
    assert_eq!(read(&world, "sub/a/score.yaml").unwrap(), "split");
    assert_eq!(world.id("".into()).unwrap().unwrap().to_string(), scratch.git("write-tree"));
    for entry in std::fs::read_dir(scratch.path(".git")).unwrap().map(Result::unwrap) {
        if entry.file_name().to_string_lossy().starts_with("sharedindex.") {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    assert!(fault(scratch.open("").staged(None)).starts_with("git/unusable-index"));
}

#[test]
fn every_version_of_the_index_is_read() {
    let scratch = Scratch::with(FILES);
    for version in 2..=4 {
        scratch.git(&format!("update-index --index-version {version}"));
        assert_eq!(read(&staged(&scratch), "sub/b/score.yaml").unwrap(), "b", "{version}");
    }
}

/// `git commit <path>` makes an index of its own for the hook, which only `GIT_INDEX_FILE` tells of.
#[test]
fn a_hook_sees_what_is_committed() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::with(FILES);
    scratch.write(".git/hooks/pre-commit", "#!/bin/sh\ncp \"$GIT_INDEX_FILE\" .git/seen\n");
    let hook = scratch.path(".git/hooks/pre-commit");
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    scratch.write("sub/a/score.yaml", "new");
    scratch.write("sub/b/score.yaml", "new");
    scratch.git("add sub/b/score.yaml");
    scratch.git("commit --quiet --message=x sub/a/score.yaml");
    let world = scratch.open("").staged(Some(&scratch.path(".git/seen"))).unwrap();
    assert_eq!(read(&world, "sub/a/score.yaml").unwrap(), "new");
    assert_eq!(read(&world, "sub/b/score.yaml").unwrap(), "b");
    assert_eq!(read(&staged(&scratch), "sub/b/score.yaml").unwrap(), "new");
}

#[test]
fn a_broken_index_is_a_fault_and_no_panic() {
    let scratch = Scratch::with(FILES);
    let index = scratch.path(".git/index");
    let whole = std::fs::read(&index).unwrap();
    let expected = all(&staged(&scratch), "").unwrap();
    // The checksum at the end is left out, so that what is broken is not only the checksum.
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let end = bytes.len() - 20;
        bytes[end..].fill(0);
        std::fs::write(&index, &bytes).unwrap();
        match scratch.open("").staged(None).and_then(|world| all(&world, "")) {
            // Times, owners and flags are not what is read.
            Ok(found) => assert!(found.len() >= expected.len() - 2, "{at}"),
            Err(fault) => assert!(told(&fault).starts_with("git/"), "{at}"),
        }
        std::fs::write(&index, &whole[..at]).unwrap();
        assert!(at == 0 || scratch.open("").staged(None).is_err(), "{at}");
    }
}
