//! Reads workloads: Score files, overlays, releases.

use std::{collections::BTreeSet, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{FileId, Node};
use rayon::prelude::*;

use crate::fault::Fault;
use crate::load::{WorkloadFiles, World};
use crate::model::{Finding, Platform, Sources};
use crate::parse;
use crate::plan::{OverlaySource, WorkloadSource};
use crate::validate::{self, Leniency};

/// A file's path, number and bytes.
type File = (Utf8PathBuf, FileId, Vec<u8>);

/// The files of one workload, read.
struct Bytes<'a> {
    files: &'a WorkloadFiles,
    score: File,
    overlays: Vec<Option<File>>,
    release: Option<File>,
}

/// What became of a Score file.
enum Read {
    Workload(Box<WorkloadSource>),
    /// Findings stand in the way; its name, where one could be read.
    Broken(Option<String>),
}

/// Reads every workload, in path order; what is plainly not Score is passed over.
///
/// Also returns the names of those that findings stand in the way of.
pub(super) fn load(
    world: &dyn World,
    platform: &Platform,
    inventory: &[WorkloadFiles],
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<WorkloadSource>, BTreeSet<String>), Fault> {
    let leniency = if platform.default_workloads { Leniency::Lenient } else { Leniency::Strict };
    let parsed: Vec<(Read, Vec<Finding>)> = read(world, inventory, sources)?
        .into_par_iter()
        .map(|bytes| {
            let mut findings = Vec::new();
            let workload = parse(&bytes, leniency, &mut findings);
            (workload, findings)
        })
        .collect();
    let mut workloads = Vec::with_capacity(parsed.len());
    let mut broken = BTreeSet::new();
    for (read, found) in parsed {
        findings.extend(found);
        match read {
            Read::Workload(workload) => workloads.push(*workload),
            Read::Broken(name) => broken.extend(name),
        }
    }
    Ok((workloads, broken))
}

/// Reads all bytes in parallel, then gives numbers in path order.
fn read<'a>(
    world: &dyn World,
    inventory: &'a [WorkloadFiles],
    sources: &mut Sources,
) -> Result<Vec<Bytes<'a>>, Fault> {
    type Found = (Option<Vec<u8>>, Vec<Option<Vec<u8>>>, Option<Vec<u8>>);
    let bytes = inventory
        .par_iter()
        .map(|files| -> Result<Found, Fault> {
            let overlays = files.overlays.iter().map(|overlay| world.read(&overlay.path));
            let release = files.release.as_ref().map(|path| world.read(path)).transpose()?.flatten();
            Ok((world.read(&files.score)?, overlays.collect::<Result<_, _>>()?, release))
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let mut number = |path: &Utf8Path, bytes: Vec<u8>| {
        let file = sources.add(world.name(), path, &bytes);
        (path.to_owned(), file, bytes)
    };
    Ok(inventory
        .iter()
        .zip(bytes)
        .filter_map(|(files, (score, overlays, release))| {
            Some(Bytes {
                files,
                score: number(&files.score, score?),
                overlays: overlays
                    .into_iter()
                    .zip(&files.overlays)
                    .map(|(bytes, overlay)| bytes.map(|bytes| number(&overlay.path, bytes)))
                    .collect(),
                release: files.release.as_ref().and_then(|path| release.map(|bytes| number(path, bytes))),
            })
        })
        .collect())
}

/// Parses and validates one workload's files; all findings of all of them.
fn parse(bytes: &Bytes<'_>, leniency: Leniency, findings: &mut Vec<Finding>) -> Read {
    let (path, file, score) = &bytes.score;
    let tree = validate::score_tree(score, *file, path, leniency).take(findings);
    let overlays = overlays(bytes, findings);
    let release = bytes.release.as_ref().and_then(|(_, file, bytes)| {
        let tree = parse::yaml(bytes, *file).take(findings)?;
        validate::release(&tree, *file).take(findings)
    });
    let Some(tree) = tree else { return Read::Broken(None) };
    let Some(workload) = validate::workload(&tree, path).take(findings) else {
        let name = tree.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
        return Read::Broken(name.map(str::to_owned));
    };
    let workload = Arc::new(workload);
    Read::Workload(Box::new(WorkloadSource { path: path.clone(), tree, workload, overlays, release }))
}

fn overlays(bytes: &Bytes<'_>, findings: &mut Vec<Finding>) -> Vec<OverlaySource> {
    let read = bytes.overlays.iter().zip(&bytes.files.overlays);
    read.filter_map(|(bytes, named)| {
        let (_, file, bytes) = bytes.as_ref()?;
        let tree = validate::overlay(bytes, *file).take(findings)?;
        Some(OverlaySource {
            file: *file,
            environment: named.environment.clone(),
            cluster: named.cluster.clone(),
            tree,
        })
    })
    .collect()
}
