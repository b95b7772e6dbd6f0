//! Makes the output root equal to a tree, and tells whether it is.
//!
//! Nothing is opened through a link, no file is opened in place, and only what macadam wrote is replaced or removed.
//! New files get the modes 0666 and 0777 less the umask, as Git's do: no content depends on it. A file whose bytes are
//! right is not touched.

mod accepted;
pub mod record;

/// The number of the layout that this version writes, as it stands in `.macadam/format`.
pub const FORMAT: u32 = 1;
/// The folder below the output root that holds the records and the layout's number.
pub const STATE: &str = ".macadam";
