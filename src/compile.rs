//! The pipeline: load, parse, validate, plan, render, assemble.
