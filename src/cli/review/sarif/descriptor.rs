use serde_json::{Value, json};

use crate::{
    cli::review::{brief::Volume, rules, words},
    diff::impact,
    model::{Code, Impact, Severity},
};

/// The level of a result in SARIF's words.
pub(super) fn level(volume: Volume) -> &'static str {
    match volume {
        Volume::Error => "error",
        Volume::Warning => "warning",
        Volume::Note => "note",
    }
}

/// Describes a rule that speaks of changes: a built-in one with its manual page, a team's own by its impact.
pub(super) fn rule(name: &str, impact: Impact) -> Value {
    let level = level(Volume::of(impact));
    match rules::built_in(name) {
        Some(rule) => {
            let page = impact::page(rule);
            json!({
                "id": name,
                "name": friendly(name),
                "shortDescription": { "text": impact::summary(rule) },
                "fullDescription": { "text": rule.why.trim() },
                "help": { "text": page, "markdown": page },
                "helpUri": rule.source,
                "defaultConfiguration": { "level": level },
                "properties": { "tags": tags(impact) },
            })
        }
        None => {
            let text = format!("A rule of the team: {}.", words::meaning(impact));
            plain(name, impact, &text)
        }
    }
}

/// Describes changes that no rule speaks of, by their level.
pub(super) fn unruled(id: &str, impact: Impact) -> Value {
    plain(id, impact, &format!("A change of impact {}: {}.", impact.name(), words::meaning(impact)))
}

/// Describes changes to gates, impact rules, prices and bounds.
pub(super) fn judging(id: &str) -> Value {
    let text = "What judges changes is changed itself. The rules of the base still judge; those of the head count once it \
                is merged.";
    plain(id, Impact::Privilege, text)
}

/// A rule with one sentence to say.
fn plain(id: &str, impact: Impact, text: &str) -> Value {
    json!({
        "id": id,
        "name": friendly(id),
        "shortDescription": { "text": text },
        "fullDescription": { "text": text },
        "help": { "text": text, "markdown": text },
        "defaultConfiguration": { "level": level(Volume::of(impact)) },
        "properties": { "tags": tags(impact) },
    })
}

/// Describes a kind of finding by its manual page.
pub(super) fn code(slug: &str) -> Value {
    let Some(code) = Code::from_slug(slug) else { return json!({ "id": slug }) };
    let page = code.page();
    let title = page.lines().next().unwrap_or(slug).to_owned();
    let level = match code.severity() {
        Severity::Error => "error",
        Severity::Warning | Severity::AlreadyBroken => "warning",
    };
    json!({
        "id": slug,
        "name": friendly(slug),
        "shortDescription": { "text": title },
        "fullDescription": { "text": title },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level },
        "properties": { "tags": ["finding"] },
    })
}

/// An id as one word, as some readers want it: `kubernetes/claim-removed` is `KubernetesClaimRemoved`.
fn friendly(id: &str) -> String {
    let word = |part: &str| match part.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_uppercase() + rest,
        None => String::new(),
    };
    let name: String = id.split(|c: char| !c.is_ascii_alphanumeric()).map(word).collect();
    if name.is_empty() { "Rule".to_owned() } else { name }
}

fn tags(impact: Impact) -> [&'static str; 2] {
    ["impact", impact.name()]
}
