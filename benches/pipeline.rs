//! Cost of the whole pipeline and of its middle, on a fleet in memory.

mod fleet;

use std::hint::black_box;

use camino::Utf8PathBuf;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use macadam::compile::{Options, compile};
use macadam::load::Memory;

/// Workloads of the fleet; each runs in three environments.
const WORKLOADS: usize = 200;

fn whole(criterion: &mut Criterion) {
    let world: Memory = fleet::fleet(WORKLOADS)
        .into_iter()
        .map(|(path, text)| (Utf8PathBuf::from(path), text.into_bytes()))
        .collect();
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(10).throughput(Throughput::Elements(3 * WORKLOADS as u64));
    group.bench_function("cold", |bencher| {
        bencher.iter(|| black_box(compile(&world, &Options::default())));
    });
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);
