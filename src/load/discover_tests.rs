#![expect(clippy::disallowed_methods, reason = "tests make the files that they read")]

use std::fmt::Write as _;

use super::*;
use crate::load::{ContentId, Entry, Memory, WorkTree};
use crate::model::{FileId, Span, WorldName};

fn platform(globs: &[&str]) -> Platform {
    let span = Span { file: FileId(0), start: 0, end: 0 };
    let default = globs.is_empty();
    let globs = if default { &["**/score.yaml"][..] } else { globs };
    Platform {
        file: FileId(0),
        name: Spanned::new("acme".into(), span),
        required_version: None,
        workloads: globs.iter().map(|glob| Spanned::new((*glob).to_owned(), span)).collect(),
        default_workloads: default,
        defaults: Vec::new(),
        owners: Default::default(),
        packages: Vec::new(),
        output_root: "rendered".into(),
        namespace: Spanned::new("x".into(), span),
        prices: None,
        gates: Vec::new(),
        impacts: Vec::new(),
    }
}

/// A line for each file; a `.gitignore`'s content follows `=`, with `|` between lines.
fn world(files: &str) -> Memory {
    let lines = files.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (path, content) = line.split_once('=').unwrap_or((line, ""));
            (path.trim().to_owned(), content.trim().replace('|', "\n"))
        })
        .collect()
}

fn report(world: &dyn World, platform: &Platform) -> String {
    let outcome = discover(world, platform).unwrap();
    let inventory = outcome.value.unwrap();
    let mut text = String::new();
    for path in &inventory.environments {
        writeln!(text, "environment {path}").unwrap();
    }
    let packages = [
        ("golden path", &inventory.golden_paths),
        ("component", &inventory.components),
        ("provisioner", &inventory.provisioners),
        ("platform package", &inventory.platform_packages),
    ];
    for (kind, folders) in packages {
        for package in folders {
            writeln!(text, "{kind} {} {:?} {:?}", package.manifest, package.templates, package.scaffold)
                .unwrap();
        }
    }
    for workload in &inventory.workloads {
        write!(text, "workload {}", workload.score).unwrap();
        for overlay in &workload.overlays {
            let cluster = overlay.cluster.as_deref().map_or(String::new(), |cluster| format!("/{cluster}"));
            write!(text, " +{}{cluster}", overlay.environment).unwrap();
        }
        writeln!(text, "{}", if workload.release.is_some() { " +release" } else { "" }).unwrap();
    }
    let mut findings: Vec<_> =
        outcome.findings.iter().map(|f| format!("{} {}\n", f.code, f.message)).collect();
    findings.sort();
    text + &findings.concat()
}

fn found(files: &str, globs: &[&str]) -> String {
    report(&world(files), &platform(globs))
}

#[test]
fn workloads_come_with_overlays_and_releases() {
    insta::assert_snapshot!(found("
        score.yaml
        services/b/score.yaml
        services/b/score.production.yaml
        services/b/score.production.eu-1.yaml
        services/b/score.dev.yml
        services/b/release.yaml
        services/a/score.yml
        services/a/score.a.b.c.yaml
        services/a/other.yaml
    ", &[]), @"
    workload score.yaml
    workload services/a/score.yml
    workload services/b/score.yaml +dev +production +production/eu-1 +release
    ");
}

#[test]
fn an_overlay_is_no_workload_though_a_wide_pattern_matches_it() {
    insta::assert_snapshot!(found("
        x/shop.yaml
        x/shop.production.yaml
        x/shop.production.eu.yaml
        x/shop.v2.extra.long.yaml
        x/shop.v2.extra.long.dev.yaml
        x/shop-cart.yaml
        x/orphan.dev.yaml
        x/release.yaml
        x/deviations.yaml
    ", &["x/*.yaml"]), @"
    workload x/orphan.dev.yaml +release
    workload x/shop-cart.yaml +release
    workload x/shop.v2.extra.long.yaml +dev +release
    workload x/shop.yaml +production +production/eu +release
    ");
}

#[test]
fn some_folders_hold_no_workloads() {
    insta::assert_snapshot!(found("
        rendered/score.yaml
        golden-paths/a/scaffold/score.yaml
        golden-paths/a/golden-path.yaml
        golden-paths/a/templates/kubernetes/x.yaml.j2
        resources/score.yaml
        platform/score.yaml
        policies/score.yaml
        schemas/score.yaml
        environments/dev/score.yaml
        examples/other/macadam.yaml
        examples/other/a/score.yaml
        vendored/.git/HEAD
        vendored/score.yaml
        .git/score.yaml
        apps/platform/score.yaml
        macadam.yaml
    ", &[]), @r#"
    golden path golden-paths/a/golden-path.yaml ["golden-paths/a/templates/kubernetes/x.yaml.j2"] ["golden-paths/a/scaffold/score.yaml"]
    workload apps/platform/score.yaml
    "#);
}

#[test]
fn packages_are_known_by_their_manifests() {
    insta::assert_snapshot!(found("
        environments/dev.yaml
        environments/prod.yml
        environments/README.md
        golden-paths/web/golden-path.yaml
        golden-paths/web/templates/_part.j2
        golden-paths/common/component.yaml
        golden-paths/.versions/web/1.0.0/golden-path.yaml
        golden-paths/docs/README.md
        golden-paths/typo/goldenpath.yaml
        golden-paths/both/golden-path.yaml
        golden-paths/both/component.yaml
        resources/pg/provisioner.yaml
        platform/ns/platform-package.yaml
        platform/ns/tests/a/templates/x
    ", &[]), @r#"
    environment environments/dev.yaml
    environment environments/prod.yml
    golden path golden-paths/web/golden-path.yaml ["golden-paths/web/templates/_part.j2"] []
    component golden-paths/common/component.yaml [] []
    provisioner resources/pg/provisioner.yaml [] []
    platform package platform/ns/platform-package.yaml [] []
    package/invalid `golden-paths/both` has two manifests, `golden-path.yaml` and `component.yaml`
    package/invalid `golden-paths/typo` has no manifest
    "#);
}

#[test]
fn gitignore_files_inside_the_tree_are_rules() {
    insta::assert_snapshot!(found("
        .gitignore = build/|*.local.yaml|/only-root|!keep.local.yaml|node_modules
        build/score.yaml
        a/build/score.yaml
        only-root/score.yaml
        a/only-root/score.yaml
        a/node_modules/x/score.yaml
        b/.gitignore = !build/|score.dev.yaml
        b/build/score.yaml
        b/score.yaml
        b/score.dev.yaml
        b/score.prod.yaml
        c/score.yaml
        c/score.local.yaml
        c/keep.local.yaml
        d/.gitignore = *
        d/.gitignored = x
        d/score.yaml
        e/.gitignore = \u{feff}/x|[|# y|
        e/score.yaml
        f/.ignore = *
        f/score.yaml
        environments/dev.local.yaml
        environments/dev.yaml
    ", &[]), @"
    environment environments/dev.yaml
    workload a/only-root/score.yaml
    workload b/build/score.yaml
    workload b/score.yaml +prod
    workload c/score.yaml
    workload e/score.yaml
    workload f/score.yaml
    ");
}

#[test]
fn duplicates_and_bad_patterns_are_found() {
    insta::assert_snapshot!(found("
        a/score.yaml
        a/score.dev.yaml
        a/score.dev.yml
        a/release.yaml
        a/release.yml
    ", &["./a/score.yaml", "[", "/b/**"]), @"
    workload a/score.yaml +dev +dev +release
    platform/duplicate `a/release.yaml` and `a/release.yml` say the same thing twice
    platform/duplicate `a/score.dev.yaml` and `a/score.dev.yml` say the same thing twice
    platform/invalid `[` is not a pattern: unclosed character class; missing ']'
    ");
}

#[test]
fn strange_names_are_found_only_where_they_would_be_used() {
    insta::assert_snapshot!(escaped(&found("
        a\u{202e}/score.yaml
        b/score.x\u{200b}.yaml
        b/score.yaml
        c/r\u{1b}eadme.md
    ", &[])), @r"
    workload b/score.yaml
    load/refused-path `a\u{202e}/score.yaml` is not read: its path has invisible characters
    load/refused-path `b/score.x\u{200b}.yaml` is not read: its path has invisible characters
    ");
}

fn escaped(text: &str) -> String {
    let escape = |c: char| {
        if c != '\n' && is_strange(&c.to_string()) { c.escape_unicode().to_string() } else { c.into() }
    };
    text.chars().map(escape).collect()
}

#[test]
fn a_gitignore_that_is_too_large_is_found_once() {
    let mut files = vec![("score.yaml".to_owned(), Vec::new())];
    files.push((".gitignore".to_owned(), vec![b'#'; 300 * 1024]));
    let memory: Memory = files.into_iter().collect();
    insta::assert_snapshot!(report(&memory, &platform(&[])), @"
    workload score.yaml
    load/too-large `.gitignore` is larger than 256 KiB
    ");
}

#[test]
fn links_pipes_and_foreign_bytes_among_the_inputs_are_found() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let disk = tempfile::tempdir().unwrap();
    let root = disk.path();
    for folder in ["a", "b", "c", "golden-paths/p/templates", "environments", "x"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("a/score.yaml"), "").unwrap();
    std::fs::write(root.join("golden-paths/p/golden-path.yaml"), "").unwrap();
    symlink("../a/score.yaml", root.join("b/score.yaml")).unwrap();
    symlink("score.yaml", root.join("a/score.dev.yaml")).unwrap();
    symlink("score.yaml", root.join("a/release.yaml")).unwrap();
    symlink("/etc/passwd", root.join("golden-paths/p/templates/x.j2")).unwrap();
    symlink("/etc", root.join("golden-paths/q")).unwrap();
    symlink("/etc/passwd", root.join("environments/dev.yaml")).unwrap();
    symlink("/etc", root.join("resources")).unwrap();
    symlink("a", root.join("latest")).unwrap();
    symlink("a", root.join("a/readme")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, root.join("c/score.yaml"), rustix::fs::Mode::RUSR).unwrap();
    std::fs::create_dir(root.join(std::ffi::OsStr::from_bytes(b"f\xff"))).unwrap();
    let world = WorkTree::open(root.try_into().unwrap()).unwrap();
    insta::assert_snapshot!(report(&world, &platform(&[])).replace('\u{fffd}', "?"), @"
    golden path golden-paths/p/golden-path.yaml [] []
    workload a/score.yaml
    load/refused-path `a/release.yaml` is not read: it is a link
    load/refused-path `a/score.dev.yaml` is not read: it is a link
    load/refused-path `b/score.yaml` is not read: it is a link
    load/refused-path `c/score.yaml` is not read: it is not a plain file
    load/refused-path `environments/dev.yaml` is not read: it is a link
    load/refused-path `f?` is not read: its name is not UTF-8
    load/refused-path `golden-paths/p/templates/x.j2` is not read: it is a link
    load/refused-path `golden-paths/q` is not read: it is a link
    load/refused-path `resources` is not read: it is a link
    ");
}

/// Lists every folder backwards.
struct Backwards(Memory);

impl World for Backwards {
    fn name(&self) -> WorldName {
        self.0.name()
    }

    fn read(&self, path: &Utf8Path) -> Result<Option<Vec<u8>>, Fault> {
        self.0.read(path)
    }

    fn list(&self, folder: &Utf8Path) -> Result<Option<Vec<Entry>>, Fault> {
        let entries = self.0.list(folder)?;
        Ok(entries.map(|mut entries| {
            entries.reverse();
            entries
        }))
    }

    fn id(&self, path: &Utf8Path) -> Result<Option<ContentId>, Fault> {
        self.0.id(path)
    }
}

#[test]
fn the_order_of_folders_does_not_matter() {
    let files = "
        s/b/score.yaml
        s/b/score.dev.yaml
        s/b/score.dev.eu.yaml
        s/a/score.yaml
        golden-paths/b/golden-path.yaml
        golden-paths/a/golden-path.yaml
        golden-paths/a/templates/b
        golden-paths/a/templates/a
        environments/b.yaml
        environments/a.yaml
    ";
    let forwards = discover(&world(files), &platform(&[])).unwrap();
    let backwards = discover(&Backwards(world(files)), &platform(&[])).unwrap();
    assert_eq!(forwards.value, backwards.value);
    assert_eq!(forwards.findings, backwards.findings);
}
