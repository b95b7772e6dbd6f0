//! Cost of the whole pipeline and of each of its stages, on a fleet in memory. Throughput is counted in units.

mod fleet;

use std::{collections::BTreeSet, hint::black_box, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use criterion::{BenchmarkId, measurement::WallTime};
use fleet::Size;
use macadam::assemble::assemble;
use macadam::compile::{Compilation, Options, compile};
use macadam::engine::Engines;
use macadam::load::{Inventory, Memory, WorkloadFiles, World, discover};
use macadam::model::{FileId, InstanceOutput, Node, Package, Platform, Tree};
use macadam::parse;
use macadam::plan::{Inputs, OverlaySource, Plan, WorkloadSource, plan};
use macadam::render::render;
use macadam::validate::{self, Leniency};
use macadam::write::{Root, Scope, apply, compare, recover};

/// Workloads of the fleet; each runs in three environments.
const WORKLOADS: usize = 200;

/// The same number of units in more clusters: four environments of five clusters.
const WIDE: Size = Size { workloads: 30, environments: 4, clusters: 5 };

/// A fleet with what each stage takes from the one before.
struct Stages {
    world: Memory,
    compilation: Compilation,
    inventory: Inventory,
    engines: Engines,
    workloads: Vec<WorkloadSource>,
}

impl Stages {
    fn new() -> Self {
        let world = world(Size::of(WORKLOADS));
        let compilation = compile(&world, &Options::default()).expect("memory can be read");
        assert!(compilation.tree.is_some(), "the fleet has errors: {:?}", compilation.findings.first());
        let platform = compilation.platform.as_ref().expect("a platform");
        let inventory = discover(&world, platform).expect("memory can be read").value.expect("an inventory");
        let packages: Vec<Arc<Package>> = compilation.catalog.packages().cloned().collect();
        let engines = Engines::prepare(&packages).value.expect("templates");
        let workloads =
            inventory.workloads.iter().zip(0..).map(|(files, at)| source(&world, files, at)).collect();
        Self { world, compilation, inventory, engines, workloads }
    }

    fn platform(&self) -> &Platform {
        self.compilation.platform.as_ref().expect("a platform")
    }

    fn score_files(&self) -> impl Iterator<Item = (&Utf8Path, Vec<u8>)> {
        self.inventory.workloads.iter().map(|files| (files.score.as_path(), read(&self.world, &files.score)))
    }

    fn plan(&self) -> Plan {
        let inputs = Inputs {
            world: &self.world,
            platform: self.platform(),
            environments: &self.compilation.environments,
            catalog: &self.compilation.catalog,
            engines: &self.engines,
            workloads: self.workloads.iter().collect(),
            broken: BTreeSet::new(),
        };
        plan(&inputs).expect("memory can be read").value.expect("a plan")
    }

    fn tree(&self) -> &Tree {
        self.compilation.tree.as_ref().expect("a tree")
    }
}

fn world(size: Size) -> Memory {
    let files = fleet::fleet(size).into_iter();
    files.map(|(path, text)| (Utf8PathBuf::from(path), text.into_bytes())).collect()
}

fn read(world: &Memory, path: &Utf8Path) -> Vec<u8> {
    world.read(path).expect("memory can be read").expect("the file is there")
}

fn score_tree(bytes: &[u8], file: FileId, path: &Utf8Path) -> Node {
    validate::score_tree(bytes, file, path, Leniency::Strict).value.expect("a Score file")
}

/// A workload as `compile` reads it; files are numbered by the workload.
fn source(world: &Memory, files: &WorkloadFiles, number: u32) -> WorkloadSource {
    let file = FileId(10 * number);
    let tree = score_tree(&read(world, &files.score), file, &files.score);
    let workload = validate::workload(&tree, &files.score).value.expect("a workload");
    let overlays = files.overlays.iter().zip(1..).map(|(overlay, more)| {
        let file = FileId(10 * number + more);
        OverlaySource {
            file,
            environment: overlay.environment.clone(),
            cluster: overlay.cluster.clone(),
            tree: validate::overlay(&read(world, &overlay.path), file).value.expect("an overlay"),
        }
    });
    let release = files.release.as_ref().map(|path| {
        let file = FileId(10 * number + 9);
        let tree = parse::yaml(&read(world, path), file).value.expect("YAML");
        validate::release(&tree, file).value.expect("a release")
    });
    WorkloadSource {
        path: files.score.clone(),
        tree,
        workload: Arc::new(workload),
        overlays: overlays.collect(),
        release,
    }
}

/// The edges and what is read: from files to workloads.
fn reading(group: &mut BenchmarkGroup<'_, WallTime>, stages: &Stages) {
    group.bench_function("load", |bencher| {
        bencher.iter(|| black_box(discover(&stages.world, stages.platform())));
    });
    let files: Vec<_> = stages.score_files().collect();
    group.bench_function("parse", |bencher| {
        bencher.iter(|| files.iter().for_each(|(_, bytes)| drop(black_box(parse::yaml(bytes, FileId(0))))));
    });
    let trees: Vec<_> =
        files.iter().map(|(path, bytes)| (*path, score_tree(bytes, FileId(0), path))).collect();
    group.bench_function("validate", |bencher| {
        bencher
            .iter(|| trees.iter().for_each(|(path, tree)| drop(black_box(validate::workload(tree, path)))));
    });
}

/// What is made of them: from workloads to one tree.
fn making(group: &mut BenchmarkGroup<'_, WallTime>, stages: &Stages) {
    group.bench_function("plan", |bencher| bencher.iter(|| black_box(stages.plan())));
    let plan = stages.plan();
    let outputs = || -> Vec<InstanceOutput> {
        plan.instances.iter().map(|instance| render(instance, &stages.engines)).collect()
    };
    group.bench_function("render, on one thread", |bencher| bencher.iter(|| black_box(outputs())));
    let outputs = outputs();
    group.bench_function("assemble", |bencher| {
        bencher.iter_batched(
            || outputs.clone(),
            |outputs| black_box(assemble(plan.instances.iter().zip(outputs))),
            BatchSize::LargeInput,
        );
    });
}

/// Writes a tree to a root below a folder.
fn write(folder: &Utf8Path, tree: &Tree) {
    let root = Root::open(folder, Utf8Path::new("rendered")).expect("a root");
    recover(&root).expect("nothing is torn");
    let changes = compare(&root, tree, &Scope::everything()).expect("the root can be read");
    apply(&root, changes.value.expect("nothing stands in the way")).expect("the root can be written");
}

fn writing(group: &mut BenchmarkGroup<'_, WallTime>, stages: &Stages) {
    let folder = || tempfile::tempdir().expect("a folder");
    let path = |folder: &tempfile::TempDir| Utf8PathBuf::from_path_buf(folder.path().into()).expect("UTF-8");
    group.bench_function("write, everything", |bencher| {
        bencher.iter_batched(
            folder,
            |folder| {
                write(&path(&folder), stages.tree());
                folder
            },
            BatchSize::PerIteration,
        );
    });
    let written = folder();
    write(&path(&written), stages.tree());
    group.bench_function("write, all current", |bencher| {
        bencher.iter(|| write(&path(&written), stages.tree()));
    });
}

fn stages(criterion: &mut Criterion) {
    let stages = Stages::new();
    let mut group = criterion.benchmark_group("stage");
    group.sample_size(10).throughput(Throughput::Elements(Size::of(WORKLOADS).units() as u64));
    reading(&mut group, &stages);
    making(&mut group, &stages);
    writing(&mut group, &stages);
    group.finish();
}

fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(10);
    for (name, size) in
        [("small", Size::of(20)), ("many workloads", Size::of(WORKLOADS)), ("many clusters", WIDE)]
    {
        let world = world(size);
        group.throughput(Throughput::Elements(size.units() as u64));
        group.bench_function(BenchmarkId::new("cold", name), |bencher| {
            bencher.iter(|| black_box(compile(&world, &Options::default())));
        });
    }
    group.finish();
}

criterion_group!(benches, whole, stages);
criterion_main!(benches);
