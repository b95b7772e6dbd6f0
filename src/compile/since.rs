//! Tells what a change breaks from what is broken already.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::{Compilation, Options, Other, Prepared, compile_into, prepare, render_all, settle};
use crate::assemble::assemble;
use crate::fault::Fault;
use crate::load::Side;
use crate::model::{Finding, InstanceInput, InstanceKind, InstanceOutput, Severity, Sources, Tree};
use crate::plan::{Status, Unit};
use crate::write::{FORMAT_FILE, record};

/// What compiling one side showed of it, besides the compilation.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) prepared: Prepared,
    /// Whether it came as far as rendering: else nobody knows what the change breaks.
    pub(super) is_planned: bool,
    /// Folders of instances that could not be rendered.
    pub(super) broken: BTreeSet<Utf8PathBuf>,
    /// Folders of units that could be, and their Score files.
    pub(super) sound: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// Whether two instances make one file or one object.
    pub(super) clashes: bool,
}

impl Seen {
    /// Takes note of which instances could be rendered.
    pub(super) fn outputs(&mut self, instances: &[InstanceInput], outputs: &[InstanceOutput]) {
        self.is_planned = true;
        for (instance, output) in instances.iter().zip(outputs) {
            if output.findings.iter().any(Finding::is_error) {
                self.broken.insert(instance.folder.clone());
            } else if is_unit(instance) {
                self.sound.insert(instance.folder.clone(), instance.origin.clone());
            }
        }
    }
}

/// What the other side is found to be.
#[derive(Default)]
struct Before {
    findings: HashSet<Finding>,
    units: Vec<InstanceInput>,
}

/// Compiles head, and lowers each error that base has as well to [`Severity::AlreadyBroken`].
///
/// Without a base (there is no commit yet) every error counts. An error counts, too, where it is in a file that is not
/// the same on both sides: whoever touches a file answers for it. So does everything where head cannot be planned at
/// all, because then nothing is known of what the change does.
///
/// Where only lowered errors are left, the tree has the units that are sure: those without an error in any of their own
/// files. Never shared resources or platform packages, which see broken workloads as absent; and nothing where an error
/// is in a file that many share. `folders` has those units, and the ones that head surely has no more.
///
/// # Errors
///
/// Where a world cannot be read. What is wrong in the repository is a finding.
pub fn compile_since(
    head: Side<'_>,
    base: Option<Side<'_>>,
    options: &Options<'_>,
) -> Result<Compilation, Fault> {
    let mut made = Compilation::default();
    let seen = compile_into(head, options, &mut made)?;
    if let Some(base) = base.filter(|_| seen.is_planned && made.has_errors()) {
        let before = before(base, head, &seen, &mut made.sources)?;
        let lowered = lower(&mut made.findings, &before.findings);
        if lowered && !made.has_errors() {
            keep_what_is_sure(&mut made, &seen, &before);
        }
    }
    settle(&made.sources, &mut made.findings);
    if made.has_errors() {
        made.tree = None;
    }
    Ok(made)
}

/// Everything that was found on the base side, as far as head's errors may be among it.
///
/// What stands in the same files is shared with head, so that findings of it are equal.
fn before(base: Side<'_>, head: Side<'_>, seen: &Seen, sources: &mut Sources) -> Result<Before, Fault> {
    let other = Other { side: head, prepared: &seen.prepared };
    let prepared = prepare(base, Some(other), &Options::default(), sources)?;
    let mut findings: Vec<Finding> = prepared.findings().collect();
    let Some(plan) = prepared.plan(base)?.take(&mut findings) else {
        return Ok(Before { findings: findings.into_iter().collect(), units: Vec::new() });
    };
    let (asked, rest): (Vec<_>, Vec<_>) = plan
        .instances
        .into_par_iter()
        .partition(|instance| seen.clashes || seen.broken.contains(&instance.folder));
    let mut outputs = render_all(&asked, &prepared.engines, None);
    for output in &mut outputs {
        findings.append(&mut output.findings);
    }
    findings.extend(assemble(asked.iter().zip(outputs)).findings);
    let units = asked.into_iter().chain(rest).filter(is_unit).collect();
    Ok(Before { findings: findings.into_iter().collect(), units })
}

/// Lowers the errors that were there before; whether there are any.
fn lower(findings: &mut [Finding], before: &HashSet<Finding>) -> bool {
    let mut lowered = false;
    for finding in findings.iter_mut().filter(|finding| finding.is_error() && before.contains(*finding)) {
        finding.severity = Severity::AlreadyBroken;
        lowered = true;
    }
    lowered
}

fn keep_what_is_sure(made: &mut Compilation, seen: &Seen, before: &Before) {
    let selected: BTreeSet<Utf8PathBuf> = made.folders.drain(..).collect();
    let mut sure = BTreeSet::new();
    if let Some(doubtful) = doubtful(made, seen).filter(|_| !seen.clashes) {
        let is_sure = |folder: &&Utf8PathBuf| {
            selected.contains(*folder)
                && !seen.sound.get(*folder).is_some_and(|origin| doubtful.contains(origin))
        };
        sure.extend(seen.sound.keys().filter(is_sure).cloned());
        let left = before.units.iter().filter(|unit| !seen.sound.contains_key(&unit.folder));
        let gone = left.filter(|unit| made.complete && is_gone(unit, &made.units, seen));
        sure.extend(gone.map(|unit| unit.folder.clone()));
    }
    if let Some(tree) = &mut made.tree {
        retain(tree, &sure);
    }
    made.complete = false;
    made.folders = sure.into_iter().collect();
}

/// The Score files of workloads that have an error in one of their files; `None` where one is in another file.
///
/// Errors of rendering point at templates that many share; they name the one instance that is broken instead.
fn doubtful(made: &Compilation, seen: &Seen) -> Option<BTreeSet<Utf8PathBuf>> {
    let mut doubtful = BTreeSet::new();
    for finding in &made.findings {
        if finding.severity != Severity::AlreadyBroken || finding.subject.is_some() {
            continue;
        }
        let path = made.sources.path(finding.primary.as_ref()?.span.file);
        let mut workloads = seen.prepared.inventory.workloads.iter();
        let files = workloads.find(|files| files.paths().any(|own| own == path))?;
        doubtful.insert(files.score.clone());
    }
    Some(doubtful)
}

/// Keeps the files of some instances, and their records.
fn retain(tree: &mut Tree, folders: &BTreeSet<Utf8PathBuf>) {
    let is_kept = |path: &Utf8Path| {
        let leaf = record::leaf(path).unwrap_or(path);
        path == FORMAT_FILE || leaf.ancestors().any(|folder| folders.contains(folder))
    };
    tree.files.retain(|path, _| is_kept(path));
}

/// Whether head surely has a unit of the base no more, and does not merely fail to compile it.
fn is_gone(input: &InstanceInput, units: &[Unit], seen: &Seen) -> bool {
    let InstanceKind::Unit(unit) = &input.kind else { return false };
    let name = unit.summary.name.as_str();
    let is_here = |unit: &&Unit| {
        unit.workload == name
            && unit.environment == input.environment.name.value
            && unit.cluster == input.cluster.name.value
    };
    match units.iter().find(is_here) {
        Some(unit) => matches!(unit.status, Status::NotPlaced | Status::NotReleased),
        None => !seen.prepared.inventory.workloads.iter().any(|files| files.score == input.origin),
    }
}

fn is_unit(input: &InstanceInput) -> bool {
    matches!(input.kind, InstanceKind::Unit(_))
}

#[cfg(test)]
mod tests;
