//! Typed looks at a tree that a schema was held against: what has the wrong type is as good as absent.

use macadam_yaml::{Entry, Node};

use crate::model::Spanned;

/// The string under a key.
pub(super) fn string(node: &Node, key: &str) -> Option<Spanned<String>> {
    spanned(node.get(key)?)
}

/// A string and its place.
pub(super) fn spanned(node: &Node) -> Option<Spanned<String>> {
    node.as_str().map(|text| Spanned::new(text.to_owned(), node.span))
}

/// The text under a key.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

/// The strings of a list under a key.
pub(super) fn strings(node: &Node, key: &str) -> Option<Vec<Spanned<String>>> {
    Some(node.get(key)?.as_sequence()?.iter().filter_map(spanned).collect())
}

/// The texts of a list under a key.
pub(super) fn texts(node: &Node, key: &str) -> Option<Vec<String>> {
    let items = node.get(key)?.as_sequence()?;
    Some(items.iter().filter_map(Node::as_str).map(str::to_owned).collect())
}

/// The boolean under a key.
pub(super) fn flag(node: &Node, key: &str) -> Option<bool> {
    node.get(key)?.as_bool()
}

/// The map under a key.
pub(super) fn map(node: &Node, key: &str) -> Option<Node> {
    node.get(key).filter(|node| node.as_mapping().is_some()).cloned()
}

/// The entries of the map under a key, in order.
pub(super) fn entries<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = &'a Entry> + use<'a> {
    node.get(key).and_then(Node::as_mapping).into_iter().flatten()
}

/// The items of the list under a key.
pub(super) fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_sequence).unwrap_or_default()
}

/// The string entries of the map under a key, in the type asked for.
pub(super) fn labels<C: FromIterator<(String, String)>>(node: &Node, key: &str) -> C {
    let pair = |entry: &Entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()));
    entries(node, key).filter_map(pair).collect()
}
