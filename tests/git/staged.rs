//! `check` and `render --check` of what is staged, and of what changed since a revision.

use serde_json::Value;

use crate::scratch::{Repository, Scratch};

const SEARCH: &str = "services/search/score.yaml";
const ORDERS: &str = "services/orders/score.yaml";
/// What makes a Score file an error.
const BROKEN: (&str, &str) = ("containers:\n", "contaners: {}\ncontainers:\n");

fn shop(scratch: &Scratch) -> Repository {
    let shop = scratch.example("shop", "fixtures/shop");
    shop.expect("render", 0);
    shop.commit("start");
    shop
}

fn break_it(shop: &Repository, path: &str) {
    shop.edit(path, BROKEN.0, BROKEN.1);
}

#[test]
fn what_is_staged_is_judged_and_not_what_lies_on_disk() {
    let scratch = Scratch::new();
    let shop = shop(&scratch);
    break_it(&shop, SEARCH);
    shop.expect("check", 1);
    shop.expect("check --staged", 0);
    shop.git("add --all");
    let err = shop.expect("check --staged", 1);
    assert!(err.contains("error[score/unknown-field]") && err.contains(SEARCH), "{err}");
    // Mended on disk, and the index still has it.
    shop.git(&format!("show HEAD:{SEARCH}"));
    shop.write(SEARCH, &(shop.git(&format!("show HEAD:{SEARCH}")) + "\n"));
    shop.expect("check", 0);
    shop.expect("check --staged", 1);
}

#[test]
fn what_was_broken_before_is_told_and_stops_nobody() {
    let scratch = Scratch::new();
    let shop = shop(&scratch);
    break_it(&shop, SEARCH);
    shop.commit("broken");
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    shop.git("add --all");
    let err = shop.expect("check --staged", 0);
    assert!(err.contains("already broken[score/unknown-field]") && err.contains(SEARCH), "{err}");
    assert!(err.contains("1 already broken in 5 workloads; the change has no part in"), "{err}");
    shop.expect("check --since HEAD", 0);
    shop.expect("check --since HEAD~1", 1);
    shop.expect("check --staged --since HEAD~1", 1);
    shop.expect("check", 1);
    let fault = shop.expect("check --since nothing", 2);
    assert!(fault.contains("git/unknown-revision"), "{fault}");
}

#[test]
fn json_counts_apart_what_was_broken_and_satisfies_its_schema() {
    let scratch = Scratch::new();
    let shop = shop(&scratch);
    break_it(&shop, SEARCH);
    shop.commit("broken");
    break_it(&shop, ORDERS);
    shop.git("add --all");
    let said = shop.macadam("check --staged --format json");
    assert_eq!(said.code, 1);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string("schemas/findings.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&document), "{document:#}");
    assert_eq!((&document["errors"], &document["alreadyBroken"]), (&1.into(), &1.into()), "{document:#}");
    let severities: Vec<_> =
        document["findings"].as_array().unwrap().iter().map(|finding| &finding["severity"]).collect();
    assert_eq!(severities, ["error", "already-broken"]);
}

#[test]
fn before_the_first_commit_everything_counts() {
    let scratch = Scratch::new();
    let shop = scratch.example("shop", "fixtures/shop");
    break_it(&shop, SEARCH);
    shop.git("add --all");
    shop.expect("check --staged", 1);
    shop.expect("check --since HEAD", 2);
}

#[test]
fn a_staged_tree_that_is_not_current_fails_with_what_to_do() {
    let scratch = Scratch::new();
    let shop = shop(&scratch);
    shop.expect("render --check --staged", 0);
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    shop.expect("render --check --staged", 0);
    shop.git("add --all");
    let err = shop.expect("render --check --staged", 1);
    assert!(err.contains("check/not-current") && err.contains("deployment-orders.yaml"), "{err}");
    assert!(err.contains("run `macadam render`, then `git add rendered`"), "{err}");
    shop.expect("render", 0);
    shop.expect("render --check", 0);
    shop.expect("render --check --staged", 1);
    shop.git("add rendered");
    shop.expect("render --check --staged", 0);
    let err = shop.expect("render --staged", 2);
    assert!(err.contains("`render --staged` needs `--check` or `--stdout`"), "{err}");
}

#[test]
fn the_tree_is_proved_around_what_was_broken() {
    let scratch = Scratch::new();
    let shop = shop(&scratch);
    break_it(&shop, SEARCH);
    shop.commit("broken");
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    shop.git("add --all");
    let err = shop.expect("render --check --staged", 1);
    assert!(
        err.contains("deployment-orders.yaml")
            && !err.contains("rendered/kubernetes/dev/local/workloads/search"),
        "{err}"
    );
    assert!(err.contains("instances looked at: the others may depend on what is already broken"), "{err}");
    shop.expect("render", 1);
    let err = shop.expect("render --since HEAD", 0);
    assert!(err.contains("written"), "{err}");
    shop.git("add --all");
    shop.expect("render --check --staged", 0);
    assert!(shop.git("status --short rendered").lines().all(|line| line.contains("orders")));
    // A workload that goes takes its leaf with it, whatever else is broken.
    shop.commit("edited");
    shop.git("rm -r --quiet services/report");
    let err = shop.expect("render --check --staged", 1);
    assert!(err.contains("workloads/report") && err.contains("is made by nothing"), "{err}");
}

#[test]
fn a_hook_names_the_index_and_the_platform_may_lie_in_a_folder() {
    let scratch = Scratch::new();
    let outer = scratch.repository("outer");
    outer.git("init --quiet --initial-branch=main");
    let shop = scratch.example("outer/platform", "fixtures/shop");
    std::fs::remove_dir_all(shop.folder.join(".git")).unwrap();
    outer.commit("start");
    break_it(&shop, SEARCH);
    outer.git("add --all");
    std::fs::copy(outer.folder.join(".git/index"), outer.folder.join(".git/other")).unwrap();
    outer.git("reset --quiet");
    let check = |index: &str| {
        let mut command = shop.program(env!("CARGO_BIN_EXE_macadam"));
        command.args(["check", "--staged"]).env("GIT_INDEX_FILE", index).output().unwrap().status.code()
    };
    assert_eq!(shop.macadam("check --staged").code, 0);
    assert_eq!(check(".git/other"), Some(1));
    assert_eq!(check(outer.folder.join(".git/other").to_str().unwrap()), Some(1));
    assert_eq!(check(""), Some(0));
}
