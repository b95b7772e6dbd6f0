//! Volumes of a pod: what they are, who mounts them where, and the claims behind them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    files::can_mount,
    labels::Pairs,
    names::{LABEL, Names},
    settings::Settings,
};
use crate::{
    engine::dns_label,
    model::{Code, ContainerVolume, Finding, Output, ResolvedResource, Spanned, UnitInput},
    parse::placeholder::{Segment, segments},
    validate::did_you_mean,
};

/// What a pod stores where.
#[derive(Debug, Default)]
pub(super) struct Storage {
    /// The pod's `volumes`.
    pub(super) volumes: Vec<Value>,
    /// PersistentVolumeClaims, whole objects; for what is no StatefulSet.
    pub(super) claims: Vec<Value>,
    /// A StatefulSet's `volumeClaimTemplates`.
    pub(super) templates: Vec<Value>,
    /// `volumeMounts` by container.
    pub(super) mounts: BTreeMap<String, Vec<Value>>,
    /// Whether a volume holds on to one node, so that the old pod must go before the new one comes.
    pub(super) exclusive: bool,
}

/// What a volume resource turned out to be.
enum Kind<'a> {
    /// A core `VolumeSource`.
    Source(&'a Map<String, Value>),
    /// The `spec` of a PersistentVolumeClaim.
    Claim(&'a Map<String, Value>),
}

/// Lowers the volumes of every container. Two containers that name one resource share one volume.
pub(super) fn lower(
    unit: &UnitInput,
    settings: &Settings,
    labels: &Pairs,
    names: &mut Names,
    findings: &mut Vec<Finding>,
) -> Storage {
    let mut storage = Storage::default();
    let mut placed: BTreeMap<&str, String> = BTreeMap::new();
    let mut containers: Vec<_> = unit.workload.containers.iter().collect();
    containers.sort_by_key(|(name, _)| *name);
    for (container, spec) in containers {
        let mut volumes: Vec<_> = spec.volumes.iter().collect();
        volumes.sort_by_key(|(target, _)| *target);
        for (target, volume) in volumes {
            let Some((key, resource)) = resource(unit, &volume.source, findings) else { continue };
            if !placed.contains_key(key) {
                let Some(kind) = kind(key, resource, volume, findings) else { continue };
                check_access(key, resource, &kind, volume, settings, findings);
                let name = names.give(key, &format!("volume/{key}"), LABEL);
                storage.place(unit, &name, key, kind, resource, settings, labels);
                placed.insert(key, name);
            }
            let Some(name) = placed.get(key) else { continue };
            if let Some(mount) = mount(target, name, volume, findings) {
                storage.mounts.entry(container.clone()).or_default().push(mount);
            }
        }
    }
    storage
}

impl Storage {
    #[expect(clippy::too_many_arguments, reason = "one call, all of them what a volume is made of")]
    fn place(
        &mut self,
        unit: &UnitInput,
        name: &str,
        key: &str,
        kind: Kind<'_>,
        resource: &ResolvedResource,
        settings: &Settings,
        labels: &Pairs,
    ) {
        let source = match kind {
            Kind::Source(source) => {
                self.exclusive |= source.contains_key("persistentVolumeClaim") && !many(resource, None);
                source.clone()
            }
            Kind::Claim(spec) if settings.kind == "StatefulSet" => {
                self.templates.push(json!({
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": name }, "spec": spec,
                }));
                return;
            }
            Kind::Claim(spec) => {
                let claim = dns_label(&format!("{}-{key}", unit.workload.name.value), LABEL);
                self.exclusive |= !many(resource, Some(spec));
                self.claims.push(json!({
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                    "metadata": { "name": claim, "labels": labels, "annotations": kept() },
                    "spec": spec,
                }));
                Map::from_iter([("persistentVolumeClaim".to_owned(), json!({ "claimName": claim }))])
            }
        };
        let mut volume = Map::from_iter([("name".to_owned(), name.into())]);
        volume.extend(source);
        self.volumes.push(Value::Object(volume));
    }
}

/// What keeps deployers from removing an object: Argo CD, on pruning and on deleting the Application; Flux, on both.
pub(crate) fn kept() -> Pairs {
    [
        ("argocd.argoproj.io/sync-options", "Prune=false,Delete=false"),
        ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

/// The resource that a volume's `source` names: `${resources.data}`, or just `data`.
fn resource<'a>(
    unit: &'a UnitInput,
    source: &Spanned<String>,
    findings: &mut Vec<Finding>,
) -> Option<(&'a str, &'a ResolvedResource)> {
    let segments = segments(&source.value);
    let key = match segments.as_slice() {
        [Segment::Reference { path, .. }] if path.len() == 2 && path[0] == "resources" => path[1].as_str(),
        [Segment::Literal(key)] => key.as_ref(),
        _ => {
            let finding = Finding::new(Code::InvalidVolume, "a volume's `source` names one resource");
            findings.push(finding.at(source.span, "").help("`${resources.<name>}`"));
            return None;
        }
    };
    let found = unit.resources.get_key_value(key);
    if found.is_none() {
        let finding = Finding::new(Code::InvalidVolume, format!("there is no resource `{key}`"));
        let near = did_you_mean(key, unit.resources.keys().map(String::as_str));
        findings.push(finding.at(source.span, "").maybe_help(near));
    }
    found.map(|(key, resource)| (key.as_str(), resource))
}

fn kind<'a>(
    key: &str,
    resource: &'a ResolvedResource,
    volume: &ContainerVolume,
    findings: &mut Vec<Finding>,
) -> Option<Kind<'a>> {
    let output = |name: &str| resource.outputs.get(name);
    let message = match (output("source"), output("claimSpec")) {
        (Some(Output::Value(Value::Object(source))), None) => return Some(Kind::Source(source)),
        (None, Some(Output::Value(Value::Object(spec)))) => return Some(Kind::Claim(spec)),
        (None, None) => format!("resource `{key}` (`{}`) is not a volume", resource.id.kind),
        (Some(_), Some(_)) => format!("resource `{key}` has both outputs `source` and `claimSpec`"),
        _ => format!("the output of resource `{key}` that says what volume it is must be a map"),
    };
    let help = "a volume has an output `source` (a Kubernetes volume) or `claimSpec` (what to claim)";
    findings.push(Finding::new(Code::InvalidVolume, message).at(volume.source.span, "").help(help));
    None
}

/// More than one pod needs a volume that more than one node can mount; a StatefulSet's pods have one each.
fn check_access(
    key: &str,
    resource: &ResolvedResource,
    kind: &Kind<'_>,
    volume: &ContainerVolume,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) {
    let shared = match kind {
        Kind::Source(source) => source.contains_key("persistentVolumeClaim") && !many(resource, None),
        Kind::Claim(spec) => settings.kind != "StatefulSet" && !many(resource, Some(spec)),
    };
    let several =
        settings.replicas.maximum > 1 && ["Deployment", "StatefulSet"].contains(&settings.kind.as_str());
    if shared && (several || settings.kind == "DaemonSet") {
        let message = format!("several pods mount `{key}`, which only one node at a time can");
        findings.push(
            Finding::new(Code::InvalidVolume, message)
                .at(volume.span, "")
                .help("one replica, `kind: StatefulSet`, or a volume with `accessMode: ReadWriteMany`"),
        );
    }
}

/// Whether pods on several nodes may mount it: the claim's `accessModes`, or the output of that name.
fn many(resource: &ResolvedResource, spec: Option<&Map<String, Value>>) -> bool {
    let modes = match (spec.and_then(|spec| spec.get("accessModes")), resource.outputs.get("accessModes")) {
        (Some(modes), _) | (None, Some(Output::Value(modes))) => modes,
        _ => return false,
    };
    let several = |mode: &Value| mode == "ReadWriteMany" || mode == "ReadOnlyMany";
    modes.as_array().is_some_and(|modes| modes.iter().any(several))
}

fn mount(target: &str, name: &str, volume: &ContainerVolume, findings: &mut Vec<Finding>) -> Option<Value> {
    let path = volume.path.as_deref().unwrap_or_default().trim_matches('/');
    let root = target.trim_matches('/').is_empty();
    if root || !can_mount(target) || path.split('/').any(|piece| piece == "..") {
        let message =
            "a volume's target is a path below `/` without `:` and `..`, and its `path` has no `..`";
        findings.push(Finding::new(Code::InvalidVolume, message).at(volume.span, ""));
        return None;
    }
    let mut mount = Map::from_iter([
        ("name".to_owned(), Value::from(name)),
        ("mountPath".to_owned(), Value::from(target)),
    ]);
    if !path.is_empty() {
        mount.insert("subPath".to_owned(), path.into());
    }
    if volume.read_only {
        mount.insert("readOnly".to_owned(), true.into());
    }
    Some(Value::Object(mount))
}
