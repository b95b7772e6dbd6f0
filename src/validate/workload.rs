//! From the tree of a Score file to a `Workload`: schema, types, and the rules beyond the schema.

mod before;
mod build;
mod compute;
mod placeholders;

use camino::Utf8Path;
use macadam_yaml::Node;

use super::{
    report::{self, Codes},
    schema::Kind,
};
use crate::model::{Outcome, Workload};

pub use placeholders::content_placeholders;

/// Checks and types the tree of a Score file, with or without overlays laid over it.
///
/// Holds it against the schema (`score/unknown-field`, `score/missing-field`, `score/wrong-type`,
/// `score/invalid-value`, `score/invalid-name`) and against the rules of score-go's `loader.Validate`: placeholders,
/// `before`, requests within limits. Goes on after each finding. The value is there as soon as there is a name, so that
/// others can still link to a broken workload; what is not well formed is missing in it, so do not render it when
/// [`Outcome::has_errors`].
pub fn workload(tree: &Node, path: &Utf8Path) -> Outcome<Workload> {
    let mut findings = report::check(tree, Kind::Score, Codes::Score);
    placeholders::check(tree, &mut findings);
    let Some(workload) = build::workload(tree, path, &mut findings) else {
        return Outcome::failed(findings);
    };
    before::check(&workload, &mut findings);
    compute::check(&workload, &mut findings);
    Outcome::new(workload, findings)
}
