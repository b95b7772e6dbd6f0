//! How other readers take a plain scalar: go-yaml v2 and v3, YAML 1.1 as PyYAML has it, YAML 1.2's core schema.
//!
//! Each function is one reader's rules, so that it can be held against that reader.

use crate::number::Number;
use crate::resolve::Resolution;

/// What one reader makes of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Text,
    Null,
    Bool(bool),
    Number(Number),
    /// An infinite number, or not a number.
    NotFinite,
    /// A type beyond JSON (a date, a number in base 60, a merge mark), an integer that does not fit, or an error.
    Other,
}

/// gopkg.in/yaml.v3 (`Spec`) and sigs.k8s.io/yaml (`Kubernetes`): `resolve.go`.
///
/// Dates are told apart as [`Reading::Other`], although both hand them to their caller as they stand.
pub(crate) fn go(text: &str, resolution: Resolution) -> Reading {
    if let Some(reading) = common_word(text) {
        return reading;
    }
    match text.as_bytes() {
        [b'.', ..] => go_dotted(text),
        [b'0'..=b'9' | b'+' | b'-', ..] if is_date(text) => Reading::Other,
        [b'0'..=b'9' | b'+' | b'-', ..] => go_number(&text.replace('_', ""), resolution),
        _ if text == "<<" => Reading::Other,
        _ => match (resolution, yaml_1_1_bool(text), text) {
            (Resolution::Kubernetes, Some(value), _) => Reading::Bool(value),
            (Resolution::Kubernetes, None, "y" | "Y") => Reading::Bool(true),
            (Resolution::Kubernetes, None, "n" | "N") => Reading::Bool(false),
            _ => Reading::Text,
        },
    }
}

/// Go's `ParseFloat` of what starts with a dot: `_` may stand between digits.
fn go_dotted(text: &str) -> Reading {
    let separates = |digits: &[u8]| match digits {
        [before, b'_', after] => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => true,
    };
    let plain = text.replace('_', "");
    let well_separated = !text.ends_with('_') && text.as_bytes().windows(3).all(separates);
    match well_separated && is_float(&plain, Sign::None, Exponent::Free) {
        true => float(&plain, Reading::Text),
        false => Reading::Text,
    }
}

/// Go's `ParseInt` with base 0, `ParseUint`, and a float of the common shape, in this order.
fn go_number(text: &str, resolution: Resolution) -> Reading {
    let (sign, digits) = split_sign(text);
    if let Some(number) = based_integer(sign, digits) {
        return Reading::Number(number);
    }
    if is_float(text, Sign::Any, Exponent::Free) {
        return float(text, Reading::Text);
    }
    // A quirk: `0b-1` is minus one, and so is `0o-1` in v3.
    let base = match (digits.as_bytes(), resolution) {
        ([b'0', b'b', b'+' | b'-', ..], _) => 2,
        ([b'0', b'o', b'+' | b'-', ..], Resolution::Spec) => 8,
        _ => return Reading::Text,
    };
    let (inner, rest) = split_sign(&digits[2..]);
    match sign {
        "" => integer(inner, rest, base).map_or(Reading::Text, Reading::Number),
        _ => Reading::Text,
    }
}

fn based_integer(sign: &str, digits: &str) -> Option<Number> {
    let (base, rest) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let number = integer(sign, rest, base)?;
    // `ParseUint` knows no sign.
    match number {
        Number::UInt(_) if !sign.is_empty() => None,
        number => Some(number),
    }
}

/// YAML 1.1 as PyYAML resolves it (`resolver.py`, `constructor.py`), where it agrees with libyaml's other users.
pub(crate) fn yaml_1_1(text: &str) -> Reading {
    if let Some(reading) = common_word(text) {
        return reading;
    }
    if let Some(value) = yaml_1_1_bool(text) {
        return Reading::Bool(value);
    }
    if matches!(text, "=" | "<<") || is_date(text) || is_base_60(text) {
        return Reading::Other;
    }
    let (sign, digits) = split_sign(text);
    if let Some((base, body)) = yaml_1_1_integer(digits) {
        return integer(sign, &body.replace('_', ""), base).map_or(Reading::Other, Reading::Number);
    }
    let plain = text.replace('_', "");
    let leads = digits.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let dotted = text.contains('.') && !text.starts_with("._") && !text.starts_with('_');
    let sign = if leads { Sign::Any } else { Sign::None };
    let exponent_is_clean = !text.split(['e', 'E']).skip(1).any(|part| part.contains('_'));
    if dotted && exponent_is_clean && is_float(&plain, sign, Exponent::Signed) {
        return float(&plain, Reading::NotFinite);
    }
    Reading::Text
}

/// The base and the digits of PyYAML's integers, without the sign.
fn yaml_1_1_integer(digits: &str) -> Option<(u32, &str)> {
    let all = |body: &str, allowed: fn(&u8) -> bool| body.bytes().all(|byte| byte == b'_' || allowed(&byte));
    match digits.as_bytes() {
        [b'0', b'b', _, ..] if all(&digits[2..], |byte| matches!(byte, b'0' | b'1')) => {
            Some((2, &digits[2..]))
        }
        [b'0', b'x', _, ..] if all(&digits[2..], u8::is_ascii_hexdigit) => Some((16, &digits[2..])),
        [b'0'] => Some((10, digits)),
        [b'0', ..] if all(digits, |byte| matches!(byte, b'0'..=b'7')) => Some((8, digits)),
        [b'1'..=b'9', ..] if all(digits, u8::is_ascii_digit) => Some((10, digits)),
        _ => None,
    }
}

/// YAML 1.2.2, section 10.3.2.
pub(crate) fn yaml_1_2(text: &str) -> Reading {
    if let Some(reading) = common_word(text) {
        return reading;
    }
    let (sign, digits) = split_sign(text);
    let (base, body) = match digits.as_bytes() {
        [b'0', b'o', ..] if sign.is_empty() => (8, &digits[2..]),
        [b'0', b'x', ..] if sign.is_empty() => (16, &digits[2..]),
        _ => (10, digits),
    };
    if !body.is_empty() && body.chars().all(|digit| digit.is_digit(base)) {
        return integer(sign, body, base).map_or(Reading::Other, Reading::Number);
    }
    match is_float(text, Sign::Any, Exponent::Free) {
        true => float(text, Reading::NotFinite),
        false => Reading::Text,
    }
}

/// The words that all these readers share.
fn common_word(text: &str) -> Option<Reading> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Reading::Null,
        "true" | "True" | "TRUE" => Reading::Bool(true),
        "false" | "False" | "FALSE" => Reading::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan"
        | ".NaN" | ".NAN" => Reading::NotFinite,
        _ => return None,
    })
}

fn yaml_1_1_bool(text: &str) -> Option<bool> {
    Some(match text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => true,
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => false,
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Sign {
    None,
    Any,
}

#[derive(Clone, Copy, PartialEq)]
enum Exponent {
    /// `e3`, `e+3`, `e-3`.
    Free,
    /// `e+3`, `e-3`.
    Signed,
}

/// `[-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &str, sign: Sign, exponent: Exponent) -> bool {
    let (given, body) = split_sign(text);
    if sign == Sign::None && !given.is_empty() {
        return false;
    }
    let (mantissa, power) = match body.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, Some(power)),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && (fraction.is_empty() || !mantissa.contains('.')));
    mantissa_fits
        && power.is_none_or(|power| {
            let (sign, digits_of_power) = split_sign(power);
            (exponent == Exponent::Free || !sign.is_empty())
                && !digits_of_power.is_empty()
                && digits(digits_of_power)
        })
}

/// Reads a float of a checked shape; `too_large` is what one becomes that is.
fn float(text: &str, too_large: Reading) -> Reading {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Reading::Number(Number::Float(value)),
        _ => too_large,
    }
}

fn split_sign(text: &str) -> (&str, &str) {
    text.split_at(usize::from(text.starts_with(['+', '-'])))
}

/// Reads digits of a base; a sign among them is none.
fn integer(sign: &str, digits: &str, base: u32) -> Option<Number> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, base).ok()?;
    match sign {
        "-" => 0_i64.checked_sub_unsigned(magnitude).map(Number::Int),
        _ => Some(Number::from(magnitude)),
    }
}

/// A date, perhaps with a time: a little more than `parseTimestamp` of go-yaml and PyYAML's pattern together.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [a, b, c, d, b'-', rest @ ..] = bytes else {
        return false;
    };
    if ![a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let Some(rest) = one_or_two_digits(rest).and_then(|rest| rest.strip_prefix(b"-")) else {
        return false;
    };
    match one_or_two_digits(rest) {
        None => false,
        Some([]) => true,
        Some([b'T' | b't' | b' ' | b'\t', time @ ..]) => time
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.' | b'Z' | b'+' | b'-' | b' ' | b'\t')),
        Some(_) => false,
    }
}

fn one_or_two_digits(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'0'..=b'9', b'0'..=b'9', rest @ ..] | [b'0'..=b'9', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// A number in base 60: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &str) -> bool {
    let mut parts = split_sign(text).1.split(':');
    let Some([first @ b'0'..=b'9', rest @ ..]) = parts.next().map(str::as_bytes) else {
        return false;
    };
    let _ = first;
    let digits = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_');
    if !digits(rest) {
        return false;
    }
    let mut count = 0;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let sixtieth = match (parts.peek(), part.split_once('.')) {
            (None, Some((sixtieth, fraction))) if digits(fraction.as_bytes()) => sixtieth,
            _ => part,
        };
        if !matches!(sixtieth.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']) {
            return false;
        }
        count += 1;
    }
    count > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(reading: Reading) -> String {
        match reading {
            Reading::Text => "text".to_owned(),
            Reading::Null => "null".to_owned(),
            Reading::Bool(value) => format!("bool {value}"),
            Reading::Number(Number::Float(value)) => format!("float {:x}", value.to_bits()),
            Reading::Number(number) => format!("int {number}"),
            Reading::NotFinite => "notfinite".to_owned(),
            Reading::Other => "other".to_owned(),
        }
    }

    /// Whether a reading is what was observed. `other` may cover dates, numbers in base 60 and what fails, and also the
    /// near misses of these.
    fn agrees(ours: &str, observed: &str, python: bool) -> bool {
        match (ours, observed) {
            ("other", "date" | "other" | "error" | "text") => true,
            ("other", number) => python && number.starts_with(['i', 'f']),
            (ours, observed) => ours == observed,
        }
    }

    #[test]
    fn readings_are_those_that_were_observed() {
        let table = include_str!("../tests/data/readings.tsv");
        let mut wrong = Vec::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [word, v3, v2, python] = columns[..] else {
                panic!("not four columns: {line}");
            };
            let spec = show(go(word, Resolution::Spec));
            let kubernetes = show(go(word, Resolution::Kubernetes));
            let yaml_1_1 = show(yaml_1_1(word));
            if !agrees(&spec, v3, false)
                || !agrees(&kubernetes, v2, false)
                || !agrees(&yaml_1_1, python, true)
            {
                wrong.push(format!("{line} != {spec} {kubernetes} {yaml_1_1}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn yaml_1_2_reads_by_its_own_table() {
        for (word, expected) in [
            ("0o17", "int 15"),
            ("0x1F", "int 31"),
            ("0644", "int 644"),
            ("-0x1F", "text"),
            ("0b101", "text"),
            ("1_000", "text"),
            ("1e3", "float 408f400000000000"),
            ("1:20", "text"),
            ("yes", "text"),
            ("2001-12-14", "text"),
            ("=", "text"),
            (".5", "float 3fe0000000000000"),
            ("-.5e1", "float c014000000000000"),
            (".inf", "notfinite"),
        ] {
            assert_eq!(show(yaml_1_2(word)), expected, "{word}");
        }
    }
}
