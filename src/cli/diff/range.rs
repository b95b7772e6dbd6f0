//! Which two states of the repository are compared: `BASE`, `BASE..HEAD`, `BASE...HEAD`, as Git writes them.

use crate::cli::arguments::Diff;
use crate::fault::Fault;

/// One end of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// A commit, by any name that Git has for it.
    Revision(String),
    /// The files on disk.
    WorkTree,
    /// What `git commit` would commit.
    Staged,
}

/// Both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) base: End,
    pub(super) head: End,
    /// Whether the base is where the histories of the two part.
    pub(super) from_merge_base: bool,
}

impl Range {
    /// What the arguments ask for: HEAD against the working tree, or against the index, where nothing else is named.
    pub(super) fn of(arguments: &Diff) -> Result<Self, Fault> {
        let text = arguments.range.as_deref();
        if !arguments.environments.is_empty() {
            if arguments.environments.len() != 2 {
                let help = "`--env staging --env production`";
                return Err(Fault::usage("`--env` compares two environments", Some(help.to_owned())));
            }
            if arguments.environments.first() == arguments.environments.last() {
                return Err(Fault::usage("an environment and itself do not differ", None));
            }
            return Self::of_one(text);
        }
        let (base, head, from_merge_base) = split(text.unwrap_or("HEAD"));
        let head = match (head, arguments.staged) {
            (Some(_), true) => {
                let help = "`--staged` takes one revision: what the index is compared with";
                return Err(Fault::usage("`--staged` and a range cannot be combined", Some(help.to_owned())));
            }
            (Some(head), false) => End::Revision(or_head(head)),
            (None, true) => End::Staged,
            (None, false) => End::WorkTree,
        };
        Ok(Self { base: End::Revision(or_head(base)), head, from_merge_base })
    }

    /// One state, on both ends: the working tree, or the revision that is named.
    fn of_one(text: Option<&str>) -> Result<Self, Fault> {
        let end = match text {
            None => End::WorkTree,
            Some(text) if split(text).1.is_some() => {
                let help = "two environments are compared as one revision has them";
                return Err(Fault::usage("`--env` and a range cannot be combined", Some(help.to_owned())));
            }
            Some(text) => End::Revision(text.to_owned()),
        };
        Ok(Self { base: end.clone(), head: end, from_merge_base: false })
    }
}

/// Takes a range apart: base, head where one is named, and whether there are three dots.
fn split(text: &str) -> (&str, Option<&str>, bool) {
    if let Some((base, head)) = text.split_once("...") {
        return (base, Some(head), true);
    }
    match text.split_once("..") {
        Some((base, head)) => (base, Some(head), false),
        None => (text, None, false),
    }
}

/// An end that is left out is HEAD, as in Git.
fn or_head(text: &str) -> String {
    if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_taken_apart_as_git_does() {
        assert_eq!(split("main"), ("main", None, false));
        assert_eq!(split("main..topic"), ("main", Some("topic"), false));
        assert_eq!(split("main...topic"), ("main", Some("topic"), true));
        assert_eq!(split("main.."), ("main", Some(""), false));
        assert_eq!(or_head(""), "HEAD");
    }
}
