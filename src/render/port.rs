//! Ports that a resource names at the workload it points at.

use serde_json::Value;

use crate::{
    model::{Code, Finding, LinkTarget, PackageKind, Provision},
    validate::suggest,
};

/// Checks the parameter `port` of a resource that points at a workload: a port of its Service, by name or number.
pub(super) fn check(provision: &Provision) -> Option<Finding> {
    let PackageKind::Provisioner { link: Some(_), .. } = provision.package.kind else { return None };
    let finding = unknown_port(provision.resource.target.as_ref()?, provision.resource.params.get("port")?)?;
    Some(finding.at(provision.span, ""))
}

/// What is wrong with a port that is named at a workload; nothing where its Service has it.
pub(crate) fn unknown_port(target: &LinkTarget, port: &Value) -> Option<Finding> {
    let name = match port {
        Value::String(name) => name.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let known = |known: &str| {
        known == name || target.ports.get(known).is_some_and(|port| port.port.to_string() == name)
    };
    if target.ports.keys().any(|port| known(port)) {
        return None;
    }
    let listed: Vec<String> =
        target.ports.iter().map(|(name, port)| format!("`{name}` ({})", port.port)).collect();
    let near =
        suggest(&name, target.ports.keys().map(String::as_str)).map(|name| format!("did you mean `{name}`?"));
    let by_target = target.ports.iter().find(|(_, port)| port.target_port.to_string() == name);
    let help = match (by_target, near, listed.as_slice()) {
        (Some((port, _)), ..) => format!("that is the container's port; the Service's is `{port}`"),
        (None, Some(near), _) => near,
        (None, None, []) => "it declares no `service.ports`".to_owned(),
        (None, None, listed) => format!("it has {}", listed.join(", ")),
    };
    let message = format!("the Service of `{}` has no port `{name}`", target.workload);
    Some(Finding::new(Code::UnknownPort, message).help(help))
}
