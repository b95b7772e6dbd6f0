//! `macadam diff` as users run it, in real Git repositories.

#![expect(clippy::disallowed_methods, reason = "tests make and change repositories")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A platform with one workload of its own golden path, and its first commit.
struct Repository {
    folder: TempDir,
}

const PLATFORM: &str = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec:\n  prices: { currency: EUR, cpuHour: 0.03, memoryGiBHour: 0.004 }\n  gates: [{ when: \"impact >= CAPACITY\", require: \"@acme/sre\" }]\n";

fn score(name: &str, more: &str) -> String {
    format!(
        "apiVersion: score.dev/v1b1\nmetadata:\n  name: {name}\ncontainers:\n  main:\n    image: busybox\n    resources: {{ requests: {{ cpu: 100m, memory: 64Mi }} }}\n{more}"
    )
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.put("macadam.yaml", PLATFORM);
        repository.put("web/score.yaml", &score("web", ""));
        repository.put("db/score.yaml", &score("db", "resources: { data: { type: volume } }\n"));
        repository.commit("first");
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        self.put(path, &text.replacen(from, to, 1));
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments)
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Runs `diff`, asserts the exit code, and returns standard output and standard error.
    fn diff(&self, arguments: &[&str], code: i32) -> (String, String) {
        run(self.path(), &[&["diff"], arguments].concat(), code)
    }

    /// Compiles and writes.
    fn render(&self) {
        run(self.path(), &["render"], 0);
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", "/nonexistent");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    for (key, value) in [("NAME", "t"), ("EMAIL", "t@example.com"), ("DATE", "2026-01-01T00:00:00Z")] {
        command.env(format!("GIT_AUTHOR_{key}"), value).env(format!("GIT_COMMITTER_{key}"), value);
    }
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn run(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_macadam"));
    let output =
        command.env_clear().args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

#[test]
fn the_working_tree_is_compared_with_the_last_commit() {
    let repository = Repository::new();
    let (out, _) = repository.diff(&["--exit-code"], 0);
    assert!(out.contains("no difference"), "{out}");
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    let (out, _) = repository.diff(&[], 0);
    assert!(out.contains("busybox -> busybox:2"), "{out}");
    assert!(out.contains("because web/score.yaml:6 (workload)"), "{out}");
    assert!(out.contains("3 of"), "one instance in each environment: {out}");
    repository.diff(&["--exit-code"], 1);
}

#[test]
fn the_index_is_compared_where_it_is_asked_for() {
    let repository = Repository::new();
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    repository.git(&["add", "web/score.yaml"]);
    repository.edit("web/score.yaml", "busybox:2", "busybox:3");
    repository.edit("db/score.yaml", "busybox", "busybox:4");
    let (out, _) = repository.diff(&["--staged"], 0);
    assert!(out.contains("busybox:2") && !out.contains("busybox:3") && !out.contains("busybox:4"), "{out}");
}

#[test]
fn ranges_are_those_of_git() {
    let repository = Repository::new();
    repository.git(&["switch", "--quiet", "--create", "topic"]);
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    repository.commit("topic");
    repository.git(&["switch", "--quiet", "main"]);
    repository.edit("db/score.yaml", "busybox", "busybox:3");
    repository.commit("main goes on");
    let (two, _) = repository.diff(&["main..topic"], 0);
    assert!(two.contains("busybox:2") && two.contains("busybox:3"), "{two}");
    let (three, _) = repository.diff(&["main...topic"], 0);
    assert!(three.contains("busybox:2") && !three.contains("busybox:3"), "{three}");
    let (tree, _) = repository.diff(&["topic"], 0);
    assert!(tree.contains("busybox:2 -> busybox"), "{tree}");
    let (empty, _) = repository.diff(&["topic.."], 0);
    assert_eq!(empty.lines().skip(1).collect::<Vec<_>>(), tree.lines().skip(1).collect::<Vec<_>>());
}

/// THREATS 8: nothing runs, nothing is written, exit code 2.
#[test]
fn hostile_revisions_are_refused() {
    let repository = Repository::new();
    for text in
        ["--output=x", "-", "HEAD^{/x}", "main:web", "nope", "HEAD~5", "a..b..c", "..", "main\u{1b}[31m"]
    {
        let (out, err) = match text {
            ".." => continue,
            text => repository.diff(&["--", text], 2),
        };
        assert!(out.is_empty(), "{text}: {out}");
        assert!(!err.contains('\u{1b}'), "{err:?}");
    }
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn bare_repositories_and_linked_working_trees_work() {
    let repository = Repository::new();
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    repository.commit("second");
    let (expected, _) = repository.diff(&["HEAD~1..HEAD"], 0);
    let elsewhere = tempfile::tempdir().unwrap();
    let bare = elsewhere.path().join("bare.git");
    let clone = ["clone", "--quiet", "--bare", repository.path().to_str().unwrap(), bare.to_str().unwrap()];
    git(elsewhere.path(), &clone);
    git(&bare, &["gc", "--quiet"]);
    let (out, _) = run(&bare, &["diff", "HEAD~1..HEAD"], 0);
    assert_eq!(out, expected);
    let (_, err) = run(&bare, &["diff"], 2);
    assert!(err.contains("no working tree"), "{err}");
    let linked: PathBuf = elsewhere.path().join("linked");
    repository.git(&["worktree", "add", "--quiet", linked.to_str().unwrap(), "HEAD"]);
    let (out, _) = run(&linked, &["diff", "HEAD~1..HEAD"], 0);
    assert_eq!(out, expected);
}

/// THREATS 7, 24: what does not compile is told of, and is not gone.
#[test]
fn a_broken_side_is_told_of_and_the_other_described() {
    let repository = Repository::new();
    repository.put("web/score.yaml", "apiVersion: score.dev/v1b1\nmetadata: { name: web }\ncontainers: 1\n");
    repository.edit("db/score.yaml", "busybox", "busybox:2");
    let (out, err) = repository.diff(&[], 1);
    assert!(out.contains("busybox:2") && !out.contains("removed"), "{out}");
    assert!(err.contains("head does not compile") && err.contains("web/score.yaml"), "{err}");
}

/// THREATS 26: a change that removes the gate is still judged by it.
#[test]
fn a_change_is_judged_by_the_rules_of_its_base() {
    let repository = Repository::new();
    repository.edit("macadam.yaml", "impact >= CAPACITY", "impact >= DATA_LOSS");
    repository.edit(
        "db/score.yaml",
        "metadata:\n",
        "metadata:\n  platform: { params: { kind: StatefulSet } }\n",
    );
    let (out, _) = repository.diff(&[], 0);
    assert!(out.contains("@acme/sre"), "{out}");
    assert!(out.to_lowercase().contains("gate"), "{out}");
    assert!(out.contains("privilege  gate"), "loosening a gate is privilege: {out}");
}

#[test]
fn on_the_base_platform_the_heads_own_is_not_looked_at() {
    let repository = Repository::new();
    repository.put("environments/prod.yaml", "apiVersion: macadam.dev/v1\nkind: Environment\nmetadata: { name: prod }\nspec: { kubernetesVersion: \"1.34\", clusters: [{ name: eu-1 }] }\n");
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    let (out, _) = repository.diff(&["--platform", "base"], 0);
    assert!(out.contains("busybox:2") && !out.contains("prod "), "{out}");
    let (out, _) = repository.diff(&[], 0);
    assert!(out.contains("prod"), "{out}");
}

#[test]
fn a_run_fails_where_its_expression_holds() {
    let repository = Repository::new();
    repository.edit("web/score.yaml", "busybox", "busybox:2");
    repository.diff(&["--fail-on", "impact >= REPLACE"], 0);
    repository.diff(&["--fail-on", "impact >= ROLLOUT"], 1);
    repository.diff(&["--fail-on", "'rollout' in impacts && environment == 'production'"], 1);
    let (_, err) = repository.diff(&["--fail-on", "impact >= 'REPLACE'"], 2);
    assert!(err.contains("REPLACE"), "{err}");
    let (_, err) = repository.diff(&["--fail-on", "impct >= REPLACE"], 2);
    assert!(err.contains("impact"), "did you mean: {err}");
}

/// THREATS 22: modes, removals, links and what is no manifest are told of.
#[test]
fn rendered_trees_are_compared_as_they_were_committed() {
    let repository = Repository::new();
    repository.render();
    repository.put("rendered/notes.txt", "one\ntwo\n");
    repository.commit("rendered");
    let web = "rendered/kubernetes/dev/default/workloads/web/deployment-web.yaml";
    repository.edit(web, "busybox", "busybox:9");
    let db = repository.path().join("rendered/kubernetes/dev/default/workloads/db/deployment-db.yaml");
    fs::set_permissions(&db, fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(
        repository.path().join("rendered/kubernetes/staging/default/workloads/web/deployment-web.yaml"),
    )
    .unwrap();
    repository.put("rendered/notes.txt", "one\n2\n");
    std::os::unix::fs::symlink("notes.txt", repository.path().join("rendered/link")).unwrap();
    repository.commit("edited by hand");
    let (out, _) = repository.diff(&["--rendered", "HEAD~1..HEAD", "--verbose"], 0);
    for told in ["busybox:9", "deployment-db.yaml", "notes.txt", "link", "mode"] {
        assert!(out.contains(told), "{told} is not told of: {out}");
    }
    assert!(out.contains("- Deployment/web removed"), "{out}");
    let (out, _) = repository.diff(&["--rendered", "HEAD..HEAD"], 0);
    assert!(out.contains("no difference"), "{out}");
}

#[test]
fn environments_are_compared_under_each_others_names() {
    let repository = Repository::new();
    let (out, _) = repository.diff(&["--env", "staging", "--env", "production"], 0);
    assert!(out.contains("expected to differ") && !out.contains("REPLACE"), "{out}");
    let (_, err) = repository.diff(&["--env", "staging", "--env", "prodution"], 2);
    assert!(err.contains("production"), "{err}");
    repository.diff(&["--env", "staging", "--env", "staging"], 2);
    let (_, err) = repository.diff(&["--env", "staging"], 2);
    assert!(err.contains("two"), "{err}");
}

#[test]
fn without_git_there_is_nothing_to_compare() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("macadam.yaml"), PLATFORM).unwrap();
    let (_, err) = run(folder.path(), &["diff"], 2);
    assert!(err.contains("Git"), "{err}");
    git(folder.path(), &["init", "--quiet"]);
    let (_, err) = run(folder.path(), &["diff"], 2);
    assert!(err.contains("commit"), "{err}");
}
