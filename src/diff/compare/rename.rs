//! Which of the objects that are gone came back under another name.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::similar::Sketch;
use crate::model::ObjectId;

/// From here on a gone and a new object are taken for one, as Git does for files.
const ALIKE: f64 = 0.6;
/// Pairs of one kind that are all looked at; of more, only those that share a rare leaf.
const ALL: usize = 4096;
/// A leaf that more objects of a side have than these tells nothing.
const RARE: usize = 16;

/// An object that has no partner of its identity on the other side.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its identity.
    pub id: &'a ObjectId,
    /// Its value.
    pub value: &'a Value,
}

/// Pairs objects of one group and kind that are alike, for the most part under another name or in another namespace.
///
/// Gives positions (removed, added), each at most once, ascending. Names that differ only in a hash at their end pair
/// first, whatever the objects hold. Then the most alike pair first, from six tenths of common fields on; the object's
/// own name within its fields counts for nothing. Equal candidates are told apart by their identities, so that the
/// order of the lists does not matter.
pub fn pair(removed: &[Candidate<'_>], added: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let added = by_kind(added);
    for (kind, removed) in by_kind(removed) {
        if let Some(added) = added.get(&kind) {
            pair_kind(&removed, added, &mut pairs);
        }
    }
    pairs.sort_unstable();
    pairs
}

/// One candidate, made ready.
struct Object<'a> {
    at: usize,
    id: &'a ObjectId,
    stem: Option<&'a str>,
    /// Its fields, without its name.
    fields: Sketch,
    /// Its fields as they are.
    exact: Sketch,
}

fn by_kind<'a>(candidates: &[Candidate<'a>]) -> BTreeMap<(&'a str, &'a str), Vec<Object<'a>>> {
    let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        kinds
            .entry((candidate.id.group.as_str(), candidate.id.kind.as_str()))
            .or_default()
            .push(Object::of(at, *candidate));
    }
    for objects in kinds.values_mut() {
        objects.sort_by(|left, right| left.id.cmp(right.id).then(left.at.cmp(&right.at)));
    }
    kinds
}

impl<'a> Object<'a> {
    fn of(at: usize, candidate: Candidate<'a>) -> Self {
        let told = told(candidate.value);
        let name = candidate.id.name.as_str();
        Self {
            at,
            id: candidate.id,
            stem: stem(name),
            fields: Sketch::without(&told, name),
            exact: Sketch::of(&told),
        }
    }
}

/// An object without what all of its kind have, and without its namespace.
fn told(value: &Value) -> Value {
    let Some(map) = value.as_object() else { return value.clone() };
    let kept = map.iter().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind" | "status"));
    let kept = kept.map(|(key, value)| {
        let value = match value.as_object() {
            Some(metadata) if key == "metadata" => Value::Object(without_namespace(metadata)),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(kept.collect())
}

fn without_namespace(metadata: &Map<String, Value>) -> Map<String, Value> {
    let kept = metadata.iter().filter(|(key, _)| *key != "namespace");
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// A name without the hash at its end; `None` for a name without one.
fn stem(name: &str) -> Option<&str> {
    let (stem, hash) = name.rsplit_once('-')?;
    let is_hash = (5..=16).contains(&hash.len())
        && hash.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && hash.bytes().any(|byte| byte.is_ascii_digit());
    is_hash.then_some(stem)
}

/// How alike two objects are: whether their names differ in a hash alone, their fields, and those with the names.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Score(bool, f64, f64);

fn pair_kind(removed: &[Object<'_>], added: &[Object<'_>], pairs: &mut Vec<(usize, usize)>) {
    let mut scored: Vec<(Score, usize, usize)> = Vec::new();
    for (i, j) in candidates(removed, added) {
        scored.extend(score(&removed[i], &added[j]).map(|score| (score, i, j)));
    }
    scored.sort_by(|left, right| {
        let best_first = right.0.partial_cmp(&left.0).unwrap_or(std::cmp::Ordering::Equal);
        best_first.then((left.1, left.2).cmp(&(right.1, right.2)))
    });
    let (mut gone, mut come) = (vec![false; removed.len()], vec![false; added.len()]);
    for (_, i, j) in scored {
        if !gone[i] && !come[j] {
            (gone[i], come[j]) = (true, true);
            pairs.push((removed[i].at, added[j].at));
        }
    }
}

fn score(removed: &Object<'_>, added: &Object<'_>) -> Option<Score> {
    let hashed =
        removed.stem.is_some() && removed.stem == added.stem && removed.id.namespace == added.id.namespace;
    let fields = removed.fields.likeness(&added.fields);
    (hashed || fields >= ALIKE).then(|| Score(hashed, fields, removed.exact.likeness(&added.exact)))
}

/// The pairs worth a look: all of few, else those with a hashed name or a rare leaf in common.
fn candidates(removed: &[Object<'_>], added: &[Object<'_>]) -> Vec<(usize, usize)> {
    if removed.len().saturating_mul(added.len()) <= ALL {
        return (0..removed.len()).flat_map(|i| (0..added.len()).map(move |j| (i, j))).collect();
    }
    let mut found = Vec::new();
    let stems = index(added.iter().map(|object| object.stem.into_iter().collect()));
    let leaves = index(added.iter().map(|object| object.exact.leaves().to_vec()));
    let fields = index(added.iter().map(|object| object.fields.leaves().to_vec()));
    for (i, object) in removed.iter().enumerate() {
        let by_stem = object.stem.and_then(|stem| stems.get(&stem)).into_iter().flatten();
        let by_leaf = object.exact.leaves().iter().filter_map(|leaf| leaves.get(leaf)).flatten();
        let by_field = object.fields.leaves().iter().filter_map(|leaf| fields.get(leaf)).flatten();
        found.extend(by_stem.chain(by_leaf).chain(by_field).map(|j| (i, *j)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Where each mark stands; marks that stand in too many places tell nothing.
fn index<T: std::hash::Hash + Eq>(marks: impl Iterator<Item = Vec<T>>) -> HashMap<T, Vec<usize>> {
    let mut places: HashMap<T, Vec<usize>> = HashMap::new();
    for (at, marks) in marks.enumerate() {
        for mark in marks {
            let places = places.entry(mark).or_default();
            if places.last() != Some(&at) && places.len() <= RARE {
                places.push(at);
            }
        }
    }
    places.retain(|_, places| places.len() <= RARE);
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, name: &str, spec: Value) -> (ObjectId, Value) {
        let id =
            ObjectId { group: String::new(), kind: kind.to_owned(), namespace: None, name: name.to_owned() };
        (
            id,
            json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "labels": {"app": name}}, "spec": spec}),
        )
    }

    fn paired(removed: &[(ObjectId, Value)], added: &[(ObjectId, Value)]) -> Vec<(usize, usize)> {
        let removed: Vec<_> = removed.iter().map(|(id, value)| Candidate { id, value }).collect();
        let added: Vec<_> = added.iter().map(|(id, value)| Candidate { id, value }).collect();
        pair(&removed, &added)
    }

    #[test]
    fn objects_that_are_alike_pair_within_their_kind() {
        let ports =
            json!({"ports": [{"port": 80}, {"port": 81}], "selector": {"app": "x"}, "type": "ClusterIP"});
        let removed = [
            object("Service", "shop", ports.clone()),
            object("Service", "far", json!({"other": 1, "things": 2})),
        ];
        let added = [
            object("Other", "till", ports.clone()),
            object("Service", "till", ports),
            object("Service", "near", json!({"a": 3, "b": 4, "c": 5})),
        ];
        assert_eq!(paired(&removed, &added), [(0, 1)]);
    }

    #[test]
    fn names_with_another_hash_at_their_end_pair_whatever_they_hold() {
        let removed = [
            object("ConfigMap", "app-config-3f2a91bc", json!({"a": 1})),
            object("ConfigMap", "app-files-0a0a0a0a", json!({"b": 1})),
        ];
        let added = [
            object("ConfigMap", "app-files-1b1b1b1b", json!({"x": 9, "y": 8})),
            object("ConfigMap", "app-config-77ab01cd", json!({"z": 7, "v": 6})),
        ];
        assert_eq!(paired(&removed, &added), [(0, 1), (1, 0)]);
        assert_eq!(stem("checkout-worker"), None);
        assert_eq!(stem("migrate-5d41402a"), Some("migrate"));
    }

    #[test]
    fn the_most_alike_pair_first_in_any_order() {
        let spec = |size: i64| json!({"a": 1, "b": 2, "c": 3, "d": 4, "size": size});
        let removed = [object("Job", "one", spec(1)), object("Job", "two", spec(2))];
        let added = [object("Job", "three", spec(2)), object("Job", "four", spec(1))];
        assert_eq!(paired(&removed, &added), [(0, 1), (1, 0)]);
        let turned = [added[1].clone(), added[0].clone()];
        assert_eq!(paired(&removed, &turned), [(0, 0), (1, 1)]);
    }

    /// Promise 1.
    #[test]
    fn many_objects_pair_soon() {
        let fleet = |prefix: &str| -> Vec<_> {
            (0..2000)
                .map(|at| {
                    object(
                        "Service",
                        &format!("{prefix}{at}"),
                        json!({"port": at, "ports": [at, at + 1], "host": format!("h{at}.example.org")}),
                    )
                })
                .collect()
        };
        let pairs = paired(&fleet("old-"), &fleet("new-"));
        assert_eq!(pairs, (0..2000).map(|at| (at, at)).collect::<Vec<_>>());
    }
}
