//! Elements of a workload that a golden path left out: they must be told of, never silently lost.

use std::collections::BTreeSet;

use serde_json::Value;

use super::lower::Blocks;
use crate::model::{Code, Finding, Node, Span, UnitInput};

/// The names that stand in rendered objects, by what they are.
#[derive(Debug, Default)]
struct Used<'a> {
    containers: BTreeSet<&'a str>,
    volumes: BTreeSet<&'a str>,
    config_maps: BTreeSet<&'a str>,
    claims: BTreeSet<&'a str>,
    ports: BTreeSet<&'a str>,
    /// Something that serves all ports of its containers, whatever they are called (Knative).
    serves_all: bool,
}

/// Finds each element of the workload that stands in none of the golden path's objects.
pub(super) fn check<'a>(
    blocks: &Blocks,
    documents: impl Iterator<Item = &'a Node>,
    unit: &UnitInput,
    findings: &mut Vec<Finding>,
) {
    let mut used = Used::default();
    for document in documents {
        used.document(document);
    }
    let mut told = |what: &str, place: &str, span: Span| {
        let path = &unit.package.name.value;
        let finding = Finding::new(Code::UnusedElement, format!("golden path `{path}` leaves out {what}"))
            .at(span, "")
            .also(unit.package.span(), "the golden path");
        findings.push(finding.help(format!("its templates place it with `kubernetes.{place}`")));
    };
    let whole = unit.workload.name.span;
    let lists = [(&blocks.containers, "containers"), (&blocks.init_containers, "initContainers")];
    for (containers, place) in lists {
        for name in names(containers).filter(|name| !used.containers.contains(name)) {
            let span = unit.workload.containers.get(name).map_or(whole, |container| container.span);
            told(&format!("container `{name}`"), place, span);
        }
    }
    for name in names(&blocks.volumes).filter(|name| !used.volumes.contains(name)) {
        told(&format!("volume `{name}`"), "volumes", whole);
    }
    for name in object_names(&blocks.volume_claim_templates).filter(|name| !used.volumes.contains(name)) {
        told(&format!("the claim of volume `{name}`"), "volumeClaimTemplates", whole);
    }
    for name in object_names(&blocks.claims).filter(|name| !used.claims.contains(name)) {
        told(&format!("the claim `{name}`"), "claims", whole);
    }
    for name in object_names(&blocks.config_maps).filter(|name| !used.config_maps.contains(name)) {
        told(&format!("the files in ConfigMap `{name}`"), "configMaps", whole);
    }
    for (name, port) in &unit.workload.ports {
        if !used.serves_all && !used.ports.contains(name.as_str()) {
            told(&format!("service port `{name}`"), "servicePorts", port.span);
        }
    }
}

impl<'a> Used<'a> {
    fn document(&mut self, document: &'a Node) {
        let text = |key: &str| document.get(key).and_then(Node::as_str).unwrap_or_default();
        let name = document.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
        match (text("kind"), text("apiVersion")) {
            ("ConfigMap", _) => self.config_maps.extend(name),
            ("PersistentVolumeClaim", _) => self.claims.extend(name),
            ("Service", "v1") => {
                let ports =
                    document.get("spec").and_then(|spec| spec.get("ports")).and_then(Node::as_sequence);
                self.ports.extend(ports.into_iter().flatten().filter_map(own_name));
            }
            ("Service", _) => self.serves_all = true,
            _ => {}
        }
        self.pod_specs(document);
    }

    /// Looks for pod specs wherever they stand: kinds that we never heard of have them too.
    fn pod_specs(&mut self, node: &'a Node) {
        for item in node.as_sequence().into_iter().flatten() {
            self.pod_specs(item);
        }
        for entry in node.as_mapping().into_iter().flatten() {
            let items = entry.value.as_sequence().into_iter().flatten();
            match entry.key.as_str() {
                "containers" | "initContainers" => self.containers.extend(items.filter_map(own_name)),
                "volumes" => self.volumes.extend(items.filter_map(own_name)),
                "volumeClaimTemplates" => {
                    self.volumes.extend(items.filter_map(|item| own_name(item.get("metadata")?)));
                }
                _ => {}
            }
            self.pod_specs(&entry.value);
        }
    }
}

fn own_name(node: &Node) -> Option<&str> {
    node.get("name").and_then(Node::as_str)
}

fn names(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(|value| value["name"].as_str())
}

fn object_names(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(|value| value["metadata"]["name"].as_str())
}
