use super::main_container;
use crate::render::bench::{Bench, secret, to_yaml};

const PORTS: &str = "service:\n  ports:\n    web: { port: 80, targetPort: 8080 }\n    admin-interface-of-it: { port: 81, targetPort: 9090 }\n    dns: { port: 53, protocol: UDP }\n    other: { port: 82, targetPort: 8080 }\n";

#[test]
fn ports_are_sorted_and_named_as_kubernetes_wants() {
    let lowered = main_container("", PORTS).lower();
    insta::assert_snapshot!(lowered.yaml("servicePorts"), @r#"
    - name: dns
      port: 53
      targetPort: 53
      protocol: UDP
    - name: web
      port: 80
      targetPort: 8080
      protocol: TCP
    - name: admin-interface-of-it
      port: 81
      targetPort: 9090
      protocol: TCP
    - name: other
      port: 82
      targetPort: 8080
      protocol: TCP
    "#);
    insta::assert_snapshot!(lowered.container("ports"), @r#"
    - name: dns
      containerPort: 53
      protocol: UDP
    - name: web
      containerPort: 8080
      protocol: TCP
    - name: admin-cc0c63fc
      containerPort: 9090
      protocol: TCP
    "#);
}

#[test]
fn the_container_whose_probe_asks_a_port_serves_it() {
    let lowered = Bench::new(
        "containers:\n  aa: { image: . }\n  bb: { image: ., readinessProbe: { httpGet: { port: 8080, path: / } } }\nservice: { ports: { http: { port: 80, targetPort: 8080 } } }\n",
    )
    .lower();
    assert!(lowered.blocks.containers[0].get("ports").is_none());
    assert_eq!(lowered.blocks.containers[1]["ports"][0]["containerPort"], 8080);
}

#[test]
fn one_port_twice_is_told_of() {
    let lowered =
        main_container("", "service: { ports: { aa: { port: 80 }, bb: { port: 80, targetPort: 81 } } }\n")
            .lower();
    insta::assert_snapshot!(lowered.findings, @"lower/unsupported 6:bb: ports `aa` and `bb` are both TCP 80");
}

#[test]
fn probes_prefer_commands_and_give_time_to_start() {
    let lowered = main_container(
        "livenessProbe: { exec: { command: [ok] }, httpGet: { port: 80, path: / } }\nreadinessProbe: { httpGet: { port: 80, path: /, host: h, scheme: HTTPS, httpHeaders: [{ name: A, value: b }] } }\n",
        "",
    )
    .lower();
    insta::assert_snapshot!(lowered.container("livenessProbe"), @r#"
    exec:
      command:
      - ok
    periodSeconds: 10
    timeoutSeconds: 3
    failureThreshold: 3
    "#);
    insta::assert_snapshot!(lowered.container("readinessProbe"), @r#"
    httpGet:
      path: /
      port: 80
      host: h
      scheme: HTTPS
      httpHeaders:
      - name: A
        value: b
    periodSeconds: 10
    timeoutSeconds: 3
    failureThreshold: 3
    "#);
    insta::assert_snapshot!(lowered.container("startupProbe"), @r#"
    exec:
      command:
      - ok
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 24
    "#);
    let plain = main_container("livenessProbe: { exec: { command: [ok] } }\n", "")
        .params("{ probes: { startupSeconds: 0, periodSeconds: 60 } }")
        .lower();
    assert!(plain.blocks.containers[0].get("startupProbe").is_none());
    assert_eq!(plain.blocks.containers[0]["livenessProbe"]["periodSeconds"], 60);
}

#[test]
fn what_score_accepts_and_kubernetes_refuses_is_told_of() {
    let lowered = main_container(
        "readinessProbe: { httpGet: { path: /, port: 80, httpHeaders: [{ name: X_Key, value: a }, { name: X-Key, value: a }] } }\nlivenessProbe: { exec: { command: [ok] }, httpGet: { path: /, port: 80, httpHeaders: [{ name: X_Key, value: a }] } }",
        "",
    )
    .image("main", "nginx ")
    .lower();
    insta::assert_snapshot!(lowered.findings, @"
    lower/unsupported 5:.: an image's name neither begins nor ends with a space
    lower/unsupported 6:readinessProbe: Kubernetes does not accept `_` in the name of header `X_Key` (write `-`)
    ");
}

#[test]
fn quantities_are_written_as_kubernetes_reads_them() {
    let lowered = main_container(
        "resources: { requests: { memory: 64K, cpu: \"0.5\" }, limits: { memory: 128Mi } }",
        "",
    )
    .params("{ resources: { requests: { cpu: \"1\" }, limits: { cpu: 250m, memory: 1Gi } } }")
    .lower();
    // The default CPU limit is below the container's own request, so it does not step in.
    assert_eq!(
        lowered.container("resources"),
        "requests:\n  cpu: \"0.5\"\n  memory: 64k\nlimits:\n  memory: 128Mi\n"
    );
    let silent =
        main_container("", "").params("{ resources: { requests: { cpu: 50m, memory: 64Mi } } }").lower();
    assert_eq!(silent.container("resources"), "requests:\n  cpu: 50m\n  memory: 64Mi\n");
}

#[test]
fn our_own_images_run_restricted_and_others_baseline() {
    let ours = main_container("", "").lower();
    assert_eq!(
        ours.yaml("podSecurityContext"),
        "runAsNonRoot: true\nseccompProfile:\n  type: RuntimeDefault\n"
    );
    assert_eq!(
        ours.container("securityContext"),
        "allowPrivilegeEscalation: false\ncapabilities:\n  drop:\n  - ALL\n"
    );
    let foreign = Bench::new("containers: { main: { image: \"nginx:1.29\" } }\n").lower();
    assert_eq!(foreign.yaml("podSecurityContext"), "seccompProfile:\n  type: RuntimeDefault\n");
    assert!(foreign.blocks.containers[0].get("securityContext").is_none());
    let privileged = main_container("", "").params("{ security: privileged, runAsUser: 0 }").lower();
    assert_eq!(privileged.yaml("podSecurityContext"), "runAsUser: 0\n");
}

#[test]
fn images_are_pulled_again_only_when_their_name_may_move() {
    let policy = |image: &str| {
        let lowered = Bench::new(&format!("containers: {{ main: {{ image: \"{image}\" }} }}\n")).lower();
        lowered.blocks.containers[0]["imagePullPolicy"].as_str().unwrap().to_owned()
    };
    assert_eq!(policy("nginx:1.29"), "IfNotPresent");
    assert_eq!(policy("host:5000/nginx@sha256:00"), "IfNotPresent");
    assert_eq!(policy("host:5000/nginx"), "Always");
    assert_eq!(policy("nginx:latest"), "Always");
}

#[test]
fn a_release_supplies_the_image() {
    let lowered = main_container("", "").image("main", "registry.example/app:7").lower();
    assert_eq!(lowered.blocks.containers[0]["image"], "registry.example/app:7");
}

#[test]
fn labels_of_objects_are_never_in_selectors_or_pods() {
    let lowered = main_container("", "").lower();
    insta::assert_snapshot!(lowered.yaml("labels"), @r#"
    app.kubernetes.io/instance: checkout
    app.kubernetes.io/managed-by: macadam
    app.kubernetes.io/name: checkout
    app.kubernetes.io/part-of: acme
    macadam.dev/environment: dev
    macadam.dev/golden-path: service
    macadam.dev/owner: payments
    "#);
    insta::assert_snapshot!(lowered.yaml("selector"), @r#"
    app.kubernetes.io/instance: checkout
    app.kubernetes.io/name: checkout
    "#);
    insta::assert_snapshot!(lowered.yaml("podLabels"), @r#"
    app.kubernetes.io/instance: checkout
    app.kubernetes.io/managed-by: macadam
    app.kubernetes.io/name: checkout
    app.kubernetes.io/part-of: acme
    "#);
}

#[test]
fn annotations_for_other_tools_stay_out() {
    let lowered = Bench::new(
        "metadata: { name: checkout, annotations: { example.com/aa: b, k8s.score.dev/kind: CronJob } }\ncontainers: { main: { image: . } }\n",
    )
    .params("{ reloadOnSecretChange: true }")
    .lower();
    assert_eq!(
        to_yaml(&serde_json::to_value(&lowered.blocks.pod_annotations).unwrap()),
        "example.com/aa: b\n"
    );
    assert_eq!(lowered.blocks.annotations.len(), 2);
}

#[test]
fn a_name_too_long_for_its_kind_is_told_of() {
    let name = "n".repeat(60);
    let score = format!("metadata: {{ name: {name} }}\ncontainers: {{ main: {{ image: . }} }}\n");
    assert_eq!(Bench::new(&score).lower().findings, "");
    for params in ["{ kind: StatefulSet }", "{ schedule: \"@daily\" }"] {
        let findings = Bench::new(&score).params(params).lower().findings;
        assert!(
            findings.starts_with("plan/name-too-long 2:") && findings.contains("at most 52"),
            "{findings}"
        );
    }
}

#[test]
fn scaling_needs_a_request_and_one_master() {
    let scaled = |fields: &str, params: &str, resources: &str| {
        main_container(fields, resources).params(params).lower()
    };
    let cpu = "resources: { requests: { cpu: 100m } }";
    let resource = "resources: { hpa: { type: horizontal-pod-autoscaler, params: { minReplicas: 2, maxReplicas: 5 } } }\n";
    let fine = scaled(cpu, "{ replicas: 2, autoscaling: { maxReplicas: 4 } }", "");
    assert_eq!(fine.findings, "");
    assert_eq!(fine.yaml("replicas"), "minimum: 2\nmaximum: 4\n");
    let fine = scaled(cpu, "{ replicas: 1 }", resource);
    assert_eq!(fine.yaml("replicas"), "minimum: 2\nmaximum: 5\n");
    assert!(fine.blocks.autoscaled);
    insta::assert_snapshot!(scaled(cpu, "{ replicas: 3, autoscaling: { maxReplicas: 2 } }", "").findings, @"lower/unsupported 2:checkout: at least 3 and at most 2 replicas cannot both hold (`minReplicas` (the parameter `replicas` where absent) is at most `maxReplicas`)");
    assert_eq!(
        scaled(cpu, "{ replicas: 0, autoscaling: { maxReplicas: 2 } }", "").blocks.replicas.minimum,
        1
    );
    insta::assert_snapshot!(scaled("", "{ autoscaling: { maxReplicas: 4 } }", "").findings, @"lower/unsupported 4:main: the workload is scaled by CPU use, but this container does not say what CPU it asks for (`resources: { requests: { cpu: .. } }`)");
    insta::assert_snapshot!(scaled(cpu, "{ autoscaling: { maxReplicas: 4 } }", resource).findings, @"lower/unsupported 7:hpa: both resource `hpa` and the parameter `autoscaling` scale the workload");
    insta::assert_snapshot!(scaled(cpu, "{ kind: StatefulSet }", resource).findings, @"lower/unsupported 7:hpa: resource `hpa` scales a Deployment, but the workload is a StatefulSet (`params: { kind: StatefulSet }`)");
    insta::assert_snapshot!(scaled(cpu, "{ kind: DaemonSet, autoscaling: { maxReplicas: 4 } }", "").findings, @"lower/unsupported 2:checkout: a DaemonSet cannot be scaled");
}

#[test]
fn the_order_of_keys_in_the_score_file_changes_nothing() {
    let one = Bench::new("containers:\n  aa: { image: ., variables: { VX: x, VY: y }, files: { /a: { content: a }, /b: { content: b } } }\n  bb: { image: . }\nservice: { ports: { one: { port: 1 }, two: { port: 2 } } }\n").lower();
    let two = Bench::new("service: { ports: { two: { port: 2 }, one: { port: 1 } } }\ncontainers:\n  bb: { image: . }\n  aa: { files: { /b: { content: b }, /a: { content: a } }, variables: { VY: y, VX: x }, image: . }\n").lower();
    assert_eq!(serde_json::to_string(&one.blocks).unwrap(), serde_json::to_string(&two.blocks).unwrap());
}

#[test]
fn large_workloads_take_no_more_than_their_share() {
    let many = 3000;
    let mut score = String::from("containers:\n");
    for n in 0..many {
        let before = format!("before: {{ c{}: {{ ready: complete }} }}", n + 1);
        let before = if n % 2 == 0 { before } else { String::new() };
        score.push_str(&format!(
            "  c{n}: {{ image: ., files: {{ /a: {{ content: \"${{resources.db.s{n}}}\" }} }}, {before} }}\n"
        ));
    }
    score.push_str("service:\n  ports:\n");
    for n in 0..many {
        score.push_str(&format!("    p{n}: {{ port: {} }}\n", n + 1));
    }
    score.push_str("resources: { db: { type: postgres } }\n");
    let names: Vec<String> = (0..many).map(|n| format!("s{n}")).collect();
    let outputs: Vec<_> = names.iter().map(|name| (name.as_str(), secret(name))).collect();
    let lowered = Bench::new(&score).outputs("db", &outputs).lower();
    assert_eq!(lowered.findings, "");
    assert_eq!(lowered.blocks.volumes.len(), many);
    assert_eq!(lowered.blocks.containers.len() + lowered.blocks.init_containers.len(), many);
}

#[test]
fn no_number_is_too_large() {
    let max = i64::MAX;
    let params = format!(
        "{{ replicas: {max}, runAsUser: -1, probes: {{ startupSeconds: {max}, periodSeconds: {max} }}, autoscaling: {{ minReplicas: {max}, maxReplicas: -5 }} }}"
    );
    let lowered = main_container("livenessProbe: { exec: { command: [ok] } }\n", "").params(&params).lower();
    assert!(lowered.findings.starts_with("lower/unsupported"));
}
