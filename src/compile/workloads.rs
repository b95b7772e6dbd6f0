//! Reads workloads: Score files, overlays, releases.

use std::{collections::HashMap, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{FileId, Node};
use rayon::prelude::*;

use super::prepare::Other;
use crate::fault::Fault;
use crate::load::{WorkloadFiles, World, same};
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

/// What became of a Score file and what lies beside it.
#[derive(Debug)]
pub struct ReadWorkload {
    /// The files.
    pub files: WorkloadFiles,
    /// The workload; `None` for what is not Score, or where findings stand in the way.
    pub source: Option<WorkloadSource>,
    /// The name of a workload that findings stand in the way of, where one could be read.
    pub broken: Option<String>,
    /// What was found in its files.
    pub findings: Vec<Finding>,
}

/// Reads every workload, in path order; what is plainly not Score is passed over.
///
/// What the other side has in the same files is taken from there, places and all.
pub(super) fn load(
    world: &dyn World,
    platform: &Platform,
    inventory: &[WorkloadFiles],
    other: Option<Other<'_>>,
    sources: &mut Sources,
) -> Result<Vec<Arc<ReadWorkload>>, Fault> {
    let leniency = if platform.default_workloads { Leniency::Lenient } else { Leniency::Strict };
    let known = shared(world, inventory, other, platform)?;
    let missing: Vec<&WorkloadFiles> =
        inventory.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(files, _)| files).collect();
    let mut parsed: HashMap<&Utf8Path, ReadWorkload> = read(world, &missing, sources)?
        .into_par_iter()
        .map(|bytes| (bytes.files.score.as_path(), parse(&bytes, leniency)))
        .collect();
    let all = inventory.iter().zip(known);
    Ok(all
        .filter_map(|(files, known)| known.or_else(|| parsed.remove(files.score.as_path()).map(Arc::new)))
        .collect())
}

/// For each workload the other side's reading of it, where all of its files are the same there.
fn shared(
    world: &dyn World,
    inventory: &[WorkloadFiles],
    other: Option<Other<'_>>,
    platform: &Platform,
) -> Result<Vec<Option<Arc<ReadWorkload>>>, Fault> {
    let as_lenient = |other: &Other<'_>| {
        let there = other.prepared.platform.as_ref();
        there.is_some_and(|there| there.default_workloads == platform.default_workloads)
    };
    let Some(other) = other.filter(as_lenient) else { return Ok(vec![None; inventory.len()]) };
    let there: HashMap<&Utf8Path, &Arc<ReadWorkload>> =
        other.prepared.workloads.iter().map(|read| (read.files.score.as_path(), read)).collect();
    inventory
        .par_iter()
        .map(|files| {
            let Some(read) = there.get(files.score.as_path()).filter(|read| read.files == *files) else {
                return Ok(None);
            };
            for path in files.paths() {
                if !same(world, other.side.workloads, path)? {
                    return Ok(None);
                }
            }
            Ok(Some(Arc::clone(read)))
        })
        .collect()
}

/// Reads all bytes in parallel, then gives numbers in path order.
fn read<'a>(
    world: &dyn World,
    inventory: &[&'a WorkloadFiles],
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
fn parse(bytes: &Bytes<'_>, leniency: Leniency) -> ReadWorkload {
    let mut findings = Vec::new();
    let mut broken = None;
    let source = source(bytes, leniency, &mut broken, &mut findings);
    ReadWorkload { files: bytes.files.clone(), source, broken, findings }
}

fn source(
    bytes: &Bytes<'_>,
    leniency: Leniency,
    broken: &mut Option<String>,
    findings: &mut Vec<Finding>,
) -> Option<WorkloadSource> {
    let (path, file, score) = &bytes.score;
    let tree = validate::score_tree(score, *file, path, leniency).take(findings);
    let overlays = overlays(bytes, findings);
    let release = bytes.release.as_ref().and_then(|(_, file, bytes)| {
        let tree = parse::yaml(bytes, *file).take(findings)?;
        validate::release(&tree, *file).take(findings)
    });
    let tree = tree?;
    let Some(workload) = validate::workload(&tree, path).take(findings) else {
        let name = tree.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
        *broken = name.map(str::to_owned);
        return None;
    };
    let workload = Arc::new(workload);
    Some(WorkloadSource { path: path.clone(), tree, workload, overlays, release })
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
