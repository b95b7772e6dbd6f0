mod budget;
mod hostile;
mod texts;

use super::*;
use crate::model::{Review, sample};

fn view(width: usize) -> View {
    View { width, color: false, verbose: false }
}

#[test]
fn the_page_for_people() {
    insta::assert_snapshot!(human(&sample(), &view(80)));
}

#[test]
fn the_page_for_people_on_a_wide_screen() {
    insta::assert_snapshot!(human(&sample(), &view(120)));
}

#[test]
fn nothing_is_said_by_colour_alone() {
    let colored = human(&sample(), &View { color: true, ..view(80) });
    assert_eq!(plain(&colored), human(&sample(), &view(80)));
}

/// Takes the colours out.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').unwrap().1)
}

#[test]
fn an_empty_review_says_so() {
    assert_eq!(human(&Review::default(), &view(80)), "from  to \n\nno difference\n");
}

#[test]
fn a_stat_counts_kinds_by_environment() {
    insta::assert_snapshot!(stat(&sample(), &view(80)));
}

/// The sample with lines of its `ConfigMap` and of the claim that goes.
fn with_lines() -> Review {
    let mut review = sample();
    let text = |lines: &[&str]| lines.concat();
    let same = ["a: 1\n", "::error::b: 2\n", "c:\t3\n"];
    let old = text(&[&same[..], &["data: one two\n", "more: x\n"]].concat());
    let new = text(&[&same[..], &["data: one 2\r\n", "more: x"]].concat());
    for group in &mut review.groups {
        for change in &mut group.changes {
            change.texts = match change.action {
                crate::model::Action::Removed => Some((old.clone(), String::new())),
                crate::model::Action::Changed => Some((old.clone(), new.clone())),
                _ => None,
            };
        }
    }
    review.groups.retain(|group| group.members.len() < 10);
    review
}

#[test]
fn a_patch_by_line() {
    insta::assert_snapshot!(unified(&with_lines(), &view(80)));
}

#[test]
fn a_patch_by_word() {
    insta::assert_snapshot!(word(&with_lines(), &view(80)));
}

const OPTIONS: MarkdownOptions<'_> =
    MarkdownOptions { budget: 65_536, mention: false, artifact: None, key: "default" };

#[test]
fn the_comment_of_a_pull_request() {
    insta::assert_snapshot!(markdown(&sample(), &OPTIONS));
}
