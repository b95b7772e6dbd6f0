/// The bytes of a page that are still free.
pub(super) struct Room {
    budget: usize,
    used: usize,
}

impl Room {
    /// Fewer free bytes are not worth a try: no group in any detail is so short.
    const CRUMBS: usize = 24;

    /// A page of `budget` bytes, of which some are spoken for.
    pub(super) fn new(budget: usize, used: usize) -> Self {
        Self { budget, used }
    }

    /// Takes bytes for what has to be there.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.used = self.used.saturating_add(bytes);
    }

    /// Takes bytes where they are free.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.free();
        if fits {
            self.used += bytes;
        }
        fits
    }

    /// Takes the difference between a shorter and a longer form where it is free.
    pub(super) fn swap(&mut self, shorter: usize, longer: usize) -> bool {
        match longer.checked_sub(shorter) {
            Some(more) => self.take(more),
            None => {
                self.used -= shorter - longer;
                true
            }
        }
    }

    /// The bytes that are free.
    pub(super) fn free(&self) -> usize {
        self.budget.saturating_sub(self.used)
    }

    /// Whether next to nothing is free.
    pub(super) fn is_full(&self) -> bool {
        self.free() < Self::CRUMBS
    }

    /// A part of the page for one list, so that a long one does not push out what comes behind it.
    pub(super) fn share(&self) -> usize {
        self.free().min(self.budget / 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_than_is_free() {
        let mut room = Room::new(100, 20);
        assert!(room.take(30) && !room.take(60));
        assert!(room.swap(10, 40) && !room.swap(0, 21));
        assert!(room.swap(40, 10) && room.free() == 50);
        room.spend(90);
        assert!(room.is_full() && room.share() == 0);
    }
}
