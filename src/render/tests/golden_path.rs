use crate::{
    model::{Node, Sources},
    render::bench::{Bench, package},
};

const SERVICE: &str = "
containers:
  main:
    image: .
    variables: { A: b }
    files: { /etc/app.yaml: { content: \"a: b\\n\" } }
    volumes: { /tmp: { source: \"${resources.tmp}\" } }
    livenessProbe: { httpGet: { port: 8080, path: /live } }
    resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }
service: { ports: { http: { port: 80, targetPort: 8080 } } }
resources: { tmp: { type: volume } }
";

fn files(params: &str) -> Vec<String> {
    let rendered = Bench::new(SERVICE).params(params).render();
    assert_eq!(rendered.findings, "");
    rendered.names().into_iter().map(str::to_owned).collect()
}

#[test]
fn a_workload_becomes_a_deployment_with_what_belongs_to_it() {
    let rendered = Bench::new(SERVICE).params("{ replicas: 2 }").render();
    assert_eq!(rendered.findings, "");
    assert_eq!(
        rendered.names(),
        [
            "configmap-checkout-main-files.yaml",
            "deployment-checkout.yaml",
            "poddisruptionbudget-checkout.yaml",
            "service-checkout.yaml",
            "serviceaccount-checkout.yaml"
        ]
    );
    insta::assert_snapshot!(rendered.file("deployment-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      replicas: 2
      selector:
        matchLabels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/name: checkout
      strategy:
        rollingUpdate:
          maxSurge: 25%
          maxUnavailable: 0
        type: RollingUpdate
      template:
        metadata:
          annotations:
            macadam.dev/files-sha256: e5824caa2e63f728848cda6e51b3f2899347528e43b66765ca443ab47e41de1e
          labels:
            app.kubernetes.io/instance: checkout
            app.kubernetes.io/managed-by: macadam
            app.kubernetes.io/name: checkout
            app.kubernetes.io/part-of: acme
        spec:
          automountServiceAccountToken: false
          containers:
          - name: main
            env:
            - name: A
              value: b
            image: registry.example/app@sha256:00
            imagePullPolicy: IfNotPresent
            livenessProbe:
              failureThreshold: 3
              httpGet:
                path: /live
                port: 8080
              periodSeconds: 10
              timeoutSeconds: 3
            ports:
            - name: http
              containerPort: 8080
              protocol: TCP
            resources:
              limits:
                memory: 128Mi
              requests:
                cpu: 100m
                memory: 64Mi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
            startupProbe:
              failureThreshold: 24
              httpGet:
                path: /live
                port: 8080
              periodSeconds: 5
              timeoutSeconds: 3
            volumeMounts:
            - name: files-main
              mountPath: /etc/app.yaml
              readOnly: true
              subPath: app.yaml
            - name: tmp
              mountPath: /tmp
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: RuntimeDefault
          serviceAccountName: checkout
          terminationGracePeriodSeconds: 30
          topologySpreadConstraints:
          - labelSelector:
              matchLabels:
                app.kubernetes.io/instance: checkout
                app.kubernetes.io/name: checkout
            maxSkew: 1
            topologyKey: topology.kubernetes.io/zone
            whenUnsatisfiable: ScheduleAnyway
          - labelSelector:
              matchLabels:
                app.kubernetes.io/instance: checkout
                app.kubernetes.io/name: checkout
            maxSkew: 1
            topologyKey: kubernetes.io/hostname
            whenUnsatisfiable: ScheduleAnyway
          volumes:
          - name: files-main
            configMap:
              name: checkout-main-files
          - name: tmp
            emptyDir: {}
    "#);
    insta::assert_snapshot!(rendered.file("poddisruptionbudget-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/name: checkout
      unhealthyPodEvictionPolicy: AlwaysAllow
    "#);
    insta::assert_snapshot!(rendered.file("service-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: v1
    kind: Service
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      ports:
      - name: http
        port: 80
        protocol: TCP
        targetPort: 8080
      selector:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/name: checkout
      type: ClusterIP
    "#);
    insta::assert_snapshot!(rendered.file("serviceaccount-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    automountServiceAccountToken: false
    "#);
}

#[test]
fn each_kind_has_its_own_objects() {
    let account = "serviceaccount-checkout.yaml";
    let files = |params: &str| -> Vec<String> {
        files(params).into_iter().filter(|name| name != account && !name.starts_with("configmap-")).collect()
    };
    assert_eq!(files("{}"), ["deployment-checkout.yaml", "service-checkout.yaml"]);
    assert_eq!(
        files("{ kind: StatefulSet }"),
        ["service-checkout-headless.yaml", "service-checkout.yaml", "statefulset-checkout.yaml"]
    );
    assert_eq!(files("{ kind: DaemonSet }"), ["daemonset-checkout.yaml", "service-checkout.yaml"]);
    assert_eq!(files("{ schedule: \"0 3 * * *\" }"), ["cronjob-checkout.yaml", "service-checkout.yaml"]);
    let job = files("{ kind: Job }");
    assert!(
        job[0].starts_with("job-checkout-") && job[0].len() == "job-checkout-12345678.yaml".len(),
        "{job:?}"
    );
    assert_eq!(
        files("{ replicas: 1, autoscaling: { maxReplicas: 3 } }"),
        ["deployment-checkout.yaml", "horizontalpodautoscaler-checkout.yaml", "service-checkout.yaml"]
    );
}

#[test]
fn a_changed_pod_template_is_another_job() {
    let name = |image: &str| {
        let rendered = Bench::new("containers: { main: { image: . } }\n")
            .params("{ kind: Job }")
            .image("main", image)
            .render();
        assert_eq!(rendered.findings, "");
        rendered.names()[0].to_owned()
    };
    assert_eq!(name("a:1"), name("a:1"));
    assert_ne!(name("a:1"), name("a:2"));
}

#[test]
fn an_autoscaler_sets_the_replicas() {
    let own = Bench::new(SERVICE).params("{ replicas: 2, autoscaling: { maxReplicas: 3 } }").render();
    assert!(!own.file("deployment-checkout.yaml").contains("\n  replicas:"));
    let hpa = own.file("horizontalpodautoscaler-checkout.yaml");
    assert!(hpa.contains("minReplicas: 2\n") && hpa.contains("maxReplicas: 3\n"), "{hpa}");

    let score = SERVICE.replace(
        "tmp: { type: volume }",
        "tmp: { type: volume }, hpa: { type: horizontal-pod-autoscaler, params: { maxReplicas: 5 } }",
    );
    let resource = Bench::new(&score).render();
    assert!(!resource.file("deployment-checkout.yaml").contains("\n  replicas:"));
    let names: Vec<_> = resource.names().into_iter().filter(|name| name.starts_with("horizontal")).collect();
    assert_eq!(names, ["horizontalpodautoscaler-checkout-hpa.yaml"]);
}

#[test]
fn a_stateful_set_claims_for_each_pod() {
    let score = SERVICE.replace("{ type: volume }", "{ type: volume, params: { size: 1Gi } }");
    let rendered = Bench::new(&score).params("{ kind: StatefulSet, replicas: 2 }").render();
    insta::assert_snapshot!(rendered.file("statefulset-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      replicas: 2
      selector:
        matchLabels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/name: checkout
      serviceName: checkout-headless
      template:
        metadata:
          annotations:
            macadam.dev/files-sha256: e5824caa2e63f728848cda6e51b3f2899347528e43b66765ca443ab47e41de1e
          labels:
            app.kubernetes.io/instance: checkout
            app.kubernetes.io/managed-by: macadam
            app.kubernetes.io/name: checkout
            app.kubernetes.io/part-of: acme
        spec:
          automountServiceAccountToken: false
          containers:
          - name: main
            env:
            - name: A
              value: b
            image: registry.example/app@sha256:00
            imagePullPolicy: IfNotPresent
            livenessProbe:
              failureThreshold: 3
              httpGet:
                path: /live
                port: 8080
              periodSeconds: 10
              timeoutSeconds: 3
            ports:
            - name: http
              containerPort: 8080
              protocol: TCP
            resources:
              limits:
                memory: 128Mi
              requests:
                cpu: 100m
                memory: 64Mi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
            startupProbe:
              failureThreshold: 24
              httpGet:
                path: /live
                port: 8080
              periodSeconds: 5
              timeoutSeconds: 3
            volumeMounts:
            - name: files-main
              mountPath: /etc/app.yaml
              readOnly: true
              subPath: app.yaml
            - name: tmp
              mountPath: /tmp
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            seccompProfile:
              type: RuntimeDefault
          serviceAccountName: checkout
          terminationGracePeriodSeconds: 30
          topologySpreadConstraints:
          - labelSelector:
              matchLabels:
                app.kubernetes.io/instance: checkout
                app.kubernetes.io/name: checkout
            maxSkew: 1
            topologyKey: topology.kubernetes.io/zone
            whenUnsatisfiable: ScheduleAnyway
          - labelSelector:
              matchLabels:
                app.kubernetes.io/instance: checkout
                app.kubernetes.io/name: checkout
            maxSkew: 1
            topologyKey: kubernetes.io/hostname
            whenUnsatisfiable: ScheduleAnyway
          volumes:
          - name: files-main
            configMap:
              name: checkout-main-files
      volumeClaimTemplates:
      - apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: tmp
        spec:
          accessModes:
          - ReadWriteOnce
          resources:
            requests:
              storage: 1Gi
    "#);
    insta::assert_snapshot!(rendered.file("service-checkout-headless.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: v1
    kind: Service
    metadata:
      name: checkout-headless
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      clusterIP: None
      ports:
      - name: http
        port: 80
        protocol: TCP
        targetPort: 8080
      publishNotReadyAddresses: true
      selector:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/name: checkout
      type: ClusterIP
    "#);
}

#[test]
fn a_cron_job_holds_the_whole_pod() {
    let rendered =
        Bench::new("containers: { main: { image: . } }\n").params("{ schedule: \"0 3 * * *\" }").render();
    insta::assert_snapshot!(rendered.file("cronjob-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: checkout
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 3
          template:
            metadata:
              labels:
                app.kubernetes.io/instance: checkout
                app.kubernetes.io/managed-by: macadam
                app.kubernetes.io/name: checkout
                app.kubernetes.io/part-of: acme
            spec:
              automountServiceAccountToken: false
              containers:
              - name: main
                image: registry.example/app@sha256:00
                imagePullPolicy: IfNotPresent
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                    - ALL
              enableServiceLinks: false
              restartPolicy: Never
              securityContext:
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault
              serviceAccountName: checkout
              terminationGracePeriodSeconds: 30
      schedule: 0 3 * * *
      timeZone: Etc/UTC
    "#);
}

#[test]
fn every_parameter_reaches_the_pod() {
    let rendered = Bench::new("containers: { main: { image: . } }\n")
        .params(
            "{ replicas: 2, runAsUser: 7, runAsGroup: 8, fsGroup: 9, terminationGracePeriodSeconds: 5, topologySpread: false, serviceAccountToken: true, serviceAccountAnnotations: { aa: bb }, imagePullSecrets: [pull], priorityClassName: high, nodeSelector: { disk: ssd }, tolerations: [{ key: k, operator: Exists }], reloadOnSecretChange: true }",
        )
        .render();
    insta::assert_snapshot!(rendered.file("deployment-checkout.yaml"), @r#"
    # apps/score.yaml, golden path service
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: checkout
      namespace: acme-dev
      annotations:
        secret.reloader.stakater.com/auto: "true"
      labels:
        app.kubernetes.io/instance: checkout
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: checkout
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/golden-path: service
        macadam.dev/owner: payments
    spec:
      replicas: 2
      selector:
        matchLabels:
          app.kubernetes.io/instance: checkout
          app.kubernetes.io/name: checkout
      strategy:
        rollingUpdate:
          maxSurge: 25%
          maxUnavailable: 0
        type: RollingUpdate
      template:
        metadata:
          labels:
            app.kubernetes.io/instance: checkout
            app.kubernetes.io/managed-by: macadam
            app.kubernetes.io/name: checkout
            app.kubernetes.io/part-of: acme
        spec:
          automountServiceAccountToken: true
          containers:
          - name: main
            image: registry.example/app@sha256:00
            imagePullPolicy: IfNotPresent
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
          enableServiceLinks: false
          imagePullSecrets:
          - name: pull
          nodeSelector:
            disk: ssd
          priorityClassName: high
          securityContext:
            fsGroup: 9
            runAsGroup: 8
            runAsNonRoot: true
            runAsUser: 7
            seccompProfile:
              type: RuntimeDefault
          serviceAccountName: checkout
          terminationGracePeriodSeconds: 5
          tolerations:
          - key: k
            operator: Exists
    "#);
    assert!(rendered.file("serviceaccount-checkout.yaml").contains("aa: bb"));
}

const FORGETFUL: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\nspec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { containers: {{ kubernetes.containers | to_yaml }} } } }\n";

#[test]
fn what_a_golden_path_leaves_out_is_told_of() {
    let score = SERVICE.replace("type: volume", "type: volume, params: { size: 1Gi }");
    let rendered = Bench::new(&score).golden_path(&[("deployment.yaml.j2", FORGETFUL)]).render();
    insta::assert_snapshot!(rendered.findings, @r#"
    lower/unused-element 2:checkout: golden path `service` leaves out volume `files-main` (its templates place it with `kubernetes.volumes`)
    lower/unused-element 2:checkout: golden path `service` leaves out volume `tmp` (its templates place it with `kubernetes.volumes`)
    lower/unused-element 2:checkout: golden path `service` leaves out the claim `checkout-tmp` (its templates place it with `kubernetes.claims`)
    lower/unused-element 2:checkout: golden path `service` leaves out the files in ConfigMap `checkout-main-files` (its templates place it with `kubernetes.configMaps`)
    lower/unused-element 12:http: golden path `service` leaves out service port `http` (its templates place it with `kubernetes.servicePorts`)
    "#);
    let nothing =
        Bench::new("containers: { main: { image: . } }\n").golden_path(&[("x.yaml.j2", "")]).render();
    insta::assert_snapshot!(nothing.findings, @"lower/unused-element 3:main: golden path `service` leaves out container `main` (its templates place it with `kubernetes.containers`)");
    let enough = Bench::new("containers: { main: { image: . } }\n")
        .golden_path(&[("deployment.yaml.j2", FORGETFUL)])
        .render();
    assert_eq!(enough.findings, "");
}

#[test]
fn a_failing_template_names_the_instance() {
    let rendered = Bench::new("containers: { main: { image: . } }\n")
        .golden_path(&[("x.yaml.j2", "a: {{ params.nothing }}\n")])
        .render();
    assert_eq!(rendered.output.findings.len(), 1);
    let subject = rendered.output.findings[0].subject.as_ref().unwrap();
    assert_eq!(subject.instance, "kubernetes/dev/default/workloads/checkout");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let render = || Bench::new(SERVICE).params("{ replicas: 2 }").render().output;
    assert_eq!(render(), render());
}

#[test]
fn components_are_included_and_rendered() {
    let rendered = Bench::new("containers: { main: { image: . } }\n")
        .golden_path(&[
            ("deployment.yaml.j2", FORGETFUL),
            ("own.yaml.j2", "{% include \"shared/kubernetes/config.yaml.j2\" %}"),
        ])
        .component(
            "config.yaml.j2",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: \"{{ kubernetes.name }}\" }\n",
        )
        .render();
    // Rendered twice, once as the component's own and once included: two objects of one name are told of.
    assert!(rendered.findings.contains("ConfigMap"), "{}", rendered.findings);
}

#[test]
fn the_manual_describes_every_parameter() {
    fn check(manual: &str, prefix: &str, schema: &Node) {
        for entry in schema.get("properties").and_then(Node::as_mapping).into_iter().flatten() {
            let description = entry.value.get("description").and_then(Node::as_str).unwrap();
            let row = format!("| `{prefix}{}` | {description} |", entry.key);
            assert!(manual.contains(&row), "{row}");
            check(manual, &format!("{prefix}{}.", entry.key), &entry.value);
        }
    }
    let package = package(&mut Sources::default(), "golden-paths/service");
    check(include_str!("../../../docs/golden-path-service.md"), "", &package.params);
}

#[test]
fn the_manual_names_every_block() {
    let manual = include_str!("../../../docs/kubernetes-blocks.md");
    let blocks = Bench::new("containers: { main: { image: . } }\n").lower().blocks;
    for name in serde_json::to_value(&blocks).unwrap().as_object().unwrap().keys() {
        assert!(manual.contains(&format!("`{name}`")), "{name}");
    }
}
