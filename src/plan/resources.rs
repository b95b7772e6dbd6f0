//! Resources of the workloads in one cluster: provisioner, parameters, target and outputs of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use indexmap::IndexMap;
use macadam_yaml::{Node, Span, Value};

use crate::engine::{Engines, service_label};
use crate::model::{
    Code, Consumer, Finding, Layer, LinkRule, LinkTarget, Output, Package, PackageKey, PackageKind, Platform,
    Provision, ResolvedResource, Resource, ResourceId,
};
use crate::parse::{
    json,
    placeholder::{Segment, segments},
};
use crate::validate::did_you_mean;

use super::{
    catalog::Catalog,
    draft::Draft,
    outputs::{Provided, outputs},
    params::{LayerMap, ParamSchema},
    place::Place,
    provisioners::provisioner,
    substitute::Scope,
};

/// What resolving needs, the same for every workload of one cluster.
pub(crate) struct Surroundings<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) place: &'a Place,
    pub(crate) catalog: &'a Catalog,
    pub(crate) engines: &'a Engines,
    /// Parameter schemas by package folder.
    pub(crate) schemas: &'a BTreeMap<PackageKey, ParamSchema>,
    /// The workloads that run here, by name.
    pub(crate) drafts: &'a BTreeMap<&'a str, &'a Draft<'a>>,
    /// The names of all workloads of the repository.
    pub(crate) names: &'a BTreeSet<&'a str>,
    /// The names of workloads that could not be read.
    pub(crate) broken: &'a BTreeSet<String>,
}

/// A resource with everything that does not depend on who uses it.
#[derive(Debug)]
pub(crate) struct Definition<'a> {
    pub(crate) id: ResourceId,
    pub(crate) package: Arc<Package>,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) definer: &'a Draft<'a>,
    pub(crate) span: Span,
    pub(crate) metadata: Option<Node>,
    pub(crate) params: serde_json::Value,
    pub(crate) target: Option<LinkTarget>,
    /// Everybody who uses it, sorted.
    pub(crate) consumers: Vec<Consumer>,
}

/// Shared resources by identity; `None` where findings stand in the way.
pub(crate) type Shared<'a> = BTreeMap<ResourceId, Option<Arc<Definition<'a>>>>;

/// A use of a shared resource: the workload and its key for it.
type Use<'a> = (&'a Draft<'a>, &'a str, &'a Resource);

/// The resources of one workload.
pub(crate) struct Resolved<'a> {
    /// Every resource, outputs as the workload sees them.
    pub(crate) resources: BTreeMap<String, ResolvedResource>,
    /// The resources that are the workload's own.
    pub(crate) own: Vec<(String, Arc<Definition<'a>>)>,
}

/// Resolves every shared resource of a cluster.
pub(crate) fn shared<'a>(around: &Surroundings<'a>, findings: &mut Vec<Finding>) -> Shared<'a> {
    let mut uses: BTreeMap<ResourceId, Vec<Use<'a>>> = BTreeMap::new();
    for draft in around.drafts.values() {
        for (key, resource) in &draft.workload.resources {
            if let Some(id) = draft.resource_id(key).filter(|id| id.shared) {
                uses.entry(id).or_default().push((draft, key, resource));
            }
        }
    }
    let mut resolver =
        Resolver { around, shared: &BTreeMap::new(), fresh: BTreeMap::new(), uses: &uses, findings };
    for id in uses.keys() {
        resolver.shared_definition(id, &mut Vec::new());
    }
    resolver.fresh
}

/// Resolves the resources of one workload; `None` where findings stand in the way.
pub(crate) fn resolve<'a>(
    around: &Surroundings<'a>,
    shared: &Shared<'a>,
    draft: &'a Draft<'a>,
    findings: &mut Vec<Finding>,
) -> Option<Resolved<'a>> {
    let uses = BTreeMap::new();
    let mut resolver = Resolver { around, shared, fresh: BTreeMap::new(), uses: &uses, findings };
    let mut memo = Memo::default();
    for key in draft.workload.resources.keys() {
        resolver.resource(draft, key, &mut memo, &mut Vec::new());
    }
    let complete =
        memo.resolved.len() == draft.workload.resources.len() && memo.resolved.values().all(Option::is_some);
    complete.then(|| Resolved {
        resources: memo.resolved.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        own: memo.own,
    })
}

/// The identities on the way from the resource that was asked for, to find circles.
type Stack = Vec<(String, String)>;

#[derive(Default)]
struct Memo<'a> {
    resolved: BTreeMap<String, Option<ResolvedResource>>,
    own: Vec<(String, Arc<Definition<'a>>)>,
}

struct Resolver<'r, 'a> {
    around: &'r Surroundings<'a>,
    /// Shared resources that are resolved already.
    shared: &'r Shared<'a>,
    /// Shared resources that this resolver resolved.
    fresh: Shared<'a>,
    uses: &'r BTreeMap<ResourceId, Vec<Use<'a>>>,
    findings: &'r mut Vec<Finding>,
}

impl<'a> Resolver<'_, 'a> {
    /// Resolves one resource of a workload, and first the ones that its parameters name.
    fn resource(&mut self, draft: &'a Draft<'a>, key: &str, memo: &mut Memo<'a>, stack: &mut Stack) {
        if memo.resolved.contains_key(key) {
            return;
        }
        let step = (draft.name().to_owned(), key.to_owned());
        let Some(resource) = draft.workload.resources.get(key) else { return };
        if stack.contains(&step) {
            self.findings.push(circle(stack, &step, resource));
            return;
        }
        stack.push(step);
        let value = self.resolve_one(draft, key, resource, memo, stack);
        stack.pop();
        memo.resolved.entry(key.to_owned()).or_insert(value);
    }

    fn resolve_one(
        &mut self,
        draft: &'a Draft<'a>,
        key: &str,
        resource: &'a Resource,
        memo: &mut Memo<'a>,
        stack: &mut Stack,
    ) -> Option<ResolvedResource> {
        let id = draft.resource_id(key)?;
        let definition = if id.shared {
            let definition = self.shared_definition(&id, stack)?;
            self.may_use(draft, resource, &definition)?;
            definition
        } else {
            let consumers = vec![consumer(draft)];
            let definition = Arc::new(self.define(draft, key, resource, id, consumers, memo, stack)?);
            memo.own.push((key.to_owned(), Arc::clone(&definition)));
            definition
        };
        self.seen_by(draft, resource, &definition)
    }

    /// A shared resource, resolved on behalf of the workload that defines it.
    fn shared_definition(&mut self, id: &ResourceId, stack: &mut Stack) -> Option<Arc<Definition<'a>>> {
        if let Some(known) = self.shared.get(id).or_else(|| self.fresh.get(id)) {
            return known.clone();
        }
        let uses = self.uses.get(id)?;
        let (draft, key, resource) = defining(uses)?;
        if let Some(finding) = conflicts(id, uses) {
            self.findings.push(finding);
            self.fresh.insert(id.clone(), None);
            return None;
        }
        let consumers: BTreeSet<Consumer> = uses.iter().map(|(draft, _, _)| consumer(draft)).collect();
        let step = (draft.name().to_owned(), key.to_owned());
        let entered = stack.last() != Some(&step);
        if entered && stack.contains(&step) {
            self.findings.push(circle(stack, &step, resource));
            return None;
        }
        if entered {
            stack.push(step);
        }
        let mut memo = Memo::default();
        let consumers = consumers.into_iter().collect();
        let definition = self
            .define(draft, key, resource, id.clone(), consumers, &mut memo, stack)
            .map(|definition| Arc::new(Definition { metadata: metadata(uses), ..definition }));
        if entered {
            stack.pop();
        }
        self.fresh.insert(id.clone(), definition.clone());
        definition
    }

    /// Finds the provisioner, resolves the parameters and the target.
    #[expect(clippy::too_many_arguments, reason = "one resource, and the state of the walk")]
    fn define(
        &mut self,
        draft: &'a Draft<'a>,
        key: &str,
        resource: &'a Resource,
        id: ResourceId,
        consumers: Vec<Consumer>,
        memo: &mut Memo<'a>,
        stack: &mut Stack,
    ) -> Option<Definition<'a>> {
        let around = self.around;
        let package = super::draft::keep(
            provisioner(around.catalog, &around.place.environment, key, resource),
            self.findings,
        )?;
        for needed in resource.params.iter().flat_map(referenced) {
            self.resource(draft, &needed, memo, stack);
            let declared = draft.workload.resources.contains_key(&needed);
            if declared && !matches!(memo.resolved.get(&needed), Some(Some(_))) {
                return None;
            }
        }
        let known: BTreeMap<String, ResolvedResource> =
            memo.resolved.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect();
        let scope = Scope { metadata: Some(&draft.workload.metadata), resources: Some(&known), place: None };
        let layers: Vec<LayerMap<'_>> =
            resource.params.iter().map(|map| LayerMap { layer: Layer::Workload, map }).collect();
        let schema = around.schemas.get(&package.key())?;
        let params = schema.resolve(&layers, &scope, resource.span, &package.name.value, self.findings)?;
        let params = json::value(&params.value);
        let target = match &package.kind {
            PackageKind::Provisioner { link: Some(rule), .. } => {
                Some(self.target(draft, key, resource, *rule, &params)?)
            }
            _ => None,
        };
        let name = object_name(draft, key, &id);
        Some(Definition {
            name,
            package,
            key: key.to_owned(),
            definer: draft,
            span: resource.span,
            metadata: resource.metadata.clone(),
            params,
            target,
            consumers,
            id,
        })
    }

    /// The workload that a resource points at.
    fn target(
        &mut self,
        draft: &'a Draft<'a>,
        key: &str,
        resource: &Resource,
        rule: LinkRule,
        params: &serde_json::Value,
    ) -> Option<LinkTarget> {
        let named = params.get("workload").and_then(serde_json::Value::as_str);
        let name = match (named, rule) {
            (Some(name), _) => name,
            (None, LinkRule::Own) => draft.name(),
            (None, _) => key,
        };
        let span = resource
            .params
            .as_ref()
            .and_then(|params| params.get("workload"))
            .map_or(resource.span, |workload| workload.span);
        let Some(target) = self.around.drafts.get(name) else {
            if !self.around.broken.contains(name) {
                self.findings.push(self.around.unknown_workload(name, span));
            }
            return None;
        };
        if target.workload.ports.is_empty() && rule != LinkRule::Own {
            self.findings.push(
                Finding::new(
                    Code::UndeclaredPort,
                    format!("workload `{name}` has no service ports, so nothing answers there"),
                )
                .at(span, "linked here")
                .also(target.workload.name.span, "the workload"),
            );
        }
        let foreign = target.namespace != draft.namespace;
        Some(LinkTarget {
            workload: name.to_owned(),
            namespace: target.namespace.clone(),
            service: target.service.clone(),
            host: if foreign {
                format!("{}.{}", target.service, target.namespace)
            } else {
                target.service.clone()
            },
            foreign,
            ports: target.workload.public_ports(),
        })
    }

    /// Whether a workload may use a shared resource.
    fn may_use(&mut self, draft: &Draft<'_>, resource: &Resource, definition: &Definition<'_>) -> Option<()> {
        let definer = definition.definer;
        let shared_with = definer.workload.platform.shared_with.get(&definition.key);
        let named = draft.owner().is_some_and(|owner| {
            shared_with.is_some_and(|owners| owners.iter().any(|shared| shared.value == owner))
        });
        if draft.owner() == definer.owner() || named {
            return Some(());
        }
        let owner = draft.owner().unwrap_or("nobody");
        self.findings.push(
            Finding::new(
                Code::NotShared,
                format!(
                    "resource `{}` of workload `{}` is not shared with `{owner}`",
                    definition.key,
                    definer.name()
                ),
            )
            .at(resource.span, "used here")
            .also(definition.span, "defined here")
            .help(format!(
                "in workload `{}`: `metadata.platform.sharedWith: {{ {}: [{owner}] }}`",
                definer.name(),
                definition.key
            )),
        );
        None
    }

    /// The resource as one workload sees it.
    fn seen_by(
        &mut self,
        draft: &Draft<'_>,
        resource: &Resource,
        definition: &Definition<'a>,
    ) -> Option<ResolvedResource> {
        let consumer = consumer(draft);
        let outputs = definition.outputs(self.around, &consumer);
        let outputs = super::draft::keep(outputs, self.findings)?;
        if draft.namespace != definition.definer.namespace
            && let Some(name) = outputs.iter().find_map(|(name, output)| unreachable(output).then_some(name))
        {
            self.findings.push(
                Finding::new(
                    Code::SecretOutOfReach,
                    format!("output `{name}` is a Secret in namespace `{}`", definition.definer.namespace),
                )
                .at(resource.span, format!("this workload runs in `{}`", draft.namespace))
                .also(definition.span, "defined here")
                .help("let both workloads run in one namespace, or use a provisioner whose Secrets are everywhere (`everywhere: true`)"),
            );
            return None;
        }
        Some(definition.resolved(outputs))
    }
}

/// Whether an output is bound to the namespace of its resource.
fn unreachable(output: &Output) -> bool {
    matches!(output, Output::Secret { everywhere: false, .. })
}

impl<'a> Definition<'a> {
    fn outputs(
        &self,
        around: &Surroundings<'a>,
        consumer: &Consumer,
    ) -> Result<IndexMap<String, Output>, Finding> {
        let provided = Provided {
            package: &self.package,
            id: &self.id,
            key: &self.key,
            name: &self.name,
            params: &self.params,
            metadata: self.metadata.as_ref(),
            definer: self.definer,
            target: self.target.as_ref(),
        };
        match around.engines.get(&self.package) {
            Some(engine) => outputs(&provided, consumer, around.platform, around.place, engine),
            None => Ok(IndexMap::new()),
        }
    }

    fn resolved(&self, outputs: IndexMap<String, Output>) -> ResolvedResource {
        ResolvedResource {
            id: self.id.clone(),
            provisioner: self.package.name.value.clone(),
            params: self.params.clone(),
            outputs,
            target: self.target.clone(),
        }
    }

    /// The resource as a thing to render.
    pub(crate) fn provision(&self, resource: ResolvedResource) -> Provision {
        Provision {
            package: Arc::clone(&self.package),
            name: self.name.clone(),
            key: self.key.clone(),
            workload: self.definer.name().to_owned(),
            owner: self.definer.owner().map(str::to_owned),
            service: self.definer.service.clone(),
            ports: self.definer.workload.public_ports(),
            metadata: self.metadata.clone(),
            span: self.span,
            resource,
            consumers: self.consumers.clone(),
        }
    }

    /// The resource with a leaf of its own, as its defining workload sees it.
    pub(crate) fn own_provision(&self, around: &Surroundings<'a>) -> Result<Provision, Finding> {
        let outputs = self.outputs(around, &consumer(self.definer))?;
        Ok(self.provision(self.resolved(outputs)))
    }

    /// Whether it makes any Kubernetes object.
    pub(crate) fn renders(&self) -> bool {
        self.package.renders()
    }
}

impl Surroundings<'_> {
    fn unknown_workload(&self, name: &str, span: Span) -> Finding {
        if self.names.contains(name) {
            return Finding::new(
                Code::UnknownWorkload,
                format!(
                    "workload `{name}` does not run in `{}`, cluster `{}`",
                    self.place.environment(),
                    self.place.cluster()
                ),
            )
            .at(span, "linked here");
        }
        Finding::new(Code::UnknownWorkload, format!("there is no workload `{name}`"))
            .at(span, "linked here")
            .help(did_you_mean(name, self.names.iter().copied()).unwrap_or_else(|| {
                "a `service` resource names a workload by its key, or by `params.workload`".to_owned()
            }))
    }
}

fn consumer(draft: &Draft<'_>) -> Consumer {
    Consumer {
        workload: draft.name().to_owned(),
        namespace: draft.namespace.clone(),
        owner: draft.owner().map(str::to_owned),
    }
}

/// The default name of a resource's objects: `<workload>-<key>`, or `<type>[-<class>]-<id>` where it is shared.
fn object_name(draft: &Draft<'_>, key: &str, id: &ResourceId) -> String {
    let name = match (id.shared, id.class.as_str()) {
        (false, _) => format!("{}-{key}", draft.name()),
        (true, "default") => format!("{}-{}", id.kind, id.name),
        (true, class) => format!("{}-{class}-{}", id.kind, id.name),
    };
    // Objects add short endings of their own, and a StatefulSet's name has at most 52 characters. One of them may be a
    // Service, which begins with a letter.
    service_label(&name, 47)
}

/// The resource keys that placeholders below a node name.
fn referenced(node: &Node) -> Vec<String> {
    match &node.value {
        Value::String(text) => segments(text)
            .iter()
            .filter_map(|segment| match segment {
                Segment::Reference { path, .. } => match path.as_slice() {
                    [root, key, ..] if root == "resources" => Some(key.clone()),
                    _ => None,
                },
                Segment::Literal(_) => None,
            })
            .collect(),
        Value::Sequence(items) => items.iter().flat_map(referenced).collect(),
        Value::Mapping(map) => map.iter().flat_map(|entry| referenced(&entry.value)).collect(),
        _ => Vec::new(),
    }
}

fn same(a: Option<&Node>, b: Option<&Node>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => json::value(a) == json::value(b),
        _ => true,
    }
}

/// The use that defines a shared resource: the first with parameters, else the first.
fn defining<'a>(uses: &[Use<'a>]) -> Option<Use<'a>> {
    uses.iter().find(|(_, _, resource)| resource.params.is_some()).or_else(|| uses.first()).copied()
}

/// What is said of a shared resource in any of its uses.
fn metadata(uses: &[Use<'_>]) -> Option<Node> {
    uses.iter().find_map(|(_, _, resource)| resource.metadata.clone())
}

/// Two uses that say different things of one resource. Source: score-go, `WithPrimedResources`.
fn conflicts(id: &ResourceId, uses: &[Use<'_>]) -> Option<Finding> {
    let differing = |part: fn(&Resource) -> Option<&Node>| {
        let mut saying =
            uses.iter().map(|(_, _, resource)| *resource).filter(|resource| part(resource).is_some());
        let first = saying.next()?;
        saying.find(|other| !same(part(other), part(first))).map(|other| (first, other))
    };
    let parameters =
        differing(|resource| resource.params.as_ref()).map(|pair| (pair, "parameters", "params"));
    let metadata =
        || differing(|resource| resource.metadata.as_ref()).map(|pair| (pair, "metadata", "metadata"));
    let ((one, other), what, key) = parameters.or_else(metadata)?;
    Some(
        Finding::new(
            Code::ConflictingResource,
            format!("resource `{}` (type `{}`) is defined twice, with different {what}", id.name, id.kind),
        )
        .at(other.span, "one definition")
        .also(one.span, "the other")
        .help(format!("keep `{key}` in one workload; the others name only `type` and `id`")),
    )
}

fn circle(stack: &Stack, step: &(String, String), resource: &Resource) -> Finding {
    let start = stack.iter().position(|passed| passed == step).unwrap_or_default();
    let mut names: Vec<String> = stack[start..].iter().map(|(_, key)| format!("`{key}`")).collect();
    names.push(format!("`{}`", step.1));
    Finding::new(Code::ResourceCycle, format!("resources need each other's outputs: {}", names.join(" -> ")))
        .at(resource.span, "in the circle")
}
