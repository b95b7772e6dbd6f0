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
