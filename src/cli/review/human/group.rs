use indexmap::IndexMap;

use super::field;
use crate::{
    cli::{
        review::{Phrase, View, words, wrap::wrap},
        terminal::Paint,
    },
    model::{Action, Cause, Group, Member, ObjectChange, Review},
};

/// Objects of a whole instance beyond this many are counted, not named, unless verbose.
const MOST_OBJECTS: usize = 8;

/// Places of a cause beyond this many are counted, not named, unless verbose.
const MOST_PLACES: usize = 3;

/// One group: what and where, its fields, why, and who has to agree.
pub(super) fn group(review: &Review, at: usize, group: &Group, view: &View) -> String {
    let mut out = title(group, view);
    if group.whole {
        out.push_str(&objects(group, view));
    }
    for change in group.changes.iter().filter(|_| !group.whole) {
        out.push_str(&object(change, group.changes.len() > 1, view));
    }
    out.push_str(&exemplar(group, view));
    group.causes.iter().for_each(|cause| out.push_str(&because(cause, view)));
    out.push_str(&asked(review, at, view));
    if view.verbose && group.members.len() > 1 {
        out.push_str(&members(&group.members, view));
    }
    out
}

/// `~ Deployment/checkout changed in production/eu-1, workload checkout`.
fn title(group: &Group, view: &View) -> String {
    let action = words::action(group);
    let sign = words::sign(action).to_string();
    let first = format!("{} ", view.paint(paint(action), &sign));
    format!("{}\n", view.wrap(&words::title(group), &first, "    "))
}

fn paint(action: Action) -> Paint {
    match action {
        Action::Added => Paint::Green,
        Action::Removed => Paint::Red,
        Action::Changed | Action::Renamed => Paint::Yellow,
    }
}

/// The objects of an instance that comes or goes, by name.
fn objects(group: &Group, view: &View) -> String {
    let most = view.most(MOST_OBJECTS);
    let shown: Vec<Phrase> =
        group.changes.iter().take(most).map(|change| words::object(change, true)).collect();
    let mut phrase = Phrase::default();
    for (at, object) in shown.into_iter().enumerate() {
        phrase = if at == 0 { phrase } else { phrase.words(", ") }.then(object);
    }
    let rest = group.changes.len().saturating_sub(most);
    let phrase = if rest > 0 { phrase.words(format!(" and {rest} more")) } else { phrase };
    match group.changes.is_empty() {
        true => String::new(),
        false => format!("{}\n", view.wrap(&phrase, "    ", "    ")),
    }
}

/// What differs in one object.
fn object(change: &ObjectChange, named: bool, view: &View) -> String {
    let mut out = String::new();
    if named {
        let phrase = words::object(change, true).words(format!(" {}", words::happens(change.action)));
        out.push_str(&format!("{}\n", view.wrap(&phrase, "    ", "        ")));
    }
    for mark in &change.marks {
        let mark = view.paint(Paint::Yellow, &format!("! {}", words::mark(*mark)));
        out.push_str(&format!("    {mark}\n"));
    }
    match expected(change).filter(|_| !view.verbose) {
        Some((rest, line)) => out.push_str(&(field::fields(&rest, view) + &line)),
        None => out.push_str(&field::fields(change, view)),
    }
    if view.verbose && !change.rules.is_empty() {
        out.push_str(&rule_line(change.rules.iter().map(|rule| rule.0.as_str()), "    ", view));
    }
    out
}

/// The change without the fields in which two environments are expected to differ, and how many those are.
fn expected(change: &ObjectChange) -> Option<(ObjectChange, String)> {
    let mut rest = change.clone();
    rest.fields.retain(|field| !field.specific);
    let hidden = change.fields.len() - rest.fields.len();
    let fields = if hidden == 1 { "field" } else { "fields" };
    (hidden > 0)
        .then(|| (rest, format!("    and {hidden} {fields} in which environments are expected to differ\n")))
}

/// The rules that decided on an impact.
pub(super) fn rule_line<'a>(rules: impl Iterator<Item = &'a str>, indent: &str, view: &View) -> String {
    let phrase = Phrase::default().names(rules);
    let first = format!("{indent}{} ", view.paint(Paint::Dim, "rule"));
    format!("{}\n", wrap(&phrase, &first, indent, view.width, view.color.then_some(Paint::Dim)))
}

/// Where the change that is shown stands, when it happens in many places and names were taken out.
fn exemplar(group: &Group, view: &View) -> String {
    match words::exemplar(group).filter(|_| words::names(group) > 1) {
        Some(phrase) => format!("{}\n", view.wrap(&phrase, "    ", "      ")),
        None => String::new(),
    }
}

fn because(cause: &Cause, view: &View) -> String {
    let phrase = words::cause(cause, view.most(MOST_PLACES));
    let first = format!("    {} ", view.paint(Paint::Dim, "because"));
    format!("{}\n", view.wrap(&phrase, &first, "      "))
}

/// Who a gate asks for because of this group.
fn asked(review: &Review, at: usize, view: &View) -> String {
    let names = words::asked(review, at);
    match names.is_empty() {
        true => String::new(),
        false => {
            let phrase = Phrase::default().names(names).words(" has to agree");
            format!("{}\n", view.wrap(&phrase, "    ", "      "))
        }
    }
}

/// All places of a group, by environment and cluster.
fn members(members: &[Member], view: &View) -> String {
    let mut places: IndexMap<String, Vec<&str>> = IndexMap::new();
    for member in members {
        let names = places.entry(words::place_of(&member.instance)).or_default();
        if names.last() != Some(&member.instance.name.as_str()) {
            names.push(&member.instance.name);
        }
    }
    let line = |(place, names): (&String, &Vec<&str>)| {
        let phrase = Phrase::default().name(place).words(": ").names(names.iter().copied());
        format!("{}\n", view.wrap(&phrase, "    in ", "      "))
    };
    places.iter().map(line).collect()
}
