//! What reading and writing one Kubernetes object costs.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use macadam_yaml::{FileId, Limits, Node, Resolution, parse, to_json, to_yaml};

const DEPLOYMENT: &str = include_str!("deployment.yaml");

fn read(text: &str) -> Option<Node> {
    parse(text.as_bytes(), FileId(0), Resolution::Kubernetes, &Limits::default()).ok()
}

fn deployment(criterion: &mut Criterion) {
    // A directive makes the fast reader leave the text to the complete parser.
    let with_directive = format!("%YAML 1.2\n---\n{DEPLOYMENT}");
    let node = read(DEPLOYMENT).expect("a valid document");
    let mut group = criterion.benchmark_group("deployment");
    group.throughput(Throughput::Bytes(DEPLOYMENT.len() as u64));
    group.bench_function("read", |bencher| bencher.iter(|| read(black_box(DEPLOYMENT))));
    group.bench_function("read by events", |bencher| bencher.iter(|| read(black_box(&with_directive))));
    group.bench_function("write", |bencher| bencher.iter(|| to_yaml(black_box(&node))));
    group.bench_function("write json", |bencher| bencher.iter(|| to_json(black_box(&node))));
    group.finish();
}

criterion_group!(benches, deployment);
criterion_main!(benches);
