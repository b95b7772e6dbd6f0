//! Compares what two sides compile to, and says of each change what it means.
//!
//! A side is compiled from its own worlds. What judges (gates, impact rules, prices) comes from the base. `diff` never
//! reads a file, and prints nothing.

mod cause;
pub mod compare;
pub mod cost;
mod count;
mod environments;
pub mod expression;
mod fingerprint;
pub mod gate;
mod group;
pub mod impact;
mod inputs;
mod instance;
mod judge;
mod matching;
mod objects;
mod pairing;
mod rename;
mod rendered;
pub mod rules;
mod sides;
mod specific;

pub use environments::environments;
pub use rendered::rendered;

use crate::compile::Progress;
use crate::fault::Fault;
use crate::load::Side;
use crate::model::{Finding, Review, SideName, Sources};
use expression::Expression;
use sides::Sides;

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
    /// When the comparison fails, whatever else it finds.
    pub fail_on: Option<&'a Expression>,
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
    /// The groups that [`Options::fail_on`] holds for: positions, ascending.
    pub fails: Vec<usize>,
}

impl Comparison {
    /// Whether a side does not compile: then the review is not whole.
    pub fn is_broken(&self) -> bool {
        let findings = &self.review.findings;
        let all = findings.base.iter().chain(&findings.head).chain(&findings.both);
        all.into_iter().any(Finding::is_error)
    }
}

/// Compares what two sides compile to.
///
/// Only instances whose inputs differ are rendered, base and head of one in one job. The result is that of comparing
/// two whole trees.
///
/// # Errors
///
/// Where a world cannot be read, and where `fail_on` cannot be evaluated. What is wrong in a repository is a finding of
/// its side.
pub fn diff(two: &Two<'_>, options: &Options<'_>) -> Result<Comparison, Fault> {
    let mut sources = Sources::default();
    let sides = Sides::prepare(two, &mut sources)?;
    let (review, fails) = sides.review(options, &sources)?;
    Ok(Comparison { review, sources, fails })
}

#[cfg(test)]
mod tests;
