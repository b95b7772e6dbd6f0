//! The worlds that one compilation reads.

use camino::Utf8Path;

use super::{ContentId, World};
use crate::fault::Fault;

/// The worlds that one compilation reads: where workloads lie, and where the platform does.
///
/// They are one and the same but where somebody else's workloads are compiled on a platform that is trusted.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Score files, overlays, releases and the files that they read.
    pub workloads: &'a dyn World,
    /// `macadam.yaml`, environments and packages.
    pub platform: &'a dyn World,
}

impl<'a> Side<'a> {
    /// Everything from one world.
    pub fn of(world: &'a dyn World) -> Self {
        Self { workloads: world, platform: world }
    }

    /// Whether both parts come from one world.
    pub fn is_one(&self) -> bool {
        std::ptr::addr_eq(self.workloads, self.platform)
    }
}

/// Whether a file is known to have the same content in two worlds.
pub fn same(a: &dyn World, b: &dyn World, path: &Utf8Path) -> Result<bool, Fault> {
    if std::ptr::addr_eq(a, b) {
        return Ok(true);
    }
    let known: Option<ContentId> = a.id(path)?;
    Ok(known.is_some() && known == b.id(path)?)
}
