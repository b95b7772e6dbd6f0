//! The deprecated forms of Score v1b1, turned into today's.
//!
//! Source: score-go `schema.ApplyCommonUpgradeTransforms`. There the last of two equal targets wins silently; here they
//! are an error.

use std::collections::BTreeMap;

use macadam_yaml::{Entry, Mapping, Node, Span, Value};

use crate::model::{Code, Finding};

/// Upgrades every container of a Score file or overlay, with a warning for each change.
pub(super) fn upgrade(tree: &mut Node, findings: &mut Vec<Finding>) {
    let Some(containers) = tree.get_mut("containers").and_then(Node::as_mapping_mut) else { return };
    for container in containers.iter_mut() {
        let Some(container) = container.value.as_mapping_mut() else { continue };
        for key in ["files", "volumes"] {
            if let Some(list) = container.iter_mut().find(|entry| entry.key == key) {
                upgrade_list(list, findings);
            }
        }
    }
}

/// Turns a list whose items have a `target` into a map by target.
fn upgrade_list(list: &mut Entry, findings: &mut Vec<Finding>) {
    let Some(items) = list.value.as_sequence_mut() else { return };
    findings.push(deprecated(
        list.key_span,
        format!("`{}` as a list is deprecated", list.key),
        "write a map by target path",
    ));
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    let mut entries = Vec::with_capacity(items.len());
    for item in std::mem::take(items) {
        let Some(entry) = upgrade_item(item, findings) else { continue };
        if let Some(first) = places.get(&entry.key) {
            findings.push(
                Finding::new(Code::DuplicateTarget, format!("two of `{}` have the same target", list.key))
                    .at(entry.key_span, "")
                    .also(*first, "the first one"),
            );
        } else {
            places.insert(entry.key.clone(), entry.key_span);
            entries.push(entry);
        }
    }
    list.value = Node::mapping(list.value.span, Mapping::from(entries));
}

fn upgrade_item(item: Node, findings: &mut Vec<Finding>) -> Option<Entry> {
    let span = item.span;
    let Value::Mapping(mut map) = item.value else {
        findings.push(Finding::new(Code::WrongType, "an entry of a list form is a map").at(span, ""));
        return None;
    };
    let Some(target) = map.remove("target") else {
        let first = map.iter().next().map_or(span, |entry| entry.key_span);
        findings.push(Finding::new(Code::MissingField, "missing `target`").at(first, ""));
        return None;
    };
    let Some(path) = target.value.as_str() else {
        let finding = Finding::new(Code::WrongType, "`target`: expected a string").at(target.value.span, "");
        findings.push(finding.help("put quotes round the value"));
        return None;
    };
    let (path, path_span) = (path.to_owned(), target.value.span);
    join_lines(&mut map, findings);
    rename_read_only(&mut map, findings);
    Some(Entry::new(path, path_span, Node::mapping(span, map)))
}

/// Joins `content` that is written as a list of lines.
fn join_lines(map: &mut Mapping, findings: &mut Vec<Finding>) {
    let Some(content) = map.iter_mut().find(|entry| entry.key == "content") else { return };
    let Some(lines) = content.value.as_sequence() else { return };
    let Some(lines) = lines.iter().map(Node::as_str).collect::<Option<Vec<_>>>() else { return };
    content.value = Node::string(content.value.span, lines.join("\n"));
    findings.push(deprecated(
        content.key_span,
        "`content` as a list of lines is deprecated".into(),
        "write a block: `content: |`",
    ));
}

fn rename_read_only(map: &mut Mapping, findings: &mut Vec<Finding>) {
    if map.contains_key("readOnly") {
        return;
    }
    if let Some(entry) = map.iter_mut().find(|entry| entry.key == "read_only") {
        entry.key = "readOnly".into();
        findings.push(deprecated(entry.key_span, "`read_only` is deprecated".into(), "write `readOnly`"));
    }
}

fn deprecated(span: Span, message: String, help: &str) -> Finding {
    Finding::new(Code::DeprecatedForm, message).at(span, "").help(help)
}
