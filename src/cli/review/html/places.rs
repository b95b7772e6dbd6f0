use indexmap::IndexMap;

use super::node::{Node, element, leaf};
use crate::{
    cli::{report::counted, review::words},
    model::{Group, Member},
};

/// Environments and clusters that are named at once.
const MOST_PLACES: usize = 12;

/// Names that are shown for each.
const MOST_NAMES: usize = 16;

/// Where a group happens, by environment and cluster; `None` for one place, which the title names.
pub(super) fn places(group: &Group) -> Option<Node> {
    if group.members.len() < 2 {
        return None;
    }
    let title = leaf("h4", format!("In {}", counted(group.members.len(), "place")));
    if words::names(group) == 1 {
        let places = group.members.iter().map(|member| words::place_of(&member.instance));
        return Some(element("div.places", [title, element("p.names", named(places, MOST_PLACES))]));
    }
    let mut rows: IndexMap<String, Vec<&Member>> = IndexMap::new();
    for member in &group.members {
        rows.entry(words::place_of(&member.instance)).or_default().push(member);
    }
    let mut list: Vec<Node> =
        rows.iter().take(MOST_PLACES).map(|(place, members)| row(place, members)).collect();
    if rows.len() > MOST_PLACES {
        list.push(leaf("p.more", format!("and {}", counted(rows.len() - MOST_PLACES, "more place"))));
    }
    Some(element("div.places", [title, element("div.table", list)]))
}

/// The members in one environment and cluster.
fn row(place: &str, members: &[&Member]) -> Node {
    let names = members.iter().map(|member| member.instance.name.clone());
    let mut head = vec![leaf("code", place)];
    head.extend((members.len() > 1).then(|| leaf("span.count", members.len().to_string())));
    element("div.place-row", [element("p.place", head), element("p.names", named(names, MOST_NAMES))])
}

/// Some names, and how many more there are.
fn named(names: impl ExactSizeIterator<Item = String>, most: usize) -> Vec<Node> {
    let left = names.len().saturating_sub(most);
    let mut out: Vec<Node> = names.take(most).map(|name| leaf("code", name)).collect();
    out.extend((left > 0).then(|| leaf("span.more", format!("and {left} more"))));
    out
}
