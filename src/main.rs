//! The `macadam` program.
fn main() {}
