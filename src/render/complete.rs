//! Names that depend on content: a Job's pod template cannot change, so another one needs another name.

use crate::{
    engine::{dns_label, short_hash},
    model::Node,
};

/// Gives a Job with `generateName` the name that it will always have with this pod template.
///
/// The API server would make up a name on each apply, which GitOps tools cannot follow.
pub(super) fn name(document: &mut Node) {
    let is = |key: &str, value: &str| document.get(key).and_then(Node::as_str) == Some(value);
    if !is("kind", "Job") || !is("apiVersion", "batch/v1") {
        return;
    }
    let Some(template) = document.get("spec").and_then(|spec| spec.get("template")) else { return };
    let hash = short_hash(&canonical(template), 4);
    let Some(metadata) = document.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    if metadata.contains_key("name") {
        return;
    }
    let Some(mut entry) = metadata.remove("generateName") else { return };
    if let Some(prefix) = entry.value.as_str() {
        let prefix = dns_label(prefix, 63 - 1 - hash.len());
        entry.key = "name".to_owned();
        entry.value = Node::string(entry.value.span, format!("{prefix}-{hash}"));
        metadata.insert(entry);
    }
}

/// The text of a value in which neither the order of keys nor the place counts.
fn canonical(node: &Node) -> String {
    let mut sorted = node.clone();
    sort(&mut sorted);
    let mut text = String::new();
    macadam_yaml::write_json(&sorted, &mut text);
    text
}

fn sort(node: &mut Node) {
    if let Some(items) = node.as_sequence_mut() {
        items.iter_mut().for_each(sort);
    }
    if let Some(mapping) = node.as_mapping_mut() {
        mapping.sort_by_key();
        mapping.iter_mut().for_each(|entry| sort(&mut entry.value));
    }
}

#[cfg(test)]
mod tests {
    use macadam_yaml::{FileId, Limits, Resolution, parse};

    use super::*;

    fn job(template: &str, metadata: &str) -> String {
        let text = format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {metadata}\nspec: {{ template: {template} }}\n"
        );
        let mut node = parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default()).unwrap();
        name(&mut node);
        node.get("metadata")
            .unwrap()
            .get("name")
            .map(|name| name.as_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn a_job_is_named_after_its_pod_template() {
        let one = job("{ a: 1, b: 2 }", "{ generateName: backup- }");
        assert_eq!(one.len(), "backup-".len() + 8);
        assert_eq!(
            one,
            job("{ b: 2, a: 1 }", "{ generateName: backup- }"),
            "the order of keys does not count"
        );
        assert_ne!(one, job("{ a: 1, b: 3 }", "{ generateName: backup- }"));
        assert_eq!(job("{}", "{ name: own }"), "own");
        assert!(job("{}", &format!("{{ generateName: {}- }}", "x".repeat(70))).len() <= 63);
    }
}
