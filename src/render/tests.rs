//! The built-in packages, rendered.

mod golden_path;
mod provisioners;
mod wide;
