//! From trees to `Workload`s, packages and configuration that satisfy their schemas and the rules beyond them.
//!
//! Never reads a file and never looks at a second workload. Every function goes on after each finding, so that one run
//! tells everything; a tree that is read twice (once for each overlay) gives equal findings twice, which the caller
//! drops.

mod environment;
mod keys;
mod package;
mod platform;
mod read;
mod release;
mod report;
pub mod schema;
mod score;
mod workload;

#[cfg(test)]
mod built_in_tests;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;

pub use crate::suggest::{did_you_mean, suggest};
pub use environment::environment;
pub use package::package;
pub use platform::platform;
pub use release::release;
pub use schema::{schema_kinds, schema_text};
pub use score::{Leniency, overlay, score_tree};
pub use workload::{content_placeholders, workload};
