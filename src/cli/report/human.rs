//! Findings and faults for people: what, where, what to do.

use std::{error::Error, fmt::Write};

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::{Group, diagnostic::Shown, fault_code};
use crate::{
    cli::{
        safe,
        terminal::{Paint, Talk, Terminal},
        text,
    },
    fault::Fault,
    model::{Severity, Sources, Subject},
};

/// Findings beyond this many are counted, not printed, unless verbose.
const MOST_FINDINGS: usize = 100;

/// Subjects beyond this many are counted, not named, unless verbose.
const MOST_SUBJECTS: usize = 1;

/// Prints groups of findings on standard error.
pub(crate) fn human(terminal: &mut Terminal, groups: &[Group<'_>], sources: &Sources) {
    let verbose = terminal.talk == Talk::Verbose;
    let handler = handler(terminal.width, terminal.color_err);
    let mut shown = Shown::new(sources, terminal.width);
    let most = if verbose { groups.len() } else { MOST_FINDINGS };
    let mut rest = groups.get(..most).unwrap_or(groups);
    while let [first, behind @ ..] = rest {
        let alike = behind.iter().take_while(|group| is_list(first, group)).count();
        let mut text = match alike {
            0 => with_place(&handler, &mut shown, first),
            _ => list(&rest[..=alike], terminal.width, terminal.color_err),
        };
        rest = &behind[alike..];
        if let Some(note) = subjects(&first.subjects, if verbose { usize::MAX } else { MOST_SUBJECTS }) {
            let _ = write!(text, "\n  {} {note}", Paint::Cyan.on("in:", terminal.color_err));
        }
        terminal.insist(&text);
        terminal.insist("");
    }
    if groups.len() > most {
        let left = groups.len() - most;
        terminal.insist(&format!(".. and {left} more findings (`--verbose` prints them all)\n"));
    }
}

/// One finding with its places.
fn with_place(handler: &GraphicalReportHandler, shown: &mut Shown<'_>, group: &Group<'_>) -> String {
    let mut text = String::new();
    match handler.render_report(&mut text, &shown.report(group)) {
        Ok(()) => trimmed(text.trim_end()),
        Err(std::fmt::Error) => safe::line(&group.finding.message).into_owned(),
    }
}

/// Whether two groups have no place and one way out, so that a list says it all.
fn is_list(a: &Group<'_>, b: &Group<'_>) -> bool {
    let plain = |group: &Group<'_>| {
        group.finding.primary.is_none() && group.finding.related.is_empty() && group.subjects.is_empty()
    };
    plain(a)
        && plain(b)
        && a.finding.code == b.finding.code
        && a.finding.severity == b.finding.severity
        && a.finding.help == b.finding.help
}

/// Findings without a place that have one code and one way out.
fn list(groups: &[Group<'_>], width: usize, color: bool) -> String {
    let Some(first) = groups.first().map(|group| group.finding) else { return String::new() };
    let (mark, paint) = match first.severity {
        Severity::Error => ("×", Paint::Red),
        Severity::Warning | Severity::AlreadyBroken => ("⚠", Paint::Yellow),
    };
    let head = format!("{}[{}]", first.severity.describe(), first.code);
    let mut text = format!("{}\n", paint.on(head, color));
    for group in groups {
        let message = indented(&safe::line(&group.finding.message), width, "    ");
        let _ = write!(text, "\n  {} {message}", paint.on(mark, color));
    }
    if let Some(help) = &first.help {
        let help = indented(&safe::line(help), width, "        ");
        let _ = write!(text, "\n  {} {help}", Paint::Cyan.on("help:", color));
    }
    text
}

/// Wraps text that begins behind an indent, and indents the lines after the first.
fn indented(line: &str, width: usize, indent: &str) -> String {
    text::wrap(line, width.saturating_sub(indent.len())).replace('\n', &format!("\n{indent}"))
}

/// Prints a fault with its causes on standard error.
pub(crate) fn fault(terminal: &mut Terminal, fault: &Fault) {
    let (width, color) = (terminal.width, terminal.color_err);
    let head = fault_code(fault).map_or_else(|| "error".to_owned(), |code| format!("error[{code}]"));
    let mut text = format!("{}\n", Paint::Red.on(head, color));
    let message = indented(&safe::line(&fault.to_string()), width, "    ");
    let _ = write!(text, "\n  {} {message}", Paint::Red.on("×", color));
    let mut cause = fault.source();
    while let Some(error) = cause {
        let _ = write!(text, "\n    because: {}", safe::line(&error.to_string()));
        cause = error.source();
    }
    if let Some(help) = miette::Diagnostic::help(fault) {
        let help = indented(&safe::line(&help.to_string()), width, "        ");
        let _ = write!(text, "\n  {} {help}", Paint::Cyan.on("help:", color));
    }
    terminal.insist(&text);
}

/// What a group is about, in words.
fn subjects(subjects: &[&Subject], most: usize) -> Option<String> {
    let named: Vec<String> = subjects.iter().take(most).map(|subject| describe(subject)).collect();
    let left = subjects.len() - named.len();
    match (named.is_empty(), left) {
        (true, _) => None,
        (false, 0) => Some(named.join(", ")),
        (false, 1) => Some(format!("{} (and 1 more instance)", named.join(", "))),
        (false, left) => Some(format!("{} (and {left} more instances)", named.join(", "))),
    }
}

fn describe(subject: &Subject) -> String {
    let text = match &subject.object {
        Some(object) => format!("{}, {object}", subject.instance),
        None => subject.instance.clone(),
    };
    safe::line(&text).into_owned()
}

/// miette's printer, without links and without its guesses about the terminal. It would break paths at hyphens, so text
/// comes to it wrapped.
fn handler(width: usize, color: bool) -> GraphicalReportHandler {
    let styles = if color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_urls(false)
        .with_width(width)
        .with_context_lines(1)
        .tab_width(2)
        .with_wrap_lines(false)
        .without_syntax_highlighting()
}

/// Takes the blanks off line ends, and miette's heading of labels in further files.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").replace("\n\nAdvice:\n", "\n")
}
