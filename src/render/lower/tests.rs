//! What each convention of the built-in packages does, on one workload at a time.

mod before;
mod containers;
mod files;
mod variables;
mod volumes;

use crate::render::bench::Bench;

/// A workload of one container `main`, whose other fields are given.
fn main_container(fields: &str, rest: &str) -> Bench {
    Bench::new(&format!("containers:\n  main:\n    image: .\n{}{rest}", indent(fields)))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// A finding's text, without the place.
fn lines(findings: &str) -> Vec<&str> {
    findings.lines().collect()
}
