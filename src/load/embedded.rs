//! What the binary brings with it.

use std::sync::LazyLock;

use super::Memory;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The golden paths, provisioners, platform packages and environments that need no folder in a repository.
pub fn built_in() -> &'static Memory {
    static WORLD: LazyLock<Memory> = LazyLock::new(|| Memory::embedded(BUILT_IN));
    &WORLD
}

/// The example repositories that `init` and `demo` write, below `fixtures/`.
pub fn fixtures() -> &'static Memory {
    static WORLD: LazyLock<Memory> = LazyLock::new(|| Memory::embedded(FIXTURES));
    &WORLD
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::World;

    #[test]
    fn embedded_tables_are_sorted_and_readable() {
        for (table, world) in [(BUILT_IN, built_in()), (FIXTURES, fixtures())] {
            assert!(table.is_sorted_by_key(|(path, _)| *path));
            for (path, bytes) in table {
                assert_eq!(world.read((*path).into()).unwrap().as_deref(), Some(*bytes), "{path}");
            }
        }
    }
}
