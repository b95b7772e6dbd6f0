//! One finding as miette wants it: the only place that knows miette's types.

use std::{collections::HashMap, fmt, sync::Arc};

use macadam_yaml::FileId;
use miette::{LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};

use super::Group;
use crate::{
    cli::{
        safe::{self, SafeSource},
        text,
    },
    model::{Label, Severity, Sources, WorldName},
};

/// The sources as they are shown, each escaped once.
pub(super) struct Shown<'a> {
    sources: &'a Sources,
    width: usize,
    escaped: HashMap<FileId, Arc<Page>>,
}

/// One source with its name.
#[derive(Debug)]
pub(super) struct Page {
    name: String,
    source: SafeSource,
}

/// A source that a diagnostic can hold; miette's own `NamedSource` would copy the text for each finding.
#[derive(Debug, Clone)]
struct Shared(Arc<Page>);

impl SourceCode for Shared {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let contents = self.0.source.text.read_span(span, before, after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.0.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

/// A finding, or a label of one in a further file.
#[derive(Debug)]
pub(super) struct Report {
    code: Option<String>,
    severity: miette::Severity,
    message: String,
    help: Option<String>,
    source: Option<Shared>,
    labels: Vec<LabeledSpan>,
    related: Vec<Self>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(sources: &'a Sources, width: usize) -> Self {
        Self { sources, width, escaped: HashMap::new() }
    }

    /// Turns a group of findings into one report.
    pub(super) fn report(&mut self, group: &Group<'_>) -> Report {
        let finding = group.finding;
        let severity = match finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning | Severity::AlreadyBroken => miette::Severity::Warning,
        };
        let mut report = Report {
            code: Some(format!("{}[{}]", finding.severity.describe(), finding.code)),
            severity,
            message: self.wrapped(&finding.message, 4),
            help: finding.help.as_deref().map(|help| self.wrapped(help, 8)),
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        let home = finding.primary.as_ref().map(|label| label.span.file);
        if let Some(label) = &finding.primary {
            self.place(&mut report, label, true);
        }
        for label in &finding.related {
            if Some(label.span.file) == home {
                self.place(&mut report, label, false);
            } else {
                report.related.push(self.elsewhere(label));
            }
        }
        report
    }

    /// A label in a further file, as a report of its own: a miette label has no file.
    fn elsewhere(&mut self, label: &Label) -> Report {
        let message = if label.message.is_empty() { "see also" } else { &label.message };
        let mut report = Report {
            code: None,
            severity: miette::Severity::Advice,
            message: self.wrapped(message, 4),
            help: None,
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        self.place(&mut report, &Label { span: label.span, message: String::new() }, true);
        report
    }

    /// Text of one paragraph, safe, wrapped to what is left beside an indent.
    fn wrapped(&self, text: &str, indent: usize) -> String {
        text::wrap(&safe::line(text), self.width.saturating_sub(indent))
    }

    /// Adds a label to a report, and the source that it points into.
    fn place(&mut self, report: &mut Report, label: &Label, primary: bool) {
        let Some(page) = self.page(label.span.file) else { return };
        let (start, end) =
            (page.source.offset(label.span.start as usize), page.source.offset(label.span.end as usize));
        if let Some(longest) = page.source.longest_line_near(start, end) {
            let (line, column) = page.source.position(start);
            let place = format!("at {}:{line}:{column}, in a line of {longest} characters", page.name);
            report.message = format!("{}\n{}", report.message, self.wrapped(&place, 4));
            return;
        }
        let words = (!label.message.is_empty()).then(|| safe::line(&label.message).into_owned());
        let length = end.saturating_sub(start);
        report.labels.push(if primary {
            LabeledSpan::new_primary_with_span(words, (start, length))
        } else {
            LabeledSpan::new_with_span(words, (start, length))
        });
        report.source = Some(Shared(page));
    }

    /// The escaped source of a file.
    fn page(&mut self, file: FileId) -> Option<Arc<Page>> {
        if let Some(page) = self.escaped.get(&file) {
            return Some(Arc::clone(page));
        }
        let source = self.sources.get(file)?;
        let name = match source.world {
            WorldName::BuiltIn => format!("built-in {}", source.path),
            WorldName::WorkTree | WorldName::Revision | WorldName::Staged => source.path.to_string(),
        };
        let page =
            Arc::new(Page { name: safe::line(&name).into_owned(), source: SafeSource::new(&source.text) });
        self.escaped.insert(file, Arc::clone(&page));
        Some(page)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|report| report as &dyn miette::Diagnostic))
                as Box<dyn Iterator<Item = _>>
        })
    }
}
