//! Pairs a cold render of a folder with a plain loop that writes the same files to an empty folder, run after run.

use std::time::Instant;

use camino::Utf8Path;
use macadam::compile::{Options, compile};
use macadam::load::WorkTree;
use macadam::model::Tree;
use macadam::write::{Root, Scope, apply, compare, recover};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs of each; the middle one counts.
const RUNS: usize = 5;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for measuring, outside of the pipeline"
)]
fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("usage: cold FOLDER")?;
    let folder = Utf8Path::new(&folder);
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let tree = render(folder, "cold")?;
        let ours = start.elapsed().as_secs_f64();
        let start = Instant::now();
        plain(&tree, &folder.join("plain"))?;
        let plain = start.elapsed().as_secs_f64();
        println!("{} files: cold render {ours:.2} s, plain loop {plain:.2} s", tree.files.len());
        ratios.push(ours / plain);
        std::fs::remove_dir_all(folder.join("cold"))?;
        std::fs::remove_dir_all(folder.join("plain"))?;
    }
    ratios.sort_by(f64::total_cmp);
    println!("ratio: {:.1} (from {:.1} to {:.1})", ratios[RUNS / 2], ratios[0], ratios[RUNS - 1]);
    Ok(())
}

/// The whole way from a folder to an output root that was not there, checks included.
fn render(folder: &Utf8Path, root: &str) -> Outcome<Tree> {
    let world = WorkTree::open(folder)?;
    let tree = compile(&world, &Options::default())?.tree.ok_or("the repository has errors")?;
    let root = Root::open(folder, Utf8Path::new(root))?;
    recover(&root)?;
    let changes = compare(&root, &tree, &Scope::everything())?.value.ok_or("the output root is not ours")?;
    apply(&root, changes)?;
    Ok(tree)
}

/// What nobody can be faster than by much: one thread, one file after the other, no checks.
#[expect(clippy::disallowed_methods, reason = "a tool for measuring, outside of the pipeline")]
fn plain(tree: &Tree, root: &Utf8Path) -> Outcome<()> {
    for (path, bytes) in &tree.files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
