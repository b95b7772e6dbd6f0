//! What tests of every stage share.

use camino::Utf8Path;

use crate::compile::{Compilation, Options};
use crate::load::Memory;
use crate::model::{Finding, Label, Severity, Sources, Span};

/// Prints findings as tests compare them: one a line, sorted by place.
///
/// `code path:line:col message (help: ..)`, with `(see path:line:col words)` for each related place and `warning` in
/// front of what is none of an error. Columns count characters from 1, and findings without a place come first.
/// Equal findings are printed once.
pub(crate) fn shown(findings: &[Finding], sources: &Sources) -> String {
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by_key(|finding| {
        let span = finding.primary.as_ref().map(|label| label.span);
        (span.map(|span| (sources.path(span.file).to_owned(), span)), finding.code, finding.message.clone())
    });
    findings.dedup();
    findings.iter().map(|finding| line(finding, sources) + "\n").collect()
}

/// Compiles a repository that is written as one text: `=== path` before each file.
pub(crate) fn compile(repository: &str) -> Compilation {
    let files = repository.split("=== ").skip(1).filter_map(|file| file.split_once('\n'));
    let world: Memory = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    crate::compile::compile(&world, &Options::default()).expect("memory can be read")
}

/// The findings of a compilation, as [`shown`].
pub(crate) fn report(compilation: &Compilation) -> String {
    shown(&compilation.findings, &compilation.sources)
}

fn line(finding: &Finding, sources: &Sources) -> String {
    let mut line = match finding.severity {
        Severity::Error => String::new(),
        lower => format!("{} ", lower.describe()),
    };
    line += finding.code.slug();
    if let Some(label) = &finding.primary {
        line += &format!(" {}", place(label, sources));
    }
    line += &format!(" {}", finding.message);
    for label in &finding.related {
        line += &format!(" (see {} {})", place(label, sources), label.message);
    }
    if let Some(help) = &finding.help {
        line += &format!(" (help: {help})");
    }
    line
}

fn place(label: &Label, sources: &Sources) -> String {
    let (line, column) = position(label.span, sources);
    format!("{}:{line}:{column}", sources.path(label.span.file))
}

/// Line and column of a span's first byte, both from 1.
///
/// # Panics
///
/// When the span does not lie in its file on character borders: no finding may have such a place.
pub(crate) fn position(span: Span, sources: &Sources) -> (usize, usize) {
    let Some(source) = sources.get(span.file) else { panic!("a label names no source: {span:?}") };
    let text = &source.text;
    assert!(text.get(span.range()).is_some(), "{span:?} is not in {} on character borders", source.path);
    let before = &text[..span.start as usize];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// One source of a test, with the lines that the test's own indentation adds taken away.
pub(crate) fn source(sources: &mut Sources, path: &str, text: &str) -> (crate::model::FileId, String) {
    let text = unindent(text);
    let file = sources.add(crate::model::WorldName::WorkTree, Utf8Path::new(path), text.as_bytes());
    (file, text)
}

/// Takes away a first empty line and the indentation that all lines share.
pub(crate) fn unindent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let margin = lines().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let mut out: String =
        text.lines().map(|line| line.get(margin..).unwrap_or("").to_owned() + "\n").collect();
    if !text.ends_with('\n') {
        out.pop();
    }
    out
}
