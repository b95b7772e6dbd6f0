//! Ports of the Service and of the containers behind it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{before::Order, names::port_name};
use crate::model::{Code, Finding, Protocol, ServicePort, Workload};

/// The ports of the Service, by port and name. They name the container's port by number, which needs no agreement.
pub(super) fn service_ports(workload: &Workload, findings: &mut Vec<Finding>) -> Vec<Value> {
    let mut seen: BTreeMap<(u16, &str), &str> = BTreeMap::new();
    let mut ports = Vec::new();
    for (name, port) in sorted(workload) {
        let protocol = protocol(port.protocol);
        if let Some(first) = seen.insert((port.port, protocol), name) {
            let message = format!("ports `{first}` and `{name}` are both {protocol} {}", port.port);
            findings.push(Finding::new(Code::Unsupported, message).at(port.span, ""));
        }
        ports.push(json!({
            "name": name, "port": port.port, "targetPort": port.target_port, "protocol": protocol,
        }));
    }
    ports
}

/// The ports that each container opens.
///
/// Score does not say which container serves a port: the one whose probe asks it, else the first that is no sidecar.
pub(super) fn container_ports(workload: &Workload, order: &Order<'_>) -> BTreeMap<String, Vec<Value>> {
    let mut open: BTreeMap<(u16, &str), ()> = BTreeMap::new();
    let mut names: BTreeMap<String, ()> = BTreeMap::new();
    let mut ports: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, port) in sorted(workload) {
        let protocol = protocol(port.protocol);
        let Some(container) = serving(workload, order, port.target_port) else { continue };
        if open.insert((port.target_port, protocol), ()).is_some() {
            continue;
        }
        let mut label = port_name(name);
        if names.insert(label.clone(), ()).is_some() {
            label = port_name(&format!("{}-{}", port.target_port, protocol.to_lowercase()));
            names.insert(label.clone(), ());
        }
        ports.entry(container.to_owned()).or_default().push(json!({
            "name": label, "containerPort": port.target_port, "protocol": protocol,
        }));
    }
    ports
}

fn serving<'a>(workload: &Workload, order: &Order<'a>, port: u16) -> Option<&'a str> {
    let asks = |name: &&&str| {
        workload.containers.get(**name).is_some_and(|container| {
            let mut probes = container.readiness.iter().chain(&container.liveness);
            probes.any(|probe| probe.http_get.as_ref().is_some_and(|request| request.port == port))
        })
    };
    order.main.iter().find(asks).or_else(|| order.main.first()).copied()
}

fn sorted(workload: &Workload) -> Vec<(&String, &ServicePort)> {
    let mut ports: Vec<_> = workload.ports.iter().collect();
    ports.sort_by_key(|(name, port)| (port.port, *name));
    ports
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}
