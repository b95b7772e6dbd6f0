//! The same content gives the same answers: in the working tree, in the revision, and as libgit2 reads it.

use std::collections::BTreeMap;
use std::path::Path;

use git2::{ObjectType, Repository as Oracle};
use proptest::prelude::*;

use super::*;
use crate::load::{WorkTree, discover};
use crate::model::{FileId, Platform, Span, Spanned};

/// What a path of a random tree holds.
#[derive(Debug, Clone)]
enum Leaf {
    File(Vec<u8>),
    Program(Vec<u8>),
    Link(Vec<u8>),
    Submodule,
}

fn leaf() -> impl Strategy<Value = Leaf> {
    let lines = prop::sample::select(vec!["a", "/b", "*.yaml", "!score.yaml", "x/", "a0", "# x", ""]);
    let text = prop::collection::vec(lines, 0..4).prop_map(|lines| lines.join("\n").into_bytes());
    let bytes = prop_oneof![text, prop::collection::vec(any::<u8>(), 0..40)];
    prop_oneof![
        8 => bytes.clone().prop_map(Leaf::File),
        1 => bytes.prop_map(Leaf::Program),
        1 => prop::sample::select(vec!["a", "../..", "/etc/passwd", "none"]).prop_map(|to| Leaf::Link(to.into())),
        1 => Just(Leaf::Submodule),
    ]
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<&[u8]> = vec![
        b"a",
        b"a-",
        b"a.b",
        b"a0",
        b"b",
        b"score.yaml",
        b"score.dev.yaml",
        b".gitignore",
        b"release.yaml",
        b"environments",
        b"golden-paths",
        b"golden-path.yaml",
        b"macadam.yaml",
        "\u{e9}".as_bytes(),
        b"x y",
        "c\u{202e}".as_bytes(),
        b"f\xff",
        "f\u{fffd}".as_bytes(),
        b"con",
        b"a\\b",
    ];
    prop::sample::select(names).prop_map(<[u8]>::to_vec)
}

type Files = BTreeMap<Vec<u8>, Leaf>;

/// Paths of up to four names, none of which lies below a file.
fn files() -> impl Strategy<Value = Files> {
    let path = prop::collection::vec(name(), 1..5).prop_map(|names| names.join(&b'/'));
    prop::collection::vec((path, leaf()), 0..12).prop_map(|entries| {
        let mut files = Files::new();
        for (path, leaf) in entries {
            let below =
                |one: &[u8], other: &[u8]| one.strip_prefix(other).is_some_and(|rest| rest.starts_with(b"/"));
            if !files.keys().any(|other| below(&path, other) || below(other, &path)) {
                files.insert(path, leaf);
            }
        }
        files
    })
}

/// Commits files and checks them out, both by libgit2.
fn commit(folder: &Path, files: &Files) -> Oracle {
    let oracle = Oracle::init(folder).unwrap();
    let mut index = oracle.index().unwrap();
    for (path, leaf) in files {
        let (mode, id) = match leaf {
            Leaf::File(bytes) => (0o100_644, oracle.blob(bytes).unwrap()),
            Leaf::Program(bytes) => (0o100_755, oracle.blob(bytes).unwrap()),
            Leaf::Link(to) => (0o120_000, oracle.blob(to).unwrap()),
            Leaf::Submodule => (0o160_000, git2::Oid::from_str(&"1".repeat(40)).unwrap()),
        };
        index.add(&index_entry(path.clone(), mode, id)).unwrap();
    }
    let tree = oracle.find_tree(index.write_tree().unwrap()).unwrap();
    let who = git2::Signature::new("x", "x@example.org", &git2::Time::new(0, 0)).unwrap();
    oracle.commit(Some("HEAD"), &who, &who, "x", &tree, &[]).unwrap();
    drop(tree);
    oracle.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
    for (path, _) in files.iter().filter(|(_, leaf)| matches!(leaf, Leaf::Submodule)) {
        let path = folder.join(os(path));
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join(".git"), "gitdir: elsewhere").unwrap();
    }
    oracle
}

fn index_entry(path: Vec<u8>, mode: u32, id: git2::Oid) -> git2::IndexEntry {
    let time = git2::IndexTime::new(0, 0);
    let (dev, ino, uid, gid, file_size, flags, flags_extended) = (0, 0, 0, 0, 0, 0, 0);
    git2::IndexEntry {
        ctime: time,
        mtime: time,
        dev,
        ino,
        mode,
        uid,
        gid,
        file_size,
        id,
        flags,
        flags_extended,
        path,
    }
}

fn os(path: &[u8]) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(path)
}

/// Everything that may be asked about: what is there, its folders, and what nearly is there.
fn questions(files: &Files) -> Vec<String> {
    let mut paths =
        vec![String::new(), "none".to_owned(), ".git".to_owned(), "a/.git".to_owned(), "..".to_owned()];
    for path in files.keys().map(|path| String::from_utf8_lossy(path).into_owned()) {
        paths.extend(Utf8Path::new(&path).ancestors().map(|path| path.to_string()));
        paths.extend([format!("{path}/x"), format!("{path}/.git"), format!("{path}."), format!("./{path}")]);
    }
    paths
}

fn platform() -> Platform {
    let span = Span { file: FileId(0), start: 0, end: 0 };
    Platform {
        file: FileId(0),
        name: Spanned::new("x".into(), span),
        required_version: None,
        workloads: vec![Spanned::new("**/score.yaml".into(), span)],
        default_workloads: true,
        defaults: Vec::new(),
        owners: Default::default(),
        packages: Vec::new(),
        output_root: "rendered".into(),
        namespace: Spanned::new("x".into(), span),
        prices: None,
        gates: Vec::new(),
        impacts: Vec::new(),
    }
}

/// What libgit2 finds at a path: a blob's id and bytes.
fn oracle_read(oracle: &Oracle, path: &str) -> Option<(String, Vec<u8>)> {
    let tree = oracle.head().unwrap().peel_to_tree().unwrap();
    let entry = tree.get_path(Path::new(path)).ok()?;
    let is_file = entry.kind() == Some(ObjectType::Blob) && entry.filemode() != 0o120_000;
    let blob = oracle.find_blob(entry.id()).ok().filter(|_| is_file)?;
    Some((entry.id().to_string(), blob.content().to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn working_tree_revision_index_and_libgit2_agree(files in files()) {
        let folder = tempfile::tempdir().unwrap();
        let oracle = commit(folder.path(), &files);
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = WorkTree::open(root).unwrap();
        let repository = Repository::discover(root).unwrap().unwrap();
        let head = super::revision(&repository, "HEAD").unwrap();
        let staged = repository.staged(None).unwrap();
        for path in questions(&files) {
            let path = Utf8Path::new(&path);
            let read = disk.read(path).unwrap();
            for world in [&head, &staged] {
                prop_assert_eq!(&world.read(path).unwrap(), &read, "read {:?} {:?}", path, world.name());
                prop_assert_eq!(world.list(path).unwrap(), disk.list(path).unwrap(), "list {:?}", path);
                if read.is_some() {
                    prop_assert_eq!(world.id(path).unwrap(), disk.id(path).unwrap(), "id {:?}", path);
                }
            }
            prop_assert_eq!(head.id(path).unwrap(), staged.id(path).unwrap(), "id {:?}", path);
            if crate::load::is_plain_path(path.as_str()) {
                let oracle = oracle_read(&oracle, path.as_str());
                let mine = read.map(|read| (head.id(path).unwrap().unwrap().to_string(), read));
                prop_assert_eq!(mine, oracle, "libgit2 {:?}", path);
            }
        }
        let on_disk = discover(&disk, &platform()).unwrap();
        for world in [&head, &staged] {
            let found = discover(world, &platform()).unwrap();
            prop_assert_eq!(&found.value, &on_disk.value);
            prop_assert_eq!(&found.findings, &on_disk.findings);
        }
    }
}
