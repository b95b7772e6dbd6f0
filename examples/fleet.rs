//! Writes a fleet of the given number of workloads to a folder, for measuring whole runs.

#[path = "../benches/fleet/mod.rs"]
mod fleet;

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "a tool for measuring, outside of the pipeline")]
fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(Ok(workloads))) =
        (arguments.next(), arguments.next().map(|n| n.parse::<usize>()))
    else {
        return Err(std::io::Error::other("usage: fleet FOLDER WORKLOADS"));
    };
    for (path, text) in fleet::fleet(workloads) {
        let path = Path::new(&folder).join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
