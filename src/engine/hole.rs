//! Holes: what a template prints in place of data.
//!
//! A printed string or structure becomes a *token*: private-use characters around its number in a table of the render.
//! Tokens survive YAML unchanged wherever text may stand, so that the parsed tree can be filled afterwards, and data
//! never meets the parser.

use std::fmt;

use macadam_yaml::{Node, Value as Tree, write_json, write_yaml};
use minijinja::Value;

use super::complaint::Complaint;

const START: char = '\u{10ff00}';
const END: char = '\u{10ff01}';
/// What stands behind a token that is to be merged into the map or list around it.
pub(super) const SPLICE: char = '\u{10ff02}';
const DIGIT: u32 = 0x10_e000;
const BASE: usize = 0x1000;
/// All the text that holes may bring into one render.
pub(super) const MAX_BYTES: usize = 10 * 1024 * 1024;

/// What stands in a hole.
#[derive(Debug)]
pub(super) enum Hole {
    /// A string.
    Text(Value),
    /// A string that had to be put together.
    Owned(String),
    /// A structure, or a scalar that keeps its type.
    Tree(Node),
}

/// The holes of one render, by number.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) holes: Vec<Hole>,
    /// The value that was printed last, and how many were printed: for strings that are one whole expression.
    pub(super) last: Option<Value>,
    pub(super) prints: usize,
}

impl Table {
    /// Adds a hole and returns its token.
    pub(super) fn push(&mut self, hole: Hole) -> Token {
        self.holes.push(hole);
        Token(self.holes.len() - 1)
    }
}

/// The text that stands for a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token(pub(super) usize);

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(16);
        text.push(START);
        let mut number = self.0;
        loop {
            text.extend(char::from_u32(DIGIT + (number % BASE) as u32));
            number /= BASE;
            if number == 0 {
                break;
            }
        }
        text.push(END);
        f.write_str(&text)
    }
}

/// Whether a text holds any of our characters, whole tokens or not.
pub(super) fn has_marks(text: &str) -> bool {
    text.as_bytes().contains(&0xf4) && text.chars().any(is_mark)
}

fn is_mark(character: char) -> bool {
    matches!(character, START | END | SPLICE | '\u{10e000}'..='\u{10efff}')
}

/// Replaces our characters, for messages.
pub(super) fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            START => out.push_str("{{..}}"),
            mark if is_mark(mark) => {}
            other => out.push(other),
        }
    }
    out
}

/// Where the next token starts, at or behind `from`.
pub(super) fn find(text: &str, from: usize) -> Option<usize> {
    text[from..].find(START).map(|at| from + at)
}

/// Reads the token that a text starts with; also returns its length.
pub(super) fn read(text: &str) -> Option<(Token, usize)> {
    let body = text.strip_prefix(START)?;
    let end = body.find(END)?;
    let mut number = 0_usize;
    for digit in body[..end].chars().rev() {
        let digit = (digit as u32).checked_sub(DIGIT)? as usize;
        if digit >= BASE {
            return None;
        }
        number = number.checked_mul(BASE)?.checked_add(digit)?;
    }
    (end > 0).then_some((Token(number), START.len_utf8() + end + END.len_utf8()))
}

/// The token that a text is, from its first character to its last.
pub(super) fn only(text: &str) -> Option<Token> {
    read(text).filter(|(_, length)| *length == text.len()).map(|(token, _)| token)
}

impl Table {
    /// The hole of a token.
    pub(super) fn get(&self, token: Token) -> Option<&Hole> {
        self.holes.get(token.0)
    }

    /// Puts what the holes hold into a text, where they stand. A structure becomes YAML: as a block where it stands on
    /// a line of its own, else as one line.
    pub(super) fn expand(&self, text: &str) -> Result<String, Complaint> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(is_mark) {
            out.push_str(&rest[..at]);
            let (token, length) = read(&rest[at..]).ok_or_else(Complaint::broken_hole)?;
            rest = &rest[at + length..];
            let Some(hole) = self.get(token) else { return Err(Complaint::broken_hole()) };
            match hole {
                Hole::Text(value) => out.push_str(value.as_str().unwrap_or_default()),
                Hole::Owned(text) => out.push_str(text),
                Hole::Tree(node) => {
                    let behind = rest.strip_prefix(": ").and_then(|rest| rest.strip_prefix(SPLICE));
                    if let Some(behind) = behind {
                        rest = behind;
                        block(node, &mut out);
                    } else {
                        line(node, &mut out);
                    }
                }
            }
            if out.len() > MAX_BYTES {
                return Err(Complaint::too_much_output());
            }
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Writes a structure whose token was alone on its line.
fn block(node: &Node, out: &mut String) {
    if matches!(node.value, Tree::Sequence(_)) && out.ends_with("- ") {
        out.truncate(out.len() - 2);
    }
    let line_start = out.rfind('\n').map_or(0, |at| at + 1);
    let column = out[line_start..].chars().count();
    write_yaml(node, out, column);
}

/// Writes a structure in the middle of a line.
fn line(node: &Node, out: &mut String) {
    let one_line = match &node.value {
        Tree::Mapping(map) => map.is_empty(),
        Tree::Sequence(items) => items.is_empty(),
        Tree::String(text) => !text.contains('\n'),
        _ => true,
    };
    if one_line { write_yaml(node, out, 0) } else { write_json(node, out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_back() {
        for number in [0, 1, 9, 4095, 4096, 16_777_215, 16_777_216, 1 << 40] {
            let text = Token(number).to_string();
            assert_eq!(only(&text), Some(Token(number)));
            assert!(has_marks(&text) && !text.contains(char::is_whitespace));
        }
    }

    #[test]
    fn what_is_cut_is_no_token() {
        let text = Token(5).to_string();
        for end in 1..text.len() {
            if text.is_char_boundary(end) {
                assert_eq!(only(&text[..end]), None);
                assert!(Table::default().expand(&text[..end]).is_err());
            }
        }
    }
}
