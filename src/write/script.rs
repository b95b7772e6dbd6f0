//! Stops or fails one of the calls that change the disk, as a kill or a full disk would.

use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::io::{Errno, Result};

/// Which call goes wrong, counted from zero, and how.
#[derive(Debug, Default)]
pub(crate) struct Script {
    next: AtomicUsize,
    ends: Ends,
}

#[derive(Debug, Default, Clone, Copy)]
pub(crate) enum Ends {
    #[default]
    Well,
    /// From this call on nothing happens any more.
    KilledAt(usize),
    /// This call fails, and the process goes on.
    FailsAt(usize),
}

impl Script {
    pub(crate) fn new(ends: Ends) -> Self {
        Self { next: AtomicUsize::new(0), ends }
    }

    pub(super) fn step(&self) -> Result<()> {
        let call = self.next.fetch_add(1, Ordering::SeqCst);
        match self.ends {
            Ends::KilledAt(at) if call >= at => Err(Errno::INTR),
            Ends::FailsAt(at) if call == at => Err(Errno::NOSPC),
            _ => Ok(()),
        }
    }

    /// How many calls were made.
    pub(crate) fn calls(&self) -> usize {
        self.next.load(Ordering::SeqCst)
    }
}
