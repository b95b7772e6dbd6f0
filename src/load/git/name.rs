//! How a revision may be written.

use crate::fault::Fault;
use crate::load::is_strange;

/// The name of one commit: something that Git knows, and steps from there to an older one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// A branch, a tag, `HEAD`, an id or the beginning of one, `main@{upstream}`, what `git describe` prints.
    pub(super) base: &'a str,
    /// Steps to an older commit, in order.
    pub(super) steps: Vec<Step>,
}

/// A step to an older commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// `~3`: along first parents.
    Back(u32),
    /// `^2`: to a parent, counted from one.
    Parent(u32),
}

impl<'a> Name<'a> {
    /// Takes a revision apart, by `gitrevisions(7)` and no more of it than names one commit without a clock.
    ///
    /// Faults on what looks like an option, a range, a path in a tree or a search, and on invisible characters.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        check(text).map_err(|reason| refused(text, reason))?;
        let (base, steps) = text.split_at(text.find(['~', '^']).unwrap_or(text.len()));
        let steps = parse_steps(steps).ok_or_else(|| refused(text, "it does not name one commit"))?;
        if base.is_empty() || base.ends_with('/') || !has_plain_braces(base) {
            return Err(refused(text, "it does not name one commit"));
        }
        Ok(Self { base: if base == "@" { "HEAD" } else { base }, steps })
    }
}

fn refused(text: &str, reason: &str) -> Fault {
    let help = "name a branch, a tag or a commit, such as `main`, `v1.2.0`, `HEAD~2` or `main@{upstream}`";
    Fault::usage(format!("`{text}` is not a revision: {reason}"), Some(help.to_owned()))
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > 1000 {
        return Err("it is too long");
    }
    if text.starts_with('-') {
        return Err("it looks like an option");
    }
    if text.chars().any(char::is_whitespace) || is_strange(text) {
        return Err("it has white space or invisible characters");
    }
    if text.contains("..") {
        return Err("it is a range");
    }
    if text.starts_with(['^', '/']) || text.contains([':', '?', '*', '[', '\\', '"', '\'']) {
        return Err("it does not name one commit");
    }
    Ok(())
}

/// `~`, `~2`, `^`, `^2`, and `^{commit}` or `^0`, which stay.
fn parse_steps(mut text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    while !text.is_empty() {
        if let Some(rest) = text.strip_prefix("^{commit}").or_else(|| text.strip_prefix("^{}")) {
            text = rest;
            continue;
        }
        let (sign, rest) = text.split_at(1);
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(end);
        let number = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        match sign {
            "~" => steps.push(Step::Back(number)),
            "^" if number == 0 => {}
            "^" => steps.push(Step::Parent(number)),
            _ => return None,
        }
        text = rest;
    }
    Some(steps)
}

/// Braces only as `@{upstream}` or a number: a date would ask the clock.
fn has_plain_braces(base: &str) -> bool {
    let Some((name, rest)) = base.split_once("@{") else { return !base.contains(['{', '}']) };
    let Some(inside) = rest.strip_suffix('}') else { return false };
    let number = inside.strip_prefix('-').unwrap_or(inside);
    let is_number =
        !number.is_empty() && number.len() < 9 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_sibling = ["upstream", "u"].iter().any(|word| inside.eq_ignore_ascii_case(word));
    !name.contains(['{', '}', '@']) && (is_number || is_sibling)
}

/// The branch whose upstream is named: `main` of `main@{upstream}`; empty for the one that is checked out.
pub(super) fn upstream_of(base: &str) -> Option<&str> {
    let (branch, rest) = base.split_once("@{")?;
    let is_upstream = rest.eq_ignore_ascii_case("upstream}") || rest.eq_ignore_ascii_case("u}");
    is_upstream.then_some(branch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let parse = |text| Name::parse(text).unwrap();
        assert_eq!(parse("main"), Name { base: "main", steps: vec![] });
        assert_eq!(parse("@~2"), Name { base: "HEAD", steps: vec![Step::Back(2)] });
        let steps = vec![Step::Back(1), Step::Parent(2), Step::Parent(1)];
        assert_eq!(parse("origin/x~^2^"), Name { base: "origin/x", steps });
        assert_eq!(parse("v1^{commit}^{}^0"), Name { base: "v1", steps: vec![] });
        for base in ["main@{upstream}", "main@{U}", "@{-1}", "HEAD@{3}", "grün", "a-b", "v1-3-gabc"] {
            assert_eq!(parse(base).base, base);
        }
    }

    /// THREATS 8.
    #[test]
    fn what_does_not_name_one_commit_is_refused() {
        let hostile = [
            "",
            "-",
            "--help",
            "-c",
            "--upload-pack=touch x",
            "--output=x",
            "-main",
            "a b",
            "a\tb",
            "a\nb",
            "\u{7f}",
            "a\0b",
            "main\u{202e}",
            "ma\u{200b}in",
            "\u{1b}[31m",
            "\u{a0}",
            "a..b",
            "a...b",
            "..",
            "...",
            "a..",
            "..b",
            "^main",
            "main^@",
            "main^!",
            "main^-",
            "main^-1",
            ":/fix",
            "HEAD:x",
            "main:",
            ":0:x",
            ":",
            "HEAD^{/fix}",
            "HEAD^{tree}",
            "main^{",
            "main~x",
            "main~2x",
            "main~99999999999999999999",
            "main@{yesterday}",
            "main@{1 day}",
            "main@{2024-01-01}",
            "main@{",
            "main@{}",
            "@{push}",
            "main@{--1}",
            "main@{-}",
            "@{u}@{u}",
            "a{b}",
            "main@{u}x",
            "*",
            "refs/*",
            "a?",
            "[a]",
            "a\\b",
            "~1",
            "^",
            "/main",
            "main/",
            "../../etc/passwd",
            "refs/../config",
            "'x'",
        ];
        for text in hostile {
            assert!(matches!(Name::parse(text), Err(Fault::Usage { .. })), "{text:?}");
        }
        assert!(Name::parse(&"a".repeat(1001)).is_err());
    }
}
