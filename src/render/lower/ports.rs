//! Ports of the Service and of the containers behind it.

use std::collections::{BTreeMap, BTreeSet};

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
    let asked = asked(workload, order);
    let mut open: BTreeSet<(u16, &str)> = BTreeSet::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut ports: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, port) in sorted(workload) {
        let protocol = protocol(port.protocol);
        let serving = asked.get(&port.target_port).or(order.main.first());
        let Some(container) = serving.filter(|_| open.insert((port.target_port, protocol))) else { continue };
        let mut label = port_name(name);
        if !names.insert(label.clone()) {
            label = port_name(&format!("{}-{}", port.target_port, protocol.to_lowercase()));
            names.insert(label.clone());
        }
        ports.entry((*container).to_owned()).or_default().push(json!({
            "name": label, "containerPort": port.target_port, "protocol": protocol,
        }));
    }
    ports
}

/// The first container whose probe asks a port, by port.
fn asked<'a>(workload: &Workload, order: &Order<'a>) -> BTreeMap<u16, &'a str> {
    let mut asked = BTreeMap::new();
    for name in &order.main {
        let Some(container) = workload.containers.get(*name) else { continue };
        let probes = container.readiness.iter().chain(&container.liveness);
        for request in probes.filter_map(|probe| probe.http_get.as_ref()) {
            asked.entry(request.port).or_insert(*name);
        }
    }
    asked
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
