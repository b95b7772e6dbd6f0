//! What an instance asks for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pod;
use crate::parse::quantity;

/// What an instance asks for at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// Thousandths of a core.
    pub cpu: Need,
    /// Bytes of memory.
    pub memory: Need,
    /// Bytes of storage.
    pub storage: Need,
    /// What cannot be counted, in words.
    pub unknown: BTreeSet<String>,
}

/// An amount: with the fewest replicas, and with the most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Need {
    /// With the fewest.
    pub low: u128,
    /// With the most.
    pub high: u128,
}

/// How many pods there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Replicas {
    low: u64,
    high: u64,
}

impl Demand {
    /// Adds what another asks for.
    pub fn add(&mut self, other: &Self) {
        self.cpu.add(other.cpu);
        self.memory.add(other.memory);
        self.storage.add(other.storage);
        self.unknown.extend(other.unknown.iter().cloned());
    }
}

impl Need {
    fn add(&mut self, other: Self) {
        self.low = self.low.saturating_add(other.low);
        self.high = self.high.saturating_add(other.high);
    }

    fn times(amount: u64, replicas: Replicas) -> Self {
        let times = |count: u64| u128::from(amount).saturating_mul(u128::from(count));
        Self { low: times(replicas.low), high: times(replicas.high) }
    }
}

/// What all objects of one instance ask for, on one side.
///
/// A workload's replicas are its autoscaler's range where one of the objects is that. What runs on every node, or now
/// and then, is told and not counted: nobody here knows how many nodes there are, or how long a job runs.
pub fn demand(objects: &[&Value]) -> Demand {
    let scalers: BTreeMap<(String, String), Replicas> =
        objects.iter().filter_map(|object| scaler(object)).collect();
    let mut demand = Demand::default();
    for object in objects {
        add_object(object, &scalers, &mut demand);
    }
    demand
}

fn add_object(object: &Value, scalers: &BTreeMap<(String, String), Replicas>, demand: &mut Demand) {
    let (kind, name) = (text(object, "/kind"), text(object, "/metadata/name"));
    let group = text(object, "/apiVersion").split_once('/').map_or("", |(group, _)| group);
    let words = format!("`{kind}/{name}`");
    match (group, kind) {
        ("apps", "Deployment" | "StatefulSet" | "ReplicaSet")
        | ("", "ReplicationController")
        | ("argoproj.io", "Rollout") => {
            let scaler = scalers.get(&(kind.to_owned(), name.to_owned()));
            let fixed = object.pointer("/spec/replicas").map_or(Some(1), Value::as_u64);
            match (scaler, fixed) {
                (Some(replicas), _) => add_pods(object, *replicas, &words, demand),
                (None, Some(count)) => add_pods(object, Replicas { low: count, high: count }, &words, demand),
                (None, None) => tell(demand, format!("the replicas of {words} are not a number")),
            }
        }
        ("", "Pod") => add_pod(Some(object), ONE, &words, demand),
        ("", "PersistentVolumeClaim") => add_claim(object, ONE, &words, demand),
        ("apps", "DaemonSet") => {
            tell(demand, format!("{words} runs on every node, and how many there are is not known"))
        }
        ("batch", "Job" | "CronJob") => tell(demand, format!("{words} runs for a time that is not known")),
        _ => {}
    }
}

const ONE: Replicas = Replicas { low: 1, high: 1 };

fn add_pods(object: &Value, replicas: Replicas, words: &str, demand: &mut Demand) {
    add_pod(object.pointer("/spec/template"), replicas, words, demand);
    let claims = object.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array);
    for claim in claims.into_iter().flatten() {
        let of = format!("the claim `{}` of {words}", text(claim, "/metadata/name"));
        add_claim(claim, replicas, &of, demand);
    }
}

fn add_pod(pod: Option<&Value>, replicas: Replicas, words: &str, demand: &mut Demand) {
    if replicas.high == 0 {
        return;
    }
    let request = pod::request(pod.and_then(|pod| pod.get("spec")));
    demand.cpu.add(Need::times(request.cpu, replicas));
    demand.memory.add(Need::times(request.memory, replicas));
    for (container, resource) in request.missing {
        tell(demand, format!("`{container}` of {words} has no request for {resource}"));
    }
}

fn add_claim(claim: &Value, replicas: Replicas, words: &str, demand: &mut Demand) {
    let asked = claim
        .pointer("/spec/resources/requests/storage")
        .and_then(|value| amount(value, quantity::memory_bytes));
    match asked {
        Some(bytes) => demand.storage.add(Need::times(bytes, replicas)),
        None => tell(demand, format!("{words} does not say how much storage it needs")),
    }
}

fn tell(demand: &mut Demand, words: String) {
    demand.unknown.insert(words);
}

/// What an autoscaler scales, and between which numbers of pods.
fn scaler(object: &Value) -> Option<((String, String), Replicas)> {
    let number = |path: &str| object.pointer(path).and_then(Value::as_u64);
    let (low, high) = match (text(object, "/apiVersion").split('/').next()?, text(object, "/kind")) {
        ("autoscaling", "HorizontalPodAutoscaler") => {
            (number("/spec/minReplicas").unwrap_or(1), number("/spec/maxReplicas")?)
        }
        ("keda.sh", "ScaledObject") => {
            (number("/spec/minReplicaCount").unwrap_or(0), number("/spec/maxReplicaCount").unwrap_or(100))
        }
        _ => return None,
    };
    let kind = object.pointer("/spec/scaleTargetRef/kind").and_then(Value::as_str).unwrap_or("Deployment");
    let name = object.pointer("/spec/scaleTargetRef/name")?.as_str()?;
    Some(((kind.to_owned(), name.to_owned()), Replicas { low, high: high.max(low) }))
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// A quantity, written as a text or as a number.
pub(super) fn amount(value: &Value, read: fn(&str) -> Option<u64>) -> Option<u64> {
    match value {
        Value::String(text) => read(text),
        Value::Number(number) => read(&number.to_string()),
        _ => None,
    }
}
