//! What a resource tells a workload: the provisioner's outputs, evaluated for one consumer.

use indexmap::IndexMap;
use macadam_yaml::Node;
use serde::Serialize;
use serde_json::Value as Json;

use crate::engine::{Context, Engine};
use crate::model::{
    Code, Consumer, Finding, LinkTarget, Output, OutputRule, Package, PackageKind, Platform, ResourceId,
};

use crate::parse::json;

use super::{draft::Draft, place::Place};

/// A resource whose parameters are known.
pub(crate) struct Provided<'a> {
    pub(crate) package: &'a Package,
    pub(crate) id: &'a ResourceId,
    pub(crate) key: &'a str,
    /// The default name of its objects.
    pub(crate) name: &'a str,
    pub(crate) params: &'a Json,
    pub(crate) metadata: Option<&'a Node>,
    /// The workload that defines it.
    pub(crate) definer: &'a Draft<'a>,
    pub(crate) target: Option<&'a LinkTarget>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'a> {
    resource: ResourceView<'a>,
    params: &'a Json,
    workload: WorkloadView<'a>,
    consumer: ConsumerView<'a>,
    namespace: &'a str,
    target: Option<&'a LinkTarget>,
    platform: Named<'a>,
    environment: EnvironmentView<'a>,
    cluster: ClusterView<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct ResourceView<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    class: &'a str,
    id: &'a str,
    key: &'a str,
    name: &'a str,
    shared: bool,
    metadata: Json,
}

#[derive(Serialize)]
struct WorkloadView<'a> {
    name: &'a str,
    owner: Option<&'a str>,
    service: &'a str,
    ports: IndexMap<String, crate::model::Port>,
}

#[derive(Serialize)]
struct ConsumerView<'a> {
    workload: &'a str,
    namespace: &'a str,
    owner: Option<&'a str>,
    /// Whether it runs in another namespace than the resource.
    foreign: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentView<'a> {
    name: &'a str,
    kubernetes_version: &'a str,
    secrets: crate::model::Secrets,
    protected: bool,
    variables: Json,
}

#[derive(Serialize)]
struct ClusterView<'a> {
    name: &'a str,
    server: Option<&'a str>,
    region: Option<&'a str>,
    labels: &'a std::collections::BTreeMap<String, String>,
}

/// Evaluates every output of a resource for one consumer.
pub(crate) fn outputs(
    provided: &Provided<'_>,
    consumer: &Consumer,
    platform: &Platform,
    place: &Place,
    engine: &Engine,
) -> Result<IndexMap<String, Output>, Finding> {
    let PackageKind::Provisioner { outputs, .. } = &provided.package.kind else {
        return Ok(IndexMap::new());
    };
    let context = Context::new(view(provided, consumer, platform, place));
    match outputs {
        OutputRule::From(expression) => match engine.expression(expression, &context)? {
            Json::Object(map) => {
                Ok(map.into_iter().map(|(name, value)| (name, Output::Value(value))).collect())
            }
            Json::Null => Ok(IndexMap::new()),
            _ => Err(Finding::new(Code::InvalidPackage, "`outputsFrom` must give a map")
                .at(expression.span, "gives something else")),
        },
        OutputRule::Declared(declared) => {
            declared.iter().map(|(name, rule)| Ok((name.clone(), output(rule, engine, &context)?))).collect()
        }
    }
}

fn output(rule: &Node, engine: &Engine, context: &Context) -> Result<Output, Finding> {
    if let Some(secret) = rule.get("secret") {
        let (name, key) = reference(secret, engine, context)?;
        let flag = |name: &str| rule.get(name).and_then(Node::as_bool).unwrap_or_default();
        return Ok(Output::Secret { name, key, url_safe: flag("urlSafe"), everywhere: flag("everywhere") });
    }
    if let Some(config) = rule.get("configMap") {
        let (name, key) = reference(config, engine, context)?;
        return Ok(Output::ConfigMap { name, key });
    }
    match rule.get("value") {
        Some(value) => engine.evaluate(value, context).map(Output::Value),
        None => {
            Err(Finding::new(Code::InvalidPackage, "an output is a `value`, a `secret` or a `configMap`")
                .at(rule.span, "none of them"))
        }
    }
}

fn reference(node: &Node, engine: &Engine, context: &Context) -> Result<(String, String), Finding> {
    let part = |name: &str| -> Result<String, Finding> {
        let missing =
            || Finding::new(Code::InvalidPackage, format!("a reference needs `{name}`")).at(node.span, "");
        match engine.evaluate(node.get(name).ok_or_else(missing)?, context)? {
            Json::String(text) if !text.is_empty() => Ok(text),
            _ => Err(missing()),
        }
    };
    Ok((part("name")?, part("key")?))
}

fn view<'a>(
    provided: &'a Provided<'_>,
    consumer: &'a Consumer,
    platform: &'a Platform,
    place: &'a Place,
) -> View<'a> {
    let definer = provided.definer;
    View {
        resource: ResourceView {
            kind: &provided.id.kind,
            class: &provided.id.class,
            id: &provided.id.name,
            key: provided.key,
            name: provided.name,
            shared: provided.id.shared,
            metadata: provided.metadata.map_or(Json::Null, json::value),
        },
        params: provided.params,
        workload: WorkloadView {
            name: definer.name(),
            owner: definer.owner(),
            service: &definer.service,
            ports: definer.workload.public_ports(),
        },
        consumer: ConsumerView {
            workload: &consumer.workload,
            namespace: &consumer.namespace,
            owner: consumer.owner.as_deref(),
            foreign: consumer.namespace != definer.namespace,
        },
        namespace: &definer.namespace,
        target: provided.target,
        platform: Named { name: &platform.name.value },
        environment: EnvironmentView {
            name: place.environment(),
            kubernetes_version: &place.environment.kubernetes_version.value,
            secrets: place.environment.secrets,
            protected: place.environment.protected,
            variables: json::value(&place.environment.variables),
        },
        cluster: ClusterView {
            name: place.cluster(),
            server: place.cluster.server.as_ref().map(|server| server.value.as_str()),
            region: place.cluster.region.as_deref(),
            labels: &place.cluster.labels,
        },
    }
}
