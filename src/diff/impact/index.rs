//! The built-in rules by kind, so that judging an edit looks only at rules that can speak of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use super::{
    pattern::Pattern,
    rule::{self, Bound, BuiltInRule},
};

/// The rule for what is written differently and means the same.
pub(super) const SAME: &str = "default/same";

/// Kinds that run pods, and where the pod template is; a Pod is one itself.
const PODS: &[(&str, &str)] = &[
    ("ReplicationController", "spec.template"),
    ("PodTemplate", "template"),
    ("DaemonSet.apps", "spec.template"),
    ("Deployment.apps", "spec.template"),
    ("ReplicaSet.apps", "spec.template"),
    ("StatefulSet.apps", "spec.template"),
    ("Rollout.argoproj.io", "spec.template"),
    ("CronJob.batch", "spec.jobTemplate.spec.template"),
    ("Job.batch", "spec.template"),
    ("Service.serving.knative.dev", "spec.template"),
];

/// The rules, and which of them speak of a kind.
pub(super) struct Index {
    rules: &'static [BuiltInRule],
    /// By group, then by kind; the empty kind stands for all others of the group.
    groups: BTreeMap<String, BTreeMap<String, Vec<Entry<'static>>>>,
    /// For groups that no rule names.
    others: Vec<Entry<'static>>,
}

/// A rule, bound to a kind.
#[derive(Clone)]
pub(super) struct Entry<'r> {
    pub(super) rule: &'r BuiltInRule,
    pub(super) bound: Bound,
}

impl Index {
    /// The index of the rules that macadam brings, made once.
    pub(super) fn built_in() -> &'static Self {
        static RULES: LazyLock<Vec<BuiltInRule>> =
            LazyLock::new(|| rule::read().expect("our rules are read"));
        static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&RULES));
        &INDEX
    }

    fn new(rules: &'static [BuiltInRule]) -> Self {
        let named: BTreeSet<(&str, &str)> = rules
            .iter()
            .flat_map(|rule| &rule.kinds)
            .map(String::as_str)
            .chain(PODS.iter().map(|(kind, _)| *kind))
            .filter(|kind| *kind != "*")
            .map(split)
            .map(|(kind, group)| (group, if kind == "*" { "" } else { kind }))
            .collect();
        let mut groups: BTreeMap<String, BTreeMap<String, Vec<Entry<'static>>>> = BTreeMap::new();
        for (group, kind) in named {
            let kinds = groups.entry(group.to_owned()).or_default();
            kinds.entry(String::new()).or_insert_with(|| entries(rules, group, ""));
            kinds.insert(kind.to_owned(), entries(rules, group, kind));
        }
        Self { rules, groups, others: entries(rules, "*", "") }
    }

    pub(super) fn rules(&self) -> &'static [BuiltInRule] {
        self.rules
    }

    /// The rules that speak of a kind, fallbacks last.
    pub(super) fn of(&self, group: &str, kind: &str) -> &[Entry<'static>] {
        let Some(kinds) = self.groups.get(group) else { return &self.others };
        kinds.get(kind).or_else(|| kinds.get("")).map_or(&self.others, |entries| entries)
    }
}

/// Kind and group of `Kind.group`.
fn split(kind: &str) -> (&str, &str) {
    kind.split_once('.').unwrap_or((kind, ""))
}

fn entries(rules: &'static [BuiltInRule], group: &str, kind: &str) -> Vec<Entry<'static>> {
    let pod = PODS.iter().find(|(known, _)| split(known) == (kind, group));
    let pod = pod.and_then(|(_, path)| Pattern::parse(path));
    let is_pod = (kind, group) == ("Pod", "");
    let entry = |rule: &'static BuiltInRule| {
        let speaks = rule.kinds.iter().any(|known| match split(known) {
            ("*", "") => true,
            (_, of) if of != group => false,
            (known, _) => known == "*" || known == kind,
        });
        let bound = rule.bind(pod.as_ref(), is_pod).filter(|_| speaks)?;
        Some(Entry { rule, bound })
    };
    let mut entries: Vec<_> = rules.iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| entry.rule.fallback);
    entries
}
