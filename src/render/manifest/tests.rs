use macadam_yaml::{FileId, Limits, Resolution};

use super::*;

fn made(text: &str) -> (Vec<Artifact>, Facts, Vec<Finding>) {
    let documents = macadam_yaml::parse_documents(
        text.as_bytes(),
        FileId(1),
        Resolution::Kubernetes,
        &Limits { bytes: 1 << 23, ..Limits::default() },
    )
    .unwrap();
    let documents = documents.into_iter().map(|node| (node.clone(), node.span)).collect();
    let leaf = LeafInfo {
        folder: Utf8Path::new("kubernetes/dev/default/workloads/a"),
        namespace: "shop",
        header: "services/a/score.yaml, golden path service",
    };
    artifacts(documents, &leaf)
}

fn findings(text: &str) -> Vec<String> {
    let (_, _, findings) = made(text);
    findings
        .into_iter()
        .map(|finding| {
            let mark = finding.primary.map(|label| text[label.span.range()].to_owned()).unwrap_or_default();
            format!("{} {} @ {mark}", finding.code, finding.message)
        })
        .collect()
}

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n";

#[test]
fn an_object_is_one_file_with_a_namespace_and_a_header() {
    let (artifacts, facts, findings) = made(OBJECT);
    assert_eq!(findings, []);
    assert_eq!(artifacts[0].path, "kubernetes/dev/default/workloads/a/configmap-a.yaml");
    assert_eq!(
        String::from_utf8_lossy(&artifacts[0].bytes),
        "# services/a/score.yaml, golden path service\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n"
    );
    assert_eq!(artifacts[0].digest, <[u8; 32]>::from(Sha256::digest(&artifacts[0].bytes)));
    assert_eq!(facts.objects[0].0.to_string(), "ConfigMap/shop/a");
}

#[test]
fn lists_are_taken_apart_and_empty_documents_dropped() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: m}}\n- {apiVersion: apps/v1, kind: DeploymentList, items: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: other}}]}\n---\n{}\n---\n";
    let (artifacts, _, findings) = made(text);
    let paths: Vec<_> = artifacts.iter().filter_map(|artifact| artifact.path.file_name()).collect();
    assert_eq!((paths, findings), (vec!["deployment-other.d.yaml", "namespace-m.yaml"], vec![]));
}

#[test]
fn what_is_no_object_is_refused() {
    let object = |rest: &str| format!("apiVersion: v1\nkind: ConfigMap\n{rest}");
    for (text, wanted) in [
        ("[1]".to_owned(), "template/invalid-manifest a Kubernetes object is a map, not a list @ [1]"),
        ("kind: A".to_owned(), "template/invalid-manifest a Kubernetes object needs `apiVersion` @ A"),
        (
            "apiVersion: 1\nkind: A".to_owned(),
            "template/invalid-manifest `apiVersion` is a string, not a number @ 1",
        ),
        (
            "apiVersion: a/b/v1\nkind: A".to_owned(),
            "template/invalid-manifest `apiVersion` is `v1`, or `<group>/<version>` @ a/b/v1",
        ),
        (
            "apiVersion: v1\nkind: ../x".to_owned(),
            "template/invalid-manifest `kind` is a word with a capital, such as `Deployment` @ ../x",
        ),
        (object(""), "template/invalid-manifest a Kubernetes object needs `metadata.name` @ ConfigMap"),
        (
            object("metadata: {name: 1}"),
            "template/invalid-manifest `metadata.name` is a string, not a number @ 1",
        ),
        (
            object("metadata: {name: ../../x}"),
            "template/invalid-manifest `metadata.name` is no name for a Kubernetes object @ ../../x",
        ),
        (
            object("metadata: {name: a, namespace: B}"),
            "template/invalid-manifest `metadata.namespace` is no name for a namespace @ B",
        ),
        (
            object("metadata: {name: a}\nstatus: {}"),
            "template/invalid-manifest `status` is written by the cluster, not by Git @ {}",
        ),
        (
            object("metadata: {name: a, labels: {x: 1}}"),
            "template/invalid-manifest `x` is a string, not a number @ 1",
        ),
        (
            object("metadata: {name: a, labels: [x]}"),
            "template/invalid-manifest `metadata.labels` is a map, not a list @ [x]",
        ),
        (
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}".to_owned(),
            "template/invalid-manifest a `Namespace` is in no namespace @ b",
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: hunter2}".to_owned(),
            "template/plain-secret `Secret/a` would put a secret into Git @ Secret",
        ),
        (format!("{OBJECT}---\n{OBJECT}"), "assemble/object-clash two objects are `ConfigMap/a` @ ConfigMap"),
        (
            format!("{OBJECT}data: {{a: \"{}\"}}", "x".repeat(1 << 20)),
            "template/limit `ConfigMap/a` is larger than 1 MiB, which Kubernetes refuses @ ConfigMap",
        ),
    ] {
        assert_eq!(findings(&text), [wanted], "{}", &text[..text.len().min(200)]);
    }
}

#[test]
fn two_objects_never_share_a_file_silently() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o.a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: o}\n";
    let (artifacts, _, findings) = made(text);
    assert_eq!(artifacts.len(), 1);
    assert_eq!(findings[0].code, Code::PathClash);
}

#[test]
fn an_instance_has_a_bounded_number_of_files() {
    let text: String = (0..2_001)
        .map(|n| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{n}}}\n"))
        .collect();
    assert_eq!(findings(&text), ["template/limit an instance may have 2000 files, this one has 2001 @ "]);
}

#[test]
fn secrets_without_content_and_rbac_names_are_fine() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/service-account-token\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:x'}\n";
    let (artifacts, _, findings) = made(text);
    assert_eq!((artifacts.len(), findings), (2, vec![]));
}
