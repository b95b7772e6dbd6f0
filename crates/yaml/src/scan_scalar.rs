//! The scanner's scalars of one line, and flow maps and lists of one line.

use crate::mapping::Entry;
use crate::node::Node;
use crate::scanner::{Scanner, check_length};

/// Bytes that may end a plain scalar in a block.
const STOPS: [bool; 256] = stops(b"\n\r\t:#");
/// Bytes that may end a plain scalar between brackets.
const FLOW_STOPS: [bool; 256] = stops(b"\n\r\t:#,[]{}");

const fn stops(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

impl<'a> Scanner<'a> {
    /// Reads a plain scalar of one line, up to its end, a comment or the colon of a key.
    pub(crate) fn plain(&mut self) -> Option<&'a str> {
        self.plain_until(&STOPS)
    }

    fn plain_until(&mut self, stops: &[bool; 256]) -> Option<&'a str> {
        if !self.can_start_plain() {
            return None;
        }
        let start = self.position;
        loop {
            while self.position < self.bytes.len() && !stops[usize::from(self.bytes[self.position])] {
                self.position += 1;
            }
            match self.byte(0) {
                b'\t' | b'[' | b'{' => return None,
                b':' if self.is_blank(1) => break,
                b':' if stops[usize::from(b',')] && !self.is_inner_colon() => return None,
                b'#' if self.bytes[self.position - 1] == b' ' => break,
                b':' | b'#' => self.position += 1,
                _ => break,
            }
        }
        let text = &self.source.text[start..self.position];
        Some(text.trim_end_matches(' '))
    }

    /// Between brackets, a colon within a word is only sure to be text when it stands between other characters.
    fn is_inner_colon(&self) -> bool {
        self.bytes[self.position - 1] != b' ' && !FLOW_STOPS[usize::from(self.byte(1))]
    }

    fn can_start_plain(&self) -> bool {
        match self.byte(0) {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' => {
                false
            }
            b'%' | b'@' | b'`' | b'?' | b':' | b'\t' | b'\n' | b'\r' | b' ' => false,
            b'-' => !self.is_blank(1) && !matches!(self.byte(1), b',' | b'[' | b']' | b'{' | b'}'),
            _ => true,
        }
    }

    /// Reads a quoted scalar that ends on its line.
    pub(crate) fn quoted(&mut self) -> Option<String> {
        let quote = self.byte(0);
        self.position += 1;
        match quote {
            b'\'' => self.single_quoted(),
            _ => self.double_quoted(),
        }
    }

    fn single_quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let start = self.position;
            while !matches!(self.byte(0), b'\'' | b'\n') {
                self.position += 1;
            }
            text.push_str(&self.source.text[start..self.position]);
            if self.byte(0) == b'\n' {
                return None;
            }
            self.position += 1;
            if self.byte(0) != b'\'' {
                return Some(text);
            }
            text.push('\'');
            self.position += 1;
        }
    }

    fn double_quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let start = self.position;
            while !matches!(self.byte(0), b'"' | b'\\' | b'\n') {
                self.position += 1;
            }
            text.push_str(&self.source.text[start..self.position]);
            match self.byte(0) {
                b'"' => {
                    self.position += 1;
                    return Some(text);
                }
                b'\\' => text.push(self.escape()?),
                _ => return None,
            }
        }
    }

    /// Reads an escape; the rare ones are left alone.
    fn escape(&mut self) -> Option<char> {
        let name = self.byte(1);
        self.position += 2;
        Some(match name {
            b'"' | b'\\' | b'/' => char::from(name),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'0' => '\0',
            b'x' => self.code(2)?,
            b'u' => self.code(4)?,
            b'U' => self.code(8)?,
            _ => return None,
        })
    }

    fn code(&mut self, length: usize) -> Option<char> {
        let digits = self.source.text.get(self.position..self.position + length)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        self.position += length;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    }

    /// Reads a flow map or list that ends on its line.
    pub(crate) fn flow(&mut self, depth: usize) -> Option<Node> {
        self.descend(depth)?;
        match self.byte(0) {
            b'[' => self.flow_list(depth),
            _ => self.flow_map(depth),
        }
    }

    fn flow_list(&mut self, depth: usize) -> Option<Node> {
        let start = self.position;
        let outer = self.items.len();
        self.position += 1;
        while !self.closes(b']') {
            let item = self.flow_value(depth + 1)?;
            self.items.push(item);
            self.separator(b']')?;
        }
        let items = self.items.split_off(outer);
        Some(Node::sequence(self.span(start, self.position), items))
    }

    fn flow_map(&mut self, depth: usize) -> Option<Node> {
        let start = self.position;
        let outer = self.entries.len();
        self.position += 1;
        while !self.closes(b'}') {
            let key_start = self.position;
            let quoted = matches!(self.byte(0), b'"' | b'\'');
            let (key, key_end) = if quoted {
                let text = self.quoted()?;
                (text, self.position)
            } else {
                let text = self.plain_until(&FLOW_STOPS)?;
                (self.key_text(text)?, key_start + text.len())
            };
            let key_span = self.span(key_start, key_end);
            check_length(key_span)?;
            self.flow_colon(quoted)?;
            let value = self.flow_value(depth + 1)?;
            self.entries.push(Entry { key, key_span, value });
            self.separator(b'}')?;
        }
        let span = self.span(start, self.position);
        Some(Node::mapping(span, self.close_map(outer)?))
    }

    /// Steps over the colon of a key, and to its value. A quoted key may have its value right behind the colon.
    fn flow_colon(&mut self, quoted: bool) -> Option<()> {
        let before = self.position;
        self.skip_spaces();
        let adjacent = quoted && self.position == before;
        if self.byte(0) != b':' {
            return None;
        }
        self.position += 1;
        if !adjacent && !self.is_blank(0) {
            return None;
        }
        self.skip_spaces();
        Some(())
    }

    /// Steps to what comes next between brackets, and over the closing one.
    fn closes(&mut self, bracket: u8) -> bool {
        self.skip_spaces();
        let closes = self.byte(0) == bracket;
        self.position += usize::from(closes);
        closes
    }

    fn separator(&mut self, bracket: u8) -> Option<()> {
        self.skip_spaces();
        match self.byte(0) {
            b',' => self.position += 1,
            other if other == bracket => {}
            _ => return None,
        }
        Some(())
    }

    fn flow_value(&mut self, depth: usize) -> Option<Node> {
        let start = self.position;
        match self.byte(0) {
            b'[' | b'{' => self.flow(depth),
            b'"' | b'\'' => {
                let text = self.quoted()?;
                self.count()?;
                Some(Node::string(self.span(start, self.position), text))
            }
            _ => {
                let text = self.plain_until(&FLOW_STOPS)?;
                let span = self.span(start, start + text.len());
                self.resolve(text, span)
            }
        }
    }
}
