//! Ownership records: what an instance wrote, in the format of `sha256sum`, so that anybody can check it.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::{STATE, accepted};

/// A SHA-256.
pub type Digest = [u8; 32];

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// Where the record of an instance lies: `.macadam/<the instance's folder>.sha256`.
pub fn path(leaf: &Utf8Path) -> Utf8PathBuf {
    format!("{STATE}/{leaf}.sha256").into()
}

/// The instance's folder of a record's path.
pub fn leaf(record: &Utf8Path) -> Option<&Utf8Path> {
    let below = record.strip_prefix(STATE).ok()?;
    below.as_str().strip_suffix(".sha256").map(Utf8Path::new)
}

/// Prints a record: one line a file, in the order given. Paths are relative to the output root, so that
/// `sha256sum -c` works there.
pub fn format<'a>(entries: impl IntoIterator<Item = (&'a Digest, &'a Utf8Path)>) -> String {
    let mut text = String::new();
    for (digest, path) in entries {
        push_hex(&mut text, digest);
        text.push_str("  ");
        text.push_str(path.as_str());
        text.push('\n');
    }
    text
}

/// The digest as 64 lower-case hexadecimal digits.
pub fn hex(digest: &Digest) -> String {
    let mut text = String::with_capacity(64);
    push_hex(&mut text, digest);
    text
}

fn push_hex(text: &mut String, digest: &Digest) {
    for byte in digest {
        // Writing to a string cannot fail.
        let _: std::fmt::Result = write!(text, "{byte:02x}");
    }
}

/// Reads a record, leniently: lines that are no entry are passed over, so that a record with conflict markers names
/// the files of both sides; paths that no instance may own are dropped.
pub fn parse(bytes: &[u8]) -> Vec<(Digest, Utf8PathBuf)> {
    lines(bytes).filter_map(entry).collect()
}

/// Whether every line of a record is an entry.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    lines(bytes).all(|line| entry(line).is_some())
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty())
}

fn entry(line: &[u8]) -> Option<(Digest, Utf8PathBuf)> {
    let line = str::from_utf8(line).ok()?;
    let (hex, rest) = line.split_at_checked(64)?;
    // `sha256sum -b` marks binary files by a star.
    let path = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
    let is_owned = accepted::refusal(path).is_none() && !Utf8Path::new(path).starts_with(STATE);
    Some((unhex(hex)?, is_owned.then(|| path.into())?))
}

fn unhex(hex: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let nibble = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(nibble(0)? * 16 + nibble(1)?).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_and_names_its_instance() {
        let (one, two) = (digest(b"one"), digest(b"two"));
        let entries = [(&one, Utf8Path::new("kubernetes/dev/a b.yaml")), (&two, Utf8Path::new("é"))];
        let text = format(entries);
        insta::assert_snapshot!(text, @"
        7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  kubernetes/dev/a b.yaml
        3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  é
        ");
        assert!(is_sound(text.as_bytes()));
        assert_eq!(parse(text.as_bytes()), [(one, "kubernetes/dev/a b.yaml".into()), (two, "é".into())]);
        assert_eq!(leaf(&path("kubernetes/dev".into())), Some(Utf8Path::new("kubernetes/dev")));
        assert_eq!(leaf("kubernetes/dev.sha256".into()), None);
    }

    #[test]
    fn conflict_markers_keep_both_sides_and_bad_paths_are_dropped() {
        let (one, two) = (hex(&digest(b"one")), hex(&digest(b"two")));
        let text = format!(
            "<<<<<<< HEAD\r\n{one}  a\r\n=======\n{two} *a\n>>>>>>> x\n{one}  ../b\n{one}  /etc/c\n{one}  .git/d\n\
             {one}  .macadam/e\n{one}  x/.gitattributes\nzz{}  f\n{one}\n{one} g\n",
            &one[2..]
        );
        assert_eq!(parse(text.as_bytes()), [(digest(b"one"), "a".into()), (digest(b"two"), "a".into())]);
        assert!(!is_sound(text.as_bytes()));
        assert!(parse(b"\xff\xfe\n").is_empty());
    }
}
