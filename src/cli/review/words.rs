//! Words that the printers of a review share.

mod amount;
mod place;

pub(crate) use amount::{difference, money, total};
pub(crate) use place::{action, exemplar, names, object, place_of, title, title_tells_all};

use super::Phrase;
use crate::{
    cli::report::counted,
    model::{
        Action, Cause, Counts, FieldChange, FieldKind, GateCall, Group, Impact, Mark, Merge, Place, Review,
        RuleChange, SideFindings, SideName,
    },
};

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

/// Who the gates of the base ask for because of a group, each once.
pub(crate) fn asked(review: &Review, at: usize) -> Vec<&str> {
    let gates = review.gates.iter().filter(|gate| !gate.proposed && gate.groups.contains(&at));
    let names: std::collections::BTreeSet<&str> = gates.map(|gate| gate.require.as_str()).collect();
    names.into_iter().collect()
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

/// What changes among the rules that judge.
pub(crate) fn rule_change(change: &RuleChange) -> Phrase {
    ticked(&change.message)
}

/// A message with names in backticks. It is data in part, so it is cut at its backticks only where what stands between is
/// plain words.
pub(crate) fn ticked(message: &str) -> Phrase {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | ',' | '\''));
    let parts: Vec<&str> = message.split('`').collect();
    let ours = parts.len() % 2 == 1 && parts.len() > 1 && parts.iter().step_by(2).all(|part| plain(part));
    if !ours {
        return Phrase::default().name(message);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::review::phrase::Piece, model::sample};

    fn change(message: &str) -> RuleChange {
        RuleChange { message: message.to_owned(), place: None, impact: Impact::Privilege }
    }

    /// A phrase with its data in braces.
    fn marked(phrase: &Phrase) -> String {
        phrase.set(|name| format!("{{{name}}}"))
    }

    #[test]
    fn a_title_says_what_and_where() {
        let titles: Vec<String> = sample().groups.iter().map(|group| marked(&title(group))).collect();
        assert_eq!(
            titles,
            [
                "{PersistentVolumeClaim/ledger-data} removed in {production/eu-1}, workload {ledger}",
                "{Deployment/checkout} changed in {production/eu-1}, workload {checkout}",
                "{HTTPRoute/storefront-web} added in 3 units: {storefront} in {dev}, {staging}, {production}",
                "{Deployment} changed in 80 units: 40 workloads in {dev} (40), {staging} (40)",
                "workload {mailer} added in {dev/default}",
                "{ConfigMap/catalog-files} changed in {staging/default}, workload {catalog}",
                "{Job/worker-1b2c3d4e} renamed from {Job/worker-00aa11bb} in {dev/default}, workload {worker}",
            ]
        );
    }

    #[test]
    fn a_message_is_cut_at_backticks_only_between_plain_words() {
        assert_eq!(marked(&rule_change(&change("gate `a` is gone"))), "gate {a} is gone");
        for data in ["@all", "gate `a` is @all", "gate `a is gone", "see `a` www.x.example"] {
            assert_eq!(rule_change(&change(data)).0, [Piece::Name(data.to_owned())]);
        }
    }
}
