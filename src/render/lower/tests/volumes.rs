use super::main_container;
use crate::render::bench::{Bench, to_yaml, value};

fn with_volume(params: &str, golden: &str) -> Bench {
    main_container(
        "volumes:\n  /data: { source: \"${resources.data}\", path: sub/folder, readOnly: true }\n",
        &format!("resources: {{ data: {{ type: volume, params: {params} }} }}\n"),
    )
    .params(golden)
}

#[test]
fn a_volume_without_size_goes_with_its_pod() {
    let lowered = with_volume("{}", "{ replicas: 3 }").lower();
    assert_eq!(lowered.yaml("volumes"), "- name: data\n  emptyDir: {}\n");
    assert_eq!(
        lowered.container("volumeMounts"),
        "- name: data\n  mountPath: /data\n  subPath: sub/folder\n  readOnly: true\n"
    );
    assert!(!lowered.blocks.recreate && lowered.blocks.claims.is_empty());
}

#[test]
fn a_claim_is_kept_and_its_pod_recreated() {
    let lowered = with_volume("{ size: 1Gi }", "{}").lower();
    insta::assert_snapshot!(lowered.yaml("claims"), @r#"
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: checkout-data
        labels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/managed-by: macadam
          app.kubernetes.io/name: checkout
          app.kubernetes.io/part-of: acme
          macadam.dev/environment: dev
          macadam.dev/golden-path: service
          macadam.dev/owner: payments
        annotations:
          argocd.argoproj.io/sync-options: Prune=false,Delete=false
          kustomize.toolkit.fluxcd.io/prune: disabled
      spec:
        accessModes:
        - ReadWriteOnce
        resources:
          requests:
            storage: 1Gi
    "#);
    insta::assert_snapshot!(lowered.yaml("volumes"), @r#"
    - name: data
      persistentVolumeClaim:
        claimName: checkout-data
    "#);
    assert!(lowered.blocks.recreate && lowered.blocks.volume_claim_templates.is_empty());
}

#[test]
fn a_stateful_set_has_claim_templates_without_labels() {
    let lowered =
        with_volume("{ size: 1Gi, storageClassName: fast }", "{ kind: StatefulSet, replicas: 3 }").lower();
    insta::assert_snapshot!(lowered.yaml("volumeClaimTemplates"), @r#"
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
      spec:
        accessModes:
        - ReadWriteOnce
        resources:
          requests:
            storage: 1Gi
        storageClassName: fast
    "#);
    assert!(
        !lowered.blocks.recreate && lowered.blocks.claims.is_empty() && lowered.blocks.volumes.is_empty()
    );
}

#[test]
fn several_pods_need_a_volume_for_several_nodes() {
    insta::assert_snapshot!(with_volume("{ size: 1Gi }", "{ replicas: 2 }").lower().findings, @"lower/invalid-volume 7:/data: several pods mount `data`, which only one node at a time can (one replica, `kind: StatefulSet`, or a volume with `accessMode: ReadWriteMany`)");
    for params in
        ["{ autoscaling: { maxReplicas: 2 }, resources: { requests: { cpu: 100m } } }", "{ kind: DaemonSet }"]
    {
        assert!(
            with_volume("{ size: 1Gi }", params).lower().findings.starts_with("lower/invalid-volume"),
            "{params}"
        );
    }
    let shared = with_volume("{ size: 1Gi, accessMode: ReadWriteMany }", "{ replicas: 2 }").lower();
    assert_eq!(shared.findings, "");
    assert!(!shared.blocks.recreate);
}

#[test]
fn two_containers_that_name_one_resource_share_a_volume() {
    let lowered = Bench::new(
        "containers:\n  one: { image: ., volumes: { /data: { source: \"${resources.data}\" } } }\n  two: { image: ., volumes: { /data: { source: data } } }\nresources: { data: { type: volume } }\n",
    )
    .lower();
    assert_eq!(lowered.yaml("volumes"), "- name: data\n  emptyDir: {}\n");
    assert_eq!(lowered.blocks.containers[0]["volumeMounts"], lowered.blocks.containers[1]["volumeMounts"]);
}

#[test]
fn what_is_no_volume_cannot_be_mounted() {
    let with = |source: &str| {
        main_container(
            &format!("volumes: {{ /data: {{ source: \"{source}\" }} }}"),
            "resources: { data: { type: volume }, db: { type: postgres } }\n",
        )
        .outputs("db", &[("host", value("db"))])
        .lower()
        .findings
    };
    insta::assert_snapshot!(with("${resources.db}"), @r#"lower/invalid-volume 6:"${resources.db}": resource `db` (`postgres`) is not a volume (a volume has an output `source` (a Kubernetes volume) or `claimSpec` (what to claim))"#);
    insta::assert_snapshot!(with("dat"), @r#"lower/invalid-volume 6:"dat": there is no resource `dat` (did you mean `data`?)"#);
    insta::assert_snapshot!(with("${resources.data}/x"), @r#"lower/invalid-volume 6:"${resources.data}/x": a volume's `source` names one resource (`${resources.<name>}`)"#);
}

#[test]
fn a_shared_volume_is_claimed_elsewhere() {
    let lowered = main_container(
        "volumes: { /data: { source: \"${resources.data}\" } }",
        "resources: { data: { type: volume, id: common, params: { size: 1Gi } } }\n",
    )
    .lower();
    assert_eq!(to_yaml(&lowered.blocks.volumes[0]["persistentVolumeClaim"]), "claimName: checkout-data\n");
    assert!(lowered.blocks.claims.is_empty() && lowered.blocks.recreate);
}
