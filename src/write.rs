//! Makes the output root equal to a tree, and tells whether it is.
//!
//! Nothing is opened through a link, no file is opened in place, and only what macadam wrote is replaced or removed.
//! New files get the modes 0666 and 0777 less the umask, as Git's do: no content depends on it. A file whose bytes are
//! right is not touched.
//!
//! `render` goes `Root::open`, `recover`, then compiles, then `compare` and `apply`; the right to write is held from
//! `recover` until the `Root` is dropped, so that two runs never mix.

mod accepted;
mod apply;
mod calls;
mod compare;
mod disk;
mod ignore_lookup;
mod journal;
pub mod record;
mod records;
mod root;
mod scope;
#[cfg(test)]
mod script;
mod staged;
mod staging;
mod survey;
mod verify;

pub use apply::{apply, recover};
pub use compare::{check, compare};
pub use root::{Root, unfinished};
pub use scope::{Leaves, Removals, Scope};
pub use staged::check_staged;
pub use verify::verify;

/// The number of the layout that this version writes, as it stands in [`FORMAT_FILE`].
pub const FORMAT: u32 = 1;
/// The folder below the output root that holds the records and the layout's number.
pub const STATE: &str = ".macadam";
/// The file below the output root that holds the layout's number.
pub const FORMAT_FILE: &str = ".macadam/format";

/// The file in the staging folder whose presence says that a change has begun.
const JOURNAL: &str = "journal";

#[cfg(test)]
mod tests;
