//! Requests and limits of a container.

use serde_json::{Map, Value};

use super::settings::Defaults;
use crate::{model::Container, parse::quantity};

/// What a container asks for and may use, the golden path's defaults where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    /// `cpu` and `memory`, as Kubernetes writes them.
    pub(super) requests: [Option<String>; 2],
    /// The same for limits.
    pub(super) limits: [Option<String>; 2],
}

const NAMES: [&str; 2] = ["cpu", "memory"];

impl Amounts {
    /// Reads a container's amounts.
    ///
    /// A default request steps in only where the container names neither request nor limit (Kubernetes takes the limit
    /// then), a default limit only where it is not below the request.
    pub(super) fn read(container: &Container, defaults: &Defaults) -> Self {
        let own = |cpu: &Option<crate::model::Spanned<String>>,
                   memory: &Option<crate::model::Spanned<String>>| {
            [
                cpu.as_ref().map(|cpu| cpu.value.clone()),
                memory.as_ref().map(|memory| quantity::kubernetes_memory(&memory.value)),
            ]
        };
        let mut amounts = Self {
            requests: own(&container.requests.cpu, &container.requests.memory),
            limits: own(&container.limits.cpu, &container.limits.memory),
        };
        for index in 0..NAMES.len() {
            if amounts.requests[index].is_none() && amounts.limits[index].is_none() {
                amounts.requests[index].clone_from(&defaults.requests[index]);
            }
            if amounts.limits[index].is_none() {
                let limit = defaults.limits[index].clone();
                let fits = |limit: &String| {
                    amount(index, amounts.requests[index].as_deref()) <= amount(index, Some(limit))
                };
                amounts.limits[index] = limit.filter(fits);
            }
        }
        amounts
    }

    /// Whether the scheduler and an autoscaler know how much CPU the container wants.
    pub(super) fn has_cpu(&self) -> bool {
        self.requests[0].is_some() || self.limits[0].is_some()
    }

    /// The container's `resources`; nothing where nothing is said.
    pub(super) fn object(&self) -> Option<Value> {
        let mut object = Map::new();
        for (side, amounts) in [("requests", &self.requests), ("limits", &self.limits)] {
            let pairs: Map<String, Value> = NAMES
                .iter()
                .zip(amounts)
                .filter_map(|(name, amount)| Some(((*name).to_owned(), amount.clone()?.into())))
                .collect();
            if !pairs.is_empty() {
                object.insert(side.to_owned(), Value::Object(pairs));
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }
}

fn amount(index: usize, text: Option<&str>) -> Option<u64> {
    match index {
        0 => quantity::cpu_millis(text?),
        _ => quantity::memory_bytes(text?),
    }
}
