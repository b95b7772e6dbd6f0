//! Each change says why it happens.

use super::edits::{Files, shop, world};
use crate::diff::{Options, Two, diff};
use crate::load::Side;
use crate::model::{Cause, SideName};

/// Edits the example platform and prints, for each group, its level, its object and its causes.
fn causes(edits: &[(&str, &str, &str)]) -> String {
    let base = shop();
    let mut head: Files = base.clone();
    for (path, from, to) in edits {
        let text = head.get_mut(*path).unwrap_or_else(|| panic!("there is no {path}"));
        assert!(text.contains(from), "{path} has no {from:?}");
        *text = text.replacen(from, to, 1);
    }
    let (base, head) = (world(&base), world(&head));
    let name = SideName::default();
    let two = Two { base: Side::of(&base), head: Side::of(&head), names: (&name, &name) };
    let comparison = diff(&two, &Options::default()).unwrap();
    assert!(!comparison.is_broken(), "{:#?}", comparison.review.findings);
    let lines = comparison.review.groups.iter().map(|group| {
        let change = &group.changes[0];
        let fields: Vec<String> = change.fields.iter().map(|field| field.path.to_string()).collect();
        let causes: Vec<String> = group.causes.iter().map(cause).collect();
        format!(
            "{} x{} {}: {}",
            change.id.as_ref().map_or("-", |id| &id.kind),
            group.members.len(),
            fields.join(" "),
            causes.join("; ")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn cause(cause: &Cause) -> String {
    let places: Vec<String> = cause
        .places
        .iter()
        .map(|place| format!("{}:{}", place.path, place.line.unwrap_or_default()))
        .collect();
    format!("{} {} {}", cause.kind.describe(), cause.name.as_deref().unwrap_or("-"), places.join(" "))
}

#[test]
fn one_edit_is_the_cause_of_all_that_changes() {
    insta::assert_snapshot!(causes(&[("services/storefront/score.yaml", "replicas: 6", "replicas: 8")]), @"Deployment x2 spec.replicas: workload - services/storefront/score.yaml:7");
}

#[test]
fn of_two_edits_each_is_the_cause_of_what_it_does() {
    insta::assert_snapshot!(causes(&[
        ("services/orders/score.yaml", "cpu: 100m", "cpu: 150m"),
        ("golden-paths/nodejs-api/templates/kubernetes/service.yaml.j2", "spec:", "spec:\n  sessionAffinity: ClientIP"),
    ]), @r"
    Deployment x4 spec.template.spec.containers[main].resources.requests.cpu: workload - services/orders/score.yaml:20
    Service x4 spec.sessionAffinity: golden path nodejs-api golden-paths/nodejs-api/templates/kubernetes/service.yaml.j2:7
    ");
}

#[test]
fn two_edits_of_one_object_are_both_named() {
    insta::assert_snapshot!(causes(&[
        ("services/orders/score.yaml", "cpu: 100m", "cpu: 150m"),
        ("golden-paths/nodejs-api/templates/kubernetes/deployment.yaml.j2", "spec:", "spec:\n  minReadySeconds: 7"),
        ("services/storefront/score.yaml", "replicas: 6", "replicas: 8"),
    ]), @r"
    Deployment x4 spec.minReadySeconds spec.template.spec.containers[main].resources.requests.cpu: workload - services/orders/score.yaml:20; golden path nodejs-api golden-paths/nodejs-api/templates/kubernetes/deployment.yaml.j2:7
    Deployment x2 spec.replicas: workload - services/storefront/score.yaml:7
    ");
}
