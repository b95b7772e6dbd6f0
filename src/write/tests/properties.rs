use proptest::prelude::*;

use super::*;

fn any_tree() -> impl Strategy<Value = Tree> {
    let name = prop::sample::select(vec!["a", "a.b", "a-b", "b", "é", ".hidden"]);
    let path = prop::collection::vec(name, 1..4).prop_map(|names| format!("k/{}", names.join("/")));
    prop::collection::btree_map(path, "[0-9]{1,3}", 0..8).prop_map(|files| {
        let inside = |path: &String| files.keys().any(|other| path.starts_with(&format!("{other}/")));
        let files = files.iter().filter(|(path, _)| !inside(path));
        let files: Vec<String> = files.map(|(path, content)| format!("{path}={content}")).collect();
        tree(&files.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_change_gives_exactly_the_tree_and_then_there_is_nothing_to_change(one in any_tree(), other in any_tree()) {
        let repository = Repository::new();
        for tree in [&one, &other, &one] {
            prop_assert_eq!(repository.render(tree), "");
            prop_assert_eq!(&repository.tree(), tree);
            let root = repository.root();
            prop_assert!(compare(&root, tree, &Scope::everything()).unwrap().value.unwrap().is_empty());
            prop_assert!(check(&root, tree, &Scope::everything()).unwrap().is_empty());
            prop_assert!(verify(&root).unwrap().is_empty());
            prop_assert!(!repository.litter());
        }
    }

    #[test]
    fn a_stopped_change_is_completed(one in any_tree(), other in any_tree(), call in 0..120_usize) {
        let repository = Repository::new();
        repository.render(&one);
        let root = repository.scripted(Ends::KilledAt(call));
        if let Some(changes) = compare(&root, &other, &Scope::everything()).unwrap().value {
            let _: Result<(), Fault> = apply(&root, changes);
        }
        drop(root);
        let is_torn = repository.root().is_torn().unwrap();
        if !is_torn {
            let found = repository.tree();
            prop_assert!(found == one || found == other);
        }
        prop_assert_eq!(recover(&repository.root()).unwrap(), is_torn);
        let found = repository.tree();
        let is_whole = found == other || (!is_torn && found == one);
        prop_assert!(is_whole);
        prop_assert!(!repository.litter());
    }
}
