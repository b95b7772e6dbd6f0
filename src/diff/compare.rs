//! What changed between two documents, in the terms of their fields.
//!
//! Values in, edits out: nothing here knows where documents come from, or what a change means.

mod apply;
mod document;
mod facts;
mod file;
mod hcl;
mod inside;
mod list;
mod reading;
mod redact;
mod rename;
mod same;
mod scalar;
mod secret;
mod sequence;
mod shown;
mod similar;
mod walk;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use apply::apply;
pub use document::{Document, documents};
pub use file::{DocumentDifference, FileDifference, file};
pub use redact::redacted;
pub use rename::{Candidate, pair};
pub use shown::field_changes;

use file::fingerprint;

use crate::model::Edit;

/// Compares two Kubernetes objects of one kind, or any two JSON values.
///
/// Maps are compared deeply, and the order of their keys counts for nothing. Lists pair by the merge keys of their kind,
/// sets by their members, others by a longest common subsequence. Strings that are documents are compared inside.
/// Quantities, durations and numbers that mean one value are told with `equal`. Edits come in the new document's order;
/// there are none exactly when the values are equal. Values more than 128 levels deep are compared as a whole.
pub fn object(old: &Value, new: &Value) -> Vec<Edit> {
    let mut walk = walk::Walk::inside(0);
    walk.value(old, new, facts::Shape::ANY);
    walk.edits
}
