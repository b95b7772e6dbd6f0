//! What one pod asks for, as the scheduler counts it.
//!
//! Source: Kubernetes documentation, "Sidecar Containers", "Resource sharing within containers".

use serde_json::Value;

use super::demand::amount;
use crate::parse::quantity;

/// What a pod asks for.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Thousandths of a core.
    pub(super) cpu: u64,
    /// Bytes.
    pub(super) memory: u64,
    /// Containers that do not say, and of what.
    pub(super) missing: Vec<(String, &'static str)>,
}

/// The two resources that are priced.
const RESOURCES: [Counter; 2] = [
    Counter { name: "cpu", read: quantity::cpu_millis },
    Counter { name: "memory", read: quantity::memory_bytes },
];

/// What a pod's specification asks for. What is set for the pod as a whole counts instead of its containers.
pub(super) fn request(spec: Option<&Value>) -> Request {
    let mut missing = Vec::new();
    let [cpu, memory] = RESOURCES.map(|counter| {
        let overhead = spec.and_then(|spec| counter.at(spec, "/overhead")).unwrap_or_default();
        let whole = spec.and_then(|spec| counter.of(spec));
        whole.unwrap_or_else(|| counter.containers(spec, &mut missing)).saturating_add(overhead)
    });
    Request { cpu, memory, missing }
}

/// Counts one resource.
struct Counter {
    name: &'static str,
    read: fn(&str) -> Option<u64>,
}

impl Counter {
    /// The most that is needed at once: by what runs in the end, or by an init container beside the sidecars before it.
    fn containers(&self, spec: Option<&Value>, missing: &mut Vec<(String, &'static str)>) -> u64 {
        let list =
            |key: &str| spec.and_then(|spec| spec.get(key)).and_then(Value::as_array).into_iter().flatten();
        let mut count = |container: &Value| {
            self.of(container).unwrap_or_else(|| {
                let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
                missing.push((name.to_owned(), self.name));
                0
            })
        };
        let (mut sidecars, mut most) = (0_u64, 0_u64);
        for container in list("initContainers") {
            let asked = count(container);
            if container.get("restartPolicy").and_then(Value::as_str) == Some("Always") {
                sidecars = sidecars.saturating_add(asked);
                most = most.max(sidecars);
            } else {
                most = most.max(sidecars.saturating_add(asked));
            }
        }
        let running =
            list("containers").fold(sidecars, |sum, container| sum.saturating_add(count(container)));
        most.max(running)
    }

    /// What a container asks for. A limit without a request is a request too.
    fn of(&self, container: &Value) -> Option<u64> {
        self.at(container, "/resources/requests").or_else(|| self.at(container, "/resources/limits"))
    }

    fn at(&self, value: &Value, path: &str) -> Option<u64> {
        amount(value.pointer(path)?.get(self.name)?, self.read)
    }
}
