//! Compares what two sides compile to, and says of each change what it means.
//!
//! A side is compiled from its own worlds. What judges (gates, impact rules, prices) comes from the base. `diff` never
//! reads a file, and prints nothing.

pub mod compare;
pub mod cost;
pub mod expression;
pub mod gate;
pub mod impact;
pub mod rules;
