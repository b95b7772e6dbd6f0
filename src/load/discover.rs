//! Finds the inputs of a repository: by `spec.workloads`, the layout of the page "A platform repository" and the
//! `.gitignore` files inside the tree. The same content gives the same inventory, in whatever order folders list.

mod packages;
mod walk;
mod workloads;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;

use super::{EntryKind, Inventory, World, is_strange};
use crate::fault::Fault;
use crate::model::{Code, Finding, Outcome, Platform, Spanned};
use walk::{Folder, Walk};

/// Folders at the root that hold no workloads.
const NO_WORKLOADS: &[&str] =
    &["environments", "golden-paths", "platform", "policies", "resources", "schemas"];

/// Finds environments, packages and workloads.
///
/// Everything comes sorted by path. Goes on after each finding: `load/refused-path` for an input that is a link, no
/// plain file or strangely named, `load/too-large` for a `.gitignore` that cannot be read, `platform/invalid` for a
/// pattern, `platform/duplicate` and `package/invalid` for what lies in the wrong number. Faults when a folder cannot
/// be read or the repository has too many paths.
pub fn discover(world: &dyn World, platform: &Platform) -> Result<Outcome<Inventory>, Fault> {
    let mut findings = Vec::new();
    let patterns = Patterns::new(platform, &mut findings);
    let walk = Walk::new(world);
    let Some(root) = walk.root()? else { return Ok(Outcome::new(Inventory::default(), findings)) };

    let mut inventory = Inventory::default();
    let (environments, found) = walk.environments(&root)?;
    inventory.environments = environments;
    findings.extend(found);
    findings.extend(walk.packages(&root, &mut inventory)?);

    let output_root = platform.output_root.clone();
    let mut level = vec![root];
    while !level.is_empty() {
        let visits: Vec<_> = level
            .par_iter()
            .map(|folder| visit(&walk, folder, &patterns, &output_root))
            .collect::<Result<_, _>>()?;
        level.clear();
        for (workloads, found, below) in visits {
            inventory.workloads.extend(workloads);
            findings.extend(found);
            level.extend(below);
        }
    }
    inventory.workloads.sort();
    findings.extend(walk.findings());
    Ok(Outcome::new(inventory, findings))
}

type Visit = (Vec<super::WorkloadFiles>, Vec<Finding>, Vec<Folder>);

/// The workloads of one folder, and the folders in it where more may be.
fn visit(
    walk: &Walk<'_>,
    folder: &Folder,
    patterns: &Patterns,
    output_root: &Utf8Path,
) -> Result<Visit, Fault> {
    let (workloads, mut findings) = workloads::beside_each_other(folder, patterns);
    let mut below = Vec::new();
    for entry in &folder.entries {
        let path = folder.path.join(&entry.name);
        let closed = folder.is_root() && NO_WORKLOADS.contains(&entry.name.as_str());
        if closed || path == output_root || !patterns.reach(&path) {
            continue;
        }
        if entry.kind == EntryKind::Folder {
            below.extend(walk.enter(folder, &entry.name)?.filter(|inner| !inner.is_platform));
        } else if entry.kind == EntryKind::Other
            && entry.name.contains('\u{fffd}')
            && !patterns.matches(&path)
        {
            // It may be a folder; what is in it could not be named.
            findings.push(refused(&path, "its name is not UTF-8").help("rename it, or let Git ignore it"));
        }
    }
    Ok((workloads, findings, below))
}

/// The globs of `spec.workloads`.
struct Patterns {
    globs: GlobSet,
    /// The folders that the globs name before their first wildcard.
    stems: Vec<Utf8PathBuf>,
}

impl Patterns {
    fn new(platform: &Platform, findings: &mut Vec<Finding>) -> Self {
        let mut builder = GlobSetBuilder::new();
        let mut stems = Vec::new();
        for pattern in &platform.workloads {
            match glob(pattern) {
                Ok(glob) => {
                    stems.push(stem(glob.glob()));
                    builder.add(glob);
                }
                Err(finding) => findings.push(*finding),
            }
        }
        if platform.default_workloads
            && let Ok(glob) = GlobBuilder::new("**/score.yml").literal_separator(true).build()
        {
            stems.push(Utf8PathBuf::new());
            builder.add(glob);
        }
        let globs = builder.build().unwrap_or_else(|error| {
            findings.push(Finding::new(
                Code::InvalidConfig,
                format!("the patterns in `workloads` are too large: {}", error.kind()),
            ));
            GlobSet::empty()
        });
        Self { globs, stems }
    }

    fn matches(&self, path: &Utf8Path) -> bool {
        self.globs.is_match(path.as_std_path())
    }

    /// Whether something at or below a path could match.
    fn reach(&self, path: &Utf8Path) -> bool {
        self.stems.iter().any(|stem| path.starts_with(stem) || stem.starts_with(path))
    }
}

fn glob(pattern: &Spanned<String>) -> Result<Glob, Box<Finding>> {
    let text = pattern.value.trim_start_matches("./");
    GlobBuilder::new(text.strip_prefix('/').unwrap_or(text)).literal_separator(true).build().map_err(
        |error| {
            let message = format!("`{}` is not a pattern: {}", pattern.value, error.kind());
            Box::new(Finding::new(Code::InvalidConfig, message).at(pattern.span, ""))
        },
    )
}

/// The folder that everything a glob matches lies in.
fn stem(glob: &str) -> Utf8PathBuf {
    let folders = glob.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').take_while(|name| !name.contains(['*', '?', '[', '{', '\\'])).collect()
}

/// An input that is there and is not read.
fn refused(path: &Utf8Path, why: &str) -> Finding {
    Finding::new(Code::RefusedPath, format!("`{path}` is not read: {why}"))
}

/// Whether an entry can be an input, or else why not.
fn refusal(path: &Utf8Path, kind: EntryKind) -> Option<Finding> {
    if path.as_str().contains('\u{fffd}') {
        return Some(refused(path, "its path is not UTF-8").help("rename it"));
    }
    if is_strange(path.as_str()) {
        return Some(refused(path, "its path has invisible characters").help("rename it"));
    }
    match kind {
        EntryKind::File | EntryKind::Folder => None,
        EntryKind::Link => Some(
            refused(path, "it is a link")
                .help("put the file it points at in its place, or let Git ignore it"),
        ),
        EntryKind::Other => Some(refused(path, "it is not a plain file")),
    }
}

#[cfg(test)]
#[path = "discover_tests.rs"]
mod tests;
