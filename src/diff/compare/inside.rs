//! Strings that are documents themselves.

use super::facts::Shape;
use super::reading::{self, Reading};
use super::walk::Walk;
use crate::model::{Edit, Format};

/// Documents within documents that are looked into.
pub(super) const NESTING: usize = 4;
/// Longer strings are texts.
const BYTES: usize = 10 * 1024 * 1024;

/// What two different strings differ in inside.
pub(super) struct Inside {
    /// What both are written in.
    pub(super) format: Format,
    /// The differences; none where the texts differ and the documents do not.
    pub(super) edits: Vec<Edit>,
}

/// Compares two strings as documents; `None` where they are not surely documents of one format.
///
/// The key under which they stand tells the format by its suffix; without one, JSON maps and lists are taken for
/// JSON, and texts of several lines that read as a YAML map with plain keys for YAML.
pub(super) fn compare(key: Option<&str>, old: &str, new: &str, nesting: usize) -> Option<Inside> {
    if nesting >= NESTING || old.len().max(new.len()) > BYTES {
        return None;
    }
    let format = format(key, old, new)?;
    let (old, new) = (read(format, old)?, read(format, new)?);
    // Different readers may disagree on how these differ.
    if old.doubtful != new.doubtful || old.cut != new.cut {
        return None;
    }
    let (old, new) = (old.into_value(), new.into_value());
    let mut walk = Walk::inside(nesting + 1);
    walk.value(&old, &new, Shape::ANY);
    Some(Inside { format, edits: walk.edits })
}

fn read(format: Format, text: &str) -> Option<Reading> {
    match format {
        Format::Json => reading::json(text),
        _ => reading::yaml(text),
    }
    .filter(|reading| reading.documents.iter().any(|document| document.is_object() || document.is_array()))
}

/// The format that both texts seem to be written in.
pub(super) fn format(key: Option<&str>, old: &str, new: &str) -> Option<Format> {
    let suffix = key.and_then(|key| key.rsplit_once('.')).map(|(_, suffix)| suffix.to_ascii_lowercase());
    match suffix.as_deref() {
        Some("json") => return Some(Format::Json),
        Some("yaml" | "yml") => return Some(Format::Yaml),
        _ => {}
    }
    if [old, new].iter().all(|text| text.trim_start().starts_with(['{', '['])) {
        return Some(Format::Json);
    }
    [old, new].iter().all(|text| looks_like_yaml(text)).then_some(Format::Yaml)
}

/// Whether every line that is not indented is a comment, a separator, an item or has a plain key.
fn looks_like_yaml(text: &str) -> bool {
    let outer = |line: &&str| !line.starts_with([' ', '#', '\t']) && !line.trim().is_empty();
    let fits = |line: &str| match line.split_once(':') {
        Some((key, rest)) => is_plain_key(key) && (rest.trim().is_empty() || rest.starts_with(' ')),
        None => line.starts_with("---"),
    };
    let fits_list = |line: &str| line.starts_with("- ") || fits(line);
    text.contains('\n')
        && text.lines().any(|line| outer(&line) && fits(line))
        && text.lines().filter(outer).all(fits_list)
}

fn is_plain_key(key: &str) -> bool {
    !key.is_empty()
        && key.chars().all(|character| character.is_ascii_alphanumeric() || "-_./".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_taken_from_the_suffix_or_from_plain_signs() {
        let table = [
            (Some("app.yaml"), "a", "b", Some(Format::Yaml)),
            (Some("board.JSON"), "", "", Some(Format::Json)),
            (Some("key"), "{\"a\": 1}", " [1]", Some(Format::Json)),
            (None, "a: 1\nb: 2\n", "a: 1\nlist:\n- 1\n", Some(Format::Yaml)),
            (None, "---\na.b: x\n", "# words\na: 1\n", Some(Format::Yaml)),
            (None, "a: 1", "a: 2", None),
            (None, "hello\nNote well: this is text\n", "a: 1\n", None),
            (None, "#!/bin/sh\nexec run\n", "#!/bin/sh\nexec walk\n", None),
            (None, "server.port=1\nurl=http://x\n", "server.port=2\n", None),
            (None, "http://x\n", "http://y\n", None),
        ];
        for (key, old, new, expected) in table {
            assert_eq!(format(key, old, new), expected, "{old:?}");
        }
    }

    #[test]
    fn what_readers_do_not_agree_on_stays_a_text() {
        assert!(compare(Some("a.yaml"), "a: yes\n", "a: true\n", 0).is_none());
        assert!(compare(Some("a.yaml"), "a: yes\nb: 1\n", "b: 1\na: yes\n", 0).unwrap().edits.is_empty());
        assert!(compare(Some("a.json"), r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, 0).is_none());
    }
}
