//! A review as a comment of a pull request: what is dangerous first, in a budget of bytes, safe to post.
//!
//! The page degrades by plan. Numbers are exact in any budget. Lists and groups come in the least detail, then in more
//! as there is room: first all that is `EXPOSURE` or above, then the rest. What is left out is said, and where it is.

mod code;
mod group;
mod room;
mod summary;

use group::Detail;
use room::Room;

use super::words;
use crate::model::{Group, Impact, Review};

/// Budgets below this many bytes are taken as this: the numbers need so much.
pub(crate) const LEAST_BUDGET: usize = 4_096;

/// How a page is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MarkdownOptions<'a> {
    /// The most bytes of the page. GitHub takes 65,536 characters, so as many bytes always fit.
    pub(crate) budget: usize,
    /// Whether those who have to agree are mentioned, so that they are told. Others never are.
    pub(crate) mention: bool,
    /// The address of the full page, where there is one.
    pub(crate) artifact: Option<&'a str>,
    /// Which comment this is, where a pull request has several: part of the hidden marker.
    pub(crate) key: &'a str,
}

/// The details that are tried, in this order: whether for what is dangerous, and how much of it.
const PLAN: [(bool, Detail); 10] = [
    (true, Detail::Line),
    (true, Detail::Brief),
    (true, Detail::Few),
    (true, Detail::Fields),
    (false, Detail::Line),
    (false, Detail::Brief),
    (false, Detail::Few),
    (false, Detail::Fields),
    (true, Detail::Full),
    (false, Detail::Full),
];

/// Prints a review as Markdown of at most `budget` bytes. The first line is the hidden marker of the comment.
///
/// Data stands in code only: it mentions nobody, links nothing, loads nothing and ends nothing.
pub(crate) fn markdown(review: &Review, options: &MarkdownOptions<'_>) -> String {
    let budget = options.budget.max(LEAST_BUDGET);
    let mut page = code::marker(options.key) + &summary::title(review);
    let counts = summary::counts(review);
    let mut room = Room::new(budget, page.len() + counts.len() + summary::longest_tail(review, options));
    page.push_str(&summary::merges(review, &mut room));
    page.push_str(&counts);
    page.push_str(&summary::lists(review, options, &mut room));
    let mut body = Body::new(review);
    let cost = summary::least_cost(review);
    room.spend(cost.len());
    for (dangerous, detail) in PLAN.iter().take_while(|(dangerous, _)| *dangerous) {
        body.grow(*dangerous, *detail, &mut room);
    }
    let cost = summary::cost(review, cost, &mut room);
    for (dangerous, detail) in PLAN.iter().skip_while(|(dangerous, _)| *dangerous) {
        body.grow(*dangerous, *detail, &mut room);
    }
    page.push_str(&body.print());
    page.push_str(&cost);
    page.push_str(&summary::tail(review, options, &body.left_out()));
    page
}

/// The groups of a page, each in the detail that there is room for.
struct Body<'a> {
    review: &'a Review,
    levels: Vec<Level<'a>>,
}

/// The groups of one level.
struct Level<'a> {
    impact: Impact,
    groups: Vec<Entry<'a>>,
}

/// A group as it is shown so far; `None` where it is only counted.
struct Entry<'a> {
    at: usize,
    group: &'a Group,
    shown: Option<(Detail, String)>,
}

/// What a page does not show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct LeftOut {
    /// Groups that are only counted.
    groups: usize,
    /// Groups whose fields are not all shown.
    fields: usize,
    /// Groups whose places are counted, not named.
    places: usize,
}

impl<'a> Body<'a> {
    fn new(review: &'a Review) -> Self {
        let entry = |(at, group)| Entry { at, group, shown: None };
        let level = |(impact, groups): (Impact, Vec<(usize, &'a Group)>)| Level {
            impact,
            groups: groups.into_iter().map(entry).collect(),
        };
        Self { review, levels: words::levels(review).into_iter().map(level).collect() }
    }

    /// Shows groups in more detail, as far as there is room.
    fn grow(&mut self, dangerous: bool, detail: Detail, room: &mut Room) {
        let review = self.review;
        let levels = self.levels.iter_mut().filter(|level| (level.impact >= Impact::Exposure) == dangerous);
        for level in levels {
            match detail {
                Detail::Line => level.list(review, room),
                _ => level.groups.iter_mut().for_each(|entry| entry.grow(review, detail, room)),
            }
        }
    }

    fn print(&self) -> String {
        self.levels.iter().map(Level::print).collect()
    }

    fn left_out(&self) -> LeftOut {
        let mut left = LeftOut::default();
        for entry in self.levels.iter().flat_map(|level| &level.groups) {
            let Some((detail, _)) = &entry.shown else {
                left.groups += 1;
                continue;
            };
            let fields = entry.group.changes.iter().map(|change| change.fields.len()).max().unwrap_or(0);
            let all = *detail >= Detail::Fields || *detail == Detail::Few && fields <= Detail::FEW;
            left.fields += usize::from(fields > 0 && !all);
            left.places += usize::from(*detail < Detail::Full && !words::title_tells_all(entry.group));
        }
        left
    }
}

impl Level<'_> {
    /// Shows a line for each group, in order, until one does not fit.
    fn list(&mut self, review: &Review, room: &mut Room) {
        if !room.take(self.heading().len() + self.more(usize::MAX).len()) {
            return;
        }
        for entry in &mut self.groups {
            let line = group::group(review, entry.at, entry.group, Detail::Line);
            // Two line breaks may be needed around a line that stands between details.
            if !room.take(line.len() + 2) {
                break;
            }
            entry.shown = Some((Detail::Line, line));
        }
    }

    fn heading(&self) -> String {
        let impact = self.impact;
        format!("### {} {} · {}\n\n", summary::dot(impact), impact.constant(), words::meaning(impact))
    }

    /// How many groups of the level are only counted.
    fn more(&self, count: usize) -> String {
        format!("\nand {count} more of `{}`, which are not listed here\n\n", self.impact.constant())
    }

    fn print(&self) -> String {
        let shown: Vec<&(Detail, String)> =
            self.groups.iter().filter_map(|entry| entry.shown.as_ref()).collect();
        if shown.is_empty() {
            return String::new();
        }
        let mut out = self.heading();
        let mut last = Detail::Brief;
        for (detail, text) in &shown {
            if last == Detail::Line && *detail != Detail::Line {
                out.push('\n');
            }
            out.push_str(text);
            last = *detail;
        }
        let left = self.groups.len() - shown.len();
        if left > 0 {
            out.push_str(&self.more(left));
        } else if last == Detail::Line {
            out.push('\n');
        }
        out
    }
}

impl Entry<'_> {
    /// Shows the group in more detail, where it is listed and where there is room.
    fn grow(&mut self, review: &Review, detail: Detail, room: &mut Room) {
        let Some((last, text)) = &self.shown else { return };
        // Without places to name, all fields are all there is.
        let same = detail == Detail::Full && words::title_tells_all(self.group);
        if same || *last >= detail || room.is_full() {
            return;
        }
        let more = group::group(review, self.at, self.group, detail);
        if room.swap(text.len(), more.len()) {
            self.shown = Some((detail, more));
        }
    }
}
