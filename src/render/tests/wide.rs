use crate::{
    model::{Each, Link, Requests, Summary},
    render::bench::{Bench, each, namespaces},
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
    let rendered = namespaces(
        &mut bench,
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

const ITEM: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME }\ndata: { seen: DATA }\n";

fn names(what: Each, name: &str, data: &str) -> Vec<String> {
    let mut bench = Bench::new("containers: { main: { image: . } }\n");
    let mut web = summary("web", "one", "restricted");
    web.links = vec![Link { workload: "api".to_owned(), resource: "backend".to_owned() }];
    let summaries = vec![summary("api", "one", "baseline"), web];
    let rendered = each(&mut bench, what, &ITEM.replace("NAME", name).replace("DATA", data), summaries);
    assert_eq!(rendered.findings, "");
    rendered
        .names()
        .into_iter()
        .map(|name| format!("{name}: {}", rendered.file(name).lines().last().unwrap().trim()))
        .collect()
}

#[test]
fn a_template_is_rendered_for_each_workload_or_link() {
    assert_eq!(
        names(Each::Workload, "{{ item.name }}", "{{ item.security }}"),
        ["configmap-api.yaml: seen: baseline", "configmap-web.yaml: seen: restricted"]
    );
    assert_eq!(
        names(Each::Link, "{{ item.from.name }}-{{ item.to.name }}", "{{ item.resource }}"),
        ["configmap-web-api.yaml: seen: backend"]
    );
    assert_eq!(names(Each::Once, "once", "{{ cluster.name }}"), ["configmap-once.yaml: seen: default"]);
    assert_eq!(
        names(Each::Aggregate, "all", "{{ workloads | map(attribute='name') | join(' ') }}"),
        ["configmap-all.yaml: seen: api web"]
    );
}
