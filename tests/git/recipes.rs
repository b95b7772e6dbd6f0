//! The recipes for CI that `macadam init` writes: accepted by the field's own checkers, and careful with what is not theirs.

use serde_json::Value;

use crate::scratch::{Repository, Scratch, find};

const WORKFLOWS: [&str; 2] = [".github/workflows/macadam.yaml", ".github/workflows/macadam-comment.yaml"];

fn initialised(scratch: &Scratch) -> Repository {
    let repository = scratch.repository("new");
    repository.git("init --quiet --initial-branch=main");
    repository.expect("init", 0);
    repository
}

fn yaml(repository: &Repository, path: &str) -> Value {
    yaml_serde::from_str(&repository.read(path)).unwrap()
}

#[test]
fn actionlint_accepts_the_workflows() {
    let Some(actionlint) = find("actionlint") else { return };
    let scratch = Scratch::new();
    let repository = initialised(&scratch);
    let said = repository.run(actionlint.to_str().unwrap(), &WORKFLOWS);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[test]
fn the_scripts_of_the_gitlab_pipeline_are_shell() {
    let scratch = Scratch::new();
    let repository = initialised(&scratch);
    let pipeline = yaml(&repository, ".gitlab-ci.yml");
    let jobs = pipeline.as_object().unwrap().values().filter_map(|job| job.get("script")?.as_array());
    let mut lines = 0;
    for line in jobs.flatten() {
        lines += 1;
        let line = line.as_str().unwrap();
        let said = repository.run("bash", &["-n", "-c", line]);
        assert_eq!(said.code, 0, "{line}\n{}", said.err);
    }
    assert!(lines >= 3, "{lines} lines");
}

/// THREATS 26: what compiles what others propose has no secret; what has a token runs nothing of theirs.
#[test]
fn the_job_that_compiles_and_the_job_that_writes_are_two() {
    let scratch = Scratch::new();
    let repository = initialised(&scratch);
    let [compile, comment] = WORKFLOWS.map(|path| yaml(&repository, path));
    assert_eq!(compile["permissions"], serde_json::json!({ "contents": "read" }));
    assert_eq!(comment["permissions"], serde_json::json!({}));
    let [compile, comment] = WORKFLOWS.map(|path| repository.read(path));
    assert!(!compile.contains("secrets.") && !compile.contains("github.token"), "{compile}");
    assert!(compile.contains("persist-credentials: false") && compile.contains("merge_group"), "{compile}");
    assert!(!comment.contains("actions/checkout") && !comment.contains("cargo "), "{comment}");
    assert!(comment.contains("<!-- macadam:review:default -->"), "it finds the comment by our marker");
}

/// Text of a pull request reaches a script through its environment only, never as part of the script.
#[test]
fn no_expression_stands_in_a_script() {
    let scratch = Scratch::new();
    let repository = initialised(&scratch);
    for path in WORKFLOWS {
        let workflow = yaml(&repository, path);
        let jobs = workflow["jobs"].as_object().unwrap().values();
        let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap());
        let scripts: Vec<&str> = steps.filter_map(|step| step.get("run")?.as_str()).collect();
        assert!(!scripts.is_empty(), "{path}");
        for script in scripts {
            assert!(!script.contains("${{"), "{path}: {script}");
        }
    }
}

/// Actions are pinned by the id of a commit, as a tag can be moved.
#[test]
fn actions_are_pinned() {
    let scratch = Scratch::new();
    let repository = initialised(&scratch);
    for path in WORKFLOWS {
        let text = repository.read(path);
        for line in text.lines().filter_map(|line| line.split_once("uses: ")) {
            let (_, version) = line.1.split_once('@').unwrap();
            let id = version.split(' ').next().unwrap();
            assert!(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {}", line.1);
        }
    }
}
