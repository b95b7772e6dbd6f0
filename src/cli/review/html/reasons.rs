use super::{
    card::badge,
    node::{Node, element, leaf, sentence, text},
};
use crate::{
    cli::review::{Phrase, rules, words},
    diff::impact::BuiltInRule,
    model::{Group, Impacts},
};

/// Places of a cause that are named.
const MOST_PLACES: usize = 8;

/// The rules that decided, each once, with what they say; `None` where none did.
pub(super) fn reasons(group: &Group) -> Option<Node> {
    let list: Vec<Node> =
        rules::speaking(group).into_iter().map(|(name, impacts)| reason(name, impacts)).collect();
    (!list.is_empty())
        .then(|| element("div.reasons", std::iter::once(leaf("h4", "Why it matters")).chain(list)))
}

fn reason(name: &str, impacts: Impacts) -> Node {
    match rules::built_in(name) {
        Some(rule) => {
            let link = leaf("a.rule", name).with("href", &rule.source);
            let head = [badge(impacts.level()), text(" ")];
            element("p.reason", head.into_iter().chain(why(rule)).chain([text(" "), link]))
        }
        None => element("p.reason", [badge(impacts.level()), text(" by the rule "), leaf("code", name)]),
    }
}

/// Why, with what stands in backticks as code: the words are ours.
fn why(rule: &BuiltInRule) -> impl Iterator<Item = Node> {
    rule.why.trim().split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => text(part),
        _ => leaf("code", part),
    })
}

/// Every cause, with its places.
pub(super) fn causes(group: &Group) -> Option<Node> {
    let one = group.causes.len() < 2 && group.causes.iter().all(|cause| cause.places.len() < 2);
    if one {
        return None;
    }
    let item = |cause| {
        let phrase = Phrase::default().words("because ").then(words::cause(cause, MOST_PLACES));
        element("li", sentence(phrase))
    };
    let list = element("ul", group.causes.iter().map(item));
    Some(element("div.causes", [leaf("h4", "Where it comes from"), list]))
}
