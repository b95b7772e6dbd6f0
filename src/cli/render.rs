//! `macadam render`: compiles, then writes, proves or prints the tree.

mod print;

use super::{
    Exit,
    arguments::{FindingFormat, Global, Render, RenderFormat},
    report::{Counts, counted},
    repository,
    since::Content,
    terminal::Terminal,
};
use crate::{
    compile::{Compilation, Selection},
    fault::Fault,
    model::{Finding, Tree},
    validate,
    write::{self, Root, Scope},
};

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &Render) -> Result<Exit, Fault> {
    let format = finding_format(arguments)?;
    staged_is_not_written(arguments)?;
    let content = Content::open(global, &arguments.against)?;
    let compilation = content.compile(terminal, selection(arguments))?;
    everything_is_there(arguments, &compilation)?;
    let Some(tree) = &compilation.tree else {
        return finish(terminal, format, &compilation, Vec::new());
    };
    if arguments.stdout {
        if print::manifests(terminal, tree, arguments.format)? == 0 {
            terminal.say("nothing is rendered here: `macadam list` tells what runs where");
        }
        terminal.flush()?;
        return finish(terminal, format, &compilation, Vec::new());
    }
    let scope = scope(arguments, &compilation);
    tell_of_what_is_not_judged(terminal, &compilation);
    let findings = match content.staged() {
        Some(staged) => write::check_staged(staged, repository::output_root(&compilation), tree, &scope)?,
        None => {
            let output = repository::output(content.root(), &compilation)?;
            if arguments.check {
                write::check(&output, tree, &scope)?
            } else {
                self::write(terminal, &output, tree, &scope)?
            }
        }
    };
    finish(terminal, format, &compilation, findings)
}

/// What is staged can be proved or printed: files are written beside the working tree's sources.
fn staged_is_not_written(arguments: &Render) -> Result<(), Fault> {
    if !arguments.against.staged || arguments.check || arguments.stdout {
        return Ok(());
    }
    let help = "`macadam render` writes what the files on disk compile to";
    Err(Fault::usage("`render --staged` needs `--check` or `--stdout`", Some(help.to_owned())))
}

/// Says how much is left alone because something is broken already.
fn tell_of_what_is_not_judged(terminal: &mut Terminal, compilation: &Compilation) {
    if compilation.is_already_broken() {
        let (of, sure) = (compilation.planned, compilation.folders.len());
        terminal.say(&format!(
            "{sure} of {} looked at: the others may depend on what is already broken",
            counted(of, "instance")
        ));
    }
}

/// Writes what differs, unless a finding stands in the way.
fn write(terminal: &mut Terminal, output: &Root, tree: &Tree, scope: &Scope) -> Result<Vec<Finding>, Fault> {
    if write::recover(output)? {
        terminal.say("completed what a stopped run had begun");
    }
    let outcome = write::compare(output, tree, scope)?;
    if let Some(changes) = outcome.value {
        let (put, removed) = (changes.put.len(), changes.remove.len());
        write::apply(output, changes)?;
        terminal.say(&done(put, removed, tree.files.len()));
    }
    Ok(outcome.findings)
}

/// What was written, in words.
fn done(put: usize, removed: usize, total: usize) -> String {
    match (put, removed) {
        (0, 0) => format!("{}, all current", counted(total, "file")),
        (put, removed) => {
            let of = if put < total { format!(" of {total}") } else { String::new() };
            let gone = if removed > 0 { format!(", {removed} removed") } else { String::new() };
            let files = if put == 1 && of.is_empty() { "file" } else { "files" };
            format!("{put}{of} {files} written{gone}")
        }
    }
}

/// Prints all findings and says how the run ended.
fn finish(
    terminal: &mut Terminal,
    format: FindingFormat,
    compilation: &Compilation,
    more: Vec<Finding>,
) -> Result<Exit, Fault> {
    let findings: Vec<Finding> = compilation.findings.iter().cloned().chain(more).collect();
    let counts = repository::tell(terminal, format, &findings, &compilation.sources)?;
    repository::tell_of_nothing(terminal, compilation);
    if counts != Counts::default() {
        repository::summary(terminal, counts, repository::workloads(compilation));
    }
    Ok(if counts.errors > 0 { Exit::Findings } else { Exit::Clean })
}

/// How findings are printed; a fault where `--format` says something that this way of rendering does not have.
fn finding_format(arguments: &Render) -> Result<FindingFormat, Fault> {
    match (arguments.stdout, arguments.format) {
        (false, Some(RenderFormat::Json)) => Ok(FindingFormat::Json),
        (false, Some(RenderFormat::Yaml)) => Err(Fault::usage("`--format yaml` needs `--stdout`", None)),
        (true, Some(RenderFormat::Human)) => Err(Fault::usage(
            "`--stdout` prints manifests",
            Some("`--format yaml` or `--format json`".to_owned()),
        )),
        _ => Ok(FindingFormat::Human),
    }
}

fn selection(arguments: &Render) -> Selection {
    Selection {
        environments: arguments.environments.clone(),
        clusters: arguments.clusters.clone(),
        workloads: arguments.workloads.clone(),
    }
}

/// Checks the names of a selection: a misspelt one must not look like an empty tree.
fn everything_is_there(arguments: &Render, compilation: &Compilation) -> Result<(), Fault> {
    let environments = || compilation.environments.iter();
    let clusters = environments().flat_map(|environment| &environment.clusters);
    let workloads = compilation.units.iter().map(|unit| unit.workload.as_str());
    known("environment", &arguments.environments, environments().map(|it| it.name.value.as_str()))?;
    known("cluster", &arguments.clusters, clusters.map(|cluster| cluster.name.value.as_str()))?;
    if compilation.has_errors() {
        return Ok(()); // a workload that could not be read has no name yet
    }
    known("workload", &arguments.workloads, workloads)
}

fn known<'a>(
    what: &str,
    asked: &[String],
    there: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), Fault> {
    match asked.iter().find(|name| !there.clone().any(|known| known == *name)) {
        None => Ok(()),
        Some(name) => {
            Err(Fault::usage(format!("there is no {what} `{name}`"), validate::did_you_mean(name, there)))
        }
    }
}

/// What the run may say about the output root.
fn scope(arguments: &Render, compilation: &Compilation) -> Scope {
    let scope = if compilation.complete {
        Scope::everything()
    } else {
        Scope::below(compilation.folders.iter().cloned())
    };
    if arguments.allow_removals { scope.allow_removals() } else { scope }
}
