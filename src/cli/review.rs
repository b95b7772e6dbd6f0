//! Printers of a review. Each takes the same nouns and keeps its own promises about what data may do to its reader.
//!
//! Never decides what a change means: impacts, causes, groups and counts come with the review. Texts of [`words`] hold
//! data as it is; each printer makes it safe in its own way, name by name ([`phrase::Piece::Name`]).

mod brief;
mod github;
mod html;
mod human;
mod json;
mod lines;
mod markdown;
mod patch;
pub(crate) mod phrase;
mod rules;
mod sarif;
mod stat;
mod value;
mod view;
pub(crate) mod words;
mod wrap;

pub(crate) use github::github;
pub(crate) use html::html;
pub(crate) use human::human;
pub(crate) use json::json;
pub(crate) use markdown::{MarkdownOptions, markdown};
pub(crate) use patch::{unified, word};
pub(crate) use phrase::Phrase;
pub(crate) use sarif::sarif;
pub(crate) use stat::stat;
pub(crate) use view::View;

#[cfg(test)]
mod tests;
