//! Every kind of repository.

use super::*;

const FILES: &[(&str, &str)] =
    &[("macadam.yaml", "root"), ("sub/macadam.yaml", "sub"), ("sub/services/a/score.yaml", "a")];

/// What every repository of these files must give.
fn check(repository: &Repository) {
    let head = revision(repository, "HEAD").unwrap();
    assert_eq!(head.name(), crate::model::WorldName::Revision);
    assert_eq!(names(&head, "").unwrap(), ["macadam.yaml", "sub/"]);
    assert_eq!(names(&head, "sub").unwrap(), ["macadam.yaml", "services/"]);
    assert_eq!(read(&head, "sub/services/a/score.yaml").unwrap(), "a");
}

#[test]
fn a_folder_without_a_repository_has_none() {
    let scratch = Scratch::new();
    assert!(Repository::discover(&scratch.path("")).unwrap().is_none());
    assert!(fault(Repository::discover(&scratch.path("none"))).starts_with("fault/unreadable"));
}

#[test]
fn loose_and_packed_objects_are_read() {
    let scratch = Scratch::with(FILES);
    check(&scratch.open(""));
    scratch.git("gc --quiet --aggressive");
    scratch.git("pack-refs --all");
    check(&scratch.open(""));
    scratch.commit(&[("sub/services/b/score.yaml", "b")]);
    assert_eq!(read(&scratch.revision("main"), "sub/services/b/score.yaml").unwrap(), "b");
    scratch.git("multi-pack-index write");
    scratch.git("commit-graph write --reachable");
    assert_eq!(read(&scratch.revision("main~"), "sub/services/a/score.yaml").unwrap(), "a");
}

#[test]
fn paths_are_relative_to_the_folder_that_is_asked_about() {
    let scratch = Scratch::with(FILES);
    let repository = scratch.open("sub");
    assert_eq!(repository.prefix(), "sub");
    let head = revision(&repository, "HEAD").unwrap();
    assert_eq!(names(&head, "").unwrap(), ["macadam.yaml", "services/"]);
    assert_eq!(read(&head, "macadam.yaml").unwrap(), "sub");
    assert_eq!(read(&head, "../macadam.yaml"), None);
    assert_eq!(scratch.git("rev-parse HEAD:sub"), head.id("".into()).unwrap().unwrap().to_string());
    scratch.write("new/macadam.yaml", "");
    let absent = revision(&scratch.open("new"), "HEAD").unwrap();
    assert_eq!((names(&absent, ""), read(&absent, "macadam.yaml")), (None, None));
    assert!(fault(scratch.open("").with_prefix("../x".into())).starts_with("fault/usage"));
}

#[test]
fn a_link_to_the_repository_is_the_users_own_word() {
    let scratch = Scratch::with(FILES);
    let elsewhere = Scratch::new();
    std::os::unix::fs::symlink(scratch.path("sub"), elsewhere.path("link")).unwrap();
    assert_eq!(elsewhere.open("link").prefix(), "sub");
}

#[test]
fn bare_repositories_are_read_from_the_root_or_a_folder() {
    let scratch = Scratch::with(FILES);
    scratch.git("clone --quiet --bare . copy.git");
    let repository = scratch.open("copy.git");
    assert!(repository.is_bare());
    check(&repository);
    check(&scratch.open("copy.git/refs"));
    let sub = repository.with_prefix("sub".into()).unwrap();
    assert_eq!(read(&revision(&sub, "main").unwrap(), "macadam.yaml").unwrap(), "sub");
    assert!(fault(sub.staged(None)).starts_with("fault/usage"));
    assert!(sub.check_whole().is_ok());
}

#[test]
fn linked_working_trees_have_their_own_head_and_index() {
    let scratch = Scratch::with(FILES);
    scratch.git("worktree add --quiet -b topic linked");
    std::fs::write(scratch.path("linked/sub/macadam.yaml"), "topic").unwrap();
    scratch.git_in("linked", &["commit", "--quiet", "--all", "--message=x"]);
    std::fs::write(scratch.path("linked/sub/macadam.yaml"), "staged").unwrap();
    scratch.git_in("linked", &["add", "--all"]);
    let linked = scratch.open("linked/sub");
    assert_eq!(linked.prefix(), "sub");
    assert_eq!(read(&revision(&linked, "HEAD").unwrap(), "macadam.yaml").unwrap(), "topic");
    assert_eq!(read(&revision(&linked, "main").unwrap(), "macadam.yaml").unwrap(), "sub");
    assert_eq!(read(&linked.staged(None).unwrap(), "macadam.yaml").unwrap(), "staged");
    check(&scratch.open(""));
}

#[test]
fn a_submodule_is_a_repository_and_no_content_of_the_one_around_it() {
    let inner = Scratch::with(FILES);
    let outer = Scratch::with(&[("score.yaml", "")]);
    outer.git_in("", &["submodule", "--quiet", "add", inner.path("").as_str(), "inner"]);
    outer.commit(&[]);
    check(&outer.open("inner"));
    let head = outer.revision("HEAD");
    assert_eq!(names(&head, "").unwrap(), [".gitmodules", "inner/", "score.yaml"]);
    assert_eq!((names(&head, "inner"), read(&head, "inner/macadam.yaml")), (None, None));
    assert_eq!(head.id("inner".into()).unwrap(), None);
}

#[test]
fn a_git_file_that_leads_nowhere_does_not_lead_to_the_repository_around_it() {
    let scratch = Scratch::with(FILES);
    scratch.write("sub/.git", "gitdir: ../.git/modules/none");
    assert!(fault(Repository::discover(&scratch.path("sub/services"))).starts_with("git/unusable"));
}

#[test]
fn objects_of_alternates_are_read() {
    let scratch = Scratch::with(FILES);
    let copy = Scratch::new();
    copy.git_in("", &["clone", "--quiet", "--shared", scratch.path("").as_str(), "copy"]);
    check(&copy.open("copy"));
    std::fs::remove_dir_all(scratch.path(".git/objects")).unwrap();
    let told = fault(revision(&copy.open("copy"), "HEAD"));
    assert!(told.starts_with("git/unknown-revision") || told.starts_with("git/missing-object"), "{told}");
}

#[test]
fn sha256_repositories_are_read() {
    let scratch = Scratch::new();
    scratch.git("init --quiet --object-format=sha256");
    scratch.commit(FILES);
    let repository = scratch.open("");
    assert_eq!(repository.format(), crate::load::ObjectFormat::Sha256);
    assert_eq!(repository.resolve("HEAD").unwrap().to_string(), scratch.git("rev-parse HEAD"));
    check(&repository);
    let disk = crate::load::WorkTree::open(&scratch.path("")).unwrap().with_format(repository.format());
    let path = Utf8Path::new("sub/macadam.yaml");
    for world in [revision(&repository, "HEAD").unwrap(), repository.staged(None).unwrap()] {
        assert_eq!(world.id(path).unwrap(), disk.id(path).unwrap());
        assert_eq!(world.id("sub".into()).unwrap().unwrap().to_string(), scratch.git("rev-parse HEAD:sub"));
    }
    scratch.git("gc --quiet");
    check(&scratch.open(""));
}

#[test]
fn formats_that_are_not_read_are_named() {
    let scratch = Scratch::with(FILES);
    scratch.git("config core.repositoryFormatVersion 1");
    scratch.git("config extensions.refStorage reftable");
    let told = fault(Repository::discover(&scratch.path("")));
    assert!(told.starts_with("git/unsupported"), "{told}");
    assert!(told.contains("`extensions.refstorage=reftable`"), "{told}");
    scratch.write(".git/config", "[core]\nrepositoryFormatVersion = 7\n");
    assert!(fault(Repository::discover(&scratch.path(""))).starts_with("git/unusable"));
}

/// THREATS 5: configuration that says where the working tree is, and what references mean, plays no part.
#[test]
fn configuration_does_not_steer() {
    let scratch = Scratch::with(FILES);
    scratch.write("elsewhere/x", "");
    for (key, value) in [
        ("core.worktree", "../elsewhere"),
        ("core.useReplaceRefs", "true"),
        ("gitoxide.core.refsNamespace", "evil"),
        ("gitoxide.core.indexFile", "evil"),
        ("gitoxide.core.shallowFile", "evil"),
        ("gitoxide.objects.replaceRefBase", "refs/evil/"),
        ("gitoxide.objects.noReplace", "false"),
    ] {
        let text = std::fs::read_to_string(scratch.path(".git/config")).unwrap();
        let (section, key) = key.rsplit_once('.').unwrap();
        let section = section.split_once('.').map_or(section.to_owned(), |(a, b)| format!("{a} \"{b}\""));
        scratch.write(".git/config", &format!("{text}[{section}]\n{key} = {value}\n"));
    }
    let head = std::fs::read_to_string(scratch.path(".git/refs/heads/main")).unwrap();
    scratch.write(".git/evil", head.trim());
    let repository = scratch.open("sub");
    assert_eq!(repository.prefix(), "sub");
    assert_eq!(read(&revision(&repository, "main").unwrap(), "macadam.yaml").unwrap(), "sub");
    assert_eq!(read(&repository.staged(None).unwrap(), "macadam.yaml").unwrap(), "sub");
}

/// THREATS 5.
#[test]
fn replace_references_and_grafts_are_ignored() {
    let scratch = Scratch::with(FILES);
    scratch.commit(&[("sub/macadam.yaml", "second")]);
    let (first, second) = (scratch.git("rev-parse HEAD~"), scratch.git("rev-parse HEAD"));
    let old = scratch.git("rev-parse HEAD~:sub/macadam.yaml");
    let new = scratch.git("rev-parse HEAD:sub/macadam.yaml");
    scratch.git(&format!("replace {second} {first}"));
    scratch.git(&format!("replace {new} {old}"));
    scratch.write(".git/info/grafts", &format!("{second}\n"));
    assert_eq!(scratch.git("show HEAD:sub/macadam.yaml"), "sub");
    let repository = scratch.open("");
    assert_eq!(read(&revision(&repository, "HEAD").unwrap(), "sub/macadam.yaml").unwrap(), "second");
    assert_eq!(repository.resolve("HEAD~").unwrap().to_string(), first);
}

#[test]
fn objects_of_many_threads_are_the_same() {
    use rayon::prelude::*;
    let files: Vec<(String, String)> =
        (0..200).map(|n| (format!("d{}/f{n}", n % 7), format!("text {n}\n"))).collect();
    let scratch = Scratch::with(&files.iter().map(|(path, text)| (&**path, &**text)).collect::<Vec<_>>());
    scratch.git("gc --quiet");
    let head = scratch.revision("HEAD");
    files.par_iter().for_each(|(path, text)| assert_eq!(read(&head, path).as_ref(), Some(text)));
}

#[test]
fn large_files_are_cut_after_the_limit_and_one() {
    let scratch = Scratch::repository();
    let file = std::fs::File::create(scratch.path("large")).unwrap();
    file.set_len(crate::load::READ_LIMIT as u64 + 10).unwrap();
    let file = std::fs::File::create(scratch.path("huge")).unwrap();
    file.set_len(130 << 20).unwrap();
    scratch.commit(&[]);
    for _ in 0..2 {
        let head = scratch.revision("HEAD");
        assert_eq!(head.read("large".into()).unwrap().unwrap().len(), crate::load::READ_LIMIT + 1);
        let told = fault(head.read("huge".into()));
        assert!(told.starts_with("git/too-large-object") && told.contains("`huge`"), "{told}");
        scratch.git("gc --quiet");
    }
}
