use super::{
    LeftOut, MarkdownOptions,
    code::{code, short},
    group::{sentence, set},
    room::Room,
};
use crate::{
    cli::{
        report::counted,
        review::{Phrase, words},
    },
    model::{Cost, CostLine, GateCall, Impact, Merge, Review, RuleChange, SideName},
};

/// Characters of a name in the summary, where every byte is needed.
const LONGEST_NAME: usize = 48;

/// Characters of a rule, a gate or what has no price.
const LONGEST_RULE: usize = 240;

/// Bytes of an address.
const LONGEST_ADDRESS: usize = 400;

/// Workloads of a merge that are named.
const MOST_WORKLOADS: usize = 12;

/// A sign for an impact that is seen from afar; its name always stands beside it.
pub(super) fn dot(impact: Impact) -> &'static str {
    match impact {
        Impact::DataLoss | Impact::Replace => "🔴",
        Impact::Exposure | Impact::Privilege => "🟠",
        Impact::Capacity => "🟡",
        Impact::Rollout => "🔵",
        Impact::Config | Impact::Cosmetic => "⚪",
    }
}

/// A name of the summary.
fn name(data: &str) -> String {
    clipped(data, LONGEST_NAME)
}

/// Data as code of not much more bytes than `most`, whatever is in it.
fn clipped(data: &str, most: usize) -> String {
    let full = code(data);
    if full.len() <= most + 2 {
        return full;
    }
    let mut end = most.min(data.len());
    loop {
        let head = data.get(..end).map(|head| code(&format!("{head}..")));
        match head {
            Some(head) if head.len() <= most + most / 2 || end == 0 => return head,
            _ => end -= 1,
        }
    }
}

/// Title, sides, and what happens to objects.
pub(super) fn title(review: &Review) -> String {
    let sides = Phrase::default()
        .words("from ")
        .then(words::side(&review.base))
        .words(" to ")
        .then(words::side(&review.head));
    let sides = sentence(&sides, name);
    match review.is_empty() {
        true => format!("## macadam: no difference\n\n{sides}\n\n"),
        false => {
            let (extent, objects) = (words::extent(&review.counts), words::objects(&review.counts));
            format!("## macadam: {extent}\n\n{sides}: {objects}\n\n")
        }
    }
}

/// The most dangerous change and exact numbers; nothing where nothing changes.
pub(super) fn counts(review: &Review) -> String {
    if review.is_empty() {
        return String::new();
    }
    let worst = words::worst(review).map(|worst| format!("**Most dangerous:** {}\n\n", set(&worst, name)));
    worst.unwrap_or_default() + &levels(review)
}

/// How many changes and objects each level has, exactly.
fn levels(review: &Review) -> String {
    let groups = words::levels(review);
    let row = |impact: Impact| {
        let changes = groups.iter().find(|(level, _)| *level == impact).map_or(0, |(_, groups)| groups.len());
        let objects = review.counts.levels.get(&impact).copied().unwrap_or(0);
        (changes + objects > 0).then(|| {
            let meaning = words::meaning(impact);
            // With a blank that does not break, so that the name stays beside its sign.
            format!("| {}\u{a0}{} | {changes} | {objects} | {meaning} |\n", dot(impact), impact.constant())
        })
    };
    let rows: String = Impact::ALL.into_iter().rev().filter_map(row).collect();
    match rows.is_empty() {
        true => rows,
        false => format!("| Impact | Changes | Objects | |\n| --- | ---: | ---: | --- |\n{rows}\n"),
    }
}

/// What reaches an environment by merge alone: said first.
pub(super) fn merges(review: &Review, room: &mut Room) -> String {
    let merges = review.merges.iter().map(merge).collect();
    let protected = review.merges.iter().any(|merge| merge.protected);
    let alert = if protected { "> [!CAUTION]\n" } else { "> [!WARNING]\n" };
    list(alert, "> ", "environment that the merge changes at once", merges, room)
}

/// What is said before all groups: rules that change, and gates; each list in its part of the room.
pub(super) fn lists(review: &Review, options: &MarkdownOptions<'_>, room: &mut Room) -> String {
    let rules = review.rules.iter().map(rule).collect();
    let gates = review.gates.iter().map(|call| gate(call, options.mention)).collect();
    list("### Rules that judge changes are changed\n\n", "- ", "rule", rules, room)
        + &list("### Somebody has to agree\n\n", "- ", "gate", gates, room)
}

/// A list that shows as many items as there is room for, and counts the others.
fn list(head: &str, lead: &str, noun: &str, items: Vec<String>, room: &mut Room) -> String {
    if items.is_empty() {
        return String::new();
    }
    let more = |left: usize| match left {
        0 => String::new(),
        left => format!("{lead}and {}\n", counted(left, &format!("more {noun}"))),
    };
    // In a quote every item is a paragraph of its own.
    let gap = if lead == "> " { ">\n" } else { "" };
    let mut free = room.share().saturating_sub(head.len() + more(items.len()).len() + gap.len());
    let mut lines = Vec::new();
    for item in &items {
        let line = format!("{lead}{item}\n");
        let Some(rest) = free.checked_sub(line.len() + gap.len()) else { break };
        free = rest;
        lines.push(line);
    }
    let left = items.len() - lines.len();
    lines.extend((left > 0).then(|| more(left)));
    let out = format!("{head}{}\n", lines.join(gap));
    room.spend(out.len());
    out
}

fn merge(merge: &Merge) -> String {
    sentence(&words::merge(merge, MOST_WORKLOADS), |name| short(name, LONGEST_RULE))
}

fn rule(change: &RuleChange) -> String {
    let phrase = words::rule_change(change);
    let phrase = match &change.place {
        Some(place) => phrase.words(" (").name(words::place(place)).words(")"),
        None => phrase,
    };
    format!("{} {}: {}", dot(change.impact), change.impact, set(&phrase, |name| short(name, LONGEST_RULE)))
}

/// Who is asked for. Only those of the base are mentioned, and only when that is wanted.
fn gate(gate: &GateCall, mention: bool) -> String {
    let mentioned = mention && !gate.proposed;
    let require = match handles(&gate.require).filter(|_| mentioned) {
        Some(handles) => Phrase::default().words(handles),
        None => Phrase::default().name(&gate.require),
    };
    set(&words::gate(gate, require), |name| short(name, LONGEST_RULE))
}

/// Names of people and teams that a host knows how to mention, with blanks between; `None` for any other text.
fn handles(text: &str) -> Option<String> {
    let part = |text: &str| {
        let fits =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
        !text.is_empty() && text.len() < 64 && text.chars().all(fits)
    };
    let handle = |word: &str| word.strip_prefix('@').is_some_and(|name| name.split('/').all(part));
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    (!words.is_empty() && words.len() < 16 && words.iter().all(|word| handle(word))).then(|| words.join(" "))
}

/// What it costs, in one line.
pub(super) fn least_cost(review: &Review) -> String {
    let Some(cost) = review.cost.as_ref().filter(|cost| !cost.lines.is_empty() || !cost.unknown.is_empty())
    else {
        return String::new();
    };
    let (before, after) = words::total(cost);
    let unknown = match cost.unknown.len() {
        0 => String::new(),
        count => format!("; {} not in the sums", counted(count, "item")),
    };
    format!(
        "### Cost a month: {} {}\n\n{} → {}{unknown}\n\n",
        words::difference(before, after),
        clipped(&cost.currency, 12),
        words::money(before),
        words::money(after),
    )
}

/// The cost by environment and owner behind its one line, where there is room.
pub(super) fn cost(review: &Review, least: String, room: &mut Room) -> String {
    let Some(cost) = &review.cost else { return least };
    least + &costs(cost, room) + &unknown(cost, room)
}

fn costs(cost: &Cost, room: &mut Room) -> String {
    let head = "| Environment | Owner | Before | After | Difference |\n| --- | --- | ---: | ---: | ---: |\n";
    let rows: Vec<String> = cost.lines.iter().map(cost_row).collect();
    rows_in(head, "| ", "line", rows, room)
}

fn cost_row(line: &CostLine) -> String {
    let owner =
        line.owner.as_deref().map_or_else(|| "no owner".to_owned(), |owner| short(owner, LONGEST_RULE));
    let (before, after) = (words::money(line.before), words::money(line.after));
    let difference = words::difference(line.before, line.after);
    format!("{} | {owner} | {before} | {after} | {difference} |", short(&line.environment, LONGEST_RULE))
}

/// What is missing from the sums.
fn unknown(cost: &Cost, room: &mut Room) -> String {
    let items: Vec<String> =
        cost.unknown.iter().map(|item| format!("not in the sums: {}", short(item, LONGEST_RULE))).collect();
    rows_in("", "- ", "item", items, room)
}

/// A list that may be missing: where not even its head fits, the line before it has said enough.
fn rows_in(head: &str, lead: &str, noun: &str, items: Vec<String>, room: &mut Room) -> String {
    let least = head.len() + lead.len() + noun.len() + 40;
    if room.share() < least { String::new() } else { list(head, lead, noun, items, room) }
}

/// What is left out and where it is, and how many findings there are.
pub(super) fn tail(review: &Review, options: &MarkdownOptions<'_>, left: &LeftOut) -> String {
    let mut out = String::new();
    if let Some(findings) = words::findings(&review.findings) {
        out.push_str(&format!("{}\n\n", sentence(&Phrase::default().words(findings), str::to_owned)));
    }
    let parts = [
        (left.groups, "only counted"),
        (left.fields, "without all of their fields"),
        (left.places, "without the names of all places"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", counted(*count, "change")))
        .collect();
    if !parts.is_empty() {
        out.push_str(&format!("**Left out to fit the page:** {}. ", parts.join(", ")));
        out.push_str(&format!("All of it: `{}`\n\n", command(review)));
    }
    if let Some(artifact) = options.artifact {
        out.push_str(&address(artifact));
    }
    out
}

/// The most bytes that the end of a page can take.
pub(super) fn longest_tail(review: &Review, options: &MarkdownOptions<'_>) -> usize {
    let most = review.groups.len();
    tail(review, options, &LeftOut { groups: most, fields: most, places: most }).len()
}

/// The address of the full page as a link, where it is one; it comes from the command line, not from a repository.
fn address(address: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    let link = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    match link && address.len() <= LONGEST_ADDRESS && address.chars().all(fits) {
        true => format!("[The full page]({address})\n"),
        false => format!("The full page: {}\n", clipped(address, LONGEST_ADDRESS)),
    }
}

/// The command that shows everything: with ids alone, as a branch's name may mean something to a shell.
fn command(review: &Review) -> String {
    let id = |side: &SideName| {
        let commit = side.commit.as_deref().map(words::short).unwrap_or_default();
        let hex = commit.len() >= 7 && commit.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| commit.to_owned())
    };
    match (id(&review.base), id(&review.head)) {
        (Some(base), Some(head)) => format!("macadam diff {base}..{head} --verbose"),
        (Some(base), None) if review.head.commit.is_none() => format!("macadam diff {base} --verbose"),
        _ => "macadam diff --verbose".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_mentioned() {
        assert_eq!(handles("@acme/sre, @bob").as_deref(), Some("@acme/sre @bob"));
        for text in ["", "@", "acme", "@a/", "@all`", "@a\n@b", "@a [x](y)"] {
            assert_eq!(handles(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_in_the_summary_is_short_whatever_is_in_it() {
        for text in ["`".repeat(500), "|".repeat(500), "\u{202e}".repeat(500), "é".repeat(500)] {
            assert!(clipped(&text, 48).len() <= 72, "{}", clipped(&text, 48));
        }
        assert_eq!(clipped("main", 48), "`main`");
    }

    #[test]
    fn a_command_to_copy_holds_ids_alone() {
        let mut review = crate::model::sample();
        assert_eq!(command(&review), "macadam diff 1111111111 --verbose");
        review.head.commit = Some("abcdef0123456789".to_owned());
        assert_eq!(command(&review), "macadam diff 1111111111..abcdef0123 --verbose");
        review.head.commit = Some("$(rm -rf ~)`".to_owned());
        assert_eq!(command(&review), "macadam diff --verbose");
    }

    #[test]
    fn a_link_is_an_address_and_nothing_else() {
        assert_eq!(address("https://ci.example/1"), "[The full page](https://ci.example/1)\n");
        assert_eq!(address("javascript:x"), "The full page: `javascript:x`\n");
        assert_eq!(address("https://x)![y](z"), "The full page: `https://x)![y](z`\n");
    }
}
