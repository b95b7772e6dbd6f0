//! THREATS 20 and 21: no text of a repository steers a terminal, a log or a page.

use std::collections::HashMap;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::{OPTIONS, texts::Texts, view};
use crate::{
    cli::{
        review::{MarkdownOptions, View, human, markdown, stat, unified, word},
        safe,
    },
    model::{Action, Review, sample},
};

/// Pieces that mean something to a terminal, a log, Markdown, HTML or a code host.
pub(super) const NASTY: [&str; 62] = [
    "`",
    "``",
    "```",
    "````",
    "|",
    "\\|",
    "\\",
    "\\\\|",
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "-->",
    "<!--",
    "<!-- macadam:review:default -->",
    "macadam:review:",
    "@all",
    "@acme/sre",
    "a@b.example",
    "![x](http://x.example/y.png)",
    "[x](javascript:y)",
    "[x]: http://x.example",
    "http://x.example",
    "www.x.example",
    "<http://x.example>",
    "<img src=x onerror=y>",
    "<script>",
    "</code>",
    "<code>",
    "<wbr>",
    "#123",
    "GH-123",
    "acme/shop#1",
    "::error::",
    "::",
    "##[group]",
    "##[",
    "##vso[task.complete]",
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "\n::error::",
    "\n##[error]",
    "\t",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "\u{e0041}",
    "\u{0}",
    "# x",
    "> x",
    "- x",
    "---",
    "&#64;all",
    "&lt;",
    "$x$",
    "~~~",
];

/// Random text, each of its own; and text of the same shape that harms nobody.
struct Hostile {
    seed: u64,
    made: HashMap<String, String>,
    harmless: bool,
}

impl Hostile {
    fn new(seed: u64, harmless: bool) -> Self {
        Self { seed, made: HashMap::new(), harmless }
    }

    /// A number below `most`, from the seed alone.
    fn below(&mut self, most: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        usize::try_from(self.seed % most as u64).unwrap()
    }

    fn nasty(&mut self) -> String {
        let pieces = 1 + self.below(5);
        let piece = |_| match self.below(5) {
            0 => char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap()).unwrap_or('x').to_string(),
            1 => "word ".to_owned(),
            _ => NASTY[self.below(NASTY.len())].to_owned(),
        };
        (0..pieces).map(piece).collect()
    }
}

impl Texts for Hostile {
    fn text(&mut self, original: &str) -> String {
        if let Some(made) = self.made.get(original) {
            return made.clone();
        }
        let shape = |character: char| if character == '\n' { '\n' } else { 'x' };
        let nasty = self.nasty();
        let text = if self.harmless { nasty.chars().map(shape).collect() } else { nasty };
        // Two texts stay two, and the end may be nasty too.
        let number = self.made.len();
        let text =
            if number.is_multiple_of(2) { format!("{number}{text}") } else { format!("{text}{number}") };
        self.made.insert(original.to_owned(), text.clone());
        text
    }
}

pub(super) fn hostile(seed: u64, harmless: bool) -> (Review, usize) {
    let mut review = sample();
    for change in review.groups.iter_mut().flat_map(|group| &mut group.changes) {
        change.texts =
            (change.action == Action::Changed).then(|| ("old\ntext".to_owned(), "new\ntext".to_owned()));
    }
    let mut texts = Hostile::new(seed, harmless);
    texts.review(&mut review);
    (review, texts.made.len())
}

/// Every page of a review that a terminal or a log may show.
fn pages(review: &Review) -> Vec<String> {
    let mut pages = vec![markdown(review, &OPTIONS)];
    for verbose in [false, true] {
        for width in [40, 80] {
            pages.push(human(review, &View { verbose, ..view(width) }));
        }
    }
    pages.extend([stat(review, &view(80)), unified(review, &view(80)), word(review, &view(80))]);
    pages
}

#[test]
fn no_text_steers_a_terminal_or_a_log() {
    for seed in 1..=40 {
        for page in pages(&hostile(seed, false).0) {
            let unsafe_one = page.chars().find(|c| safe::is_unsafe(*c) && !matches!(c, '\n' | '\t'));
            assert_eq!(unsafe_one, None, "{page}");
            for line in page.lines() {
                assert!(!line.trim_start().starts_with("::"), "{line}");
                assert!(!line.contains("##[") && !line.contains("##vso["), "{line}");
            }
        }
    }
}

#[test]
fn no_text_leaves_its_code_in_markdown() {
    let options = MarkdownOptions { budget: 10_000_000, ..OPTIONS };
    let mut strings = 0;
    for seed in 1..=60 {
        let (review, count) = hostile(seed, false);
        strings += count;
        let page = markdown(&review, &options);
        let harmless = markdown(&hostile(seed, true).0, &options);
        assert_eq!(skeleton(&page), skeleton(&harmless), "seed {seed}\n{page}");
        assert_eq!(page.matches("macadam:review").count(), 1, "{page}");
    }
    assert!(strings >= 10_000, "only {strings} strings");
}

#[test]
fn a_page_with_mentions_mentions_only_who_is_asked() {
    let page = markdown(&sample(), &MarkdownOptions { mention: true, ..OPTIONS });
    assert!(page.contains("- @acme/sre is asked for") && page.contains("- `@acme/web` would be asked for"));
    for seed in 1..=20 {
        let page = markdown(&hostile(seed, false).0, &MarkdownOptions { mention: true, ..OPTIONS });
        skeleton(&page);
    }
}

/// The blocks of a page. Panics at anything that our printer does not write.
fn skeleton(page: &str) -> Vec<String> {
    let mut nodes: Vec<String> = Vec::new();
    let mut code = 0_usize;
    let mut fenced = false;
    for (at, event) in Parser::new_ext(page, Options::all() & !Options::ENABLE_SMART_PUNCTUATION).enumerate()
    {
        match event {
            Event::Start(tag) => {
                fenced = matches!(tag, Tag::CodeBlock(_));
                nodes.push(opened(&tag));
            }
            Event::End(tag) => {
                fenced = false;
                nodes.push(format!("/{tag:?}"));
            }
            Event::Text(text) => assert!(fenced || code > 0 || is_ours(&text), "text {text:?} in\n{page}"),
            Event::InlineHtml(html) => match html.as_ref() {
                "<code>" => code += 1,
                "</code>" => code -= 1,
                "<wbr>" => assert!(code > 0, "{page}"),
                other => panic!("{other:?} in\n{page}"),
            },
            Event::Html(html) => nodes.push(block(&html, at)),
            Event::Code(_) | Event::SoftBreak => {}
            other => panic!("{other:?} in\n{page}"),
        }
    }
    nodes
}

/// A block that we write; none else may open.
fn opened(tag: &Tag<'_>) -> String {
    match tag {
        Tag::Paragraph | Tag::Heading { id: None, .. } | Tag::BlockQuote(_) | Tag::List(None) | Tag::Item => {
        }
        Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell | Tag::HtmlBlock | Tag::Strong => {}
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => assert_eq!(language.as_ref(), "diff"),
        other => panic!("{other:?}"),
    }
    format!("{tag:?}")
}

/// Text outside of code holds our words alone: nothing in them is a mention, a link or a number of an issue.
fn is_ours(text: &str) -> bool {
    !text.contains(['@', '#', '<', '`', '\\', '_']) && !text.contains("://") && !text.contains("www.")
        || Impacts::names().any(|name| text.contains(name) && !text.contains(['@', '#', '<', '`', '\\']))
}

/// The constants of impacts, which have an underscore.
struct Impacts;

impl Impacts {
    fn names() -> impl Iterator<Item = &'static str> {
        crate::model::Impact::ALL.into_iter().map(crate::model::Impact::constant)
    }
}

/// A line of HTML that we write, without the data in it.
fn block(html: &str, at: usize) -> String {
    let line = html.trim_end();
    if at == 1 && line == "<!-- macadam:review:default -->"
        || ["<details>", "<details open>", "</details>"].contains(&line)
    {
        return line.to_owned();
    }
    let inner = line.strip_prefix("<summary>").and_then(|line| line.strip_suffix("</summary>"));
    let parts: Vec<&str> = inner.unwrap_or_else(|| panic!("{line:?}")).split("<code>").collect();
    for (at, part) in parts.iter().enumerate() {
        let ours = match part.split_once("</code>") {
            Some((data, ours)) if at > 0 => {
                assert!(!data.contains(['<', '>']), "{line}");
                ours
            }
            None if at == 0 => part,
            _ => panic!("{line}"),
        };
        assert!(!ours.contains(['<', '>', '@', '#', '&']), "{line}");
    }
    format!("<summary> of {}", parts.len())
}
