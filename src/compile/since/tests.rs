//! Two repositories in memory: what head breaks counts, what base broke is told.

use std::collections::BTreeMap;

use crate::compile::{Compilation, Options, compile, compile_since};
use crate::load::{Memory, Side};
use crate::testing::report;

type Files = BTreeMap<&'static str, String>;

const PLATFORM: &str = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\n";

fn score(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: score.dev/v1b1\nmetadata: {{ name: {name} }}\ncontainers: {{ main: {{ image: x }} }}\n{rest}"
    )
}

/// Three workloads: one is fine, one cannot be planned, one cannot be rendered.
fn files() -> Files {
    let lowered = score("lowered", "").replace("image: x", "image: x, volumes: { /data: { source: nope } }");
    Files::from([
        ("macadam.yaml", PLATFORM.to_owned()),
        ("fine/score.yaml", score("fine", "")),
        ("planned/score.yaml", score("planned", "resources: { db: { type: nope } }\n")),
        ("lowered/score.yaml", lowered),
    ])
}

fn world(files: &Files) -> Memory {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn since(base: Option<&Files>, head: &Files) -> Compilation {
    let (base, head) = (base.map(world), world(head));
    let base = base.as_ref().map(|base| Side::of(base));
    compile_since(Side::of(&head), base, &Options::default()).unwrap()
}

/// Errors that count, and how many are broken already.
fn counts(compilation: &Compilation) -> (usize, usize) {
    let errors = compilation.findings.iter().filter(|finding| finding.is_error()).count();
    let text = report(compilation);
    (errors, text.lines().filter(|line| line.starts_with("already broken")).count())
}

#[test]
fn without_a_base_everything_counts() {
    let alone = since(None, &files());
    let compiled = compile(&world(&files()), &Options::default()).unwrap();
    assert_eq!(report(&alone), report(&compiled));
    assert_eq!(counts(&alone).1, 0);
    assert!(counts(&alone).0 >= 2 && alone.tree.is_none());
}

#[test]
fn what_was_broken_stops_nobody_and_is_told() {
    let mut head = files();
    head.insert("fine/score.yaml", score("fine", "service: { ports: { http: { port: 80 } } }\n"));
    let made = since(Some(&files()), &head);
    let (errors, already) = counts(&made);
    assert_eq!(errors, 0, "{}", report(&made));
    assert!(already >= 2 && made.is_already_broken());
    assert!(report(&made).contains("already broken plan/unprovided-resource planned/score.yaml:4:"));
    let tree = made.tree.expect("what is sure");
    assert!(tree.files.keys().all(|path| path.starts_with(".macadam") || path.as_str().contains("/fine/")));
    assert!(tree.files.keys().any(|path| path.as_str().ends_with("fine/service-fine.yaml")));
    assert_eq!(made.folders.len(), 3, "{:?}", made.folders);
    assert!(!made.complete);
}

/// An error does not keep a workload from being rendered always; what comes out is not to be trusted.
#[test]
fn a_workload_with_an_error_is_never_sure() {
    let mut base = files();
    base.insert("unknown/score.yaml", score("unknown", "contaners: {}\n"));
    let made = since(Some(&base), &base);
    assert!(
        report(&made).contains("already broken score/unknown-field unknown/score.yaml"),
        "{}",
        report(&made)
    );
    assert!(made.folders.iter().all(|folder| folder.as_str().ends_with("/fine")), "{:?}", made.folders);
    assert_eq!(made.folders.len(), 3);
    // In a file that all share, nothing is.
    base.insert("macadam.yaml", format!("{PLATFORM}spec: {{ nothing: 1 }}\n"));
    let made = since(Some(&base), &base);
    assert_eq!(counts(&made).0, 0, "{}", report(&made));
    assert_eq!(made.folders.len(), 0);
}

#[test]
fn what_the_change_breaks_counts() {
    for (path, text) in [
        ("fine/score.yaml", score("fine", "resources: { db: { type: nope } }\n")),
        ("new/score.yaml", score("new", "resources: { db: { type: nope } }\n")),
        // Whoever touches a file answers for it.
        ("planned/score.yaml", score("planned", "resources: { db: { type: nope } }\n# touched\n")),
    ] {
        let mut head = files();
        head.insert(path, text);
        let made = since(Some(&files()), &head);
        assert!(counts(&made).0 >= 1, "{path}: {}", report(&made));
        let line = format!("plan/unprovided-resource {path}:4:");
        assert!(report(&made).lines().any(|told| told.starts_with(&line)), "{}", report(&made));
        assert!(counts(&made).1 >= 1 && made.tree.is_none());
    }
}

#[test]
fn an_error_that_a_change_elsewhere_makes_counts() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: \"{{ workload.name }}\" }\n";
    let path = "apiVersion: macadam.dev/v1\nkind: GoldenPath\nmetadata: { name: own, version: 1.0.0 }\n";
    let mut base = files();
    base.insert("golden-paths/own/golden-path.yaml", path.to_owned());
    base.insert("golden-paths/own/templates/kubernetes/x.yaml.j2", template.to_owned());
    let own = score("user", "").replace("{ name: user }", "{ name: user, platform: { goldenPath: own } }");
    base.insert("user/score.yaml", own);
    let mut head = base.clone();
    head.insert(
        "golden-paths/own/templates/kubernetes/x.yaml.j2",
        template.replace("workload.name", "workload.nome"),
    );
    let before = counts(&since(Some(&base), &base));
    let made = since(Some(&base), &head);
    assert_eq!(before.0, 0);
    assert!(counts(&made).0 > 0, "{}", report(&made));
    assert!(report(&made).contains("nome"), "{}", report(&made));
}

#[test]
fn where_nothing_can_be_planned_nothing_is_lowered() {
    let mut broken = files();
    broken.insert("macadam.yaml", "nonsense: [\n".to_owned());
    let mut head = broken.clone();
    head.insert("fine/score.yaml", score("fine", "# touched\n"));
    let made = since(Some(&broken), &head);
    assert!(counts(&made).0 > 0);
    assert_eq!(counts(&made).1, 0);
    // Whoever mends it sees what was hidden: nothing says that it was there.
    assert!(counts(&since(Some(&broken), &files())).0 > 0);
}

#[test]
fn two_sources_of_one_object_are_told_apart_from_new_ones() {
    let mut base = files();
    base.remove("planned/score.yaml");
    base.remove("lowered/score.yaml");
    base.insert("twin/score.yaml", score("fine", ""));
    let mut head = base.clone();
    head.insert("other/score.yaml", score("other", ""));
    let made = since(Some(&base), &head);
    assert_eq!(counts(&made).0, 0, "{}", report(&made));
    assert!(counts(&made).1 > 0);
}

#[test]
fn a_unit_that_is_gone_is_known_to_be_gone() {
    let mut base = files();
    base.insert("leaving/score.yaml", score("leaving", ""));
    let made = since(Some(&base), &files());
    assert_eq!(counts(&made).0, 0, "{}", report(&made));
    let leaving: Vec<_> =
        made.folders.iter().filter(|folder| folder.as_str().ends_with("/leaving")).collect();
    assert_eq!(leaving.len(), 3, "{:?}", made.folders);
}
