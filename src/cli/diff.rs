//! `macadam diff`: what a change does to the rendered output.

mod ends;
mod range;

use camino::Utf8Path;

use super::{
    Exit,
    arguments::{Diff, DiffFormat, FindingFormat, Global},
    pager::Pager,
    progress::Line,
    repository,
    review::{self, MarkdownOptions, View},
    terminal::Terminal,
};
use crate::{
    diff::{self, Comparison, Options, Two, expression::Expression},
    fault::Fault,
    load::Side,
    model::Finding,
};
use ends::Ends;

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &Diff) -> Result<Exit, Fault> {
    let line = Line::new(terminal);
    let fail_on = arguments.fail_on.as_deref().map(Expression::parse).transpose();
    let fail_on = fail_on.map_err(|error| error.fault())?;
    let texts = arguments.unified || arguments.word;
    let options = Options { texts, fail_on: fail_on.as_ref(), progress: Some(&line) };
    let ends = Ends::open(global, arguments)?;
    let comparison = compare(&ends, arguments, &options)?;
    drop(line);
    tell(terminal, arguments, &comparison)?;
    print(terminal, arguments, &comparison, ends.prefix())?;
    let differs = arguments.exit_code && !comparison.review.is_empty();
    let fails = differs || !comparison.fails.is_empty() || comparison.is_broken();
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// Compares what the arguments ask for.
fn compare(ends: &Ends, arguments: &Diff, options: &Options<'_>) -> Result<Comparison, Fault> {
    if let [from, to] = arguments.environments.as_slice() {
        return diff::environments(Side::of(ends.head()), (from, to), options);
    }
    let (base, head) = (Side::of(ends.base()), Side::of(ends.head()));
    let head = if arguments.platform.is_some() { Side { platform: base.platform, ..head } } else { head };
    let two = Two { base, head, names: ends.names() };
    if arguments.rendered { diff::rendered(&two, options) } else { diff::diff(&two, options) }
}

/// Tells the findings of a side that does not compile, for people.
fn tell(terminal: &mut Terminal, arguments: &Diff, comparison: &Comparison) -> Result<(), Fault> {
    let findings = &comparison.review.findings;
    for (side, found) in [("base", &findings.base), ("head", &findings.head), ("both sides", &findings.both)]
    {
        let errors: Vec<Finding> = found.iter().filter(|finding| finding.is_error()).cloned().collect();
        if errors.is_empty() || !arguments.is_for_people() {
            continue;
        }
        terminal.say(&format!("{side} does not compile:"));
        repository::tell(terminal, FindingFormat::Human, &errors, &comparison.sources)?;
    }
    Ok(())
}

fn markdown(arguments: &Diff) -> MarkdownOptions<'_> {
    MarkdownOptions {
        budget: arguments.budget,
        mention: arguments.mention,
        artifact: arguments.page.as_deref(),
        key: &arguments.key,
    }
}

/// Prints the review; `root` is the platform repository's folder in the Git repository.
fn print(
    terminal: &mut Terminal,
    arguments: &Diff,
    comparison: &Comparison,
    root: &Utf8Path,
) -> Result<(), Fault> {
    let view = View { width: terminal.width, color: terminal.color_out, verbose: terminal.is_verbose() };
    let Comparison { review, sources, .. } = comparison;
    let page = match arguments.format {
        DiffFormat::Human if arguments.stat => review::stat(review, &view),
        DiffFormat::Human if arguments.unified => review::unified(review, &view),
        DiffFormat::Human if arguments.word => review::word(review, &view),
        DiffFormat::Human => review::human(review, &view),
        DiffFormat::Markdown => review::markdown(review, &markdown(arguments)),
        DiffFormat::Json => review::json(review, sources),
        DiffFormat::Html => review::html(review, sources),
        DiffFormat::Sarif => review::sarif(review, sources, root),
        DiffFormat::Github => review::github(review, sources, root),
    };
    let pager = Pager::of_process(!arguments.no_pager && arguments.format == DiffFormat::Human);
    terminal.page(pager.as_ref(), &page)
}
