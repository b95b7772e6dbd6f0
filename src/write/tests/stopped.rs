use super::*;

/// Renders with a script; says whether it came to its end, and how many calls it made.
fn run(repository: &Repository, tree: &Tree, ends: Ends) -> (bool, usize) {
    let root = repository.scripted(ends);
    let done = recover(&root).and_then(|_| {
        let changes = compare(&root, tree, &Scope::everything())?.value.unwrap();
        apply(&root, changes)
    });
    (done.is_ok(), root.calls.script.calls())
}

/// The shapes of a change: first tree, replaced, added, removed, files and folders that trade places.
fn changes() -> Vec<(Option<Tree>, Tree)> {
    vec![
        (None, tree(&["a/x=1", "a/y=2", "b/c/z=3"])),
        (Some(tree(&["a/x=1", "a/y=1", "b/z=1"])), tree(&["a/x=2", "a/y=1", "c/d/w=1"])),
        (Some(tree(&["a/x=1", "b/z/u=1"])), tree(&["a/x/y=1", "b/z=2"])),
    ]
}

fn start(before: Option<&Tree>) -> Repository {
    let repository = Repository::new();
    if let Some(before) = before {
        repository.render(before);
    }
    repository
}

#[test]
fn a_run_killed_at_any_call_leaves_the_old_tree_the_new_one_or_one_that_says_so() {
    for (before, after) in changes() {
        let (done, calls) = run(&start(before.as_ref()), &after, Ends::Well);
        assert!(done);
        let mut torn = 0;
        for call in 0..calls {
            let repository = start(before.as_ref());
            run(&repository, &after, Ends::KilledAt(call));
            let root = repository.root();
            if root.is_torn().unwrap() {
                torn += 1;
                assert!(matches!(unfinished(&root), Err(Fault::Torn { .. })));
                assert!(matches!(compare(&root, &after, &Scope::everything()), Err(Fault::Torn { .. })));
                assert!(matches!(check(&root, &after, &Scope::everything()), Err(Fault::Torn { .. })));
                assert!(report(&verify(&root).unwrap()).starts_with("verify/torn-tree"));
                drop(root);
                assert!(recover(&repository.root()).unwrap());
                assert_eq!(repository.tree(), after, "call {call}");
            } else {
                let found = repository.tree();
                assert!(
                    found == after || Some(&found) == before.as_ref() || found.files.is_empty(),
                    "call {call}"
                );
            }
            // Forwards and back, the next run completes.
            let target = if call % 2 == 0 { &after } else { before.as_ref().unwrap_or(&after) };
            assert_eq!(repository.render(target), "", "call {call}");
            assert_eq!(repository.tree(), *target, "call {call}");
            assert!(!repository.litter(), "call {call}");
        }
        assert_eq!(torn > 0, before.is_some());
    }
}

#[test]
fn recovery_killed_at_any_call_is_recovered_too() {
    let (before, after) = changes().pop().unwrap();
    let before = before.unwrap();
    let (_, calls) = run(&start(Some(&before)), &after, Ends::Well);
    // Every third call is enough: the properties try any.
    for call in (0..calls).step_by(3) {
        let torn = || {
            let repository = start(Some(&before));
            run(&repository, &after, Ends::KilledAt(call));
            repository
        };
        if !torn().root().is_torn().unwrap() {
            continue;
        }
        let (_, recovery) = run(&torn(), &after, Ends::Well);
        for again in 0..recovery {
            let repository = torn();
            run(&repository, &after, Ends::KilledAt(again));
            assert_eq!(repository.render(&after), "", "calls {call}, {again}");
            assert_eq!(repository.tree(), after, "calls {call}, {again}");
            assert!(!repository.litter());
        }
    }
}

#[test]
fn an_error_at_any_call_keeps_the_old_tree_and_leaves_no_litter() {
    for (before, after) in changes() {
        let (_, calls) = run(&start(before.as_ref()), &after, Ends::Well);
        for call in 0..calls {
            let repository = start(before.as_ref());
            let (done, _) = run(&repository, &after, Ends::FailsAt(call));
            let found = repository.tree();
            let root = repository.root();
            if root.is_torn().unwrap() {
                // The journal itself could not be taken away: the tree is new, and the next run says so.
                assert!(!done);
                assert_eq!(found, after, "call {call}");
            } else if done {
                assert_eq!(found, after, "call {call}");
            } else {
                assert!(Some(&found) == before.as_ref() || found.files.is_empty(), "call {call}");
                assert!(before.is_none() || !found.files.is_empty());
            }
            let staging = repository.path(".rendered.macadam");
            let is_hidden = staging.join(".gitignore").exists() || !has_files(&staging);
            assert!(is_hidden, "call {call}");
            drop(root);
            assert_eq!(repository.render(&after), "", "call {call}");
            assert_eq!(repository.tree(), after, "call {call}");
            assert!(!repository.litter(), "call {call}");
        }
    }
}

fn has_files(folder: &Path) -> bool {
    walkdir::WalkDir::new(folder).into_iter().flatten().any(|entry| entry.file_type().is_file())
}

#[test]
fn a_file_that_somebody_wrote_while_the_tree_was_torn_is_not_removed() {
    let (before, after) = (tree(&["a/x=1", "b/x=1"]), tree(&["a/x=2"]));
    let (_, calls) = run(&start(Some(&before)), &after, Ends::Well);
    for call in 0..calls {
        let repository = start(Some(&before));
        run(&repository, &after, Ends::KilledAt(call));
        if repository.root().is_torn().unwrap() && repository.path("rendered/b/x").exists() {
            repository.put("rendered/b/x", "mine");
            assert!(recover(&repository.root()).unwrap());
            assert_eq!(fs::read(repository.path("rendered/b/x")).unwrap(), b"mine", "call {call}");
        }
    }
}

/// The variable by which the test of real kills tells the process it starts where to write.
const CHILD: &str = "MACADAM_TEST_WRITE_FOREVER";

fn large(content: &str) -> Tree {
    let files: Vec<String> =
        (0..200).map(|number| format!("k/{}/f{number}={content}", number % 20)).collect();
    tree(&files.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Not a test of its own: started by the next one, it writes two trees in turn until it is killed.
#[test]
fn a_process_that_writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let (one, two) = (large("1"), large("2"));
    for tree in std::iter::repeat([&one, &two]).flatten() {
        let root = Root::open(folder.as_str().into(), "rendered".into()).unwrap();
        recover(&root).unwrap();
        let changes = compare(&root, tree, &Scope::everything()).unwrap().value.unwrap();
        apply(&root, changes).unwrap();
    }
}

#[test]
fn a_killed_process_leaves_no_lock_and_a_tree_that_is_completed() {
    let repository = Repository::new();
    let (one, two) = (large("1"), large("2"));
    for round in 0..12_u64 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "write::tests::stopped::a_process_that_writes_until_it_is_killed"])
            .env(CHILD, repository.folder())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(60 + 37 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let root = repository.root();
        let is_torn = root.is_torn().unwrap();
        assert_eq!(recover(&root).unwrap(), is_torn);
        let found = repository.tree();
        assert!(found == one || found == two || found.files.is_empty(), "round {round}");
        assert!(!repository.litter());
    }
}

/// Links that come and go while a tree is written: nothing behind them changes.
#[test]
fn a_racing_swapper_changes_nothing_outside() {
    let outside = Repository::new();
    outside.put("k/3/f3", "canary").put("f3", "canary");
    let before = outside.files();
    let repository = Repository::new();
    let (one, two) = (large("1"), large("2"));
    repository.render(&one);
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (folder, aside) = (repository.path("rendered/k/3"), repository.path("aside"));
            while !is_done.load(std::sync::atomic::Ordering::SeqCst) {
                let _: std::io::Result<()> = fs::rename(&folder, &aside);
                let _: std::io::Result<()> = std::os::unix::fs::symlink(outside.path("k/3"), &folder);
                let _: std::io::Result<()> = fs::remove_file(&folder);
                let _: std::io::Result<()> = fs::rename(&aside, &folder);
            }
        });
        for tree in [&two, &one].into_iter().cycle().take(20) {
            let root = repository.root();
            // Whatever comes of it: the swapper may well make it fail.
            let _: Result<bool, Fault> = recover(&root);
            if let Ok(outcome) = compare(&root, tree, &Scope::everything())
                && let Some(changes) = outcome.value
            {
                let _: Result<(), Fault> = apply(&root, changes);
            }
        }
        is_done.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    assert_eq!(outside.files(), before);
}
