//! How much one text may ask for.

/// What one text may hold. Every limit is checked before the work that it bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Bytes of the text; aliases may add as many bytes of scalars again.
    pub bytes: usize,
    /// Maps and lists within each other; a scalar at the root has depth 0.
    pub depth: usize,
    /// Scalars, maps and lists of all documents together, aliases expanded; keys do not count.
    pub nodes: usize,
}

impl Default for Limits {
    /// 1 MiB, 64 levels, 100,000 nodes.
    fn default() -> Self {
        Self { bytes: 1024 * 1024, depth: 64, nodes: 100_000 }
    }
}
