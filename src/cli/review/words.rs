//! Words that the printers of a review share.

use indexmap::IndexMap;

use super::Phrase;
use crate::{
    cli::report::counted,
    model::{
        Action, Cause, Cost, CostLine, Counts, FieldChange, FieldKind, GateCall, Group, Impact, InstanceName,
        InstanceWord, Mark, Merge, ObjectChange, Place, Range, Review, RuleChange, SideFindings, SideName,
    },
};

/// Environments beyond this many are counted, not named.
const MOST_ENVIRONMENTS: usize = 6;

/// What an impact means for whoever merges, in a few words.
pub(crate) fn meaning(impact: Impact) -> &'static str {
    match impact {
        Impact::DataLoss => "stored data can be lost",
        Impact::Replace => "an object has to be deleted and made anew",
        Impact::Exposure => "who can reach it changes",
        Impact::Privilege => "what somebody may do changes",
        Impact::Capacity => "more or less of what is paid for",
        Impact::Rollout => "pods are started again",
        Impact::Config => "what programs read changes",
        Impact::Cosmetic => "nothing that runs is different",
    }
}

/// What happens to an object, as a word after its name.
pub(crate) fn happens(action: Action) -> &'static str {
    match action {
        Action::Added => "added",
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Renamed => "renamed",
    }
}

/// The sign of what happens to an object.
pub(crate) fn sign(action: Action) -> char {
    match action {
        Action::Added => '+',
        Action::Removed => '-',
        Action::Changed | Action::Renamed => '~',
    }
}

/// The sign of what happens to a field.
pub(crate) fn field_sign(kind: FieldKind) -> char {
    match kind {
        FieldKind::Added => '+',
        FieldKind::Removed => '-',
        FieldKind::Changed | FieldKind::Reordered | FieldKind::Rewritten => '~',
    }
}

/// What a kind of change says beyond the two values.
fn field_note(kind: FieldKind) -> Option<&'static str> {
    match kind {
        FieldKind::Reordered => Some("same items, another order"),
        FieldKind::Rewritten => Some("same value, written differently"),
        _ => None,
    }
}

/// What is said of a field beyond its values.
pub(crate) fn note(field: &FieldChange) -> Option<&'static str> {
    let expected = field.specific.then_some("environments are expected to differ here");
    field_note(field.kind).or(expected)
}

/// What happens to a field, as a word after its path.
pub(crate) fn field_happens(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Added => "added",
        FieldKind::Removed => "removed",
        FieldKind::Changed | FieldKind::Reordered | FieldKind::Rewritten => "changed",
    }
}

/// What a mark says.
pub(crate) fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::InvisibleCharacters => "invisible or direction-changing characters come with it",
        Mark::DeployerAnnotation => "how Argo CD or Flux treat it changes",
        Mark::Mode => "its file mode changes",
        Mark::Opaque => "it cannot be compared by field",
    }
}

/// What stands for a secret value.
pub(crate) const SECRET: &str = "(secret)";

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

/// Who the gates of the base ask for because of a group, each once.
pub(crate) fn asked(review: &Review, at: usize) -> Vec<&str> {
    let gates = review.gates.iter().filter(|gate| !gate.proposed && gate.groups.contains(&at));
    let names: std::collections::BTreeSet<&str> = gates.map(|gate| gate.require.as_str()).collect();
    names.into_iter().collect()
}

/// Whether all members of a group belong to one workload, resource or package.
fn one_name(group: &Group) -> bool {
    let mut names = group.members.iter().map(|member| (member.instance.kind, &member.instance.name));
    let first = names.next();
    names.all(|name| Some(name) == first)
}

/// What a group is about: `Deployment/checkout`, `Deployment` for many of them, `workload mailer`, or a file.
pub(crate) fn subject(group: &Group) -> Phrase {
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
pub(crate) fn whereabouts(group: &Group) -> Phrase {
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
pub(crate) fn instances(group: &Group) -> usize {
    let folders: std::collections::BTreeSet<_> =
        group.members.iter().map(|member| &member.instance.folder).collect();
    folders.len()
}

/// How often each environment is among the members of a group, in their order.
pub(crate) fn by_environment(group: &Group) -> Vec<(&str, usize)> {
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
    let names: std::collections::BTreeSet<_> =
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

/// A place in a source, such as `services/checkout/score.yaml:14`.
pub(crate) fn place(place: &Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => format!("{} (gone)", place.path),
    }
}

/// Why something happens: `services/checkout/score.yaml:14 (workload)`; at most `most` places, then a count.
pub(crate) fn cause(cause: &Cause, most: usize) -> Phrase {
    let shown: Vec<String> = cause.places.iter().take(most).map(place).collect();
    let left = cause.places.len() - shown.len();
    let phrase = Phrase::default().names(shown.iter().map(String::as_str));
    let phrase = if left > 0 { phrase.words(format!(" and {left} more")) } else { phrase };
    let kind = cause.kind.describe();
    match (&cause.name, cause.places.is_empty()) {
        (Some(name), true) => phrase.words(format!("{kind} ")).name(name),
        (Some(name), false) => phrase.words(format!(" ({kind} ")).name(name).words(")"),
        (None, true) => phrase.words(kind),
        (None, false) => phrase.words(format!(" ({kind})")),
    }
}

/// An amount of money with its sign where it is a difference: `45.20`, or `45.20 to 135.60`.
pub(crate) fn money(range: Range) -> String {
    match range.low == range.high {
        true => amount(range.low),
        false => format!("{} to {}", amount(range.low), amount(range.high)),
    }
}

/// What a range grows by, with a sign: `+2.26`, `-5.20 to 0.00`.
pub(crate) fn difference(before: Range, after: Range) -> String {
    let low = after.low.saturating_sub(before.low);
    let high = after.high.saturating_sub(before.high);
    let signed = |thousandths: i64| match thousandths {
        1.. => format!("+{}", amount(thousandths)),
        _ => amount(thousandths),
    };
    match low == high {
        true => signed(low),
        false => format!("{} to {}", signed(low.min(high)), signed(low.max(high))),
    }
}

/// The sums over all lines, before and after.
pub(crate) fn total(cost: &Cost) -> (Range, Range) {
    let sum = |range: fn(&CostLine) -> Range| {
        cost.lines.iter().map(range).fold(Range::default(), |sum, range| Range {
            low: sum.low.saturating_add(range.low),
            high: sum.high.saturating_add(range.high),
        })
    };
    (sum(|line| line.before), sum(|line| line.after))
}

/// How many findings each side has of its own: `findings: 2 new, 1 mended, 3 on both sides`.
pub(crate) fn findings(findings: &SideFindings) -> Option<String> {
    let kinds = [
        (findings.head.len(), "new"),
        (findings.base.len(), "mended"),
        (findings.both.len(), "on both sides"),
    ];
    let some: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    (!some.is_empty()).then(|| format!("findings: {}", some.join(", ")))
}

/// Thousandths as an amount with two digits, rounded half away from zero.
fn amount(thousandths: i64) -> String {
    let hundredths = (thousandths.unsigned_abs() + 5) / 10;
    let sign = if thousandths < 0 && hundredths > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A side, such as `main (1111111)`.
pub(crate) fn side(side: &SideName) -> Phrase {
    let phrase = Phrase::default().name(&side.name);
    match side.commit.as_deref().map(short) {
        Some(commit) if commit != side.name => phrase.words(" (").name(commit).words(")"),
        _ => phrase,
    }
}

/// The first characters of a commit's id.
pub(crate) fn short(commit: &str) -> &str {
    commit.char_indices().nth(10).map_or(commit, |(at, _)| commit.get(..at).unwrap_or(commit))
}

/// How much changes: `88 of 120 instances change, of 47 workloads`.
pub(crate) fn extent(counts: &Counts) -> String {
    let change = if counts.instances == 1 { "changes" } else { "change" };
    format!(
        "{} of {} {change}, {}",
        counts.instances,
        counted(counts.of_instances, "instance"),
        counted(counts.workloads, "workload")
    )
}

/// What happens to objects: `6 objects added, 1 removed, 82 changed, 1 renamed`; what does not happen is left out.
pub(crate) fn objects(counts: &Counts) -> String {
    let kinds = [
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.changed, "changed"),
        (counts.renamed, "renamed"),
    ];
    let some: Vec<String> = kinds
        .iter()
        .filter(|(count, _)| *count > 0)
        .enumerate()
        .map(|(at, (count, word))| match at {
            0 => format!("{} {word}", counted(*count, "object")),
            _ => format!("{count} {word}"),
        })
        .collect();
    if some.is_empty() { "no object changes".to_owned() } else { some.join(", ") }
}

/// Says first that a merge changes an environment at once; at most `most` workloads by name, then a count.
pub(crate) fn merge(merge: &Merge, most: usize) -> Phrase {
    let count = merge.workloads.len();
    let phrase = Phrase::default()
        .words("merging changes ")
        .name(&merge.environment)
        .words(format!(" at once: {}", counted(count, "workload")));
    let named = merge.workloads.iter().take(most).map(String::as_str);
    let phrase = if count == 0 || most == 0 { phrase } else { phrase.words(" (").names(named) };
    let phrase = match count.saturating_sub(most) {
        _ if count == 0 || most == 0 => phrase,
        0 => phrase.words(")"),
        left => phrase.words(format!(" and {left} more)")),
    };
    phrase.words("; no release pins a revision there")
}

/// Who a gate asks for and why: `@acme/sre is asked for 2 changes, by the gate impact >= REPLACE`.
pub(crate) fn gate(gate: &GateCall, require: Phrase) -> Phrase {
    let verb = if gate.proposed { " would be asked for " } else { " is asked for " };
    let source = if gate.proposed { ", by a gate that head proposes: " } else { ", by the gate " };
    let changes = counted(gate.groups.len(), "change");
    require.words(format!("{verb}{changes}{source}")).name(&gate.when)
}

/// What changes among the rules that judge. The message is data in part, so it is cut at its backticks only where what
/// stands between is plain words.
pub(crate) fn rule_change(change: &RuleChange) -> Phrase {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | ',' | '\''));
    let parts: Vec<&str> = change.message.split('`').collect();
    let ours = parts.len() % 2 == 1 && parts.len() > 1 && parts.iter().step_by(2).all(|part| plain(part));
    if !ours {
        return Phrase::default().name(&change.message);
    }
    parts.iter().enumerate().fold(Phrase::default(), |phrase, (at, part)| match at % 2 {
        0 => phrase.words(*part),
        _ => phrase.name(*part),
    })
}

/// The most dangerous change of a review, in one phrase; `None` where no object changes.
pub(crate) fn worst(review: &Review) -> Option<Phrase> {
    let level = review.groups.iter().map(|group| group.impacts.level()).max()?;
    review.groups.iter().find(|group| group.impacts.level() == level).map(title)
}

/// The groups of each level that has any, most dangerous first, with their positions in the review.
pub(crate) fn levels(review: &Review) -> Vec<(Impact, Vec<(usize, &Group)>)> {
    let of = |impact: Impact| {
        let groups = review.groups.iter().enumerate();
        groups.filter(|(_, group)| group.impacts.level() == impact).collect::<Vec<_>>()
    };
    let all = Impact::ALL.into_iter().rev().map(|impact| (impact, of(impact)));
    all.filter(|(_, groups)| !groups.is_empty()).collect()
}
