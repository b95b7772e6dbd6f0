use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Beyond this many different items the exact comparison would take too long: all of them are told as replaced.
const MOST_ITEMS: usize = 8_000;

/// Two texts cut into items (lines or words), and how one becomes the other.
pub(crate) struct Compared<'a> {
    /// The items of the old text.
    pub(crate) old: Vec<&'a str>,
    /// The items of the new text.
    pub(crate) new: Vec<&'a str>,
    /// Equal, removed, added and replaced runs of items, in order; together they cover both texts.
    pub(crate) ops: Vec<DiffOp>,
}

impl<'a> Compared<'a> {
    /// Compares two texts by line. A line keeps its line break.
    pub(crate) fn lines(old: &'a str, new: &'a str) -> Self {
        Self::of(old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect())
    }

    /// Compares two texts by word: runs of blanks, line breaks and everything between them are items.
    pub(crate) fn words(old: &'a str, new: &'a str) -> Self {
        Self::of(words(old), words(new))
    }

    fn of(old: Vec<&'a str>, new: Vec<&'a str>) -> Self {
        let ops = ops(&old, &new);
        Self { old, new, ops }
    }

    /// The places that differ, each with `context` equal items around.
    pub(crate) fn hunks(&self, context: usize) -> Vec<Vec<DiffOp>> {
        group_diff_ops(self.ops.clone(), context).into_iter().filter(|hunk| !hunk.is_empty()).collect()
    }

    /// Some items of the old text.
    pub(crate) fn before(&self, range: Range<usize>) -> &[&'a str] {
        self.old.get(range).unwrap_or_default()
    }

    /// Some items of the new text.
    pub(crate) fn after(&self, range: Range<usize>) -> &[&'a str] {
        self.new.get(range).unwrap_or_default()
    }
}

/// The operations between two lists; where too much differs, everything between the equal ends is one replacement.
fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old.len() - head - tail, new.len() - head - tail);
    if old_len + new_len <= MOST_ITEMS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let middle = match (old_len, new_len) {
        (0, _) => DiffOp::Insert { old_index: head, new_index: head, new_len },
        (_, 0) => DiffOp::Delete { old_index: head, old_len, new_index: head },
        _ => DiffOp::Replace { old_index: head, old_len, new_index: head, new_len },
    };
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let ends = [equal(0, 0, head), middle, equal(head + old_len, head + new_len, tail)];
    ends.into_iter().filter(|op| !matches!(op, DiffOp::Equal { len: 0, .. })).collect()
}

/// What a character is to the comparison of words.
#[derive(PartialEq)]
enum Class {
    Blank,
    Break,
    Word,
}

fn class(character: char) -> Class {
    match character {
        '\n' => Class::Break,
        other if other.is_whitespace() => Class::Blank,
        _ => Class::Word,
    }
}

/// Cuts a text into words, runs of blanks, and single line breaks.
fn words(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut last: Option<Class> = None;
    for (at, character) in text.char_indices() {
        let now = class(character);
        if last.as_ref().is_some_and(|last| *last != now || now == Class::Break) {
            items.extend(text.get(start..at));
            start = at;
        }
        last = Some(now);
    }
    items.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays the operations: the old text and the new one come out again.
    fn played(compared: &Compared<'_>) -> (String, String) {
        let old = compared.ops.iter().flat_map(|op| compared.before(op.old_range())).copied().collect();
        let new = compared.ops.iter().flat_map(|op| compared.after(op.new_range())).copied().collect();
        (old, new)
    }

    #[test]
    fn words_blanks_and_line_breaks_are_items() {
        assert_eq!(words("a  bc\n\n d"), ["a", "  ", "bc", "\n", "\n", " ", "d"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn a_comparison_covers_both_texts() {
        for (old, new) in [("", "a\n"), ("a\nb\nc", "a\nx\nc\n"), ("a", ""), ("x\n", "x\n")] {
            assert_eq!(played(&Compared::lines(old, new)), (old.to_owned(), new.to_owned()));
            assert_eq!(played(&Compared::words(old, new)), (old.to_owned(), new.to_owned()));
        }
    }

    #[test]
    fn very_different_texts_are_one_replacement_between_their_equal_ends() {
        let text = |word: &str| -> String {
            let middle = (0..MOST_ITEMS).map(|at| format!("{word} {at}\n"));
            std::iter::once("first\n".to_owned()).chain(middle).chain(["last\n".to_owned()]).collect()
        };
        let (old, new) = (text("a"), text("b"));
        let compared = Compared::lines(&old, &new);
        assert_eq!(compared.ops.len(), 3);
        assert_eq!(played(&compared), (old.clone(), new.clone()));
    }
}
