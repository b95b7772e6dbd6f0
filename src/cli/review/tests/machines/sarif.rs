use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;
use serde_json::Value;

use super::{everywhere, root, whole};
use crate::{
    cli::{review::sarif::sarif, safe},
    model::{Code, Review, Sources, sample},
};

fn read(review: &Review, sources: &Sources) -> Value {
    let document = serde_json::from_str(&sarif(review, sources, root())).unwrap();
    check(&document);
    document
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

/// What SARIF 2.1.0 asks of the properties that we use: sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.28, 3.29, 3.30, 3.49.
fn check(document: &Value) {
    assert_eq!(word(document, "/version"), "2.1.0");
    assert_eq!(list(document, "/runs").len(), 1);
    let run = &document["runs"][0];
    assert!(!word(run, "/tool/driver/name").is_empty());
    let rules = list(run, "/tool/driver/rules");
    let ids: HashSet<&str> = rules.iter().map(|rule| word(rule, "/id")).collect();
    assert_eq!(ids.len(), rules.len(), "a rule is described twice");
    for rule in rules {
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(!word(rule, text).is_empty(), "{rule}");
        }
        level(word(rule, "/defaultConfiguration/level"));
        if let Some(uri) = rule.get("helpUri") {
            assert!(uri.as_str().unwrap().starts_with("https://"), "{rule}");
        }
    }
    assert!(run["results"].is_array());
    let results = list(run, "/results");
    let fingerprints: HashSet<&str> =
        results.iter().map(|result| word(result, "/partialFingerprints/macadam~1v1")).collect();
    assert_eq!(fingerprints.len(), results.len(), "two results have one fingerprint");
    results.iter().for_each(|one| result(one, rules, run));
}

fn level(level: &str) {
    assert!(["none", "note", "warning", "error"].contains(&level), "{level}");
}

fn result(result: &Value, rules: &[Value], run: &Value) {
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(word(&rules[index], "/id"), word(result, "/ruleId"));
    level(word(result, "/level"));
    assert!(!word(result, "/message/text").is_empty());
    assert!(["new", "unchanged", "updated", "absent"].contains(&word(result, "/baselineState")));
    for location in list(result, "/locations").iter().chain(list(result, "/relatedLocations")) {
        let artifact = &location["physicalLocation"]["artifactLocation"];
        let uri = word(artifact, "/uri");
        let reserved = |c: char| !(c.is_ascii_alphanumeric() || "-._~/%".contains(c));
        assert!(!uri.contains(reserved), "{uri}");
        assert!(run["originalUriBaseIds"].get(word(artifact, "/uriBaseId")).is_some());
        for (name, number) in location["physicalLocation"]["region"].as_object().unwrap() {
            assert!(number.as_u64().unwrap() >= 1, "{name} of {location}");
        }
    }
}

#[test]
fn the_alerts_of_the_sample() {
    let (review, sources) = whole();
    check(&serde_json::from_str(&sarif(&review, &sources, root())).unwrap());
    insta::assert_snapshot!(sarif(&review, &sources, root()));
}

#[test]
fn an_empty_review_has_a_run_without_results() {
    let document = read(&Review::default(), &Sources::default());
    assert_eq!(list(&document, "/runs/0/results"), [] as [Value; 0]);
}

#[test]
fn every_code_and_every_built_in_rule_has_help() {
    use crate::diff::impact::ImpactRules;

    let (mut review, mut sources) = whole();
    review.groups.truncate(1);
    review.groups[0].changes[0].rules =
        ImpactRules::all().iter().map(|rule| crate::model::RuleName(rule.name.clone())).collect();
    let file = sources.add(crate::model::WorldName::WorkTree, "a".into(), b"text");
    let span = macadam_yaml::Span::new(file, 0, 1);
    review.findings.head =
        Code::ALL.iter().map(|code| crate::model::Finding::new(*code, "m").at(span, "")).collect();
    let document = read(&review, &sources);
    let ids: BTreeSet<&str> =
        list(&document, "/runs/0/tool/driver/rules").iter().map(|rule| word(rule, "/id")).collect();
    assert!(Code::ALL.iter().all(|code| ids.contains(code.slug())));
    assert!(ImpactRules::all().iter().all(|rule| ids.contains(rule.name.as_str())));
}

/// The fingerprints of a review's results.
fn fingerprints(review: &Review) -> Vec<String> {
    let document = read(review, &Sources::default());
    let all = list(&document, "/runs/0/results");
    all.iter().map(|one| word(one, "/partialFingerprints/macadam~1v1").to_owned()).collect()
}

#[test]
fn an_alert_keeps_its_fingerprint_when_lines_values_and_places_change() {
    let review = sample();
    let mut other = review.clone();
    for group in &mut other.groups {
        group.causes.iter_mut().flat_map(|cause| &mut cause.places).for_each(|place| place.line = Some(77));
        let keep = group.members.len().min(4);
        group.members.drain(..group.members.len() - keep);
        for field in group.changes.iter_mut().flat_map(|change| &mut change.fields) {
            field.new = None;
        }
    }
    assert_eq!(fingerprints(&review), fingerprints(&other));
    other.groups[0].members[0].instance.name = "another".to_owned();
    assert_ne!(fingerprints(&review), fingerprints(&other));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// THREATS 20: any text leaves valid SARIF, without a link or a placeholder of its own.
    #[test]
    fn any_text_leaves_valid_alerts(text in super::super::nasty()) {
        let (review, sources) = everywhere(&text);
        let page = sarif(&review, &sources, root());
        let document: Value = serde_json::from_str(&page).unwrap();
        check(&document);
        prop_assert!(!page.chars().any(|c| safe::is_unsafe(c) && c != '\n'));
        prop_assert!(!page.contains("##"));
        for result in list(&document, "/runs/0/results") {
            let text = word(result, "/message/text");
            prop_assert!(!text.contains("](") && !text.replace("{{", "").contains("{0}"), "{}", text);
        }
    }
}
