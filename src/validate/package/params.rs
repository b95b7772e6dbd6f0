//! The schema of a package's parameters: an object whose properties are known and described.

use macadam_yaml::{Entry, Mapping, Node, Span, Value};

use crate::{
    model::{Code, Finding},
    validate::{read, schema::Schema},
};

/// The schema of the parameters; an object without properties where there is none. `None` when it cannot be used.
///
/// Every property needs a description, also those of objects in it. A default must satisfy its own schema.
pub(super) fn schema(spec: &Node, package: Span, findings: &mut Vec<Finding>) -> Option<Node> {
    let Some(params) = spec.get("params") else {
        let entry = |key: &str, value: Value| Entry::new(key, package, Node::new(package, value));
        let none = [entry("type", "object".into()), entry("properties", Mapping::new().into())];
        return Some(Node::mapping(package, none.into_iter().collect::<Mapping>()));
    };
    params.as_mapping()?;
    if read::text(params, "type").as_deref() != Some("object") {
        let place = params.get("type").map_or(params.span, |node| node.span);
        let finding = Finding::new(Code::InvalidPackage, "`params` is not a schema of type `object`");
        findings.push(finding.at(place, "").help("write `type: object`"));
        return None;
    }
    Schema::compile(params).take(findings)?;
    described(params, "", findings);
    defaults(params, params, findings);
    Some(params.clone())
}

fn described(schema: &Node, path: &str, findings: &mut Vec<Finding>) {
    for property in read::entries(schema, "properties") {
        let path = if path.is_empty() { property.key.clone() } else { format!("{path}.{}", property.key) };
        let text = property.value.get("description").and_then(Node::as_str).unwrap_or_default();
        if text.trim().is_empty() && property.value.get("$ref").is_none() {
            findings.push(
                Finding::new(Code::UndescribedParameter, format!("parameter `{path}` has no description"))
                    .at(property.key_span, "")
                    .help("say in a sentence what it does"),
            );
        }
        described(&property.value, &path, findings);
        if let Some(items) = property.value.get("items") {
            described(items, &format!("{path}[]"), findings);
        }
    }
}

/// Holds each default against its property's schema, with the definitions of the whole in reach.
fn defaults(root: &Node, schema: &Node, findings: &mut Vec<Finding>) {
    for property in read::entries(schema, "properties") {
        if let Some(default) = property.value.get("default")
            && let Some(alone) = with_definitions(root, &property.value)
            && let Some(compiled) = Schema::compile(&alone).value
        {
            for violation in compiled.violations(default) {
                let message = format!("the default of `{}` does not satisfy its own schema", property.key);
                findings.push(
                    Finding::new(Code::InvalidPackage, message)
                        .at(violation.span, "")
                        .maybe_help(violation.help),
                );
            }
        }
        defaults(root, &property.value, findings);
    }
}

/// A property's schema that stands for itself; `None` where it refers to more than the definitions.
fn with_definitions(root: &Node, schema: &Node) -> Option<Node> {
    let mut map = schema.as_mapping()?.clone();
    for key in ["$defs", "definitions"] {
        if let Some(entry) = root.as_mapping()?.entry(key) {
            map.insert(entry.clone());
        }
    }
    Some(Node::mapping(schema.span, map))
}
