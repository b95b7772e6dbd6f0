use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{Instance, Place};
use crate::{
    cli::review::words,
    model::{self, Action, CauseKind, FieldKind, Format, Impact, Impacts, Mark, RuleName, Shown, Step},
};

/// One change, in all the places where it happens.
#[derive(Debug, Serialize)]
pub(super) struct Group<'a> {
    title: String,
    level: Impact,
    impacts: Impacts,
    whole: bool,
    changes: Vec<Change<'a>>,
    members: Vec<Member<'a>>,
    causes: Vec<Cause<'a>>,
}

impl<'a> Group<'a> {
    pub(super) fn of(group: &'a model::Group) -> Self {
        Self {
            title: words::title(group).set(str::to_owned),
            level: group.impacts.level(),
            impacts: group.impacts,
            whole: group.whole,
            changes: group.changes.iter().map(Change::of).collect(),
            members: group.members.iter().map(Member::of).collect(),
            causes: group.causes.iter().map(Cause::of).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Member<'a> {
    instance: Instance<'a>,
    path: &'a str,
}

impl<'a> Member<'a> {
    fn of(member: &'a model::Member) -> Self {
        Self { instance: Instance::of(&member.instance), path: member.path.as_str() }
    }
}

#[derive(Debug, Serialize)]
struct Cause<'a> {
    kind: CauseKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    places: Vec<Place<'a>>,
}

impl<'a> Cause<'a> {
    fn of(cause: &'a model::Cause) -> Self {
        Self {
            kind: cause.kind,
            name: cause.name.as_deref(),
            places: cause.places.iter().map(Place::of).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Change<'a> {
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Object<'a>>,
    path: &'a str,
    format: Format,
    level: Impact,
    impacts: Impacts,
    rules: &'a [RuleName],
    marks: &'a [Mark],
    fields: Vec<Field<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    texts: Option<Texts<'a>>,
}

#[derive(Debug, Serialize)]
struct Texts<'a> {
    old: &'a str,
    new: &'a str,
}

impl<'a> Change<'a> {
    fn of(change: &'a model::ObjectChange) -> Self {
        Self {
            action: change.action,
            object: change.id.as_ref().map(Object::of),
            before: change.before.as_ref().map(Object::of),
            path: change.path.as_str(),
            format: change.format,
            level: change.impacts.level(),
            impacts: change.impacts,
            rules: &change.rules,
            marks: &change.marks,
            fields: change.fields.iter().map(Field::of).collect(),
            texts: change.texts.as_ref().map(|(old, new)| Texts { old, new }),
        }
    }
}

/// The identity of a Kubernetes object; without a namespace for one of the cluster.
#[derive(Debug, Serialize)]
struct Object<'a> {
    group: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
}

impl<'a> Object<'a> {
    fn of(id: &'a model::ObjectId) -> Self {
        Self { group: &id.group, kind: &id.kind, namespace: id.namespace.as_deref(), name: &id.name }
    }
}

#[derive(Debug, Serialize)]
struct Field<'a> {
    path: String,
    steps: Vec<Walked<'a>>,
    kind: FieldKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Seen<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Seen<'a>>,
    level: Impact,
    impacts: Impacts,
    rules: &'a [RuleName],
    specific: bool,
}

impl<'a> Field<'a> {
    fn of(field: &'a model::FieldChange) -> Self {
        Self {
            path: field.path.to_string(),
            steps: field.path.0.iter().map(Walked).collect(),
            kind: field.kind,
            old: field.old.as_ref().map(Seen::of),
            new: field.new.as_ref().map(Seen::of),
            level: field.impacts.level(),
            impacts: field.impacts,
            rules: &field.rules,
            specific: field.specific,
        }
    }
}

/// A value, or that there is one which nobody may see.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Seen<'a> {
    Value { value: &'a Value },
    Secret { secret: bool },
}

impl<'a> Seen<'a> {
    fn of(shown: &'a Shown) -> Self {
        match shown {
            Shown::Value(value) => Self::Value { value },
            Shown::Secret => Self::Secret { secret: true },
        }
    }
}

/// One step of a path: an object with one entry, which says what kind of step it is.
#[derive(Debug)]
struct Walked<'a>(&'a Step);

/// The values of an item under its merge keys.
struct Keys<'a>(&'a [(String, String)]);

impl Serialize for Walked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self.0 {
            Step::Key(key) => map.serialize_entry("key", key)?,
            Step::Item(keys) => map.serialize_entry("item", &Keys(keys))?,
            Step::Index(index) => map.serialize_entry("index", index)?,
            Step::Inside(format) => map.serialize_entry("inside", format)?,
        }
        map.end()
    }
}

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
