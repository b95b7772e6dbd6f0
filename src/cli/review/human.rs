//! A review on a terminal: what is dangerous first, what is the same once.

mod field;
mod group;

use super::{Phrase, View, words};
use crate::{
    cli::{report::counted, safe, terminal::Paint, text},
    model::{Cost, CostLine, GateCall, Impact, Range, Review, SideFindings},
};

/// Workloads, rules and causes beyond this many are counted, not named, unless verbose.
const MOST_NAMES: usize = 8;

/// Prints a review for people. Every line ends with a line break; nothing in it steers a terminal or a log.
pub(crate) fn human(review: &Review, view: &View) -> String {
    let mut parts = vec![title(review, view)];
    parts.extend(merges(review, view));
    match review.is_empty() {
        true => parts.push("no difference\n".to_owned()),
        false => parts.push(counts(review, view)),
    }
    parts.extend(rules(review, view));
    parts.extend(gates(review, view));
    for (impact, groups) in words::levels(review) {
        let groups: Vec<String> =
            groups.iter().map(|(at, group)| group::group(review, *at, group, view)).collect();
        let gap = if groups.iter().any(|group| group.matches('\n').count() > 2) { "\n" } else { "" };
        parts.push(format!("{}\n{}", heading(impact, view), groups.join(gap)));
    }
    parts.extend(review.cost.as_ref().and_then(|cost| costs(cost, view)));
    parts.extend(findings(&review.findings));
    safe::log(&parts.join("\n")).into_owned()
}

/// Which sides are compared.
fn title(review: &Review, view: &View) -> String {
    let phrase = Phrase::default()
        .words("from ")
        .then(words::side(&review.base))
        .words(" to ")
        .then(words::side(&review.head));
    format!("{}\n", view.wrap(&phrase, "", "  "))
}

/// What reaches an environment by merge alone: said first.
fn merges(review: &Review, view: &View) -> Option<String> {
    let line = |merge| {
        let phrase = words::merge(merge, view.most(MOST_NAMES));
        let paint = if merge.protected { Paint::Red } else { Paint::Yellow };
        format!("{}\n", view.wrap(&phrase, &format!("{} ", view.paint(paint, "!")), "  "))
    };
    let lines: String = review.merges.iter().map(line).collect();
    (!lines.is_empty()).then_some(lines)
}

/// Exact numbers, and the most dangerous change.
fn counts(review: &Review, view: &View) -> String {
    let counts = &review.counts;
    let level = |(impact, count): (&Impact, &usize)| format!("{count} {}", impact.name());
    let levels: Vec<String> = counts.levels.iter().rev().map(level).collect();
    let mut lines = vec![words::extent(counts), words::objects(counts)];
    lines.extend((!levels.is_empty()).then(|| format!("by impact: {}", levels.join(", "))));
    let mut text: String = lines
        .into_iter()
        .map(|line| format!("{}\n", view.wrap(&Phrase::default().words(line), "", "  ")))
        .collect();
    if let Some(worst) = words::worst(review).filter(|_| review.groups.len() > 1) {
        let first = format!("{} ", view.paint(Paint::Bold, "most dangerous:"));
        text.push_str(&format!("{}\n", view.wrap(&worst, &first, "  ")));
    }
    text
}

/// A level's heading, with what it means.
fn heading(impact: Impact, view: &View) -> String {
    let paint = match impact {
        Impact::DataLoss | Impact::Replace => Paint::Red,
        Impact::Exposure | Impact::Privilege => Paint::Yellow,
        Impact::Capacity | Impact::Rollout => Paint::Cyan,
        Impact::Config | Impact::Cosmetic => Paint::Bold,
    };
    let meaning = view.paint(Paint::Dim, words::meaning(impact));
    format!("{}  {meaning}", view.paint(paint, impact.constant()))
}

/// What changes among the rules that judge.
fn rules(review: &Review, view: &View) -> Option<String> {
    let line = |change| {
        let phrase = words::rule_change(change);
        let phrase = match &change.place {
            Some(place) => phrase.words(" (").name(words::place(place)).words(")"),
            None => phrase,
        };
        let first = format!("  {}  ", view.paint(level(change.impact), change.impact.name()));
        format!("{}\n", view.wrap(&phrase, &first, "             "))
    };
    let lines: String = review.rules.iter().map(line).collect();
    let heading = view.paint(Paint::Bold, "Rules that judge changes are changed");
    (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
}

/// The colour of an impact's name.
fn level(impact: Impact) -> Paint {
    match impact {
        Impact::DataLoss | Impact::Replace => Paint::Red,
        Impact::Exposure | Impact::Privilege => Paint::Yellow,
        _ => Paint::Dim,
    }
}

/// The gates that ask for somebody.
fn gates(review: &Review, view: &View) -> Option<String> {
    let line = |gate: &GateCall| {
        let phrase = words::gate(gate, Phrase::default().name(&gate.require));
        format!("{}\n", view.wrap(&phrase, "  ", "    "))
    };
    let lines: String = review.gates.iter().map(line).collect();
    let heading = view.paint(Paint::Bold, "Somebody has to agree");
    (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
}

/// What it costs, by environment and owner.
fn costs(cost: &Cost, view: &View) -> Option<String> {
    if cost.lines.is_empty() && cost.unknown.is_empty() {
        return None;
    }
    let currency = safe::line(&cost.currency);
    let mut out = format!("{}\n", view.paint(Paint::Bold, &format!("Cost a month, in {currency}")));
    let mut rows: Vec<Vec<String>> = cost.lines.iter().map(cost_row).collect();
    rows.extend((cost.lines.len() > 1).then(|| total(cost)));
    text::table(&rows).lines().for_each(|line| out.push_str(&format!("  {line}\n")));
    for unknown in cost.unknown.iter().take(view.most(MOST_NAMES)) {
        out.push_str(&format!("  not in the sums: {}\n", safe::line(unknown)));
    }
    let left = cost.unknown.len().saturating_sub(view.most(MOST_NAMES));
    if left > 0 {
        out.push_str(&format!("  not in the sums: {left} more (`--verbose` names them)\n"));
    }
    Some(out)
}

fn cost_row(line: &CostLine) -> Vec<String> {
    let owner = line.owner.as_deref().unwrap_or("no owner");
    let names = [&line.environment, owner].map(|name| safe::line(name).into_owned());
    let sums = [
        format!("{} -> {}", words::money(line.before), words::money(line.after)),
        words::difference(line.before, line.after),
    ];
    names.into_iter().chain(sums).collect()
}

fn total(cost: &Cost) -> Vec<String> {
    let (before, after) = words::total(cost);
    let sums: [Range; 2] = [before, after];
    let sums = sums.map(words::money).join(" -> ");
    vec!["total".to_owned(), String::new(), sums, words::difference(before, after)]
}

/// How many findings each side has of its own; the findings themselves are told on standard error.
fn findings(findings: &SideFindings) -> Option<String> {
    let line = words::findings(findings)?;
    Some(format!("{line}\n"))
}

/// A count of what is left out of a list.
fn left(count: usize, noun: &str) -> String {
    format!(".. and {} (`--verbose` shows all)", counted(count, &format!("more {noun}")))
}
