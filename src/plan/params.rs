//! The parameters of an instance: layers merged, defaults filled in, placeholders resolved, schema and bounds checked.

use std::collections::BTreeMap;

use macadam_yaml::{Entry, Mapping, Node, Span};

use crate::model::{Code, Finding, Layer, Package, Params, PathSettings};
use crate::validate::{
    did_you_mean,
    schema::{Schema, Violation, ViolationKind},
};

use super::substitute::{Scope, Wants};

/// One layer of parameters: a map.
pub(crate) struct LayerMap<'a> {
    pub(crate) layer: Layer,
    pub(crate) map: &'a Node,
}

/// A package's parameter schema, compiled once.
pub(crate) struct ParamSchema {
    schema: Schema,
    properties: Mapping,
    open: bool,
}

impl ParamSchema {
    /// Compiles the schema of a package; a bad one was a finding when the package was read.
    pub(crate) fn new(package: &Package) -> Option<Self> {
        Some(Self {
            schema: Schema::compile(&package.params).value?,
            properties: package
                .params
                .get("properties")
                .and_then(Node::as_mapping)
                .cloned()
                .unwrap_or_default(),
            open: package
                .params
                .get("additionalProperties")
                .is_some_and(|rule| rule.as_bool() != Some(false)),
        })
    }

    /// Merges layers, weakest first, resolves their placeholders, fills in defaults and checks the result.
    ///
    /// `None` where a layer names a parameter that is not declared, or the result does not satisfy the schema.
    pub(crate) fn resolve(
        &self,
        layers: &[LayerMap<'_>],
        scope: &Scope<'_>,
        at: Span,
        package: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<Params> {
        let before = findings.len();
        let mut merged = Merged { value: Node::mapping(at, Mapping::default()), layers: BTreeMap::new() };
        for layer in layers {
            self.check_names(layer, package, findings);
            merged.lay(layer);
        }
        if !self.open {
            let declared = &self.properties;
            if let Some(map) = merged.value.as_mapping_mut() {
                map.retain(|entry| declared.get(&entry.key).is_some());
            }
        }
        self.substitute(&mut merged.value, scope, findings);
        if findings[before..].iter().any(Finding::is_error) {
            return None;
        }
        fill_defaults(&mut merged.value, &self.properties, "", &mut merged.layers);
        for violation in self.schema.violations(&merged.value) {
            let by_default = merged.layers.get(&violation.path) == Some(&Layer::SchemaDefault);
            findings.push(violated(&violation, package, at, by_default));
        }
        let failed = findings[before..].iter().any(Finding::is_error);
        (!failed).then_some(Params { value: merged.value, layers: merged.layers })
    }

    /// Names that the package does not declare; a cluster's parameters are for whoever declares them.
    fn check_names(&self, layer: &LayerMap<'_>, package: &str, findings: &mut Vec<Finding>) {
        if self.open || layer.layer == Layer::Cluster {
            return;
        }
        for entry in layer.map.as_mapping().into_iter().flat_map(Mapping::iter) {
            if self.properties.get(&entry.key).is_none() {
                findings.push(
                    Finding::new(
                        Code::UnknownParameter,
                        format!("`{package}` has no parameter `{}`", entry.key),
                    )
                    .at(entry.key_span, "not declared")
                    .maybe_help(did_you_mean(
                        &entry.key,
                        self.properties.iter().map(|known| known.key.as_str()),
                    )),
                );
            }
        }
    }

    /// Resolves placeholders; a value whose schema wants a string gets one.
    fn substitute(&self, value: &mut Node, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
        let Some(map) = value.as_mapping_mut() else { return };
        for entry in map.iter_mut() {
            let wants = match self.properties.get(&entry.key).and_then(|schema| schema.get("type")) {
                Some(kind) if kind.as_str() == Some("string") => Wants::Text,
                _ => Wants::Anything,
            };
            scope.substitute(&mut entry.value, wants, findings);
        }
    }
}

/// Parameters while layers are laid on.
struct Merged {
    value: Node,
    layers: BTreeMap<String, Layer>,
}

impl Merged {
    /// Lays one layer over: maps deeply, lists whole, `null` back to what the package says by default.
    fn lay(&mut self, layer: &LayerMap<'_>) {
        self.value = super::merge::merge(&self.value, layer.map);
        remember(layer.map, "", layer.layer, &mut self.layers);
    }
}

/// Remembers the layer of each leaf below a path.
fn remember(node: &Node, path: &str, layer: Layer, layers: &mut BTreeMap<String, Layer>) {
    match node.as_mapping() {
        Some(map) if !map.is_empty() || path.is_empty() => {
            for entry in map.iter() {
                remember(&entry.value, &join(path, &entry.key), layer, layers);
            }
        }
        _ if node.is_null() => {
            layers.remove(path);
        }
        _ => {
            layers.insert(path.to_owned(), layer);
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Fills in what the schema says by default, deeply in maps that are there.
fn fill_defaults(value: &mut Node, properties: &Mapping, path: &str, layers: &mut BTreeMap<String, Layer>) {
    let Some(map) = value.as_mapping_mut() else { return };
    for property in properties.iter() {
        let path = join(path, &property.key);
        if map.get(&property.key).is_none()
            && let Some(default) = property.value.get("default")
        {
            remember(default, &path, Layer::SchemaDefault, layers);
            map.insert(Entry {
                key: property.key.clone(),
                key_span: property.key_span,
                value: default.clone(),
            });
        }
        if let Some(inner) = property.value.get("properties").and_then(Node::as_mapping)
            && let Some(below) = map.get_mut(&property.key)
        {
            fill_defaults(below, inner, &path, layers);
        }
    }
}

/// A schema violation as a finding about a parameter, at `at` where nobody wrote what is wrong: a parameter is missing, or
/// its default does not go with the others.
fn violated(violation: &Violation, package: &str, at: Span, by_default: bool) -> Finding {
    let code = match violation.kind {
        ViolationKind::MissingKey => Code::MissingParameter,
        ViolationKind::UnknownKey => Code::UnknownParameter,
        _ => Code::InvalidParameter,
    };
    let missing = violation.kind == ViolationKind::MissingKey && !violation.path.contains(['.', '[']);
    let span = if missing || by_default { at } else { violation.span };
    let finding = Finding::new(code, format!("{} (parameters of `{package}`)", violation.message))
        .at(span, "")
        .maybe_help(violation.help.clone());
    if by_default { finding.also(violation.span, "the default") } else { finding }
}

/// Checks parameters against what an environment allows; a breach names both places.
pub(crate) fn check_bounds(
    params: &Params,
    settings: &PathSettings,
    environment: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(bounds) = &settings.bounds else { return };
    let properties = Entry { key: "properties".to_owned(), key_span: bounds.span, value: bounds.clone() };
    let schema = Node::mapping(bounds.span, vec![properties]);
    let Some(schema) = Schema::compile(&schema).take(findings) else { return };
    for violation in schema.violations(&params.value) {
        let name = violation.path.split(['.', '[']).next().unwrap_or_default();
        let layer = params.layers.get(name).map_or("", |layer| layer.describe());
        let bound = bounds.get(name).map_or(bounds.span, |bound| bound.span);
        findings.push(
            Finding::new(
                Code::ParameterBound,
                format!("{}, which environment `{environment}` does not allow", violation.message),
            )
            .at(violation.span, format!("set here ({layer})"))
            .also(bound, "the bound"),
        );
    }
}
