//! Cost of a review on a fleet in memory: nothing changed, one workload changed, and an environment that a third of all units run in.

mod fleet;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fleet::Size;
use macadam::diff::{Options, Two, diff};
use macadam::load::{Memory, Side};
use macadam::model::SideName;

/// The fleet: each workload runs in three environments.
const SIZE: usize = 200;

/// An edit of the first file whose path ends so: what is replaced, and with what.
type Edit = (&'static str, &'static str, &'static str);

fn world(edit: Option<Edit>) -> Memory {
    let mut edit = edit;
    let files = fleet::fleet(Size::of(SIZE)).into_iter().map(|(path, text)| {
        let fits = |(ending, from, _): &Edit| path.ends_with(ending) && text.contains(from);
        let text = match edit.take_if(|edit| fits(edit)) {
            Some((_, from, to)) => text.replacen(from, to, 1),
            None => text,
        };
        (path, text.into_bytes())
    });
    files.collect()
}

fn reviews(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("review");
    group.sample_size(10).throughput(Throughput::Elements(Size::of(SIZE).units() as u64));
    let base = world(None);
    let heads = [
        ("nothing", 0, world(None)),
        ("one workload", 3, world(Some(("score.yaml", "image: ", "image: x-")))),
        ("an environment", SIZE / 20, world(Some(("production.yaml", "domain: ", "domain: new.")))),
    ];
    let name = SideName::default();
    for (what, least, head) in &heads {
        let two = Two { base: Side::of(&base), head: Side::of(head), names: (&name, &name) };
        let review = || diff(&two, &Options::default()).expect("memory can be read").review;
        let changed = review().counts.instances;
        assert!(changed >= *least && (*least > 0 || changed == 0), "{what}: {changed} instances change");
        group.bench_function(*what, |bencher| bencher.iter(|| black_box(review())));
    }
    group.finish();
}

criterion_group!(benches, reviews);
criterion_main!(benches);
