//! What is known of the fields of kinds: which lists pair by which keys, which strings are quantities or durations.
//!
//! Held as text, one type after the other: a line of its name, then of the kind it is the root of (`Kind.group`), and
//! a line for each field: its path (`spec.rules[].matches`; within one type, so most are one key), what leads to its
//! values (`-` a list, `*` a map), what they are (another type, `quantity`, `duration`), and how the list pairs
//! (`[name]` by keys, `{}` as a set; `~` behind it where the order counts for nothing). Types of the first text are
//! closed: of fields that are not named nothing is to be known. Those of the second are open: other fields are guessed.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

const TEXTS: [(&str, Openness); 2] = [
    (include_str!("facts/kubernetes.txt"), Openness::Closed),
    (include_str!("facts/others.txt"), Openness::Open),
];

/// What is known of the values at one place of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    target: Target,
    /// The lists (`-`) and maps (`*`) that stand before the target.
    through: &'static str,
    /// How the next list pairs.
    pub(super) pairing: Pairing,
}

/// How the items of a list pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// By their order.
    Sequence,
    /// By the values under these keys.
    Keys(&'static [&'static str], Order),
    /// As members of a set.
    Set,
    /// By a key that all of them have, if there is one.
    Guess,
}

/// Whether the order of a list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Something reads it.
    Counts,
    /// Nothing reads it.
    Free,
}

/// What a scalar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    /// A Kubernetes quantity.
    Quantity,
    /// A duration, as Go or Prometheus writes it.
    Duration,
    /// Nothing that is known.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Type(usize),
    Scalar(Scalar),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Openness {
    Open,
    Closed,
}

#[derive(Debug)]
struct Type {
    openness: Openness,
    fields: HashMap<&'static str, Shape>,
}

#[derive(Debug, Default)]
struct Facts {
    types: Vec<Type>,
    names: HashMap<&'static str, usize>,
    roots: HashMap<&'static str, usize>,
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let mut facts = Facts::default();
    facts.type_of("any", Openness::Open);
    for (text, openness) in TEXTS {
        facts.read(text, openness);
    }
    facts
});

impl Shape {
    /// Of which nothing is known: fields with common names are guessed.
    pub(super) const ANY: Self = Self { target: Target::Type(0), through: "", pairing: Pairing::Guess };
    /// Of which it is known that there is nothing to know.
    const NOTHING: Self =
        Self { target: Target::Scalar(Scalar::Other), through: "", pairing: Pairing::Sequence };

    /// The shape of an object, or of any map that says which kind of object it is; else the shape itself.
    pub(super) fn of_map(self, old: &Map<String, Value>, new: &Map<String, Value>) -> Self {
        if self.target != Self::ANY.target || !self.through.is_empty() {
            return self;
        }
        match (root(old), root(new)) {
            (Some(old), Some(new)) if old == new => Self { target: Target::Type(old), ..Self::ANY },
            _ => self,
        }
    }

    /// The shape of what a map has under a key.
    pub(super) fn at_key(self, key: &str) -> Self {
        if let Some(through) = self.through.strip_prefix('*') {
            return Self { through, ..self };
        }
        let Target::Type(index) = self.target else { return Self::NOTHING };
        let Some(known) = FACTS.types.get(index) else { return Self::ANY };
        let field = known.fields.get(key).copied();
        match known.openness {
            Openness::Closed => field.unwrap_or(Self::NOTHING),
            Openness::Open => field.or_else(|| FACTS.types[0].fields.get(key).copied()).unwrap_or(Self::ANY),
        }
    }

    /// The shape of the items of a list.
    pub(super) fn at_item(self) -> Self {
        Self { through: self.through.strip_prefix('-').unwrap_or(self.through), ..self }
    }

    /// What a scalar here is.
    pub(super) fn scalar(self) -> Scalar {
        match self.target {
            Target::Scalar(scalar) if self.through.is_empty() => scalar,
            _ => Scalar::Other,
        }
    }
}

/// The type that is the root of a map's kind.
fn root(map: &Map<String, Value>) -> Option<usize> {
    let kind = map.get("kind")?.as_str()?;
    let version = map.get("apiVersion")?.as_str()?;
    match version.split_once('/') {
        None => FACTS.roots.get(kind).copied(),
        Some((group, _)) => FACTS.roots.get(format!("{kind}.{group}").as_str()).copied(),
    }
}

impl Facts {
    fn read(&mut self, text: &'static str, openness: Openness) {
        let mut current = 0;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split_ascii_whitespace();
            let Some(first) = words.next() else { continue };
            if line.starts_with(' ') {
                self.field(current, first, words);
            } else {
                current = self.type_of(first, openness);
                self.roots.extend(words.next().map(|kind| (kind, current)));
            }
        }
    }

    fn type_of(&mut self, name: &'static str, openness: Openness) -> usize {
        if let Some(index) = self.names.get(name) {
            return *index;
        }
        let index = self.add(openness);
        self.names.insert(name, index);
        index
    }

    fn add(&mut self, openness: Openness) -> usize {
        self.types.push(Type { openness, fields: HashMap::new() });
        self.types.len() - 1
    }

    fn field(&mut self, owner: usize, path: &'static str, words: impl Iterator<Item = &'static str>) {
        let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
        let owner = parents.split('.').filter(|part| !part.is_empty()).fold(owner, |at, part| {
            let (part, through) = part.strip_suffix("[]").map_or((part, ""), |part| (part, "-"));
            self.step(at, part, through)
        });
        let known = self.types[owner].fields.get(key).copied();
        let mut shape = known.unwrap_or_else(|| self.unnamed(owner));
        for word in words {
            match word {
                "-" | "*" | "-*" | "*-" => shape.through = word,
                "quantity" => shape.target = Target::Scalar(Scalar::Quantity),
                "duration" => shape.target = Target::Scalar(Scalar::Duration),
                _ if word.starts_with(['[', '{']) => shape.pairing = pairing(word),
                // A type may be named before its own line: whoever comes first makes it.
                _ => shape.target = Target::Type(self.type_of(word, self.types[owner].openness)),
            }
        }
        self.types[owner].fields.insert(key, shape);
    }

    /// The type below a key, made where there is none.
    fn step(&mut self, owner: usize, key: &'static str, through: &'static str) -> usize {
        let mut shape = self.types[owner].fields.get(key).copied().unwrap_or_else(|| self.unnamed(owner));
        let index = match shape.target {
            Target::Type(index) if index != 0 => index,
            _ => self.add(self.types[owner].openness),
        };
        shape.target = Target::Type(index);
        shape.through = through;
        self.types[owner].fields.insert(key, shape);
        index
    }

    /// The shape of a field that nothing is said of.
    fn unnamed(&self, owner: usize) -> Shape {
        match self.types[owner].openness {
            Openness::Open => Shape::ANY,
            Openness::Closed => Shape::NOTHING,
        }
    }
}

fn pairing(word: &'static str) -> Pairing {
    let (keys, order) = match word.strip_suffix('~') {
        Some(keys) => (keys, Order::Free),
        None => (word, Order::Counts),
    };
    match keys.strip_prefix('[').and_then(|keys| keys.strip_suffix(']')) {
        // The table lives as long as the program, and so do its keys.
        Some(keys) => Pairing::Keys(Vec::leak(keys.split(',').collect()), order),
        None => Pairing::Set,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(kind: &str, version: &str, path: &str) -> Shape {
        let object = json!({"apiVersion": version, "kind": kind});
        let map = object.as_object().unwrap();
        path.split('.').fold(Shape::ANY.of_map(map, map), |shape, key| match key.strip_suffix("[]") {
            Some(key) => shape.at_key(key).at_item(),
            None => shape.at_key(key),
        })
    }

    #[test]
    fn lists_pair_as_kubernetes_merges_them() {
        let table: &[(&str, &str, &str, &[&str])] = &[
            ("Deployment", "apps/v1", "spec.template.spec.containers", &["name"]),
            ("Deployment", "apps/v1", "spec.template.spec.initContainers[].env", &["name"]),
            ("Pod", "v1", "spec.ephemeralContainers[].ports", &["containerPort", "protocol"]),
            ("CronJob", "batch/v1", "spec.jobTemplate.spec.template.spec.volumes", &["name"]),
            ("Service", "v1", "spec.ports", &["port", "protocol"]),
            ("StatefulSet", "apps/v1", "spec.volumeClaimTemplates", &["metadata.name"]),
            ("ConfigMap", "v1", "metadata.ownerReferences", &["uid"]),
            ("Gateway", "gateway.networking.k8s.io/v1", "spec.listeners", &["name"]),
            (
                "HTTPRoute",
                "gateway.networking.k8s.io/v1",
                "spec.rules[].filters[].requestHeaderModifier.set",
                &["name"],
            ),
            (
                "Rollout",
                "argoproj.io/v1alpha1",
                "spec.template.spec.containers[].volumeMounts",
                &["mountPath"],
            ),
            ("ExternalSecret", "external-secrets.io/v1", "spec.data", &["secretKey"]),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[].http.paths", &["path"]),
            ("Unknown", "example.org/v1", "spec.anything.containers", &["name"]),
            (
                "CustomResourceDefinition",
                "apiextensions.k8s.io/v1",
                "spec.versions[].schema.openAPIV3Schema.properties.spec.items.x-kubernetes-validations",
                &["rule"],
            ),
        ];
        for (kind, version, path, expected) in table {
            let Pairing::Keys(keys, _) = at(kind, version, path).pairing else {
                panic!("{kind} {path} has no keys")
            };
            assert_eq!(keys, *expected, "{kind} {path}");
        }
    }

    #[test]
    fn atomic_lists_of_known_kinds_are_sequences_and_unknown_ones_are_guessed() {
        let sequences = [
            ("Deployment", "apps/v1", "spec.template.spec.tolerations"),
            ("Deployment", "apps/v1", "spec.template.spec.containers[].args"),
            ("ClusterRole", "rbac.authorization.k8s.io/v1", "rules"),
            ("HorizontalPodAutoscaler", "autoscaling/v2", "spec.metrics"),
        ];
        for (kind, version, path) in sequences {
            assert_eq!(at(kind, version, path).pairing, Pairing::Sequence, "{kind} {path}");
        }
        assert_eq!(at("ConfigMap", "v1", "metadata.finalizers").pairing, Pairing::Set);
        assert_eq!(at("Unknown", "example.org/v1", "spec.things").pairing, Pairing::Guess);
    }

    #[test]
    fn quantities_and_durations_are_known_by_their_place() {
        let table = [
            (
                "Deployment",
                "apps/v1",
                "spec.template.spec.containers[].resources.limits.cpu",
                Scalar::Quantity,
            ),
            ("Pod", "v1", "spec.volumes[].emptyDir.sizeLimit", Scalar::Quantity),
            ("Pod", "v1", "spec.containers[].env[].valueFrom.resourceFieldRef.divisor", Scalar::Quantity),
            ("PersistentVolumeClaim", "v1", "spec.resources.requests.storage", Scalar::Quantity),
            (
                "StatefulSet",
                "apps/v1",
                "spec.volumeClaimTemplates[].spec.resources.requests.storage",
                Scalar::Quantity,
            ),
            (
                "HorizontalPodAutoscaler",
                "autoscaling/v2",
                "spec.metrics[].resource.target.averageValue",
                Scalar::Quantity,
            ),
            ("ResourceQuota", "v1", "spec.hard.pods", Scalar::Quantity),
            ("LimitRange", "v1", "spec.limits[].default.memory", Scalar::Quantity),
            ("PrometheusRule", "monitoring.coreos.com/v1", "spec.groups[].rules[].for", Scalar::Duration),
            ("ExternalSecret", "external-secrets.io/v1", "spec.refreshInterval", Scalar::Duration),
            ("Deployment", "apps/v1", "spec.replicas", Scalar::Other),
            ("ConfigMap", "v1", "data.cpu", Scalar::Other),
        ];
        for (kind, version, path, expected) in table {
            assert_eq!(at(kind, version, path).scalar(), expected, "{kind} {path}");
        }
    }

    #[test]
    fn every_type_that_is_named_is_described() {
        let described = |name: &str| {
            TEXTS.iter().any(|(text, _)| text.lines().any(|line| line.split(' ').next() == Some(name)))
        };
        for name in FACTS.names.keys() {
            assert!(described(name), "{name}");
        }
    }
}
