//! A compiler for GitOps platform repositories: Score workloads and golden paths in, rendered manifests out.
//!
//! The pipeline runs one way: `load`, `parse`, `validate`, `plan`, `render`, `assemble`, `write`. `model` holds the
//! nouns that the stages share; `compile` runs the stages; `cli` sits on top.

pub mod assemble;
pub mod cli;
pub mod compile;
pub mod diff;
pub mod engine;
pub mod fault;
pub mod load;
pub mod model;
pub mod parse;
pub mod plan;
pub mod render;
pub(crate) mod suggest;
#[cfg(test)]
pub(crate) mod testing;
pub mod validate;
pub mod write;
