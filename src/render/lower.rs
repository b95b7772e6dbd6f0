//! Score's containers, files, volumes, probes and ports become Kubernetes' own: building blocks that templates place.
//!
//! Nothing here writes an object that a golden path could want otherwise; what it must agree on with golden paths are a
//! few parameters (`docs/kubernetes-blocks.md`).

mod before;
mod files;
mod labels;
pub(crate) mod names;
mod ports;
mod probes;
mod quantities;
mod security;
mod settings;
mod text;
mod variables;
mod volumes;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

pub use labels::Pairs;
pub(crate) use labels::{
    object as object_labels, recommended as recommended_labels, resource_labels, resource_selector,
};
pub use settings::Replicas;
pub(crate) use volumes::kept;

use crate::model::{Code, Finding, InstanceInput, Node, Outcome, Requests, UnitInput};
use before::{Order, Role};
use names::{LABEL, Names, SUFFIXED};
use quantities::Amounts;
use settings::{Autoscaled, Settings};
pub(in crate::render) use text::{Resolver, port_list};

/// What a unit is made of, in Kubernetes' own terms: `kubernetes` in the context of a golden path's templates.
///
/// Lists of things with names are sorted by name, those that Kubernetes gives an order to by that order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocks {
    /// The workload's name: the default name of objects.
    pub name: String,
    /// What runs the pods, such as `Deployment`.
    pub kind: String,
    /// Labels of objects.
    pub labels: Pairs,
    /// Exactly what selects the pods.
    pub selector: Pairs,
    /// Annotations of the object that runs the pods.
    pub annotations: Pairs,
    /// Labels of pods.
    pub pod_labels: Pairs,
    /// Annotations of pods, a hash of the files included.
    pub pod_annotations: Pairs,
    /// The pod's `containers`.
    pub containers: Vec<Value>,
    /// The pod's `initContainers`, sidecars included.
    pub init_containers: Vec<Value>,
    /// The pod's `volumes`.
    pub volumes: Vec<Value>,
    /// A StatefulSet's `volumeClaimTemplates`.
    pub volume_claim_templates: Vec<Value>,
    /// PersistentVolumeClaims, whole objects; for what is no StatefulSet.
    pub claims: Vec<Value>,
    /// ConfigMaps with the files, whole objects.
    pub config_maps: Vec<Value>,
    /// The name of the Service.
    pub service: String,
    /// The Service's `ports`.
    pub service_ports: Vec<Value>,
    /// The name of the ServiceAccount.
    pub service_account_name: String,
    /// The Pod Security level: `restricted`, `baseline` or `privileged`.
    pub security: &'static str,
    /// The pod's `securityContext`.
    pub pod_security_context: Value,
    /// Whether the old pod must be gone before the new one starts, because they cannot share a volume.
    pub recreate: bool,
    /// How many pods run at least and at most.
    pub replicas: Replicas,
    /// Whether something scales the workload, so that `spec.replicas` is left out.
    pub autoscaled: bool,
    /// What one pod asks for: sums over its containers.
    pub requests: Requests,
}

/// Lowers a workload.
///
/// Goes on after each finding. Finds `lower/*`, `plan/unknown-output`, `plan/unsafe-url`, `plan/undeclared-port`,
/// `plan/name-too-long`.
pub fn lower(unit: &UnitInput, input: &InstanceInput) -> Outcome<Blocks> {
    let mut findings = Vec::new();
    let settings = Settings::read(unit, input);
    let resolver = Resolver { unit };
    let name = &unit.workload.name.value;
    let owner = unit.summary.owner.as_deref();
    let labels = labels::object(name, owner, Some(&unit.package.name.value), input);
    let mut names = Names::default();
    let order = before::order(&unit.workload, &settings, &mut findings);
    let storage = volumes::lower(unit, &settings, &labels, &mut names, &mut findings);
    let files = files::lower(unit, resolver, &labels, &mut names, &mut findings);
    let service_ports = ports::service_ports(&unit.workload, &mut findings);
    let parts = Parts {
        unit,
        settings: &settings,
        ports: ports::container_ports(&unit.workload, &order),
        mounts: join(files.mounts, storage.mounts),
    };
    let (containers, init_containers) = parts.containers(&order, resolver, &mut findings);
    check_name(unit, &settings, &mut findings);
    check_annotations(unit, &mut findings);
    check_scaling(unit, &settings, &order, &mut findings);
    let annotations = labels::annotations(&unit.workload);
    let blocks = Blocks {
        name: name.clone(),
        kind: settings.kind.clone(),
        selector: labels::selector(name),
        pod_labels: recommended_labels(name, input),
        pod_annotations: pod_annotations(&annotations, files.hash),
        annotations: reloaded(annotations, &settings),
        labels,
        containers,
        init_containers,
        volumes: by_name(files.volumes.into_iter().chain(storage.volumes)),
        volume_claim_templates: storage.templates,
        claims: storage.claims,
        config_maps: files.config_maps,
        service: unit.summary.service.clone(),
        service_ports,
        service_account_name: name.clone(),
        security: settings.security.name(),
        pod_security_context: security::pod(&settings),
        recreate: storage.exclusive,
        replicas: settings.replicas,
        autoscaled: settings.autoscaled != Autoscaled::No,
        requests: unit.summary.requests,
    };
    Outcome::new(blocks, findings)
}

/// What containers are made of.
struct Parts<'a> {
    unit: &'a UnitInput,
    settings: &'a Settings,
    ports: BTreeMap<String, Vec<Value>>,
    mounts: BTreeMap<String, Vec<Value>>,
}

impl Parts<'_> {
    fn containers(
        &self,
        order: &Order<'_>,
        resolver: Resolver<'_>,
        findings: &mut Vec<Finding>,
    ) -> (Vec<Value>, Vec<Value>) {
        let first =
            order.first.iter().filter_map(|(name, role)| self.container(name, *role, resolver, findings));
        let first = first.collect();
        let main = order.main.iter().filter_map(|name| self.container(name, Role::Main, resolver, findings));
        (main.collect(), first)
    }

    fn container(
        &self,
        name: &str,
        role: Role,
        resolver: Resolver<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Value> {
        let container = self.unit.workload.containers.get(name)?;
        let image = self.unit.images.get(name).map_or(container.image.value.as_str(), String::as_str);
        if image.trim() != image {
            let message = "an image's name neither begins nor ends with a space";
            findings.push(Finding::new(Code::Unsupported, message).at(container.image.span, ""));
        }
        probes::check(container, findings);
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("name", name.into());
        put("image", image.into());
        put("imagePullPolicy", pull_policy(image).into());
        if matches!(role, Role::Sidecar | Role::HealthySidecar) {
            put("restartPolicy", "Always".into());
        }
        for (key, words) in [("command", &container.command), ("args", &container.args)] {
            if let Some(words) = words {
                put(key, words.clone().into());
            }
        }
        for (key, list) in [
            ("ports", self.ports.get(name).cloned().unwrap_or_default()),
            ("env", variables::env(container, resolver, self.settings, findings)),
            ("volumeMounts", self.mounts.get(name).cloned().unwrap_or_default()),
        ] {
            if !list.is_empty() {
                put(key, list.into());
            }
        }
        if let Some(resources) = Amounts::read(container, &self.settings.defaults).object() {
            put("resources", resources);
        }
        if let Some(context) = security::container(self.settings) {
            put("securityContext", context);
        }
        probes::place(container, role, self.settings.probes, &mut object);
        Some(Value::Object(object))
    }
}

/// What Kubernetes would choose for a new object. Written out, because it does not choose again when the tag changes.
fn pull_policy(image: &str) -> &'static str {
    let name = image.rsplit('/').next().unwrap_or(image);
    match (image.contains('@'), name.split_once(':')) {
        (true, _) => "IfNotPresent",
        (false, Some((_, tag))) if tag != "latest" => "IfNotPresent",
        _ => "Always",
    }
}

fn pod_annotations(annotations: &Pairs, hash: Option<String>) -> Pairs {
    let mut annotations = annotations.clone();
    if let Some(hash) = hash {
        annotations.insert(labels::own_key("files-sha256"), hash);
    }
    annotations
}

fn reloaded(mut annotations: Pairs, settings: &Settings) -> Pairs {
    if settings.reload {
        annotations.insert("secret.reloader.stakater.com/auto".to_owned(), "true".to_owned());
    }
    annotations
}

fn check_name(unit: &UnitInput, settings: &Settings, findings: &mut Vec<Finding>) {
    let name = &unit.workload.name;
    let max = if ["StatefulSet", "CronJob"].contains(&settings.kind.as_str()) { SUFFIXED } else { LABEL };
    if name.value.len() > max {
        let message = format!(
            "`{}` has {} characters; a {} has at most {max}",
            name.value,
            name.value.len(),
            settings.kind
        );
        findings.push(Finding::new(Code::NameTooLong, message).at(name.span, ""));
    }
}

/// What score-k8s reads from annotations, we read from parameters: whoever relied on it must know.
fn check_annotations(unit: &UnitInput, findings: &mut Vec<Finding>) {
    for (annotation, instead) in [
        ("k8s.score.dev/kind", "`metadata: { platform: { params: { kind: .. } } }`"),
        ("k8s.score.dev/service-name", "the Service has the workload's name"),
    ] {
        if unit.workload.annotations.contains_key(annotation) {
            let name = unit.workload.metadata.get("annotations");
            let entry = name.and_then(Node::as_mapping).and_then(|annotations| annotations.entry(annotation));
            let span = entry.map_or(unit.workload.name.span, |entry| entry.key_span);
            let message = format!("annotation `{annotation}` has no effect here");
            findings.push(Finding::new(Code::ForeignAnnotation, message).at(span, "").help(instead));
        }
    }
}

/// An autoscaler has one target and one master, and compares CPU use with what every container asked for.
fn check_scaling(unit: &UnitInput, settings: &Settings, order: &Order<'_>, findings: &mut Vec<Finding>) {
    let name = &unit.workload.name;
    if settings.autoscaled == Autoscaled::No {
        return;
    }
    let Replicas { minimum, maximum } = settings.replicas;
    if minimum > maximum {
        let message = format!("at least {minimum} and at most {maximum} replicas cannot both hold");
        let help = "`minReplicas` (the parameter `replicas` where absent) is at most `maxReplicas`";
        findings.push(Finding::new(Code::Unsupported, message).at(name.span, "").help(help));
    }
    if let Autoscaled::Resource { key, kind, twice } = &settings.autoscaled {
        let span = unit.workload.resources.get(key).map_or(name.span, |resource| resource.span);
        let scaled = kind.as_deref().unwrap_or("Deployment");
        if *twice {
            let message = format!("both resource `{key}` and the parameter `autoscaling` scale the workload");
            findings.push(Finding::new(Code::Unsupported, message).at(span, ""));
        }
        if scaled != settings.kind {
            let message =
                format!("resource `{key}` scales a {scaled}, but the workload is a {}", settings.kind);
            let help = format!("`params: {{ kind: {} }}`", settings.kind);
            findings.push(Finding::new(Code::Unsupported, message).at(span, "").help(help));
        }
    } else if !["Deployment", "StatefulSet"].contains(&settings.kind.as_str()) {
        let message = format!("a {} cannot be scaled", settings.kind);
        findings.push(Finding::new(Code::Unsupported, message).at(name.span, ""));
    }
    for container in order.main.iter().filter_map(|name| unit.workload.containers.get(*name)) {
        if !Amounts::read(container, &settings.defaults).has_cpu() {
            let message =
                "the workload is scaled by CPU use, but this container does not say what CPU it asks for";
            let help = "`resources: { requests: { cpu: .. } }`";
            findings.push(Finding::new(Code::Unsupported, message).at(container.span, "").help(help));
        }
    }
}

fn join(
    mut left: BTreeMap<String, Vec<Value>>,
    right: BTreeMap<String, Vec<Value>>,
) -> BTreeMap<String, Vec<Value>> {
    for (name, values) in right {
        left.entry(name).or_default().extend(values);
    }
    left
}

fn by_name(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.collect();
    values.sort_by(|left, right| left["name"].as_str().cmp(&right["name"].as_str()));
    values
}

#[cfg(test)]
mod tests;
