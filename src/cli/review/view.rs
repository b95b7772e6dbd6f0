use super::{Phrase, wrap::wrap};
use crate::cli::terminal::Paint;

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether colours are shown. Nothing is said by colour alone.
    pub(crate) color: bool,
    /// Whether every list and value is shown in full, and the rules that decided.
    pub(crate) verbose: bool,
}

impl View {
    /// Text in a colour, where colours are shown.
    pub(super) fn paint(&self, paint: Paint, text: &str) -> String {
        paint.on(text, self.color)
    }

    /// The colour of names in sentences.
    pub(super) fn names(&self) -> Option<Paint> {
        self.color.then_some(Paint::Cyan)
    }

    /// As many of a list as are named.
    pub(super) fn most(&self, most: usize) -> usize {
        if self.verbose { usize::MAX } else { most }
    }

    /// A sentence over the page's width.
    pub(super) fn wrap(&self, phrase: &Phrase, first: &str, rest: &str) -> String {
        wrap(phrase, first, rest, self.width, self.names())
    }
}
