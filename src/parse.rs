//! Turns bytes into trees whose every node knows its place, and placeholders into segments. Decides nothing.
