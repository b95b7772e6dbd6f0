//! What other programs read: JSON, SARIF, annotations.

mod annotations;
mod documents;
mod sarif;

use camino::Utf8Path;
use macadam_yaml::Span;

use super::texts::Texts;
use crate::model::{Code, Finding, Review, Sources, WorldName, sample};

/// Where the rendered tree is.
const ROOT: &str = "rendered";

fn root() -> &'static Utf8Path {
    Utf8Path::new(ROOT)
}

/// The sample, with an instance that does not compile and a finding of each side.
pub(super) fn whole() -> (Review, Sources) {
    with_findings(sample(), "services/shop/score.yaml", "no provisioner serves `postgress`")
}

fn with_findings(mut review: Review, path: &str, message: &str) -> (Review, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(WorldName::WorkTree, path.into(), b"resources:\n  db: { type: postgress }\n");
    let finding = |code: Code, start: u32| {
        let finding = Finding::new(code, message).at(Span::new(file, start, start + 4), message);
        finding.help(message).about(message)
    };
    review.findings.head.push(finding(Code::UnprovidedResource, 13));
    review.findings.both.push(finding(Code::UnusedElement, 0));
    review.findings.base.push(Finding::new(Code::PathClash, message));
    let instance = review.groups[0].members[0].instance.clone();
    review.undetermined.push(instance);
    (review, sources)
}

/// Puts one text in the place of every other one.
struct Everywhere(String);

impl Texts for Everywhere {
    fn text(&mut self, _: &str) -> String {
        self.0.clone()
    }
}

/// The sample with one text everywhere that a repository can put one.
pub(super) fn everywhere(text: &str) -> (Review, Sources) {
    let (mut review, sources) = with_findings(sample(), text, text);
    for change in review.groups.iter_mut().flat_map(|group| &mut group.changes) {
        change.texts = Some(("old\n".to_owned(), "new\n".to_owned()));
    }
    Everywhere(text.to_owned()).review(&mut review);
    (review, sources)
}
