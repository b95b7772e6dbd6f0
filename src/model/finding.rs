use macadam_yaml::Span;
use serde::{Deserialize, Serialize};

use super::{Code, Severity};

/// Something the user should know about their repository.
///
/// Holds no source text and no value from a spec, only names: secrets live in values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The stable kind of the finding.
    pub code: Code,
    /// How bad it is; the code's own severity unless a caller lowered it.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where to look first; some findings have no place.
    pub primary: Option<Label>,
    /// Places that explain it, possibly in other files.
    pub related: Vec<Label>,
    /// What it is about; findings that differ only here are printed once, with a count.
    pub subject: Option<Subject>,
    /// What to do.
    pub help: Option<String>,
}

/// A place in a source and a few words about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// The source (through its file number) and the bytes in it.
    pub span: Span,
    /// A few words shown at the place; may be empty.
    pub message: String,
}

/// The instance, and where known the object and field, that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// The instance's folder, such as `kubernetes/production/eu-1/workloads/checkout`.
    pub instance: String,
    /// The object in it, such as `Deployment/checkout`.
    pub object: Option<String>,
}

impl Finding {
    /// Starts a finding of the code's own severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: None,
            related: Vec::new(),
            subject: None,
            help: None,
        }
    }

    /// Points at the place to look first.
    #[must_use]
    pub fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.primary = Some(Label { span, message: message.into() });
        self
    }

    /// Points at a further place that explains the finding.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: message.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do, where something is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Names the instance that the finding is about.
    #[must_use]
    pub fn about(mut self, instance: impl Into<String>) -> Self {
        self.subject = Some(Subject { instance: instance.into(), object: None });
        self
    }

    /// Names the instance and the object that the finding is about.
    #[must_use]
    pub fn about_object(mut self, instance: impl Into<String>, object: impl Into<String>) -> Self {
        self.subject = Some(Subject { instance: instance.into(), object: Some(object.into()) });
        self
    }

    /// Whether the finding stops everything from being written.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
