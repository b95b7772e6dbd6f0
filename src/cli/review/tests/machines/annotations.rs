use proptest::prelude::*;

use super::{everywhere, root, whole};
use crate::{
    cli::{review::github::github, safe},
    model::{Review, Sources, sample},
};

#[test]
fn the_annotations_of_the_sample() {
    let (review, sources) = whole();
    insta::assert_snapshot!(github(&review, &sources, root()));
}

#[test]
fn an_empty_review_says_nothing() {
    assert_eq!(github(&Review::default(), &Sources::default(), root()), "");
}

#[test]
fn more_than_ten_of_a_kind_are_counted() {
    let mut review = sample();
    let (loss, exposure) = (review.groups[0].clone(), review.groups[2].clone());
    review.merges.clear();
    review.rules.clear();
    review.groups = vec![loss; 13];
    review.groups.extend(vec![exposure; 10]);
    let page = github(&review, &Sources::default(), root());
    let of = |word: &str| page.lines().filter(|line| line.starts_with(word)).count();
    assert_eq!((of("::error "), of("::warning "), page.lines().count()), (10, 10, 20));
    let last = page.lines().nth(9).unwrap();
    assert_eq!(last, "::error title=macadam::and 4 more annotations of this kind; the report shows all");
}

#[test]
fn a_change_that_no_edit_explains_is_told_at_its_rendered_file() {
    let mut review = sample();
    review.groups.truncate(1);
    review.groups[0].causes.clear();
    let page = github(&review, &Sources::default(), root());
    let file = "::error file=rendered/kubernetes/production/eu-1/workloads/ledger/persistentvolumeclaim-ledger-data.yaml,title=";
    assert!(page.lines().any(|line| line.starts_with(file)), "{page}");
}

#[test]
fn what_separates_properties_is_escaped_in_them() {
    let (review, sources) = everywhere("a,line=9::b%0A\r\nc");
    let page = github(&review, &sources, root());
    let line = page.lines().next().unwrap();
    assert!(line.starts_with("::error file=a%2Cline=9%3A%3Ab%250A\\r\\nc,line=2,endLine=2,title="), "{line}");
}

/// A command as GitHub's runner reads it: up to the second `::`, then properties between commas.
fn properties(line: &str) -> Vec<&str> {
    let (head, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (word, properties) = head.split_once(' ').unwrap();
    assert!(["error", "warning", "notice"].contains(&word), "{line}");
    properties.split(',').map(|property| property.split_once('=').unwrap().0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// THREATS 20: data makes no line, no command and no property.
    #[test]
    fn no_text_forges_a_command(text in super::super::nasty()) {
        let (harmless, sources) = everywhere("x");
        let expected: Vec<Vec<String>> = github(&harmless, &sources, root())
            .lines()
            .map(|line| properties(line).into_iter().map(str::to_owned).collect())
            .collect();
        let (review, sources) = everywhere(&text);
        let page = github(&review, &sources, root());
        let found: Vec<Vec<&str>> = page.lines().map(properties).collect();
        prop_assert_eq!(found, expected);
        prop_assert!(!page.contains("##"));
        prop_assert!(!page.chars().any(|c| safe::is_unsafe(c) && c != '\n'));
    }
}
