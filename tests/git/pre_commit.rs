//! Our hooks, run by the real framework of pre-commit.com when `git commit` is called.
//!
//! The framework would build a hook of `language: rust` from our sources, for minutes and with a registry. So the
//! entries of `.pre-commit-hooks.yaml` are taken as they stand into a local hook that runs the program built already.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::scratch::{Repository, Said, Scratch, find, said};

const SEARCH: &str = "services/search/score.yaml";
const ORDERS: &str = "services/orders/score.yaml";

/// Our hooks, as the framework reads them.
fn hooks() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The example with one of our hooks installed; nothing where the framework is not there.
fn guarded(scratch: &Scratch, hook: &str) -> Option<Guarded> {
    let framework = find("pre-commit")?;
    let shop = scratch.example("shop", "fixtures/shop");
    let mut hook = hooks().into_iter().find(|known| known["id"] == hook).unwrap();
    assert_eq!(hook["language"], "rust");
    hook["language"] = "system".into();
    let config = serde_json::json!({ "repos": [{ "repo": "local", "hooks": [hook] }] });
    shop.write(".pre-commit-config.yaml", &config.to_string());
    shop.expect("render", 0);
    shop.commit("start");
    let guarded = Guarded { shop, framework };
    let installed = said(guarded.program("pre-commit").arg("install").output().unwrap());
    assert_eq!(installed.code, 0, "{}{}", installed.out, installed.err);
    Some(guarded)
}

struct Guarded {
    shop: Repository,
    framework: PathBuf,
}

impl Guarded {
    fn program(&self, program: &str) -> std::process::Command {
        let mut command = self.shop.program(program);
        // The hook that the framework installs calls Python itself.
        command.env("PYTHONPATH", self.framework.parent().and_then(Path::parent).unwrap());
        command.env("PRE_COMMIT_HOME", self.shop.folder.join("../framework"));
        command
    }

    fn commit(&self, more: &[&str]) -> Said {
        let mut command = self.program("git");
        said(command.args(["commit", "--message=x"]).args(more).output().unwrap())
    }

    fn head(&self) -> String {
        self.shop.git("rev-parse HEAD")
    }
}

#[test]
fn a_staged_error_fails_and_an_unstaged_one_does_not() {
    let scratch = Scratch::new();
    let Some(guarded) = guarded(&scratch, "macadam-check") else { return };
    let (shop, start) = (&guarded.shop, guarded.head());
    shop.edit(SEARCH, "containers:\n", "contaners: {}\ncontainers:\n");
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    shop.git(&format!("add {ORDERS}"));
    let committed = guarded.commit(&[]);
    assert_eq!(committed.code, 0, "{}{}", committed.out, committed.err);
    assert!(committed.err.contains("Passed"), "{}", committed.err);
    assert_ne!(guarded.head(), start);
    assert!(shop.read(SEARCH).contains("contaners"), "the framework puts back what it stashed");

    // `git commit --all` hands the hook an index of its own.
    for how in [&["--all"][..], &["--", SEARCH]] {
        let before = guarded.head();
        let refused = guarded.commit(how);
        assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
        assert!(refused.err.contains("error[score/unknown-field]"), "{}", refused.err);
        assert_eq!(guarded.head(), before);
    }
}

#[test]
fn an_error_elsewhere_is_told_and_passes() {
    let scratch = Scratch::new();
    let Some(guarded) = guarded(&scratch, "macadam-check") else { return };
    let shop = &guarded.shop;
    shop.edit(SEARCH, "containers:\n", "contaners: {}\ncontainers:\n");
    assert_eq!(guarded.commit(&["--all", "--no-verify"]).code, 0);
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    let committed = guarded.commit(&["--all"]);
    assert_eq!(committed.code, 0, "{}{}", committed.out, committed.err);
    assert!(committed.err.contains("already broken[score/unknown-field]"), "{}", committed.err);
    assert!(committed.err.contains(SEARCH), "{}", committed.err);
}

#[test]
fn of_a_file_staged_in_part_the_staged_part_is_judged() {
    let scratch = Scratch::new();
    let Some(guarded) = guarded(&scratch, "macadam-check") else { return };
    let shop = &guarded.shop;
    let stage = |text: &str| {
        let whole = shop.read(ORDERS);
        shop.write(ORDERS, text);
        shop.git(&format!("add {ORDERS}"));
        shop.write(ORDERS, &whole);
    };
    let (good, bad) =
        (shop.read(ORDERS), shop.read(ORDERS).replace("containers:\n", "contaners: {}\ncontainers:\n"));
    stage(&bad);
    assert_eq!(guarded.commit(&[]).code, 1);
    shop.write(ORDERS, &bad);
    stage(&good.replace("cpu: 100m", "cpu: 150m"));
    let committed = guarded.commit(&[]);
    assert_eq!(committed.code, 0, "{}{}", committed.out, committed.err);
    assert_eq!(shop.read(ORDERS), bad);
}

#[test]
fn a_commit_that_only_removes_files_is_judged() {
    let scratch = Scratch::new();
    let Some(guarded) = guarded(&scratch, "macadam-check") else { return };
    guarded.shop.git("rm -r --quiet golden-paths");
    let refused = guarded.commit(&[]);
    assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("nodejs-api"), "{}", refused.err);
}

#[test]
fn a_staged_tree_that_is_not_current_is_refused_with_the_command() {
    let scratch = Scratch::new();
    let Some(guarded) = guarded(&scratch, "macadam-render") else { return };
    let shop = &guarded.shop;
    shop.edit(ORDERS, "cpu: 100m", "cpu: 150m");
    let refused = guarded.commit(&["--all"]);
    assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("run `macadam render`, then `git add rendered`"), "{}", refused.err);
    shop.expect("render", 0);
    shop.git("add rendered");
    assert_eq!(guarded.commit(&["--all"]).code, 0);
}

/// The framework itself accepts our manifest and what `init` writes.
#[test]
fn the_framework_accepts_our_files() {
    if find("pre-commit").is_none() {
        return;
    }
    let scratch = Scratch::new();
    let new = scratch.repository("new");
    new.git("init --quiet");
    new.expect("init", 0);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    for (kind, path) in
        [("validate-manifest", manifest.to_str().unwrap()), ("validate-config", ".pre-commit-config.yaml")]
    {
        let said = new.run("pre-commit", &[kind, path]);
        assert_eq!(said.code, 0, "{path}: {}{}", said.out, said.err);
    }
}
