//! The commit where two histories part.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use gix::ObjectId;

use super::commit::Commit;
use super::objects::{Objects, Reader};
use crate::fault::{Fault, GitFault};

/// Reached from the first commit.
const ONE: u8 = 1;
/// Reached from the other commit, or from any of the others.
const OTHER: u8 = 2;
/// Reached from a common commit: no better one lies behind.
const STALE: u8 = 4;

/// The best common ancestors of two commits: those that no other common ancestor descends from; newest first.
///
/// Faults where a commit that is needed to tell is missing or cut off.
pub(super) fn merge_bases(objects: &Objects, one: ObjectId, other: ObjectId) -> Result<Vec<ObjectId>, Fault> {
    objects.with(|reader| {
        let common = Walk::run(reader, one, &[other])?.common();
        if common.len() < 2 {
            return Ok(common);
        }
        let mut best = Vec::new();
        for candidate in common.iter().copied() {
            // Clocks may be wrong: a common ancestor that looks newer than its descendant was found as well.
            let others: Vec<_> = common.iter().copied().filter(|other| *other != candidate).collect();
            if Walk::run(reader, candidate, &others)?.marks(candidate) & OTHER == 0 {
                best.push(candidate);
            }
        }
        Ok(best)
    })
}

/// A walk from commits to older ones, newest first, which ends where everything is common.
struct Walk<'a> {
    reader: &'a mut Reader,
    seen: HashMap<ObjectId, Seen>,
    /// By time; equal times by id, so that the order is the same everywhere.
    open: BinaryHeap<(i64, ObjectId)>,
    common: BTreeSet<(i64, ObjectId)>,
}

/// A commit that the walk has reached.
struct Seen {
    marks: u8,
    commit: Commit,
}

impl<'a> Walk<'a> {
    fn run(reader: &'a mut Reader, one: ObjectId, others: &[ObjectId]) -> Result<Self, Fault> {
        let mut walk =
            Self { reader, seen: HashMap::new(), open: BinaryHeap::new(), common: BTreeSet::new() };
        walk.mark(one, ONE)?;
        others.iter().try_for_each(|other| walk.mark(*other, OTHER))?;
        while walk.open.iter().any(|(_, id)| walk.marks(*id) & STALE == 0) {
            walk.step()?;
        }
        Ok(walk)
    }

    /// Common ancestors, newest first, without those that are known to lie behind others.
    fn common(self) -> Vec<ObjectId> {
        let best = self.common.iter().rev().filter(|(_, id)| self.marks(*id) & STALE == 0);
        best.map(|(_, id)| *id).collect()
    }

    fn marks(&self, id: ObjectId) -> u8 {
        self.seen.get(&id).map_or(0, |seen| seen.marks)
    }

    /// Marks a commit, to be walked from when it was not marked so.
    fn mark(&mut self, id: ObjectId, marks: u8) -> Result<(), Fault> {
        let seen = match self.seen.entry(id) {
            Slot::Occupied(slot) => slot.into_mut(),
            Slot::Vacant(slot) => slot.insert(Seen { marks: 0, commit: self.reader.commit(id)? }),
        };
        if seen.marks | marks != seen.marks {
            seen.marks |= marks;
            self.open.push((seen.commit.seconds, id));
        }
        Ok(())
    }

    /// Walks from the newest commit to its parents.
    fn step(&mut self) -> Result<(), Fault> {
        let Some((seconds, id)) = self.open.pop() else { return Ok(()) };
        let Some(Seen { marks, commit }) = self.seen.get(&id) else { return Ok(()) };
        let (mut marks, parents) = (*marks, commit.parents.clone());
        if marks == ONE | OTHER {
            self.common.insert((seconds, id));
            marks |= STALE;
        }
        if self.reader.is_cut_at(id)? {
            // What lies behind common commits decides nothing.
            let decides = marks & STALE == 0;
            return if decides { Err(GitFault::Shallow { commit: id.to_string() }.into()) } else { Ok(()) };
        }
        parents.into_iter().try_for_each(|parent| self.mark(parent, marks))
    }
}
