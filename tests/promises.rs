//! Promises to users, shown on the embedded example platform.

#![expect(clippy::disallowed_methods, reason = "tests write the repositories they render")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use macadam::compile::{Compilation, Options, compile};
use macadam::load::{Memory, WorkTree, fixtures};
use macadam::model::Tree;
use serde::Deserialize as _;

/// The example platform, as files by path.
fn shop() -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    fixtures()
        .files()
        .filter_map(|(path, bytes)| {
            Some((path.strip_prefix("fixtures/shop").ok()?.to_owned(), bytes.to_vec()))
        })
        .collect()
}

/// Compiles the example platform from memory.
fn compiled() -> Compilation {
    let world: Memory = shop().into_iter().collect();
    compile(&world, &Options::default()).expect("memory can be read")
}

/// The tree of a compilation that has no errors.
fn tree(compilation: Compilation) -> Tree {
    let Compilation { tree, findings, .. } = compilation;
    tree.unwrap_or_else(|| panic!("the example has errors: {findings:#?}"))
}

/// Numbers that look random and never change (SplitMix64).
struct Shuffle(u64);

impl Shuffle {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            let other = usize::try_from(self.next() % (index as u64 + 1)).expect("small");
            items.swap(index, other);
        }
    }
}

/// Promise 9: twenty runs, files created in any order, on one, two and eight threads, give one tree.
#[test]
fn order_of_files_and_number_of_threads_change_nothing() {
    let expected = tree(compiled());
    let mut shuffle = Shuffle(7);
    for run in 0..20 {
        let mut files: Vec<_> = shop().into_iter().collect();
        shuffle.shuffle(&mut files);
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
            std::fs::write(path, bytes).expect("a file");
        }
        let world = WorkTree::open(Utf8Path::from_path(folder.path()).expect("UTF-8")).expect("a world");
        let threads = [1, 2, 8][run % 3];
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let compilation = pool.install(|| compile(&world, &Options::default())).expect("readable");
        assert_eq!(tree(compilation), expected, "run {run} with {threads} threads");
    }
}

/// A leaf holds Kubernetes objects and nothing else, as Argo CD and Flux read it: every file, dot files included.
#[test]
fn leaves_hold_one_object_a_file_and_nothing_else() {
    let tree = tree(compiled());
    let mut objects = 0;
    for (path, bytes) in tree.files.iter().filter(|(path, _)| path.starts_with("kubernetes")) {
        assert_eq!(path.extension(), Some("yaml"), "{path}");
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        let documents: Vec<yaml_serde::Value> = yaml_serde::Deserializer::from_str(text)
            .map(|document| yaml_serde::Value::deserialize(document).expect("YAML"))
            .collect();
        let [object] = documents.as_slice() else { panic!("{path} holds {} documents", documents.len()) };
        for key in ["apiVersion", "kind"] {
            assert!(object.get(key).is_some_and(yaml_serde::Value::is_string), "{path} has no `{key}`");
        }
        let name = object.get("metadata").and_then(|metadata| metadata.get("name"));
        assert!(name.is_some_and(yaml_serde::Value::is_string), "{path} has no name");
        assert!(text.starts_with("# "), "{path} has no header");
        objects += 1;
    }
    assert!(objects > 50, "only {objects} objects");
}

/// No leaf lies inside another, so that one application never applies the objects of two.
#[test]
fn no_leaf_lies_inside_another() {
    let compilation = compiled();
    for folder in &compilation.folders {
        let inside = compilation.folders.iter().find(|other| *other != folder && other.starts_with(folder));
        assert_eq!(inside, None, "inside {folder}");
    }
}

/// Everything that is written has a record with its digest, and every record is of something that is written.
#[test]
fn records_name_every_file_of_their_leaf() {
    let tree = tree(compiled());
    let mut recorded = 0;
    for (path, bytes) in tree.files.iter().filter(|(path, _)| path.extension() == Some("sha256")) {
        for (digest, file) in macadam::write::record::parse(bytes) {
            let bytes = tree.get(&file).unwrap_or_else(|| panic!("{path} names {file}"));
            assert_eq!(<[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes)), digest, "{file}");
            recorded += 1;
        }
    }
    let leaves = tree.files.keys().filter(|path| path.starts_with("kubernetes")).count();
    assert_eq!(recorded, leaves);
}

/// Promise 23: no Secret with a value in it reaches the tree.
#[test]
fn no_secret_value_is_in_the_tree() {
    for (path, bytes) in &tree(compiled()).files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("\nkind: Secret\n"), "{path} is a Secret");
    }
}

/// Runs the program on a copy of the example platform and returns what it wrote.
fn rendered(environment: &[(&str, &str)], umask: &str) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
    for (path, bytes) in shop() {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let program = env!("CARGO_BIN_EXE_macadam");
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("umask {umask} && exec \"$0\" \"$@\""), program, "--quiet", "render"])
        .current_dir(root)
        .env_clear()
        .envs(environment.iter().copied())
        .status()
        .expect("the program starts");
    assert!(status.success(), "{environment:?}");
    files_below(root, &root.join("rendered"))
}

fn files_below(root: &Utf8Path, folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in folder.read_dir_utf8().expect("a folder") {
        let path = entry.expect("an entry").into_path();
        if path.is_dir() {
            files.extend(files_below(root, &path));
        } else {
            let below = path.strip_prefix(root).expect("inside").to_owned();
            files.insert(below, std::fs::read(&path).expect("a file"));
        }
    }
    files
}

/// Promise 9: locale, time zone, home, user, umask, terminal and the tool's own variables change no byte.
#[test]
fn the_environment_changes_nothing() {
    let expected = rendered(&[], "022");
    assert!(expected.len() > 50, "only {} files", expected.len());
    let environments: [&[(&str, &str)]; 4] = [
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu")],
        &[("LC_ALL", "C"), ("HOME", "/nonexistent"), ("USER", "nobody"), ("TMPDIR", "/nonexistent")],
        &[("RAYON_NUM_THREADS", "1"), ("TERM", "dumb"), ("COLUMNS", "20"), ("NO_COLOR", "1")],
        &[
            ("GIT_DIR", "/nonexistent"),
            ("GIT_WORK_TREE", "/"),
            ("GIT_INDEX_FILE", "/nonexistent"),
            ("CI", "true"),
        ],
    ];
    for (environment, umask) in environments.into_iter().zip(["077", "000", "022", "027"]) {
        assert_eq!(rendered(environment, umask), expected, "{environment:?}");
    }
}
