//! `macadam list`: which workload runs where.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Exit,
    arguments::{FindingFormat, Global, List, ListFormat},
    repository, safe,
    terminal::Terminal,
    text,
};
use crate::{
    compile::{Compilation, Selection},
    fault::Fault,
    plan::{Status, Unit},
};

/// One workload in one environment: the clusters where the same is true.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    workload: &'a str,
    file: &'a str,
    environment: &'a str,
    clusters: Vec<&'a str>,
    golden_path: Option<&'a str>,
    version: Option<&'a str>,
    owner: Option<&'a str>,
    namespace: Option<&'a str>,
    status: Status,
}

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &List) -> Result<Exit, Fault> {
    let root = repository::root(global)?;
    let compilation = repository::compile(terminal, &root, Selection::default())?;
    let rows = rows(&compilation);
    let output = match arguments.format {
        ListFormat::Human => text::table(&cells(
            &rows,
            ["WORKLOAD", "ENVIRONMENT", "CLUSTERS", "GOLDEN PATH", "OWNER", "STATUS"],
        )),
        ListFormat::Markdown => text::markdown_table(&cells(
            &rows,
            ["Workload", "Environment", "Clusters", "Golden path", "Owner", "Status"],
        )),
        ListFormat::Json => json(&rows),
    };
    terminal.data(&output)?;
    terminal.flush()?;
    let counts =
        repository::tell(terminal, FindingFormat::Human, &compilation.findings, &compilation.sources)?;
    repository::tell_of_nothing(terminal, &compilation);
    Ok(if counts.errors > 0 { Exit::Findings } else { Exit::Clean })
}

/// Units of one workload and environment that differ only in their cluster are one row.
fn rows(compilation: &Compilation) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let order = order(compilation);
    let rank = |unit: &Unit| order.get(unit.environment.as_str()).copied().unwrap_or(usize::MAX);
    let mut units: Vec<&Unit> = compilation.units.iter().collect();
    units.sort_by_key(|unit| (&unit.workload, rank(unit)));
    for unit in units {
        let row = row(unit);
        match rows
            .iter_mut()
            .rev()
            .take_while(|last| last.workload == row.workload)
            .find(|last| alike(last, &row))
        {
            Some(last) => last.clusters.extend(row.clusters),
            None => rows.push(row),
        }
    }
    rows
}

/// The promotion order: how many environments come before each, by `after`.
pub(crate) fn order(compilation: &Compilation) -> BTreeMap<&str, usize> {
    let after: BTreeMap<&str, Option<&str>> = compilation
        .environments
        .iter()
        .map(|it| (it.name.value.as_str(), it.after.as_ref().map(|after| after.value.as_str())))
        .collect();
    let depth = |name: &str| {
        let chain = std::iter::successors(Some(name), |name| after.get(name).copied().flatten());
        chain.take(after.len()).count() // a circle ends too
    };
    after.keys().map(|name| (*name, depth(name))).collect()
}

fn row(unit: &Unit) -> Row<'_> {
    Row {
        workload: &unit.workload,
        file: unit.file.as_str(),
        environment: &unit.environment,
        clusters: vec![&unit.cluster],
        golden_path: unit.golden_path.as_deref(),
        version: unit.version.as_deref(),
        owner: unit.owner.as_deref(),
        namespace: unit.namespace.as_deref(),
        status: unit.status,
    }
}

fn alike(a: &Row<'_>, b: &Row<'_>) -> bool {
    (a.workload, a.environment, a.golden_path, a.version, a.owner, a.status)
        == (b.workload, b.environment, b.golden_path, b.version, b.owner, b.status)
}

fn cells(rows: &[Row<'_>], head: [&str; 6]) -> Vec<Vec<String>> {
    let mut table = vec![head.map(str::to_owned).to_vec()];
    table.extend(rows.iter().map(|row| {
        let path = match (row.golden_path, row.version) {
            (Some(path), Some(version)) => format!("{path} {version}"),
            (path, _) => path.unwrap_or("-").to_owned(),
        };
        let cells = [
            row.workload.to_owned(),
            row.environment.to_owned(),
            row.clusters.join(" "),
            path,
            row.owner.unwrap_or("-").to_owned(),
            words(row.status).to_owned(),
        ];
        cells.iter().map(|cell| safe::line(cell).into_owned()).collect()
    }));
    table
}

fn words(status: Status) -> &'static str {
    match status {
        Status::Rendered => "rendered",
        Status::NotReleased => "not released",
        Status::NotPlaced => "not placed",
        Status::Broken => "broken",
    }
}

fn json(rows: &[Row<'_>]) -> String {
    let document = serde_json::json!({ "version": 1, "units": rows });
    format!("{}\n", safe::json(&serde_json::to_string_pretty(&document).unwrap_or_default()))
}
