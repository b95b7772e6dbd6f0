//! Where a template writes to: the text, and which piece of it was written where in which template.

use std::cell::Cell;
use std::io;

use macadam_yaml::{FileId, Span};

/// One rendered file may have this many bytes.
pub(super) const MAX_OUTPUT: usize = 10 * 1024 * 1024;

/// Where the text of a template lies in memory: the engine writes literal text straight from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceRange {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) file: FileId,
}

/// A piece of literal text.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    out: usize,
    length: usize,
    file: FileId,
    source: usize,
}

/// The rendered text, with a map from it back to the templates.
pub(super) struct Sink<'a> {
    pub(super) text: Vec<u8>,
    places: Places<'a>,
}

/// The map from rendered text back to the templates.
#[derive(Debug)]
pub(super) struct Places<'a> {
    file: FileId,
    ranges: &'a [SourceRange],
    chunks: Vec<Chunk>,
    /// Where the last search ended: nodes are asked for nearly in order.
    hint: Cell<usize>,
}

impl<'a> Sink<'a> {
    /// An empty text of a template.
    pub(super) fn new(file: FileId, ranges: &'a [SourceRange]) -> Self {
        let places = Places { file, ranges, chunks: Vec::with_capacity(64), hint: Cell::new(0) };
        Self { text: Vec::with_capacity(4096), places }
    }

    /// The text and the map.
    pub(super) fn finish(self) -> (Vec<u8>, Places<'a>) {
        (self.text, self.places)
    }

    fn source(&self, address: usize, length: usize) -> Option<(FileId, usize)> {
        let ranges = self.places.ranges;
        let range = ranges[..ranges.partition_point(|range| range.start <= address)].last()?;
        (address + length <= range.end).then(|| (range.file, address - range.start))
    }
}

impl io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other("too much output"));
        }
        if let Some((file, source)) = self.source(bytes.as_ptr().addr(), bytes.len()) {
            self.places.chunks.push(Chunk { out: self.text.len(), length: bytes.len(), file, source });
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Places<'_> {
    /// The place in a template that made a piece of the text; the whole tag where a tag made it.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let (file, from) = self.start(start);
        let to = self.end(end, file).max(from);
        Span::new(file, from as u32, to as u32)
    }

    /// The number of chunks that start before or at an offset.
    fn search(&self, offset: usize) -> usize {
        let mut index = self.hint.get();
        let near = self.chunks.get(index..).unwrap_or_default().iter().take(8);
        let fits = index == 0 || self.chunks.get(index - 1).is_some_and(|chunk| chunk.out <= offset);
        let ahead = near.take_while(|chunk| chunk.out <= offset).count();
        if fits && ahead < 8 {
            index += ahead;
        } else {
            index = self.chunks.partition_point(|chunk| chunk.out <= offset);
        }
        self.hint.set(index);
        index
    }

    fn start(&self, offset: usize) -> (FileId, usize) {
        let index = self.search(offset);
        match self.chunks[..index].last() {
            Some(chunk) => (chunk.file, chunk.source + (offset - chunk.out).min(chunk.length)),
            None => (self.file, 0),
        }
    }

    fn end(&self, offset: usize, file: FileId) -> usize {
        let index = match offset {
            0 => 0,
            _ => self.search(offset - 1),
        };
        if let Some(chunk) = self.chunks[..index].last().filter(|chunk| chunk.file == file)
            && offset - chunk.out <= chunk.length
        {
            return chunk.source + (offset - chunk.out);
        }
        match self.chunks.get(index) {
            Some(next) if next.file == file => next.source,
            _ => self.length(file),
        }
    }

    fn length(&self, file: FileId) -> usize {
        self.ranges.iter().find(|range| range.file == file).map_or(0, |range| range.end - range.start)
    }

    /// Takes account of text that was put in: ascending offsets in the old text, and how much was put in there.
    pub(super) fn shift(&mut self, edits: &[(usize, usize)]) {
        let mut edits = edits.iter().peekable();
        let mut added = 0;
        for chunk in &mut self.chunks {
            while let Some((_, length)) = edits.next_if(|(at, _)| *at <= chunk.out) {
                added += length;
            }
            chunk.out += added;
        }
    }
}
