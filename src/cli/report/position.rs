//! Lines and columns of byte offsets: they exist only when something is printed.

use std::collections::HashMap;

use macadam_yaml::FileId;

/// Bytes between two counts of characters, so that a very long line is not counted anew for each place in it.
const STEP: usize = 1024;

/// The positions of every file asked for, each file counted once.
#[derive(Debug, Default)]
pub(super) struct Positions(HashMap<FileId, Counted>);

/// What is known of one file.
#[derive(Debug)]
struct Counted {
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
    /// How many characters begin before each multiple of the step.
    characters: Vec<usize>,
}

impl Positions {
    /// Line and column of a byte offset, both from 1, the column in characters; past the end, those of the end.
    pub(super) fn of(&mut self, file: FileId, text: &str, offset: usize) -> (usize, usize) {
        self.0.entry(file).or_insert_with(|| Counted::new(text)).position(text.as_bytes(), offset)
    }
}

/// How many characters begin in some bytes.
fn begin(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

impl Counted {
    fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let mut characters = vec![0];
        let mut sum = 0;
        for part in text.as_bytes().chunks(STEP) {
            sum += begin(part);
            characters.push(sum);
        }
        Self { lines, characters }
    }

    fn position(&self, bytes: &[u8], offset: usize) -> (usize, usize) {
        let offset = offset.min(bytes.len());
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or(0);
        let mark = usize::from(start == 0 && offset > 0 && bytes.starts_with("\u{feff}".as_bytes()));
        (line, self.before(bytes, offset) - self.before(bytes, start) + 1 - mark)
    }

    /// How many characters begin before an offset.
    fn before(&self, bytes: &[u8], offset: usize) -> usize {
        let step = offset / STEP;
        let rest = bytes.get(step * STEP..offset).unwrap_or_default();
        self.characters.get(step).copied().unwrap_or(0) + begin(rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position(text: &str, offset: usize) -> (usize, usize) {
        Positions::default().of(FileId(0), text, offset)
    }

    #[test]
    fn columns_count_characters_and_a_byte_order_mark_counts_nothing() {
        assert_eq!(position("\u{feff}ab", 3), (1, 1));
        assert_eq!(position("aé\nüx", 6), (2, 2));
        assert_eq!(position("a\r\nb", 3), (2, 1));
        assert_eq!(position("ab", 99), (1, 3));
        assert_eq!(position("", 0), (1, 1));
    }

    proptest! {
        #[test]
        fn positions_are_those_of_a_plain_count(text in "[aé\n]{0,3000}", at in 0usize..4000) {
            let at = text.floor_char_boundary(at);
            let before = &text[..at];
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
            prop_assert_eq!(position(&text, at), (line, column));
        }
    }
}
