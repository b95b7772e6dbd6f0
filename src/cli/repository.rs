//! The platform repository that a command works on, and its compilation.

#![expect(clippy::disallowed_methods, reason = "the edge asks where the process runs")]

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    arguments::{FindingFormat, Global},
    progress::Line,
    report::{self, Counts, counted},
    terminal::{Paint, Terminal},
};
use crate::{
    compile::{self, Compilation, Options, Selection},
    fault::Fault,
    load::{Repository, Revision, WorkTree, World},
    model::{Finding, Outcome, Platform, Sources, WorldName},
    parse, validate,
    write::Root,
};

/// The file that makes a folder a platform repository.
const MARK: &str = "macadam.yaml";

/// The process's working directory.
pub(crate) fn working_directory() -> Result<Utf8PathBuf, Fault> {
    let unreadable = |source| Fault::Unreadable { path: Utf8PathBuf::from("."), source };
    let path = std::env::current_dir().map_err(unreadable)?;
    Utf8PathBuf::from_path_buf(path).map_err(|path| {
        Fault::usage(format!("the folder `{}` has a name that is not UTF-8", path.display()), None)
    })
}

/// The root of the platform repository: the one asked for, or the nearest folder upwards that has a `macadam.yaml`.
pub(crate) fn root(global: &Global) -> Result<Utf8PathBuf, Fault> {
    let start = working_directory()?;
    if let Some(asked) = &global.repository {
        let root = start.join(asked);
        return if root.join(MARK).is_file() { Ok(root) } else { Err(no_mark(&format!("in `{asked}`"))) };
    }
    let found = start.ancestors().find(|folder| folder.join(MARK).is_file());
    found.map(Utf8Path::to_owned).ok_or_else(|| no_mark("here or in a folder above"))
}

/// The Git repository that the platform repository lies in, and the platform repository's root.
///
/// A bare repository has no `macadam.yaml` on disk: its own folder is the root.
pub(crate) fn git(global: &Global) -> Result<(Repository, Utf8PathBuf), Fault> {
    let start = global
        .repository
        .as_ref()
        .map_or_else(working_directory, |asked| Ok(working_directory()?.join(asked)))?;
    let no_git =
        || Fault::usage("this is not in a Git repository", Some("`git init`, and commit once".to_owned()));
    match root(global) {
        Ok(root) => Ok((Repository::discover(&root)?.ok_or_else(no_git)?, root)),
        Err(no_platform) => match Repository::discover(&start)? {
            Some(repository) if repository.is_bare() => Ok((repository, start)),
            _ => Err(no_platform),
        },
    }
}

/// What would be committed now: in a hook, Git names the index in a variable.
pub(crate) fn staged(repository: &Repository) -> Result<Revision, Fault> {
    let index = std::env::var("GIT_INDEX_FILE").ok().filter(|path| !path.is_empty());
    repository.staged(index.as_deref().map(Utf8Path::new))
}

/// The files on disk; a sparse checkout is refused, as what is left out would look removed.
pub(crate) fn work_tree(root: &Utf8Path, repository: Option<&Repository>) -> Result<WorkTree, Fault> {
    let Some(repository) = repository else { return WorkTree::open(root) };
    if repository.is_bare() {
        let help = "name two revisions: `macadam diff BASE..HEAD`";
        return Err(Fault::usage("a bare repository has no working tree", Some(help.to_owned())));
    }
    repository.check_whole()?;
    Ok(WorkTree::open(root)?.with_format(repository.format()))
}

fn no_mark(place: &str) -> Fault {
    Fault::usage(
        format!("there is no `{MARK}` {place}"),
        Some(
            "`macadam init` starts a platform repository; `--repository DIR` names one elsewhere".to_owned(),
        ),
    )
}

/// Compiles a repository, with a moving line on a terminal.
pub(crate) fn compile(
    terminal: &Terminal,
    root: &Utf8Path,
    selection: Selection,
) -> Result<Compilation, Fault> {
    let world = WorkTree::open(root)?;
    let line = Line::new(terminal);
    compile::compile(&world, &Options { selection, progress: Some(&line) })
}

/// Opens the output root of a compiled repository.
pub(crate) fn output(root: &Utf8Path, compilation: &Compilation) -> Result<Root, Fault> {
    Root::open(root, output_root(compilation))
}

/// The output root of a compiled repository, relative to it.
pub(crate) fn output_root(compilation: &Compilation) -> &Utf8Path {
    compilation.platform.as_ref().map_or(Utf8Path::new("rendered"), |platform| &platform.output_root)
}

/// Prints findings in the form that was asked for and returns how many there are.
pub(crate) fn tell(
    terminal: &mut Terminal,
    format: FindingFormat,
    findings: &[Finding],
    sources: &Sources,
) -> Result<Counts, Fault> {
    let groups = report::groups(findings, sources);
    match format {
        FindingFormat::Human => report::human(terminal, &groups, sources),
        FindingFormat::Json => terminal.data(&report::json(&groups, sources, None))?,
    }
    Ok(Counts::of(&groups))
}

/// How many workloads a compilation saw; `None` where it did not come that far.
pub(crate) fn workloads(compilation: &Compilation) -> Option<usize> {
    let names: BTreeSet<&str> = compilation.units.iter().map(|unit| unit.workload.as_str()).collect();
    (!names.is_empty()).then_some(names.len())
}

/// Says how many findings there are in how many workloads; errors are told even when quiet.
pub(crate) fn summary(terminal: &mut Terminal, counts: Counts, workloads: Option<usize>) {
    let place =
        workloads.map_or(String::new(), |workloads| format!(" in {}", counted(workloads, "workload")));
    let color = terminal.color_err;
    if counts.errors > 0 {
        terminal.insist(&format!("{}{place}", Paint::Red.on(counts.words(), color)));
    } else if counts.already_broken > 0 {
        let words = Paint::Yellow.on(counts.words(), color);
        terminal.show(&format!("{words}{place}; the change has no part in what is already broken"));
    } else if counts.warnings > 0 {
        terminal.show(&format!("{}{place}", Paint::Yellow.on(counts.words(), color)));
    } else {
        terminal.show(&format!("{}{place}", Paint::Green.on("no findings", color)));
    }
}

/// Says that there is nothing to compile, where that is so: most likely a pattern is misspelt.
pub(crate) fn tell_of_nothing(terminal: &mut Terminal, compilation: &Compilation) {
    let Some(platform) = &compilation.platform else { return };
    if compilation.units.is_empty() && !compilation.has_errors() && !compilation.is_already_broken() {
        let patterns: Vec<String> =
            platform.workloads.iter().map(|pattern| format!("`{}`", pattern.value)).collect();
        terminal.say(&format!("no workloads: no Score file matches {}", patterns.join(", ")));
    }
}

/// Reads `macadam.yaml` alone, for commands that need not compile.
pub(crate) fn platform(root: &Utf8Path, sources: &mut Sources) -> Result<Outcome<Platform>, Fault> {
    let world = WorkTree::open(root)?;
    let bytes = world.read(Utf8Path::new(MARK))?.unwrap_or_default();
    let file = sources.add(WorldName::WorkTree, Utf8Path::new(MARK), &bytes);
    let mut findings = Vec::new();
    let Some(tree) = parse::yaml(&bytes, file).take(&mut findings) else {
        return Ok(Outcome::failed(findings));
    };
    let platform = validate::platform(&tree, file).take(&mut findings);
    Ok(Outcome { value: platform, findings })
}
