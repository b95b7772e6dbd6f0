//! Puts other text at every place of a review that holds text from a repository.

use camino::Utf8PathBuf;
use serde_json::Value;

use crate::model::{
    Cause, FieldChange, Group, InstanceName, Member, ObjectChange, ObjectId, Place, Review, Shown, Step,
};

/// Gives the text that stands in the place of another.
pub(super) trait Texts {
    fn text(&mut self, original: &str) -> String;

    fn swap(&mut self, text: &mut String) {
        *text = self.text(text);
    }

    fn path(&mut self, path: &mut Utf8PathBuf) {
        *path = self.text(path.as_str()).into();
    }

    fn option(&mut self, text: &mut Option<String>) {
        text.iter_mut().for_each(|text| self.swap(text));
    }

    fn review(&mut self, review: &mut Review) {
        for side in [&mut review.base, &mut review.head] {
            self.swap(&mut side.name);
            self.option(&mut side.commit);
        }
        review.groups.iter_mut().for_each(|group| self.group(group));
        for rule in &mut review.rules {
            self.swap(&mut rule.message);
            rule.place.iter_mut().for_each(|place| self.place(place));
        }
        for gate in &mut review.gates {
            self.swap(&mut gate.when);
            self.swap(&mut gate.require);
        }
        for merge in &mut review.merges {
            self.swap(&mut merge.environment);
            merge.workloads.iter_mut().for_each(|name| self.swap(name));
        }
        if let Some(cost) = &mut review.cost {
            self.swap(&mut cost.currency);
            cost.unknown.iter_mut().for_each(|text| self.swap(text));
            for line in &mut cost.lines {
                self.swap(&mut line.environment);
                self.option(&mut line.owner);
            }
        }
    }

    fn group(&mut self, group: &mut Group) {
        group.changes.iter_mut().for_each(|change| self.change(change));
        group.members.iter_mut().for_each(|member| self.member(member));
        group.causes.iter_mut().for_each(|cause| self.cause(cause));
    }

    fn change(&mut self, change: &mut ObjectChange) {
        [&mut change.id, &mut change.before].into_iter().flatten().for_each(|id| self.id(id));
        self.path(&mut change.path);
        change.fields.iter_mut().for_each(|field| self.field(field));
        change.rules.iter_mut().for_each(|rule| self.swap(&mut rule.0));
        if let Some((old, new)) = &mut change.texts {
            self.swap(old);
            self.swap(new);
        }
    }

    fn id(&mut self, id: &mut ObjectId) {
        self.swap(&mut id.group);
        self.swap(&mut id.kind);
        self.option(&mut id.namespace);
        self.swap(&mut id.name);
    }

    fn field(&mut self, field: &mut FieldChange) {
        for step in &mut field.path.0 {
            match step {
                Step::Key(key) => self.swap(key),
                Step::Item(keys) => keys.iter_mut().for_each(|(key, value)| {
                    self.swap(key);
                    self.swap(value);
                }),
                Step::Index(_) | Step::Inside(_) => {}
            }
        }
        for shown in [&mut field.old, &mut field.new].into_iter().flatten() {
            if let Shown::Value(value) = shown {
                self.value(value);
            }
        }
        field.rules.iter_mut().for_each(|rule| self.swap(&mut rule.0));
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => self.swap(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(entries) => {
                let old = std::mem::take(entries);
                for (key, mut value) in old {
                    self.value(&mut value);
                    entries.insert(self.text(&key), value);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, member: &mut Member) {
        self.instance(&mut member.instance);
        self.path(&mut member.path);
    }

    fn instance(&mut self, instance: &mut InstanceName) {
        self.path(&mut instance.folder);
        self.swap(&mut instance.environment);
        self.swap(&mut instance.cluster);
        self.swap(&mut instance.name);
        self.option(&mut instance.owner);
    }

    fn cause(&mut self, cause: &mut Cause) {
        self.option(&mut cause.name);
        cause.places.iter_mut().for_each(|place| self.place(place));
    }

    fn place(&mut self, place: &mut Place) {
        self.path(&mut place.path);
    }
}
