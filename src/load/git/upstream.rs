//! What the configuration says of branches and remotes, as data: names to look up and to print.

use gix::bstr::{BString, ByteSlice};

/// The name of the reference that follows a branch's upstream, such as `refs/remotes/origin/main`; without a branch,
/// that of the one that is checked out.
///
/// Source: git-config(1), `branch.<name>.merge` and `remote.<name>.fetch`.
pub(super) fn upstream(repository: &gix::Repository, branch: Option<&str>) -> Option<String> {
    let head = repository.head_name().ok().flatten();
    let checked_out = head.as_ref().map(|name| name.shorten().to_string());
    let branch = branch.map(str::to_owned).or(checked_out)?;
    let config = repository.config_snapshot();
    let value = |name| config.plumbing().string_by("branch", Some(branch.as_bytes().as_bstr()), name);
    let (remote, merge) = (value("remote")?, value("merge")?.to_string());
    if remote == "." {
        return Some(merge);
    }
    let specs = config.plumbing().strings_by("remote", Some(remote.as_bstr()), "fetch")?;
    specs.iter().find_map(|spec| map(spec, &merge))
}

/// Where a fetch specification such as `+refs/heads/*:refs/remotes/origin/*` puts a reference.
fn map(spec: &BString, reference: &str) -> Option<String> {
    let spec = spec.to_str().ok()?;
    let (from, to) = spec.strip_prefix('+').unwrap_or(spec).split_once(':')?;
    let Some((before, after)) = from.split_once('*') else {
        return (from == reference).then(|| to.to_owned());
    };
    let middle = reference.strip_prefix(before)?.strip_suffix(after)?;
    Some(to.replacen('*', middle, 1))
}

/// The names of all remotes, sorted.
pub(super) fn remotes(repository: &gix::Repository) -> Vec<String> {
    let config = repository.config_snapshot();
    let sections = config.plumbing().sections_by_name("remote").into_iter().flatten();
    let mut names: Vec<String> =
        sections.filter_map(|section| Some(section.header().subsection_name()?.to_string())).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fetch_specifications_map_references() {
        let table = [
            ("+refs/heads/*:refs/remotes/origin/*", "refs/heads/a/b", Some("refs/remotes/origin/a/b")),
            ("refs/heads/main:refs/remotes/x/main", "refs/heads/main", Some("refs/remotes/x/main")),
            ("refs/heads/main:refs/remotes/x/main", "refs/heads/other", None),
            ("refs/heads/v*-x:refs/x/*", "refs/heads/v1-x", Some("refs/x/1")),
            ("+refs/heads/*:refs/remotes/origin/*", "refs/tags/a", None),
            ("refs/heads/main", "refs/heads/main", None),
        ];
        for (spec, reference, expected) in table {
            assert_eq!(map(&spec.into(), reference).as_deref(), expected, "{spec} {reference}");
        }
    }
}
