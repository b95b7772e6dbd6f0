//! A map or a list that is still being read.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind};
use crate::key;
use crate::mapping::{Entry, Mapping};
use crate::node::{Node, Value};
use crate::reader::Source;
use crate::span::Span;

/// Maps with more keys look duplicates up instead of comparing.
const FEW_KEYS: usize = 16;

/// What a finished value holds, aliases expanded.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    pub(crate) nodes: usize,
    pub(crate) bytes: usize,
    /// Maps and lists within each other.
    pub(crate) depth: usize,
}

impl Size {
    pub(crate) fn scalar(bytes: usize) -> Self {
        Self { nodes: 1, bytes, depth: 0 }
    }
}

pub(crate) enum Content {
    List { flow: bool, items: Vec<Node> },
    Map { flow: bool, map: OpenMap },
}

impl Content {
    pub(crate) fn list(flow: bool) -> Self {
        let items = Vec::new();
        Self::List { flow, items }
    }

    pub(crate) fn map(flow: bool) -> Self {
        let map = OpenMap::default();
        Self::Map { flow, map }
    }

    pub(crate) fn is_block_list(&self) -> bool {
        matches!(self, Self::List { flow: false, .. })
    }

    fn is_flow(&self) -> bool {
        matches!(self, Self::List { flow: true, .. } | Self::Map { flow: true, .. })
    }
}

/// An open map or list.
pub(crate) struct Frame {
    content: Content,
    start: usize,
    end: usize,
    pub(crate) anchor: usize,
    size: Size,
}

impl Frame {
    pub(crate) fn new(content: Content, start: usize, anchor: usize) -> Self {
        Self { content, start, end: start, anchor, size: Size { nodes: 1, bytes: 0, depth: 1 } }
    }

    /// Returns whether this is a map whose next part is a key.
    pub(crate) fn wants_key(&self) -> bool {
        matches!(&self.content, Content::Map { map, .. } if map.key.is_none())
    }

    pub(crate) fn is_flow(&self) -> bool {
        self.content.is_flow()
    }

    /// Returns where the key ends whose value comes next.
    pub(crate) fn pending_key_end(&self) -> Option<usize> {
        match &self.content {
            Content::Map { map, .. } => Some(map.key.as_ref()?.span().end as usize),
            Content::List { .. } => None,
        }
    }

    /// Returns where the last item of a block list ends, or where the list starts.
    pub(crate) fn reached(&self) -> Option<usize> {
        match &self.content {
            Content::List { flow: false, items } if items.is_empty() => Some(self.start),
            Content::List { flow: false, .. } => Some(self.end),
            _ => None,
        }
    }

    pub(crate) fn merge_key(&mut self, span: Span, errors: &mut Vec<Error>) {
        if let Content::Map { flow, map } = &mut self.content {
            if !*flow && map.is_fresh() {
                self.start = span.start as usize;
            }
            map.merge_key(span, errors);
        }
    }

    pub(crate) fn attach(&mut self, node: Node, size: Size, errors: &mut Vec<Error>) {
        self.size.nodes += size.nodes;
        self.size.bytes += size.bytes;
        self.size.depth = self.size.depth.max(size.depth + 1);
        self.end = self.end.max(node.span.end as usize);
        match &mut self.content {
            Content::List { items, .. } => items.push(node),
            Content::Map { flow, map } => {
                if map.key.is_some() {
                    return map.value(node, errors);
                }
                if !*flow && map.is_fresh() {
                    self.start = node.span.start as usize;
                }
                map.key(&node, errors);
            }
        }
    }

    /// Makes the node; `end` is where the closing bracket of a flow map or list ends.
    pub(crate) fn close(self, source: Source<'_>, end: usize) -> (Node, Size) {
        let end = if self.content.is_flow() { end } else { self.end };
        let span = source.span(self.start, end);
        let value = match self.content {
            Content::List { items, .. } => Value::Sequence(items),
            Content::Map { map, .. } => Value::Mapping(map.close()),
        };
        (Node::new(span, value), self.size)
    }
}

/// The key whose value comes next.
enum Key {
    Name(String, Span),
    /// `<<`.
    Merge(Span),
    /// Refused: the value is read and dropped.
    Refused(Span),
}

impl Key {
    fn span(&self) -> Span {
        match self {
            Self::Name(_, span) | Self::Merge(span) | Self::Refused(span) => *span,
        }
    }
}

#[derive(Default)]
pub(crate) struct OpenMap {
    entries: Vec<Entry>,
    /// The keys and their places, once there are more than a few.
    places: HashMap<String, Span>,
    key: Option<Key>,
    started: bool,
    merge: Option<Merge>,
}

/// The value of `<<`.
struct Merge {
    key_span: Span,
    /// Among the entries, where it stands.
    place: usize,
    maps: Vec<Mapping>,
}

impl OpenMap {
    fn is_fresh(&self) -> bool {
        !self.started
    }

    fn key(&mut self, node: &Node, errors: &mut Vec<Error>) {
        self.started = true;
        let Some(name) = key::text(&node.value) else {
            errors.push(Error::new(ErrorKind::KeyNotScalar, node.span));
            self.key = Some(Key::Refused(node.span));
            return;
        };
        self.key = Some(match self.place_of(&name) {
            Some(first) => {
                errors.push(duplicate(name, node.span, first));
                Key::Refused(node.span)
            }
            None => Key::Name(name, node.span),
        });
    }

    fn merge_key(&mut self, span: Span, errors: &mut Vec<Error>) {
        self.started = true;
        self.key = Some(match &self.merge {
            Some(first) => {
                errors.push(duplicate("<<".to_owned(), span, first.key_span));
                Key::Refused(span)
            }
            None => Key::Merge(span),
        });
    }

    fn place_of(&self, name: &str) -> Option<Span> {
        if self.places.is_empty() {
            let same = |entry: &&Entry| entry.key == name;
            return self.entries.iter().find(same).map(|entry| entry.key_span);
        }
        self.places.get(name).copied()
    }

    fn value(&mut self, node: Node, errors: &mut Vec<Error>) {
        match self.key.take() {
            Some(Key::Name(name, key_span)) => self.push(Entry::new(name, key_span, node)),
            Some(Key::Merge(key_span)) => {
                let place = self.entries.len();
                match maps_of(node) {
                    Ok(maps) => {
                        self.merge = Some(Merge { key_span, place, maps });
                    }
                    Err(span) => {
                        let words = "the merge key `<<` takes a map or a list of maps".to_owned();
                        errors.push(Error::new(ErrorKind::Syntax(words), span));
                    }
                }
            }
            Some(Key::Refused(_)) | None => {}
        }
    }

    fn push(&mut self, entry: Entry) {
        if !self.places.is_empty() {
            self.places.insert(entry.key.clone(), entry.key_span);
        }
        self.entries.push(entry);
        if self.places.is_empty() && self.entries.len() > FEW_KEYS {
            let places = self.entries.iter().map(|entry| (entry.key.clone(), entry.key_span));
            self.places = places.collect();
        }
    }

    /// Applies the merge key: the map's own keys win, then earlier maps before later ones.
    fn close(mut self) -> Mapping {
        let Some(merge) = self.merge.take() else {
            return Mapping::from_unique(self.entries);
        };
        let mut rest = self.entries.split_off(merge.place);
        let own = self.entries.iter().chain(&rest);
        let mut taken: std::collections::HashSet<String> = own.map(|entry| entry.key.clone()).collect();
        for entry in merge.maps.into_iter().flatten() {
            if taken.insert(entry.key.clone()) {
                self.entries.push(entry);
            }
        }
        self.entries.append(&mut rest);
        Mapping::from_unique(self.entries)
    }
}

fn maps_of(node: Node) -> Result<Vec<Mapping>, Span> {
    match node.value {
        Value::Mapping(mapping) => Ok(vec![mapping]),
        Value::Sequence(items) => items
            .into_iter()
            .map(|item| match item.value {
                Value::Mapping(mapping) => Ok(mapping),
                _ => Err(item.span),
            })
            .collect(),
        _ => Err(node.span),
    }
}

fn duplicate(name: String, span: Span, first: Span) -> Error {
    Error { kind: ErrorKind::DuplicateKey(name), span, related: Some((first, "first here")) }
}
