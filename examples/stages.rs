//! Prints what each stage of a compilation of a folder costs, in microseconds for each Kubernetes object.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use camino::Utf8Path;
use macadam::compile::{Options, Progress, Stage, compile};
use macadam::load::WorkTree;

/// When each stage began.
#[derive(Default)]
struct Clock(Mutex<Vec<(Stage, Instant)>>);

impl Progress for Clock {
    #[expect(clippy::disallowed_methods, reason = "a tool for measuring, outside of the pipeline")]
    fn stage(&self, stage: Stage) {
        if let Ok(mut begun) = self.0.lock() {
            begun.push((stage, Instant::now()));
        }
    }

    fn start(&self, _instances: usize) {}

    fn step(&self) {}
}

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for measuring, outside of the pipeline"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: stages FOLDER")?;
    let world = WorkTree::open(Utf8Path::new(&folder))?;
    let clock = Clock::default();
    let compilation = compile(&world, &Options { progress: Some(&clock), ..Options::default() })?;
    let end = Instant::now();
    let files = compilation.tree.as_ref().map_or(0, |tree| tree.files.len());
    let objects = files.saturating_sub(compilation.folders.len());
    println!("{} units, {objects} objects, {} findings", compilation.units.len(), compilation.findings.len());
    let begun = clock.0.into_inner().map_err(|_| "a stage panicked")?;
    let ends = begun.iter().skip(1).map(|(_, instant)| *instant).chain([end]);
    for ((stage, start), end) in begun.iter().zip(ends) {
        let spent: Duration = end - *start;
        let each = spent.as_secs_f64() * 1e6 / objects.max(1) as f64;
        println!("{stage:?}: {:.0} ms, {each:.1} us an object", spent.as_secs_f64() * 1e3);
    }
    Ok(())
}
