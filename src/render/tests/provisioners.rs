use crate::{
    load::{World, built_in},
    model::{LinkTarget, OutputRule, PackageKind, Port, Protocol},
    render::{
        bench::{Bench, describe, engines, own_leaf, package},
        render,
    },
};

fn with(resources: &str, variables: &str) -> Bench {
    Bench::new(&format!(
        "containers: {{ main: {{ image: ., variables: {{ {variables} }} }} }}\nservice: {{ ports: {{ web: {{ port: 80, targetPort: 8080 }} }} }}\nresources: {{ {resources} }}\n"
    ))
}

fn other(foreign: bool) -> LinkTarget {
    let port = Port { port: 80, target_port: 8080, protocol: Protocol::Tcp };
    LinkTarget {
        workload: "cart".to_owned(),
        namespace: if foreign { "other-dev" } else { "acme-dev" }.to_owned(),
        service: "cart".to_owned(),
        host: if foreign { "cart.other-dev" } else { "cart" }.to_owned(),
        foreign,
        ports: [("http".to_owned(), port)].into_iter().collect(),
    }
}

fn environment_of(bench: Bench) -> String {
    let lowered = bench.lower();
    lowered.container("env")
}

#[test]
fn links_reach_the_service_and_its_port() {
    let bench = |foreign| {
        with(
            "cart: { type: service }, port: { type: service-port, params: { workload: cart, port: http } }",
            "A: \"${resources.cart.name} ${resources.cart.url}\", B: \"${resources.port.hostname}:${resources.port.port}\"",
        )
        .target(other(foreign))
    };
    assert_eq!(
        environment_of(bench(false)),
        "- name: A\n  value: cart http://cart:80\n- name: B\n  value: cart:80\n"
    );
    assert_eq!(
        environment_of(bench(true)),
        "- name: A\n  value: cart.other-dev http://cart.other-dev:80\n- name: B\n  value: cart.other-dev:80\n"
    );
}

#[test]
fn the_environment_and_endpoints_are_variables() {
    let bench = with(
        "env: { type: environment }, mail: { type: endpoint, params: { url: \"http://mail.example\" } }",
        "A: \"${resources.env.domain}\", B: \"${resources.mail.url}\"",
    );
    assert_eq!(
        environment_of(bench),
        "- name: A\n  value: dev.localhost\n- name: B\n  value: http://mail.example\n"
    );
}

const ROUTE: &str =
    "host: { type: dns }, web: { type: route, params: { host: \"${resources.host.host}\", port: PORT } }";

#[test]
fn a_route_leads_to_the_services_port() {
    for port in ["80", "web", "\"80\""] {
        let rendered = with(&ROUTE.replace("PORT", port), "").render();
        insta::allow_duplicates! {
            insta::assert_snapshot!(rendered.file("httproute.gateway.networking.k8s.io-checkout-web.yaml"), @r#"
            # apps/score.yaml, provisioner route
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: checkout-web
              namespace: acme-dev
              labels:
                app.kubernetes.io/instance: checkout-web
                app.kubernetes.io/managed-by: macadam
                app.kubernetes.io/name: route
                app.kubernetes.io/part-of: acme
                macadam.dev/environment: dev
                macadam.dev/owner: payments
            spec:
              hostnames:
              - checkout.dev.localhost
              parentRefs:
              - name: default
              rules:
              - backendRefs:
                - name: checkout
                  port: 80
                matches:
                - path:
                    type: PathPrefix
                    value: /
            "#);
        }
    }
}

#[test]
fn a_route_to_an_unknown_port_is_told_of() {
    insta::assert_snapshot!(with(&ROUTE.replace("PORT", "8080"), "").render().findings, @"plan/unknown-port 5:8080: the Service of `checkout` has no port `8080` (that is the container's port; the Service's is `web`)");
    insta::assert_snapshot!(with(&ROUTE.replace("PORT", "wep"), "").render().findings, @"plan/unknown-port 5:wep: the Service of `checkout` has no port `wep` (did you mean `web`?)");
}

#[test]
fn a_link_to_an_unknown_port_is_told_of() {
    let linked = |port: &str| {
        let resources = format!("port: {{ type: service-port, params: {{ workload: cart, port: {port} }} }}");
        with(&resources, "").target(other(false)).render().findings
    };
    assert_eq!(linked("http"), "");
    assert_eq!(linked("80"), "");
    insta::assert_snapshot!(linked("htpp"), @"plan/unknown-port 5:htpp: the Service of `cart` has no port `htpp` (did you mean `http`?)");
    insta::assert_snapshot!(linked("81"), @"plan/unknown-port 5:81: the Service of `cart` has no port `81` (it has `http` (80))");
}

#[test]
fn a_route_to_another_namespace_brings_its_grant() {
    let rendered = with("web: { type: route, params: { host: a.example, port: http, workload: cart } }", "")
        .target(other(true))
        .render();
    let names: Vec<_> = rendered.names().into_iter().filter(|name| name.contains("gateway")).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let grant = names.iter().find(|name| name.contains("referencegrant")).unwrap();
    insta::assert_snapshot!(rendered.file(grant), @r#"
    # apps/score.yaml, provisioner route
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata:
      name: acme-dev-checkout-web
      namespace: other-dev
      labels:
        app.kubernetes.io/instance: checkout-web
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: route
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/owner: payments
    spec:
      from:
      - kind: HTTPRoute
        namespace: acme-dev
        group: gateway.networking.k8s.io
      to:
      - kind: Service
        name: cart
        group: ""
    "#);
}

#[test]
fn a_missing_variable_of_the_environment_shows_who_needs_it() {
    let rendered = with("web: { type: route, params: { host: a.example, port: web } }", "")
        .environment(", gateway: { name: default }", "")
        .render();
    assert!(rendered.findings.starts_with("template/error 9:"), "{}", rendered.findings);
    assert_eq!(rendered.output.findings[0].related[0].message, "asked for here");
}

/// Each in-cluster store, and the variables that its outputs make.
const STORES: &[(&str, &str)] = &[
    ("postgres", "host port name database username password url"),
    ("mysql", "host port name database username password url"),
    ("mongodb", "host port name username password connection url"),
    ("redis", "host port username password url"),
    ("amqp", "host port vhost username password url"),
    ("s3", "bucket endpoint url host port region access_key_id aws_access_key_id secret_key aws_secret_key"),
    ("kafka-topic", "host port name num_partitions url"),
];

#[test]
fn every_store_has_its_outputs_and_never_shows_a_password() {
    let mut seen = String::new();
    for (store, outputs) in STORES {
        let variables: Vec<String> =
            outputs.split(' ').map(|output| format!("{output}: \"${{resources.db.{output}}}\"")).collect();
        let lowered = with(&format!("db: {{ type: {store} }}"), &variables.join(", ")).lower();
        seen.push_str(&format!("# {store}\n{}", lowered.container("env")));
    }
    insta::assert_snapshot!(seen, @r#"
    # postgres
    - name: database
      value: app
    - name: host
      value: checkout-db
    - name: name
      value: app
    - name: password
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: port
      value: "5432"
    - name: url
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: username
      value: app
    # mysql
    - name: database
      value: app
    - name: host
      value: checkout-db
    - name: name
      value: app
    - name: password
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: port
      value: "3306"
    - name: url
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: username
      value: app
    # mongodb
    - name: connection
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: host
      value: checkout-db
    - name: name
      value: app
    - name: password
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: port
      value: "27017"
    - name: url
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: username
      value: app
    # redis
    - name: host
      value: checkout-db
    - name: password
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: port
      value: "6379"
    - name: url
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: username
      value: default
    # amqp
    - name: host
      value: checkout-db
    - name: password
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: port
      value: "5672"
    - name: url
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: url
    - name: username
      value: app
    - name: vhost
      value: /
    # s3
    - name: access_key_id
      value: app
    - name: aws_access_key_id
      value: app
    - name: aws_secret_key
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: bucket
      value: checkout-db
    - name: endpoint
      value: http://checkout-db:9000
    - name: host
      value: checkout-db
    - name: port
      value: "9000"
    - name: region
      value: us-east-1
    - name: secret_key
      valueFrom:
        secretKeyRef:
          name: checkout-db
          key: password
    - name: url
      value: http://checkout-db:9000
    # kafka-topic
    - name: host
      value: checkout-db.acme-dev
    - name: name
      value: checkout-db
    - name: num_partitions
      value: "1"
    - name: port
      value: "9092"
    - name: url
      value: kafka://checkout-db.acme-dev:9092
    "#);
}

#[test]
fn a_store_is_complete_and_keeps_the_restricted_profile() {
    for (store, _) in STORES {
        let rendered = with(&format!("db: {{ type: {store} }}"), "").render();
        let set = rendered.file("statefulset-checkout-db.yaml");
        for wanted in [
            "runAsNonRoot: true",
            "type: RuntimeDefault",
            "allowPrivilegeEscalation: false",
            "- ALL",
            "automountServiceAccountToken: false",
            "macadam.dev/grade: development",
        ] {
            assert!(set.contains(wanted), "{store}: {wanted}");
        }
        assert!(!set.contains(":latest"), "{store}");
        let labels = set.split("volumeClaimTemplates:").nth(1).unwrap();
        assert!(!labels.contains("labels:"), "{store}");
        rendered.file("service-checkout-db.yaml");
    }
}

#[test]
fn a_password_is_made_once_and_kept() {
    let rendered = with("db: { type: postgres }", "").render();
    insta::assert_snapshot!(rendered.file("externalsecret.external-secrets.io-checkout-db.yaml"), @r#"
    # apps/score.yaml, provisioner postgres
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: checkout-db
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout-db
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: postgres
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/owner: payments
    spec:
      dataFrom:
      - sourceRef:
          generatorRef:
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: Password
            name: checkout-db
      refreshPolicy: CreatedOnce
      target:
        name: checkout-db
        creationPolicy: Orphan
        immutable: true
        template:
          data:
            database: app
            host: checkout-db
            password: "{{ .password }}"
            url: postgresql://app:{{ .password }}@checkout-db:5432/app
            username: app
          engineVersion: v2
    "#);
    insta::assert_snapshot!(rendered.file("password.generators.external-secrets.io-checkout-db.yaml"), @r#"
    # apps/score.yaml, provisioner postgres
    apiVersion: generators.external-secrets.io/v1alpha1
    kind: Password
    metadata:
      name: checkout-db
      namespace: acme-dev
      labels:
        app.kubernetes.io/instance: checkout-db
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: postgres
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/owner: payments
    spec:
      allowRepeat: true
      digits: 8
      length: 32
      noUpper: false
      symbols: 0
    "#);
    insta::assert_snapshot!(rendered.file("statefulset-checkout-db.yaml"), @r#"
    # apps/score.yaml, provisioner postgres
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: checkout-db
      namespace: acme-dev
      annotations:
        macadam.dev/grade: development
      labels:
        app.kubernetes.io/instance: checkout-db
        app.kubernetes.io/managed-by: macadam
        app.kubernetes.io/name: postgres
        app.kubernetes.io/part-of: acme
        macadam.dev/environment: dev
        macadam.dev/owner: payments
    spec:
      replicas: 1
      selector:
        matchLabels:
          app.kubernetes.io/instance: checkout-db
          app.kubernetes.io/name: postgres
      serviceName: checkout-db
      template:
        metadata:
          labels:
            app.kubernetes.io/instance: checkout-db
            app.kubernetes.io/managed-by: macadam
            app.kubernetes.io/name: postgres
            app.kubernetes.io/part-of: acme
        spec:
          automountServiceAccountToken: false
          containers:
          - name: postgres
            env:
            - name: POSTGRES_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: checkout-db
                  key: password
            - name: POSTGRES_USER
              valueFrom:
                secretKeyRef:
                  name: checkout-db
                  key: username
            - name: PGDATA
              value: /var/lib/postgresql/data/pgdata
            - name: POSTGRES_DB
              value: app
            image: postgres:17-alpine
            imagePullPolicy: IfNotPresent
            ports:
            - name: postgres
              containerPort: 5432
              protocol: TCP
            readinessProbe:
              exec:
                command:
                - pg_isready
                - --host=127.0.0.1
                - --username=app
                - --dbname=app
              failureThreshold: 3
              periodSeconds: 10
              timeoutSeconds: 5
            resources:
              limits:
                memory: 256Mi
              requests:
                cpu: 100m
                memory: 256Mi
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
            startupProbe:
              exec:
                command:
                - pg_isready
                - --host=127.0.0.1
                - --username=app
                - --dbname=app
              failureThreshold: 30
              periodSeconds: 10
              timeoutSeconds: 5
            volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql/data
          enableServiceLinks: false
          securityContext:
            fsGroup: 70
            runAsGroup: 70
            runAsNonRoot: true
            runAsUser: 70
            seccompProfile:
              type: RuntimeDefault
      volumeClaimTemplates:
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
    "#);
}

#[test]
fn existing_secrets_are_only_referred_to() {
    for (store, _) in STORES {
        let rendered = with(&format!("db: {{ type: {store} }}"), "")
            .environment("external-secrets", "existing")
            .render();
        assert_eq!(rendered.findings, "");
        assert!(!rendered.names().iter().any(|name| name.contains("external")), "{:?}", rendered.names());
    }
}

#[test]
fn jobs_of_resources_are_named_after_what_they_run() {
    for (store, job) in [("s3", "job-checkout-db-bucket-"), ("kafka-topic", "job-checkout-db-topic-")] {
        let rendered = with(&format!("db: {{ type: {store} }}"), "").render();
        assert_eq!(rendered.findings, "");
        assert!(rendered.names().iter().any(|name| name.contains(job)), "{:?}", rendered.names());
    }
}

#[test]
fn a_shared_resource_does_without_its_workloads_leaf() {
    for store in STORES.iter().map(|(store, _)| *store).chain(["volume"]) {
        let params = if store == "volume" { "{ size: 1Gi, accessMode: ReadWriteMany }" } else { "{}" };
        let mut bench = with(&format!("db: {{ type: {store}, id: common, params: {params} }}"), "");
        let input = bench.input();
        let own = own_leaf(&input, "db");
        let output = render(&own, &engines(&own));
        assert_eq!(describe(&bench.sources, &output.findings), "", "{store}");
        assert!(!output.artifacts.is_empty(), "{store}");
        for artifact in &output.artifacts {
            let text = std::str::from_utf8(&artifact.bytes).unwrap();
            assert!(text.contains(&format!("name: {store}-common")), "{store}: {text}");
        }
    }
}

#[test]
fn the_manual_names_every_type_parameter_and_output() {
    let manual = include_str!("../../../docs/resources.md");
    let mut sources = crate::model::Sources::default();
    for folder in built_in().list("resources".into()).unwrap().unwrap() {
        let package = package(&mut sources, &format!("resources/{}", folder.name));
        let start = format!("| `{}` |", folder.name);
        let row = manual.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
        let parameters = package.params.get("properties").and_then(|node| node.as_mapping()).unwrap();
        for name in parameters.keys() {
            assert!(row.contains(&format!("`{name}`")), "{}: {name}", folder.name);
        }
        if let PackageKind::Provisioner { outputs: OutputRule::Declared(outputs), .. } = &package.kind {
            for name in outputs.keys() {
                assert!(row.contains(&format!("`{name}`")), "{}: {name}", folder.name);
            }
        }
    }
}
