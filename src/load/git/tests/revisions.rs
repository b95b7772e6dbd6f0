//! Names of revisions, and histories.

use proptest::prelude::*;

use super::*;
use crate::load::git::merge_base::merge_bases;

/// A history with a merge: `main` is `4`, whose parents are `2` and `3`; both come from `1`.
fn history() -> Scratch {
    let scratch = Scratch::with(&[("a", "1")]);
    scratch.git("checkout --quiet -b topic/one");
    scratch.commit(&[("a", "3")]);
    scratch.git("checkout --quiet main");
    scratch.commit(&[("b", "2")]);
    scratch.git("merge --quiet --no-ff --message=x topic/one");
    scratch
}

fn id(scratch: &Scratch, name: &str) -> String {
    scratch.open("").resolve(name).map_or_else(|fault| told(&fault), |id| id.to_string())
}

#[test]
fn names_mean_what_git_says() {
    let scratch = history();
    scratch.git("tag light");
    scratch.git("tag --annotate --message=x v1.0 topic/one");
    scratch.git("tag --annotate --message=x tag-of-tag v1.0");
    scratch.git("update-ref refs/remotes/origin/main HEAD~");
    scratch.git("symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main");
    let full = scratch.git("rev-parse HEAD");
    let names = [
        "HEAD",
        "@",
        "main",
        "heads/main",
        "refs/heads/main",
        "topic/one",
        "light",
        "v1.0",
        "tag-of-tag",
        "v1.0~",
        "origin",
        "origin/main",
        "HEAD~",
        "HEAD~1",
        "HEAD~2",
        "HEAD^",
        "HEAD^1",
        "HEAD^2",
        "HEAD^0",
        "main~0",
        "HEAD^2~",
        "HEAD~^",
        "v1.0^{commit}",
        "v1.0^{}",
        "HEAD^^",
        &full,
        &full[..7],
        &full[..12],
        "ORIG_HEAD",
        &format!("light-0-g{}", &full[..8]),
        "HEAD@{0}",
        "@{0}",
    ];
    for name in names {
        let expected = scratch.git_in("", &["rev-parse", &format!("{name}^{{commit}}")]);
        assert_eq!(id(&scratch, name), expected, "{name}");
    }
}

#[test]
fn an_upstream_is_known() {
    let origin = history();
    let scratch = Scratch::new();
    scratch.git_in("", &["clone", "--quiet", origin.path("").as_str(), "."]);
    scratch.commit(&[("c", "")]);
    let expected = scratch.git("rev-parse origin/main");
    for name in ["main@{upstream}", "main@{u}", "@{U}", "HEAD@{u}"] {
        assert_eq!(id(&scratch, name), expected, "{name}");
    }
    scratch.git("checkout --quiet -b lone");
    insta::assert_snapshot!(id(&scratch, "@{u}"), @"git/unknown-revision there is no revision `@{u}` (help: the branch follows no other one, or that is not fetched yet: `git branch -vv` tells)");
    scratch.git("branch --quiet --set-upstream-to=main");
    assert_eq!(id(&scratch, "@{u}"), scratch.git("rev-parse main"));
    scratch.git("checkout --quiet main");
    let expected = scratch.git("rev-parse origin/main~2");
    assert_eq!(id(&scratch, "@{upstream}~2"), expected);
}

#[test]
fn unknown_names_come_with_what_may_help() {
    let scratch = history();
    scratch.git("tag v1.0");
    let blob = scratch.git("rev-parse HEAD:a");
    let tree = scratch.git("rev-parse HEAD^{tree}");
    scratch.git(&format!("tag a-blob {blob}"));
    let told = [
        "mian",
        "topic/on",
        "V1.0",
        "nothing-like-it",
        "HEAD~9",
        "HEAD^3",
        "a-blob",
        "config",
        "description",
        "index",
    ]
    .map(|name| id(&scratch, name).replace(&blob, "BLOB"));
    insta::assert_snapshot!(told.join("\n"), @"
    git/unknown-revision there is no revision `mian` (help: did you mean `main`?)
    git/unknown-revision there is no revision `topic/on` (help: did you mean `topic/one`?)
    git/unknown-revision there is no revision `V1.0` (help: did you mean `v1.0`?)
    git/unknown-revision there is no revision `nothing-like-it`
    git/no-parent the history has no commit `HEAD~9`
    git/no-parent the history has no commit `HEAD^3`
    git/not-a-commit `a-blob` is a blob, not a commit (help: name a branch, a tag or a commit)
    git/unknown-revision there is no revision `config`
    git/unknown-revision there is no revision `description`
    git/unknown-revision there is no revision `index`
    ");
    for name in [&tree, &tree[..9], &blob] {
        assert!(id(&scratch, name).contains("not-a-commit"), "{name}");
    }
    let none = "1".repeat(40);
    assert_eq!(id(&scratch, &none), format!("git/unknown-revision there is no revision `{none}`"));
    scratch.git("remote add upstream https://user:canary@example.org/x.git");
    insta::assert_snapshot!([&*none, "release", "upstream/release", "origin/release", "a;touch"].map(|name| id(&scratch, name)).join("\n"), @"
    git/unknown-revision there is no revision `1111111111111111111111111111111111111111` (help: it may not be fetched yet: `git fetch upstream 1111111111111111111111111111111111111111`)
    git/unknown-revision there is no revision `release` (help: it may not be fetched yet: `git fetch upstream release`)
    git/unknown-revision there is no revision `upstream/release` (help: it may not be fetched yet: `git fetch upstream release:refs/remotes/upstream/release`)
    git/unknown-revision there is no revision `origin/release` (help: it may not be fetched yet: `git fetch upstream origin/release`)
    git/unknown-revision there is no revision `a;touch`
    ");
    let empty = Scratch::repository();
    insta::assert_snapshot!([id(&empty, "HEAD"), id(&empty, "main")].join("\n"), @"
    git/unknown-revision there is no revision `HEAD` (help: there is no commit yet: `git commit` makes one)
    git/unknown-revision there is no revision `main`
    ");
}

#[test]
fn beginnings_that_fit_several_commits_are_ambiguous() {
    let scratch = Scratch::repository();
    // Some two of these share their first four digits.
    for number in 0..600 {
        scratch.git_in(
            "",
            &["commit-tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "-m", &number.to_string()],
        );
        let Some(short) = clash(&scratch) else { continue };
        let told = id(&scratch, &short);
        assert!(
            told.starts_with(&format!("git/ambiguous-revision `{short}` could be any of: `{short}")),
            "{told}"
        );
        return;
    }
    panic!("no two ids begin alike");
}

/// The first four digits that two loose objects share.
fn clash(scratch: &Scratch) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    for folder in std::fs::read_dir(scratch.path(".git/objects")).unwrap().map(Result::unwrap) {
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let name = format!("{}{}", folder.file_name().to_str()?, &file.file_name().to_str()?[..2]);
            if name.len() == 4 && !seen.insert(name.clone()) {
                return Some(name);
            }
        }
    }
    None
}

/// THREATS 8: nothing runs, nothing is written, and a reference of such a name is not looked up.
#[test]
fn hostile_revisions_are_refused_before_anything_is_looked_up() {
    let scratch = history();
    let head = scratch.git("rev-parse HEAD");
    scratch.write(".git/refs/heads/-q", &head);
    scratch.write(".git/refs/heads/--upload-pack=touch x", &head);
    scratch.write(".git/refs/heads/a\u{202e}b", &head);
    let before = files_of(scratch.0.path());
    for name in [
        "-q",
        "--upload-pack=touch x",
        "a\u{202e}b",
        "heads/-q..main",
        "main..HEAD",
        "main...HEAD",
        "^main",
        "HEAD:a",
        ":/x",
        "HEAD^{/x}",
        "HEAD^{tree}",
        "main@{yesterday}",
        "../../etc/passwd",
        "/etc/passwd",
        "\u{1b}]0;x\u{7}",
        "",
    ] {
        assert!(id(&scratch, name).starts_with("fault/usage"), "{name:?}");
    }
    assert_eq!(files_of(scratch.0.path()), before);
}

/// Every file below a folder, with its time.
pub(super) fn files_of(folder: &Path) -> Vec<(std::path::PathBuf, std::time::SystemTime)> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    walk.map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap())).collect()
}

#[test]
fn ids_are_short_and_the_same_everywhere() {
    let scratch = history();
    let commit = scratch.open("").resolve("HEAD").unwrap();
    assert_eq!(commit.short(), scratch.git("rev-parse HEAD")[..12]);
}

#[test]
fn a_merge_base_is_what_git_says() {
    let scratch = history();
    let repository = scratch.open("");
    let base = |one: &str, other: &str| {
        let (one, other) = (repository.resolve(one).unwrap(), repository.resolve(other).unwrap());
        repository.merge_base(one, other).map_or_else(|fault| told(&fault), |id| id.to_string())
    };
    for (one, other) in [("main", "topic/one"), ("main~", "topic/one"), ("main", "main"), ("main~2", "main")]
    {
        assert_eq!(base(one, other), scratch.git(&format!("merge-base {one} {other}")), "{one} {other}");
    }
    scratch.git("checkout --quiet --orphan other");
    scratch.commit(&[("c", "")]);
    let told = base("main", "other");
    assert!(told.starts_with("git/no-merge-base"), "{told}");
}

/// Commits with these parents (earlier ones, by number) and times, and what libgit2 says of each pair.
fn check_graph(graph: &[(Vec<usize>, i64)]) {
    let folder = tempfile::tempdir().unwrap();
    let oracle = git2::Repository::init(folder.path()).unwrap();
    let tree = oracle.find_tree(oracle.treebuilder(None).unwrap().write().unwrap()).unwrap();
    let mut ids: Vec<git2::Oid> = Vec::new();
    for (number, (parents, time)) in graph.iter().enumerate() {
        let who = git2::Signature::new("x", "x@example.org", &git2::Time::new(*time, 0)).unwrap();
        let mut parents: Vec<usize> = parents.iter().map(|parent| parent % number.max(1)).collect();
        parents.sort_unstable();
        parents.dedup();
        let parents = if number == 0 { Vec::new() } else { parents };
        let parents: Vec<_> =
            parents.iter().map(|parent| oracle.find_commit(ids[*parent]).unwrap()).collect();
        let parents: Vec<_> = parents.iter().collect();
        ids.push(oracle.commit(None, &who, &who, &number.to_string(), &tree, &parents).unwrap());
    }
    let repository = Repository::discover(Utf8Path::from_path(folder.path()).unwrap()).unwrap().unwrap();
    for one in &ids {
        for other in &ids {
            let mine = |id: &git2::Oid| repository.resolve(&id.to_string()).unwrap().0;
            let mut best = merge_bases(&repository.objects, mine(one), mine(other)).unwrap();
            best.sort();
            // Not libgit2's own `merge_bases`: by reachability, which no clock confuses.
            let common = |id: &git2::Oid| reaches(&oracle, *one, *id) && reaches(&oracle, *other, *id);
            let common: Vec<_> = ids.iter().copied().filter(common).collect();
            let is_best =
                |id: &git2::Oid| !common.iter().any(|other| other != id && reaches(&oracle, *other, *id));
            let mut expected: Vec<_> = common.iter().copied().filter(is_best).map(|id| mine(&id)).collect();
            expected.sort();
            assert_eq!(best, expected, "{one} {other}");
        }
    }
}

fn reaches(oracle: &git2::Repository, from: git2::Oid, to: git2::Oid) -> bool {
    from == to || oracle.graph_descendant_of(from, to).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn merge_bases_are_the_common_ancestors_that_no_other_descends_from(
        graph in prop::collection::vec((prop::collection::vec(0_usize..20, 0..3), 0_i64..6), 1..9),
    ) {
        check_graph(&graph);
    }
}
