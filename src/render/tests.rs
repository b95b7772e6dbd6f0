//! The built-in packages, rendered.

mod defects;
mod golden_path;
mod provisioners;
mod wide;
