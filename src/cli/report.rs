//! Prints findings and faults. Every printer gets the same findings: sorted, equal ones put together.

mod diagnostic;
mod human;
mod json;
mod position;

use std::cmp::Ordering;

use crate::{
    fault::Fault,
    model::{Finding, Severity, Sources, Subject},
};

pub(crate) use human::{fault, human};
pub(crate) use json::{Item, Place, items, json};

/// Findings that differ only in what they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// The first of them.
    pub(crate) finding: &'a Finding,
    /// What they are about, sorted, each once; empty where they are about nothing in particular.
    pub(crate) subjects: Vec<&'a Subject>,
}

/// Puts together findings that differ only in their subject: errors and warnings mixed, by path, place and code.
pub(crate) fn groups<'a>(findings: &'a [Finding], sources: &Sources) -> Vec<Group<'a>> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by(|a, b| order(a, b, sources).then_with(|| a.subject.cmp(&b.subject)));
    let mut groups: Vec<Group<'a>> = Vec::new();
    for finding in sorted {
        let subject = finding.subject.as_ref();
        match groups.last_mut().filter(|group| same(group.finding, finding)) {
            Some(group) => {
                // Sorted by subject last: an equal one would be the one before.
                if subject.is_some() && group.subjects.last().copied() != subject {
                    group.subjects.extend(subject);
                }
            }
            None => groups.push(Group { finding, subjects: subject.into_iter().collect() }),
        }
    }
    groups
}

/// The order of printing; what no place explains comes first.
fn order(a: &Finding, b: &Finding, sources: &Sources) -> Ordering {
    let place = |finding: &Finding| {
        finding.primary.as_ref().map(|label| (sources.path(label.span.file).to_owned(), label.span))
    };
    let rest = |finding: &Finding| {
        let related: Vec<_> =
            finding.related.iter().map(|label| (label.span, label.message.clone())).collect();
        (finding.code.slug(), finding.message.clone(), finding.severity, finding.help.clone(), related)
    };
    place(a).cmp(&place(b)).then_with(|| rest(a).cmp(&rest(b)))
}

/// Whether two findings differ in nothing but their subject.
fn same(a: &Finding, b: &Finding) -> bool {
    a.code == b.code
        && a.severity == b.severity
        && a.message == b.message
        && a.primary == b.primary
        && a.related == b.related
        && a.help == b.help
}

/// How many findings of each severity there are, equal ones counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Findings that stop everything.
    pub(crate) errors: usize,
    /// Findings that stop nothing.
    pub(crate) warnings: usize,
    /// Errors that were there before the change that is looked at.
    pub(crate) already_broken: usize,
}

impl Counts {
    /// Counts groups.
    pub(crate) fn of(groups: &[Group<'_>]) -> Self {
        let count = |severity| groups.iter().filter(|group| group.finding.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            already_broken: count(Severity::AlreadyBroken),
        }
    }

    /// The counts in words, such as `3 errors, 1 warning`; empty where there are none.
    pub(crate) fn words(self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning")];
        let some = parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun));
        let already = (self.already_broken > 0).then(|| format!("{} already broken", self.already_broken));
        some.chain(already).collect::<Vec<_>>().join(", ")
    }
}

/// A number and its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The stable name of a fault, where it has one.
pub(crate) fn fault_code(fault: &Fault) -> Option<String> {
    miette::Diagnostic::code(fault).map(|code| code.to_string())
}

#[cfg(test)]
mod tests {
    use macadam_yaml::{FileId, Span};

    use super::*;
    use crate::model::{Code, WorldName};

    fn sources() -> Sources {
        let mut sources = Sources::default();
        sources.add(WorldName::WorkTree, "b".into(), b"some text");
        sources.add(WorldName::WorkTree, "a".into(), b"some text");
        sources
    }

    fn finding(code: Code, file: u32, start: u32) -> Finding {
        Finding::new(code, "m").at(Span::new(FileId(file), start, start + 1), "")
    }

    #[test]
    fn findings_come_by_path_place_and_code() {
        let found = [
            finding(Code::UnknownOutput, 0, 0),
            finding(Code::UnknownField, 1, 4),
            finding(Code::WrongType, 1, 2),
            finding(Code::UnknownField, 1, 2),
            Finding::new(Code::PathClash, "nowhere"),
        ];
        let slugs: Vec<_> =
            groups(&found, &sources()).iter().map(|group| group.finding.code.slug()).collect();
        assert_eq!(
            slugs,
            [
                "assemble/path-clash",
                "score/unknown-field",
                "score/wrong-type",
                "score/unknown-field",
                "plan/unknown-output"
            ]
        );
    }

    #[test]
    fn findings_that_differ_only_in_their_subject_are_one() {
        let of = |instance: &str| finding(Code::UnusedElement, 0, 0).about(instance);
        let found = [of("y"), of("x"), of("y"), finding(Code::UnusedElement, 0, 1).about("x")];
        let sources = sources();
        let groups = groups(&found, &sources);
        let subjects: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| group.subjects.iter().map(|subject| subject.instance.as_str()).collect())
            .collect();
        assert_eq!(subjects, [vec!["x", "y"], vec!["x"]]);
        assert_eq!(Counts::of(&groups).words(), "2 errors");
    }
}
