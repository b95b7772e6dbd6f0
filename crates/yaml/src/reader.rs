//! Reading: bytes to trees.

use granit_parser::{Event, Parser, ScanError};

use crate::builder::{Builder, Documents};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::node::Node;
use crate::resolve::Resolution;
use crate::span::{FileId, Span};
use crate::{scanner, syntax, text};

/// A text to read, and how.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    pub(crate) file: FileId,
    pub(crate) resolution: Resolution,
    pub(crate) limits: &'a Limits,
}

impl<'a> Source<'a> {
    /// Makes a span; offsets within a character or behind the text move to the border before.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let start = self.text.floor_char_boundary(start);
        let end = self.text.floor_char_boundary(end).max(start);
        Span::new(self.file, start as u32, end as u32)
    }
}

/// Reads a text of one document.
///
/// A text without a document is null. Goes on after duplicate keys, unknown tags and the like, and stops at the first
/// error of syntax or at a limit; errors come in the order of their places. The rules of types are those of
/// `resolution`; merge keys (`<<`) are applied, and keys become text as in Kubernetes (`1: a` is `"1": a`). A byte
/// order mark and CRLF are accepted.
pub fn parse(
    text_bytes: &[u8],
    file: FileId,
    resolution: Resolution,
    limits: &Limits,
) -> Result<Node, Vec<Error>> {
    let documents = read(text_bytes, file, resolution, limits, Documents::One)?;
    let absent = || Node::null(Span::new(file, 0, 0));
    Ok(documents.into_iter().next().unwrap_or_else(absent))
}

/// Reads a text of any number of documents. Documents without any content are dropped.
///
/// Otherwise as [`parse`]; the limits hold for all documents together.
pub fn parse_documents(
    text_bytes: &[u8],
    file: FileId,
    resolution: Resolution,
    limits: &Limits,
) -> Result<Vec<Node>, Vec<Error>> {
    read(text_bytes, file, resolution, limits, Documents::Any)
}

fn read(
    bytes: &[u8],
    file: FileId,
    resolution: Resolution,
    limits: &Limits,
    documents: Documents,
) -> Result<Vec<Node>, Vec<Error>> {
    let text = text::decode(bytes, file, limits).map_err(|error| vec![error])?;
    let source = Source { text, file, resolution, limits };
    match scanner::scan(source, documents) {
        Some(documents) => Ok(documents),
        None => read_events(source, documents),
    }
}

/// Reads with the complete parser, event by event.
pub(crate) fn read_events(source: Source<'_>, documents: Documents) -> Result<Vec<Node>, Vec<Error>> {
    // The parser's own limits stop it before ours are even asked: nesting costs it memory and time, too.
    let mut options = granit_parser::options! {
        flow_nesting_limit: source.limits.depth,
        block_nesting_limit: source.limits.depth,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
    };
    options.set_emit_comments(false);
    let mut builder = Builder::new(source, documents);
    for event in Parser::new_from_str_with_options(source.text, options) {
        let step = match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => Err(refusal(source, &error)),
        };
        if let Err(error) = step {
            builder.errors.push(error);
            break;
        }
    }
    builder.finish()
}

fn refusal(source: Source<'_>, error: &ScanError) -> Error {
    let at = error.marker().byte_offset().unwrap_or(source.text.len());
    let mut start = source.text.floor_char_boundary(at);
    let kind = match error.kind() {
        granit_parser::ErrorKind::RecursionLimitExceeded => ErrorKind::TooDeep,
        kind => ErrorKind::Syntax(syntax::words(kind)),
    };
    // Of a tab that indents a line, the parser says where it ends.
    if syntax::is_about_tab(error.kind()) && source.text[..start].ends_with('\t') {
        start -= 1;
    }
    let character = source.text[start..].chars().next();
    let width = match character {
        None | Some('\n' | '\r') => 0,
        Some(character) => character.len_utf8(),
    };
    Error::new(kind, source.span(start, start + width))
}
