//! Kubernetes quantities in their canonical form.

const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// Returns a quantity as Kubernetes would write it back: `0.5` is `500m`, `1.5Gi` is `1536Mi`, `1000m` is `1`. `K` is
/// read as `k`. `None` where it is no quantity, has too many digits, or is finer than a billionth.
pub(super) fn canonical(text: &str) -> Option<String> {
    let (negative, text) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, suffix) = text.split_at(split);
    let (nanos, form) = magnitude(digits, suffix)?;
    let sign = if negative && nanos > 0 { "-" } else { "" };
    let written = match form {
        Form::Binary => binary(nanos).or_else(|| decimal(nanos))?,
        Form::Decimal => decimal(nanos)?,
    };
    Some(format!("{sign}{written}"))
}

enum Form {
    Binary,
    Decimal,
}

const NANO: u128 = 1_000_000_000;

fn magnitude(digits: &str, suffix: &str) -> Option<(u128, Form)> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || digits.len() > 28 {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let mantissa: u128 = format!("0{whole}{fraction}").parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?;
    if let Some((_, shift)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        let scaled = mantissa.checked_mul(1 << shift)?.checked_mul(NANO)?;
        let divisor = 10_u128.checked_pow(places as u32)?;
        return scaled.is_multiple_of(divisor).then(|| (scaled / divisor, Form::Binary));
    }
    let suffix = if suffix == "K" { "k" } else { suffix };
    let exponent = match DECIMAL.iter().find(|(name, _)| *name == suffix) {
        Some((_, exponent)) => *exponent,
        None => suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok().filter(|e| (-18..=18).contains(e))?,
    };
    let power = exponent - places + 9;
    let scale = 10_u128.checked_pow(power.unsigned_abs())?;
    if power >= 0 {
        return Some((mantissa.checked_mul(scale)?, Form::Decimal));
    }
    mantissa.is_multiple_of(scale).then(|| (mantissa / scale, Form::Decimal))
}

fn binary(nanos: u128) -> Option<String> {
    if !nanos.is_multiple_of(NANO) || nanos < 1024 * NANO {
        return None;
    }
    let units = nanos / NANO;
    let (name, shift) =
        BINARY.iter().rev().find(|(_, shift)| units.is_multiple_of(1 << shift)).copied().unwrap_or(("", 0));
    Some(format!("{}{name}", units >> shift))
}

fn decimal(nanos: u128) -> Option<String> {
    if nanos == 0 {
        return Some("0".to_owned());
    }
    let (name, exponent) = DECIMAL
        .iter()
        .rev()
        .find(|(_, exponent)| nanos.is_multiple_of(10_u128.pow((exponent + 9) as u32)))?;
    Some(format!("{}{name}", nanos / 10_u128.pow((exponent + 9) as u32)))
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn quantities_are_written_as_kubernetes_writes_them() {
        for (from, to) in [
            ("0.5", "500m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("2", "2"),
            ("1000", "1k"),
            ("64K", "64k"),
            ("1.5Gi", "1536Mi"),
            ("1024Ki", "1Mi"),
            ("512", "512"),
            ("0", "0"),
            ("0.0", "0"),
            ("1e3", "1k"),
            ("1E", "1E"),
            ("128Mi", "128Mi"),
            ("-1.5", "-1500m"),
            ("+2", "2"),
            (".5", "500m"),
            ("5.", "5"),
            ("100n", "100n"),
            ("1.5Ki", "1536"),
            ("0.5Ki", "512"),
        ] {
            assert_eq!(canonical(from).as_deref(), Some(to), "{from}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in
            ["", ".", "-", "1 Gi", "1gi", "Gi", "1.2.3", "1e99", "0.0000000001", "abc", "1\n", "٣", "1e"]
        {
            assert_eq!(canonical(text), None, "{text}");
        }
        assert_eq!(canonical(&"9".repeat(60)), None);
    }
}
