//! Structures on a line of their own, which are merged into the map or list around them.

use macadam_yaml::Value as Tree;

use super::hole::{self, Hole, SPLICE, Table};
use super::sink::Places;

/// Rewrites each line that holds nothing but the token of a structure: a map's becomes `token: splice`, a list's
/// `- token: splice`, which fit into the map or list around them. A map may also stand behind `- `, where its item may
/// go on in the next line.
pub(super) fn mark(text: String, table: &Table, places: &mut Places<'_>) -> String {
    if !table.holes.iter().any(|hole| matches!(hole, Hole::Tree(_))) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut edits = Vec::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(at) = hole::find(&text, from) {
        let Some((token, length)) = hole::read(&text[at..]) else {
            from = at + 1;
            while !text.is_char_boundary(from) {
                from += 1;
            }
            continue;
        };
        from = at + length;
        let Some(Hole::Tree(node)) = table.get(token) else { continue };
        let Some(dashed) = alone(&text, at, from) else { continue };
        let list = matches!(node.value, Tree::Sequence(_));
        let fits = match node.value {
            Tree::Mapping(_) | Tree::Sequence(_) => true,
            Tree::Null => !dashed,
            _ => false,
        };
        if !fits {
            continue;
        }
        out.push_str(&text[copied..at]);
        if list {
            out.push_str("- ");
            edits.push((at, 2));
        }
        out.push_str(&text[at..from]);
        out.push_str(": ");
        out.push(SPLICE);
        edits.push((from, 2 + SPLICE.len_utf8()));
        copied = from;
    }
    out.push_str(&text[copied..]);
    places.shift(&edits);
    out
}

/// Whether nothing but indentation and dashes stands on the line of a token; `Some(true)` with dashes.
fn alone(text: &str, start: usize, end: usize) -> Option<bool> {
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    if !text[end..line_end].trim_end_matches([' ', '\r', '\t']).is_empty() {
        return None;
    }
    let before = &text[line_start..start];
    let mut rest = before.trim_start_matches(' ');
    let mut dashed = false;
    while let Some(behind) = rest.strip_prefix("- ") {
        dashed = true;
        rest = behind.trim_start_matches(' ');
    }
    rest.is_empty().then_some(dashed)
}
