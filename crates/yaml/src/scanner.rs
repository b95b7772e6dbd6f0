//! A fast reader of the YAML that people and templates write: block maps and lists, plain and quoted scalars of one
//! line, block scalars, flow maps and lists of one line, comments, `---`.
//!
//! It gives the very tree that the complete parser gives, or nothing: no errors, and no value where it has the least
//! doubt. Anchors, tags, scalars of several lines, `? `, directives, odd tabs, duplicate keys and whatever exceeds a
//! limit are not read here.

use crate::builder::Documents;
use crate::key;
use crate::mapping::{Entry, Mapping};
use crate::node::{Node, Value};
use crate::reader::Source;
use crate::resolve;
use crate::span::Span;

/// This reader recurses; deeper text is left to the one that does not, whatever the limits say.
const DEEPEST: usize = 200;
/// Longer keys are left alone: YAML stops looking for a `:` after 1,024 characters.
const LONGEST_KEY: u32 = 1000;

/// Reads a text, or returns `None`: then the complete parser must.
pub(crate) fn scan(source: Source<'_>, wanted: Documents) -> Option<Vec<Node>> {
    let mut scanner = Scanner {
        source,
        bytes: source.text.as_bytes(),
        position: 0,
        line: 0,
        column: END,
        nodes: 0,
        entries: Vec::new(),
        items: Vec::new(),
    };
    scanner.check_breaks()?;
    scanner.documents(wanted)
}

/// The column of the end of the text and of the line `---`: left of everything.
pub(crate) const END: isize = -1;

pub(crate) struct Scanner<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) bytes: &'a [u8],
    /// Where we are. Between nodes: the first character of the next line that has content.
    pub(crate) position: usize,
    /// Where the line of `position` starts.
    pub(crate) line: usize,
    /// The column of `position`, or [`END`].
    pub(crate) column: isize,
    nodes: usize,
    /// The entries of all open maps, one behind the other: each map takes its own off in one piece when it ends.
    pub(crate) entries: Vec<Entry>,
    /// The items of all open lists.
    pub(crate) items: Vec<Node>,
}

/// A key and the place of its colon's end is `position`.
struct Key {
    text: String,
    span: Span,
}

/// What stands at the start of a line.
enum Start {
    Key(Key),
    Scalar(Node),
}

impl Scanner<'_> {
    fn documents(&mut self, wanted: Documents) -> Option<Vec<Node>> {
        let mut documents = Vec::new();
        let mut begun = 0;
        self.next_line()?;
        while self.column != END || self.position < self.bytes.len() {
            begun += 1;
            if self.column == END {
                if self.byte(0) != b'-' {
                    return None;
                }
                self.position += 3;
                self.end_line()?;
            }
            if self.column != END {
                documents.push(self.node(0)?);
                if self.column != END {
                    return None;
                }
            }
        }
        match wanted {
            Documents::One if begun > 1 || documents.len() != begun => None,
            _ => Some(documents),
        }
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.file, start as u32, end as u32)
    }

    /// Counts a value, against the limit.
    pub(crate) fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= self.source.limits.nodes).then_some(())
    }

    /// Checks that a map or list may be opened within `depth` others.
    pub(crate) fn descend(&mut self, depth: usize) -> Option<()> {
        self.count()?;
        (depth < self.source.limits.depth.min(DEEPEST)).then_some(())
    }

    /// Reads the node that starts here, on a line of its own or behind a dash.
    fn node(&mut self, depth: usize) -> Option<Node> {
        if self.at_dash() {
            return self.list(depth);
        }
        let column = self.column;
        match self.start(depth)? {
            Start::Key(key) => self.map(key, column, depth),
            Start::Scalar(node) => Some(node),
        }
    }

    fn at_dash(&self) -> bool {
        self.byte(0) == b'-' && self.is_blank(1)
    }

    fn start(&mut self, depth: usize) -> Option<Start> {
        let start = self.position;
        match self.byte(0) {
            b'[' | b'{' => {
                let node = self.flow(depth)?;
                self.end_line()?;
                return Some(Start::Scalar(node));
            }
            b'"' | b'\'' => {
                let text = self.quoted()?;
                let span = self.span(start, self.position);
                if self.colon_follows()? {
                    return Some(Start::Key(Key { text, span }));
                }
                self.count()?;
                self.end_line()?;
                return Some(Start::Scalar(Node::string(span, text)));
            }
            _ => {}
        }
        let text = self.plain()?;
        let span = self.span(start, start + text.len());
        if self.byte(0) == b':' {
            self.position += 1;
            let text = self.key_text(text)?;
            return Some(Start::Key(Key { text, span }));
        }
        let node = self.resolve(text, span)?;
        self.end_line()?;
        Some(Start::Scalar(node))
    }

    /// Steps over spaces and a `:` if that makes what was just read a key.
    fn colon_follows(&mut self) -> Option<bool> {
        let after = self.position;
        self.skip_spaces();
        if self.byte(0) != b':' {
            self.position = after;
            return Some(false);
        }
        self.position += 1;
        self.is_blank(0).then_some(true)
    }

    /// Returns the text of a plain key.
    pub(crate) fn key_text(&self, text: &str) -> Option<String> {
        if resolve::surely_text(text) {
            return Some(text.to_owned());
        }
        if text == "<<" {
            return None;
        }
        let resolved = resolve::plain(text, self.source.resolution);
        match resolved.value? {
            Value::String(text) => Some(text),
            value => key::text(&value),
        }
    }

    pub(crate) fn resolve(&mut self, text: &str, span: Span) -> Option<Node> {
        self.count()?;
        if resolve::surely_text(text) {
            return Some(Node::string(span, text));
        }
        let resolved = resolve::plain(text, self.source.resolution);
        Some(Node { span, value: resolved.value?, ambiguous: resolved.ambiguous })
    }

    fn map(&mut self, first: Key, column: isize, depth: usize) -> Option<Node> {
        self.descend(depth)?;
        let mut span = first.span;
        let outer = self.entries.len();
        let mut key = first;
        loop {
            check_length(key.span)?;
            let value = self.value(column, depth + 1)?;
            span.end = value.span.end;
            self.entries.push(Entry { key: key.text, key_span: key.span, value });
            if self.column != column {
                break;
            }
            key = self.next_key()?;
        }
        if self.column > column {
            return None;
        }
        Some(Node::mapping(span, self.close_map(outer)?))
    }

    /// Reads a key; anything else in this place is not ours.
    fn next_key(&mut self) -> Option<Key> {
        let start = self.position;
        if matches!(self.byte(0), b'"' | b'\'') {
            let text = self.quoted()?;
            let span = self.span(start, self.position);
            return self.colon_follows()?.then_some(Key { text, span });
        }
        let text = self.plain()?;
        let span = self.span(start, start + text.len());
        if self.byte(0) != b':' {
            return None;
        }
        self.position += 1;
        Some(Key { text: self.key_text(text)?, span })
    }

    /// Reads the value behind the colon of a key in `column`.
    fn value(&mut self, column: isize, depth: usize) -> Option<Node> {
        let colon_end = self.position;
        self.skip_spaces();
        match self.byte(0) {
            b'\n' | b'\r' | b'#' => {
                self.position = colon_end;
                self.end_line()?;
                if self.column > column || (self.column == column && self.at_dash()) {
                    return self.node(depth);
                }
                self.count()?;
                Some(Node::null(self.span(colon_end, colon_end)))
            }
            _ => self.inline(column, depth),
        }
    }

    /// Reads a value that starts on the line of its key.
    fn inline(&mut self, column: isize, depth: usize) -> Option<Node> {
        let start = self.position;
        let node = match self.byte(0) {
            b'|' | b'>' => return self.block_scalar(column),
            b'[' | b'{' => self.flow(depth)?,
            b'"' | b'\'' => {
                let text = self.quoted()?;
                self.count()?;
                Node::string(self.span(start, self.position), text)
            }
            _ => {
                let text = self.plain()?;
                let span = self.span(start, start + text.len());
                self.resolve(text, span)?
            }
        };
        self.end_line()?;
        Some(node)
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        self.descend(depth)?;
        let column = self.column;
        let mut span = self.span(self.position, self.position);
        let outer = self.items.len();
        while self.column == column && self.at_dash() {
            let item = self.item(column, depth + 1)?;
            span.end = item.span.end;
            self.items.push(item);
        }
        if self.column > column {
            return None;
        }
        Some(Node::sequence(span, self.items.split_off(outer)))
    }

    /// Reads the item behind a dash in `column`.
    fn item(&mut self, column: isize, depth: usize) -> Option<Node> {
        self.position += 1;
        let dash_end = self.position;
        self.skip_spaces();
        match self.byte(0) {
            b'\n' | b'\r' | b'#' => {
                self.position = dash_end;
                self.end_line()?;
                if self.column > column {
                    return self.node(depth);
                }
                self.count()?;
                Some(Node::null(self.span(dash_end, dash_end)))
            }
            b'|' | b'>' => self.block_scalar(column),
            _ => {
                self.column = (self.position - self.line) as isize;
                self.node(depth)
            }
        }
    }

    /// Takes the entries of a map, unless two keys are the same.
    pub(crate) fn close_map(&mut self, outer: usize) -> Option<Mapping> {
        let entries = self.entries.split_off(outer);
        (!repeats_key(&entries)).then(|| Mapping::from_unique(entries))
    }
}

/// Refuses a key that is too long to be found by its colon.
pub(crate) fn check_length(key: Span) -> Option<()> {
    (key.end - key.start <= LONGEST_KEY).then_some(())
}

fn repeats_key(entries: &[Entry]) -> bool {
    const FEW: usize = 12;
    if entries.len() <= FEW {
        let twice =
            |(index, entry): (usize, &Entry)| entries[..index].iter().any(|other| other.key == entry.key);
        return entries.iter().enumerate().any(twice);
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
