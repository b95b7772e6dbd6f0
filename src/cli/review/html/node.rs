use std::fmt::Write;

use crate::cli::{
    review::{Phrase, phrase::Piece},
    safe,
};

/// A piece of the page: text with whatever is in it, or an element of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Text. It is made safe when it is printed, so that nobody can forget to.
    Text(String),
    /// An element.
    Element {
        /// Its tag and its classes, such as `span.badge.replace`: always our own words.
        shape: &'static str,
        /// Its other attributes: names are our own words, values may be data.
        attributes: Vec<(&'static str, String)>,
        /// What is in it.
        children: Vec<Node>,
    },
}

/// Elements that have no content and no end tag.
const VOID: [&str; 4] = ["input", "meta", "link", "wbr"];

/// An element with children.
pub(super) fn element(shape: &'static str, children: impl IntoIterator<Item = Node>) -> Node {
    Node::Element { shape, attributes: Vec::new(), children: children.into_iter().collect() }
}

/// An element with nothing but text in it.
pub(super) fn leaf(shape: &'static str, text: impl Into<String>) -> Node {
    element(shape, [Node::Text(text.into())])
}

/// Text.
pub(super) fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

/// A sentence: our words as text, data as code.
pub(super) fn sentence(phrase: Phrase) -> Vec<Node> {
    let node = |piece| match piece {
        Piece::Words(words) => Node::Text(words),
        Piece::Name(name) => leaf("code", name),
    };
    phrase.0.into_iter().map(node).collect()
}

/// Words for those who hear the page, where others see a sign or a colour.
pub(super) fn spoken(words: impl Into<String>) -> Node {
    leaf("span.spoken", words)
}

impl Node {
    /// The element with one more attribute; text stays as it is.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Element { attributes, .. } = &mut self {
            attributes.push((name, value.into()));
        }
        self
    }

    /// Prints the node.
    pub(super) fn print(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(&escape(text)),
            Self::Element { shape, attributes, children } => {
                let (tag, classes) = tag_and_classes(shape);
                out.push('<');
                out.push_str(tag);
                if !classes.is_empty() {
                    let _ = write!(out, " class=\"{classes}\"");
                }
                for (name, value) in attributes {
                    let _ = write!(out, " {name}=\"{}\"", escape(value));
                }
                out.push('>');
                children.iter().for_each(|child| child.print(out));
                if !VOID.contains(&tag) {
                    let _ = write!(out, "</{tag}>");
                }
            }
        }
    }
}

/// Cuts a shape into its tag and its classes with blanks between.
fn tag_and_classes(shape: &str) -> (&str, String) {
    let (tag, classes) = shape.split_once('.').unwrap_or((shape, ""));
    (tag, classes.replace('.', " "))
}

/// Text as it stands in HTML, in an element or in a quoted attribute: on one line, nothing hidden, no markup, no command
/// to the log of a CI job that prints the page.
fn escape(text: &str) -> String {
    let shown = safe::whole(text);
    let mut out = String::with_capacity(shown.len() + 8);
    let mut last = ' ';
    for character in shown.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '#' if last == '#' => out.push_str("&#35;"),
            other => out.push(other),
        }
        last = character;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(node: &Node) -> String {
        let mut out = String::new();
        node.print(&mut out);
        out
    }

    #[test]
    fn text_cannot_become_markup() {
        let node = leaf("p.a.b", "<b>&\"'\u{202e}\n##[x]").with("title", "\" onclick=\"x");
        let expected = "<p class=\"a b\" title=\"&quot; onclick=&quot;x\">&lt;b&gt;&amp;&quot;&#39;\\u{202e}\\n#&#35;[x]</p>";
        assert_eq!(printed(&node), expected);
    }

    #[test]
    fn a_void_element_has_no_end() {
        assert_eq!(printed(&element("input", []).with("type", "search")), "<input type=\"search\">");
    }
}
