//! The scanner's block scalars: `|` and `>`.

use crate::node::Node;
use crate::place;
use crate::scanner::Scanner;

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

struct Header {
    folded: bool,
    chomping: Chomping,
    /// The indentation, where the header says it.
    indentation: Option<usize>,
}

/// The text so far, with the line breaks that wait for what comes behind them.
struct Body {
    text: String,
    folded: bool,
    /// The break at the end of the last line with content.
    ended: bool,
    /// Empty lines since.
    empty: usize,
    /// Whether the last line started with white space: its break is never folded.
    indented: bool,
}

impl Body {
    fn line(&mut self, content: &str) {
        let indented = content.starts_with([' ', '\t']);
        if self.ended {
            if !self.folded || self.indented || indented {
                self.text.push('\n');
            } else if self.empty == 0 {
                self.text.push(' ');
            }
        }
        self.text.extend(std::iter::repeat_n('\n', self.empty));
        self.text.push_str(content);
        self.ended = true;
        self.empty = 0;
        self.indented = indented;
    }

    fn finish(mut self, chomping: Chomping) -> String {
        if self.ended && chomping != Chomping::Strip {
            self.text.push('\n');
        }
        if chomping == Chomping::Keep {
            self.text.extend(std::iter::repeat_n('\n', self.empty));
        }
        self.text
    }
}

impl Scanner<'_> {
    /// Reads a block scalar whose parent, a key or a dash, stands in `parent`.
    pub(crate) fn block_scalar(&mut self, parent: isize) -> Option<Node> {
        let least = usize::try_from(parent).ok()?;
        let header = self.header()?;
        let start = self.position;
        let indentation = match header.indentation {
            Some(more) => least + more,
            None => self.detect(least)?,
        };
        let mut body =
            Body { text: String::new(), folded: header.folded, ended: false, empty: 0, indented: false };
        while self.body_line(indentation, &mut body)? {}
        let (start, end) = place::block_content(self.source.text, &body.text, start, self.position);
        if start == end {
            return None;
        }
        let span = self.span(start, end);
        self.count()?;
        self.next_line()?;
        Some(Node::string(span, body.finish(header.chomping)))
    }

    fn header(&mut self) -> Option<Header> {
        let mut header = Header { folded: self.byte(0) == b'>', chomping: Chomping::Clip, indentation: None };
        self.position += 1;
        loop {
            match self.byte(0) {
                b'-' if header.chomping == Chomping::Clip => header.chomping = Chomping::Strip,
                b'+' if header.chomping == Chomping::Clip => header.chomping = Chomping::Keep,
                digit @ b'1'..=b'9' if header.indentation.is_none() => {
                    header.indentation = Some(usize::from(digit - b'0'));
                }
                _ => break,
            }
            self.position += 1;
        }
        let marks_end = self.position;
        self.skip_spaces();
        match self.byte(0) {
            b'#' if self.position > marks_end => self.skip_comment(),
            b'\n' | b'\r' => {}
            _ => return None,
        }
        self.break_line();
        Some(header)
    }

    /// Finds the indentation of the first line with content, which must be more than `least`.
    fn detect(&self, least: usize) -> Option<usize> {
        let mut most = 0;
        let mut rest = &self.bytes[self.position..];
        loop {
            let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
            match rest.get(spaces)? {
                b'\t' => return None,
                b'\n' => most = most.max(spaces),
                b'\r' => {
                    most = most.max(spaces);
                    rest = &rest[1..];
                }
                _ => return (spaces > least && spaces >= most).then_some(spaces),
            }
            rest = &rest[spaces + 1..];
        }
    }

    /// Takes the line here if it belongs to the scalar; then returns true, and stands at the next one.
    fn body_line(&mut self, indentation: usize, body: &mut Body) -> Option<bool> {
        let line = self.position;
        let rest = &self.bytes[line..];
        if rest.is_empty() {
            return Some(false);
        }
        // A last line without a break is read differently by different readers.
        let length = rest.iter().position(|byte| *byte == b'\n')?;
        let content_end = line + length - usize::from(length > 0 && rest[length - 1] == b'\r');
        let limit = indentation.min(content_end - line);
        let spaces = rest[..limit].iter().take_while(|byte| **byte == b' ').count();
        if line + spaces == content_end {
            body.empty += 1;
        } else if spaces == indentation {
            body.line(&self.source.text[line + spaces..content_end]);
        } else {
            return (rest[spaces] != b'\t').then_some(false);
        }
        self.position = line + length + 1;
        self.line = self.position;
        Some(true)
    }
}
