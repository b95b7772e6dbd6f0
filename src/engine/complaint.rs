//! What our own filters and printer have to say, on its way through the template engine.

use std::fmt;

use minijinja::{Error, ErrorKind};

use crate::model::Code;

/// A reason to stop a render. It holds no values, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Complaint {
    /// The template did something that it may not.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { code: Code::TemplateError, message: message.into(), help: None }
    }

    /// Says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A limit was reached.
    pub(super) fn limit(message: impl Into<String>) -> Self {
        Self { code: Code::TemplateLimit, message: message.into(), help: None }
    }

    /// The output is too large.
    pub(super) fn too_much_output() -> Self {
        Self::limit("the template prints more than 10 MiB")
    }

    /// Part of a token is missing.
    pub(super) fn broken_hole() -> Self {
        Self::new("a captured block or macro result was taken apart")
            .help("change the values before they are printed into the block, or join strings with `~`")
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Complaint {}

impl From<Complaint> for Error {
    fn from(complaint: Complaint) -> Self {
        Self::from(ErrorKind::InvalidOperation).with_source(complaint)
    }
}
