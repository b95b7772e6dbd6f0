//! Reading a commit's files beside libgit2: 5,000 packed blobs of some 2 KB, many of them deltas of each other.
#![expect(clippy::disallowed_methods, reason = "a benchmark makes the repository that it reads")]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use camino::Utf8Path;
use criterion::{Criterion, criterion_group, criterion_main};
use macadam::load::{Repository, Revision, World};
use rayon::prelude::*;

const FOLDERS: usize = 50;
const FILES: usize = 100;

fn git(folder: &Path, words: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=x", "-c", "user.email=x@example.org"]).args(words);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
    assert!(command.status().expect("git runs").success(), "git {words:?}");
}

/// Five commits, so that packing has something to make deltas of.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "--quiet"]);
    for round in 0..5 {
        for (number, path) in paths().enumerate() {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, text(number, round)).expect("a file");
        }
        git(folder.path(), &["add", "--all"]);
        git(folder.path(), &["commit", "--quiet", "--message=x"]);
    }
    git(folder.path(), &["repack", "-a", "-d", "-f", "--quiet"]);
    folder
}

fn paths() -> impl Iterator<Item = String> {
    (0..FOLDERS).flat_map(|folder| (0..FILES).map(move |file| format!("team-{folder}/app-{file}/score.yaml")))
}

fn text(number: usize, round: usize) -> String {
    let lines = (0..60).map(|line| format!("  key-{line}: value-{}\n", (number * 31 + line * 7) % 997));
    format!("apiVersion: score.dev/v1b1\nround: {}\n{}", round * number, lines.collect::<String>())
}

fn open(folder: &Path) -> Revision {
    let folder = Utf8Path::from_path(folder).expect("UTF-8");
    let repository = Repository::discover(folder).expect("readable").expect("a repository");
    repository.revision(repository.resolve("HEAD").expect("a commit")).expect("a tree")
}

fn bytes(revision: &Revision, path: &str) -> usize {
    revision.read(path.into()).expect("readable").expect("a file").len()
}

fn read(c: &mut Criterion) {
    let folder = repository();
    let paths: Vec<String> = paths().collect();
    let mut group = c.benchmark_group("read 5,000 packed files");
    group.sample_size(10);
    group.bench_function("revision", |b| {
        b.iter(|| {
            let revision = open(folder.path());
            black_box(paths.iter().map(|path| bytes(&revision, path)).sum::<usize>())
        });
    });
    group.bench_function("revision, all cores", |b| {
        b.iter(|| {
            let revision = open(folder.path());
            black_box(paths.par_iter().map(|path| bytes(&revision, path)).sum::<usize>())
        });
    });
    group.bench_function("libgit2", |b| {
        b.iter(|| {
            let repository = git2::Repository::open(folder.path()).expect("a repository");
            let tree = repository.head().and_then(|head| head.peel_to_tree()).expect("a tree");
            let blob = |path: &String| {
                let entry = tree.get_path(Path::new(path)).expect("an entry");
                repository.find_blob(entry.id()).expect("a blob").content().to_vec().len()
            };
            black_box(paths.iter().map(blob).sum::<usize>())
        });
    });
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
