//! Compares what two sides compile to, and says of each change what it means.
//!
//! A side is compiled from its own worlds. What judges (gates, impact rules, prices) comes from the base. `diff` never
//! reads a file, and prints nothing.

mod cause;
pub mod compare;
mod count;
mod document;
mod environments;
pub mod expression;
mod fingerprint;
mod group;
pub mod impact;
mod inputs;
mod instance;
mod matching;
mod objects;
mod rename;
mod rendered;
mod sides;
mod specific;

pub use environments::environments;
pub use rendered::rendered;

use std::sync::Arc;

use crate::compile::Progress;
use crate::fault::Fault;
use crate::load::Side;
use crate::model::{Platform, Review, SideName, Sources};

/// Two sides, and what they are called.
#[derive(Clone, Copy)]
pub struct Two<'a> {
    /// The side that judges.
    pub base: Side<'a>,
    /// The side that is looked at.
    pub head: Side<'a>,
    /// What the two are called.
    pub names: (&'a SideName, &'a SideName),
}

/// How to compare.
#[derive(Default, Clone, Copy)]
pub struct Options<'a> {
    /// Whether to keep the text of changed files, for differences by line.
    pub texts: bool,
    /// Who is told how far it is.
    pub progress: Option<&'a dyn Progress>,
}

/// What a comparison found, and what is needed to print it.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The changes.
    pub review: Review,
    /// Every text that a finding can point into.
    pub sources: Sources,
    /// `macadam.yaml` of the base, where it could be read.
    pub platform: Option<Arc<Platform>>,
}

impl Comparison {
    /// Whether a side does not compile: then the review is not whole.
    pub fn is_broken(&self) -> bool {
        let findings = &self.review.findings;
        let all = findings.base.iter().chain(&findings.head).chain(&findings.both);
        all.into_iter().any(crate::model::Finding::is_error)
    }
}

/// Compares what two sides compile to.
///
/// Only instances whose inputs differ are rendered, base and head of one in one job. The result is that of comparing
/// two whole trees.
///
/// # Errors
///
/// Where a world cannot be read. What is wrong in a repository is a finding of its side.
pub fn diff(two: &Two<'_>, options: &Options<'_>) -> Result<Comparison, Fault> {
    let mut sources = Sources::default();
    let sides = sides::Sides::prepare(two, &mut sources)?;
    let mut review = sides.review(options, &sources)?;
    review.base = two.names.0.clone();
    review.head = two.names.1.clone();
    Ok(Comparison { review, sources, platform: sides.base.platform.clone() })
}

#[cfg(test)]
mod tests;
