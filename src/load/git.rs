//! Reads Git repositories: objects and nothing else.
//!
//! Nothing in `.git` steers what is read, apart from the format of its objects: no hook, filter, program, replace
//! reference, graft or include has an effect, and no variable of the environment. Nothing is fetched. Every object is
//! checked against its id, and every tree against our own rules, because Git's plumbing checks neither. What is
//! missing is a fault that says how to get it, and never looks like something that was removed.

mod commit;
mod merge_base;
mod name;
mod objects;
mod open;
mod repository;
mod resolve;
mod revision;
mod sparse;
mod staged;
mod tree;
mod upstream;

#[cfg(test)]
mod tests;

pub use commit::CommitId;
pub use repository::Repository;
pub use revision::Revision;
