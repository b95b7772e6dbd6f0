//! Instances that only have another name: one that goes and one that comes, with similar objects in them.

use std::collections::BTreeMap;

use super::{
    compare::{Candidate, Document, documents, pair},
    instance::Job,
    matching::{Matched, name},
};
use crate::model::{InstanceInput, InstanceOutput, InstanceWord, ObjectId};

/// More instances than this in one cluster are not looked at: then much more than a name changed.
const MOST: usize = 100;

/// Environment, cluster and kind.
type Place = (String, String, InstanceWord);

/// Puts instances together that go and come under another name.
pub(super) fn renamed(differ: &mut Vec<Matched<'_>>, job: &Job<'_>) {
    let mut places: BTreeMap<Place, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (index, matched) in differ.iter().enumerate() {
        let Some(name) = matched.input().map(name) else { continue };
        let place = places.entry((name.environment, name.cluster, name.kind)).or_default();
        match (matched.base, matched.head) {
            (Some(_), None) => place.0.push(index),
            (None, Some(_)) => place.1.push(index),
            _ => {}
        }
    }
    let mut joined = Vec::new();
    for (removed, added) in places.into_values() {
        if !removed.is_empty() && !added.is_empty() && removed.len() + added.len() <= MOST {
            joined.extend(join(differ, &removed, &added, job));
        }
    }
    for (gone, come) in &joined {
        let base = differ.get(*gone).and_then(|matched| matched.base);
        if let Some(matched) = differ.get_mut(*come) {
            matched.base = base;
        }
    }
    let mut index = 0;
    differ.retain(|_| {
        index += 1;
        !joined.iter().any(|(gone, _)| *gone == index - 1)
    });
}

/// For each instance that came the one that it was before, by positions: most of the objects are similar.
fn join(differ: &[Matched<'_>], removed: &[usize], added: &[usize], job: &Job<'_>) -> Vec<(usize, usize)> {
    let objects = |indices: &[usize],
                   input: fn(&Matched<'_>) -> Option<InstanceInput>,
                   render: &dyn Fn(&InstanceInput) -> InstanceOutput| {
        let mut found: Vec<(usize, ObjectId, Document)> = Vec::new();
        for index in indices {
            let Some(input) = differ.get(*index).and_then(input) else { continue };
            for artifact in render(&input).artifacts {
                let parts = documents(&artifact.path, &artifact.bytes);
                found.extend(
                    parts.into_iter().filter_map(|document| Some((*index, document.id.clone()?, document))),
                );
            }
        }
        found
    };
    let gone = objects(removed, |matched| matched.base.cloned(), &|input| job.render_base(input));
    let come = objects(added, |matched| matched.head.cloned(), &|input| job.render_head(input));
    let mut votes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (one, other) in pair(&candidates(&gone), &candidates(&come)) {
        if let (Some((from, ..)), Some((to, ..))) = (gone.get(one), come.get(other)) {
            *votes.entry((*from, *to)).or_default() += 1;
        }
    }
    elect(votes, &gone)
}

fn candidates(objects: &[(usize, ObjectId, Document)]) -> Vec<Candidate<'_>> {
    objects.iter().map(|(_, id, document)| Candidate { id, value: &document.value }).collect()
}

/// The pairs with the most votes, each instance once; at least half of the objects that went.
fn elect(
    votes: BTreeMap<(usize, usize), usize>,
    gone: &[(usize, ObjectId, Document)],
) -> Vec<(usize, usize)> {
    let mut votes: Vec<((usize, usize), usize)> = votes.into_iter().collect();
    votes.sort_by_key(|(pair, votes)| (std::cmp::Reverse(*votes), *pair));
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    for ((from, to), count) in votes {
        let of = gone.iter().filter(|(index, ..)| *index == from).count();
        if count * 2 >= of && !chosen.iter().any(|(a, b)| *a == from || *b == to) {
            chosen.push((from, to));
        }
    }
    chosen
}
