//! From the engine's values to trees and JSON.

use std::borrow::Cow;

use macadam_yaml::{Entry, Mapping, Node, Number, Span, Value as Tree};
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};

use super::complaint::Complaint;
use super::context::{ROOT, Root};
use super::hole::{MAX_BYTES, Table, has_marks};

const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 100_000;

/// Whether a text was put together of tokens, rather than being data with the same characters.
///
/// Captured blocks and macro results are safe strings, and theirs are tokens. Any other string got them through `~` or
/// the like, unless the data of this render holds such characters itself: then it is left alone.
pub(super) fn holds_tokens(state: &State<'_, '_>, value: &Value, text: &str) -> bool {
    has_marks(text) && (value.is_safe() || !data_is_marked(state))
}

fn data_is_marked(state: &State<'_, '_>) -> bool {
    let root = state.lookup(ROOT);
    root.as_ref().and_then(Value::downcast_object_ref::<Root>).is_none_or(Root::is_marked)
}

/// The text of a string, with what its tokens stand for.
pub(super) fn text<'v>(state: &State<'_, '_>, value: &'v Value) -> Result<Cow<'v, str>, Error> {
    let text = value.as_str().unwrap_or_default();
    if !holds_tokens(state, value, text) {
        return Ok(Cow::Borrowed(text));
    }
    let empty = Table::default();
    let table = state.get_extension::<Table>().unwrap_or(&empty);
    Ok(Cow::Owned(table.expand(text)?))
}

/// Makes a tree of a value. Its places are empty.
pub(super) fn tree(state: &State<'_, '_>, value: &Value) -> Result<Node, Error> {
    let mut builder = Builder { state, nodes: 0, bytes: 0 };
    builder.node(value, 0)
}

struct Builder<'a, 't, 'e> {
    state: &'a State<'t, 'e>,
    nodes: usize,
    bytes: usize,
}

impl Builder<'_, '_, '_> {
    fn node(&mut self, value: &Value, depth: usize) -> Result<Node, Error> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES || self.bytes > MAX_BYTES {
            return Err(Complaint::limit("a structure is too large or too deep to be placed").into());
        }
        let value = match value.kind() {
            ValueKind::None => Tree::Null,
            ValueKind::Bool => Tree::Bool(value.is_true()),
            ValueKind::Number => Tree::Number(number(value)?),
            ValueKind::String => Tree::String(self.string(value)?),
            ValueKind::Seq | ValueKind::Iterable => self.sequence(value, depth)?,
            ValueKind::Map => self.mapping(value, depth)?,
            _ => return Err(unprintable(value).into()),
        };
        Ok(Node::new(Span::default(), value))
    }

    fn string(&mut self, value: &Value) -> Result<String, Error> {
        let text = text(self.state, value)?.into_owned();
        self.bytes += text.len();
        Ok(text)
    }

    fn sequence(&mut self, value: &Value, depth: usize) -> Result<Tree, Error> {
        let mut items = Vec::new();
        for item in value.try_iter()?.checked() {
            items.push(self.node(&item?, depth + 1)?);
        }
        Ok(Tree::Sequence(items))
    }

    fn mapping(&mut self, value: &Value, depth: usize) -> Result<Tree, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut spelled = false;
        for key in value.try_iter()?.checked() {
            let key = key?;
            let inner = value.get_item(&key)?;
            spelled |= key.kind() != ValueKind::String || has_marks(key.as_str().unwrap_or_default());
            let name = self.key(&key)?;
            entries.push(Entry::new(name, Span::default(), self.node(&inner, depth + 1)?));
        }
        let count = entries.len();
        let mapping = mapping(entries);
        if spelled && mapping.len() != count {
            return Err(Complaint::new("a map has two keys that are equal as text").into());
        }
        Ok(Tree::Mapping(mapping))
    }

    fn key(&mut self, key: &Value) -> Result<String, Error> {
        match key.kind() {
            ValueKind::String => self.string(key),
            ValueKind::Number => Ok(number(key)?.to_string()),
            ValueKind::Bool => Ok(key.is_true().to_string()),
            _ => Err(Complaint::new(format!("a {} cannot be a key", kind_name(key))).into()),
        }
    }
}

/// A map of entries; small ones, which are most, without an index.
fn mapping(entries: Vec<Entry>) -> Mapping {
    if entries.len() > 16 {
        return Mapping::from(entries);
    }
    let mut mapping = Mapping::new();
    for entry in entries {
        mapping.insert(entry);
    }
    mapping
}

/// A number of the tree's kind.
pub(super) fn number(value: &Value) -> Result<Number, Error> {
    let too_large = || Error::from(Complaint::new("a number is too large, or is not a number"));
    if value.is_integer() {
        if let Some(number) = value.as_i64() {
            return Ok(Number::Int(number));
        }
        return u64::try_from(value.clone()).map(Number::UInt).map_err(|_| too_large());
    }
    match f64::try_from(value.clone()) {
        Ok(number) if number.is_finite() => Ok(Number::Float(number)),
        _ => Err(too_large()),
    }
}

/// Why a value cannot be printed or placed.
pub(super) fn unprintable(value: &Value) -> Complaint {
    let complaint = Complaint::new(format!("a {} cannot be printed", kind_name(value)));
    match value.kind() {
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => {
            complaint.help("place a structure with `| to_yaml`, or print it as text with `| to_json`")
        }
        ValueKind::Plain => complaint.help("is it a macro or function that should be called?"),
        _ => complaint,
    }
}

/// The kind of a value, in the words of our messages.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "undefined value",
        ValueKind::None => "null",
        ValueKind::Bool => "boolean",
        ValueKind::Number => "number",
        ValueKind::String => "string",
        ValueKind::Bytes => "binary value",
        ValueKind::Seq | ValueKind::Iterable => "list",
        ValueKind::Map => "map",
        _ => "function",
    }
}

/// The JSON of a tree.
pub(super) fn json(node: Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match node.value {
        Tree::Null => Json::Null,
        Tree::Bool(value) => Json::Bool(value),
        Tree::Number(Number::Int(value)) => Json::from(value),
        Tree::Number(Number::UInt(value)) => Json::from(value),
        Tree::Number(Number::Float(value)) => Json::from(value),
        Tree::String(text) => Json::String(text),
        Tree::Sequence(items) => Json::Array(items.into_iter().map(json).collect()),
        Tree::Mapping(map) => {
            Json::Object(map.into_iter().map(|entry| (entry.key, json(entry.value))).collect())
        }
    }
}
