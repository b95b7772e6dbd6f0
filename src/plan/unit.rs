//! One unit, complete: parameters, summary, instance.

use std::sync::Arc;

use macadam_yaml::Node;

use crate::model::{
    Finding, InstanceInput, InstanceKind, Layer, Link, Output, Params, ProvisionInput, Requests, Summary,
    UnitInput, Workload,
};
use crate::parse::quantity;

use super::{
    draft::Draft,
    params::{LayerMap, check_bounds},
    resource_folder,
    resources::{Definition, Resolved, Shared, Surroundings, resolve},
    substitute::Scope,
};

/// Plans one unit; `None` where findings stand in the way.
pub(crate) fn instance<'a>(
    around: &Surroundings<'a>,
    shared: &Shared<'a>,
    draft: &'a Draft<'a>,
    findings: &mut Vec<Finding>,
) -> Option<InstanceInput> {
    check_owner(around, draft, findings);
    let resolved = resolve(around, shared, draft, findings);
    let resolved = resolved?;
    let params = params(around, draft, &resolved, findings)?;
    let summary = Arc::new(summary(draft, &params, &resolved));
    let provisions = resolved
        .own
        .iter()
        .filter(|(_, definition)| definition.renders())
        .filter_map(|(key, definition)| Some(definition.provision(resolved.resources.get(key)?.clone())))
        .collect();
    let unit = UnitInput {
        package: Arc::clone(&draft.package),
        params,
        workload: Arc::clone(&draft.workload),
        images: draft.images.clone(),
        contents: draft.contents.clone(),
        resources: resolved.resources,
        provisions,
        summary,
    };
    Some(InstanceInput {
        folder: format!("{}/workloads/{}", around.place.folder(), draft.name()).into(),
        namespace: draft.namespace.clone(),
        origin: draft.source.path.clone(),
        span: draft.workload.name.span,
        platform: around.platform.name.value.clone(),
        environment: Arc::clone(&around.place.environment),
        cluster: Arc::clone(&around.place.cluster),
        kind: InstanceKind::Unit(Box::new(unit)),
    })
}

/// Plans the leaf of a shared resource.
pub(crate) fn resource_instance(
    around: &Surroundings<'_>,
    definition: &Definition<'_>,
) -> Result<InstanceInput, Finding> {
    let provision = definition.own_provision(around)?;
    Ok(InstanceInput {
        folder: resource_folder(around.place, &definition.id),
        namespace: definition.definer.namespace.clone(),
        origin: definition.definer.source.path.clone(),
        span: definition.span,
        platform: around.platform.name.value.clone(),
        environment: Arc::clone(&around.place.environment),
        cluster: Arc::clone(&around.place.cluster),
        kind: InstanceKind::Resource(Box::new(ProvisionInput { provision })),
    })
}

/// The owner must be one that `macadam.yaml` lists, where it lists any.
fn check_owner(around: &Surroundings<'_>, draft: &Draft<'_>, findings: &mut Vec<Finding>) {
    let known = &around.platform.owners;
    let Some(owner) = &draft.settings.owner else { return };
    if known.is_empty() || known.contains_key(&owner.value) {
        return;
    }
    findings.push(
        Finding::new(crate::model::Code::UnknownOwner, format!("there is no owner `{}`", owner.value))
            .at(owner.span, "not an owner")
            .help(
                crate::validate::did_you_mean(&owner.value, known.keys().map(String::as_str))
                    .unwrap_or_else(|| "list it under `spec.owners` of `macadam.yaml`".to_owned()),
            ),
    );
}

/// The golden path's parameters: every layer, weakest first.
fn params(
    around: &Surroundings<'_>,
    draft: &Draft<'_>,
    resolved: &Resolved<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Params> {
    let place = around.place;
    let package = &draft.package;
    let settings = place.environment.golden_paths.get(&package.name.value);
    let base = &draft.source.workload.platform;
    let defaults = draft.settings.default_params.iter().rev().map(|map| (Layer::PlatformDefaults, map));
    let environment =
        settings.and_then(|settings| settings.params.as_ref()).map(|map| (Layer::Environment, map));
    let cluster = place.cluster.params.as_ref().map(|map| (Layer::Cluster, map));
    let workload = base.params.as_ref().map(|map| (Layer::Workload, map));
    let per_environment = base
        .per_environment
        .get(place.environment())
        .and_then(|settings| settings.value.as_ref())
        .map(|map| (Layer::PerEnvironment, map));
    let overlays = draft.overlays.iter().flat_map(|overlay| {
        let keys = overlay.tree.get("metadata").and_then(|metadata| metadata.get("platform"));
        let own = keys.and_then(|keys| keys.get("params"));
        let here = keys
            .and_then(|keys| keys.get("perEnvironment"))
            .and_then(|environments| environments.get(place.environment()))
            .and_then(|environment| environment.get("params"));
        own.into_iter().chain(here).map(|map| (Layer::Overlay, map))
    });
    let layers: Vec<LayerMap<'_>> = defaults
        .chain(environment)
        .chain(cluster)
        .chain(workload)
        .chain(per_environment)
        .chain(overlays)
        .map(|(layer, map)| LayerMap { layer, map })
        .collect();
    let scope = Scope {
        metadata: Some(&draft.workload.metadata),
        resources: Some(&resolved.resources),
        place: Some(place),
    };
    let at = draft.workload.platform.golden_path.as_ref().map_or(draft.workload.name.span, |path| path.span);
    let params =
        around.schemas.get(&package.key())?.resolve(&layers, &scope, at, &package.name.value, findings)?;
    let before = findings.len();
    if let Some(settings) = settings {
        check_bounds(&params, settings, place.environment(), findings);
    }
    (findings.len() == before).then_some(params)
}

/// What the unit shows to others.
fn summary(draft: &Draft<'_>, params: &Params, resolved: &Resolved<'_>) -> Summary {
    let workload = &draft.workload;
    let mut links: Vec<Link> = resolved
        .resources
        .iter()
        .filter_map(|(key, resource)| {
            let target = resource.target.as_ref().filter(|target| target.workload != draft.name())?;
            Some(Link { workload: target.workload.clone(), resource: key.clone() })
        })
        .collect();
    links.sort();
    Summary {
        name: draft.name().to_owned(),
        owner: draft.owner().map(str::to_owned),
        golden_path: draft.package.name.value.clone(),
        namespace: draft.namespace.clone(),
        service: draft.service.clone(),
        ports: workload.public_ports(),
        hosts: hosts(resolved),
        links,
        resources: resolved.resources.values().map(|resource| resource.id.clone()).collect(),
        security: security(workload, &params.value),
        requests: requests(workload),
    }
}

/// The hosts that the workload answers to: those of its `route`s.
fn hosts(resolved: &Resolved<'_>) -> Vec<String> {
    let mut hosts: Vec<String> = resolved
        .resources
        .values()
        .filter(|resource| resource.id.kind == "route")
        .filter_map(|resource| match resource.outputs.get("host") {
            Some(Output::Value(value)) => value.as_str().map(str::to_owned),
            _ => resource.params.get("host").and_then(serde_json::Value::as_str).map(str::to_owned),
        })
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The Pod Security level: what the parameter `security` says; `restricted` by default when every image is ours.
fn security(workload: &Workload, params: &Node) -> String {
    match params.get("security").and_then(Node::as_str) {
        Some(level) if level != "auto" => level.to_owned(),
        _ if workload.containers.values().all(|container| container.image.value == ".") => {
            "restricted".to_owned()
        }
        _ => "baseline".to_owned(),
    }
}

/// What one pod asks for.
fn requests(workload: &Workload) -> Requests {
    let mut requests = Requests::default();
    for container in workload.containers.values() {
        let cpu = container.requests.cpu.as_ref().and_then(|cpu| quantity::cpu_millis(&cpu.value));
        let memory =
            container.requests.memory.as_ref().and_then(|memory| quantity::memory_bytes(&memory.value));
        requests.cpu_millis = requests.cpu_millis.saturating_add(cpu.unwrap_or_default());
        requests.memory_bytes = requests.memory_bytes.saturating_add(memory.unwrap_or_default());
    }
    requests
}
