use macadam_yaml::{FileId, Span};

use super::*;
use crate::model::{Action, FieldChange, FieldKind, FieldPath, Format, Impact, Impacts, Spanned, Step};

fn gate(when: &str, require: &str) -> Gate {
    let text = |text: &str| Spanned::new(text.to_owned(), Span::new(FileId(0), 0, 0));
    Gate { when: text(when), require: text(require) }
}

fn group(kind: &str, impacts: &[Impact], paths: &[&str], members: &[(&str, &str)]) -> Group {
    let impacts: Impacts = impacts.iter().copied().collect();
    let field = |path: &&str| FieldChange {
        path: FieldPath(path.split('.').map(|key| Step::Key(key.to_owned())).collect()),
        kind: FieldKind::Changed,
        old: None,
        new: None,
        impacts,
        rules: Vec::new(),
        specific: false,
    };
    let id = ObjectId {
        group: "apps".into(),
        kind: kind.into(),
        namespace: Some("acme".into()),
        name: members[0].1.into(),
    };
    let change = ObjectChange {
        action: if paths.is_empty() { Action::Removed } else { Action::Changed },
        id: Some(id),
        before: None,
        path: "a.yaml".into(),
        format: Format::Yaml,
        fields: paths.iter().map(field).collect(),
        impacts,
        rules: Vec::new(),
        marks: Vec::new(),
        texts: None,
    };
    let member = |(environment, name): &(&str, &str)| Member {
        instance: InstanceName {
            folder: format!("kubernetes/{environment}/eu-1/workloads/{name}").into(),
            environment: (*environment).into(),
            cluster: "eu-1".into(),
            kind: InstanceWord::Workload,
            name: (*name).into(),
            owner: None,
        },
        path: "a.yaml".into(),
    };
    Group {
        changes: vec![change],
        whole: paths.is_empty(),
        members: members.iter().map(member).collect(),
        impacts,
        causes: Vec::new(),
    }
}

fn groups() -> Vec<Group> {
    vec![
        group("StatefulSet", &[Impact::DataLoss], &[], &[("dev", "db")]),
        group(
            "Deployment",
            &[Impact::Rollout],
            &["spec.template.image"],
            &[("dev", "shop"), ("production", "store")],
        ),
        group("Deployment", &[Impact::Replace], &["spec.selector", "metadata.labels"], &[("dev", "shop")]),
    ]
}

/// Each call as `require when -> groups`, and each finding.
fn asked(base: &[Gate], head: &[Gate]) -> Vec<String> {
    let places = Places {
        protected: &|environment| environment == "production",
        object: &|member, id| ObjectId { name: member.instance.name.clone(), ..id.clone() },
    };
    let Outcome { value, findings } = calls(base, head, &groups(), &places);
    let call = |call: GateCall| {
        format!("{}{} {:?}", if call.proposed { "proposed " } else { "" }, call.require, call.groups)
    };
    let findings = findings.iter().map(|finding| format!("{:?} {}", finding.severity, finding.code));
    value.unwrap().into_iter().map(call).chain(findings).collect()
}

#[test]
fn a_gate_asks_where_it_holds_for_one_change_in_one_place() {
    let table = [
        ("impact >= REPLACE", vec!["sre [0, 2]"]),
        ("protected", vec!["sre [1]"]),
        ("environment == 'production'", vec!["sre [1]"]),
        ("workload == 'store' || name == 'db'", vec!["sre [0, 1]"]),
        ("name == 'store'", vec!["sre [1]"]),
        ("path.startsWith('metadata')", vec!["sre [2]"]),
        ("kind == 'Deployment' && action == 'changed'", vec!["sre [1, 2]"]),
        ("cluster == 'us-1'", vec![]),
    ];
    for (when, expected) in table {
        assert_eq!(asked(&[gate(when, "sre")], &[]), expected, "{when}");
    }
}

/// Promise 26: the base's gates judge, whatever head has made of them.
#[test]
fn gates_of_the_head_are_proposed_and_those_of_the_base_judge() {
    let base = [gate("impact >= REPLACE", "sre")];
    assert_eq!(asked(&base, &[]), ["sre [0, 2]"], "gone in head");
    assert_eq!(asked(&base, &base), ["sre [0, 2]"], "the same in both");
    let head = [gate("impact >= DATA_LOSS", "sre"), gate("impact >= REPLACE", "nobody")];
    assert_eq!(asked(&base, &head), ["sre [0, 2]", "proposed sre [0]", "proposed nobody [0, 2]"]);
}

/// Promise 24: a check that could not run has failed.
#[test]
fn a_gate_that_cannot_be_evaluated_asks_and_is_told() {
    let finding = "Warning platform/invalid-expression";
    assert_eq!(asked(&[gate("impact >= 'replace'", "sre")], &[]), ["sre [0, 1, 2]", finding]);
    assert_eq!(asked(&[gate("impacts[0] == 'x' || matches(path", "sre")], &[]), ["sre [0, 1, 2]", finding]);
}
