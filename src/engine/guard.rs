//! What is asked of a template's text before the engine sees it.
//!
//! The engine's parser and compiler follow expressions recursively, and some of them (`not not ..`, `a ~ b ~ ..`)
//! without a limit of their own: a long enough chain would exhaust the stack. So tags have a largest length, and the number
//! of `elif` is bounded.

use macadam_yaml::{FileId, Span};

use super::hole::has_marks;
use crate::model::{Code, Finding};

/// Bytes of one template.
const MAX_TEMPLATE: usize = 256 * 1024;
/// `elif` tags of one template: the engine follows a chain of them recursively.
const MAX_ELIF: usize = 400;
/// Bytes between the brackets of one tag.
const MAX_TAG: usize = 4 * 1024;

/// Returns the finding for a text that the engine must not see.
pub(super) fn check(text: &str, file: FileId) -> Result<(), Finding> {
    let span = |start: usize, end: usize| Span::new(file, start as u32, end as u32);
    if text.len() > MAX_TEMPLATE {
        let finding = Finding::new(Code::TemplateLimit, "the template is larger than 256 KiB");
        return Err(finding.at(span(0, 0), "").help("split it into several templates"));
    }
    if has_marks(text) {
        let at = text.char_indices().find(|(_, character)| has_marks(character.encode_utf8(&mut [0; 4])));
        let (start, length) = at.map_or((0, 0), |(at, character)| (at, character.len_utf8()));
        let finding = Finding::new(Code::TemplateSyntax, "a private-use character that is reserved");
        return Err(finding
            .at(span(start, start + length), "")
            .help("U+10E000 to U+10EFFF and U+10FF00 to U+10FF02 stand for printed values"));
    }
    if let Some((at, _)) = text.match_indices("elif").nth(MAX_ELIF) {
        let finding =
            Finding::new(Code::TemplateLimit, format!("the template has more than {MAX_ELIF} `elif`"));
        return Err(finding.at(span(at, at + 4), "").help("look the value up in a map"));
    }
    match long_tag(text) {
        Some((start, end)) => Err(Finding::new(Code::TemplateLimit, "a tag is longer than 4 KiB")
            .at(span(start, end), "")
            .help("split the expression with `{% set %}`")),
        None => Ok(()),
    }
}

/// The start of the first tag that is too long, and the end of its line.
fn long_tag(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + found;
        let closing: &[u8; 2] = match bytes.get(start + 1) {
            Some(b'{') => b"}}",
            Some(b'%') => b"%}",
            Some(b'#') => {
                at = text[start..].find("#}").map_or(text.len(), |end| start + end + 2);
                continue;
            }
            _ => {
                at = start + 1;
                continue;
            }
        };
        let end = tag_end(bytes, start + 2, closing);
        if end - start > MAX_TAG {
            let line = text[start..].find('\n').map_or(text.len(), |line| start + line);
            return Some((start, line.min(end)));
        }
        at = end;
        if text.get(start..end).is_some_and(|tag| tag.trim_matches(['{', '%', '}', '-', '+', ' ']) == "raw") {
            at = text[end..].find("endraw").map_or(text.len(), |raw| end + raw);
        }
    }
    None
}

/// The end of a tag, where brackets in quotes do not count.
fn tag_end(bytes: &[u8], mut at: usize, closing: &[u8; 2]) -> usize {
    let mut quote = None;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(open), byte) => match byte {
                b'\\' => at += 1,
                _ if byte == open => quote = None,
                _ => {}
            },
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(closing) => return at + 2,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
