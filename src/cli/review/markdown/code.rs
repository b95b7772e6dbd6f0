//! Data in Markdown: always code, in a span, a cell, a summary or a block that it cannot leave.
//!
//! Only inside of code do GitHub and GitLab mention nobody and link nothing, so no data ever stands outside of it. An
//! entity such as `&#64;` would not do: mentions are looked for after the page has become HTML.

use crate::cli::{review::value::cut, safe};

/// The words that CI steps look for to find their own comment.
const MARKER: &str = "macadam:review";

/// Data as it is shown: one line, nothing invisible, no command to the log of a CI job that prints it, not our marker.
pub(super) fn shown(data: &str) -> String {
    safe::log(&safe::line(data)).replace(MARKER, "macadam\\u{3a}review")
}

/// Data as code in a paragraph, a list item or a cell of a table.
pub(super) fn code(data: &str) -> String {
    let text = shown(data);
    match text.as_str() {
        "" => span("\"\""),
        text if text.contains('|') => entities(text),
        text => span(text),
    }
}

/// Data as code, cut after some characters.
pub(super) fn short(data: &str, most: usize) -> String {
    code(&cut(data, most))
}

/// A code span between more backticks than the text has in a row.
fn span(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    // One blank at each end is taken away by readers; a backtick at an end would join the fence.
    let pad = text.starts_with([' ', '`']) || text.ends_with([' ', '`']);
    let blank = if pad && !text.trim().is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// Text that would end a cell in spite of backticks: every character that means something is an entity. What some
/// readers link, even here, is broken by a place where a line may break.
fn entities(text: &str) -> String {
    let mut out = "<code>".to_owned();
    for character in text.chars() {
        match character {
            '@' | ':' | '.' => out.push_str(&format!("&#{};<wbr>", u32::from(character))),
            other if other.is_ascii_punctuation() => out.push_str(&format!("&#{};", u32::from(other))),
            other => out.push(other),
        }
    }
    out + "</code>"
}

/// Data as code in a line of HTML, such as a summary: nothing in there is read as Markdown.
pub(super) fn html(data: &str) -> String {
    let text = shown(data).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<code>{text}</code>")
}

/// A block of lines that are safe, each with its own sign, between more backticks than any of them has in a row.
pub(super) fn block(lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}diff\n{}\n{fence}\n", lines.join("\n"))
}

/// A key that can stand in a comment: letters, digits, `.`, `_`, `/` and single hyphens.
pub(super) fn key(key: &str) -> String {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '/');
    let mut out = String::new();
    for character in key.chars().take(100) {
        match fits(character) {
            true => out.push(character),
            false if out.ends_with('-') => {}
            false => out.push('-'),
        }
    }
    out.trim_matches('-').to_owned()
}

/// The first line of a page: a comment by which a CI step finds the one to replace.
pub(super) fn marker(name: &str) -> String {
    format!("<!-- {MARKER}:{} -->\n", key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` ``c"), "```a `b` ``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\n@b"), "`a\\n@b`");
        assert_eq!(code("@a|b"), "<code>&#64;<wbr>a&#124;b</code>");
        assert_eq!(code(""), "`\"\"`");
        assert_eq!(html("<b>&"), "<code>&lt;b&gt;&amp;</code>");
        assert_eq!(block(&["+ ```".to_owned()]), "````diff\n+ ```\n````\n");
    }

    #[test]
    fn nobody_forges_the_marker() {
        assert_eq!(marker("a--b -->\n<!-- x"), "<!-- macadam:review:a-b-x -->\n");
        assert_eq!(code("<!-- macadam:review:x -->"), "`<!-- macadam\\u{3a}review:x -->`");
    }
}
