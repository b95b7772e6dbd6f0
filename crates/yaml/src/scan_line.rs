//! The scanner's way from line to line: comments, empty lines, document marks.

use crate::scanner::{END, Scanner};

impl Scanner<'_> {
    /// Steps over a byte order mark; a carriage return may only stand before a line feed.
    pub(crate) fn check_breaks(&mut self) -> Option<()> {
        let mark = '\u{feff}';
        if self.source.text.starts_with(mark) {
            self.position = mark.len_utf8();
            self.line = self.position;
        }
        let lonely = |pair: &[u8]| pair[0] == b'\r' && pair[1] != b'\n';
        if self.bytes.contains(&b'\r') && (self.bytes.windows(2).any(lonely) || self.bytes.ends_with(b"\r")) {
            return None;
        }
        Some(())
    }

    /// Returns the byte that stands `ahead` of us, or a line feed at the end of the text.
    pub(crate) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.position + ahead).copied().unwrap_or(b'\n')
    }

    pub(crate) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\n' | b'\r' | b'\t')
    }

    pub(crate) fn skip_spaces(&mut self) {
        while self.byte(0) == b' ' {
            self.position += 1;
        }
    }

    /// Goes from behind a value to the next content: only a comment may stand in between.
    pub(crate) fn end_line(&mut self) -> Option<()> {
        let start = self.position;
        self.skip_spaces();
        match self.byte(0) {
            b'\n' | b'\r' => {}
            b'#' if self.position > start => self.skip_comment(),
            _ => return None,
        }
        self.break_line();
        self.next_line()
    }

    pub(crate) fn skip_comment(&mut self) {
        while self.byte(0) != b'\n' {
            self.position += 1;
        }
    }

    /// Steps over a line break, which may be the end of the text.
    pub(crate) fn break_line(&mut self) {
        self.position += usize::from(self.byte(0) == b'\r');
        self.position = self.bytes.len().min(self.position + 1);
        self.line = self.position;
    }

    /// Goes from the start of a line to the first content.
    pub(crate) fn next_line(&mut self) -> Option<()> {
        loop {
            self.skip_spaces();
            if self.position >= self.bytes.len() {
                self.column = END;
                return Some(());
            }
            match self.byte(0) {
                b'\n' | b'\r' => self.break_line(),
                b'#' => {
                    self.skip_comment();
                    self.break_line();
                }
                b'\t' => return None,
                _ => break,
            }
        }
        self.column = (self.position - self.line) as isize;
        match self.bytes[self.position..] {
            [b'%', ..] if self.column == 0 => None,
            [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] if self.column == 0 && self.is_blank(3) => {
                self.column = END;
                Some(())
            }
            _ => Some(()),
        }
    }
}
