//! Labels and annotations.

use std::collections::BTreeMap;

use crate::{
    engine::dns_label,
    model::{InstanceInput, Provision, Workload},
};

/// Labels or annotations by key.
pub type Pairs = BTreeMap<String, String>;

/// The prefix of our own labels and annotations.
const OURS: &str = "macadam.dev";

/// What selects the pods of a workload, for ever.
pub(crate) fn selector(name: &str) -> Pairs {
    pairs([("app.kubernetes.io/name", name), ("app.kubernetes.io/instance", name)])
}

/// The recommended labels of an object that belongs to `name`.
pub(crate) fn recommended(name: &str, input: &InstanceInput) -> Pairs {
    let mut labels = selector(name);
    labels.insert("app.kubernetes.io/managed-by".to_owned(), "macadam".to_owned());
    labels.insert("app.kubernetes.io/part-of".to_owned(), label_value(&input.platform));
    labels
}

/// The labels of objects: never of selectors, pods or claim templates, where a change would replace something.
pub(crate) fn object(
    name: &str,
    owner: Option<&str>,
    golden_path: Option<&str>,
    input: &InstanceInput,
) -> Pairs {
    let mut labels = recommended(name, input);
    let environment = Some(input.environment.name.value.as_str());
    for (key, value) in [("owner", owner), ("environment", environment), ("golden-path", golden_path)] {
        if let Some(value) = value {
            labels.insert(format!("{OURS}/{key}"), label_value(value));
        }
    }
    labels
}

/// What selects the pods of a resource: its type, and its own name.
pub(crate) fn resource_selector(provision: &Provision) -> Pairs {
    pairs([
        ("app.kubernetes.io/name", &label_value(&provision.resource.id.kind.to_lowercase())),
        ("app.kubernetes.io/instance", &provision.name),
    ])
}

/// The labels of a resource's objects.
pub(crate) fn resource_labels(provision: &Provision, input: &InstanceInput) -> Pairs {
    let mut labels = object(&provision.name, provision.owner.as_deref(), None, input);
    labels.extend(resource_selector(provision));
    labels
}

/// What the developer wrote in `metadata.annotations`, without what is meant for another Score tool.
pub(super) fn annotations(workload: &Workload) -> Pairs {
    let foreign = |key: &str| key.starts_with("k8s.score.dev/") || key.starts_with("compose.score.dev/");
    workload
        .annotations
        .iter()
        .filter(|(key, _)| !foreign(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The key of one of our own annotations.
pub(super) fn own_key(name: &str) -> String {
    format!("{OURS}/{name}")
}

/// A label value as it is where Kubernetes accepts it, else the nearest DNS label.
fn label_value(text: &str) -> String {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let edges = [text.bytes().next(), text.bytes().next_back()];
    let fine = text.len() <= 63
        && text.bytes().all(inner)
        && edges.iter().all(|edge| edge.is_some_and(|byte| byte.is_ascii_alphanumeric()));
    if fine { text.to_owned() } else { dns_label(text, 63) }
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Pairs {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
