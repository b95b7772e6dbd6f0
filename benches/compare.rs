//! Cost of comparing two 2-KB Deployments: equal, with one field changed, and with some twenty.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use macadam::diff::compare::{apply, field_changes, object};
use serde_json::{Value, json};

/// A Deployment of one container with `variables` variables, as a golden path makes it.
fn deployment(version: &str, variables: usize) -> Value {
    let labels = json!({"app.kubernetes.io/name": "checkout", "app.kubernetes.io/instance": "checkout", "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "macadam"});
    let env =
        |at: usize| json!({"name": format!("VARIABLE_{at}"), "value": format!("value-{at}-of-{version}")});
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "checkout", "namespace": "acme-production", "labels": labels, "annotations": {"macadam.dev/owner": "payments", "macadam.dev/environment": "production"}},
        "spec": {
            "replicas": 3,
            "revisionHistoryLimit": 3,
            "selector": {"matchLabels": {"app.kubernetes.io/name": "checkout", "app.kubernetes.io/instance": "checkout"}},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "serviceAccountName": "checkout",
                    "automountServiceAccountToken": false,
                    "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [{
                        "name": "main",
                        "image": format!("registry.example.org/payments/checkout:{version}"),
                        "imagePullPolicy": "IfNotPresent",
                        "args": ["--listen=:8080", "--log-level=info"],
                        "env": (0..variables).map(env).collect::<Vec<_>>(),
                        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
                        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
                        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 10},
                        "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
                        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                    }],
                    "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
                },
            },
        },
    })
}

fn compare(criterion: &mut Criterion) {
    let old = deployment("1.0.0", 12);
    let mut one = old.clone();
    one["spec"]["template"]["spec"]["containers"][0]["image"] =
        json!("registry.example.org/payments/checkout:1.0.1");
    let many = deployment("2.0.0", 20);
    let mut group = criterion.benchmark_group("deployment of 2 KB");
    let copy = old.clone();
    group.bench_function("equal", |bench| bench.iter(|| object(black_box(&old), black_box(&copy))));
    group.bench_function("one field", |bench| bench.iter(|| object(black_box(&old), black_box(&one))));
    group.bench_function("twenty fields", |bench| bench.iter(|| object(black_box(&old), black_box(&many))));
    let edits = object(&old, &many);
    group.bench_function("apply", |bench| bench.iter(|| apply(black_box(&old), black_box(&edits))));
    group.bench_function("shown", |bench| bench.iter(|| field_changes(None, black_box(&edits))));
    group.finish();
}

criterion_group!(benches, compare);
criterion_main!(benches);
