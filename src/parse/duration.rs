//! Durations, exactly: no floating point.
//!
//! Source: Go's `time.ParseDuration` (`1h30m`, `1.5h`, `0`), and Prometheus, which adds days, weeks and years of 365
//! days. The Gateway API's durations are a part of Go's.

/// Nanoseconds; `None` for what is no duration, is negative or is no whole number of nanoseconds.
pub fn nanos(text: &str) -> Option<u128> {
    if text == "0" {
        return Some(0);
    }
    let mut rest = text;
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let number_end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, tail) = rest.split_at(number_end);
        let unit_end =
            tail.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(tail.len());
        let (name, tail) = tail.split_at(unit_end);
        total = total.checked_add(scaled(number, unit(name)?)?)?;
        rest = tail;
    }
    if text.is_empty() { None } else { Some(total) }
}

/// A decimal number of units.
fn scaled(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let size = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let part = digits(fraction)?.checked_mul(unit)?;
    if part % size != 0 {
        return None;
    }
    digits(whole)?.checked_mul(unit)?.checked_add(part / size)
}

fn digits(text: &str) -> Option<u128> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

fn unit(name: &str) -> Option<u128> {
    const SECOND: u128 = 1_000_000_000;
    Some(match name {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3_600 * SECOND,
        "d" => 86_400 * SECOND,
        "w" => 7 * 86_400 * SECOND,
        "y" => 365 * 86_400 * SECOND,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_in_nanoseconds() {
        let table = [
            ("1h30m", Some(5_400_000_000_000)),
            ("1.5h", Some(5_400_000_000_000)),
            ("90m", Some(5_400_000_000_000)),
            ("0", Some(0)),
            ("0s", Some(0)),
            ("15s", Some(15_000_000_000)),
            ("250ms", Some(250_000_000)),
            ("1d", Some(86_400_000_000_000)),
            ("1w", Some(604_800_000_000_000)),
            ("1.5ns", None),
            ("", None),
            ("h", None),
            ("5", None),
            ("-1h", None),
            ("1h ", None),
            ("1.2.3s", None),
            ("1x", None),
            ("99999999999999999999999999999999999999y", None),
        ];
        for (text, expected) in table {
            assert_eq!(nanos(text), expected, "{text}");
        }
    }
}
