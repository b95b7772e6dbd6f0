use std::collections::BTreeMap;

use camino::Utf8Path;
use macadam_yaml::Node;

use super::*;
use crate::{
    model::{Code, Each, Finding, Outcome, Package, Sources, Template, Workload, WorldName},
    parse,
    testing::{shown, source},
};

/// Reads, checks and types a Score file.
fn score(text: &str) -> (Option<Workload>, Vec<Finding>, Sources) {
    let mut sources = Sources::default();
    let (file, text) = source(&mut sources, "score.yaml", text);
    let path = Utf8Path::new("score.yaml");
    let mut findings = Vec::new();
    let tree = score_tree(text.as_bytes(), file, path, Leniency::Strict).take(&mut findings);
    let workload = tree.and_then(|tree| workload(&tree, path).take(&mut findings));
    (workload, findings, sources)
}

/// The findings of a Score file.
fn findings(text: &str) -> String {
    let (_, findings, sources) = score(text);
    shown(&findings, &sources)
}

/// The findings of a Score file whose only container has more keys.
fn container(keys: &str) -> String {
    findings(&format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{ name: shop }}\ncontainers:\n  main:\n    image: nginx\n{}",
        crate::testing::unindent(keys).lines().map(|line| format!("    {line}\n")).collect::<String>()
    ))
}

/// The findings of a Score file with more at the root.
fn root(keys: &str) -> String {
    findings(&format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{ name: shop }}\ncontainers: {{ main: {{ image: nginx }} }}\n{}",
        crate::testing::unindent(keys)
    ))
}

/// The findings of one of our own files.
fn config<T>(path: &str, text: &str, read: impl Fn(&Node, macadam_yaml::FileId) -> Outcome<T>) -> String {
    let mut sources = Sources::default();
    let (file, text) = source(&mut sources, path, text);
    let mut findings = Vec::new();
    if let Some(tree) = parse::yaml(text.as_bytes(), file).take(&mut findings) {
        read(&tree, file).take(&mut findings);
    }
    shown(&findings, &sources)
}

#[test]
fn a_whole_score_file_is_read() {
    let (workload, findings, sources) = score(
        r#"
        apiVersion: score.dev/v1b1
        metadata:
          name: checkout
          annotations: { example.com/team: shop, tier: "1" }
          team: payments
          platform:
            goldenPath: service@1.0.0
            owner: payments
            params: { replicas: 3, host: "checkout.${environment.domain}" }
            perEnvironment: { production: { params: { replicas: 6 } } }
            environments: [dev, production]
            placement:
              matchLabels: { residency: eu }
              matchExpressions: [{ key: zone, operator: In, values: [a1, b1] }]
            sharedWith: { db: [ledger] }
        service:
          ports:
            http: { port: 80, targetPort: 8080 }
            dns: { port: 53, protocol: UDP }
        containers:
          migrate:
            image: .
            before: { main: { ready: complete } }
          main:
            image: .
            command: [/bin/sh, -c, "echo ${HOME}"]
            args: []
            variables:
              NAME: ${metadata.name}
              TEAM: ${metadata.annotations.example\.com/team}
              URL: postgres://${resources.db.url}/x?cost=$$5&a=$${b}
            files:
              /etc/a.conf: { content: "name=${metadata.name}", mode: "0644" }
              /etc/b.conf: { source: ./b.conf, noExpand: true }
              /etc/c.bin: { binaryContent: AAEC }
              /etc/d.conf: { content: "${whatever", noExpand: false }
            volumes:
              /data: { source: "${resources.data}", path: sub, readOnly: true }
            resources:
              requests: { cpu: 250m, memory: 64K }
              limits: { cpu: "0.5", memory: 1.5Gi }
            livenessProbe: { httpGet: { path: /live, port: 8080, scheme: HTTPS, host: local, httpHeaders: [{ name: X-A, value: b }] } }
            readinessProbe: { httpGet: { path: /ready, port: 8080 }, exec: { command: [check] } }
        resources:
          db: { type: postgres, class: small, id: main.db-1, metadata: { annotations: { ab.cd/ef: gh } }, params: { version: "17", name: "${metadata.name}", list: [1, true, { deep: "${resources.data.x}" }] } }
          data: { type: volume }
        "#,
    );
    assert_eq!(shown(&findings, &sources), "");
    let workload = workload.unwrap();
    assert_eq!(workload.name.value, "checkout");
    assert_eq!(workload.annotations["example.com/team"], "shop");
    assert_eq!(workload.containers.keys().collect::<Vec<_>>(), ["migrate", "main"]);
    let main = &workload.containers["main"];
    assert_eq!(main.files["/etc/a.conf"].mode, Some(0o644));
    assert!(main.files["/etc/b.conf"].no_expand);
    assert_eq!(main.args.as_deref(), Some(&[][..]));
    assert_eq!(main.readiness.as_ref().unwrap().exec.as_deref(), Some(&["check".to_owned()][..]));
    assert_eq!(main.liveness.as_ref().unwrap().http_get.as_ref().unwrap().headers.len(), 1);
    assert_eq!(workload.ports["http"].target_port, 8080);
    assert_eq!(workload.ports["dns"].target_port, 53);
    assert_eq!(workload.platform.per_environment.len(), 1);
    assert_eq!(workload.platform.placement.as_ref().unwrap().match_expressions[0].values, ["a1", "b1"]);
    assert_eq!(workload.platform.shared_with["db"][0].value, "ledger");
}

#[test]
fn every_schema_of_ours_compiles() {
    for kind in schema_kinds() {
        assert!(schema_text(kind).is_some_and(|text| text.contains("\"description\"")), "{kind}");
    }
    assert!(schema::Schema::builtin(schema::Kind::Overlay).is_valid(&serde_json::json!({})));
    assert!(!schema::Schema::builtin(schema::Kind::Score).is_valid(&serde_json::json!({})));
}

/// Runs every case of a table and gives back the table as it should be.
fn rerun(table: &str, run: impl Fn(&str, &str) -> String) -> String {
    let mut cases = table.split("=== ");
    let mut out = cases.next().unwrap_or_default().to_owned();
    for case in cases {
        let (title, rest) = case.split_once('\n').unwrap();
        let (text, _) = rest.rsplit_once("---\n").unwrap();
        let wrap = title.split_once(':').unwrap().0;
        out += &format!("=== {title}\n{text}---\n{}", run(wrap, text));
    }
    out
}

#[test]
fn score_files_are_accepted_and_refused_as_the_specification_says() {
    let table = include_str!("tests/score.cases");
    let actual = rerun(table, |wrap, text| match wrap {
        "root" => root(text),
        "container" => container(text),
        _ => findings(text),
    });
    compare(&actual, table);
}

fn compare(actual: &str, table: &str) {
    let differs = actual.lines().zip(table.lines()).find(|(left, right)| left != right);
    assert!(actual == table, "first difference: {differs:?}\n>>>>>>>>\n{actual}<<<<<<<<");
}

/// A package manifest in the folder `resources/shop`.
pub(super) fn manifest(node: &Node, file: macadam_yaml::FileId) -> Outcome<Package> {
    let template = Template { path: "kubernetes/a.yaml.j2".into(), file, text: "".into(), each: Each::Once };
    let folder = Utf8Path::new("resources/shop");
    let outcome = package(node, file, folder, WorldName::WorkTree, vec![template], BTreeMap::new());
    Outcome { value: outcome.value.map(|(package, _)| package), findings: outcome.findings }
}

/// A Score file or overlay, read only.
fn read_only(text: &str, read: impl Fn(&[u8], macadam_yaml::FileId) -> Outcome<Node>) -> String {
    let mut sources = Sources::default();
    let (file, text) = source(&mut sources, "score.yaml", text);
    shown(&read(text.as_bytes(), file).findings, &sources)
}

#[test]
fn files_of_ours_are_accepted_and_refused_as_their_schemas_say() {
    let table = include_str!("tests/config.cases");
    let actual = rerun(table, |wrap, text| match wrap {
        "platform" => config("macadam.yaml", text, platform),
        "environment" => config("environments/dev.yaml", text, environment),
        "release" => config("release.yaml", text, release),
        "package" => config("resources/shop/manifest.yaml", text, manifest),
        "overlay" => read_only(text, overlay),
        _ => read_only(text, |bytes, file| {
            let path = Utf8Path::new("score.yaml");
            let mut findings = Vec::new();
            let tree = score_tree(bytes, file, path, Leniency::Lenient).take(&mut findings);
            if let Some(tree) = &tree {
                workload(tree, path).take(&mut findings);
            }
            Outcome { value: tree, findings }
        }),
    });
    compare(&actual, table);
}

#[test]
fn each_code_of_this_stage_has_a_case() {
    let cases = [include_str!("tests/score.cases"), include_str!("tests/config.cases")].concat();
    let stages = ["score/", "platform/", "package/"];
    // Found by `plan`, which sees more than one file.
    let elsewhere = [Code::DuplicateWorkload, Code::VersionMismatch];
    for code in Code::ALL {
        let ours = stages.iter().any(|stage| code.slug().starts_with(stage)) && !elsewhere.contains(code);
        assert!(!ours || cases.contains(code.slug()), "no case raises {code}");
    }
}

#[test]
fn placeholders_in_the_text_of_a_file_are_found_with_their_line() {
    let (workload, _, sources) = score(
        "
        apiVersion: score.dev/v1b1
        metadata: { name: shop }
        containers: { main: { image: ., files: { /a: { source: a.txt } } } }
        resources: { db: { type: postgres } }
        ",
    );
    let workload = workload.unwrap();
    let text = "ok ${resources.db.url} $${x}\nbad ${resources.bd.url}\n\n${HOME}\n";
    let found = content_placeholders(text, &workload, workload.name.span);
    insta::assert_snapshot!(shown(&found, &sources), @r"
    score/invalid-placeholder score.yaml:2:19 malformed placeholder (line 4 of the file) (help: write `$${` for a literal `${`)
    score/unknown-resource score.yaml:2:19 no resource `bd` (line 2 of the file) (help: declare it under `resources`)
    ");
}
