//! Ports that a resource names at the workload it points at.

use serde_json::Value;

use super::lower::port_list;
use crate::{
    model::{Code, Finding, ResolvedResource, UnitInput},
    validate::did_you_mean,
};

/// Checks the parameter `port` of every resource that points at a workload: a port of its Service, by name or number.
pub(super) fn check_all(unit: &UnitInput, findings: &mut Vec<Finding>) {
    for (key, resource) in &unit.resources {
        if let Some(finding) = unknown(resource) {
            let written = unit.workload.resources.get(key);
            let params = written.and_then(|resource| resource.params.as_ref());
            let span = params.and_then(|params| params.get("port")).map(|port| port.span);
            let span = span.or(written.map(|resource| resource.span)).unwrap_or(unit.workload.name.span);
            findings.push(finding.at(span, ""));
        }
    }
}

/// What is wrong with the port that a resource names; nothing where the Service has it, or where it names none.
pub(super) fn unknown(resource: &ResolvedResource) -> Option<Finding> {
    let (target, port) = (resource.target.as_ref()?, resource.params.get("port")?);
    let name = match port {
        Value::String(name) => name.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let number: Option<u16> = name.parse().ok();
    if target.ports.contains_key(&name) || target.ports.values().any(|port| Some(port.port) == number) {
        return None;
    }
    let near = did_you_mean(&name, target.ports.keys().map(String::as_str));
    let by_target = target.ports.iter().find(|(_, port)| Some(port.target_port) == number);
    let help = match (by_target, near) {
        (Some((port, _)), _) => format!("that is the container's port; the Service's is `{port}`"),
        (None, Some(near)) => near,
        (None, None) => port_list(target),
    };
    let message = format!("the Service of `{}` has no port `{name}`", target.workload);
    Some(Finding::new(Code::UnknownPort, message).help(help))
}
