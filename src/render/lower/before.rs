//! Which containers start before others, and what they become for it.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::Settings;
use crate::model::{Code, Container, Finding, Ready, Workload};

/// What a container is in its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs beside the others.
    Main,
    /// Ends before the next one starts.
    Init,
    /// Starts before the next one, and goes on.
    Sidecar,
    /// Is healthy before the next one starts, and goes on.
    HealthySidecar,
}

/// The containers of a pod: what starts first in that order, and the rest by name.
#[derive(Debug, Default)]
pub(super) struct Order<'a> {
    pub(super) first: Vec<(&'a str, Role)>,
    pub(super) main: Vec<&'a str>,
}

/// Orders the containers: `a.before.b` means that `a` comes before `b`; ties by name.
pub(super) fn order<'a>(
    workload: &'a Workload,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Order<'a> {
    let mut order = Order::default();
    for name in topological(workload) {
        let Some(container) = workload.containers.get(name) else { continue };
        let role = role(container);
        check(name, container, role, settings, findings);
        match role {
            Role::Main => order.main.push(name),
            role => order.first.push((name, role)),
        }
    }
    order.main.sort_unstable();
    order
}

/// The strongest demand that others make of a container.
fn role(container: &Container) -> Role {
    let demands = |ready: Ready| container.before.values().any(|entry| entry.value == ready);
    if demands(Ready::Complete) {
        Role::Init
    } else if demands(Ready::Healthy) {
        Role::HealthySidecar
    } else if demands(Ready::Started) {
        Role::Sidecar
    } else {
        Role::Main
    }
}

fn check(name: &str, container: &Container, role: Role, settings: &Settings, findings: &mut Vec<Finding>) {
    match role {
        Role::Main => {}
        Role::Init => {
            for probe in container.liveness.iter().chain(&container.readiness) {
                let message =
                    format!("container `{name}` runs to its end before others, so it cannot have probes");
                findings.push(Finding::new(Code::Unsupported, message).at(probe.span, ""));
            }
        }
        Role::Sidecar | Role::HealthySidecar => {
            if settings.minor < 29 {
                let message = format!("container `{name}` goes on beside others that wait for it");
                findings.push(
                    Finding::new(Code::Unsupported, message)
                        .at(container.span, "")
                        .help("this needs Kubernetes 1.29; the environment's `kubernetesVersion` is older"),
                );
            }
            let waited = container.before.values().find(|entry| entry.value == Ready::Healthy);
            if let (Some(entry), None, None) = (waited, &container.readiness, &container.liveness) {
                let message = format!("nothing says when container `{name}` is healthy");
                findings.push(
                    Finding::new(Code::Unsupported, message)
                        .at(entry.span, "")
                        .help("give it a `readinessProbe`, or wait for `started`"),
                );
            }
        }
    }
}

/// Every container once, those that come before first. Of a circle, which validation refuses, nothing comes.
fn topological(workload: &Workload) -> Vec<&str> {
    let mut earlier: BTreeMap<&str, usize> =
        workload.containers.keys().map(|name| (name.as_str(), 0)).collect();
    for later in workload.containers.values().flat_map(|container| container.before.keys()) {
        if let Some(count) = earlier.get_mut(later.as_str()) {
            *count += 1;
        }
    }
    let mut ready: BTreeSet<&str> =
        earlier.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::with_capacity(earlier.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for later in workload.containers.get(next).into_iter().flat_map(|container| container.before.keys()) {
            if let Some((name, count)) =
                earlier.get_key_value(later.as_str()).map(|(name, count)| (*name, *count))
            {
                earlier.insert(name, count.saturating_sub(1));
                if count == 1 {
                    ready.insert(name);
                }
            }
        }
    }
    order
}
