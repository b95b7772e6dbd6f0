//! What a plain scalar means: to the reader that was asked for, and whether the others agree.

use crate::node::Value;
use crate::number::Number;
use crate::reading::{self, Reading};

/// Which reader's types plain scalars get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resolution {
    /// As score-go reads a Score file (gopkg.in/yaml.v3): `true`, `True` and `TRUE` are booleans, `yes` and `on` are
    /// strings; `0644` and `0o644` are 420, `1e3` is 1000, `1_000` is 1000; dates stay strings.
    Spec,
    /// As Kubernetes reads a manifest (sigs.k8s.io/yaml, which is go-yaml v2): the same, but `y`, `yes`, `on`, `n`,
    /// `no`, `off` are booleans too, in lower case, upper case and capitalised.
    Kubernetes,
}

/// The value of a plain scalar.
pub(crate) struct Resolved {
    /// The value; `None` for an infinite number and for what is not a number.
    pub(crate) value: Option<Value>,
    /// Whether readers disagree.
    pub(crate) ambiguous: bool,
}

/// Resolves a plain scalar that is not absent.
pub(crate) fn plain(text: &str, resolution: Resolution) -> Resolved {
    if surely_text(text) {
        return Resolved { value: Some(Value::String(text.to_owned())), ambiguous: false };
    }
    if let Some(number) = everyday_integer(text) {
        return Resolved { value: Some(Value::Number(Number::Int(number))), ambiguous: false };
    }
    let readings = [
        reading::go(text, Resolution::Kubernetes),
        reading::go(text, Resolution::Spec),
        reading::yaml_1_1(text),
        reading::yaml_1_2(text),
    ];
    let own = match resolution {
        Resolution::Kubernetes => readings[0],
        Resolution::Spec => readings[1],
    };
    Resolved {
        value: match own {
            Reading::Null => Some(Value::Null),
            Reading::Bool(value) => Some(Value::Bool(value)),
            Reading::Number(number) => Some(Value::Number(number)),
            Reading::Text | Reading::Other => Some(Value::String(text.to_owned())),
            Reading::NotFinite => None,
        },
        ambiguous: readings.iter().any(|reading| *reading != own || *reading == Reading::Other),
    }
}

/// Returns whether every reader takes the plain scalar for a string.
pub(crate) fn is_text_everywhere(text: &str) -> bool {
    surely_text(text)
        || (everyday_integer(text).is_none()
            && reading::go(text, Resolution::Kubernetes) == Reading::Text
            && reading::go(text, Resolution::Spec) == Reading::Text
            && reading::yaml_1_1(text) == Reading::Text
            && reading::yaml_1_2(text) == Reading::Text
            && !is_word_in_any_case(text))
}

/// Returns whether the text cannot be anything else, at a glance: the common case.
#[inline]
pub(crate) fn surely_text(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [b'0'..=b'9' | b'+' | b'-' | b'.', rest @ ..] => !rest.iter().all(may_be_in_number),
        [b'~' | b'<' | b'=', ..] => text.len() > 2,
        [b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O', ..] => {
            !is_word_in_any_case(text)
        }
        _ => true,
    }
}

/// The characters of numbers in all bases, of dates, `.inf` and `.nan`.
fn may_be_in_number(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'_' | b'.' | b':' | b'+' | b'-')
        || matches!(byte, b'x' | b'X' | b'o' | b'O' | b't' | b'T' | b'Z' | b' ' | b'\t')
        || matches!(byte, b'i' | b'I' | b'n' | b'N')
}

/// Reads an integer of at most 18 digits that nobody could take for anything else.
fn everyday_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits {
        [b'0'] => {}
        [b'1'..=b'9', rest @ ..] if rest.len() < 18 && rest.iter().all(u8::is_ascii_digit) => {}
        _ => return None,
    }
    let magnitude = digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// `tRUE` and `nULL` are strings to most readers; serde-saphyr is one that disagrees.
fn is_word_in_any_case(text: &str) -> bool {
    text.len() <= 5
        && ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}
