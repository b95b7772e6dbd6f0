//! Score's placeholders: `${metadata.name}`, `${resources.db.url}`, and `$${` for a literal `${`.
//!
//! Source: score-go `framework/substitution.go`, one pass over `\$((?:\$?{([^}]*)})|\$)`.

use std::{borrow::Cow, ops::Range};

/// A piece of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Text that stays, its escapes already undone; never empty.
    Literal(Cow<'a, str>),
    /// A placeholder.
    Reference {
        /// What stands between the braces, split at dots; `\.` is a dot inside a key. Not checked: see [`fault`].
        path: Vec<String>,
        /// The bytes of the text, `${` and `}` included.
        range: Range<usize>,
    },
}

/// Splits a text at its placeholders, in order; two literals never stand side by side.
///
/// A lone `$` and an unclosed `${` are literal; `$$` is `$`; `$${a}` is the literal `${a}`.
pub fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut scan = Scan {
        text,
        segments: Vec::new(),
        literal: Cow::Borrowed(""),
        last_brace: text.rfind('}').unwrap_or(0),
    };
    let mut at = 0;
    while let Some(found) = text[at..].find('$') {
        let dollar = at + found;
        scan.literal(&text[at..dollar]);
        at = scan.dollar(dollar);
    }
    scan.literal(&text[at..]);
    scan.flush();
    scan.segments
}

/// Whether the text holds neither a placeholder nor an escape: it stands for itself.
pub fn is_plain(text: &str) -> bool {
    !text.contains('$')
        || matches!(segments(text).as_slice(), [Segment::Literal(literal)] if *literal == text)
}

/// What is wrong with a placeholder's path, apart from what it names.
///
/// A path has two keys or more, of letters, digits, `_`, `-` and (in keys such as those of annotations) `/` and an
/// escaped dot.
pub fn fault(path: &[String]) -> Option<&'static str> {
    let good = |key: &String| !key.is_empty() && key.bytes().all(is_key_byte);
    if path.iter().any(|key| key.contains(":-") || key.contains(":?")) {
        Some("placeholders have no default values")
    } else if path.iter().any(|key| key.contains('{')) {
        Some("placeholders do not nest")
    } else if !path.iter().all(good) {
        Some("a placeholder is `${resources.<name>.<output>}` or `${metadata.<key>}`")
    } else if path.len() < 2 {
        Some("a placeholder names something below its root, as in `${metadata.name}`")
    } else {
        None
    }
}

/// A path as it would be written, such as `metadata.annotations.example\.com/team`.
pub fn display(path: &[String]) -> String {
    path.iter().map(|key| key.replace('.', "\\.")).collect::<Vec<_>>().join(".")
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

struct Scan<'a> {
    text: &'a str,
    segments: Vec<Segment<'a>>,
    literal: Cow<'a, str>,
    /// Where the last `}` stands: behind it nothing is searched, so that unclosed `${` cost no time.
    last_brace: usize,
}

impl<'a> Scan<'a> {
    /// Reads what begins with the `$` at a place, and returns the place behind it.
    fn dollar(&mut self, start: usize) -> usize {
        let text = self.text;
        let rest = &text.as_bytes()[start + 1..];
        let last = self.last_brace;
        let closing = |open: usize| match open <= last {
            true => text[open..].find('}').map(|found| open + found + 1),
            false => None,
        };
        match rest {
            [b'{', ..] => match closing(start + 2) {
                Some(end) => {
                    self.flush();
                    let path = split(&text[start + 2..end - 1]);
                    self.segments.push(Segment::Reference { path, range: start..end });
                    end
                }
                None => self.keep(start, start + 1),
            },
            [b'$', b'{', ..] => match closing(start + 3) {
                Some(end) => self.keep(start + 1, end),
                None => self.keep(start, start + 1) + 1,
            },
            [b'$', ..] => self.keep(start, start + 1) + 1,
            _ => self.keep(start, start + 1),
        }
    }

    fn keep(&mut self, start: usize, end: usize) -> usize {
        self.literal(&self.text[start..end]);
        end
    }

    fn literal(&mut self, text: &'a str) {
        if self.literal.is_empty() {
            self.literal = Cow::Borrowed(text);
        } else if !text.is_empty() {
            self.literal.to_mut().push_str(text);
        }
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.segments.push(Segment::Literal(std::mem::take(&mut self.literal)));
        }
    }
}

fn split(path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut key = String::new();
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'.') => {
                key.push('.');
                characters.next();
            }
            '.' => keys.push(std::mem::take(&mut key)),
            other => key.push(other),
        }
    }
    keys.push(key);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        segments(text)
            .iter()
            .map(|segment| match segment {
                Segment::Literal(text) => format!("'{text}'"),
                Segment::Reference { path, range } => {
                    format!("<{}>@{}..{}", path.join("|"), range.start, range.end)
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn placeholders_are_read_as_score_go_reads_them() {
        let table = [
            ("", ""),
            ("plain", "'plain'"),
            ("${a.b}", "<a|b>@0..6"),
            ("x${a.b}y", "'x' <a|b>@1..7 'y'"),
            ("${a.b}${c.d}", "<a|b>@0..6 <c|d>@6..12"),
            ("$", "'$'"),
            ("a$b", "'a$b'"),
            ("$$", "'$'"),
            ("$$$", "'$$'"),
            ("$$$$", "'$$'"),
            ("$${a.b}", "'${a.b}'"),
            ("$$${a.b}", "'$' <a|b>@2..8"),
            ("$$$${a.b}", "'$${a.b}'"),
            ("${unclosed", "'${unclosed'"),
            ("$${unclosed", "'${unclosed'"),
            ("${}", "<>@0..3"),
            ("${a\nb}", "<a\nb>@0..6"),
            (r"${metadata.annotations.key\.com/foo-bar}", r"<metadata|annotations|key.com/foo-bar>@0..40"),
            ("ü${a.b}ü", "'ü' <a|b>@2..8 'ü'"),
            ("${a.${b.c}}", "<a|${b|c>@0..10 '}'"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_chain_of_escapes_is_read_in_one_pass() {
        for piece in ["$${", "${", "$", "${a}$", "}${"] {
            assert!(!segments(&piece.repeat(200_000)).is_empty());
        }
    }

    #[test]
    fn only_text_that_stands_for_itself_is_plain() {
        assert!(is_plain("cost: 3 $"));
        assert!(is_plain("${unclosed"));
        assert!(!is_plain("$$"));
        assert!(!is_plain("${a.b}"));
    }
}
