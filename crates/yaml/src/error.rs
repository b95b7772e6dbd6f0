//! Why a text was refused, and where.

use std::fmt;

use crate::span::Span;

/// A reason to refuse a text, with its place.
///
/// `Display` is lower case, without a full stop, and repeats nothing of the text but names (keys, tags).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where it is wrong; empty at the end of the text.
    pub span: Span,
    /// Another place that explains it, and what stands there.
    pub related: Option<(Span, &'static str)>,
}

/// What can be wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Not YAML, or a kind of YAML that readers disagree on. The words say what was found or expected.
    Syntax(String),
    /// A key that its map already has, in this or another spelling (`1` beside `"1"`).
    DuplicateKey(String),
    /// A second document where one is expected.
    SecondDocument,
    /// A tag beyond the core set (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq`), or `!`.
    UnknownTag(String),
    /// An alias to an anchor that does not exist, or within that very anchor (then `related` is the anchor).
    Alias,
    /// Aliases that expand to more than the limits allow.
    Expansion,
    /// Bytes that are not UTF-8. The span is empty, and stands where the text stops being UTF-8.
    NotUtf8,
    /// A NUL character.
    Nul,
    /// More bytes than allowed.
    TooLarge,
    /// More maps and lists within each other than allowed.
    TooDeep,
    /// More values than allowed.
    TooManyNodes,
    /// A map, a list or null as a key.
    KeyNotScalar,
    /// An infinite number, or one that is not a number: JSON has none.
    NotFinite,
}

impl Error {
    /// Makes an error without a second place.
    pub(crate) fn new(kind: ErrorKind, span: Span) -> Self {
        Self { kind, span, related: None }
    }

    /// Says what to do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        let help = match &self.kind {
            ErrorKind::Syntax(words) => return syntax_help(words).map(str::to_owned),
            ErrorKind::DuplicateKey(_) => "keep one of the two",
            ErrorKind::SecondDocument => "split the documents into files of their own",
            ErrorKind::UnknownTag(_) => "remove the tag, or put the text in quotes",
            ErrorKind::Alias if self.related.is_some() => "write the value out",
            ErrorKind::Alias => "define the anchor with `&` before its first alias",
            ErrorKind::Expansion => "write the values out, or use fewer aliases",
            ErrorKind::NotUtf8 => "save the file as UTF-8",
            ErrorKind::Nul => "remove the character; a binary file is not YAML",
            ErrorKind::KeyNotScalar => "put the key in quotes",
            ErrorKind::NotFinite => "put it in quotes if it is meant as text",
            ErrorKind::TooLarge | ErrorKind::TooDeep | ErrorKind::TooManyNodes => return None,
        };
        Some(help.to_owned())
    }
}

fn syntax_help(words: &str) -> Option<&'static str> {
    if words.contains("tab") {
        Some("indent with spaces")
    } else if words.contains("`: `") {
        Some("put the text in quotes, or start the map on a line of its own")
    } else if words.contains("character U+") {
        Some("write it as an escape within double quotes, such as `\\u0007`")
    } else {
        None
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Alias if self.related.is_some() => f.write_str("alias within its own anchor"),
            kind => kind.fmt(f),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(words) => f.write_str(words),
            Self::DuplicateKey(key) => write!(f, "duplicate key `{key}`"),
            Self::SecondDocument => f.write_str("a second document where one is expected"),
            Self::UnknownTag(tag) => write!(f, "unknown tag `{tag}`"),
            Self::Alias => f.write_str("alias to an unknown anchor"),
            Self::Expansion => f.write_str("aliases expand to too much"),
            Self::NotUtf8 => f.write_str("not valid UTF-8"),
            Self::Nul => f.write_str("a NUL character"),
            Self::TooLarge => f.write_str("the text is too large"),
            Self::TooDeep => f.write_str("maps and lists are nested too deeply"),
            Self::TooManyNodes => f.write_str("too many values"),
            Self::KeyNotScalar => f.write_str("a key must be a string, a number or a boolean"),
            Self::NotFinite => f.write_str("a number must be finite"),
        }
    }
}

impl std::error::Error for Error {}
