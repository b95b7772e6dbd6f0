//! Which names and paths may be content at all.

/// Whether a path stays inside its root and names no `.git`: plain components, joined by `/`.
pub(crate) fn is_plain_path(path: &str) -> bool {
    path.split('/').all(is_plain_name)
}

fn is_plain_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains('\0') && !is_git_name(name)
}

/// Whether some file system takes this name for `.git`.
///
/// Git's own list: any case, NTFS short names, trailing dots and spaces, streams, and the characters that HFS+ ignores.
pub(crate) fn is_git_name(name: &str) -> bool {
    if !name.starts_with(['.', 'g', 'G']) && name.is_ascii() {
        return false;
    }
    let visible: String = name.chars().filter(|c| !is_ignored_by_hfs(*c)).collect();
    let stem = visible.split([':', '\\']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
    stem.eq_ignore_ascii_case(".git") || stem.eq_ignore_ascii_case("git~1")
}

fn is_ignored_by_hfs(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

/// Whether a reviewer could be shown another name than this: control, direction, zero-width and tag characters, and
/// the replacement character that stands for bytes that are not UTF-8.
pub(crate) fn is_strange(path: &str) -> bool {
    if path.is_ascii() {
        return path.bytes().any(|byte| byte.is_ascii_control());
    }
    path.chars().any(|c| {
        c.is_control()
            || is_ignored_by_hfs(c)
            || matches!(
                c,
                '\u{61c}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{fffd}'
            )
            || matches!(c, '\u{e0000}'..='\u{e007f}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_root_or_name_git_are_not_plain() {
        for path in ["", "/a", "a//b", "a/", ".", "a/./b", "..", "a/../b", ".git", "a/.git/x", "a\0b"] {
            assert!(!is_plain_path(path), "{path:?}");
        }
        for path in ["a", "a/b.yaml", ".github/x", ".gitignore", "a..b", "...", "git", "a\\b"] {
            assert!(is_plain_path(path), "{path:?}");
        }
    }

    #[test]
    fn git_is_known_in_all_its_spellings() {
        for name in
            [".git", ".GIT", ".Git.", ".git ", ".git . .", "git~1", "GIT~1", ".git::$INDEX_ALLOCATION"]
        {
            assert!(is_git_name(name), "{name:?}");
        }
        for name in [".g\u{200c}it", "\u{feff}.git", ".git\u{202e}", ".git\\x"] {
            assert!(is_git_name(name), "{name:?}");
        }
        for name in ["git", ".gitignore", ".gitmodules", "git~2", "x.git", "a\u{200c}"] {
            assert!(!is_git_name(name), "{name:?}");
        }
    }

    #[test]
    fn names_that_print_as_something_else_are_strange() {
        for name in ["a\u{1b}[31m", "a\u{202e}b", "a\u{200b}", "a\u{85}", "a\u{e0041}", "a\u{fffd}", "a\nb"] {
            assert!(is_strange(name), "{name:?}");
        }
        assert!(!is_strange("grün/日本/score.yaml"));
    }
}
