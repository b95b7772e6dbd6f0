//! THREATS 6: trees that no working tree could hold, and objects that are not what they should be.

use git2::{ObjectType, Oid};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::*;

/// A repository whose objects are written byte by byte.
struct Crafted {
    folder: tempfile::TempDir,
    git: git2::Repository,
}

impl Crafted {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = git2::Repository::init_bare(folder.path()).unwrap();
        Self { folder, git }
    }

    fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        self.git.odb().unwrap().write(kind, bytes).unwrap()
    }

    /// A commit of a tree.
    fn commit(&self, tree: Oid) -> Oid {
        let who = "x <x@example.org> 0 +0000";
        let text = format!("tree {tree}\nauthor {who}\ncommitter {who}\n\nx\n");
        self.write(ObjectType::Commit, text.as_bytes())
    }

    fn open(&self) -> Repository {
        Repository::discover(Utf8Path::from_path(self.folder.path()).unwrap()).unwrap().unwrap()
    }

    /// The world of a commit of a tree.
    fn revision(&self, tree: Oid) -> Result<Revision, Fault> {
        super::revision(&self.open(), &self.commit(tree).to_string())
    }
}

/// Mode, name and id of a tree's entry.
type Line<'a> = (&'a str, &'a [u8], Oid);

/// The bytes of a tree.
fn tree(entries: &[Line<'_>]) -> Vec<u8> {
    let line = |(mode, name, id): &Line<'_>| [mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat();
    entries.iter().flat_map(line).collect()
}

#[test]
fn trees_that_git_does_not_make_are_refused() {
    let crafted = Crafted::new();
    let file = crafted.write(ObjectType::Blob, b"x");
    let folder = crafted.write(ObjectType::Tree, &tree(&[("100644", b"x", file)]));
    let one = |mode, name: &'static [u8]| vec![(mode, name, if mode == "40000" { folder } else { file })];
    let table: Vec<(Vec<Line<'_>>, &str)> = vec![
        (one("100644", b""), "an entry is named ``"),
        (one("40000", b"."), "an entry is named `.`"),
        (one("40000", b".."), "an entry is named `..`"),
        (one("100644", b"a/b"), "an entry is named `a/b`"),
        (one("100644", b"../../etc/passwd"), "an entry is named `../../etc/passwd`"),
        (one("100644", b"/etc/passwd"), "an entry is named `/etc/passwd`"),
        (one("40000", b".git"), "an entry is named `.git`"),
        (one("100644", b".git"), "an entry is named `.git`"),
        (one("120000", b".GIT"), "an entry is named `.GIT`"),
        (one("40000", b"git~1"), "an entry is named `git~1`"),
        (one("40000", b".git. . "), "an entry is named `.git. . `"),
        (one("40000", b".git::$INDEX_ALLOCATION"), "an entry is named `.git::$INDEX_ALLOCATION`"),
        (one("40000", b".git\\x"), "an entry is named `.git\\x`"),
        (one("40000", ".g\u{200c}it".as_bytes()), "an entry is named `.g\u{200c}it`"),
        (one("160000", b".git"), "an entry is named `.git`"),
        (vec![("100644", b"a", file), ("100644", b"a", file)], "two entries are named `a`"),
        (vec![("100644", b"a", file), ("40000", b"a", folder)], "two entries are named `a`"),
        (
            vec![("100644", b"a", file), ("100644", b"a.b", file), ("40000", b"a", folder)],
            "two entries are named `a`",
        ),
        (vec![("40000", b"a", folder), ("120000", b"a", file)], "two entries are named `a`"),
        (vec![("100644", b"b", file), ("100644", b"a", file)], "`a` is out of order"),
        (vec![("40000", b"a", folder), ("100644", b"a.b", file)], "`a.b` is out of order"),
        (one("100640", b"a"), "`a` has mode `100640`"),
        (one("0100644", b"a"), "`a` has mode `0100644`"),
        (one("040000", b"a"), "`a` has mode `040000`"),
        (one("100000", b"a"), "`a` has mode `100000`"),
        (one("", b"a"), "`a` has mode ``"),
        (one("-1", b"a"), "`a` has mode `-1`"),
        (one("+40000", b"a"), "`a` has mode `+40000`"),
        (one("20000", b"a"), "`a` has mode `20000`"),
    ];
    for (entries, reason) in table {
        let id = crafted.write(ObjectType::Tree, &tree(&entries));
        let outer = crafted.write(ObjectType::Tree, &tree(&[("40000", b"sub", id), ("100644", b"x", file)]));
        let help = "(help: `git fsck` tells more; Git itself does not make such trees)";
        let expected = format!("git/refused-tree Git tree `{id}` is refused: {reason} {help}");
        assert_eq!(fault(crafted.revision(id).and_then(|world| world.list("".into()))), expected);
        let world = crafted.revision(outer).unwrap();
        assert_eq!(read(&world, "x").unwrap(), "x");
        assert_eq!(fault(world.list("sub".into())), expected);
        assert_eq!(fault(world.read("sub/a".into())), expected);
        assert_eq!(fault(world.id("sub/a".into())), expected);
        assert_eq!(world.id("sub".into()).unwrap().unwrap().to_string(), id.to_string());
    }
}

#[test]
fn names_that_only_look_strange_are_listed_as_the_working_tree_lists_them() {
    let crafted = Crafted::new();
    let file = crafted.write(ObjectType::Blob, b"x");
    let strange: &[&[u8]] = &[b"AUX", b"a:b", b"a\\b", b"con.txt", b"c\xe2\x80\xae", b"d\x1b[31m", b"e\xff"];
    let entries: Vec<_> = strange.iter().map(|name| ("100644", *name, file)).collect();
    let world = crafted.revision(crafted.write(ObjectType::Tree, &tree(&entries))).unwrap();
    let expected = ["AUX", "a:b", "a\\b", "con.txt", "c\u{202e}", "d\u{1b}[31m", "e\u{fffd}?"];
    assert_eq!(names(&world, "").unwrap(), expected);
    assert_eq!(read(&world, "e\u{fffd}"), None);
}

#[test]
fn objects_of_the_wrong_kind_are_damage() {
    let crafted = Crafted::new();
    let blob = crafted.write(ObjectType::Blob, b"x");
    let inner = crafted.write(ObjectType::Tree, b"");
    let commit = crafted.commit(inner);
    let outer = tree(&[("100644", b"a", inner), ("100644", b"b", commit), ("40000", b"c", blob)]);
    let world = crafted.revision(crafted.write(ObjectType::Tree, &outer)).unwrap();
    for (told, expected) in [
        (fault(world.read("b".into())), "it is a commit, not a blob"),
        (fault(world.list("c".into())), "it is a blob, not a tree"),
        (fault(crafted.revision(blob).and_then(|world| world.list("".into()))), "it is a blob, not a tree"),
        (
            fault(crafted.revision(commit).and_then(|world| world.list("".into()))),
            "it is a commit, not a tree",
        ),
    ] {
        assert!(told.starts_with("git/damaged-object") && told.contains(expected), "{told}");
    }
}

#[test]
fn broken_commits_and_tags_are_damage() {
    let crafted = Crafted::new();
    let id = crafted.write(ObjectType::Tree, b"");
    let texts = [
        String::new(),
        "x".to_owned(),
        "tree 123\n".to_owned(),
        format!("tree {id}"),
        format!("tree {id}\n\0"),
    ];
    for text in &texts {
        let commit = crafted.write(ObjectType::Commit, text.as_bytes());
        let told = fault(super::revision(&crafted.open(), &commit.to_string()));
        assert!(told.starts_with("git/damaged-object"), "{text:?} {told}");
        let tag = crafted.write(ObjectType::Tag, text.as_bytes());
        let told = fault(super::revision(&crafted.open(), &tag.to_string()));
        assert!(told.starts_with("git/damaged-object"), "{text:?} {told}");
    }
}

/// A byte changed, dropped or doubled, at places that are the same in every run.
fn mutate(bytes: &[u8], rng: &mut TestRng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + rng.random_range(0..3) {
        let at = rng.random_range(0..bytes.len().max(1));
        match rng.random_range(0..4) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.insert(at.min(bytes.len()), b" \0/.0149a"[rng.random_range(0..8)]),
            _ => bytes.truncate(bytes.len() - bytes.len().min(at % 7)),
        }
    }
    bytes
}

/// What libgit2 makes of a tree: names and ids.
fn oracle_tree(git: &git2::Repository, id: Oid) -> Option<Vec<(Vec<u8>, String)>> {
    let tree = git.find_tree(id).ok()?;
    Some(tree.iter().map(|entry| (entry.name_bytes().to_vec(), entry.id().to_string())).collect())
}

#[test]
fn mutated_trees_and_commits_are_read_as_libgit2_reads_them_or_not_at_all() {
    let crafted = Crafted::new();
    let file = crafted.write(ObjectType::Blob, b"x");
    let sub = crafted.write(ObjectType::Tree, &tree(&[("100644", b"x", file)]));
    let entries: &[Line<'_>] = &[
        ("100644", b".gitignore", file),
        ("40000", b"a", sub),
        ("100755", b"a0", file),
        ("100644", b"b.yaml", file),
    ];
    let whole = tree(entries);
    let commit = crafted.git.odb().unwrap().read(crafted.commit(sub)).unwrap().data().to_vec();
    let repository = crafted.open();
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..600 {
        let id = crafted.write(ObjectType::Tree, &mutate(&whole, &mut rng));
        let commit = crafted.commit(id).to_string();
        let world = super::revision(&repository, &commit).unwrap();
        let Ok(listed) = world.list("".into()) else {
            refused += 1;
            continue;
        };
        taken += 1;
        let mut oracle = oracle_tree(&crafted.git, id).expect("libgit2 reads what we read");
        oracle.sort();
        let names: Vec<_> = listed.unwrap().into_iter().map(|entry| entry.name).collect();
        let expected: Vec<_> =
            oracle.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
        assert_eq!(names, expected);
        for (name, id) in oracle.iter().filter_map(|(name, id)| Some((str::from_utf8(name).ok()?, id))) {
            if let Some(mine) = world.id(name.into()).unwrap() {
                assert_eq!(mine.to_string(), *id);
            }
        }
    }
    for _ in 0..400 {
        let id = crafted.write(ObjectType::Commit, &mutate(&commit, &mut rng));
        let (mine, oracle) = (repository.resolve(&id.to_string()), crafted.git.find_commit(id));
        match (mine.and_then(|id| repository.revision(id)).and_then(|world| world.id("".into())), oracle) {
            (Ok(Some(tree)), Ok(commit)) => assert_eq!(tree.to_string(), commit.tree_id().to_string()),
            (Err(_), _) => refused += 1,
            (mine, oracle) => panic!("{mine:?} {:?}", oracle.map(|commit| commit.id())),
        }
    }
    assert!(taken > 50 && refused > 300, "{taken} {refused}");
}

/// The same for the files that objects lie in: what is read is what was written, or a fault.
fn mutate_files(packed: bool, rounds: usize) {
    let scratch =
        Scratch::with(&[("macadam.yaml", "root"), ("a/b/score.yaml", &"line\n".repeat(200)), ("a/c", "")]);
    scratch.commit(&[("a/b/score.yaml", &"line\n".repeat(201))]);
    if packed {
        scratch.git("repack -a -d --quiet");
        scratch.git("prune-packed");
    }
    let expected = all(&scratch.revision("HEAD"), "").unwrap();
    let files = super::revisions::files_of(scratch.path(".git/objects").as_std_path());
    let files: Vec<_> = files.into_iter().map(|(path, _)| path).filter(|path| path.is_file()).collect();
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut faults = 0;
    for round in 0..rounds {
        let path = &files[round % files.len()];
        let bytes = std::fs::read(path).unwrap();
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, mutate(&bytes, &mut rng)).unwrap();
        match Repository::discover(&scratch.path("")).and_then(|found| revision(&found.unwrap(), "HEAD")) {
            Ok(world) => match all(&world, "") {
                Ok(found) => assert_eq!(found, expected, "{path:?}"),
                Err(_) => faults += 1,
            },
            Err(_) => faults += 1,
        }
        std::fs::write(path, bytes).unwrap();
    }
    assert!(faults > rounds / 4, "{faults}");
}

#[test]
fn mutated_loose_objects_are_whole_or_a_fault() {
    mutate_files(false, 300);
}

#[test]
fn mutated_packs_are_whole_or_a_fault() {
    mutate_files(true, 300);
}
