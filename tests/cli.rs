//! The program as users run it.

#![expect(clippy::disallowed_methods, reason = "tests look at what the program wrote")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use macadam::model::Code;
use tempfile::TempDir;

/// A run of the program in a clean environment.
fn macadam(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_macadam"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    macadam(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs and asserts the exit code; standard output and standard error.
fn expect(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let output = run(folder, arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

fn repository(fixture: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture), folder.path());
    folder
}

fn copy(from: &Path, into: &Path) {
    fs::create_dir_all(into).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = into.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder, with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_path_buf();
                found.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

#[test]
fn commands_print_what_their_pages_say() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}

#[test]
fn a_rendered_tree_is_current_whole_and_rendered_once() {
    let shop = repository("fixtures/shop");
    let (out, err) = expect(shop.path(), &["render"], 0);
    assert!(out.is_empty() && err.contains("written"), "{out}{err}");
    let first = files(shop.path());
    expect(shop.path(), &["render", "--check"], 0);
    expect(shop.path(), &["verify"], 0);
    let (_, err) = expect(shop.path(), &["render"], 0);
    assert!(err.contains("all current"), "{err}");
    assert_eq!(files(shop.path()), first);
}

#[test]
fn a_changed_source_and_a_changed_output_fail_the_check() {
    let shop = repository("fixtures/shop");
    expect(shop.path(), &["render"], 0);
    let score = shop.path().join("services/storefront/score.yaml");
    let edited = fs::read_to_string(&score).unwrap().replace("replicas: 6", "replicas: 7");
    fs::write(&score, edited).unwrap();
    let (_, err) = expect(shop.path(), &["render", "--check"], 1);
    assert!(err.contains("check/not-current") && err.contains("deployment-storefront.yaml"), "{err}");
    expect(shop.path(), &["render"], 0);
    expect(shop.path(), &["render", "--check"], 0);

    let rendered = shop.path().join("rendered/kubernetes/dev/local/workloads/search/service-search.yaml");
    File::options().append(true).open(&rendered).unwrap().write_all(b"# by hand\n").unwrap();
    expect(shop.path(), &["verify"], 1);
    expect(shop.path(), &["render", "--check"], 1);
    let (_, err) = expect(shop.path(), &["render"], 0);
    assert!(err.contains("write/edited-file"), "{err}");
    expect(shop.path(), &["verify"], 0);
}

#[test]
fn a_part_is_rendered_without_touching_the_rest() {
    let shop = repository("fixtures/shop");
    expect(shop.path(), &["render"], 0);
    let first = files(shop.path());
    let score = shop.path().join("services/storefront/score.yaml");
    fs::write(&score, fs::read_to_string(&score).unwrap().replace("50m", "60m")).unwrap();
    expect(shop.path(), &["render", "--env", "dev", "--workload", "storefront"], 0);
    let second = files(shop.path());
    let changed: Vec<_> = second
        .iter()
        .filter(|(path, bytes)| path.starts_with("rendered/kubernetes") && first.get(*path) != Some(bytes))
        .map(|(path, _)| path.to_str().unwrap())
        .collect();
    assert_eq!(changed, ["rendered/kubernetes/dev/local/workloads/storefront/deployment-storefront.yaml"]);
}

#[test]
fn findings_keep_the_old_tree() {
    let shop = repository("fixtures/shop");
    expect(shop.path(), &["render"], 0);
    let first = files(&shop.path().join("rendered"));
    let score = shop.path().join("services/storefront/score.yaml");
    fs::write(&score, fs::read_to_string(&score).unwrap().replace("type: route", "type: rout")).unwrap();
    let (_, err) = expect(shop.path(), &["render"], 1);
    assert!(err.contains("did you mean `route`?"), "{err}");
    assert_eq!(files(&shop.path().join("rendered")), first);
}

/// What Score accepts at its edges compiles; `.ci/run` proves that a Kubernetes API server accepts what comes out.
#[test]
fn edges_of_score_compile() {
    let edges = repository("tests/repos/edges");
    let (_, err) = expect(edges.path(), &["render"], 0);
    assert!(!err.contains("error["), "{err}");
    expect(edges.path(), &["render", "--check"], 0);
    let rendered = files(&edges.path().join("rendered/kubernetes/production/default"));
    let kinds = ["deployment", "statefulset", "daemonset", "job", "cronjob", "horizontalpodautoscaler"];
    for kind in kinds {
        let named =
            |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("{kind}-"));
        assert!(rendered.keys().any(named), "no {kind}");
    }
}

#[test]
fn a_new_repository_is_clean_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    expect(folder.path(), &["init", "acme"], 0);
    let acme = folder.path().join("acme");
    let created = files(&acme);
    let (_, err) = expect(&acme, &["check"], 0);
    assert!(err.contains("no findings in 2 workloads"), "{err}");
    expect(&acme, &["render"], 0);
    expect(&acme, &["render", "--check"], 0);
    let (out, _) = expect(&acme, &["list"], 0);
    assert!(out.contains("not released"), "{out}");

    fs::remove_file(acme.join("macadam.yaml")).unwrap();
    let before = files(&acme);
    let (_, err) = expect(&acme, &["init"], 2);
    assert!(err.contains("fault/exists") && err.contains("services/hello/score.yaml"), "{err}");
    assert_eq!(files(&acme), before);
    assert!(created.contains_key(Path::new("environments/production.yaml")));
    assert!(created.contains_key(Path::new(".macadam/schemas/environment.json")));
}

#[test]
fn a_new_workload_compiles_where_it_was_put() {
    let shop = repository("fixtures/shop");
    let set = ["new", "service", "cart", "--set", "replicas=2"];
    let (_, err) = expect(shop.path(), &set, 0);
    assert_eq!(err, "created services/cart/score.yaml\n");
    expect(shop.path(), &["new", "nodejs-api", "stock"], 0);
    let (out, _) = expect(shop.path(), &["list"], 0);
    assert!(out.contains("cart") && out.contains("nodejs-api"), "{out}");
    let (_, err) = expect(shop.path(), &["new", "service", "lost", "--dir", "elsewhere"], 0);
    assert!(err.contains("does not reach this folder"), "{err}");
}

/// Promise 14: nothing is written outside of the repository, into `.git` or among what is rendered.
#[test]
fn a_new_workload_lies_inside_of_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    let shop = outer.path().join("shop");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop"), &shop);
    let before = files(outer.path());
    let absolute = outer.path().join("cart");
    for dir in ["../cart", "a/../../cart", ".git/cart", ".GIT", "rendered/cart", absolute.to_str().unwrap()] {
        let (_, err) = expect(&shop, &["new", "service", "cart", "--dir", dir], 2);
        assert!(err.contains("a workload cannot lie in"), "{dir}: {err}");
    }
    assert_eq!(files(outer.path()), before);
    let (_, err) = expect(&shop, &["new", "service", "cart", "--dir", "./services//carts/"], 0);
    assert_eq!(err, "created services/carts/score.yaml\n");
}

#[test]
fn the_review_of_the_demo_fits_a_screen_and_is_always_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (first, err) = expect(folder.path(), &["demo"], 0);
    let (second, _) = expect(folder.path(), &["demo"], 0);
    assert_eq!(first, second);
    assert!(err.is_empty(), "{err}");
    assert!(first.lines().all(|line| line.chars().count() <= 100), "{first}");
    assert!(first.lines().count() < 115, "{}", first.lines().count());
    let (_, review) = first.split_once("macadam diff\n").unwrap();
    let (review, _) = review.split_once("\nNext\n").unwrap();
    assert!(review.lines().count() <= 40, "{}", review.lines().count());
    assert!(review.lines().all(|line| line.chars().count() <= 80), "{review}");
    snapbox::assert_data_eq!(first, snapbox::file!["demo.txt"]);
}

#[test]
fn the_demo_keeps_its_folder_when_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        macadam(folder.path()).args(["demo", "--keep"]).env("TMPDIR", folder.path()).output().unwrap();
    let out = text(&output.stdout);
    let kept = out.lines().find_map(|line| line.trim().strip_prefix("look around in")).unwrap().trim();
    expect(Path::new(kept), &["render", "--check"], 0);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let mut child =
        macadam(folder.path()).arg("explain").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_pattern_that_matches_nothing_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let platform = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec: { workloads: [\"service/**/score.yaml\"] }\n";
    fs::write(folder.path().join("macadam.yaml"), platform).unwrap();
    for command in ["check", "render", "list"] {
        let (_, err) = expect(folder.path(), &[command], 0);
        assert!(
            err.contains("no workloads: no Score file matches `service/**/score.yaml`"),
            "{command}: {err}"
        );
    }
}

#[test]
fn a_unit_that_a_finding_stands_in_the_way_of_is_listed_as_broken() {
    let folder = tempfile::tempdir().unwrap();
    let platform = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\n";
    fs::write(folder.path().join("macadam.yaml"), platform).unwrap();
    let container = |more: &str| format!("containers: {{ main: {{ image: x{more} }} }}\n");
    for (name, rest) in [
        ("fine", container("")),
        ("planned", container("") + "resources: { db: { type: nope } }\n"),
        ("lowered", container(", volumes: { /data: { source: nope } }")),
    ] {
        let score = format!("apiVersion: score.dev/v1b1\nmetadata: {{ name: {name} }}\n{rest}");
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("score.yaml"), score).unwrap();
    }
    let (out, _) = expect(folder.path(), &["list", "--format", "json"], 1);
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    let status = |name: &str| -> Vec<&str> {
        let units = list["units"].as_array().unwrap().iter().filter(|unit| unit["workload"] == name);
        units.map(|unit| unit["status"].as_str().unwrap()).collect()
    };
    assert_eq!(status("fine"), ["rendered"; 3]);
    assert_eq!(status("planned"), ["broken"; 3]);
    assert_eq!(status("lowered"), ["broken"; 3]);
}

/// Promise 24: `macadam check --format json | head` must not turn findings into success.
#[test]
fn a_reader_that_goes_away_does_not_hide_findings() {
    let broken = repository("tests/cmd/broken");
    for arguments in [&["check", "--format", "json"][..], &["list"], &["render", "--format", "json"]] {
        let mut command = macadam(broken.path());
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}\n{}", text(&output.stderr));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = macadam(folder.path()).arg("explain").stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("fault/output"));
}

#[test]
fn colour_is_for_terminals_or_for_who_asks() {
    let broken = repository("tests/cmd/broken");
    let plain = run(broken.path(), &["check"]);
    assert!(!plain.stderr.contains(&0x1b));
    let colored = run(broken.path(), &["check", "--color", "always"]);
    assert!(colored.stderr.contains(&0x1b));
    let explained = run(broken.path(), &["explain", "score/not-score", "--color", "always"]);
    assert!(explained.stdout.contains(&0x1b));
}

#[test]
fn hostile_text_never_steers_a_terminal_or_a_log() {
    let hostile = repository("tests/cmd/hostile");
    for arguments in [["check", "-v"], ["check", "--format=json"]] {
        let output = run(hostile.path(), &arguments);
        let all = text(&output.stdout) + &text(&output.stderr);
        let unsafe_character = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
        };
        assert!(!all.chars().any(unsafe_character), "{all:?}");
        for line in all.lines() {
            let start = line.trim_start();
            assert!(!start.starts_with("::") && !start.starts_with("##["), "{line}");
        }
    }
}

#[test]
fn the_json_of_findings_satisfies_its_schema() {
    let schema = fs::read_to_string("schemas/findings.json").unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for fixture in ["tests/cmd/broken", "tests/cmd/hostile", "fixtures/shop", "tests/cmd/empty"] {
        let output = run(repository(fixture).path(), &["check", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{fixture}: {errors:?}\n{document:#}");
    }
}

#[test]
fn every_code_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let (all, _) = expect(folder.path(), &["explain"], 0);
    for code in Code::ALL {
        assert!(all.lines().any(|line| line.split(' ').next() == Some(code.slug())), "{code} is not listed");
    }
    let (page, _) = expect(folder.path(), &["explain", "yaml/duplicate-key"], 0);
    assert!(page.starts_with("yaml/duplicate-key  error\n\n"), "{page}");
    for rule in macadam::diff::impact::ImpactRules::all() {
        assert!(
            all.lines().any(|line| line.split(' ').next() == Some(&rule.name)),
            "{} is not listed",
            rule.name
        );
    }
    let (page, _) = expect(folder.path(), &["explain", "kubernetes/workload-selector"], 0);
    assert!(page.starts_with("kubernetes/workload-selector\n\n*replace*. "), "{page}");
}

/// The text of every test: of files of tests, and of the tests that stand in other files.
fn tests_below(folder: &Path) -> String {
    let mut all = String::new();
    for (path, bytes) in files(folder) {
        let path = path.to_string_lossy().into_owned();
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let whole = path.contains("test") || path.ends_with(".cases") || folder.ends_with("cmd");
        match text.split_once("#[cfg(test)]\nmod tests {") {
            _ if whole => all.push_str(&text),
            Some((_, tests)) => all.push_str(tests),
            None => {}
        }
    }
    all
}

#[test]
fn every_code_has_a_test_that_raises_it() {
    let tests = tests_below(Path::new("src")) + &tests_below(Path::new("tests/cmd"));
    for code in Code::ALL {
        let raised = tests.contains(code.slug()) || tests.contains(&format!("Code::{code:?}"));
        assert!(raised, "no test raises {code}");
    }
}

#[test]
fn completions_and_manual_page_name_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let (bash, _) = expect(folder.path(), &["completions", "bash"], 0);
    let (man, _) = expect(folder.path(), &["man"], 0);
    for command in ["init", "new", "check", "render", "list", "explain", "verify", "schema", "demo"] {
        assert!(
            bash.contains(command) && man.contains(&format!("MACADAM {}", command.to_uppercase())),
            "{command}"
        );
    }
}

/// The page that lists every finding; written anew with `SNAPSHOTS=overwrite`.
#[test]
fn the_page_of_findings_is_fresh() {
    let mut page = String::from(
        "# Findings\n\n\
         Everything that macadam can find, in the order of its stages. `macadam explain <code>` prints one of these.\n\
         An error stops everything from being written; a warning stops nothing.\n",
    );
    let mut stage = "";
    for code in Code::ALL {
        let next = code.slug().split('/').next().unwrap();
        if next != stage {
            page.push_str(&format!("\n## {next}\n"));
            stage = next;
        }
        let severity = format!("{:?}", code.severity()).to_lowercase();
        page.push_str(&format!("\n### `{}`\n\n*{severity}*. {}\n", code.slug(), code.page()));
    }
    snapbox::assert_data_eq!(page, snapbox::file!["../docs/findings.md"].raw());
}

/// The page that lists every impact rule; written anew with `SNAPSHOTS=overwrite`.
#[test]
fn the_page_of_impact_rules_is_fresh() {
    snapbox::assert_data_eq!(macadam::diff::impact::manual(), snapbox::file!["../docs/impact.md"].raw());
}

/// The examples of a page: code whose first line is a comment that holds a path.
fn examples(page: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(page).unwrap();
    let blocks = text.split("\n```").filter_map(|block| {
        let body = block.strip_prefix("yaml\n").or_else(|| block.strip_prefix("jinja\n"))?;
        let path = body.lines().next()?.trim_matches(['#', '{', '}', '-', ' ']);
        path.contains('/').then_some(()).or((path == "macadam.yaml").then_some(()))?;
        Some((path.to_owned(), format!("{body}\n")))
    });
    blocks.collect()
}

#[test]
fn the_examples_of_each_page_compile() {
    for (page, least) in
        [("README.md", 1), ("docs/getting-started.md", 2), ("docs/repository.md", 12), ("docs/impact.md", 1)]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut files = examples(page);
        assert!(files.len() >= least, "{page}: {} examples", files.len());
        if !files.iter().any(|(path, _)| path == "macadam.yaml") {
            let platform = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\n";
            files.push(("macadam.yaml".to_owned(), platform.to_owned()));
        }
        if !files.iter().any(|(path, _)| path.ends_with("score.yaml")) {
            let score = "apiVersion: score.dev/v1b1\nmetadata: { name: web }\ncontainers: { main: { image: busybox } }\n";
            files.push(("web/score.yaml".to_owned(), score.to_owned()));
        }
        for (path, content) in files {
            let target = folder.path().join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, content).unwrap();
        }
        let (_, err) = expect(folder.path(), &["check"], 0);
        assert!(err.starts_with("no findings"), "{page}: {err}");
        expect(folder.path(), &["render"], 0);
    }
}

/// The README shows what is really printed.
#[test]
fn the_readme_shows_the_review_of_the_demo() {
    let demo = fs::read_to_string("tests/demo.txt").unwrap();
    let readme = fs::read_to_string("README.md").unwrap();
    let (_, shown) = readme.split_once("```text\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    assert!(demo.contains(shown), "{shown}");
}
