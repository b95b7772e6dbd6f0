//! Where something was read: a file of the caller's table, and a byte range.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A file, by its number in whatever table the caller keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// A byte range of a file.
///
/// `start` and `end` are byte offsets on character borders, `end` exclusive. A byte order mark counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Makes a span from byte offsets.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// Returns the byte range, to slice the text with.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the smallest span that holds both. The file is that of `self`.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Returns whether no byte is covered: the place of something absent.
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}
