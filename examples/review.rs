//! Pairs a review of two commits with `git diff --stat` of their rendered trees and with compiling head in memory, run
//! after run. The repository must have its rendered tree committed.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use camino::Utf8Path;
use macadam::compile::{self, compile};
use macadam::diff::{Options, Two, diff};
use macadam::load::{Repository, Side};
use macadam::model::SideName;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs of each; the middle one counts.
const RUNS: usize = 5;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for measuring, outside of the pipeline"
)]
fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(base), Some(head)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: review FOLDER BASE HEAD".into());
    };
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut changed = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        changed = review(&folder, &base, &head)?;
        times[0].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        stat(&folder, &base, &head)?;
        times[1].push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        whole(&folder, &head)?;
        times[2].push(start.elapsed().as_secs_f64());
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let [review, stat, whole] = times.map(|times| times[RUNS / 2] * 1e3);
    println!("{changed} instances change");
    println!(
        "review {review:.0} ms, git diff --stat {stat:.0} ms, head compiled whole in memory {whole:.0} ms"
    );
    println!("review / git {:.1}, review / whole {:.2}", review / stat, review / whole);
    Ok(())
}

/// The whole way of `macadam diff`, printing excepted.
fn review(folder: &str, base: &str, head: &str) -> Outcome<usize> {
    let repository = open(folder)?;
    let (from, to) = (repository.resolve(base)?, repository.resolve(head)?);
    let (from, to) = (repository.revision(from)?, repository.revision(to)?);
    let name = SideName::default();
    let two = Two { base: Side::of(&from), head: Side::of(&to), names: (&name, &name) };
    Ok(diff(&two, &Options::default())?.review.counts.instances)
}

fn stat(folder: &str, base: &str, head: &str) -> Outcome<()> {
    let mut git = Command::new("git");
    git.args(["-C", folder, "diff", "--stat", base, head, "--", "rendered"]).stdout(Stdio::null());
    if git.status()?.success() { Ok(()) } else { Err("git failed".into()) }
}

/// Compiles one side, writing excepted.
fn whole(folder: &str, head: &str) -> Outcome<usize> {
    let repository = open(folder)?;
    let world = repository.revision(repository.resolve(head)?)?;
    let tree = compile(&world, &compile::Options::default())?.tree.ok_or("head does not compile")?;
    Ok(tree.files.len())
}

fn open(folder: &str) -> Outcome<Repository> {
    Ok(Repository::discover(Utf8Path::new(folder))?.ok_or("not in a Git repository")?)
}
