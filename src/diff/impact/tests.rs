use macadam_yaml::FileId;
use serde_json::json;

use super::*;
use crate::{
    diff::compare,
    model::{Code, FieldPath, InstanceWord},
};

#[test]
fn every_rule_is_read_and_complete() {
    let rules = ImpactRules::all();
    assert!(rules.len() > 120, "{}", rules.len());
    for rule in rules {
        assert!(
            rule.name.split_once('/').is_some_and(|(area, name)| !area.is_empty() && !name.is_empty()),
            "{}",
            rule.name
        );
        assert!(
            !rule.impacts.is_empty() && !rule.kinds.is_empty() && !rule.actions.is_empty(),
            "{}",
            rule.name
        );
        assert!(rule.why.trim().ends_with('.') && rule.why.len() > 30, "{}", rule.name);
        assert!(rule.source.starts_with("https://"), "{}", rule.name);
        assert_eq!(
            rules.iter().filter(|other| other.name == rule.name).count(),
            1,
            "{} is there twice",
            rule.name
        );
    }
}

fn instance(environment: &str) -> InstanceName {
    InstanceName {
        folder: format!("kubernetes/{environment}/eu-1/workloads/shop").into(),
        environment: environment.to_owned(),
        cluster: "eu-1".to_owned(),
        kind: InstanceWord::Workload,
        name: "shop".to_owned(),
        owner: None,
    }
}

/// The rules of a team, from the items of `spec.impacts`.
fn team(rules: &str) -> Outcome<ImpactRules> {
    let text = format!(
        "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: {{ name: acme }}\nspec: {{ impacts: [{rules}] }}\n"
    );
    let tree = crate::parse::yaml(text.as_bytes(), FileId(0)).value.unwrap();
    ImpactRules::with_team(&crate::validate::platform(&tree, FileId(0)).value.unwrap())
}

fn judged(rules: &ImpactRules, old: &Value, new: &Value) -> Vec<String> {
    let edits = compare::object(old, new);
    let instance = instance("production");
    let id =
        ObjectId { group: "apps".into(), kind: "Deployment".into(), namespace: None, name: "shop".into() };
    let verdict = rules.judge(&Difference {
        action: Action::Changed,
        format: Format::Yaml,
        id: Some(&id),
        old: Some(old),
        new: Some(new),
        edits: &edits,
        instance: &instance,
        protected: true,
    });
    assert_eq!(verdict.edits.len(), edits.len());
    std::iter::once(&verdict.whole).chain(&verdict.edits).map(shown).collect()
}

/// Impacts and rules of a judgement.
fn shown((impacts, rules): &Judgement) -> String {
    let names: Vec<&str> = impacts.iter().map(Impact::name).collect();
    let rules: Vec<&str> = rules.iter().map(|rule| rule.0.as_str()).collect();
    format!("{}: {}", names.join(" "), rules.join(" "))
}

#[test]
fn a_teams_rules_add_to_the_field_or_the_object_they_speak_of() {
    let rules = team(
        r#"{ name: label, when: "path == 'metadata.labels.a'", impact: exposure },
           { name: small, when: "protected && impact < REPLACE && kind == 'Deployment'", impact: privilege },
           { name: other, when: "environment == 'dev'", impact: data-loss }"#,
    );
    assert_eq!(rules.findings, []);
    let object = |label: &str, replicas: u64| {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "labels": {"a": label}},
            "spec": {"replicas": replicas},
        })
    };
    assert_eq!(
        judged(&rules.value.unwrap(), &object("x", 1), &object("y", 2)),
        ["privilege: small", "exposure: kubernetes/labels label", "capacity: kubernetes/replicas",]
    );
}

#[test]
fn a_teams_rule_that_does_not_compile_is_told_and_one_that_fails_holds() {
    let rules = team("{ name: odd, when: \"impacts[0] == 'config' || impact >= 'x'\", impact: exposure }");
    assert_eq!(
        rules.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        [Code::InvalidExpression]
    );
    let rules = team(
        "{ name: second, when: \"impacts.exists(one, one == impacts[0]) && impacts[0] == 'x'\", impact: exposure }",
    );
    assert_eq!(rules.findings, []);
    assert_eq!(
        judged(&rules.value.unwrap(), &json!({"a": 1}), &json!({"a": 2})),
        [": ", "config: default/field"]
    );
}

#[test]
fn what_is_written_in_another_way_is_cosmetic_whatever_the_field() {
    let claim = |size: &str| {
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "a"},
            "spec": {"resources": {"requests": {"storage": size}}},
        })
    };
    let rules = ImpactRules::built_in();
    assert_eq!(judged(&rules, &claim("1Gi"), &claim("1024Mi")), [": ", "cosmetic: default/same"]);
    assert_eq!(
        judged(&rules, &claim("1Gi"), &claim("1Gi")),
        ["cosmetic: default/same"],
        "only a comment differs"
    );
}

#[test]
fn text_that_is_a_document_itself_counts_as_the_field_that_holds_it() {
    let map = |level: &str| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"},
            "data": {"app.yaml": format!("spec:\n  level: {level}\n")},
        })
    };
    let found = judged(&ImpactRules::built_in(), &map("info"), &map("debug"));
    assert_eq!(found, [": ", "config: kubernetes/content-changed"]);
}

#[test]
fn of_every_edit_something_is_said() {
    let instance = instance("dev");
    let judge = |action, edits: &[Edit], old: &Value, new: &Value| {
        let change = Difference {
            action,
            format: Format::Text,
            id: None,
            old: Some(old),
            new: Some(new),
            edits,
            instance: &instance,
            protected: false,
        };
        ImpactRules::built_in().judge(&change).edits.iter().map(shown).collect::<Vec<_>>()
    };
    let (old, new) = (json!("one"), json!("two"));
    let text = What::Changed { old: old.clone(), new: new.clone(), equal: false, inside: None };
    let edits = [Edit { path: FieldPath::default(), what: text }];
    assert_eq!(judge(Action::Changed, &edits, &old, &new), ["config: default/field"]);
    let edits =
        [Edit { path: FieldPath::default(), what: What::Reordered { order: vec![1, 0], equal: false } }];
    assert_eq!(judge(Action::Changed, &edits, &old, &new), ["config: default/field"]);
    let edits = [Edit { path: FieldPath::default(), what: What::Removed { old: old.clone(), at: None } }];
    assert_eq!(judge(Action::Removed, &edits, &old, &Value::Null), ["replace: default/removed"]);
}

#[test]
fn a_teams_rules_judge_what_goes_as_a_whole() {
    let rules =
        team("{ name: gone, when: \"action == 'removed' && path == ''\", impact: exposure }").value.unwrap();
    let old = json!({"apiVersion": "acme.example/v1", "kind": "Gadget", "metadata": {"name": "a"}});
    let edits = [Edit { path: FieldPath::default(), what: What::Removed { old: old.clone(), at: None } }];
    let instance = instance("dev");
    let verdict = rules.judge(&Difference {
        action: Action::Removed,
        format: Format::Yaml,
        id: None,
        old: Some(&old),
        new: None,
        edits: &edits,
        instance: &instance,
        protected: false,
    });
    assert_eq!(shown(&verdict.whole), "replace exposure: default/removed gone");
    assert_eq!(verdict.edits, std::slice::from_ref(&verdict.whole));
}
