//! A pull request from its first edit to the merge, with real Git: an origin, clones, branches.

use crate::scratch::{Repository, Scratch};

const ORDERS: &str = "services/orders/score.yaml";
const SEARCH: &str = "services/search/score.yaml";

/// An origin with the example rendered and committed, and a clone of it.
fn clone(scratch: &Scratch) -> Repository {
    let shop = scratch.example("shop", "fixtures/shop");
    shop.expect("render", 0);
    shop.commit("start");
    shop.git("clone --quiet --bare . ../origin.git");
    scratch.repository("").git("clone --quiet origin.git clone");
    scratch.repository("clone")
}

#[test]
fn a_pull_request_is_described_rendered_proved_and_merged() {
    let scratch = Scratch::new();
    let clone = clone(&scratch);
    clone.git("switch --quiet --create topic");
    clone.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    clone.commit("edit");

    let comment = clone.macadam("diff main...topic --format markdown");
    assert_eq!(comment.code, 0, "{}", comment.err);
    assert!(comment.out.starts_with("<!-- macadam:review:default -->\n"), "{}", comment.out);
    assert!(comment.out.contains("100m") && comment.out.contains(ORDERS), "{}", comment.out);
    assert!(comment.out.len() <= 65_536);
    let again = clone.macadam("diff main...topic --format markdown");
    assert_eq!(comment.out, again.out, "a comment that is replaced by itself");

    clone.expect("render --check", 1);
    clone.expect("render", 0);
    clone.commit("render");
    clone.expect("render --check", 0);
    clone.git("push --quiet origin topic");
    let bare = scratch.repository("origin.git");
    let seen = bare.macadam("diff main...topic");
    assert_eq!(seen.code, 0, "{}", seen.err);
    assert!(seen.out.contains("100m -> 150m"), "{}", seen.out);

    clone.git("switch --quiet main");
    clone.git("merge --quiet --no-ff --no-edit topic");
    clone.expect("render --check", 0);
}

#[test]
fn branches_that_touch_different_workloads_merge_without_conflict() {
    let scratch = Scratch::new();
    let clone = clone(&scratch);
    for (branch, path, from, to) in [
        ("one", ORDERS, "cpu: 100m", "cpu: 150m"),
        ("two", SEARCH, "MEILI_NO_ANALYTICS: \"true\"", "MEILI_NO_ANALYTICS: \"1\""),
    ] {
        clone.git("switch --quiet main");
        clone.git(&format!("switch --quiet --create {branch}"));
        clone.edit(path, from, to);
        clone.expect("render", 0);
        clone.commit(branch);
    }
    clone.git("switch --quiet main");
    clone.git("merge --quiet --no-ff --no-edit one");
    clone.git("merge --quiet --no-ff --no-edit two");
    clone.expect("render --check", 0);
}

#[test]
fn conflicts_in_the_rendered_tree_are_healed_by_rendering() {
    let scratch = Scratch::new();
    let clone = clone(&scratch);
    for (branch, to) in [("one", "cpu: 150m"), ("two", "cpu: 175m")] {
        clone.git("switch --quiet main");
        clone.git(&format!("switch --quiet --create {branch}"));
        clone.edit(ORDERS, "cpu: 100m", to);
        clone.expect("render", 0);
        clone.commit(branch);
    }
    let merged = clone.run("git", &["merge", "--quiet", "--no-edit", "one"]);
    assert_ne!(merged.code, 0, "both branches edited one line");
    clone.git(&format!("checkout --quiet --ours {ORDERS}"));
    let rendered = clone.git("diff --name-only --diff-filter=U");
    assert!(rendered.contains("rendered/"), "{rendered}");
    clone.expect("render", 0);
    clone.expect("render --check", 0);
    clone.git("add --all");
    clone.git("commit --quiet --no-edit");
    let out = clone.macadam("diff two..HEAD --exit-code");
    assert_eq!(out.code, 0, "ours was taken: {}", out.out);
}

#[test]
fn a_linked_working_tree_describes_its_own_branch() {
    let scratch = Scratch::new();
    let clone = clone(&scratch);
    clone.git("worktree add --quiet -b topic ../linked");
    let linked = scratch.repository("linked");
    linked.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    let seen = linked.macadam("diff");
    assert!(seen.out.contains("100m -> 150m"), "{}", seen.out);
    assert!(clone.macadam("diff").out.contains("no difference"));
}
