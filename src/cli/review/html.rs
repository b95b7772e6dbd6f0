//! A review as one page that needs nothing else: no network, no server, and without scripts still all that is dangerous.
//!
//! Text of a repository is escaped in one place ([`node::Node::print`]). The page's policy admits its own style and
//! script, by their digests, and no way to turn text into markup.

mod bars;
mod card;
mod island;
mod node;
mod places;
mod reasons;
mod summary;
mod value;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::words;
use crate::model::{Impact, Review, Sources};
use island::Island;
use node::{Node, element, leaf, text};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Runs before anything is shown, so that a page does not change its colours while it is read.
const FIRST: &str = include_str!("html/first.js");

/// Bytes of bodies that stand in the page although they are not dangerous: a small page needs no script.
const MOST_BYTES: usize = 400_000;

/// Dangerous changes that are open from the start.
const MOST_OPEN: usize = 30;

/// Said where a body is not in the page itself, to whom scripts are forbidden.
const WITHOUT_SCRIPT: &str = "This page is large: what stands below the level EXPOSURE opens only with scripts. Its title, \
                              place and reason are here; `macadam diff` shows the rest.";

/// Prints a review as one self-contained HTML page.
///
/// Everything of impact `exposure` or above is in the page itself, the rest too while the page is small; else it is data
/// that the page's script shows when somebody looks.
pub(crate) fn html(review: &Review, sources: &Sources) -> String {
    let mut changes = Changes::new(review);
    let main = changes.print();
    let mut out = String::with_capacity(main.len() * 2);
    head(review, &mut out);
    out.push_str("<body>\n");
    print(&mut out, &top(review));
    out.push_str("<main>\n");
    print(&mut out, &summary::hero(review));
    let mut lists = summary::lists(review, sources);
    lists.extend(bars::cost(review));
    if !lists.is_empty() {
        print(&mut out, &element("div.cards", lists));
    }
    out.push_str(&main);
    out.push_str("</main>\n");
    print(&mut out, &footer());
    out.push_str(&format!(
        "<script type=\"application/json\" id=\"data\">{}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        changes.island.print()
    ));
    out
}

fn print(out: &mut String, node: &Node) {
    node.print(out);
    out.push('\n');
}

/// Everything before the body.
fn head(review: &Review, out: &mut String) {
    let title = match review.is_empty() {
        true => "No difference".to_owned(),
        false => words::extent(&review.counts),
    };
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let meta = |name: &'static str, key: &str, content: String| {
        element("meta", []).with(name, key).with("content", content)
    };
    print(out, &meta("http-equiv", "Content-Security-Policy", policy()));
    print(out, &meta("name", "viewport", "width=device-width, initial-scale=1".to_owned()));
    print(out, &meta("name", "referrer", "no-referrer".to_owned()));
    print(out, &meta("name", "color-scheme", "light dark".to_owned()));
    print(out, &leaf("title", format!("{title} ({} to {})", review.base.name, review.head.name)));
    out.push_str(&format!("<style>{STYLE}</style>\n<script>{FIRST}</script>\n</head>\n"));
}

/// What the browser lets the page do: its own style and scripts, nothing else; no text becomes markup.
fn policy() -> String {
    let digest = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {} {}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        digest(STYLE),
        digest(FIRST),
        digest(SCRIPT)
    )
}

/// The line at the top.
fn top(review: &Review) -> Node {
    let button = |id: &str, label: &str, words: &str| {
        leaf("button", words).with("type", "button").with("id", id).with("aria-label", label)
    };
    let tools = [
        button("theme", "Colours: as the system has them", "Auto"),
        button("keys", "Keys", "?").with("aria-haspopup", "dialog"),
    ];
    element(
        "header.top",
        [
            leaf("a.skip", "Skip to the changes").with("href", "#changes"),
            element("p.brand", [leaf("strong", "macadam"), text(" review")]),
            summary::sides(review),
            element("div.tools.scripted", tools),
        ],
    )
}

/// The keys, for who looks for them without asking.
fn footer() -> Node {
    let line = "Compiled from both sides and compared by macadam. This page loads nothing and sends nothing.";
    element("footer", [leaf("p", line)])
}

/// The groups of the page.
struct Changes<'a> {
    review: &'a Review,
    asked: Vec<Vec<&'a str>>,
    island: Island,
    bytes: usize,
    open: usize,
}

impl<'a> Changes<'a> {
    fn new(review: &'a Review) -> Self {
        Self { review, asked: asked(review), island: Island::new(), bytes: 0, open: 0 }
    }

    fn print(&mut self) -> String {
        let bodies: Vec<String> = (0..self.review.groups.len()).map(|at| self.group(at)).collect();
        let mut out = String::new();
        if bodies.is_empty() {
            return out;
        }
        out.push_str("<div class=\"layout\">\n<aside class=\"filters scripted\" id=\"filters\" aria-label=\"Filters\"></aside>\n");
        out.push_str("<section id=\"changes\" aria-label=\"Changes\" tabindex=\"-1\">\n");
        print(&mut out, &toolbar());
        if self.island.has_bodies() {
            print(&mut out, &element("noscript", [leaf("p.alert", WITHOUT_SCRIPT)]));
        }
        for (impact, groups) in words::levels(self.review) {
            out.push_str(&format!("<section class=\"level\" id=\"level-{}\">\n", impact.name()));
            print(&mut out, &summary::level(impact, groups.len()));
            groups.iter().filter_map(|(at, _)| bodies.get(*at)).for_each(|body| out.push_str(body));
            out.push_str("</section>\n");
        }
        out.push_str("</section>\n</div>\n");
        out
    }

    /// One group, folded or open, with its body where that stands in the page.
    fn group(&mut self, at: usize) -> String {
        let Some(group) = self.review.groups.get(at) else { return String::new() };
        let dangerous = group.impacts.level() >= Impact::Exposure;
        let body = card::body(group, at);
        let asked = self.asked.get(at).map(Vec::as_slice).unwrap_or_default();
        let mut out = format!("<details class=\"change\" id=\"change-{}\"", at + 1);
        if dangerous && self.open < MOST_OPEN {
            self.open += 1;
            out.push_str(" open");
        }
        out.push('>');
        card::summary(group, asked).print(&mut out);
        let mut printed = String::new();
        if dangerous || self.bytes < MOST_BYTES {
            body.print(&mut printed);
        }
        let here = !printed.is_empty();
        if !dangerous {
            self.bytes += printed.len();
        }
        out.push_str(&printed);
        out.push_str("</details>\n");
        self.island.add(group, (!here).then_some(&body));
        out
    }
}

/// Who has to agree because of each group: once, as a gate may speak of thousands.
fn asked(review: &Review) -> Vec<Vec<&str>> {
    let mut asked: Vec<Vec<&str>> = vec![Vec::new(); review.groups.len()];
    for gate in review.gates.iter().filter(|gate| !gate.proposed) {
        for at in &gate.groups {
            if let Some(names) = asked.get_mut(*at).filter(|names| !names.contains(&gate.require.as_str())) {
                names.push(&gate.require);
            }
        }
    }
    asked.iter_mut().for_each(|names| names.sort_unstable());
    asked
}

/// What chooses and counts the groups.
fn toolbar() -> Node {
    let button = |id: &str, words: &str| leaf("button", words).with("type", "button").with("id", id);
    let search = element("input", [])
        .with("type", "search")
        .with("id", "search")
        .with("placeholder", "Filter by name, path, rule…")
        .with("aria-label", "Filter the changes by text")
        .with("autocomplete", "off")
        .with("spellcheck", "false");
    element(
        "div.toolbar.scripted",
        [
            search,
            leaf("p", "").with("id", "shown").with("role", "status"),
            element(
                "div.buttons",
                [button("open", "Open all"), button("close", "Close all"), button("clear", "Clear filters")],
            ),
        ],
    )
}
