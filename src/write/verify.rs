//! Whether the tree is whole, and ours, without compiling anything.

use camino::Utf8Path;

use super::record;
use super::records::format;
use super::root::Root;
use super::survey::{Difference, survey};
use super::{FORMAT, FORMAT_FILE, Scope};
use crate::fault::Fault;
use crate::model::{Code, Finding, Tree};

/// Checks an output root against its own records: every file that a record names is there with that digest, nothing
/// else is (files that Git ignores excepted), the layout is known, and no run was stopped half-way.
///
/// Reads every byte and writes nothing. Findings: `verify/torn-tree` (and then nothing else), `verify/unknown-format`,
/// `verify/damaged-record`, `verify/missing-file`, `verify/changed-file`, `write/foreign-file`.
pub fn verify(root: &Root) -> Result<Vec<Finding>, Fault> {
    if root.is_torn()? {
        let message = format!("`{}` is neither the old tree nor the new one", root.path());
        return Ok(vec![
            Finding::new(Code::TornTree, message).help("run `macadam render`: it completes what was begun"),
        ]);
    }
    let mut findings = Vec::new();
    let folder = root.folder()?;
    let known = folder.map(|folder| format(root, &folder)).transpose()?.flatten();
    if !known.is_some_and(|known| (1..=u64::from(FORMAT)).contains(&known)) {
        let message = format!("`{}` does not say which layout it has", root.full(FORMAT_FILE.into()));
        findings.push(Finding::new(Code::UnknownFormat, message).help("run `macadam render`"));
    }
    // Against an empty tree, everything that is ours and as we wrote it is stale.
    let survey = survey(root, &Tree::default(), &Scope::everything())?;
    for (path, bytes) in &survey.records.files {
        if !record::is_sound(bytes) {
            let message = format!("`{}` has lines that are no entries", root.full(path));
            findings.push(
                Finding::new(Code::DamagedRecord, message).help("run `macadam render`: it writes it again"),
            );
        }
    }
    findings.extend(survey.differences.iter().filter_map(|(path, difference)| told(root, path, *difference)));
    for path in survey.records.owned().keys().filter(|path| !survey.differences.contains_key(*path)) {
        let message = format!("`{}` is missing", root.full(path));
        findings.push(Finding::new(Code::MissingFile, message).help("run `macadam render`"));
    }
    Ok(findings)
}

fn told(root: &Root, path: &Utf8Path, difference: Difference) -> Option<Finding> {
    let path = root.full(path);
    match difference {
        Difference::Stale(_) => None,
        Difference::Foreign => Some(
            Finding::new(Code::ForeignFile, format!("`{path}` was not written by macadam"))
                .help("move it, or let Git ignore it"),
        ),
        _ => Some(
            Finding::new(Code::ChangedFile, format!("`{path}` is not what macadam wrote"))
                .help("run `macadam render`: it writes it again"),
        ),
    }
}
