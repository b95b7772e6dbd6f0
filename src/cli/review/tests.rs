mod budget;
mod fleet;
mod hostile;
mod machines;
mod texts;
mod web;

use super::*;
use crate::model::{Review, sample};

/// Text of pieces that mean something to some reader, and of any characters.
fn nasty() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;

    let piece = prop_oneof![
        3 => prop::sample::select(&hostile::NASTY[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => prop::sample::select(&["](1)", "[a", "{0}", "%0A", "%", ",line=9", "\0", "</script>", "]]>", "&"][..])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

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

#[test]
fn a_template_edit_in_3000_units_fits_one_screen() {
    let mut review = sample();
    let mut group = review.groups.remove(3);
    let models = group.members.clone();
    group.members = (0..3_000)
        .map(|at| {
            let mut member = models[at % models.len()].clone();
            member.instance.name = format!("svc-{:04}", at / 3);
            member.instance.environment = ["dev", "staging", "production"][at % 3].to_owned();
            member.instance.folder = format!("kubernetes/{at}").into();
            member
        })
        .collect();
    let review = Review { groups: vec![group], ..review };
    let page = human(&review, &view(80));
    assert!(page.contains("in 3000 units: 1000 workloads in dev"), "{page}");
    assert!(page.lines().count() <= 40, "{page}");
    let all = human(&review, &View { verbose: true, ..view(80) });
    assert_eq!(all.matches("svc-").count(), 3_000 + 1);
}

#[test]
fn the_manual_shows_a_page_as_it_is_printed() {
    let manual = include_str!("../../../docs/review.md");
    let (_, example) = manual.split_once("```text\n").unwrap();
    let example = example.strip_suffix("```\n").unwrap();
    assert_eq!(example, human(&sample(), &view(80)), "put the page of the sample into docs/review.md");
}

#[test]
fn the_manual_explains_every_level_mark_and_note() {
    use crate::model::{Impact, Mark};

    let manual = include_str!("../../../docs/review.md");
    for impact in Impact::ALL {
        let row = format!("| `{}` | {} |", impact.constant(), words::meaning(impact));
        assert!(manual.contains(&row), "{row}");
    }
    for mark in [Mark::InvisibleCharacters, Mark::DeployerAnnotation, Mark::Mode, Mark::Opaque] {
        assert!(manual.contains(&format!("- {}", words::mark(mark))), "{mark:?}");
    }
}
