use super::node::{Node, element, leaf, spoken, text};
use crate::{
    cli::{
        report::counted,
        review::{
            lines::Compared,
            value::{Look, Row, cut, cut_both, length, look},
            words,
        },
    },
    model::FieldChange,
};

/// Characters of one value or line.
const LONGEST: usize = 2_000;

/// Lines of one difference; the rest is counted.
const MOST_ROWS: usize = 400;

/// Values that are longer together, before anything is escaped, stand below each other.
const LONGEST_BESIDE: usize = 64;

/// Equal lines around a difference in a file.
const CONTEXT: usize = 3;

/// The values of a field: on one line while they are short.
pub(super) fn values(field: &FieldChange) -> Node {
    let short = length(field) <= LONGEST_BESIDE;
    let all = match look(field) {
        Look::Line(Some(old), Some(new)) if short => return beside(&old, &new),
        Look::Line(Some(old), None) if short => return alone("del", "removed: ", &old),
        Look::Line(None, Some(new)) if short => return alone("ins", "added: ", &new),
        Look::Line(old, new) => old.map(Row::Gone).into_iter().chain(new.map(Row::New)).collect(),
        Look::Block(rows) => rows,
    };
    element("div.rows", rows(&all))
}

/// Two short values on one line.
fn beside(old: &str, new: &str) -> Node {
    let (before, after) = parts(old, new);
    element(
        "div.beside",
        [
            element("del", std::iter::once(spoken("from ")).chain(before)),
            leaf("span.arrow", " → "),
            element("ins", std::iter::once(spoken("to ")).chain(after)),
        ],
    )
}

/// The short value of a field that comes or goes.
fn alone(shape: &'static str, words: &str, value: &str) -> Node {
    element("div.beside", [element(shape, [spoken(words), plain(value)])])
}

/// A value, or that it is secret.
fn plain(value: &str) -> Node {
    if value == words::SECRET { leaf("span.secret", value) } else { text(value) }
}

/// The lines of a file that differ, with a few around; `None` where there are none.
pub(super) fn file(old: &str, new: &str) -> Option<Node> {
    let compared = Compared::lines(old, new);
    let mut all = Vec::new();
    let mut told = 0;
    for hunk in compared.hunks(CONTEXT) {
        let start = hunk.first().map_or(told, |op| op.old_range().start);
        all.extend((start > told).then(|| Row::Gap(start - told)));
        for op in &hunk {
            let line = |line: &&str| line.trim_end_matches(['\n', '\r']).to_owned();
            let (before, after) = (compared.before(op.old_range()), compared.after(op.new_range()));
            match op.tag() {
                similar::DiffTag::Equal => all.extend(before.iter().map(|text| Row::Same(line(text)))),
                _ => {
                    all.extend(before.iter().map(|text| Row::Gone(line(text))));
                    all.extend(after.iter().map(|text| Row::New(line(text))));
                }
            }
        }
        told = hunk.last().map_or(told, |op| op.old_range().end);
    }
    (!all.is_empty()).then(|| element("div.rows", rows(&all)))
}

/// Lines of a difference. Where as many lines go as come, what differs within each pair is marked.
fn rows(all: &[Row]) -> Vec<Node> {
    let shown = all.get(..MOST_ROWS).unwrap_or(all);
    let mut out = Vec::with_capacity(shown.len() + 1);
    let mut rest = shown;
    while let Some(first) = rest.first() {
        let gone = rest.iter().take_while(|row| matches!(row, Row::Gone(_))).count();
        let new = rest.iter().skip(gone).take_while(|row| matches!(row, Row::New(_))).count();
        let (run, behind) = rest.split_at((gone + new).max(1));
        match run {
            _ if gone > 0 && gone == new => out.extend(pairs(run.split_at(gone))),
            [_] if gone + new == 0 => out.push(row(first)),
            _ => out.extend(run.iter().map(row)),
        }
        rest = behind;
    }
    if all.len() > shown.len() {
        out.push(leaf("div.gap", format!("and {}", counted(all.len() - shown.len(), "more line"))));
    }
    out
}

/// Lines that take each other's place: all old ones, then all new ones.
fn pairs((gone, new): (&[Row], &[Row])) -> Vec<Node> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for pair in gone.iter().zip(new) {
        if let (Row::Gone(old), Row::New(new)) = pair {
            let (old, new) = cut_both(old, new, LONGEST);
            let (old, new) = parts(&old, &new);
            before.push(signed("div.row.gone", "-", old));
            after.push(signed("div.row.new", "+", new));
        }
    }
    before.append(&mut after);
    before
}

fn row(row: &Row) -> Node {
    let one = |line: &str| vec![plain(&cut(line, LONGEST))];
    match row {
        Row::Same(line) => signed("div.row", " ", one(line)),
        Row::Gone(line) => signed("div.row.gone", "-", one(line)),
        Row::New(line) => signed("div.row.new", "+", one(line)),
        Row::Gap(lines) => leaf("div.gap", format!("{} the same", counted(*lines, "line"))),
    }
}

fn signed(shape: &'static str, sign: &str, line: Vec<Node>) -> Node {
    element(shape, [leaf("span.sign", sign), element("span.line", line)])
}

/// Two values, with what differs in each marked where they have much in common.
fn parts(old: &str, new: &str) -> (Vec<Node>, Vec<Node>) {
    let head: usize =
        old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or(""), new.get(head..).unwrap_or(""));
    let tail: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let common = head + tail;
    if common * 3 < old.len().max(new.len()) || common == old.len() && common == new.len() {
        return (vec![plain(old)], vec![plain(new)]);
    }
    let marked = |all: &str| {
        let (before, rest) = all.split_at(head);
        let (middle, after) = rest.split_at(rest.len().saturating_sub(tail));
        let mark = (!middle.is_empty()).then(|| leaf("mark", middle));
        let plain = |part: &str| (!part.is_empty()).then(|| text(part));
        [plain(before), mark, plain(after)].into_iter().flatten().collect()
    };
    (marked(old), marked(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(nodes: &[Node]) -> String {
        let mut out = String::new();
        nodes.iter().for_each(|node| node.print(&mut out));
        out
    }

    #[test]
    fn what_differs_within_values_is_marked() {
        let (old, new) = parts("registry.example/a:1.2.0", "registry.example/a:1.3.0");
        assert_eq!(shown(&old), "registry.example/a:1.<mark>2</mark>.0");
        assert_eq!(shown(&new), "registry.example/a:1.<mark>3</mark>.0");
        assert_eq!(shown(&parts("ü1", "ü12").1), "ü1<mark>2</mark>");
        assert_eq!(shown(&parts("aaa", "aa").1), "aa");
        assert_eq!(shown(&parts("10", "5").0), "10");
        assert_eq!(shown(&parts(words::SECRET, words::SECRET).0), "<span class=\"secret\">(secret)</span>");
    }

    #[test]
    fn equal_lines_are_counted_and_long_differences_cut() {
        let text = |word: &str| -> String { (0..500).map(|at| format!("{word}{at}\n")).collect() };
        let page = shown(&[file(&text("a"), &text("b")).unwrap()]);
        assert!(page.ends_with("<div class=\"gap\">and 600 more lines</div></div>"), "{page}");
        let same = format!("x\n{}y\n", "z\n".repeat(9));
        let page = shown(&[file(&same, &same.replace('y', "Y")).unwrap()]);
        assert!(page.contains("7 lines the same"), "{page}");
        assert_eq!(file("a", "a"), None);
    }
}
