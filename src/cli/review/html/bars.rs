use super::{
    card::badge,
    node::{Node, element, leaf, sentence, text},
};
use crate::{
    cli::{
        report::counted,
        review::{Phrase, words},
    },
    model::{Cost, CostLine, Impact, Range, Review},
};

/// The width of a bar, in its own units.
const WIDTH: f64 = 1000.0;

/// How many changes and objects each level has: as a bar, and in words.
pub(super) fn levels(review: &Review) -> Option<Node> {
    let groups = words::levels(review);
    let total: usize = review.counts.levels.values().sum();
    if groups.is_empty() {
        return None;
    }
    let mut bar = Vec::new();
    let mut list = Vec::new();
    let mut start = 0.0;
    for impact in Impact::ALL.into_iter().rev() {
        let objects = review.counts.levels.get(&impact).copied().unwrap_or(0);
        let changes = groups.iter().find(|(level, _)| *level == impact).map_or(0, |(_, groups)| groups.len());
        if objects + changes == 0 {
            continue;
        }
        // Few objects of a dangerous level are seen beside many of another.
        let width = (WIDTH * objects as f64 / total.max(1) as f64).max(12.0);
        bar.push(rect(segment(impact), start, width - 3.0, 0.0, 8.0));
        start += width;
        list.push(entry(impact, changes, objects));
    }
    let svg = element("svg.levels", bar)
        .with("viewBox", format!("0 0 {start:.0} 8"))
        .with("preserveAspectRatio", "none")
        .with("aria-hidden", "true");
    Some(element("div.by-level", [svg, element("ul.legend", list)]))
}

fn entry(impact: Impact, changes: usize, objects: usize) -> Node {
    let numbers = format!("{}, {}", counted(changes, "change"), counted(objects, "object"));
    let numbers = leaf("span.numbers", numbers);
    match changes {
        0 => element("li", [badge(impact), text(" "), numbers]),
        _ => {
            let link = element("a", [badge(impact)]).with("href", format!("#level-{}", impact.name()));
            element("li", [link, text(" "), numbers])
        }
    }
}

/// The colour of a level's part of the bar.
fn segment(impact: Impact) -> &'static str {
    match impact {
        Impact::DataLoss => "rect.data-loss",
        Impact::Replace => "rect.replace",
        Impact::Exposure => "rect.exposure",
        Impact::Privilege => "rect.privilege",
        Impact::Capacity => "rect.capacity",
        Impact::Rollout => "rect.rollout",
        Impact::Config => "rect.config",
        Impact::Cosmetic => "rect.cosmetic",
    }
}

fn rect(shape: &'static str, x: f64, width: f64, y: f64, height: f64) -> Node {
    element(shape, [])
        .with("x", format!("{x:.1}"))
        .with("y", format!("{y:.1}"))
        .with("width", format!("{:.1}", width.max(2.0)))
        .with("height", format!("{height:.1}"))
}

/// What it costs a month, before and after; `None` where no prices are set.
pub(super) fn cost(review: &Review) -> Option<Node> {
    let cost = review.cost.as_ref().filter(|cost| !cost.lines.is_empty() || !cost.unknown.is_empty())?;
    let mut out = vec![element("h2", [text("Cost a month, in "), text(&cost.currency)])];
    if !cost.lines.is_empty() {
        let scroll = element("div.scroll", [table(cost)]).with("tabindex", "0").with("role", "region");
        out.push(scroll.with("aria-label", "Cost by environment and owner"));
    }
    let item = |name: &String| {
        let phrase = Phrase::default().words("not in the sums: ").then(words::ticked(name));
        element("li", sentence(phrase))
    };
    if !cost.unknown.is_empty() {
        out.push(element("ul.unknown", cost.unknown.iter().map(item)));
    }
    Some(element("section.card.cost", out))
}

fn table(cost: &Cost) -> Node {
    let most = cost.lines.iter().map(|line| line.before.high.max(line.after.high)).max().unwrap_or(0);
    let head = ["Environment", "Owner", "Before", "After", "Difference", "Before and after"];
    let head = element("tr", head.map(|name| leaf("th", name).with("scope", "col")));
    let mut rows: Vec<Node> = cost.lines.iter().map(|line| row(line, most)).collect();
    if cost.lines.len() > 1 {
        let (before, after) = words::total(cost);
        let mut cells = vec![leaf("th", "Total").with("scope", "row"), element("td", [])];
        cells.extend(sums(before, after));
        cells.push(element("td", []));
        rows.push(element("tr.total", cells));
    }
    element("table", [element("thead", [head]), element("tbody", rows)])
}

fn row(line: &CostLine, most: i64) -> Node {
    let owner = line.owner.as_deref().unwrap_or("no owner");
    let mut cells = vec![leaf("th", &line.environment).with("scope", "row"), leaf("td", owner)];
    cells.extend(sums(line.before, line.after));
    cells.push(element("td", [bar(line, most)]));
    element("tr", cells)
}

fn sums(before: Range, after: Range) -> [Node; 3] {
    let difference =
        after.high.saturating_sub(before.high).saturating_add(after.low.saturating_sub(before.low));
    let shape = match difference {
        1.. => "td.number.more",
        0 => "td.number",
        _ => "td.number.less",
    };
    [
        leaf("td.number", words::money(before)),
        leaf("td.number", words::money(after)),
        leaf(shape, words::difference(before, after)),
    ]
}

/// Two bars, before above after; what depends on scaling is lighter.
fn bar(line: &CostLine, most: i64) -> Node {
    let at = |sum: i64| WIDTH * sum.max(0) as f64 / most.max(1) as f64;
    let part = |range: Range, y: f64, low: &'static str, high: &'static str| {
        [rect(high, 0.0, at(range.high), y, 4.0), rect(low, 0.0, at(range.low), y, 4.0)]
    };
    let rects = part(line.before, 0.0, "rect.before", "rect.before-high").into_iter().chain(part(
        line.after,
        5.0,
        "rect.after",
        "rect.after-high",
    ));
    element("svg.bar", rects)
        .with("viewBox", "0 0 1000 9")
        .with("preserveAspectRatio", "none")
        .with("aria-hidden", "true")
}
