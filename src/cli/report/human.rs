//! Findings and faults for people: what, where, what to do.

use std::{error::Error, fmt::Write};

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::{Group, diagnostic::Shown, fault_code};
use crate::{
    cli::{
        safe,
        terminal::{Paint, Talk, Terminal},
    },
    fault::Fault,
    model::{Sources, Subject},
};

/// Findings beyond this many are counted, not printed, unless verbose.
const MOST_FINDINGS: usize = 100;

/// Subjects beyond this many are counted, not named, unless verbose.
const MOST_SUBJECTS: usize = 1;

/// Prints groups of findings on standard error.
pub(crate) fn human(terminal: &mut Terminal, groups: &[Group<'_>], sources: &Sources) {
    let verbose = terminal.talk == Talk::Verbose;
    let handler = handler(terminal.width, terminal.color_err);
    let mut shown = Shown::new(sources);
    let most = if verbose { groups.len() } else { MOST_FINDINGS };
    for group in groups.iter().take(most) {
        let mut text = String::new();
        if handler.render_report(&mut text, &shown.report(group)).is_err() {
            text = safe::line(&group.finding.message).into_owned();
        }
        let mut text = text.trim_end().to_owned();
        if let Some(note) = subjects(&group.subjects, if verbose { usize::MAX } else { MOST_SUBJECTS }) {
            let _ = write!(text, "\n  {} {note}", Paint::Cyan.on("in:", terminal.color_err));
        }
        terminal.insist(&trimmed(&text));
        terminal.insist("");
    }
    if groups.len() > most {
        let left = groups.len() - most;
        terminal.insist(&format!(".. and {left} more findings (`--verbose` prints them all)\n"));
    }
}

/// Prints a fault with its causes on standard error.
pub(crate) fn fault(terminal: &mut Terminal, fault: &Fault) {
    let mut text = Paint::Red.on("error", terminal.color_err);
    if let Some(code) = fault_code(fault) {
        text = Paint::Red.on(format!("error[{code}]"), terminal.color_err);
    }
    let _ = write!(text, "\n\n  {}", safe::line(&fault.to_string()));
    let mut cause = fault.source();
    while let Some(error) = cause {
        let _ = write!(text, "\n  because: {}", safe::line(&error.to_string()));
        cause = error.source();
    }
    if let Some(help) = miette::Diagnostic::help(fault) {
        let _ = write!(
            text,
            "\n  {} {}",
            Paint::Cyan.on("help:", terminal.color_err),
            safe::line(&help.to_string())
        );
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

/// miette's printer, without links and without its guesses about the terminal.
fn handler(width: usize, color: bool) -> GraphicalReportHandler {
    let styles = if color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_urls(false)
        .with_width(width)
        .with_context_lines(1)
        .tab_width(2)
        .with_break_words(false)
        .without_syntax_highlighting()
}

/// Takes the blanks off line ends, and miette's heading of labels in further files.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").replace("\n\nAdvice:\n", "\n")
}
