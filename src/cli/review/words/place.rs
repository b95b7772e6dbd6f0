use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::happens;
use crate::{
    cli::{report::counted, review::Phrase},
    model::{Action, Group, InstanceName, InstanceWord, ObjectChange},
};

/// Environments beyond this many are counted, not named.
const MOST_ENVIRONMENTS: usize = 6;

/// What happens in a group: to its first object, or to the whole instance.
pub(crate) fn action(group: &Group) -> Action {
    group.changes.first().map_or(Action::Changed, |change| change.action)
}

/// A group in one line: `Deployment/checkout changed in production/eu-1, workload checkout`.
pub(crate) fn title(group: &Group) -> Phrase {
    let change = group.changes.first().filter(|_| !group.whole);
    let phrase = subject(group).words(format!(" {}", happens(action(group))));
    let phrase = match change.and_then(|change| change.before.as_ref()) {
        Some(id) => phrase.words(" from ").name(format!("{}/{}", id.kind, id.name)),
        None => phrase,
    };
    phrase.words(" ").then(whereabouts(group))
}

/// Where the change that is shown stands, when names were taken out of it.
pub(crate) fn exemplar(group: &Group) -> Option<Phrase> {
    let first = &group.members.first()?.instance;
    Some(Phrase::default().words("shown as in ").name(&first.name).words(", ").name(place_of(first)))
}

/// Whether all members of a group belong to one workload, resource or package.
fn one_name(group: &Group) -> bool {
    let mut names = group.members.iter().map(|member| (member.instance.kind, &member.instance.name));
    let first = names.next();
    names.all(|name| Some(name) == first)
}

/// What a group is about: `Deployment/checkout`, `Deployment` for many of them, `workload mailer`, or a file.
fn subject(group: &Group) -> Phrase {
    let one = one_name(group);
    match (group.whole, group.members.first(), group.changes.first()) {
        (true, Some(member), _) if one => instance(&member.instance),
        (true, Some(member), _) => Phrase::default().words(noun(member.instance.kind)),
        (false, _, Some(change)) => object(change, one),
        (false, Some(member), None) => Phrase::default().name(member.path.as_str()),
        (_, None, _) => Phrase::default().words("nothing"),
    }
}

/// An instance, such as `workload mailer`.
fn instance(instance: &InstanceName) -> Phrase {
    Phrase::default().words(format!("{} ", noun(instance.kind))).name(&instance.name)
}

/// An object by kind and name, such as `Deployment/checkout`; a file by its own name.
pub(crate) fn object(change: &ObjectChange, named: bool) -> Phrase {
    match (&change.id, named) {
        (Some(id), true) => Phrase::default().name(format!("{}/{}", id.kind, id.name)),
        (Some(id), false) => Phrase::default().name(&id.kind),
        (None, true) => Phrase::default().name(change.path.as_str()),
        (None, false) => Phrase::default().name(change.path.file_name().unwrap_or(change.path.as_str())),
    }
}

/// What an instance is called.
fn noun(word: InstanceWord) -> &'static str {
    match word {
        InstanceWord::Workload => "workload",
        InstanceWord::Resource => "resource",
        InstanceWord::Platform => "platform package",
        InstanceWord::Folder => "folder",
    }
}

/// Where a group happens: `in production/eu-1, workload ledger`, or `in 80 units: 40 workloads in dev (40), staging (40)`.
fn whereabouts(group: &Group) -> Phrase {
    match group.members.as_slice() {
        [] => Phrase::default(),
        [one] if group.whole || one.instance.kind == InstanceWord::Folder => {
            Phrase::default().words("in ").name(place_of(&one.instance))
        }
        [one] => Phrase::default()
            .words("in ")
            .name(place_of(&one.instance))
            .words(", ")
            .then(instance(&one.instance)),
        _ => spread(group),
    }
}

/// The environment and cluster of an instance, or its folder where a tree does not tell.
pub(crate) fn place_of(instance: &InstanceName) -> String {
    match (instance.environment.as_str(), instance.cluster.as_str()) {
        ("", _) => instance.folder.to_string(),
        (environment, "") => environment.to_owned(),
        (environment, cluster) => format!("{environment}/{cluster}"),
    }
}

/// How many instances a group touches: an instance with two such objects is one.
fn instances(group: &Group) -> usize {
    let folders: BTreeSet<_> = group.members.iter().map(|member| &member.instance.folder).collect();
    folders.len()
}

/// How often each environment is among the members of a group, in their order.
fn by_environment(group: &Group) -> Vec<(&str, usize)> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for member in &group.members {
        *counts.entry(member.instance.environment.as_str()).or_default() += 1;
    }
    counts.into_iter().filter(|(name, _)| !name.is_empty()).collect()
}

/// Many places, by count and environment.
fn spread(group: &Group) -> Phrase {
    let kinds: Vec<InstanceWord> = group.members.iter().map(|member| member.instance.kind).collect();
    let kind = kinds.first().copied().filter(|first| kinds.iter().all(|kind| kind == first));
    let units = if kind == Some(InstanceWord::Workload) { "unit" } else { "instance" };
    let touched = instances(group);
    let objects = group.members.len();
    let count = match objects == touched {
        true => counted(touched, units),
        false => format!("{} of {}", counted(objects, "object"), counted(touched, units)),
    };
    let phrase = Phrase::default().words(format!("in {count}"));
    let phrase = match (one_name(group), group.members.first(), kind) {
        (true, Some(member), _) if !group.whole => phrase.words(": ").name(&member.instance.name),
        (false, _, Some(kind)) => phrase.words(format!(": {}", counted(names(group), noun(kind)))),
        _ => phrase.words(":"),
    };
    environments(phrase, &by_environment(group))
}

/// Whether a title tells of every place by name: one workload, once in each of a few environments.
pub(crate) fn title_tells_all(group: &Group) -> bool {
    let counts = by_environment(group);
    let few = counts.len() == group.members.len() && counts.len() <= MOST_ENVIRONMENTS;
    group.members.len() < 2 || !group.whole && few && one_name(group)
}

/// How many different workloads, resources or packages a group touches.
pub(crate) fn names(group: &Group) -> usize {
    let names: BTreeSet<_> =
        group.members.iter().map(|member| (member.instance.kind, &member.instance.name)).collect();
    names.len()
}

/// Adds environments with their counts, where those say anything.
fn environments(phrase: Phrase, counts: &[(&str, usize)]) -> Phrase {
    if counts.is_empty() {
        return phrase;
    }
    let phrase = phrase.words(" in ");
    if counts.len() > MOST_ENVIRONMENTS {
        return phrase.words(counted(counts.len(), "environment"));
    }
    let single = counts.iter().all(|(_, count)| *count == 1);
    counts.iter().enumerate().fold(phrase, |phrase, (at, (name, count))| {
        let phrase = if at == 0 { phrase } else { phrase.words(", ") }.name(*name);
        if single || counts.len() == 1 { phrase } else { phrase.words(format!(" ({count})")) }
    })
}
