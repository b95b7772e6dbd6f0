//! Instances for tests, made of a Score file's text and the built-in packages: what `plan` does, without its rules.

use std::{collections::BTreeMap, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{Entry, FileId, Mapping, Node, Span};
use serde_json::{Value, json};

use super::{lower, render};
use crate::{
    engine::{Context, Engines},
    load::{EntryKind, World, built_in},
    model::{
        Consumer, Each, Environment, Finding, InstanceInput, InstanceKind, InstanceOutput, LinkTarget,
        Outcome, Output, OutputRule, Package, PackageKind, Params, Provision, ProvisionInput, Requests,
        ResolvedResource, ResourceId, Sources, Spanned, Summary, Template, UnitInput, WideInput, WorldName,
    },
    parse::{self, json, placeholder},
    validate,
};

/// A bench to lay a workload on.
pub(crate) struct Bench {
    pub(crate) sources: Sources,
    score: FileId,
    text: String,
    params: String,
    environment: String,
    images: BTreeMap<String, String>,
    contents: BTreeMap<String, Arc<Vec<u8>>>,
    outputs: BTreeMap<String, Vec<(String, Output)>>,
    target: Option<LinkTarget>,
    namespace: String,
    custom: Option<Vec<(String, String)>>,
    component: Option<(String, String)>,
}

/// A value that is known now.
pub(crate) fn value(value: impl Into<Value>) -> Output {
    Output::Value(value.into())
}

/// A key of the Secret `db`.
pub(crate) fn secret(key: &str) -> Output {
    Output::Secret { name: "db".to_owned(), key: key.to_owned(), url_safe: false, everywhere: false }
}

impl Bench {
    /// A Score file, without its `apiVersion` and with the name `checkout` where it gives none.
    pub(crate) fn new(score: &str) -> Self {
        let metadata = if score.contains("metadata:") { "" } else { "metadata: { name: checkout }\n" };
        let text = format!("apiVersion: score.dev/v1b1\n{metadata}{score}");
        let mut sources = Sources::default();
        let score = sources.add(WorldName::WorkTree, Utf8Path::new("apps/score.yaml"), text.as_bytes());
        Self {
            sources,
            score,
            text,
            params: "{}".to_owned(),
            environment: include_str!("../../environments/dev.yaml").to_owned(),
            images: BTreeMap::new(),
            contents: BTreeMap::new(),
            outputs: BTreeMap::new(),
            target: None,
            namespace: "acme-dev".to_owned(),
            custom: None,
            component: None,
        }
    }

    pub(crate) fn params(mut self, params: &str) -> Self {
        self.params = params.to_owned();
        self
    }

    pub(crate) fn environment(mut self, from: &str, to: &str) -> Self {
        assert!(self.environment.contains(from));
        self.environment = self.environment.replace(from, to);
        self
    }

    pub(crate) fn image(mut self, container: &str, image: &str) -> Self {
        self.images.insert(container.to_owned(), image.to_owned());
        self
    }

    pub(crate) fn file(mut self, path: &str, bytes: &[u8]) -> Self {
        self.contents.insert(path.to_owned(), Arc::new(bytes.to_vec()));
        self
    }

    /// Outputs of a resource, in place of those of its provisioner.
    pub(crate) fn outputs(mut self, key: &str, outputs: &[(&str, Output)]) -> Self {
        let outputs = outputs.iter().map(|(name, output)| ((*name).to_owned(), output.clone()));
        self.outputs.insert(key.to_owned(), outputs.collect());
        self
    }

    /// The workload that links lead to.
    pub(crate) fn target(mut self, target: LinkTarget) -> Self {
        self.target = Some(target);
        self
    }

    /// A golden path of the test's own: templates by file name.
    pub(crate) fn golden_path(mut self, templates: &[(&str, &str)]) -> Self {
        self.custom =
            Some(templates.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
        self
    }

    /// A component `shared` that the test's golden path uses, with one template.
    pub(crate) fn component(mut self, name: &str, text: &str) -> Self {
        self.component = Some((name.to_owned(), text.to_owned()));
        self
    }

    pub(crate) fn input(&mut self) -> InstanceInput {
        let mut findings = Vec::new();
        let tree = parse::yaml(self.text.as_bytes(), self.score).take(&mut findings).expect("YAML");
        let workload = validate::workload(&tree, Utf8Path::new("apps/score.yaml")).take(&mut findings);
        assert!(!findings.iter().any(Finding::is_error), "{findings:#?}");
        let workload = Arc::new(workload.expect("a workload"));
        let environment = self.read_environment();
        let package = Arc::new(self.golden());
        let params = parse::yaml(self.params.as_bytes(), FileId(0)).value.expect("params");
        let params = with_defaults(&package.params, params);
        let ours = workload.containers.values().all(|container| container.image.value == ".");
        let security = match params.get("security").and_then(Node::as_str) {
            Some("auto") | None => {
                if ours {
                    "restricted"
                } else {
                    "baseline"
                }
            }
            Some(profile) => profile,
        };
        let summary = Summary {
            name: workload.name.value.clone(),
            owner: Some("payments".to_owned()),
            golden_path: package.name.value.clone(),
            namespace: self.namespace.clone(),
            service: workload.name.value.clone(),
            ports: workload.public_ports(),
            hosts: Vec::new(),
            links: Vec::new(),
            resources: Vec::new(),
            security: security.to_owned(),
            requests: Requests::default(),
        };
        let images = workload.containers.iter().map(|(name, container)| {
            let image = self.images.get(name).unwrap_or(&container.image.value);
            (
                name.clone(),
                if image == "." { "registry.example/app@sha256:00".to_owned() } else { image.clone() },
            )
        });
        let unit = UnitInput {
            package,
            params: Params { value: params, layers: BTreeMap::new() },
            images: images.collect(),
            contents: self.contents.clone(),
            resources: BTreeMap::new(),
            provisions: Vec::new(),
            summary: Arc::new(summary),
            workload,
        };
        let mut input = InstanceInput {
            folder: Utf8PathBuf::from("kubernetes/dev/default/workloads/checkout"),
            namespace: self.namespace.clone(),
            origin: Utf8PathBuf::from("apps/score.yaml"),
            span: unit.workload.name.span,
            platform: "acme".to_owned(),
            cluster: Arc::new(environment.clusters[0].clone()),
            environment: Arc::new(environment),
            kind: InstanceKind::Unit(Box::new(unit)),
        };
        self.provide(&mut input);
        input
    }

    pub(crate) fn lower(mut self) -> Lowered {
        let input = self.input();
        let InstanceKind::Unit(unit) = &input.kind else { unreachable!() };
        let outcome = lower::lower(unit, &input);
        Lowered {
            blocks: outcome.value.expect("blocks"),
            findings: describe(&self.sources, &outcome.findings),
        }
    }

    pub(crate) fn render(mut self) -> Rendered {
        let input = self.input();
        let output = render(&input, &engines(&input));
        Rendered::new(&self.sources, output)
    }

    fn golden(&mut self) -> Package {
        let Some(templates) = self.custom.clone() else {
            return package(&mut self.sources, "golden-paths/service");
        };
        let mut package = package(&mut self.sources, "golden-paths/service");
        package.folder = Utf8PathBuf::from("golden-paths/custom");
        package.templates = templates.iter().map(|(name, text)| self.template(name, text)).collect();
        if let Some((name, text)) = self.component.clone() {
            let mut component = Package { kind: PackageKind::Component, ..package.clone() };
            component.folder = Utf8PathBuf::from("golden-paths/shared");
            component.name.value = "shared".to_owned();
            component.templates = vec![self.template(&name, &text)];
            package.components = vec![Arc::new(component)];
        }
        package
    }

    fn template(&mut self, name: &str, text: &str) -> Template {
        let path = Utf8PathBuf::from(format!("kubernetes/{name}"));
        let file = self.sources.add(WorldName::WorkTree, &path, text.as_bytes());
        Template { path, file, text: text.into(), each: Each::Once }
    }

    fn read_environment(&mut self) -> Environment {
        let path = Utf8Path::new("environments/dev.yaml");
        let file = self.sources.add(WorldName::BuiltIn, path, self.environment.as_bytes());
        let tree = parse::yaml(self.environment.as_bytes(), file).value.expect("YAML");
        let outcome = validate::environment(&tree, file);
        assert!(outcome.findings.is_empty(), "{:#?}", outcome.findings);
        outcome.value.expect("an environment")
    }

    /// Provides every resource of the workload, those first whose parameters need no other.
    fn provide(&mut self, input: &mut InstanceInput) {
        let InstanceKind::Unit(unit) = &input.kind else { unreachable!() };
        let mut waiting: Vec<_> =
            unit.workload.resources.iter().map(|(key, resource)| (key.clone(), resource.clone())).collect();
        waiting.sort_by_key(|(_, resource)| {
            resource.params.as_ref().is_some_and(|params| format!("{params:?}").contains("${resources"))
        });
        for (key, resource) in waiting {
            let InstanceKind::Unit(unit) = &input.kind else { unreachable!() };
            let id = resource.id.as_ref().map(|id| id.value.clone());
            let id = ResourceId {
                kind: resource.kind.value.clone(),
                class: "default".to_owned(),
                shared: id.is_some(),
                name: id.unwrap_or_else(|| format!("{}.{key}", unit.summary.name)),
            };
            let resolver = lower::Resolver { unit };
            let params = resource.params.as_ref().map_or(json!({}), |params| substitute(resolver, params));
            let mut resolved = ResolvedResource {
                id,
                provisioner: resource.kind.value.clone(),
                params,
                outputs: Default::default(),
                target: None,
            };
            if let Some(outputs) = self.outputs.get(&key) {
                resolved.outputs = outputs.iter().cloned().collect();
                resolved.target.clone_from(&self.target);
                let InstanceKind::Unit(unit) = &mut input.kind else { unreachable!() };
                unit.resources.insert(key, resolved);
                continue;
            }
            let package = Arc::new(package(&mut self.sources, &format!("resources/{}", resource.kind.value)));
            resolved.params =
                json::value(&with_defaults(&package.params, json::node(&resolved.params, resource.span)));
            resolved.target = self.link(&package, unit);
            let mut provision = Provision {
                package,
                name: format!("{}-{key}", unit.summary.name),
                key: key.clone(),
                workload: unit.summary.name.clone(),
                owner: unit.summary.owner.clone(),
                service: unit.summary.service.clone(),
                ports: unit.workload.public_ports(),
                metadata: resource.metadata.clone(),
                span: resource.span,
                resource: resolved,
                consumers: vec![Consumer {
                    workload: unit.summary.name.clone(),
                    namespace: self.namespace.clone(),
                    owner: unit.summary.owner.clone(),
                }],
            };
            provision.resource.outputs = outputs(&provision, input);
            let InstanceKind::Unit(unit) = &mut input.kind else { unreachable!() };
            unit.resources.insert(key, provision.resource.clone());
            unit.provisions.push(provision);
        }
    }

    fn link(&self, package: &Package, unit: &UnitInput) -> Option<LinkTarget> {
        let PackageKind::Provisioner { link: Some(_), .. } = &package.kind else { return None };
        let own = LinkTarget {
            workload: unit.summary.name.clone(),
            namespace: self.namespace.clone(),
            service: unit.summary.service.clone(),
            host: unit.summary.service.clone(),
            foreign: false,
            ports: unit.workload.public_ports(),
        };
        Some(self.target.clone().unwrap_or(own))
    }
}

/// What lowering made, findings described.
pub(crate) struct Lowered {
    pub(crate) blocks: lower::Blocks,
    pub(crate) findings: String,
}

impl Lowered {
    /// A block as canonical YAML.
    pub(crate) fn yaml(&self, block: &str) -> String {
        let blocks = serde_json::to_value(&self.blocks).expect("JSON");
        assert_eq!(self.findings, "");
        to_yaml(&blocks[block])
    }

    /// The first container.
    pub(crate) fn container(&self, field: &str) -> String {
        assert_eq!(self.findings, "");
        to_yaml(&self.blocks.containers[0][field])
    }
}

pub(crate) fn to_yaml(value: &Value) -> String {
    macadam_yaml::to_yaml(&json::node(value, Span::default()))
}

/// What rendering made, findings described.
pub(crate) struct Rendered {
    pub(crate) output: InstanceOutput,
    pub(crate) findings: String,
}

impl Rendered {
    fn new(sources: &Sources, output: InstanceOutput) -> Self {
        let findings = describe(sources, &output.findings);
        Self { output, findings }
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.output.artifacts.iter().filter_map(|artifact| artifact.path.file_name()).collect()
    }

    /// The text of a file.
    pub(crate) fn file(&self, name: &str) -> &str {
        assert_eq!(self.findings, "");
        let mut artifacts = self.output.artifacts.iter();
        let found = artifacts.find(|artifact| artifact.path.file_name() == Some(name));
        let found = found.unwrap_or_else(|| panic!("no {name} in {:?}", self.names()));
        std::str::from_utf8(&found.bytes).expect("text")
    }
}

/// Findings, one a line: `code path:line:column message (help)`.
pub(crate) fn describe(sources: &Sources, findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let place = finding.primary.as_ref().map(|label| {
            let text = sources.get(label.span.file).map_or("", |source| &source.text);
            let before = &text[..label.span.start as usize];
            let line = before.matches('\n').count() + 1;
            let marked = &text[label.span.range()];
            let words =
                if label.message.is_empty() { String::new() } else { format!(" [{}]", label.message) };
            format!(" {line}:{}{words}", marked.lines().next().unwrap_or_default())
        });
        let help = finding.help.as_ref().map(|help| format!(" ({help})"));
        let (place, help) = (place.unwrap_or_default(), help.unwrap_or_default());
        format!("{}{place}: {}{help}", finding.code, finding.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The built-in package of a folder.
pub(crate) fn package(sources: &mut Sources, folder: &str) -> Package {
    let world = built_in();
    let folder = Utf8Path::new(folder);
    let name = ["golden-path.yaml", "provisioner.yaml", "platform-package.yaml"]
        .into_iter()
        .find(|name| world.read(&folder.join(name)).is_ok_and(|bytes| bytes.is_some()))
        .unwrap_or_else(|| panic!("no package {folder}"));
    let path = folder.join(name);
    let bytes = world.read(&path).unwrap().unwrap();
    let file = sources.add(WorldName::BuiltIn, &path, &bytes);
    let manifest = parse::yaml(&bytes, file).value.expect("YAML");
    let mut templates = Vec::new();
    collect(sources, &folder.join("templates"), &mut templates);
    let outcome = validate::package(&manifest, file, folder, WorldName::BuiltIn, templates, BTreeMap::new());
    assert!(outcome.findings.is_empty(), "{}", describe(sources, &outcome.findings));
    outcome.value.expect("a package").0
}

fn collect(sources: &mut Sources, folder: &Utf8Path, templates: &mut Vec<Template>) {
    for entry in built_in().list(folder).unwrap().unwrap_or_default() {
        let path = folder.join(&entry.name);
        if entry.kind == EntryKind::Folder {
            collect(sources, &path, templates);
        } else {
            let bytes = built_in().read(&path).unwrap().unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let file = sources.add(WorldName::BuiltIn, &path, text.as_bytes());
            let below = path.as_str().split_once("/templates/").unwrap().1;
            templates.push(Template { path: below.into(), file, text: text.into(), each: Each::Once });
        }
    }
}

/// The compiled templates of everything that an instance uses.
pub(crate) fn engines(input: &InstanceInput) -> Engines {
    let packages: Vec<Arc<Package>> = match &input.kind {
        InstanceKind::Unit(unit) => std::iter::once(&unit.package)
            .chain(unit.provisions.iter().map(|provision| &provision.package))
            .cloned()
            .collect(),
        InstanceKind::Resource(resource) => vec![Arc::clone(&resource.provision.package)],
        InstanceKind::Wide(wide) => vec![Arc::clone(&wide.package)],
    };
    let outcome: Outcome<Engines> = Engines::prepare(&packages);
    assert!(outcome.findings.is_empty(), "{:#?}", outcome.findings);
    outcome.value.unwrap()
}

/// A resource of a bench's workload, with a leaf of its own.
pub(crate) fn own_leaf(input: &InstanceInput, key: &str) -> InstanceInput {
    let InstanceKind::Unit(unit) = &input.kind else { unreachable!() };
    let mut provision = unit.provisions.iter().find(|provision| provision.key == key).unwrap().clone();
    provision.name = format!("{}-{}", provision.resource.id.kind, provision.resource.id.name);
    provision.resource.outputs = outputs(&provision, input);
    InstanceInput {
        folder: Utf8PathBuf::from("kubernetes/dev/default/resources/x"),
        kind: InstanceKind::Resource(Box::new(ProvisionInput { provision })),
        ..input.clone()
    }
}

/// The platform package `namespace`, over summaries.
pub(crate) fn namespaces(bench: &mut Bench, summaries: Vec<Summary>) -> Rendered {
    let mut package = package(&mut bench.sources, "platform/namespace");
    assert!(package.templates.iter().all(|template| template.each == Each::Aggregate));
    package.params = Node::mapping(Span::default(), Mapping::new());
    wide(bench, package, summaries)
}

/// A platform package of one template, over summaries.
pub(crate) fn each(bench: &mut Bench, each: Each, text: &str, summaries: Vec<Summary>) -> Rendered {
    let mut package = package(&mut bench.sources, "platform/namespace");
    package.folder = Utf8PathBuf::from("platform/custom");
    package.templates = vec![Template { each, ..bench.template("x.yaml.j2", text) }];
    wide(bench, package, summaries)
}

fn wide(bench: &mut Bench, package: Package, summaries: Vec<Summary>) -> Rendered {
    let package = Arc::new(package);
    let params = Params { value: Node::mapping(Span::default(), Mapping::new()), layers: BTreeMap::new() };
    let summaries = summaries.into_iter().map(Arc::new).collect();
    let kind = InstanceKind::Wide(Box::new(WideInput { package, params, owner: None, summaries }));
    let input = InstanceInput { kind, ..bench.input() };
    Rendered::new(&bench.sources, render(&input, &engines(&input)))
}

fn outputs(provision: &Provision, input: &InstanceInput) -> indexmap::IndexMap<String, Output> {
    let PackageKind::Provisioner { outputs, .. } = &provision.package.kind else { unreachable!() };
    let engine = crate::engine::Engine::new(&provision.package).value.expect("an engine");
    let consumer = Context::new(
        json!({ "workload": provision.workload, "namespace": input.namespace, "foreign": false }),
    );
    let context = super::context::provision(provision, input, &super::context::shared(input))
        .with("consumer", consumer);
    let evaluate = |node: &Node| engine.evaluate(node, &context).expect("an output");
    match outputs {
        OutputRule::From(expression) => {
            let Value::Object(map) = engine.expression(expression, &context).expect("outputs") else {
                panic!("no map")
            };
            map.into_iter().map(|(name, value)| (name, Output::Value(value))).collect()
        }
        OutputRule::Declared(rules) => rules
            .iter()
            .map(|(name, rule)| {
                let output = match (rule.get("value"), rule.get("secret")) {
                    (Some(value), _) => Output::Value(evaluate(value)),
                    (_, Some(secret)) => Output::Secret {
                        name: evaluate(secret.get("name").unwrap()).as_str().unwrap().to_owned(),
                        key: evaluate(secret.get("key").unwrap()).as_str().unwrap().to_owned(),
                        url_safe: rule.get("urlSafe").and_then(Node::as_bool).unwrap_or(false),
                        everywhere: false,
                    },
                    _ => panic!("an output"),
                };
                (name.clone(), output)
            })
            .collect(),
    }
}

fn substitute(resolver: lower::Resolver<'_>, node: &Node) -> Value {
    if let Some(text) = node.as_str() {
        if placeholder::is_plain(text) {
            return text.into();
        }
        let mut findings = Vec::new();
        let text = resolver.text(&Spanned::new(text.to_owned(), node.span), &mut findings);
        assert!(findings.is_empty(), "{findings:#?}");
        return text.as_literal().expect("no reference").into();
    }
    if let Some(mapping) = node.as_mapping() {
        return Value::Object(
            mapping.iter().map(|entry| (entry.key.clone(), substitute(resolver, &entry.value))).collect(),
        );
    }
    json::value(node)
}

/// Top-level defaults of a JSON Schema below a map.
fn with_defaults(schema: &Node, mut params: Node) -> Node {
    let Some(mapping) = params.as_mapping_mut() else { return params };
    for entry in schema.get("properties").and_then(Node::as_mapping).into_iter().flatten() {
        if let Some(default) = entry.value.get("default")
            && !mapping.contains_key(&entry.key)
        {
            mapping.insert(Entry::new(entry.key.clone(), entry.key_span, default.clone()));
        }
    }
    params
}
