//! Builds trees from parser events: spans, types, anchors, limits.

use std::collections::HashMap;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};

use crate::error::{Error, ErrorKind};
use crate::frame::{Content, Frame, Size};
use crate::node::{Node, Value};
use crate::place;
use crate::reader::Source;
use crate::resolve;
use crate::span::Span;

/// How many documents a text may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Documents {
    One,
    Any,
}

/// An anchor: still being read, or complete.
enum Anchor {
    Open(Span),
    Done(Node, Size),
}

/// A scalar as the parser hands it over.
struct Scalar<'a> {
    text: &'a str,
    style: ScalarStyle,
    tag: Option<&'a Tag>,
    start: usize,
    end: usize,
}

impl Scalar<'_> {
    /// An absent value: the parser says `~` in an empty place, or the empty text when there is a tag.
    fn is_absent(&self) -> bool {
        self.style == ScalarStyle::Plain && self.start == self.end
    }
}

/// The tree so far. Never recurses: its stack is a list of open maps and lists.
pub(crate) struct Builder<'a> {
    source: Source<'a>,
    wanted: Documents,
    /// What was wrong so far and did not stop us.
    pub(crate) errors: Vec<Error>,
    documents: Vec<Node>,
    /// Documents begun, with the empty ones.
    begun: usize,
    open: Vec<Frame>,
    anchors: HashMap<usize, Anchor>,
    /// What all documents hold, aliases expanded.
    nodes: usize,
    aliased_bytes: usize,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(source: Source<'a>, wanted: Documents) -> Self {
        Self {
            source,
            wanted,
            errors: Vec::new(),
            documents: Vec::new(),
            begun: 0,
            open: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            aliased_bytes: 0,
        }
    }

    /// Returns the documents, or every error in the order of their places.
    pub(crate) fn finish(mut self) -> Result<Vec<Node>, Vec<Error>> {
        if self.errors.is_empty() {
            return Ok(self.documents);
        }
        self.errors.sort_by_key(|error| error.span.start);
        Err(self.errors)
    }

    /// Takes one event. An error here is the last one: nothing can be read behind it.
    pub(crate) fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Result<(), Error> {
        let (start, end) = bytes(span);
        match event {
            Event::DocumentStart(..) => self.document(start, end),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&Scalar { text: &text, style, tag: tag.as_deref(), start, end }, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                let content = Content::list(style == StructureStyle::Flow);
                self.begin(content, start, end, anchor)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                // The map of `[a: b]` has no brackets of its own.
                let content = Content::map(style == StructureStyle::Flow && start < end);
                self.begin(content, start, end, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::Anchor(_, name) => {
                self.check_anchor(&name, start, end);
                Ok(())
            }
            Event::UnresolvedAlias(_) => {
                let span = self.source.span(start, end);
                self.errors.push(Error::new(ErrorKind::Alias, span));
                self.attach(Node::null(span), Size::scalar(0))
            }
            _ => Ok(()),
        }
    }

    fn document(&mut self, start: usize, end: usize) -> Result<(), Error> {
        self.begun += 1;
        self.anchors.clear();
        match self.wanted {
            Documents::One if self.begun > 1 => {
                let span = self.source.span(start, end);
                Err(Error::new(ErrorKind::SecondDocument, span))
            }
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, anchor: usize) -> Result<(), Error> {
        if scalar.is_absent() && self.open.is_empty() && self.wanted == Documents::Any && scalar.tag.is_none()
        {
            return Ok(());
        }
        let merge = scalar.style == ScalarStyle::Plain && scalar.tag.is_none() && scalar.text == "<<";
        if merge && self.open.last().is_some_and(Frame::wants_key) {
            let span = self.source.span(scalar.start, scalar.end);
            return self.merge_key(span);
        }
        self.check_flow_scalar(scalar);
        let node = self.scalar_node(scalar);
        let size = Size::scalar(scalar.text.len());
        if !self.open.last().is_some_and(Frame::wants_key) {
            self.count(node.span)?;
        }
        self.remember(anchor, &node, size);
        self.attach(node, size)
    }

    fn scalar_node(&mut self, scalar: &Scalar<'_>) -> Node {
        let span = self.scalar_span(scalar);
        if let Some(tag) = scalar.tag {
            return self.tagged(scalar, tag, span);
        }
        match scalar.style {
            ScalarStyle::Plain if scalar.is_absent() => Node::null(span),
            ScalarStyle::Plain => {
                let resolved = resolve::plain(scalar.text, self.source.resolution);
                if resolved.value.is_none() {
                    self.errors.push(Error::new(ErrorKind::NotFinite, span));
                }
                Node { span, value: resolved.value.unwrap_or(Value::Null), ambiguous: resolved.ambiguous }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                self.check_root_block(span);
                let text = place::without_invented_break(self.source.text, scalar.text, scalar.end);
                Node::string(span, text)
            }
            _ => Node::string(span, scalar.text),
        }
    }

    /// YAML 1.2 allows more in a name than others: `&a: b` is an anchor `a:` to it, and a map to go-yaml.
    fn check_anchor(&mut self, name: &str, start: usize, end: usize) {
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            let words = "the name of an anchor has letters, digits, `-` and `_` only";
            self.refuse(words, self.source.span(start, end));
        }
    }

    /// Between brackets, YAML 1.1 readers take `?a` for a key and `a:,` for text; YAML 1.2 readers do the opposite.
    fn check_flow_scalar(&mut self, scalar: &Scalar<'_>) {
        // The map of `[a: b]` counts as a block: look one further.
        let in_flow = self.open.iter().rev().take(2).any(Frame::is_flow);
        if !in_flow || scalar.style != ScalarStyle::Plain || scalar.is_absent() {
            return;
        }
        let span = self.source.span(scalar.start, scalar.end);
        if scalar.text.starts_with('?') {
            self.refuse("text between brackets cannot start with `?`", span);
        }
        let behind = self.source.text[scalar.end..].trim_start_matches(' ');
        if behind.strip_prefix(':').is_some_and(|value| value.starts_with([',', '[', ']', '{', '}'])) {
            self.refuse("expected a space behind `:`", span);
        }
    }

    fn refuse(&mut self, words: &str, span: Span) {
        self.errors.push(Error::new(ErrorKind::Syntax(words.to_owned()), span));
    }

    /// At the root, YAML lets a block scalar start in the first column; go-yaml ends it there.
    fn check_root_block(&mut self, span: Span) {
        let before = &self.source.text[..span.start as usize];
        let first_column = before.is_empty() || before.ends_with(['\n', '\r']);
        if self.open.is_empty() && first_column && !span.is_empty() {
            self.refuse("a block scalar must be indented", span);
        }
    }

    fn scalar_span(&self, scalar: &Scalar<'_>) -> Span {
        let text = self.source.text;
        let (start, end) = match scalar.style {
            ScalarStyle::Plain if scalar.is_absent() => {
                let at = self.absent_place().unwrap_or(scalar.start);
                (at, at)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                place::block_content(text, scalar.text, scalar.start, scalar.end)
            }
            _ => (scalar.start, scalar.end),
        };
        self.source.span(start, end)
    }

    /// Where an absent value stands: behind the colon of its key, or behind its dash.
    fn absent_place(&self) -> Option<usize> {
        let text = self.source.text;
        let frame = self.open.last()?;
        match frame.pending_key_end() {
            Some(key_end) => Some(place::behind_colon(text, key_end).unwrap_or(key_end)),
            None => place::next_dash(text, frame.reached()?).map(|dash| dash + 1),
        }
    }

    fn tagged(&mut self, scalar: &Scalar<'_>, tag: &Tag, span: Span) -> Node {
        let resolved = resolve::plain(scalar.text, self.source.resolution);
        let value = match (tag.core_suffix(), resolved.value) {
            (Some("str"), _) => return Node::string(span, scalar.text),
            (Some("float"), Some(Value::Number(number))) => {
                Some(Value::Number(crate::Number::Float(number.as_f64())))
            }
            (Some("int"), Some(value @ Value::Number(crate::Number::Int(_) | crate::Number::UInt(_)))) => {
                Some(value)
            }
            (Some("bool"), Some(value @ Value::Bool(_))) => Some(value),
            (Some("null"), Some(Value::Null)) => Some(Value::Null),
            (Some(_), _) => None,
            (None, _) => {
                self.errors.push(unknown_tag(tag, span));
                return Node::null(span);
            }
        };
        if value.is_none() {
            let words = format!("the value does not fit its tag `{}`", tag.original());
            self.errors.push(Error::new(ErrorKind::Syntax(words), span));
        }
        Node { span, value: value.unwrap_or(Value::Null), ambiguous: resolved.ambiguous }
    }

    fn check_tag(&mut self, tag: Option<&Tag>, expected: &str, span: &granit_parser::Span) {
        let Some(tag) = tag else { return };
        let (start, end) = bytes(&span.tag_span().unwrap_or(*span));
        let span = self.source.span(start, end);
        match tag.core_suffix() {
            Some(suffix) if suffix == expected => {}
            Some(_) => {
                let words = format!("the value does not fit its tag `{}`", tag.original());
                self.errors.push(Error::new(ErrorKind::Syntax(words), span));
            }
            None => self.errors.push(unknown_tag(tag, span)),
        }
    }

    fn begin(&mut self, content: Content, start: usize, end: usize, anchor: usize) -> Result<(), Error> {
        let span = self.source.span(start, end);
        self.count(span)?;
        if self.open.len() >= self.source.limits.depth {
            return Err(Error::new(ErrorKind::TooDeep, span));
        }
        let start = match self.open.last().and_then(Frame::pending_key_end) {
            Some(key_end) if content.is_block_list() => place::behind_colon(self.source.text, key_end)
                .and_then(|colon| place::next_dash(self.source.text, colon))
                .unwrap_or(start),
            _ => start,
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Open(span));
        }
        self.open.push(Frame::new(content, start, anchor));
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Error> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let anchor = frame.anchor;
        let (node, size) = frame.close(self.source, end);
        self.remember(anchor, &node, size);
        self.attach(node, size)
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: Size) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Done(node.clone(), size));
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Error> {
        let span = self.source.span(start, end);
        let (mut node, size) = match self.anchors.get(&anchor) {
            Some(Anchor::Done(node, size)) => {
                self.nodes += size.nodes;
                self.aliased_bytes += size.bytes;
                let limits = self.source.limits;
                if self.nodes > limits.nodes || self.aliased_bytes > limits.bytes {
                    return Err(Error::new(ErrorKind::Expansion, span));
                }
                if self.open.len() + size.depth > limits.depth {
                    return Err(Error::new(ErrorKind::TooDeep, span));
                }
                (node.clone(), *size)
            }
            open => {
                let related = match open {
                    Some(Anchor::Open(place)) => Some((*place, "the anchor is here")),
                    _ => None,
                };
                self.errors.push(Error { kind: ErrorKind::Alias, span, related });
                (Node::null(span), Size::scalar(0))
            }
        };
        node.span = span;
        self.attach(node, size)
    }

    fn merge_key(&mut self, span: Span) -> Result<(), Error> {
        if let Some(frame) = self.open.last_mut() {
            frame.merge_key(span, &mut self.errors);
        }
        Ok(())
    }

    /// Puts a finished node where it belongs: a key, a value, an item or a document.
    fn attach(&mut self, node: Node, size: Size) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(frame) => frame.attach(node, size, &mut self.errors),
            None => self.documents.push(node),
        }
        Ok(())
    }

    fn count(&mut self, span: Span) -> Result<(), Error> {
        self.nodes += 1;
        if self.nodes > self.source.limits.nodes {
            return Err(Error::new(ErrorKind::TooManyNodes, span));
        }
        Ok(())
    }
}

fn unknown_tag(tag: &Tag, span: Span) -> Error {
    Error::new(ErrorKind::UnknownTag(tag.original()), span)
}

fn bytes(span: &granit_parser::Span) -> (usize, usize) {
    let start = span.start.byte_offset().unwrap_or_default();
    let end = span.end.byte_offset().unwrap_or_default();
    (start, end.max(start))
}
