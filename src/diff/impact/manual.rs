//! The manual pages of the built-in rules.

use super::{BuiltInRule, ImpactRules};
use crate::model::{Action, Impact};

/// The manual page of a built-in rule, in Markdown: its impacts, why, whom it speaks of, and where to read on.
pub fn page(rule: &BuiltInRule) -> String {
    let impacts: Vec<&str> = rule.impacts.iter().map(Impact::name).collect();
    let mut page = format!("*{}*. {}\n\n", impacts.join("*, *"), rule.why.trim());
    if !rule.fields.is_empty() {
        let fields: Vec<String> = rule.fields.iter().map(|field| format!("`{field}`")).collect();
        page += &format!("Fields: {}.\n", fields.join(", "));
    }
    let kinds: Vec<String> = rule.kinds.iter().map(|kind| kind_words(kind)).collect();
    page += &format!("Objects: {}; {}.\n", kinds.join(", "), actions(rule));
    page + &format!("See <{}>.", rule.source)
}

/// The manual page of the rule with a name.
pub fn page_of(name: &str) -> Option<String> {
    ImpactRules::all().iter().find(|rule| rule.name == name).map(page)
}

/// The first sentence of a rule's page, without its full stop.
pub fn summary(rule: &BuiltInRule) -> &str {
    let why = rule.why.trim();
    why.split_once(". ").map_or(why, |(first, _)| first).trim_end_matches('.')
}

fn kind_words(kind: &str) -> String {
    match kind {
        "*" => "any".to_owned(),
        "opentofu" => "OpenTofu".to_owned(),
        _ => format!("`{kind}`"),
    }
}

fn actions(rule: &BuiltInRule) -> String {
    let word = |action: &Action| match action {
        Action::Added => "added",
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Renamed => "renamed",
    };
    rule.actions.iter().map(word).collect::<Vec<_>>().join(", ")
}
