//! How a string is written: plain, in double quotes, or as a literal block.

use std::fmt::Write as _;

use crate::resolve;

/// Returns whether a string may be written without quotes where a block map or list stands.
///
/// Yes only when every reader of YAML 1.1 and 1.2 reads it back as this string, as a value and as a key: it has no
/// other type (`yes`, `1:20`, `0x1F`), is no part of the syntax (`- a`, `a: b`, `a #b`, `---`), and holds no line
/// breaks, tabs or characters that cannot be seen. Within `[]` and `{}` more is needed: no `,[]{}`, no `:` or `?` at
/// the start.
pub fn plain_is_safe(text: &str) -> bool {
    starts_plain(text)
        && !text.ends_with([' ', ':'])
        && continues_plain(text)
        && resolve::is_text_everywhere(text)
}

fn starts_plain(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b' ' | b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!', ..] => false,
        [b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`', ..] => false,
        [b'-' | b'?' | b':'] | [b'-' | b'?' | b':', b' ', ..] => false,
        [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] => {
            !matches!(text.as_bytes().get(3), None | Some(b' '))
        }
        _ => true,
    }
}

fn continues_plain(text: &str) -> bool {
    let mut before = '\0';
    for character in text.chars() {
        if is_hidden(character) || (before == ':' && character == ' ') || (before == ' ' && character == '#')
        {
            return false;
        }
        before = character;
    }
    true
}

/// Characters that are always escaped: those that some reader refuses or takes for a line break, and those that do not
/// show, so that a reviewer sees what is there.
pub(crate) fn is_hidden(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{9f}' => true,
        '\u{a0}'..='\u{200a}' => character == '\u{ad}' || character == '\u{61c}' || character == '\u{180e}',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        other => (other as u32) & 0xfffe == 0xfffe,
    }
}

/// Writes a string in double quotes; JSON reads it too, unless it holds characters beyond U+FFFF that do not show.
pub(crate) fn write_double(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            hidden if is_hidden(hidden) => write_escape(hidden, out),
            other => out.push(other),
        }
    }
    out.push('"');
}

fn write_escape(character: char, out: &mut String) {
    let code = character as u32;
    let written = match code {
        0..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// The chomping mark of the literal block that holds exactly `text`, or `None` where a block would not do.
///
/// A block must be read alike by all and look like its text: no line starts the indentation with a space or a tab, no
/// line ends in white space, nothing is hidden.
pub(crate) fn literal_mark(text: &str) -> Option<&'static str> {
    let body = text.trim_end_matches('\n');
    let first = body.trim_start_matches('\n');
    if !text.contains('\n') || first.is_empty() || first.starts_with([' ', '\t']) {
        return None;
    }
    let clean = |line: &str| {
        !line.ends_with([' ', '\t'])
            && line.chars().all(|character| character == '\t' || !is_hidden(character))
    };
    if !body.split('\n').all(clean) {
        return None;
    }
    Some(match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    })
}
