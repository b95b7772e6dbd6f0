//! Defects of the reference tool for Kubernetes, which must not be ours.

use crate::render::bench::Bench;

const ONE: &str = "containers: { main: { image: . } }\n";

/// There, an unknown kind gives neither an error nor any object.
#[test]
fn a_workload_never_becomes_nothing() {
    for kind in ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"] {
        let params =
            format!("{{ kind: {kind}, schedule: \"{}\" }}", if kind == "CronJob" { "@daily" } else { "" });
        let rendered = Bench::new(ONE).params(&params).render();
        let runs = |name: &&str| name.starts_with(&kind.to_lowercase());
        assert_eq!(
            (rendered.findings.as_str(), rendered.names().iter().filter(|name| runs(name)).count()),
            ("", 1)
        );
    }
    let unknown = Bench::new(ONE).params("{ kind: Rollout }").render();
    assert_eq!(
        unknown.findings.split(" (").next().unwrap(),
        "lower/unused-element 3:main: golden path `service` leaves out container `main`"
    );
}

/// There, the kind stands in an annotation.
#[test]
fn an_annotation_without_effect_is_told_of() {
    let rendered = Bench::new(
        "metadata:\n  name: checkout\n  annotations: { k8s.score.dev/kind: StatefulSet }\ncontainers: { main: { image: . } }\n",
    )
    .render();
    insta::assert_snapshot!(rendered.findings, @"lower/foreign-annotation 4:k8s.score.dev/kind: annotation `k8s.score.dev/kind` has no effect here (`metadata: { platform: { params: { kind: .. } } }`)");
}

/// There, ports and workloads come in the order of a hash map.
#[test]
fn the_same_input_gives_the_same_bytes() {
    let one = "service: { ports: { aa: { port: 3 }, bb: { port: 1 }, cc: { port: 2 } } }\n";
    let two = "service: { ports: { cc: { port: 2 }, bb: { port: 1 }, aa: { port: 3 } } }\n";
    let render = |ports: &str| Bench::new(&format!("{ONE}{ports}")).render().output.artifacts;
    assert_eq!(render(one), render(one));
    assert_eq!(render(one), render(two));
}

/// There, one target in two containers gives two volumes of one name.
#[test]
fn volume_names_are_unique_in_a_pod() {
    let container = |data: &str| {
        format!(
            "{{ image: ., files: {{ /a: {{ content: x }}, /b: {{ content: y }} }}, volumes: {{ /data: {{ source: {data} }} }} }}"
        )
    };
    let lowered = Bench::new(&format!(
        "containers:\n  one: {}\n  two: {}\nresources: {{ data: {{ type: volume }}, files-one: {{ type: volume }} }}\n",
        container("data"),
        container("files-one")
    ))
    .lower();
    assert_eq!(lowered.findings, "");
    let mut names: Vec<_> =
        lowered.blocks.volumes.iter().map(|volume| volume["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 4);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 4, "{names:?}");
}

/// There, names and passwords are random, and live in a state file.
#[test]
fn names_and_secrets_need_no_state() {
    let score = format!("{ONE}resources: {{ db: {{ type: postgres }}, host: {{ type: dns }} }}\n");
    let render = || Bench::new(&score).render();
    assert_eq!(render().findings, "");
    assert_eq!(render().output, render().output);
    assert!(!render().names().iter().any(|name| name.starts_with("secret")));
}

/// There, placeholder errors come one at a time, without a place.
#[test]
fn every_wrong_placeholder_is_told_of_where_it_stands() {
    let lowered = Bench::new(
        "containers:\n  main:\n    image: .\n    variables:\n      A: \"${resources.db.x1}\"\n      B: \"${resources.db.x2}\"\n    files: { /a: { content: \"${resources.db.x3}\" } }\nresources: { db: { type: postgres } }\n",
    )
    .lower();
    insta::assert_snapshot!(lowered.findings, @r#"
    plan/unknown-output 9:${resources.db.x3}: resource `db` (`postgres`) has no output `x3` (it has `host`, `port`, `name`, `database`, `username`, `password`, `url`)
    plan/unknown-output 7:${resources.db.x1}: resource `db` (`postgres`) has no output `x1` (it has `host`, `port`, `name`, `database`, `username`, `password`, `url`)
    plan/unknown-output 8:${resources.db.x2}: resource `db` (`postgres`) has no output `x2` (it has `host`, `port`, `name`, `database`, `username`, `password`, `url`)
    "#);
}

/// There, `64K` passes Score's schema and fails in Kubernetes.
#[test]
fn an_upper_case_k_is_written_as_kubernetes_reads_it() {
    let lowered = Bench::new(
        "containers: { main: { image: ., resources: { requests: { memory: 64K }, limits: { memory: 1.5Gi } } } }\n",
    )
    .lower();
    assert_eq!(lowered.container("resources"), "requests:\n  memory: 64k\nlimits:\n  memory: 1.5Gi\n");
}
