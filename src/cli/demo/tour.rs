//! The words of the tour, for a screen of 80 columns.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Change, Edit};
use crate::{
    cli::{
        list::order,
        report::counted,
        review::{View, human},
        safe,
        terminal::{Paint, Terminal},
    },
    compile::Compilation,
    diff::Comparison,
    fault::Fault,
    model::Tree,
    plan::Status,
};

/// The cluster whose leaves are listed.
const SHOWN: &str = "kubernetes/production/eu-1";

/// The Score file whose resources are shown.
const SHOWN_SOURCE: &str = "services/storefront/score.yaml";

/// The file that is shown: the first of this leaf whose name starts so.
const SHOWN_LEAF: &str = "kubernetes/production/eu-1/workloads/storefront";
const SHOWN_KIND: &str = "httproute";

fn heading(terminal: &mut Terminal, text: &str) -> Result<(), Fault> {
    let head = Paint::Bold.on(text, terminal.color_out);
    terminal.data(&format!("{head}\n"))
}

/// What the example consists of.
pub(super) fn came_in(
    terminal: &mut Terminal,
    root: &Utf8Path,
    compilation: &Compilation,
) -> Result<(), Fault> {
    let clusters: usize = compilation.environments.iter().map(|environment| environment.clusters.len()).sum();
    let workloads = workloads(compilation);
    let title = format!(
        "In: {}, {}, {}",
        counted(workloads.len(), "workload"),
        counted(compilation.environments.len(), "environment"),
        counted(clusters, "cluster")
    );
    heading(terminal, &title)?;
    for (name, (file, golden_path)) in &workloads {
        let lines = std::fs::read_to_string(root.join(file)).map_or(0, |text| text.lines().count());
        terminal.data(&format!("  {name:<12}{golden_path:<14}{file:<36}{lines:>3} lines\n"))?;
    }
    asks_for(terminal, root)?;
    terminal.data("\n")
}

/// What the workload of the tour asks for, as its developer wrote it.
fn asks_for(terminal: &mut Terminal, root: &Utf8Path) -> Result<(), Fault> {
    let path = root.join(SHOWN_SOURCE);
    let text = std::fs::read_to_string(&path).map_err(|source| Fault::Unreadable { path, source })?;
    terminal.data(&format!("\n  {SHOWN_SOURCE}\n"))?;
    for line in text.lines().skip_while(|line| *line != "resources:") {
        let line = Paint::Cyan.on(safe::line(line), terminal.color_out);
        terminal.data(&format!("      {line}\n"))?;
    }
    Ok(())
}

/// Each workload's file and golden path.
fn workloads(compilation: &Compilation) -> BTreeMap<String, (Utf8PathBuf, String)> {
    compilation
        .units
        .iter()
        .filter(|unit| unit.status == Status::Rendered)
        .map(|unit| {
            let golden_path = unit.golden_path.clone().unwrap_or_default();
            (unit.workload.clone(), (unit.file.clone(), golden_path))
        })
        .collect()
}

/// How much was made, the leaves of one cluster, and one file.
pub(super) fn came_out(terminal: &mut Terminal, tree: &Tree, compilation: &Compilation) -> Result<(), Fault> {
    let manifests: Vec<&Utf8PathBuf> =
        tree.files.keys().filter(|path| path.starts_with("kubernetes")).collect();
    heading(terminal, &format!("Out: {}, one Kubernetes object each", counted(manifests.len(), "file")))?;
    let mut counts = Vec::new();
    let order = order(compilation);
    let mut environments: Vec<_> = compilation.environments.iter().collect();
    environments.sort_by_key(|environment| order.get(environment.name.value.as_str()));
    for environment in environments {
        for cluster in &environment.clusters {
            let folder = format!("kubernetes/{}/{}", environment.name.value, cluster.name.value);
            let count = manifests.iter().filter(|path| path.starts_with(&folder)).count();
            counts.push(format!("{}/{} {count}", environment.name.value, cluster.name.value));
        }
    }
    terminal.data(&format!("  {}\n\n  rendered/{SHOWN}/\n", counts.join("   ")))?;
    for (leaf, count) in leaves(&manifests) {
        terminal.data(&format!("    {leaf:<44}{}\n", counted(count, "file")))?;
    }
    let shown = manifests.iter().find(|path| {
        path.parent() == Some(Utf8Path::new(SHOWN_LEAF))
            && path.file_name().is_some_and(|name| name.starts_with(SHOWN_KIND))
    });
    if let Some(path) = shown {
        let name = path.file_name().unwrap_or_default();
        terminal.data(&format!("\n  rendered/{SHOWN_LEAF}/\n    {name}\n"))?;
        let text =
            tree.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        for line in text.lines() {
            let line = Paint::Cyan.on(safe::line(line), terminal.color_out);
            terminal.data(&format!("      {line}\n"))?;
        }
    }
    terminal.data("\n")
}

/// The leaves of the cluster that is shown, and how many files each has.
fn leaves(manifests: &[&Utf8PathBuf]) -> BTreeMap<Utf8PathBuf, usize> {
    let mut leaves = BTreeMap::new();
    for path in manifests {
        if let Some(leaf) = path.strip_prefix(SHOWN).ok().and_then(Utf8Path::parent) {
            *leaves.entry(leaf.to_owned()).or_insert(0) += 1;
        }
    }
    leaves
}

/// What is edited.
pub(super) fn edits(terminal: &mut Terminal, edits: &[Edit]) -> Result<(), Fault> {
    let color = terminal.color_out;
    heading(terminal, "Edit three files")?;
    for edit in edits {
        let (gone, new) = match edit.change {
            Change::Line { from, to } => (Some(from), to),
            Change::NewLine { line, .. } => (None, line.trim()),
            Change::NewFile(line) => (None, line),
        };
        terminal.data(&format!("  {}\n", edit.path))?;
        if let Some(gone) = gone {
            terminal.data(&format!("    {}\n", Paint::Red.on(format!("- {gone}"), color)))?;
        }
        terminal.data(&format!("    {}\n", Paint::Green.on(format!("+ {new}"), color)))?;
    }
    terminal.data("\n")
}

/// What the edits do.
pub(super) fn review(terminal: &mut Terminal, comparison: &Comparison) -> Result<(), Fault> {
    heading(terminal, "What that does, before it is merged: macadam diff")?;
    let view = View { width: terminal.width, color: terminal.color_out, verbose: false };
    terminal.data(&format!("{}\n", human(&comparison.review, &view)))
}

/// Where to go from here.
pub(super) fn next(terminal: &mut Terminal, kept: Option<&Utf8PathBuf>) -> Result<(), Fault> {
    heading(terminal, "Next")?;
    match kept {
        Some(root) => terminal.data(&format!("  look around in  {root}\n"))?,
        None => terminal.data("  macadam demo --keep        keeps the example's folder, to look around\n")?,
    }
    terminal.data("  macadam init my-platform   starts a repository of your own\n")?;
    terminal.data("  macadam explain            lists everything that macadam can find\n")
}
