//! Violations, and the places they are found at.

use macadam_yaml::{Entry, Node, Span, Value};

/// One thing in a tree that does not satisfy a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The offending key or value.
    pub span: Span,
    /// Where it is in the document, such as `containers.main.command[0]`; empty for the document itself.
    pub path: String,
    /// What kind of thing is wrong.
    pub kind: ViolationKind,
    /// What is wrong; never holds the value.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The kinds of violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViolationKind {
    /// A key that the schema does not know.
    UnknownKey,
    /// A key that must be there.
    MissingKey,
    /// A value of another type.
    WrongType,
    /// A key of a map, or a name, that is not well formed.
    InvalidName,
    /// A value of the right type that is not allowed.
    InvalidValue,
}

/// A place in a tree.
pub(super) struct Place<'a> {
    /// The value.
    pub(super) value: Span,
    /// The value's key; for an item of a list and for the root, the first key of the value, else the value.
    pub(super) key: Span,
    /// The value, where the path leads to one.
    pub(super) node: Option<&'a Node>,
    /// Its path for people.
    pub(super) path: String,
}

impl<'a> Place<'a> {
    /// Follows a JSON pointer as far as it leads.
    pub(super) fn find(root: &'a Node, pointer: &str) -> Self {
        let mut place =
            Self { value: root.span, key: first_key(root), node: Some(root), path: String::new() };
        for segment in pointer.split('/').skip(1) {
            place.step(&segment.replace("~1", "/").replace("~0", "~"));
        }
        place
    }

    fn step(&mut self, segment: &str) {
        let next = match self.node.map(|node| &node.value) {
            Some(Value::Mapping(map)) => {
                self.path = joined(&self.path, segment);
                map.entry(segment).map(|entry| (&entry.value, entry.key_span))
            }
            Some(Value::Sequence(items)) => {
                self.path = format!("{}[{segment}]", self.path);
                let item = segment.parse::<usize>().ok().and_then(|index| items.get(index));
                item.map(|item| (item, first_key(item)))
            }
            _ => None,
        };
        self.node = next.map(|(node, _)| node);
        if let Some((node, key)) = next {
            self.value = node.span;
            self.key = key;
        }
    }

    /// The entry of a key, where this is a map that has it.
    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.node?.as_mapping()?.entry(key)
    }

    /// Whether values here may be secrets: they are never shown, in no form.
    pub(super) fn may_be_secret(&self) -> bool {
        ["variables", "params", "content", "binaryContent"]
            .iter()
            .any(|part| self.path.split('.').any(|step| step == *part))
    }

    /// The place in words, for messages: "`containers.main`" or "the file".
    pub(super) fn words(&self) -> String {
        if self.path.is_empty() { "the file".into() } else { format!("`{}`", self.path) }
    }
}

/// A path with one more key.
pub(super) fn joined(path: &str, key: &str) -> String {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/'));
    let shown = clipped(key);
    match (path.is_empty(), plain && !key.is_empty()) {
        (true, true) => shown,
        (false, true) => format!("{path}.{shown}"),
        (_, false) => format!("{path}[\"{shown}\"]"),
    }
}

/// A name of the user's, short enough for a message.
pub(super) fn clipped(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}..", &name[..end]),
        None => name.to_owned(),
    }
}

fn first_key(node: &Node) -> Span {
    node.as_mapping().and_then(|map| map.iter().next()).map_or(node.span, |entry| entry.key_span)
}
