//! What has to happen so that the output root equals a tree, and what must not.

use camino::Utf8Path;

use super::root::{Root, unfinished};
use super::survey::{Blocker, Difference, Survey, survey};
use super::{Removals, Scope, accepted};
use crate::fault::Fault;
use crate::model::{ChangeSet, Code, Finding, Outcome, Tree};

/// Removals up to this number need nobody's word.
const FREE_REMOVALS: usize = 20;

/// Compares the output root with a tree, and takes the right to write (`Fault::Locked` when another process has it).
///
/// Reads the disk, writes nothing. No change set comes with a finding of severity error: `write/foreign-file`,
/// `write/blocked-path`, `write/edited-stale`, `write/refused-output` and `write/too-many-removals`. A file of ours
/// that was edited by hand is a warning, `write/edited-file`, unless a merge left conflict markers in it.
pub fn compare(root: &Root, tree: &Tree, scope: &Scope) -> Result<Outcome<ChangeSet>, Fault> {
    root.lock()?;
    unfinished(root)?;
    let mut findings = refused_outputs(root.path(), tree);
    if !findings.is_empty() {
        return Ok(Outcome::failed(findings));
    }
    let survey = survey(root, tree, scope)?;
    let changes = change_set(root, tree, &survey, &mut findings);
    findings.extend(too_many_removals(root, &survey, scope));
    if findings.iter().any(Finding::is_error) {
        return Ok(Outcome::failed(findings));
    }
    Ok(Outcome::new(changes, findings))
}

/// Names every changed, missing and extra file (`check/not-current`). Reads every byte, writes nothing, and needs no
/// right to write.
pub fn check(root: &Root, tree: &Tree, scope: &Scope) -> Result<Vec<Finding>, Fault> {
    unfinished(root)?;
    let mut findings = refused_outputs(root.path(), tree);
    for (path, difference) in survey(root, tree, scope)?.differences {
        let what = match difference {
            Difference::Missing => "is missing",
            Difference::Outdated => "is not what would be written",
            Difference::Edited => "was edited by hand",
            Difference::Conflicted => "has conflict markers",
            Difference::Taken => "is not what would be written, and macadam did not write it",
            Difference::Blocked(_) => "is not a plain file in its place",
            Difference::Stale(_) => "is no longer made",
            Difference::EditedStale => "is no longer made, and was edited by hand",
            Difference::Foreign => "was not written by macadam",
        };
        let message = format!("`{}` {what}", root.full(&path));
        findings.push(
            Finding::new(Code::NotCurrent, message).help("run `macadam render` and commit what it writes"),
        );
    }
    Ok(findings)
}

/// Paths of the tree that nobody may write.
pub(super) fn refused_outputs(root: &Utf8Path, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut last: Option<&Utf8Path> = None;
    let mut refuse = |path: &Utf8Path, reason: &str| {
        findings.push(Finding::new(
            Code::RefusedOutput,
            format!("`{}` is not written: {reason}", root.join(path)),
        ));
    };
    for path in tree.files.keys() {
        if let Some(reason) = accepted::refusal(path.as_str()) {
            refuse(path, reason);
        } else if last.is_some_and(|last| path.starts_with(last)) {
            // Paths come in the order of their names, so what lies in a folder follows it at once.
            refuse(path, "a folder that it lies in is a file of the tree");
        } else {
            last = Some(path);
        }
    }
    findings
}

fn change_set(root: &Root, tree: &Tree, survey: &Survey, findings: &mut Vec<Finding>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    for (path, difference) in &survey.differences {
        let full = root.full(path);
        match difference {
            Difference::Missing | Difference::Outdated | Difference::Conflicted | Difference::Edited => {
                if *difference == Difference::Edited {
                    findings.push(edited(&full));
                }
                if let Some(bytes) = tree.get(path) {
                    changes.put.insert(path.clone(), bytes.to_vec());
                }
            }
            Difference::Stale(_) => changes.remove.push(path.clone()),
            Difference::Taken => findings.push(
                Finding::new(
                    Code::ForeignFile,
                    format!("`{full}` would be replaced, and macadam did not write it"),
                )
                .help("move it out of the output root, or remove it"),
            ),
            Difference::Foreign => findings.push(
                Finding::new(Code::ForeignFile, format!("`{full}` was not written by macadam")).help(
                    format!("`{}` belongs to macadam: move the file, or let Git ignore it", root.path()),
                ),
            ),
            Difference::EditedStale => findings.push(
                Finding::new(
                    Code::EditedStale,
                    format!("`{full}` is no longer made, and was edited by hand"),
                )
                .help("remove it yourself, or undo the edit"),
            ),
            Difference::Blocked(blocker) => findings.push(blocked(&full, *blocker)),
        }
    }
    changes
}

fn edited(path: &Utf8Path) -> Finding {
    Finding::new(Code::EditedFile, format!("`{path}` was edited by hand and is rendered again"))
        .help("put the change into the workload, the environment or the golden path")
}

fn blocked(path: &Utf8Path, blocker: Blocker) -> Finding {
    let (message, help) = match blocker {
        Blocker::Link => {
            (format!("`{path}` is a link, and a file has to be written there"), "remove the link")
        }
        Blocker::Other => {
            (format!("`{path}` is no plain file, and a file has to be written there"), "remove it")
        }
        Blocker::Folder => (
            format!("`{path}` is a folder, and a file has to be written there"),
            "move what is in the folder",
        ),
        Blocker::File => (format!("`{path}` is a file, and a folder has to be made there"), "move the file"),
    };
    Finding::new(Code::BlockedPath, message).help(help)
}

fn too_many_removals(root: &Root, survey: &Survey, scope: &Scope) -> Option<Finding> {
    let is_stale = |(path, difference): &(&camino::Utf8PathBuf, &Difference)| {
        matches!(difference, Difference::Stale(_)) && super::record::leaf(path).is_none()
    };
    let removed = survey.differences.iter().filter(is_stale).count();
    if removed <= FREE_REMOVALS || scope.removals == Removals::Allowed {
        return None;
    }
    let owned = survey.records.owned().len();
    (removed.saturating_mul(10) > owned).then(|| {
        let message = format!("{removed} of the {owned} files in `{}` would be removed", root.path());
        Finding::new(Code::TooManyRemovals, message).help("`--allow-removals` says that this is meant")
    })
}
