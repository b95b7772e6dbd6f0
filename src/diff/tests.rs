//! Comparisons of whole repositories in memory.

mod causes;
mod complete;
mod edits;
