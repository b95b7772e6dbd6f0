//! `macadam new`: a workload from a golden path.

mod params;
mod scaffold;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use macadam_yaml::Mapping;

use super::{
    Exit,
    arguments::{FindingFormat, Global, New},
    files, name, repository,
    terminal::Terminal,
};
use crate::{
    compile::{Compilation, Selection},
    fault::Fault,
    load::is_plain_path,
    model::{Package, Platform},
    validate,
};

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &New) -> Result<Exit, Fault> {
    if !name::is_name(&arguments.name) {
        return Err(name::refused(&arguments.name, "workload"));
    }
    let root = repository::root(global)?;
    let compilation = compile(terminal, &root, &arguments.name)?;
    if let Some(unit) = compilation.units.iter().find(|unit| unit.workload == arguments.name) {
        return Err(Fault::usage(
            format!("there is a workload `{}` already, in `{}`", arguments.name, unit.file),
            Some("workload names are unique in a repository".to_owned()),
        ));
    }
    let package = golden_path(&compilation, &arguments.golden_path)?;
    let mut values = params::given(&arguments.set)?;
    params::complete(terminal, package, &mut values)?;
    params::check(package, &values)?;

    let folder = folder(arguments, compilation.platform.as_deref())?;
    let files = scaffold::files(package, &arguments.name, values, &compilation.sources)?;
    files::create(&root.join(&folder), &files)?;
    for file in &files {
        terminal.say(&format!("created {}", folder.join(&file.path)));
    }
    after(terminal, &root, &arguments.name)
}

/// Compiles with the new workload: what is found about it, and whether it is found at all.
fn after(terminal: &mut Terminal, root: &Utf8Path, name: &str) -> Result<Exit, Fault> {
    let compilation = compile(terminal, root, name)?;
    let counts =
        repository::tell(terminal, FindingFormat::Human, &compilation.findings, &compilation.sources)?;
    if counts.errors > 0 {
        return Ok(Exit::Findings);
    }
    if !compilation.units.iter().any(|unit| unit.workload == name) {
        terminal.say("note: `spec.workloads` in macadam.yaml does not reach this folder");
    }
    Ok(Exit::Clean)
}

fn compile(terminal: &Terminal, root: &Utf8Path, name: &str) -> Result<Compilation, Fault> {
    let selection = Selection { workloads: vec![name.to_owned()], ..Selection::default() };
    repository::compile(terminal, root, selection)
}

fn golden_path<'a>(compilation: &'a Compilation, asked: &str) -> Result<&'a Package, Fault> {
    let known = || compilation.catalog.golden_paths();
    let found = known().find(|package| package.name.value == asked);
    found.map(AsRef::as_ref).ok_or_else(|| {
        let names: Vec<String> = known().map(|package| format!("`{}`", package.name.value)).collect();
        let near = validate::did_you_mean(asked, known().map(|package| package.name.value.as_str()));
        let help = near.unwrap_or_else(|| format!("there are {}", names.join(", ")));
        Fault::usage(format!("there is no golden path `{asked}`"), Some(help))
    })
}

/// Where the workload goes: as asked, else beside the others, before the first wildcard of `spec.workloads`.
fn folder(arguments: &New, platform: Option<&Platform>) -> Result<Utf8PathBuf, Fault> {
    if let Some(dir) = &arguments.dir {
        return inside(dir, platform);
    }
    let pattern = platform.and_then(|platform| platform.workloads.first()).map_or("", |it| it.value.as_str());
    let folders = pattern.rsplit_once('/').map_or("", |(folders, _)| folders);
    let stem: Utf8PathBuf = folders
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .take_while(|part| !part.contains(['*', '?', '[', '{', '\\']))
        .collect();
    Ok(stem.join(&arguments.name))
}

/// The folder that was asked for, where a workload may lie in it: inside of the repository and outside of what is rendered.
fn inside(dir: &Utf8Path, platform: Option<&Platform>) -> Result<Utf8PathBuf, Fault> {
    let folder: Utf8PathBuf =
        dir.components().filter(|part| !matches!(part, Utf8Component::CurDir)).collect();
    let rendered = platform.is_some_and(|platform| folder.starts_with(&platform.output_root));
    if rendered || !(folder.as_str().is_empty() || is_plain_path(folder.as_str())) {
        let help =
            "name a folder inside of the repository, relative to its root, and outside of the output root";
        return Err(Fault::usage(format!("a workload cannot lie in `{dir}`"), Some(help.to_owned())));
    }
    Ok(folder)
}

/// Parameters by name.
type Values = Mapping;
