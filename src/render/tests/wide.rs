use crate::{
    model::{Requests, Summary},
    render::bench::{Bench, wide},
};

fn summary(name: &str, namespace: &str, security: &str) -> Summary {
    Summary {
        name: name.to_owned(),
        owner: Some("payments".to_owned()),
        golden_path: "service".to_owned(),
        namespace: namespace.to_owned(),
        service: name.to_owned(),
        ports: Default::default(),
        hosts: Vec::new(),
        links: Vec::new(),
        resources: Vec::new(),
        security: security.to_owned(),
        requests: Requests::default(),
    }
}

#[test]
fn a_namespace_enforces_the_weakest_level_in_use() {
    let mut bench = Bench::new("containers: { main: { image: . } }\n");
    let rendered = wide(
        &mut bench,
        "platform/namespace",
        vec![
            summary("a1", "one", "restricted"),
            summary("b1", "one", "baseline"),
            summary("c1", "two", "restricted"),
            summary("d1", "three", "privileged"),
        ],
    );
    insta::assert_snapshot!(rendered.file("namespace-one.yaml"), @r#"
    # apps/score.yaml, platform package namespace
    apiVersion: v1
    kind: Namespace
    metadata:
      name: one
      annotations:
        argocd.argoproj.io/sync-options: Prune=false,Delete=false
        kustomize.toolkit.fluxcd.io/prune: disabled
      labels:
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        pod-security.kubernetes.io/audit: restricted
        pod-security.kubernetes.io/audit-version: v1.34
        pod-security.kubernetes.io/enforce: baseline
        pod-security.kubernetes.io/enforce-version: v1.34
        pod-security.kubernetes.io/warn: restricted
        pod-security.kubernetes.io/warn-version: v1.34
    "#);
    assert!(rendered.file("namespace-two.yaml").contains("enforce: restricted"));
    assert!(rendered.file("namespace-three.yaml").contains("enforce: privileged"));
}
