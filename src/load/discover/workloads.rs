//! The Score files of one folder, with their overlays and releases.

use camino::Utf8Path;

use super::walk::Folder;
use super::{Patterns, refusal};
use crate::load::{EntryKind, OverlayFile, WorkloadFiles};
use crate::model::{Code, Finding};

/// Files of ours that lie beside Score files: a wide pattern does not make them Score files.
const BESIDE: &[&str] = &["deviations.yaml", "deviations.yml", "macadam.yaml", "release.yaml", "release.yml"];

/// The workloads of a folder.
///
/// A file that a pattern matches is an overlay, and no workload, when its name is that of another one with an
/// environment, or an environment and a cluster, before the ending.
pub(super) fn beside_each_other(folder: &Folder, patterns: &Patterns) -> (Vec<WorkloadFiles>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut files: Vec<_> = folder
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Folder && !BESIDE.contains(&entry.name.as_str()))
        .filter_map(|entry| Some((stem(&entry.name)?, entry)))
        .collect();
    // A base before what could lie over it.
    files.sort_by_key(|(stem, entry)| (stem.len(), &entry.name));
    let mut bases: Vec<(&str, &str, Vec<OverlayFile>)> = Vec::new();
    for (stem, entry) in files {
        let path = folder.path.join(&entry.name);
        if let Some((base, environment, cluster)) = overlay(&bases, stem) {
            match refusal(&path, entry.kind) {
                Some(finding) => findings.push(finding),
                None => bases[base].2.push(OverlayFile { environment, cluster, path }),
            }
        } else if patterns.matches(&path) {
            match refusal(&path, entry.kind) {
                Some(finding) => findings.push(finding),
                None => bases.push((stem, &entry.name, Vec::new())),
            }
        }
    }
    if bases.is_empty() {
        return (Vec::new(), findings);
    }
    let release = release(folder, &mut findings);
    let workloads = bases.into_iter().map(|(_, name, mut overlays)| {
        overlays.sort();
        findings.extend(overlays.windows(2).filter_map(twice));
        WorkloadFiles { score: folder.path.join(name), overlays, release: release.clone() }
    });
    let workloads = workloads.collect();
    (workloads, findings)
}

/// A name without its ending, where the ending is one of YAML's.
fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

/// The base that a file lies over, with environment and cluster; the longest name wins.
fn overlay(bases: &[(&str, &str, Vec<OverlayFile>)], file: &str) -> Option<(usize, String, Option<String>)> {
    let candidates = bases.iter().enumerate().rev().filter_map(|(index, (base, ..))| {
        let rest = file.strip_prefix(base)?.strip_prefix('.')?;
        let mut names = rest.split('.');
        let (environment, cluster) = (names.next()?, names.next());
        let complete = names.next().is_none() && !environment.is_empty() && cluster != Some("");
        complete.then(|| (index, environment.to_owned(), cluster.map(str::to_owned)))
    });
    candidates.max_by_key(|(index, ..)| bases[*index].0.len())
}

fn release(folder: &Folder, findings: &mut Vec<Finding>) -> Option<camino::Utf8PathBuf> {
    let mut present = ["release.yaml", "release.yml"]
        .into_iter()
        .filter_map(|name| Some((name, folder.kind(name).filter(|kind| *kind != EntryKind::Folder)?)));
    let (name, kind) = present.next()?;
    let path = folder.path.join(name);
    if let Some((other, _)) = present.next() {
        findings.push(duplicate(&path, &folder.path.join(other)));
    }
    match refusal(&path, kind) {
        Some(finding) => {
            findings.push(finding);
            None
        }
        None => Some(path),
    }
}

/// Two endings, one overlay.
fn twice(pair: &[OverlayFile]) -> Option<Finding> {
    let [first, second] = pair else { return None };
    let same = first.environment == second.environment && first.cluster == second.cluster;
    same.then(|| duplicate(&first.path, &second.path))
}

fn duplicate(first: &Utf8Path, second: &Utf8Path) -> Finding {
    Finding::new(Code::DuplicateDefinition, format!("`{first}` and `{second}` say the same thing twice"))
        .help("keep one of them")
}
