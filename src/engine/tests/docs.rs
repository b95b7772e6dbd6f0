//! The examples of `docs/templates.md` are true.

use super::*;

const PAGE: &str = include_str!("../../../docs/templates.md");

/// The fenced blocks of the page: language and text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    PAGE.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

#[test]
fn every_example_gives_what_the_page_says() {
    let blocks = blocks();
    let context: Json = serde_json::from_str(blocks[0].1).unwrap();
    let mut examples = 0;
    for pair in blocks[1..].chunks(2) {
        let [("jinja", template), ("yaml", wanted)] = pair else { panic!("{pair:?}") };
        let wanted =
            macadam_yaml::parse(wanted.as_bytes(), FileId(0), Resolution::Kubernetes, &Limits::default());
        assert_eq!(render(template, context.clone()), convert::json(wanted.unwrap()), "{template}");
        examples += 1;
    }
    assert!(examples >= 12, "{examples}");
}

#[test]
fn every_filter_of_ours_has_a_section() {
    for filter in ["to_yaml", "to_json", "hcl", "indent", "dns_label", "quantity", "sha256", "b64encode"] {
        let heading = PAGE.lines().any(|line| line.starts_with("### ") && line.contains(filter));
        assert!(heading, "{filter}");
    }
}
