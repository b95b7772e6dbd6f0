#![expect(clippy::disallowed_methods, reason = "tests make the files that they read")]

use std::os::unix::fs::symlink;

use proptest::prelude::*;

use super::*;
use crate::load::Memory;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn open(folder: &tempfile::TempDir) -> WorkTree {
    WorkTree::open(folder.path().try_into().unwrap()).unwrap()
}

/// Both ways of opening must agree.
fn stepwise(folder: &tempfile::TempDir) -> WorkTree {
    let WorkTree { path, root, format } = open(folder);
    WorkTree { path, root: root.stepwise(), format }
}

fn names(world: &dyn World, folder: &str) -> Option<Vec<(String, EntryKind)>> {
    let entries = world.list(folder.into()).unwrap()?;
    Some(entries.into_iter().map(|entry| (entry.name, entry.kind)).collect())
}

#[test]
fn files_and_folders_are_read_and_listed_in_order() {
    let disk = folder(&[("b/z", b"1"), ("b/a", b"2"), ("a.yaml", b"")]);
    for world in [open(&disk), stepwise(&disk)] {
        assert_eq!(world.read("b/z".into()).unwrap().as_deref(), Some(&b"1"[..]));
        assert_eq!(world.read("a.yaml".into()).unwrap().as_deref(), Some(&b""[..]));
        assert_eq!(world.read("b".into()).unwrap(), None);
        assert_eq!(world.read("b/none".into()).unwrap(), None);
        assert_eq!(world.read("a.yaml/x".into()).unwrap(), None);
        let root = names(&world, "").unwrap();
        assert_eq!(root, [("a.yaml".into(), EntryKind::File), ("b".into(), EntryKind::Folder)]);
        assert_eq!(names(&world, "b").unwrap().len(), 2);
        assert_eq!(names(&world, "a.yaml"), None);
        assert_eq!(names(&world, "none"), None);
    }
}

#[test]
fn no_path_leads_out_of_the_root() {
    let outside = folder(&[("canary", b"secret"), ("inside/plain", b"")]);
    let disk = folder(&[("plain", b"")]);
    symlink(outside.path().join("canary"), disk.path().join("leaf")).unwrap();
    symlink(outside.path(), disk.path().join("parent")).unwrap();
    symlink("plain", disk.path().join("local")).unwrap();
    let absolute = outside.path().join("canary");
    for world in [open(&disk), stepwise(&disk)] {
        for path in
            ["leaf", "parent/canary", "local", "../canary", "", ".", "./plain", "plain/", "a/../plain"]
        {
            assert_eq!(world.read(path.into()).unwrap(), None, "{path}");
        }
        assert_eq!(world.read(Utf8Path::from_path(&absolute).unwrap()).unwrap(), None);
        assert_eq!(names(&world, "parent"), None);
        assert_eq!(names(&world, ".."), None);
        assert_eq!(names(&world, "/"), None);
        let kinds: Vec<_> = names(&world, "").unwrap().into_iter().map(|(_, kind)| kind).collect();
        assert_eq!(kinds, [EntryKind::Link, EntryKind::Link, EntryKind::Link, EntryKind::File]);
    }
}

#[test]
fn git_is_never_content() {
    let disk = folder(&[(".git/config", b"token"), ("sub/.git", b"gitdir: x"), ("sub/score.yaml", b"")]);
    let world = open(&disk);
    assert_eq!(world.read(".git/config".into()).unwrap(), None);
    assert_eq!(world.read(".GIT/config".into()).unwrap(), None);
    assert_eq!(names(&world, ".git"), None);
    assert_eq!(names(&world, "").unwrap(), [("sub".into(), EntryKind::Folder)]);
    assert_eq!(names(&world, "sub"), None);
}

#[test]
fn pipes_devices_and_sockets_are_not_waited_for() {
    let disk = folder(&[]);
    fs::mkfifoat(open(&disk).root.root(), "pipe", fs::Mode::from_raw_mode(0o644)).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(disk.path().join("socket")).unwrap();
    for world in [open(&disk), stepwise(&disk)] {
        assert_eq!(world.read("pipe".into()).unwrap(), None);
        assert_eq!(world.read("socket".into()).unwrap(), None);
        let kinds = names(&world, "").unwrap();
        assert_eq!(kinds, [("pipe".into(), EntryKind::Other), ("socket".into(), EntryKind::Other)]);
    }
}

#[test]
fn large_files_are_cut_after_the_limit_and_one() {
    let disk = folder(&[]);
    let file = std::fs::File::create(disk.path().join("huge")).unwrap();
    file.set_len(10 << 30).unwrap();
    assert_eq!(open(&disk).read("huge".into()).unwrap().unwrap().len(), READ_LIMIT + 1);
    let memory: Memory = [("huge", vec![0; READ_LIMIT + 10])].into_iter().collect();
    assert_eq!(memory.read("huge".into()).unwrap().unwrap().len(), READ_LIMIT + 1);
}

#[test]
fn files_have_ids_of_the_format_that_is_asked_for() {
    let disk = folder(&[("a/b", b"hello\n")]);
    let sha1 = "ce013625030ba8dba906f756967f9e9ca394464a";
    let sha256 = "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4";
    for (format, expected) in [(ObjectFormat::Sha1, sha1), (ObjectFormat::Sha256, sha256)] {
        let memory: Memory = [("a/b", "hello\n")].into_iter().collect();
        let worlds: [&dyn World; 2] = [&open(&disk).with_format(format), &memory.with_format(format)];
        for world in worlds {
            assert_eq!(world.id("a/b".into()).unwrap().unwrap().to_string(), expected);
            for path in ["", "a", "a/c", "a/b/c", "../a", "a/../a/b"] {
                assert_eq!(world.id(path.into()).unwrap(), None, "{path}");
            }
        }
    }
}

#[test]
fn names_that_are_not_utf8_are_listed_and_not_read() {
    use std::os::unix::ffi::OsStrExt;
    let disk = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff");
    std::fs::write(disk.path().join(name), b"").unwrap();
    assert_eq!(names(&open(&disk), "").unwrap(), [("a\u{fffd}".into(), EntryKind::Other)]);
}

#[test]
fn an_unreadable_folder_is_a_fault_and_not_an_empty_one() {
    use std::os::unix::fs::PermissionsExt;
    let disk = folder(&[("closed/x", b"")]);
    let closed = disk.path().join("closed");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    let listed = open(&disk).list("closed".into());
    let as_root = std::fs::read_dir(&closed).is_ok();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(as_root || matches!(listed, Err(Fault::Unreadable { .. })));
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "a-", "a.b", "a0", "b", ".git", ".GIT", "c\u{202e}", "é", "a b"])
        .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn working_tree_and_memory_give_the_same_answers(
        paths in prop::collection::vec(prop::collection::vec(name(), 1..4), 0..12),
        asked in prop::collection::vec(prop::collection::vec(name(), 0..4), 12),
    ) {
        let disk = tempfile::tempdir().unwrap();
        let mut kept = Vec::new();
        for path in paths.iter().map(|names| names.join("/")) {
            let full = disk.path().join(&path);
            // A file in a folder's place: this path cannot be.
            if std::fs::create_dir_all(full.parent().unwrap()).is_ok() && std::fs::write(&full, &path).is_ok() {
                kept.push((path.clone(), path));
            }
        }
        let memory: Memory = kept.iter().cloned().collect();
        let mut questions: Vec<String> = asked.iter().map(|names| names.join("/")).collect();
        questions.extend(kept.iter().map(|(path, _)| path.clone()));
        questions.extend(kept.iter().filter_map(|(path, _)| Some(Utf8Path::new(path).parent()?.to_string())));
        for world in [open(&disk), stepwise(&disk)] {
            for question in &questions {
                let path = Utf8Path::new(question);
                prop_assert_eq!(world.read(path).unwrap(), memory.read(path).unwrap(), "read {:?}", path);
                prop_assert_eq!(world.id(path).unwrap(), memory.id(path).unwrap(), "id {:?}", path);
                let empty = disk.path().join(path).read_dir().is_ok_and(|mut entries| entries.next().is_none());
                if !empty {
                    prop_assert_eq!(world.list(path).unwrap(), memory.list(path).unwrap(), "list {:?}", path);
                }
            }
        }
    }
}
