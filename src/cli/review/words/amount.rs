use crate::model::{Cost, CostLine, Range};

/// An amount of money with its sign where it is a difference: `45.20`, or `45.20 to 135.60`.
pub(crate) fn money(range: Range) -> String {
    match range.low == range.high {
        true => amount(range.low),
        false => format!("{} to {}", amount(range.low), amount(range.high)),
    }
}

/// What a range grows by, with a sign: `+2.26`, `-5.20 to 0.00`.
pub(crate) fn difference(before: Range, after: Range) -> String {
    let low = after.low.saturating_sub(before.low);
    let high = after.high.saturating_sub(before.high);
    let signed = |thousandths: i64| match thousandths {
        1.. => format!("+{}", amount(thousandths)),
        _ => amount(thousandths),
    };
    match low == high {
        true => signed(low),
        false => format!("{} to {}", signed(low.min(high)), signed(low.max(high))),
    }
}

/// The sums over all lines, before and after.
pub(crate) fn total(cost: &Cost) -> (Range, Range) {
    let sum = |range: fn(&CostLine) -> Range| {
        cost.lines.iter().map(range).fold(Range::default(), |sum, range| Range {
            low: sum.low.saturating_add(range.low),
            high: sum.high.saturating_add(range.high),
        })
    };
    (sum(|line| line.before), sum(|line| line.after))
}

/// Thousandths as an amount with two digits, rounded half away from zero.
fn amount(thousandths: i64) -> String {
    let hundredths = (thousandths.unsigned_abs() + 5) / 10;
    let sign = if thousandths < 0 && hundredths > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: i64, high: i64) -> Range {
        Range { low, high }
    }

    #[test]
    fn amounts_have_two_digits_and_are_rounded_away_from_zero() {
        let amounts = [0, 4, 5, -4, -5, 2_260, -1_234_565, i64::MIN].map(amount);
        let shown = ["0.00", "0.00", "0.01", "0.00", "-0.01", "2.26", "-1234.57", "-9223372036854775.81"];
        assert_eq!(amounts, shown);
    }

    #[test]
    fn a_range_has_two_ends_and_a_difference_a_sign() {
        assert_eq!(money(range(1_000, 1_000)), "1.00");
        assert_eq!(money(range(1_000, 3_000)), "1.00 to 3.00");
        assert_eq!(difference(range(0, 0), range(2_260, 2_260)), "+2.26");
        assert_eq!(difference(range(0, 0), range(0, 0)), "0.00");
        assert_eq!(difference(range(45_200, 135_600), range(40_000, 135_600)), "-5.20 to 0.00");
        assert_eq!(difference(range(0, i64::MIN), range(i64::MAX, i64::MAX)), "+9223372036854775.81");
    }
}
