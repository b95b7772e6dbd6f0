//! A strict YAML reader whose every node knows its place, and a canonical emitter.
