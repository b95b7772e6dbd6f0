//! Writes a fleet of the given size to a folder, for measuring whole runs.

#[path = "../benches/fleet/mod.rs"]
mod fleet;

use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for measuring, outside of the pipeline"
)]
fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let usage = || std::io::Error::other("usage: fleet FOLDER WORKLOADS [ENVIRONMENTS [CLUSTERS]]");
    let (folder, numbers) = arguments.split_first().ok_or_else(usage)?;
    let numbers: Vec<usize> =
        numbers.iter().map(|number| number.parse().map_err(|_| usage())).collect::<Result<_, _>>()?;
    let workloads = *numbers.first().ok_or_else(usage)?;
    let least = fleet::Size::of(workloads);
    let size = fleet::Size {
        environments: numbers.get(1).copied().unwrap_or(least.environments),
        clusters: numbers.get(2).copied().unwrap_or(least.clusters),
        ..least
    };
    for (path, text) in fleet::fleet(size) {
        let path = Path::new(folder).join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    println!("{} units", size.units());
    Ok(())
}
