//! Which paths may be outputs.

use camino::Utf8Path;

use crate::load::{is_plain_path, is_strange};

/// Names that steer Git, wherever they stand: which files are ignored, filtered, or fetched from elsewhere.
const STEER_GIT: &[&str] = &[".gitattributes", ".gitignore", ".gitmodules"];
/// Names at the root of a repository that a CI system runs.
const RUN_BY_CI: &[&str] = &[
    ".buildkite",
    ".circleci",
    ".drone.yml",
    ".forgejo",
    ".gitea",
    ".github",
    ".gitlab",
    ".gitlab-ci.yml",
    ".tekton",
    ".travis.yml",
    ".woodpecker",
    ".woodpecker.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "jenkinsfile",
];
/// The longest name that common file systems take, in bytes.
const NAME_LIMIT: usize = 255;

/// Why a path below the output root is not accepted, if it is not.
pub(super) fn refusal(path: &str) -> Option<&'static str> {
    if !is_plain_path(path) {
        return Some("it is not a plain path, or names `.git`");
    }
    if is_strange(path) || path.contains('\\') {
        return Some("it has invisible characters or backslashes");
    }
    let mut names = path.split('/');
    let is = |name: &str, known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
    if names.clone().any(|name| is(name, STEER_GIT)) {
        return Some("Git acts on files of this name");
    }
    if names.clone().any(|name| name.len() > NAME_LIMIT) {
        return Some("a name in it has more than 255 bytes");
    }
    names.next().filter(|first| is(first, RUN_BY_CI)).map(|_| "CI systems run what lies there")
}

/// Why a path cannot be the output root, if it cannot.
pub(super) fn root_refusal(root: &Utf8Path) -> Option<&'static str> {
    if matches!(root.as_str(), "" | "." | "./") {
        return Some("it is the repository's own root");
    }
    if root.is_absolute() {
        return Some("it is not relative to the repository");
    }
    if root.as_str().split('/').any(|name| name == "..") {
        return Some("it may lead out of the repository");
    }
    refusal(root.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_git_or_ci_act_on_are_refused() {
        let refused = [
            "",
            "/a",
            "../a",
            "a/../b",
            "a//b",
            ".git/hooks/pre-commit",
            "a/.GIT/x",
            "a/.gitattributes",
            ".gitmodules",
            "a/.GitIgnore",
            ".github/workflows/x.yml",
            ".gitlab-ci.yml",
            "Jenkinsfile",
            "a\\b",
            "a\nb",
            "a\u{202e}b",
        ];
        for path in refused {
            assert!(refusal(path).is_some(), "{path:?}");
        }
        assert!(refusal(&"x".repeat(256)).is_some());
        for path in ["a", "a/jenkinsfile/x.yaml", ".macadam/format", "a/.helmignore", ".github.io/x"] {
            assert_eq!(refusal(path), None, "{path:?}");
        }
    }

    #[test]
    fn output_roots_lie_inside_the_repository() {
        for root in ["", ".", "/tmp/x", "..", "a/../..", ".git", ".git/x", ".github/workflows", "a/./b"] {
            assert!(root_refusal(root.into()).is_some(), "{root:?}");
        }
        for root in ["rendered", "deploy/rendered", ".rendered"] {
            assert_eq!(root_refusal(root.into()), None, "{root:?}");
        }
    }
}
