//! From bytes to text: size, UTF-8, and the characters that no YAML text may hold.

use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::span::{FileId, Span};

/// Returns the text of `bytes`, or the first thing that is wrong with it.
///
/// A byte order mark may stand at the very start: elsewhere, some readers take it for text and some for nothing. Also
/// refused are control characters (YAML allows tab, line feed and carriage return) and the line separators U+0085,
/// U+2028 and U+2029: YAML 1.1 readers end a line there, also within a comment, YAML 1.2 readers do not.
pub(crate) fn decode<'a>(bytes: &'a [u8], file: FileId, limits: &Limits) -> Result<&'a str, Error> {
    if bytes.len() > limits.bytes || u32::try_from(bytes.len()).is_err() {
        return Err(Error::new(ErrorKind::TooLarge, Span::new(file, 0, 0)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to() as u32;
        Error::new(ErrorKind::NotUtf8, Span::new(file, at, at))
    })?;
    match forbidden(bytes) {
        None => Ok(text),
        Some(at) => Err(refuse(text, at, file)),
    }
}

fn refuse(text: &str, at: usize, file: FileId) -> Error {
    let character = text[at..].chars().next().unwrap_or('\0');
    let kind = match character {
        '\0' => ErrorKind::Nul,
        other => ErrorKind::Syntax(format!("character U+{:04X} is not allowed", other as u32)),
    };
    let end = at + character.len_utf8();
    Error::new(kind, Span::new(file, at as u32, end as u32))
}

/// Finds the first forbidden character. Goes by blocks: nearly all of them are printable ASCII.
fn forbidden(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 64;
    for (number, block) in bytes.chunks(BLOCK).enumerate() {
        let odd =
            block.iter().fold(false, |odd, byte| odd | (*byte < b' ' && *byte != b'\n') | (*byte >= 0x7f));
        if odd {
            let start = number * BLOCK;
            let found = (start..start + block.len()).find(|at| is_forbidden(&bytes[*at..], *at));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn is_forbidden(bytes: &[u8], at: usize) -> bool {
    match bytes {
        [b'\t' | b'\n' | b'\r', ..] => false,
        [0..0x20 | 0x7f, ..] => true,
        [0xc2, 0x80..=0x9f, ..] => true,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => true,
        [0xef, 0xbf, 0xbe | 0xbf, ..] => true,
        [0xef, 0xbb, 0xbf, ..] => at > 0,
        _ => false,
    }
}
