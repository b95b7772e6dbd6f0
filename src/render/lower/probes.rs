//! Probes of a container.

use serde_json::{Map, Value, json};

use super::{before::Role, settings::Timing};
use crate::model::{Code, Container, Finding, HttpGet, Probe};

/// Puts the probes of a container into its object.
///
/// A container with a liveness probe gets a startup probe that asks the same, so that a slow start is not taken for a
/// hang; one that others wait for gets a startup probe that asks what tells its health.
pub(super) fn place(container: &Container, role: Role, timing: Timing, object: &mut Map<String, Value>) {
    if role == Role::Init {
        return;
    }
    for (name, probe) in [("livenessProbe", &container.liveness), ("readinessProbe", &container.readiness)] {
        if let Some(probe) = probe {
            object.insert(name.to_owned(), timed(probe, timing.period, timing.timeout, timing.failures));
        }
    }
    let startup = match role {
        Role::HealthySidecar => container
            .readiness
            .as_ref()
            .or(container.liveness.as_ref())
            .map(|probe| timed(probe, 2, timing.timeout, 150)),
        _ if timing.startup > 0 => container.liveness.as_ref().map(|probe| {
            timed(
                probe,
                STARTUP_PERIOD,
                timing.timeout,
                timing.startup.saturating_add(STARTUP_PERIOD - 1) / STARTUP_PERIOD,
            )
        }),
        _ => None,
    };
    if let Some(startup) = startup {
        object.insert("startupProbe".to_owned(), startup);
    }
}

/// Finds names of headers that Kubernetes refuses: unlike Score, it has no `_` there.
pub(super) fn check(container: &Container, findings: &mut Vec<Finding>) {
    for probe in container.liveness.iter().chain(&container.readiness).filter(|probe| probe.exec.is_none()) {
        let headers = probe.http_get.iter().flat_map(|request| &request.headers);
        for (name, _) in headers.filter(|(name, _)| name.contains('_')) {
            let message = format!("Kubernetes does not accept `_` in the name of header `{name}`");
            findings.push(Finding::new(Code::Unsupported, message).at(probe.span, "").help("write `-`"));
        }
    }
}

/// Seconds between two questions of a startup probe.
const STARTUP_PERIOD: i64 = 5;

fn timed(probe: &Probe, period: i64, timeout: i64, failures: i64) -> Value {
    let mut object = handler(probe);
    object.insert("periodSeconds".to_owned(), period.into());
    object.insert("timeoutSeconds".to_owned(), timeout.into());
    object.insert("failureThreshold".to_owned(), failures.into());
    Value::Object(object)
}

/// `exec` where both are given: the specification prefers it.
fn handler(probe: &Probe) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(command) = &probe.exec {
        object.insert("exec".to_owned(), json!({ "command": command }));
    } else if let Some(request) = &probe.http_get {
        object.insert("httpGet".to_owned(), http_get(request));
    }
    object
}

fn http_get(request: &HttpGet) -> Value {
    let mut object = Map::new();
    object.insert("path".to_owned(), request.path.as_str().into());
    object.insert("port".to_owned(), request.port.into());
    if let Some(host) = &request.host {
        object.insert("host".to_owned(), host.as_str().into());
    }
    if let Some(scheme) = &request.scheme {
        object.insert("scheme".to_owned(), scheme.as_str().into());
    }
    if !request.headers.is_empty() {
        let headers = request.headers.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        object.insert("httpHeaders".to_owned(), headers.collect());
    }
    Value::Object(object)
}
