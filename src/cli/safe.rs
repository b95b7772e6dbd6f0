//! Makes text from a repository safe to show: what a terminal or a reader would not see becomes an escape.
//!
//! Control, C1, direction, tag and zero-width characters are shown as `\u{..}`. A message never holds a line break, so
//! no line of output can start with what the input chose (`::error::`, `##[group]`).

use std::borrow::Cow;

/// Messages longer than this are cut, with a count of what is left out.
const LONGEST_MESSAGE: usize = 2_000;

/// Lines longer than this are named and not shown.
const LONGEST_LINE: usize = 500;

/// Whether a character hides itself, moves others, or steers a terminal.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0E}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// Adds a character, escaped where it must be.
fn push(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other if is_unsafe(other) => out.extend(other.escape_unicode()),
        other => out.push(other),
    }
}

/// Returns one line of text: line breaks and everything unsafe escaped, cut where it is very long.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_MESSAGE {
        return whole(text);
    }
    match text.char_indices().nth(LONGEST_MESSAGE) {
        None => whole(text),
        Some((at, _)) => {
            let (head, tail) = text.split_at(at);
            Cow::Owned(format!("{}.. ({} more characters)", whole(head), tail.chars().count()))
        }
    }
}

/// Returns one line of text as [`line`] does, however long it is.
pub(crate) fn whole(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push(&mut out, character));
    Cow::Owned(out)
}

/// Escapes what JSON leaves as it is: the unsafe characters outside of ASCII, and U+007F.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    let hidden = |character: char| character >= '\u{7f}' && is_unsafe(character);
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Breaks in a page what the log of a CI system would take for a command: `::` at the start of a line, blanks aside, and
/// `##[` or `##vso[` anywhere, as GitHub and Azure look for those in the whole line.
pub(crate) fn log(page: &str) -> Cow<'_, str> {
    let steers = |line: &str| line.trim_start().starts_with("::");
    if !page.contains("##") && !page.lines().any(steers) {
        return Cow::Borrowed(page);
    }
    let mut out = String::with_capacity(page.len() + 16);
    for line in page.split_inclusive('\n') {
        let rest = line.trim_start();
        match rest.strip_prefix("::") {
            Some(behind) => {
                out.push_str(&line[..line.len() - rest.len()]);
                out.push_str("\\u{3a}:");
                out.push_str(behind);
            }
            None => out.push_str(line),
        }
    }
    Cow::Owned(out.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso["))
}

/// A source as it is shown, and how its byte offsets moved.
#[derive(Debug, Clone)]
pub(crate) struct SafeSource {
    /// The text to show.
    pub(crate) text: String,
    /// For each escape: the offset behind the original character, and behind the escape.
    moved: Vec<(usize, usize)>,
}

impl SafeSource {
    /// Escapes a source; line breaks and tabs stay.
    pub(crate) fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut moved = Vec::new();
        let mut rest = original.char_indices().peekable();
        while let Some((at, character)) = rest.next() {
            match character {
                '\n' | '\t' => text.push(character),
                '\r' if rest.peek().is_some_and(|(_, next)| *next == '\n') => {
                    moved.push((at + 1, text.len()));
                }
                other => {
                    push(&mut text, other);
                    if is_unsafe(other) {
                        moved.push((at + other.len_utf8(), text.len()));
                    }
                }
            }
        }
        Self { text, moved }
    }

    /// The length in characters of the longest line that would be shown for a range of the shown text: its own lines
    /// and one on each side. `None` where all of them are short enough to show.
    pub(crate) fn longest_line_near(&self, start: usize, end: usize) -> Option<usize> {
        let line_before = |at: usize| self.text[..at].rfind('\n').unwrap_or(0);
        let line_after = |at: usize| self.text[at..].find('\n').map_or(self.text.len(), |next| at + next + 1);
        let shown = &self.text[line_before(line_before(start))..line_after(line_after(end))];
        let longest = shown.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        (longest > LONGEST_LINE).then_some(longest)
    }

    /// Line and column of an offset of the shown text, both from 1, the column in characters.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// Where a byte offset of the original stands in the text that is shown; never past its end.
    pub(crate) fn offset(&self, original: usize) -> usize {
        let before = self.moved.partition_point(|(from, _)| *from <= original);
        let shown = match before.checked_sub(1).and_then(|last| self.moved.get(last)) {
            Some((from, to)) => to + (original - from),
            None => original,
        };
        let mut shown = shown.min(self.text.len());
        while !self.text.is_char_boundary(shown) {
            shown -= 1;
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_shows_what_would_steer_a_terminal_as_escapes() {
        assert_eq!(line("a\u{1b}[31mb\u{202e}c\u{200b}\u{9b}"), "a\\u{1b}[31mb\\u{202e}c\\u{200b}\\u{9b}");
        assert_eq!(line("x\n::error::y\r\n##[z]"), "x\\n::error::y\\r\\n##[z]");
        assert_eq!(line("tag \u{e0041}\u{e0042}"), "tag \\u{e0041}\\u{e0042}");
    }

    #[test]
    fn a_page_commands_no_log() {
        let page = "a\n ::error::b\n::c\n+ ::d ##[group]e ##vso[f]###[g]";
        let shown = "a\n \\u{3a}:error::b\n\\u{3a}:c\n+ ::d #\\u{23}[group]e #\\u{23}vso[f]##\\u{23}[g]";
        assert_eq!(log(page), shown);
        assert!(matches!(log("# a :: b\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        assert!(matches!(line("über, 数据, данные, \u{1f980}"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_very_long_message_is_cut_with_a_count() {
        let shown = line(&"x".repeat(2_500)).into_owned();
        assert!(shown.ends_with(".. (500 more characters)"), "{}", &shown[1_990..]);
    }

    #[test]
    fn a_very_long_line_is_named_and_not_shown() {
        let source = SafeSource::new(&format!("short\n{}\nshort\nfar\n", "é".repeat(501)));
        assert_eq!(source.longest_line_near(0, 5), Some(501));
        assert_eq!(source.longest_line_near(8, 10), Some(501));
        let far = source.text.len() - 2;
        assert_eq!(source.longest_line_near(far, far), None);
        assert_eq!(source.position(10), (2, 3));
    }

    #[test]
    fn json_keeps_its_meaning_and_shows_nothing_hidden() {
        let text = serde_json::to_string("a\u{202e}\u{e0041}b\u{7f}").unwrap();
        let shown = json(&text).into_owned();
        assert!(shown.chars().all(|character| matches!(character, ' '..='~')), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), "a\u{202e}\u{e0041}b\u{7f}");
    }

    #[test]
    fn offsets_follow_the_escapes() {
        let source = SafeSource::new("a\u{1b}b\r\nc");
        assert_eq!(source.text, "a\\u{1b}b\nc");
        assert_eq!((source.offset(1), source.offset(2), source.offset(5)), (1, 7, 9));
        assert_eq!(source.offset(900), source.text.len());
    }

    proptest! {
        #[test]
        fn no_text_reaches_the_terminal_with_an_unsafe_character(text in "\\PC*|[\\x00-\\x1f\u{80}-\u{9f}\u{200b}-\u{206f}a\u{e0000}-\u{e007f}]*") {
            prop_assert!(!line(&text).chars().any(is_unsafe));
            let source = SafeSource::new(&text);
            prop_assert!(!source.text.chars().any(|c| is_unsafe(c) && c != '\n' && c != '\t'));
            for (at, _) in text.char_indices() {
                prop_assert!(source.text.is_char_boundary(source.offset(at)));
            }
        }
    }
}
