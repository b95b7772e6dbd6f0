//! Quantities of memory and compute, exactly: no floating point.
//!
//! Source: Kubernetes `resource.Quantity`, and Score's `memory`, which also has an upper-case `K`.

/// Units of a millionth of a thousandth: everything is counted in nanos.
const NANO: u128 = 1_000_000_000;

/// Thousandths of a core, rounded up; `None` for what is not a quantity, is negative or too large.
pub fn cpu_millis(text: &str) -> Option<u64> {
    u64::try_from(nanos(text)?.div_ceil(NANO / 1000)).ok()
}

/// Bytes, rounded up; `None` for what is not a quantity, is negative or too large.
pub fn memory_bytes(text: &str) -> Option<u64> {
    u64::try_from(nanos(text)?.div_ceil(NANO)).ok()
}

/// Score's memory in Kubernetes' spelling: `64K` becomes `64k`, which is the only difference.
pub fn kubernetes_memory(text: &str) -> String {
    match text.strip_suffix('K') {
        Some(number) => format!("{number}k"),
        None => text.to_owned(),
    }
}

/// Billionths of the unit, rounded up: the finest step that Kubernetes has.
pub fn nanos(text: &str) -> Option<u128> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let mantissa = digits(whole)?.checked_mul(power(10, fraction.len())?)?.checked_add(digits(fraction)?)?;
    let (times, over) = unit(suffix)?;
    let over = over.checked_mul(power(10, fraction.len())?)?;
    // The factor is applied in two steps, so that large numbers with large suffixes still fit.
    let shared = greatest_common_divisor(times, over);
    Some(mantissa.checked_mul(times / shared)?.div_ceil(over / shared))
}

/// What a suffix multiplies nanos by, as a fraction.
fn unit(suffix: &str) -> Option<(u128, u128)> {
    let binary = |step: u32| (NANO << (10 * step), 1);
    let decimal = |exponent: i32| {
        let size = power(10, exponent.unsigned_abs() as usize)?;
        if exponent >= 0 { Some((NANO.checked_mul(size)?, 1)) } else { Some((NANO, size)) }
    };
    match suffix {
        "Ki" => Some(binary(1)),
        "Mi" => Some(binary(2)),
        "Gi" => Some(binary(3)),
        "Ti" => Some(binary(4)),
        "Pi" => Some(binary(5)),
        "Ei" => Some(binary(6)),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "" => decimal(0),
        "k" | "K" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        _ => decimal(exponent(suffix.strip_prefix(['e', 'E'])?)?),
    }
}

fn exponent(text: &str) -> Option<i32> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if bare.is_empty() || bare.len() > 2 || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn digits(text: &str) -> Option<u128> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

fn power(base: u128, exponent: usize) -> Option<u128> {
    base.checked_pow(u32::try_from(exponent).ok()?)
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_counted_in_thousandths() {
        let table = [
            ("1", Some(1000)),
            ("0.5", Some(500)),
            ("250m", Some(250)),
            ("1.5m", Some(2)),
            ("0.0001", Some(1)),
            ("0", Some(0)),
            ("2e3", Some(2_000_000)),
            ("2E-1", Some(200)),
            (".5", Some(500)),
            ("+1", Some(1000)),
            ("-1", None),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("1 ", None),
            ("m", None),
            ("1x", None),
            ("99999999999999999999999999999999999999999", None),
        ];
        for (text, expected) in table {
            assert_eq!(cpu_millis(text), expected, "{text}");
        }
    }

    #[test]
    fn memory_is_counted_in_bytes() {
        let table = [
            ("64K", Some(64_000)),
            ("64k", Some(64_000)),
            ("64Ki", Some(65_536)),
            ("1.5Gi", Some(1_610_612_736)),
            ("0.1", Some(1)),
            ("1P", Some(1_000_000_000_000_000)),
            ("7Ei", Some(7 << 60)),
            ("16Ei", None),
            ("128974848000m", Some(128_974_848)),
            ("1e3", Some(1000)),
            ("1e", None),
            ("1E", Some(1_000_000_000_000_000_000)),
        ];
        for (text, expected) in table {
            assert_eq!(memory_bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn only_the_upper_case_k_is_respelled() {
        assert_eq!(kubernetes_memory("64K"), "64k");
        assert_eq!(kubernetes_memory("64Ki"), "64Ki");
        assert_eq!(kubernetes_memory("64"), "64");
    }
}
