use super::{
    card::badge,
    node::{Node, element, leaf, sentence, spoken, text},
};
use crate::{
    cli::{
        report::{self, counted},
        review::{Phrase, words},
    },
    model::{Finding, Impact, InstanceName, Review, RuleChange, SideName, Sources},
};

/// Workloads of a merge that are named.
const MOST_WORKLOADS: usize = 24;

/// Findings of a side that are shown.
const MOST_FINDINGS: usize = 50;

/// Instances that nothing can be said of, by name.
const MOST_INSTANCES: usize = 24;

/// Which sides are compared.
pub(super) fn sides(review: &Review) -> Node {
    let side = |side: &SideName| element("span.ref", sentence(words::side(side)));
    element(
        "p.sides",
        [
            spoken("from "),
            side(&review.base),
            leaf("span.arrow", " → ").with("aria-hidden", "true"),
            spoken(" to "),
            side(&review.head),
        ],
    )
}

/// What is said first: what the merge does at once, how much changes, the worst of it.
pub(super) fn hero(review: &Review) -> Node {
    let mut out: Vec<Node> = review
        .merges
        .iter()
        .map(|merge| {
            let shape = if merge.protected { "p.alert.protected" } else { "p.alert" };
            element(shape, sentence(words::merge(merge, MOST_WORKLOADS)))
        })
        .collect();
    out.extend(broken(review));
    if review.is_empty() {
        out.push(leaf("h1", "No difference"));
        return element("section.hero", out).with("aria-label", "Summary");
    }
    out.push(leaf("h1", words::extent(&review.counts)));
    out.push(leaf("p.objects", words::objects(&review.counts)));
    out.extend(worst(review));
    out.extend(super::bars::levels(review));
    element("section.hero", out).with("aria-label", "Summary")
}

/// That a side does not compile, so that the review is not whole.
fn broken(review: &Review) -> Option<Node> {
    let errors = |found: &[Finding]| found.iter().filter(|finding| finding.is_error()).count();
    let found = &review.findings;
    let counts = [
        (errors(&found.head), "the head"),
        (errors(&found.base), "the base"),
        (errors(&found.both), "both sides"),
    ];
    let some: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, side)| format!("{} of {side}", counted(*count, "error")))
        .collect();
    let text =
        format!("Not everything compiles: {}. What does not compile is not compared.", some.join(", "));
    (!some.is_empty()).then(|| leaf("p.alert.protected", text))
}

/// The most dangerous change, which leads to it.
fn worst(review: &Review) -> Option<Node> {
    let phrase = words::worst(review)?;
    let level = review.groups.iter().map(|group| group.impacts.level()).max()?;
    let at = review.groups.iter().position(|group| group.impacts.level() == level)?;
    let link = element("a", sentence(phrase)).with("href", format!("#change-{}", at + 1));
    Some(element("p.worst", [badge(level), text(" Most dangerous: "), link]))
}

/// All lists that stand before the changes.
pub(super) fn lists(review: &Review, sources: &Sources) -> Vec<Node> {
    let mut out = Vec::new();
    out.extend(card("Rules that judge changes are changed", review.rules.iter().map(rule)));
    out.extend(card("Somebody has to agree", review.gates.iter().map(gate)));
    out.extend(card("Not compared, as they do not compile on one side", undetermined(&review.undetermined)));
    let sides = [
        ("Findings that the change makes", &review.findings.head),
        ("Findings on both sides", &review.findings.both),
        ("Findings that the change mends", &review.findings.base),
    ];
    out.extend(sides.into_iter().filter_map(|(title, found)| card(title, findings(found, sources))));
    out
}

/// A list with a title; `None` where nothing is in it.
fn card(title: &str, items: impl IntoIterator<Item = Node>) -> Option<Node> {
    let items: Vec<Node> = items.into_iter().collect();
    (!items.is_empty()).then(|| element("section.card", [leaf("h2", title), element("ul", items)]))
}

fn rule(change: &RuleChange) -> Node {
    let phrase = words::rule_change(change);
    let phrase = match &change.place {
        Some(place) => phrase.words(" (").name(words::place(place)).words(")"),
        None => phrase,
    };
    element("li", [badge(change.impact), text(" ")].into_iter().chain(sentence(phrase)))
}

fn gate(gate: &crate::model::GateCall) -> Node {
    let shape = if gate.proposed { "li.proposed" } else { "li" };
    let mut out = sentence(words::gate(gate, Phrase::default().name(&gate.require)));
    if let Some(first) = gate.groups.first() {
        out.push(text(" "));
        let link = format!("#change-{}", first + 1);
        out.push(leaf("a", "the first of them").with("href", link));
    }
    element(shape, out)
}

/// Instances that do not compile on one side.
fn undetermined(instances: &[InstanceName]) -> Vec<Node> {
    let item = |instance: &InstanceName| {
        element(
            "li",
            sentence(Phrase::default().name(&instance.name).words(" in ").name(words::place_of(instance))),
        )
    };
    let mut out: Vec<Node> = instances.iter().take(MOST_INSTANCES).map(item).collect();
    let left = instances.len().saturating_sub(MOST_INSTANCES);
    out.extend((left > 0).then(|| leaf("li", format!("and {}", counted(left, "more instance")))));
    out
}

/// The findings of one side: errors and warnings by place.
fn findings(findings: &[Finding], sources: &Sources) -> Vec<Node> {
    let groups = report::groups(findings, sources);
    let items = report::items(&groups, sources);
    let mut out: Vec<Node> = items.iter().take(MOST_FINDINGS).map(finding).collect();
    let left = items.len().saturating_sub(MOST_FINDINGS);
    out.extend((left > 0).then(|| leaf("li", format!("and {}", counted(left, "more finding")))));
    out
}

fn finding(item: &report::Item<'_>) -> Node {
    let severity = match item.severity {
        crate::model::Severity::Error => leaf("span.badge.data-loss", "error"),
        crate::model::Severity::Warning => leaf("span.badge.exposure", "warning"),
        crate::model::Severity::AlreadyBroken => leaf("span.badge.exposure", "already broken"),
    };
    let mut out = vec![severity, text(" ")];
    out.extend(sentence(words::ticked(item.message)));
    out.extend([text(" "), leaf("code.rule", item.code)]);
    if let Some(place) = &item.place {
        let built_in = if place.built_in { "built-in " } else { "" };
        let place = format!("{built_in}{}:{}:{}", place.path, place.line, place.column);
        out.push(element("span.at", [text(" at "), leaf("code", place)]));
    }
    let help = |help| element("span.help", [text("help: ")].into_iter().chain(sentence(words::ticked(help))));
    out.extend(item.help.map(help));
    if item.subjects.len() > 1 {
        out.push(leaf("span.at", format!("in {} instances", item.subjects.len())));
    }
    element("li", out)
}

/// The heading of a level.
pub(super) fn level(impact: Impact, count: usize) -> Node {
    element(
        "h2",
        [
            badge(impact),
            leaf("span.meaning", words::meaning(impact)),
            leaf("span.shown", counted(count, "change")),
        ],
    )
}
