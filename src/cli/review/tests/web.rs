//! The page for a browser, read as browsers read it.

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink, tree_builder::TreeBuilderOpts};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;

use super::{
    fleet::fleet,
    hostile::hostile,
    machines::{everywhere, whole},
};
use crate::{
    cli::{
        review::{html::html, words},
        safe,
    },
    model::{Impact, Review, Sources, sample},
};

/// A page as a browser has it.
struct Page(RcDom);

impl Page {
    /// Reads a page; panics where a browser would have to guess.
    fn read(page: &str) -> Self {
        let tree_builder = TreeBuilderOpts { exact_errors: true, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        let dom = parse_document(RcDom::default(), options).one(page);
        let wrong: Vec<String> = dom.errors.borrow().iter().map(ToString::to_string).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{page}");
        Self(dom)
    }

    /// Calls a function with every element: its tag, its attributes, its node.
    fn elements(&self, mut each: impl FnMut(&str, &[(String, String)], &Handle)) {
        let mut waiting = vec![self.0.document.clone()];
        while let Some(node) = waiting.pop() {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                let attributes: Vec<(String, String)> = attrs
                    .borrow()
                    .iter()
                    .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
                    .collect();
                each(&name.local, &attributes, &node);
            }
            waiting.extend(node.children.borrow().iter().rev().cloned());
        }
    }

    /// Tags and attributes in order, without what data may change: the values of some attributes, how many pieces of a
    /// message or a value stand out, and which lines of two texts are the same.
    fn skeleton(&self) -> Vec<String> {
        let rows = ["row", "row gone", "row new", "sign", "line", "gap"];
        let mut out = Vec::new();
        self.elements(|tag, attributes, _| {
            let free = match attributes {
                [] => matches!(tag, "code" | "mark"),
                [(name, class)] => name == "class" && rows.contains(&class.as_str()),
                _ => false,
            };
            if !free {
                let names = attributes.iter().map(|(name, value)| match name.as_str() {
                    "class" | "id" | "href" => format!("{name}={value}"),
                    _ => name.clone(),
                });
                out.push(format!("{tag} {}", names.collect::<Vec<_>>().join(" ")));
            }
        });
        out
    }

    fn text_of(&self, id: &str) -> Option<String> {
        let mut found = None;
        self.elements(|_, attributes, node| {
            if attributes.iter().any(|(name, value)| name == "id" && value == id) {
                found = Some(text(node));
            }
        });
        found
    }
}

fn text(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(text).collect(),
    }
}

fn page(review: &Review) -> String {
    html(review, &Sources::default())
}

#[test]
fn the_page_of_the_sample_is_what_a_browser_expects() {
    let (review, sources) = whole();
    let page = html(&review, &sources);
    let dom = Page::read(&page);
    let mut ids = std::collections::HashSet::new();
    let mut targets = Vec::new();
    dom.elements(|tag, attributes, _| {
        for (name, value) in attributes {
            assert!(!name.starts_with("on") && name != "style", "{tag} {name}={value}");
            assert!(
                !matches!(name.as_str(), "src" | "srcset" | "action" | "background"),
                "{tag} {name}={value}"
            );
            if name == "id" {
                assert!(ids.insert(value.clone()), "two elements are called {value}");
            }
            targets.extend((name == "href").then(|| value.clone()));
        }
        assert!(!matches!(tag, "link" | "iframe" | "object" | "embed" | "img" | "base" | "form"), "{tag}");
    });
    assert!(targets.len() > 10);
    for target in targets {
        let known = target.strip_prefix('#').is_some_and(|id| ids.contains(id));
        assert!(known || target.starts_with("https://"), "{target} leads nowhere");
    }
}

#[test]
fn the_policy_admits_our_own_style_and_scripts_alone() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    let page = page(&sample());
    let (mut policy, mut digests) = (String::new(), Vec::new());
    Page::read(&page).elements(|tag, attributes, node| {
        let is = |name: &str, value: &str| attributes.iter().any(|(n, v)| n == name && v == value);
        if is("http-equiv", "Content-Security-Policy") {
            policy = attributes.iter().find(|(name, _)| name == "content").unwrap().1.clone();
        }
        if tag == "style" || tag == "script" && !is("type", "application/json") {
            digests.push(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text(node).as_bytes()))));
        }
    });
    let [style, first, script] = digests.as_slice() else { panic!("{digests:?}") };
    let expected = format!(
        "default-src 'none'; style-src {style}; script-src {first} {script}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    assert_eq!(policy, expected);
    assert!(page.find("Content-Security-Policy").unwrap() < page.find("<style>").unwrap());
}

#[test]
fn everything_dangerous_is_in_the_page_without_scripts() {
    let review = fleet();
    let page = page(&review);
    let dom = Page::read(&page);
    let mut seen = 0;
    for (at, group) in review.groups.iter().enumerate() {
        if group.impacts.level() >= Impact::Exposure {
            let card = dom.text_of(&format!("change-{}", at + 1)).unwrap();
            let file = group.changes[0].path.as_str();
            assert!(card.contains(file) && card.contains("In 6 places"), "{card}");
            seen += 1;
            if seen == 40 {
                break;
            }
        }
    }
    assert_eq!(seen, 40);
    assert!(page.contains("<noscript>") && !self::page(&sample()).contains("<noscript>"));
    let titles = page.matches("<summary><span class=\"head\">").count();
    assert_eq!(titles, review.groups.len(), "every change has its title in the page");
}

#[test]
fn a_page_of_5000_changes_in_30000_places_stays_small() {
    let page = page(&fleet());
    assert!(page.len() < 9_000_000, "{} bytes", page.len());
    let island: Value = serde_json::from_str(&Page::read(&page).text_of("data").unwrap()).unwrap();
    let members: usize =
        island["groups"].as_array().unwrap().iter().map(|group| group[2].as_array().unwrap().len()).sum();
    assert_eq!(members, 30_000);
}

#[test]
fn an_empty_review_is_a_page_too() {
    let page = page(&Review::default());
    assert!(Page::read(&page).skeleton().contains(&"h1 ".to_owned()) && page.contains("No difference"));
}

#[test]
fn numbers_of_the_page_are_those_of_the_review() {
    let review = sample();
    let page = page(&review);
    let heading = format!("<h1>{}</h1>", words::extent(&review.counts));
    assert!(page.contains(&heading) && page.contains(&words::objects(&review.counts)));
    for (impact, groups) in words::levels(&review) {
        let section = format!("<section class=\"level\" id=\"level-{}\">", impact.name());
        assert!(page.contains(&section), "{section}");
        assert!(page.contains(&format!("<span class=\"shown\">{} change", groups.len())));
    }
}

/// Bodies in the island are elements of ours and text.
fn bodies(page: &str) -> usize {
    let island: Value = serde_json::from_str(&Page::read(page).text_of("data").unwrap()).unwrap();
    let shapes = island["shapes"].as_array().unwrap();
    let tags = [
        "div", "span", "p", "h4", "code", "a", "ul", "li", "del", "ins", "mark", "strong", "details",
        "summary",
    ];
    for shape in shapes {
        let tag = shape.as_str().unwrap().split('.').next().unwrap();
        assert!(tags.contains(&tag), "{tag}");
    }
    shapes.len()
}

#[test]
fn what_the_script_makes_are_elements_of_ours() {
    assert!(bodies(&page(&fleet())) > 20);
}

/// THREATS 21: no text becomes an element or an attribute; THREATS 20: none hides.
#[test]
fn no_text_becomes_markup() {
    let mut strings = 0;
    for seed in 1..=60 {
        let (review, count) = hostile(seed, false);
        strings += count;
        let page = page(&review);
        let harmless = self::page(&hostile(seed, true).0);
        let (found, expected) = (Page::read(&page).skeleton(), Page::read(&harmless).skeleton());
        let first = found.iter().zip(&expected).position(|(a, b)| a != b);
        assert!(
            found == expected,
            "seed {seed}: {:?}",
            first.map(|at| (&found[at..at + 4], &expected[at..at + 4]))
        );
        let hidden = page.chars().find(|c| safe::is_unsafe(*c) && *c != '\n');
        assert_eq!(hidden, None, "seed {seed}");
        assert!(page.lines().all(|line| !line.starts_with("::") && !line.contains("##[")), "{page}");
    }
    assert!(strings >= 10_000, "only {strings} strings");
}

#[test]
fn no_text_of_a_finding_becomes_markup() {
    let of = |text: &str| {
        let (review, sources) = everywhere(text);
        Page::read(&html(&review, &sources)).skeleton()
    };
    let expected = of("x");
    for text in [
        "</script><script>x",
        "<!--",
        "-->",
        "]]>",
        "\" onclick=x '",
        "<b>",
        "&lt;b&gt;",
        "</style>",
        "`a` <i>",
    ] {
        assert_eq!(of(text), expected, "{text}");
    }
}
