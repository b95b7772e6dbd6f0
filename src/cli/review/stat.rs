use std::cmp::Reverse;

use indexmap::IndexMap;

use super::{View, words};
use crate::{
    cli::{safe, terminal::Paint},
    model::{Action, Group, Impact, ObjectChange, Review},
};

/// Columns of the longest bar.
const LONGEST_BAR: usize = 24;

/// What is counted together: an environment and a kind of object.
type Key<'a> = (&'a str, &'a str);

/// The counts of one line.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    added: usize,
    changed: usize,
    removed: usize,
    level: Option<Impact>,
}

impl Tally {
    fn all(self) -> usize {
        self.added + self.changed + self.removed
    }

    fn add(&mut self, action: Action, impact: Impact) {
        match action {
            Action::Added => self.added += 1,
            Action::Removed => self.removed += 1,
            Action::Changed | Action::Renamed => self.changed += 1,
        }
        self.level = self.level.max(Some(impact));
    }
}

/// Prints how much changes: a line for each kind of object in each environment, then the totals.
///
/// Lines come by environment, in the order in which the review first names them, and then most dangerous first. Each has
/// a count of objects, a bar of `+` (added), `~` (changed) and `-` (removed), and the most dangerous impact.
pub(crate) fn stat(review: &Review, view: &View) -> String {
    let rows = rows(review);
    let key = |(environment, kind): &Key<'_>| match environment.is_empty() {
        true => (String::new(), safe::line(kind).into_owned()),
        false => (safe::line(environment).into_owned(), safe::line(kind).into_owned()),
    };
    let named: Vec<((String, String), Tally)> =
        rows.iter().map(|(name, tally)| (key(name), *tally)).collect();
    let wide =
        |width: fn(&(String, String)) -> usize| named.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let (first, second) = (wide(|key| key.0.chars().count()), wide(|key| key.1.chars().count()));
    let most = named.iter().map(|(_, tally)| tally.all()).max().unwrap_or(0);
    let digits = most.to_string().len();
    let mut out = String::new();
    for ((environment, kind), tally) in &named {
        let bar = bar(*tally, most, view);
        let level = tally.level.map_or("", Impact::name);
        out.push_str(&format!(
            " {environment:first$}  {kind:second$} | {:digits$} {bar} {level}\n",
            tally.all()
        ));
    }
    out.push_str(&format!(" {}\n {}\n", words::extent(&review.counts), words::objects(&review.counts)));
    safe::log(&out).into_owned()
}

/// Counts the objects of every group, in all its places.
fn rows(review: &Review) -> Vec<(Key<'_>, Tally)> {
    let mut tallies: IndexMap<Key<'_>, Tally> = IndexMap::new();
    for group in &review.groups {
        for (environment, members) in environments(group) {
            for change in &group.changes {
                let tally = tallies.entry((environment, kind(change))).or_default();
                (0..members).for_each(|_| tally.add(change.action, change.impacts.level()));
            }
        }
    }
    let order: IndexMap<&str, ()> = tallies.keys().map(|(environment, _)| (*environment, ())).collect();
    let mut rows: Vec<(Key<'_>, Tally)> = tallies.into_iter().collect();
    rows.sort_by_key(|((environment, kind), tally)| {
        (order.get_index_of(environment), Reverse(tally.level), Reverse(tally.all()), *kind)
    });
    rows
}

/// How many members each environment has; the empty name where a tree does not tell.
fn environments(group: &Group) -> IndexMap<&str, usize> {
    let mut counts = IndexMap::new();
    for member in &group.members {
        *counts.entry(member.instance.environment.as_str()).or_default() += 1;
    }
    counts
}

/// The kind of an object; the name of a file that holds none.
fn kind(change: &ObjectChange) -> &str {
    match &change.id {
        Some(id) => &id.kind,
        None => change.path.file_name().unwrap_or(change.path.as_str()),
    }
}

/// A bar of signs; every count that is not zero has at least one.
fn bar(tally: Tally, most: usize, view: &View) -> String {
    let scaled = |count: usize| match most > LONGEST_BAR {
        true => (count * LONGEST_BAR).div_ceil(most),
        false => count,
    };
    let parts = [
        (tally.added, "+", Paint::Green),
        (tally.changed, "~", Paint::Yellow),
        (tally.removed, "-", Paint::Red),
    ];
    let parts = parts.iter().filter(|(count, _, _)| *count > 0);
    parts.map(|(count, sign, paint)| view.paint(*paint, &sign.repeat(scaled(*count)))).collect()
}
