//! A strict YAML reader whose every node knows its place, and a canonical emitter.
//!
//! Reading: [`parse`] and [`parse_documents`] turn bytes into [`Node`]s, each with the byte range it was read from,
//! or into the list of [`Error`]s that say why not. What one reader takes for a string and another for a number is
//! decided by a [`Resolution`], and marked ([`Node::ambiguous`]).
//!
//! Writing: [`to_yaml`] gives one text for one value, which every reader we know (YAML 1.1 and 1.2) reads back as
//! that value; [`to_json`] does the same for JSON.
//!
//! This crate never opens a file, and knows nothing of what the documents mean.

mod builder;
mod emit;
mod error;
mod frame;
mod json;
mod key;
mod limits;
mod mapping;
mod node;
mod number;
mod place;
mod quote;
mod reader;
mod reading;
mod resolve;
mod scan_block;
mod scan_line;
mod scan_scalar;
mod scanner;
mod span;
mod syntax;
mod text;

pub use emit::{to_yaml, write_yaml};
pub use error::{Error, ErrorKind};
pub use json::{to_json, write_json};
pub use limits::Limits;
pub use mapping::{Entry, Mapping};
pub use node::{Node, Value};
pub use number::Number;
pub use quote::plain_is_safe;
pub use reader::{parse, parse_documents};
pub use resolve::Resolution;
pub use span::{FileId, Span};

#[cfg(test)]
mod differential;
#[cfg(test)]
mod texts;
