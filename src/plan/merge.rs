//! Laying one tree over another: JSON Merge Patch (RFC 7386), where every node keeps its own place.

use macadam_yaml::{Entry, Mapping, Node, Value};

/// Lays `patch` over `base`: maps deeply, lists whole, `null` deletes.
///
/// Keys of the base keep their order, new ones come behind. Spans survive, so that each value still knows its file.
pub(crate) fn merge(base: &Node, patch: &Node) -> Node {
    let Some(over) = patch.as_mapping() else { return patch.clone() };
    let mut merged = base.as_mapping().cloned().unwrap_or_default();
    for entry in over.iter() {
        if entry.value.is_null() {
            merged.remove(&entry.key);
            continue;
        }
        let value = match merged.get(&entry.key) {
            Some(below) => merge(below, &entry.value),
            None => without_nulls(&entry.value),
        };
        put(&mut merged, Entry { key: entry.key.clone(), key_span: entry.key_span, value });
    }
    Node {
        span: if base.as_mapping().is_some() { base.span } else { patch.span },
        value: Value::Mapping(merged),
        ambiguous: false,
    }
}

/// Replaces the value of a key where it stands, or adds the key at the end.
pub(crate) fn put(mapping: &mut Mapping, entry: Entry) {
    mapping.insert(entry);
}

/// A patch that meets nothing: its `null`s have nothing to delete.
fn without_nulls(patch: &Node) -> Node {
    let Some(mapping) = patch.as_mapping() else { return patch.clone() };
    let entries = mapping
        .iter()
        .filter(|entry| !entry.value.is_null())
        .map(|entry| Entry { value: without_nulls(&entry.value), ..entry.clone() })
        .collect::<Vec<_>>();
    Node { span: patch.span, value: Value::Mapping(entries.into()), ambiguous: false }
}
