//! THREATS 5: nothing in `.git`, and nothing in the environment, starts a program or steers what is read.

use super::*;

/// Which test this file runs again in a process of its own, and where that finds the repository.
const NAME: &str = "load::git::tests::programs::git_starts_nothing";
const AGAIN: &str = "MACADAM_TEST_REPOSITORY";

/// Every key that makes Git, or one of its tools, start a program.
const KEYS: &[&str] = &[
    "alias.log",
    "browser.x.cmd",
    "core.alternateRefsCommand",
    "core.askPass",
    "core.editor",
    "core.fsmonitor",
    "core.gitProxy",
    "core.hooksPath",
    "core.pager",
    "core.sshCommand",
    "credential.helper",
    "diff.external",
    "diff.x.command",
    "diff.x.textconv",
    "difftool.x.cmd",
    "filter.x.clean",
    "filter.x.process",
    "filter.x.smudge",
    "gc.recentObjectsHook",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.x509.program",
    "guitool.x.cmd",
    "http.proxy",
    "imap.tunnel",
    "init.templateDir",
    "interactive.diffFilter",
    "man.x.cmd",
    "merge.x.driver",
    "mergetool.x.cmd",
    "pager.log",
    "receive.procReceiveRefs",
    "remote.origin.receivepack",
    "remote.origin.uploadpack",
    "remote.origin.vcs",
    "sendemail.smtpServer",
    "sequence.editor",
    "submodule.x.update",
    "tar.x.command",
    "trailer.x.command",
    "uploadpack.packObjectsHook",
    "web.browser",
];

/// A repository that would touch the file `canary` in many ways.
fn trapped() -> Scratch {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::with(&[("macadam.yaml", "root"), ("x/score.yaml", "x")]);
    scratch.commit(&[("x/score.yaml", "y"), (".gitattributes", "* filter=x diff=x merge=x text eol=crlf\n")]);
    let touch = format!("touch {}", scratch.path("canary"));
    scratch.write("hooks/touch", &format!("#!/bin/sh\n{touch}\n"));
    let hooks =
        ["pre-commit", "post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"];
    for hook in hooks.map(|hook| format!("hooks/{hook}")).iter().chain([&"hooks/touch".to_owned()]) {
        scratch.write(hook, &format!("#!/bin/sh\n{touch}\n"));
        std::fs::set_permissions(scratch.path(hook), std::fs::Permissions::from_mode(0o755)).unwrap();
        scratch.write(&format!(".git/{hook}"), &format!("#!/bin/sh\n{touch}\n"));
    }
    let mut config = std::fs::read_to_string(scratch.path(".git/config")).unwrap();
    config = config.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    for key in KEYS {
        let (section, name) = key.rsplit_once('.').unwrap();
        let section = section.split_once('.').map_or(section.to_owned(), |(a, b)| format!("{a} \"{b}\""));
        let value = if *key == "core.hooksPath" { scratch.path("hooks").to_string() } else { touch.clone() };
        config += &format!("[{section}]\n\t{name} = \"{value}\"\n");
    }
    let other = scratch.path("other.config");
    std::fs::write(
        &other,
        format!("[core]\n\tfsmonitor = \"{touch}\"\n[extensions]\n\trefStorage = reftable\n"),
    )
    .unwrap();
    config += &format!(
        "[remote \"origin\"]\n\turl = \"ext::{touch}\"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n\
         [extensions]\n\tpartialClone = origin\n[include]\n\tpath = {other}\n[includeIf \"gitdir:**\"]\n\tpath = {other}\n"
    );
    std::fs::write(scratch.path(".git/config"), config).unwrap();
    scratch
}

/// All that we do with a repository, what goes wrong included.
fn use_all(folder: &Utf8Path) {
    let repository = Repository::discover(folder).unwrap().unwrap();
    let (head, old) = (repository.resolve("HEAD").unwrap(), repository.resolve("main~").unwrap());
    assert_eq!(repository.merge_base(head, old).unwrap(), old);
    assert!(repository.resolve("@{upstream}").is_err());
    assert!(repository.resolve("origin/none").is_err());
    assert!(repository.resolve(&"1".repeat(40)).is_err());
    assert_eq!(read(&repository.revision(old).unwrap(), "x/score.yaml").unwrap(), "x");
    for world in [repository.revision(head).unwrap(), repository.staged(None).unwrap()] {
        assert_eq!(read(&world, "x/score.yaml").unwrap(), "y");
        assert_eq!(all(&world, "").unwrap().len(), 4);
    }
    repository.check_whole().unwrap();
    // The missing blob that a partial clone would fetch.
    let missing = fault(revision(&repository, "lost").and_then(|world| world.read("a".into())));
    assert!(missing.starts_with("git/missing-object"), "{missing}");
}

/// A branch whose only blob is not there.
fn lose(scratch: &Scratch) {
    let id = "2".repeat(40);
    scratch.write("listing", &format!("100644 blob {id}\ta\n"));
    let mut make = git(scratch.0.path(), &scratch.path(""), &["mktree", "--missing"]);
    let output = make.stdin(std::fs::File::open(scratch.path("listing")).unwrap()).output().unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let commit = scratch.git_in("", &["commit-tree", tree.trim(), "-m", "x"]);
    scratch.write(".git/refs/heads/lost", &commit);
}

/// This test, once more, in a process with a hostile environment; under `strace` where words for it are given.
fn again(scratch: &Scratch, strace: &[&str]) -> std::process::Output {
    let test = std::env::current_exe().unwrap();
    let words: Vec<&str> = strace.iter().copied().chain([test.to_str().unwrap(), "--exact", NAME]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env(AGAIN, scratch.path("")).env("HOME", scratch.path("home"));
    let touch = format!("touch {}", scratch.path("canary"));
    for name in [
        "GIT_SSH_COMMAND",
        "GIT_PAGER",
        "GIT_EDITOR",
        "GIT_ASKPASS",
        "GIT_PROXY_COMMAND",
        "GIT_EXTERNAL_DIFF",
    ] {
        command.env(name, &touch);
    }
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_INDEX_FILE",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
        "GIT_CONFIG",
        "GIT_CONFIG_GLOBAL",
        "GIT_CEILING_DIRECTORIES",
    ] {
        command.env(name, scratch.path("elsewhere"));
    }
    command
        .env("GIT_NAMESPACE", "evil")
        .env("GIT_REPLACE_REF_BASE", "refs/evil/")
        .env("GIT_DEFAULT_HASH", "sha256");
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.fsmonitor")
        .env("GIT_CONFIG_VALUE_0", touch);
    command.env("GIT_ALLOC_LIMIT", "1").env("GIT_NO_LAZY_FETCH", "0").output().unwrap()
}

#[test]
fn git_starts_nothing() {
    if let Ok(folder) = std::env::var(AGAIN) {
        return use_all(folder.as_str().into());
    }
    let scratch = trapped();
    let canary = scratch.path("canary");
    lose_without_configuration(&scratch);
    use_all(&scratch.path(""));
    assert!(!canary.exists());

    scratch.write("home/.gitconfig", "[core]\n\tfsmonitor = touch canary\n[safe]\n\tdirectory = none\n");
    let output = again(&scratch, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!canary.exists());

    let log = scratch.path("strace.log");
    let strace = ["strace", "-f", "-qq", "-e", "trace=execve,execveat,socket", "-o", log.as_str()];
    if Command::new("strace").args(["-qq", "true"]).output().is_ok_and(|output| output.status.success()) {
        let output = again(&scratch, &strace);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let calls = std::fs::read_to_string(&log).unwrap();
        assert_eq!(calls.lines().filter(|line| line.contains("exec")).count(), 1, "{calls}");
        assert!(!calls.contains("socket("), "{calls}");
    }
}

/// Makes the lost branch while the configuration is out of the way, because `git` itself would run it.
fn lose_without_configuration(scratch: &Scratch) {
    let config = scratch.path(".git/config");
    let kept = std::fs::read(&config).unwrap();
    std::fs::write(&config, "[core]\n\trepositoryformatversion = 0\n\thooksPath = none\n").unwrap();
    lose(scratch);
    std::fs::write(&config, kept).unwrap();
}

/// The canary works: `git` itself touches it.
#[test]
fn the_traps_would_spring() {
    let scratch = trapped();
    let _: std::process::Output = git(scratch.0.path(), &scratch.path(""), &["status"]).output().unwrap();
    assert!(scratch.path("canary").exists());
}

/// `cargo deny` cannot tell one kind of dependency from another.
#[test]
fn libgit2_and_what_starts_programs_are_in_tests_alone() {
    let manifest = include_str!("../../../../Cargo.toml");
    let (dependencies, tests) = manifest.split_once("[dev-dependencies]").unwrap();
    assert!(!dependencies.contains("\ngit2") && tests.contains("\ngit2"));
    let gix = dependencies.lines().find(|line| line.starts_with("gix = ")).unwrap();
    for feature in
        ["blob-diff", "status", "command", "attributes", "credentials", "client", "\"extras\"", "\"default\""]
    {
        assert!(!gix.contains(feature), "{feature}");
    }
    assert!(gix.contains("default-features = false"));
}
