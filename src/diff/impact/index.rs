//! The built-in rules by kind, so that judging an edit looks only at rules that can speak of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde_json::Value;

use super::{
    pattern::{Fit, Pattern},
    rule::{self, Bound, BuiltInRule, Pod, Rules},
};

/// The rule for what is written differently and means the same.
pub(super) const SAME: &str = "default/same";

/// The rule for what the API server fills in.
pub(super) const WRITTEN_OUT: &str = "default/written-out";

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
    groups: BTreeMap<&'static str, BTreeMap<&'static str, Known>>,
    /// For groups that no rule names.
    others: Known,
}

/// What is known of a kind.
pub(super) struct Known {
    /// The rules that speak of it, fallbacks last.
    pub(super) entries: Vec<Entry>,
    defaults: Vec<(Pattern, &'static Value)>,
}

/// A rule, bound to a kind.
pub(super) struct Entry {
    pub(super) rule: &'static BuiltInRule,
    pub(super) bound: Bound,
}

impl Index {
    /// The index of the rules that macadam brings, made once.
    pub(super) fn built_in() -> &'static Self {
        static RULES: LazyLock<Rules> = LazyLock::new(|| rule::read().expect("our rules are read"));
        static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&RULES));
        &INDEX
    }

    fn new(rules: &'static Rules) -> Self {
        let kinds = rules.rules.iter().flat_map(|rule| &rule.kinds).map(String::as_str);
        let named: BTreeSet<(&str, &str)> = kinds
            .chain(PODS.iter().map(|(kind, _)| *kind))
            .filter(|kind| *kind != "*")
            .map(split)
            .map(|(kind, group)| (group, if kind == "*" { "" } else { kind }))
            .collect();
        let mut groups: BTreeMap<&str, BTreeMap<&str, Known>> = BTreeMap::new();
        for (group, kind) in named {
            let kinds = groups.entry(group).or_default();
            kinds.entry("").or_insert_with(|| Known::new(rules, group, ""));
            kinds.insert(kind, Known::new(rules, group, kind));
        }
        Self { rules: &rules.rules, groups, others: Known::new(rules, "*", "") }
    }

    pub(super) fn rules(&self) -> &'static [BuiltInRule] {
        self.rules
    }

    /// What is known of a kind.
    pub(super) fn of(&self, group: &str, kind: &str) -> &Known {
        let Some(kinds) = self.groups.get(group) else { return &self.others };
        kinds.get(kind).or_else(|| kinds.get("")).unwrap_or(&self.others)
    }
}

impl Known {
    fn new(rules: &'static Rules, group: &str, kind: &str) -> Self {
        let path = PODS.iter().find(|(known, _)| split(known) == (kind, group));
        let path = path.and_then(|(_, path)| Pattern::parse(path));
        let pod = match &path {
            Some(path) => Pod::At(path),
            None if (kind, group) == ("Pod", "") => Pod::Root,
            None => Pod::None,
        };
        let is_meant = |kinds: &[String]| {
            kinds.iter().any(|known| match split(known) {
                ("*", "") => true,
                (_, of) if of != group => false,
                (known, _) => known == "*" || known == kind,
            })
        };
        let meant = rules.rules.iter().filter(|rule| is_meant(&rule.kinds));
        let mut entries: Vec<Entry> =
            meant.filter_map(|rule| Some(Entry { rule, bound: rule.bind(pod)? })).collect();
        entries.sort_by_key(|entry| entry.rule.fallback);
        let defaults = rules.defaults.iter().filter(|one| is_meant(&one.kinds));
        let defaults = defaults.flat_map(|one| one.bind(pod).into_iter().map(move |path| (path, &one.value)));
        Self { entries, defaults: defaults.collect() }
    }

    /// Whether a value is what the API server takes where the field is absent.
    pub(super) fn is_default(&self, keys: &[&str], value: &Value) -> bool {
        self.defaults.iter().any(|(path, default)| *default == value && path.fit(keys) == Fit::Here)
    }
}

/// Kind and group of `Kind.group`.
fn split(kind: &str) -> (&str, &str) {
    kind.split_once('.').unwrap_or((kind, ""))
}
