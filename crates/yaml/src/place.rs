//! Places that parser events leave open: where an absent value, a block scalar or a block list stands.

/// White space between tokens.
const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// Returns the place behind the `:` that follows a key.
pub(crate) fn behind_colon(text: &str, key_end: usize) -> Option<usize> {
    let at = skip_blanks_and_comments(text, key_end);
    text[at..].starts_with(':').then_some(at + 1)
}

/// Returns where the next dash stands, behind comments, tags and anchors; `None` when something else comes first.
pub(crate) fn next_dash(text: &str, mut at: usize) -> Option<usize> {
    loop {
        at = skip_blanks_and_comments(text, at);
        match text[at..].chars().next()? {
            '&' | '!' => at += text[at..].find(BLANK)?,
            '-' => return Some(at),
            _ => return None,
        }
    }
}

fn skip_blanks_and_comments(text: &str, mut at: usize) -> usize {
    loop {
        at = text.len() - text[at..].trim_start_matches(BLANK).len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

/// Returns the range of a block scalar's content without white space round it; empty at its start when there is none.
pub(crate) fn block_content(text: &str, value: &str, start: usize, end: usize) -> (usize, usize) {
    if value.trim_matches(BLANK).is_empty() {
        return (start, start);
    }
    let content = &text[start..end];
    let start = end - content.trim_start_matches(BLANK).len();
    (start, start + content.trim_matches(BLANK).len())
}

/// Returns a block scalar's text without the last line break when its last line has none in the source.
///
/// granit-parser adds it; YAML 1.2.2 (`b-chomped-last`), go-yaml and libyaml do not.
pub(crate) fn without_invented_break<'a>(text: &str, value: &'a str, end: usize) -> &'a str {
    let Some(shorter) = value.strip_suffix('\n') else {
        return value;
    };
    let source_line = text.rsplit(['\n', '\r']).next().unwrap_or(text);
    // A line of spaces is text only where it is longer than the indentation.
    let is_text = match source_line.trim_start_matches(' ') {
        "" => shorter.rsplit('\n').next().is_some_and(|line| line.starts_with(' ')),
        _ => true,
    };
    if end >= text.len() && !source_line.is_empty() && is_text { shorter } else { value }
}
