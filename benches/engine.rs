//! Cost of one object: rendering a 2-KB Deployment with some thirty holes, checking and writing it.

use std::{hint::black_box, sync::Arc};

use camino::Utf8Path;
use criterion::{Criterion, criterion_group, criterion_main};
use macadam::engine::{Context, Engine};
use macadam::model::{Each, FileId, Node, Package, PackageKind, Span, Spanned, Template, WorldName};
use macadam::render::manifest::{LeafInfo, artifacts};
use serde_json::json;

const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ workload.name }}
  labels:
    {{ kubernetes.labels | to_yaml }}
    app.kubernetes.io/version: "{{ params.version }}"
  annotations:
    macadam.dev/owner: {{ workload.owner }}
    macadam.dev/environment: {{ environment.name }}
spec:
  replicas: {{ params.replicas }}
  revisionHistoryLimit: {{ params.history }}
  selector:
    matchLabels:
      {{ kubernetes.selector | to_yaml }}
  template:
    metadata:
      labels:
        {{ kubernetes.labels | to_yaml }}
    spec:
      serviceAccountName: {{ workload.name }}
      automountServiceAccountToken: {{ params.token }}
      securityContext:
        runAsNonRoot: true
        seccompProfile: { type: RuntimeDefault }
      containers:
      {%- for container in kubernetes.containers %}
      - name: {{ container.name }}
        image: {{ container.image }}
        imagePullPolicy: IfNotPresent
        {%- if container.args %}
        args: {{ container.args | to_yaml }}
        {%- endif %}
        env:
        {%- for variable in container.env %}
        - name: {{ variable.name }}
          value: {{ variable.value }}
        {%- endfor %}
        ports:
        {%- for port in container.ports %}
        - { name: {{ port.name }}, containerPort: {{ port.port }}, protocol: {{ port.protocol }} }
        {%- endfor %}
        resources:
          requests: { cpu: {{ params.cpu | quantity }}, memory: {{ params.memory | quantity }} }
          limits: { memory: {{ params.memory | quantity }} }
        readinessProbe:
          httpGet: { path: {{ params.path }}, port: http }
          periodSeconds: 10
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: { drop: [ALL] }
      {%- endfor %}
      volumes:
        {{ kubernetes.volumes | to_yaml }}
"#;

fn package() -> Package {
    Package {
        kind: PackageKind::GoldenPath,
        name: Spanned::new("service".to_owned(), Span::default()),
        version: semver::Version::new(1, 0, 0),
        description: None,
        world: WorldName::BuiltIn,
        folder: "golden-paths/service".into(),
        file: FileId(0),
        params: Node::null(Span::default()),
        requires: None,
        components: Vec::new(),
        templates: vec![Template {
            path: "kubernetes/deployment.yaml.j2".into(),
            file: FileId(1),
            text: Arc::from(DEPLOYMENT),
            each: Each::Once,
        }],
        scaffold: std::collections::BTreeMap::new(),
    }
}

fn context() -> serde_json::Value {
    let env: Vec<_> =
        (0..8).map(|n| json!({"name": format!("VARIABLE_{n}"), "value": format!("value: {n}")})).collect();
    json!({
        "workload": {"name": "checkout", "owner": "payments"},
        "environment": {"name": "production"},
        "params": {"version": "1.2.3", "replicas": 3, "history": 5, "token": false, "cpu": "250m", "memory": "0.5Gi", "path": "/healthz"},
        "kubernetes": {
            "labels": {"app.kubernetes.io/name": "checkout", "app.kubernetes.io/instance": "checkout", "app.kubernetes.io/part-of": "acme"},
            "selector": {"app.kubernetes.io/name": "checkout", "app.kubernetes.io/instance": "checkout"},
            "containers": [{"name": "main", "image": "registry.example/checkout@sha256:0123", "args": ["--port", "8080"], "env": env, "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}],
            "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "config", "configMap": {"name": "checkout"}}],
        },
    })
}

fn object(criterion: &mut Criterion) {
    let package = package();
    let Some(engine) = Engine::new(&package).value else { return };
    let template = &package.templates[0];
    let plain = context();
    let context = Context::new(&plain);
    let Ok(documents) = engine.documents(template, &context) else { return };
    let leaf = LeafInfo {
        folder: Utf8Path::new("kubernetes/production/eu-1/workloads/checkout"),
        namespace: "acme-production",
        header: "services/checkout/score.yaml, golden path service",
    };
    criterion.bench_function("engine/context", |bencher| bencher.iter(|| black_box(Context::new(&plain))));
    criterion.bench_function("engine/documents", |bencher| {
        bencher.iter(|| black_box(engine.documents(template, &context)));
    });
    criterion.bench_function("manifest/artifacts", |bencher| {
        bencher.iter_batched(
            || documents.iter().map(|node| (node.clone(), node.span)).collect::<Vec<_>>(),
            |documents| black_box(artifacts(documents, &leaf)),
            criterion::BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, object);
criterion_main!(benches);
