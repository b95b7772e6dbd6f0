//! What templates see: the root of the context for each kind of instance.
//!
//! Keys are camel case. `docs/templates.md` describes them all; nothing else is reachable from a template.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::lower::{
    Blocks, Pairs, kept, object_labels, recommended_labels, resource_labels, resource_selector,
};
use crate::{
    engine::Context,
    model::{
        InstanceInput, LinkTarget, Package, PackageKind, Port, Provision, Quantities, Requests,
        ResolvedResource, Summary, UnitInput, WideInput,
    },
    parse::json,
};

/// What every template of an instance sees.
pub(super) fn shared(input: &InstanceInput) -> Context {
    let environment = &input.environment;
    let cluster = &input.cluster;
    let after = environment.after.as_ref().map(|name| name.value.as_str());
    let server = cluster.server.as_ref().map(|server| server.value.as_str());
    Context::map([
        (
            "environment",
            Context::new(json!({
                "name": environment.name.value,
                "kubernetesVersion": environment.kubernetes_version.value,
                "secrets": environment.secrets,
                "protected": environment.protected,
                "after": after,
                "variables": json::value(&environment.variables),
            })),
        ),
        (
            "cluster",
            Context::new(json!({
                "name": cluster.name.value, "server": server, "region": cluster.region, "labels": cluster.labels,
            })),
        ),
        ("platform", Context::new(json!({ "name": input.platform }))),
        ("namespace", Context::new(&input.namespace)),
    ])
}

/// What a golden path's templates see.
pub(super) fn unit(unit: &UnitInput, blocks: &Blocks, shared: &Context) -> Context {
    let resources: BTreeMap<&String, ResourceView<'_>> =
        unit.resources.iter().map(|(key, resource)| (key, ResourceView::new(resource))).collect();
    shared
        .with("workload", Context::new(workload(unit)))
        .with("params", Context::new(json::value(&unit.params.value)))
        .with("resources", Context::new(resources))
        .with("kubernetes", Context::new(blocks))
        .with("package", package(&unit.package))
}

/// What a provisioner's templates see.
pub(super) fn provision(provision: &Provision, input: &InstanceInput, shared: &Context) -> Context {
    let resource = &provision.resource;
    let id = &resource.id;
    let view = json!({
        "type": id.kind, "class": id.class, "id": id.name, "key": provision.key, "name": provision.name,
        "shared": id.shared, "metadata": provision.metadata.as_ref().map(json::value),
    });
    let workload = json!({
        "name": provision.workload, "owner": provision.owner, "service": provision.service,
        "ports": ports(&provision.ports),
    });
    let namespaces: BTreeSet<&String> =
        provision.consumers.iter().map(|consumer| &consumer.namespace).collect();
    shared
        .with("resource", Context::new(view))
        .with("params", Context::new(&resource.params))
        .with("outputs", Context::new(outputs(resource)))
        .with("workload", Context::new(workload))
        .with("consumers", Context::new(consumers(provision)))
        .with("namespaces", Context::new(namespaces))
        .with("target", Context::new(resource.target.as_ref().map(target)))
        .with("kubernetes", Context::new(resource_blocks(provision, input)))
        .with("package", package(&provision.package))
}

/// What a wide package's templates see, however often they are rendered.
pub(super) fn wide(wide: &WideInput, input: &InstanceInput, shared: &Context) -> Context {
    let name = &wide.package.name.value;
    let labels = object_labels(name, wide.owner.as_deref(), None, input);
    let part_of = recommended_labels(name, input).remove("app.kubernetes.io/part-of");
    shared
        .with("owner", Context::new(&wide.owner))
        .with("params", Context::new(json::value(&wide.params.value)))
        .with("kubernetes", Context::new(json!({ "labels": labels, "keep": kept(), "partOf": part_of })))
        .with("package", package(&wide.package))
}

/// One workload below a wide package.
pub(super) fn workload_item(summary: &Summary) -> Context {
    Context::new(SummaryView::new(summary))
}

/// Every link between workloads below a wide package, in order of the workload that talks.
pub(super) fn link_items(summaries: &[std::sync::Arc<Summary>]) -> Vec<Context> {
    let by_name: BTreeMap<&str, &Summary> =
        summaries.iter().map(|summary| (summary.name.as_str(), summary.as_ref())).collect();
    let links = summaries.iter().flat_map(|from| from.links.iter().map(move |link| (from, link)));
    links
        .map(|(from, link)| {
            let to = by_name.get(link.workload.as_str()).map(|summary| SummaryView::new(summary));
            Context::new(json!({
                "from": SummaryView::new(from), "to": to, "workload": link.workload, "resource": link.resource,
            }))
        })
        .collect()
}

/// What an aggregating template sees beyond the rest: all workloads, and the namespaces they run in.
pub(super) fn aggregate(summaries: &[std::sync::Arc<Summary>]) -> [(&'static str, Context); 2] {
    let workloads: Vec<SummaryView<'_>> = summaries.iter().map(|summary| SummaryView::new(summary)).collect();
    let mut namespaces: BTreeMap<&str, NamespaceView<'_>> = BTreeMap::new();
    for summary in summaries {
        let view = namespaces.entry(&summary.namespace).or_insert_with(|| NamespaceView {
            name: &summary.namespace,
            owners: BTreeSet::new(),
            security: "restricted",
        });
        view.owners.extend(summary.owner.as_deref());
        view.security = weaker(view.security, &summary.security);
    }
    let namespaces: Vec<_> = namespaces.into_values().collect();
    [("workloads", Context::new(workloads)), ("namespaces", Context::new(namespaces))]
}

#[derive(Serialize)]
struct NamespaceView<'a> {
    name: &'a str,
    owners: BTreeSet<&'a str>,
    /// The weakest Pod Security level in use.
    security: &'static str,
}

fn weaker(one: &'static str, other: &str) -> &'static str {
    match (one, other) {
        ("privileged", _) | (_, "privileged") => "privileged",
        ("restricted", "restricted") => "restricted",
        _ => "baseline",
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryView<'a> {
    name: &'a str,
    owner: Option<&'a str>,
    golden_path: &'a str,
    namespace: &'a str,
    service: &'a str,
    ports: Value,
    hosts: &'a [String],
    links: &'a [crate::model::Link],
    resources: Vec<Value>,
    security: &'a str,
    requests: Requests,
}

impl<'a> SummaryView<'a> {
    fn new(summary: &'a Summary) -> Self {
        Self {
            name: &summary.name,
            owner: summary.owner.as_deref(),
            golden_path: &summary.golden_path,
            namespace: &summary.namespace,
            service: &summary.service,
            ports: ports(&summary.ports),
            hosts: &summary.hosts,
            links: &summary.links,
            resources: summary
                .resources
                .iter()
                .map(|id| json!({ "type": id.kind, "class": id.class, "id": id.name, "shared": id.shared }))
                .collect(),
            security: &summary.security,
            requests: summary.requests,
        }
    }
}

#[derive(Serialize)]
struct ResourceView<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    class: &'a str,
    id: &'a str,
    params: &'a Value,
    outputs: Value,
    target: Option<Value>,
}

impl<'a> ResourceView<'a> {
    fn new(resource: &'a ResolvedResource) -> Self {
        Self {
            kind: &resource.id.kind,
            class: &resource.id.class,
            id: &resource.id.name,
            params: &resource.params,
            outputs: outputs(resource),
            target: resource.target.as_ref().map(target),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceBlocks {
    /// The default name of objects.
    name: String,
    labels: Pairs,
    selector: Pairs,
    pod_labels: Pairs,
    /// Annotations that keep deployers from removing an object.
    keep: Pairs,
}

fn resource_blocks(provision: &Provision, input: &InstanceInput) -> ResourceBlocks {
    let selector = resource_selector(provision);
    let mut pod_labels = recommended_labels(&provision.name, input);
    pod_labels.extend(selector.clone());
    ResourceBlocks {
        name: provision.name.clone(),
        labels: resource_labels(provision, input),
        selector,
        pod_labels,
        keep: kept(),
    }
}

/// The workload as its developer wrote it, without what is ours in `metadata`.
fn workload(unit: &UnitInput) -> Value {
    let workload = &unit.workload;
    let mut metadata = json::value(&workload.metadata);
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.shift_remove("platform");
    }
    let containers: Map<String, Value> = workload
        .containers
        .iter()
        .map(|(name, container)| {
            let image = unit.images.get(name).unwrap_or(&container.image.value);
            let variables: BTreeMap<_, _> =
                container.variables.iter().map(|(name, value)| (name, &value.value)).collect();
            let view = json!({
                "image": image, "command": container.command, "args": container.args, "variables": variables,
                "resources": { "requests": amounts(&container.requests), "limits": amounts(&container.limits) },
            });
            (name.clone(), view)
        })
        .collect();
    let resources: Map<String, Value> = workload
        .resources
        .iter()
        .map(|(key, resource)| {
            let view = json!({
                "type": resource.kind.value,
                "class": resource.class.as_ref().map_or("default", |class| &class.value),
                "id": resource.id.as_ref().map(|id| &id.value),
                "metadata": resource.metadata.as_ref().map(json::value),
                "params": resource.params.as_ref().map(json::value),
            });
            (key.clone(), view)
        })
        .collect();
    json!({
        "name": workload.name.value, "file": workload.path, "metadata": metadata,
        "annotations": workload.annotations, "owner": unit.summary.owner, "containers": containers,
        "ports": ports(&workload.public_ports()), "service": unit.summary.service, "resources": resources,
    })
}

fn amounts(quantities: &Quantities) -> Value {
    json!({
        "cpu": quantities.cpu.as_ref().map(|cpu| &cpu.value),
        "memory": quantities.memory.as_ref().map(|memory| &memory.value),
    })
}

fn outputs(resource: &ResolvedResource) -> Value {
    use crate::model::Output;
    let outputs = resource.outputs.iter().map(|(name, output)| {
        let view = match output {
            Output::Value(value) => value.clone(),
            Output::Secret { name, key, .. } => json!({ "secret": { "name": name, "key": key } }),
            Output::ConfigMap { name, key } => json!({ "configMap": { "name": name, "key": key } }),
        };
        (name.clone(), view)
    });
    Value::Object(outputs.collect())
}

fn consumers(provision: &Provision) -> Value {
    let consumers = provision.consumers.iter();
    consumers
        .map(|user| json!({ "workload": user.workload, "namespace": user.namespace, "owner": user.owner }))
        .collect()
}

/// Where a link leads.
pub(crate) fn target(target: &LinkTarget) -> Value {
    json!({
        "workload": target.workload, "namespace": target.namespace, "service": target.service,
        "host": target.host, "foreign": target.foreign, "ports": ports(&target.ports),
    })
}

/// Ports by name.
pub(crate) fn ports(ports: &IndexMap<String, Port>) -> Value {
    let view =
        |port: &Port| json!({ "port": port.port, "targetPort": port.target_port, "protocol": port.protocol });
    Value::Object(ports.iter().map(|(name, port)| (name.clone(), view(port))).collect())
}

fn package(package: &Package) -> Context {
    let kind = match &package.kind {
        PackageKind::GoldenPath => "GoldenPath",
        PackageKind::Component => "Component",
        PackageKind::Provisioner { .. } => "Provisioner",
        PackageKind::PlatformPackage { .. } => "PlatformPackage",
    };
    Context::new(json!({
        "name": package.name.value, "version": package.version.to_string(), "kind": kind,
    }))
}
