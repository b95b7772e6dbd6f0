//! Puts the same change in many places together, and orders what is left by danger.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use camino::Utf8PathBuf;

use super::{fingerprint::fingerprint, instance::InstanceChange};
use crate::model::{Cause, Group, Impacts, InstanceName, Member, ObjectChange, ObjectId};

/// The most edited places that one cause of a group names.
const MOST_PLACES: usize = 20;

/// Groups, and what their members' objects are called.
#[derive(Default)]
pub(super) struct Grouped {
    pub(super) groups: Vec<Group>,
    /// By folder and the first member's object, the object that is there; none where it is called the same.
    objects: HashMap<(Utf8PathBuf, ObjectId), ObjectId>,
}

impl Grouped {
    /// The object that a member has where the first member has this one.
    pub(super) fn object(&self, member: &Member, id: &ObjectId) -> ObjectId {
        let key = (member.instance.folder.clone(), id.clone());
        self.objects.get(&key).unwrap_or(id).clone()
    }
}

/// Groups changes: most dangerous first, then by how many places they touch, then by name.
///
/// What happens to one object is one change; an instance that comes or goes is one change with all of its objects.
pub(super) fn group(changes: Vec<InstanceChange>) -> Grouped {
    let mut objects = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for part in changes.into_iter().flat_map(parts) {
        let key = part.key();
        match known.get(&key).and_then(|at| groups.get_mut(*at)) {
            Some(group) => {
                objects.extend(part.objects_as_in(group));
                part.join(group);
            }
            None => {
                known.insert(key, groups.len());
                groups.extend(part.group());
            }
        }
    }
    groups.iter_mut().for_each(settle);
    groups.sort_by_cached_key(|group| {
        let title = group.changes.first().map(|change| change.id.as_ref().map(ToString::to_string));
        (Reverse(group.impacts.level()), Reverse(group.members.len()), title, group.members.first().cloned())
    });
    Grouped { groups, objects }
}

/// One change in one place.
struct Part {
    name: InstanceName,
    whole: bool,
    objects: Vec<ObjectChange>,
    causes: Vec<Cause>,
}

fn parts(change: InstanceChange) -> Vec<Part> {
    let InstanceChange { name, whole, objects, causes, .. } = change;
    let mut causes = causes.into_iter().chain(std::iter::repeat(Vec::new()));
    if whole {
        let causes: BTreeSet<Cause> = causes.by_ref().take(objects.len()).flatten().collect();
        return vec![Part { name, whole, objects, causes: causes.into_iter().collect() }];
    }
    let part = |(object, causes)| Part { name: name.clone(), whole, objects: vec![object], causes };
    objects.into_iter().zip(causes).map(part).collect()
}

impl Part {
    fn key(&self) -> String {
        let mut key = fingerprint(&self.name, &self.objects.iter().collect::<Vec<_>>());
        for cause in &self.causes {
            key.push_str(&format!("\n{:?} {:?}", cause.kind, cause.name));
        }
        key
    }

    fn member(&self) -> Option<Member> {
        Some(Member { instance: self.name.clone(), path: self.objects.first()?.path.clone() })
    }

    /// What this place's objects are called where the first member has others.
    fn objects_as_in(&self, group: &Group) -> Vec<((Utf8PathBuf, ObjectId), ObjectId)> {
        let first = group.changes.iter().map(|change| change.id.as_ref());
        let pairs = first.zip(self.objects.iter().map(|object| object.id.as_ref()));
        let different =
            pairs.filter_map(|(first, ours)| Some((first?, ours?))).filter(|(first, ours)| first != ours);
        different.map(|(first, ours)| ((self.name.folder.clone(), first.clone()), ours.clone())).collect()
    }

    fn join(self, group: &mut Group) {
        group.members.extend(self.member());
        for (of_group, ours) in group.causes.iter_mut().zip(self.causes) {
            of_group.places.extend(ours.places);
        }
    }

    fn group(self) -> Option<Group> {
        let member = self.member()?;
        let mut impacts = Impacts::default();
        self.objects.iter().for_each(|object| impacts.extend(object.impacts));
        let Self { whole, objects: changes, causes, .. } = self;
        Some(Group { changes, whole, members: vec![member], impacts, causes })
    }
}

/// Sorts members and places.
fn settle(group: &mut Group) {
    group.members.sort();
    for cause in &mut group.causes {
        cause.places.sort();
        cause.places.dedup();
        cause.places.truncate(MOST_PLACES);
    }
}
