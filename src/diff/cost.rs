//! What changes cost a month, from requests, replicas, storage and the platform's prices.
//!
//! Whole numbers throughout, rounded once for each line. What has no request or no price is told, and not taken for zero.

mod demand;
mod pod;

use std::collections::{BTreeMap, BTreeSet};

pub use demand::{Demand, Need, demand};

use crate::model::{Cost, CostLine, InstanceName, Prices, Range};

/// Hours of a month, as clouds count them.
const HOURS: u128 = 730;

/// Bytes of a GiB.
const GIB: u128 = 1 << 30;

/// What the changed instances cost a month before and after, by environment and owner: lines only where that differs.
///
/// `changed` has each instance that changes, comes or goes, with what it asks for on both sides; nothing for the side
/// where it is not. Prices are the base's. Overflow ends in the largest number, never in a small one.
pub fn cost<'a>(prices: &Prices, changed: impl Iterator<Item = (&'a InstanceName, Demand, Demand)>) -> Cost {
    let mut lines: BTreeMap<(String, Option<String>), (Demand, Demand)> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for (instance, before, after) in changed.filter(|(_, before, after)| before != after) {
        let (old, new) = lines.entry((instance.environment.clone(), instance.owner.clone())).or_default();
        old.add(&before);
        new.add(&after);
        unknown.extend(before.unknown);
        unknown.extend(after.unknown);
    }
    for (before, after) in lines.values() {
        unknown.extend(unpriced(prices, before).chain(unpriced(prices, after)));
    }
    let lines = lines.into_iter().filter_map(|((environment, owner), (before, after))| {
        let (before, after) = (price(prices, &before), price(prices, &after));
        (before != after).then_some(CostLine { environment, owner, before, after })
    });
    Cost { currency: prices.currency.clone(), lines: lines.collect(), unknown: unknown.into_iter().collect() }
}

/// What is asked for and has no price.
fn unpriced(prices: &Prices, demand: &Demand) -> impl Iterator<Item = String> {
    let missing = [
        ("cpuHour", &prices.cpu_hour, &demand.cpu),
        ("memoryGiBHour", &prices.memory_gib_hour, &demand.memory),
        ("storageGiBMonth", &prices.storage_gib_month, &demand.storage),
    ];
    let missing = missing.map(|(name, price, need)| (price.is_none() && need.high > 0).then_some(name));
    missing.into_iter().flatten().map(|name| format!("there is no price `{name}`"))
}

fn price(prices: &Prices, demand: &Demand) -> Range {
    let end = |of: fn(&Need) -> u128| {
        let priced = |price: &Option<crate::model::Spanned<u64>>, need: &Need, times: u128, unit: u128| {
            let billionths = price.as_ref().map_or(0, |price| u128::from(price.value));
            Amount { whole: of(need).saturating_mul(billionths).saturating_mul(times), unit }
        };
        thousandths([
            priced(&prices.cpu_hour, &demand.cpu, HOURS, 1000),
            priced(&prices.memory_gib_hour, &demand.memory, HOURS, GIB),
            priced(&prices.storage_gib_month, &demand.storage, 1, GIB),
        ])
    };
    Range { low: end(|need| need.low), high: end(|need| need.high) }
}

/// Billionths of the currency's unit, as a fraction.
struct Amount {
    whole: u128,
    unit: u128,
}

/// The sum in thousandths of the currency's unit, to the nearest one.
fn thousandths(amounts: [Amount; 3]) -> i64 {
    // Billionths are whole enough: what is lost here is below a millionth of a thousandth for each of three.
    let billionths = amounts.iter().fold(0_u128, |sum, one| sum.saturating_add(one.whole / one.unit));
    i64::try_from(billionths.saturating_add(500_000) / 1_000_000).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
