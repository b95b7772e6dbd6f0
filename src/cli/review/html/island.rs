use std::fmt::Write;

use indexmap::IndexSet;

use super::node::Node;
use crate::{
    cli::{review::json::quiet, safe},
    model::{Group, Impact, Impacts, InstanceName},
};

/// What the page's script reads: instances, members, and the bodies that are not in the page yet.
///
/// A string is written once, and meant by its position from then on. A body is a tree: a number is text, a list an
/// element, its first item the position of its shape. So the script makes elements and never reads markup.
#[derive(Debug, Default)]
pub(super) struct Island {
    strings: IndexSet<String>,
    shapes: IndexSet<&'static str>,
    instances: IndexSet<[usize; 5]>,
    groups: Vec<String>,
    bodies: usize,
}

impl Island {
    pub(super) fn new() -> Self {
        let mut island = Self::default();
        island.string("");
        island
    }

    /// Adds the next group, with its body where the page has none.
    pub(super) fn add(&mut self, group: &Group, body: Option<&Node>) {
        let mut kinds: Vec<usize> = group.changes.iter().map(|change| self.string(kind(change))).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let members: Vec<usize> =
            group.members.iter().map(|member| self.instance(&member.instance)).collect();
        let mut out = format!("[{},{kinds:?},{members:?},", mask(group.impacts));
        match body {
            Some(body) => {
                self.bodies += 1;
                self.node(body, &mut out);
            }
            None => out.push('0'),
        }
        out.push(']');
        self.groups.push(out);
    }

    /// Whether a body is here and not in the page.
    pub(super) fn has_bodies(&self) -> bool {
        self.bodies > 0
    }

    /// The whole island as JSON that can stand in a script element.
    pub(super) fn print(&self) -> String {
        let strings = serde_json::to_string(&self.strings).unwrap_or_default();
        let shapes = serde_json::to_string(&self.shapes).unwrap_or_default();
        let instances = serde_json::to_string(&self.instances).unwrap_or_default();
        let groups = self.groups.join(",\n");
        let json = format!(
            "{{\"strings\":{strings},\n\"shapes\":{shapes},\n\"instances\":{instances},\n\"groups\":[{groups}]}}"
        );
        quiet(&json).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }

    /// The position of a string, as it is shown.
    fn string(&mut self, text: &str) -> usize {
        let shown = safe::whole(text);
        match self.strings.get_index_of(shown.as_ref()) {
            Some(at) => at,
            None => self.strings.insert_full(shown.into_owned()).0,
        }
    }

    /// The position of an instance: environment, cluster, name, owner (or nothing), folder.
    fn instance(&mut self, instance: &InstanceName) -> usize {
        let texts = [
            instance.environment.as_str(),
            &instance.cluster,
            &instance.name,
            instance.owner.as_deref().unwrap_or_default(),
            instance.folder.as_str(),
        ];
        let entry = texts.map(|text| self.string(text));
        self.instances.insert_full(entry).0
    }

    fn node(&mut self, node: &Node, out: &mut String) {
        match node {
            Node::Text(text) => {
                let _ = write!(out, "{}", self.string(text));
            }
            Node::Element { shape, attributes, children } => {
                let _ = write!(out, "[{}", self.shapes.insert_full(shape).0);
                // The only attribute that bodies have: where a link leads comes before what is in it.
                for (_, value) in attributes.iter().filter(|(name, _)| *name == "href") {
                    let _ = write!(out, ",{}", self.string(value));
                }
                for child in children {
                    out.push(',');
                    self.node(child, out);
                }
                out.push(']');
            }
        }
    }
}

/// The kind of an object, or the format of a file, as the filters call it.
fn kind(change: &crate::model::ObjectChange) -> &str {
    change.id.as_ref().map_or_else(|| change.format.name(), |id| &id.kind)
}

/// A set of impacts as a number: one bit each, the least dangerous first.
fn mask(impacts: Impacts) -> u8 {
    let level = Impacts::from(impacts.level());
    let set = impacts.iter().chain(level.iter());
    set.fold(0, |mask, impact: Impact| mask | 1 << impact as u8)
}
