use std::collections::HashMap;

use camino::Utf8Path;
use indexmap::IndexMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::descriptor;
use crate::{
    cli::{
        report,
        review::{
            Phrase,
            brief::{self, Spot, Volume},
            rules, words,
        },
        safe,
    },
    model::{Group, Impact, Impacts, Review, RuleChange, Severity},
};

/// Hexadecimal digits of a fingerprint.
const DIGITS: usize = 32;

/// Places that are named beside the first.
const MOST_RELATED: usize = 10;

/// Results, and the rules that they name.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    rules: IndexMap<String, Value>,
    results: Vec<Value>,
    /// How often each fingerprint was given: equal ones are numbered.
    given: HashMap<String, usize>,
}

impl Alerts {
    /// The rules and the results, in order.
    pub(super) fn into_parts(self) -> (Vec<Value>, Vec<Value>) {
        (self.rules.into_values().collect(), self.results)
    }

    /// Adds a group: once for each rule that speaks of it, and once where none does.
    pub(super) fn group(&mut self, review: &Review, at: usize, group: &Group, root: &Utf8Path) {
        let mut speaking: Vec<(String, Impact, Value)> = rules::speaking(group)
            .into_iter()
            .map(|(name, impacts)| {
                (shown(name), impacts.level(), descriptor::rule(&shown(name), impacts.level()))
            })
            .collect();
        if speaking.is_empty() {
            let level = group.impacts.level();
            let id = format!("impact/{}", level.name());
            let descriptor = descriptor::unruled(&id, level);
            speaking.push((id, level, descriptor));
        }
        let message = message(&words::title(group), &brief::lines(review, at, group));
        for (id, level, descriptor) in speaking {
            let fingerprint = self.fingerprint(&identity(&id, group));
            let index = self.rule(&id, descriptor);
            self.results.push(json!({
                "ruleId": id,
                "ruleIndex": index,
                "level": descriptor::level(Volume::of(level)),
                "message": { "text": message },
                "locations": [location(&brief::spot(group, root), Some(group))],
                "relatedLocations": related(group),
                "partialFingerprints": { "macadam/v1": fingerprint },
                "baselineState": "new",
                "properties": properties(level, group),
            }));
        }
    }

    /// Adds a change to what judges.
    pub(super) fn rule_change(&mut self, change: &RuleChange) {
        let id = "review/rule-change";
        let place =
            change.place.as_ref().map(|place| Spot { path: place.path.to_string(), line: place.line });
        let spot = place.unwrap_or_else(|| Spot { path: "macadam.yaml".to_owned(), line: None });
        let title = Phrase::default().words("what judges is changed: ").then(words::rule_change(change));
        let fingerprint = self.fingerprint(&[id, &change.message]);
        let index = self.rule(id, descriptor::judging(id));
        self.results.push(json!({
            "ruleId": id,
            "ruleIndex": index,
            "level": descriptor::level(Volume::of(change.impact)),
            "message": { "text": message(&title, &[]) },
            "locations": [location(&spot, None)],
            "partialFingerprints": { "macadam/v1": fingerprint },
            "baselineState": "new",
        }));
    }

    /// Adds a finding.
    pub(super) fn finding(&mut self, item: &report::Item<'_>, state: &str) {
        let path = item.place.as_ref().map_or("", |place| &place.path);
        let fingerprint = self.fingerprint(&[item.code, path, item.message]);
        let index = self.rule(item.code, descriptor::code(item.code));
        let mut text = item.message.to_owned();
        text.extend(item.help.map(|help| format!("; {help}")));
        let locations: Vec<Value> = item.place.iter().map(range).collect();
        self.results.push(json!({
            "ruleId": item.code,
            "ruleIndex": index,
            "level": match item.severity { Severity::Error => "error", Severity::Warning | Severity::AlreadyBroken => "warning" },
            "message": { "text": message(&Phrase::default().name(text), &[]) },
            "locations": locations,
            "partialFingerprints": { "macadam/v1": fingerprint },
            "baselineState": state,
        }));
    }

    /// The position of a rule, which is added where it is new.
    fn rule(&mut self, id: &str, descriptor: Value) -> usize {
        match self.rules.get_index_of(id) {
            Some(at) => at,
            None => self.rules.insert_full(id.to_owned(), descriptor).0,
        }
    }

    /// A digest of some texts, and a number where they were given before.
    fn fingerprint(&mut self, parts: &[impl AsRef<str>]) -> String {
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        let digest = Sha256::digest(parts.join("\0").as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).take(DIGITS / 2).collect();
        let count = self.given.entry(hex.clone()).or_default();
        *count += 1;
        format!("{hex}:{count}")
    }
}

/// What makes an alert the same in the next run: not its line, its values or its number of places.
fn identity(id: &str, group: &Group) -> Vec<String> {
    let mut parts = vec![id.to_owned(), group.whole.to_string()];
    if words::names(group) == 1 {
        parts.extend(group.members.first().map(|member| member.instance.name.clone()));
    }
    for change in &group.changes {
        parts.push(words::happens(change.action).to_owned());
        parts.extend(change.id.as_ref().map(|id| format!("{}/{}", id.group, id.kind)));
        parts.extend(change.fields.iter().map(|field| field.path.to_string()));
    }
    parts
}

fn properties(level: Impact, group: &Group) -> Value {
    let impacts: Impacts = group.impacts;
    let environments: std::collections::BTreeSet<String> =
        group.members.iter().map(|member| shown(&member.instance.environment)).collect();
    json!({
        "impact": level.name(),
        "impacts": impacts,
        "environments": environments,
        "places": group.members.len(),
    })
}

/// Every other edited place that explains a group.
fn related(group: &Group) -> Vec<Value> {
    let places = group.causes.iter().flat_map(|cause| &cause.places).filter(|place| place.line.is_some());
    let spots = places.skip(1).map(|place| Spot { path: place.path.to_string(), line: place.line });
    spots.take(MOST_RELATED).map(|spot| location(&spot, None)).collect()
}

/// A place in the repository; where no line is known, the first, as readers need one.
fn location(spot: &Spot, group: Option<&Group>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&spot.path), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": spot.line.unwrap_or(1).max(1) },
        },
    });
    let named = group.and_then(|group| Some((group.members.first()?, group.changes.first()?)));
    if let (Some((member, change)), Some(map)) = (named, location.as_object_mut()) {
        let object = change.id.as_ref().map_or_else(|| change.path.to_string(), ToString::to_string);
        let name = shown(&format!("{}: {object}", member.instance.folder));
        map.insert(
            "logicalLocations".to_owned(),
            json!([{ "fullyQualifiedName": name, "kind": "resource" }]),
        );
    }
    location
}

/// The place of a finding.
fn range(place: &report::Place) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.path), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        },
    })
}

/// A relative path as a URI: every byte that means something in one is escaped.
fn uri(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}

fn shown(text: &str) -> String {
    safe::line(text).into_owned()
}

/// A message in plain text. `{0}` would be a placeholder and `[a](1)` a link, so both are broken where data has them.
fn message(title: &Phrase, lines: &[Phrase]) -> String {
    let text: Vec<String> = std::iter::once(title).chain(lines).map(|phrase| phrase.set(shown)).collect();
    let text = text.join("\n").replace("](", "]\u{a0}(");
    let placeholder =
        text.split('{').skip(1).any(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    if placeholder { text.replace('{', "{{").replace('}', "}}") } else { text }
}
