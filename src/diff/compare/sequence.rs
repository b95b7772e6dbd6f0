//! Which items of two lists are the same, in order: a longest common subsequence, at a bounded price.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use super::same;
use super::similar::Sketch;

/// Cells of a table that may be filled for one stretch: 500 items against 500.
const CELLS: usize = 250_000;
/// Pairs of a gap that are looked at for likeness.
const GAP: usize = 400;
/// From here on two items are taken for one that was edited.
const ALIKE: f64 = 0.5;

/// Pairs the items of two lists: equal ones by a common subsequence, and in the gaps those that are alike.
///
/// Pairs are positions (old, new), both ascending. Long stretches without a common item that stands once on each side
/// are not looked into: what is not paired is removed and added.
pub(super) fn pairs(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let (olds, news) = classes(old, new);
    let mut equal = Vec::new();
    common(&olds, &news, (0, 0), Anchors::Allowed, &mut equal);
    let mut pairs = Vec::with_capacity(equal.len());
    let mut from = (0, 0);
    for pair in equal.into_iter().chain([(old.len(), new.len())]) {
        gap(old, new, (from.0..pair.0, from.1..pair.1), &mut pairs);
        if pair.0 < old.len() {
            pairs.push(pair);
        }
        from = (pair.0 + 1, pair.1 + 1);
    }
    pairs
}

/// Numbers for the items, equal for equal items and for these alone.
fn classes(old: &[Value], new: &[Value]) -> (Vec<u32>, Vec<u32>) {
    let mut known: HashMap<u64, Vec<(u32, &Value)>> = HashMap::with_capacity(old.len() + new.len());
    let mut count = 0;
    let mut class = |item| {
        let bucket = known.entry(same::hash(item)).or_default();
        if let Some((class, _)) = bucket.iter().find(|(_, other)| same::same(other, item)) {
            return *class;
        }
        count += 1;
        bucket.push((count, item));
        count
    };
    (old.iter().map(&mut class).collect(), new.iter().map(&mut class).collect())
}

/// Whether a stretch that is too large may be cut at items that stand once on each side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchors {
    Allowed,
    Used,
}

/// Adds the common subsequence of two stretches that start at `base`.
fn common(old: &[u32], new: &[u32], base: (usize, usize), anchors: Anchors, found: &mut Vec<(usize, usize)>) {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    found.extend((0..head).map(|at| (base.0 + at, base.1 + at)));
    let (old, new, base) = (&old[head..], &new[head..], (base.0 + head, base.1 + head));
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (middle_old, middle_new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if middle_old.len().saturating_mul(middle_new.len()) <= CELLS {
        table(middle_old, middle_new, base, found);
    } else if anchors == Anchors::Allowed {
        between_anchors(middle_old, middle_new, base, found);
    }
    found.extend((0..tail).map(|at| (base.0 + middle_old.len() + at, base.1 + middle_new.len() + at)));
}

/// The exact answer, by the textbook's table.
fn table(old: &[u32], new: &[u32], base: (usize, usize), found: &mut Vec<(usize, usize)>) {
    if old.is_empty() || new.is_empty() {
        return;
    }
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            found.push((base.0 + i, base.1 + j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Cuts at the longest ascending run of items that stand once on each side.
fn between_anchors(old: &[u32], new: &[u32], base: (usize, usize), found: &mut Vec<(usize, usize)>) {
    let places = |items: &[u32]| {
        let mut places: HashMap<u32, Option<usize>> = HashMap::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            places.entry(*item).and_modify(|place| *place = None).or_insert(Some(at));
        }
        places
    };
    let (olds, news) = (places(old), places(new));
    let unique = new.iter().enumerate().filter_map(|(at, item)| {
        news.get(item)?.as_ref()?;
        Some((olds.get(item).copied()??, at))
    });
    let mut from = (0, 0);
    for (at_old, at_new) in ascending(&unique.collect::<Vec<_>>()).into_iter().chain([(old.len(), new.len())])
    {
        let base = (base.0 + from.0, base.1 + from.1);
        common(&old[from.0..at_old], &new[from.1..at_new], base, Anchors::Used, found);
        if at_old < old.len() {
            found.push((base.0 - from.0 + at_old, base.1 - from.1 + at_new));
        }
        from = (at_old + 1, at_new + 1);
    }
}

/// The longest subsequence whose first positions ascend; the second ones do already.
fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair that ends the best run of n + 1; `before` links each pair to the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let place = ends.partition_point(|end| pairs[*end].0 < pair.0);
        before.push(place.checked_sub(1).map(|shorter| ends[shorter]));
        if place == ends.len() { ends.push(at) } else { ends[place] = at }
    }
    let mut run: Vec<_> =
        std::iter::successors(ends.last().copied(), |at| before[*at]).map(|at| pairs[at]).collect();
    run.reverse();
    run
}

/// Pairs what is alike among items that are equal to none, in order, so that the sum of likeness is the largest.
fn gap(
    old: &[Value],
    new: &[Value],
    (olds, news): (Range<usize>, Range<usize>),
    pairs: &mut Vec<(usize, usize)>,
) {
    let (rows, columns) = (olds.len(), news.len());
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > GAP {
        return;
    }
    let sketches = |items: &[Value]| items.iter().map(Sketch::of).collect::<Vec<_>>();
    let (left, right) = (sketches(&old[olds.clone()]), sketches(&new[news.clone()]));
    let alone = rows == 1 && columns == 1;
    let likeness = |i: usize, j: usize| {
        let (one, other) = (&old[olds.start + i], &new[news.start + j]);
        let likeness = left[i].likeness(&right[j]);
        let scalars = !is_tree(one) && !is_tree(other);
        // One scalar in the place of one other is a change of it, however different they are.
        let pairs = likeness >= ALIKE || (alone && scalars && same_type(one, other));
        if pairs { likeness + 0.01 } else { 0.0 }
    };
    let width = columns + 1;
    let mut best = vec![0.0_f64; (rows + 1) * width];
    let mut score = vec![0.0_f64; rows * columns];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let alike = likeness(i, j);
            score[i * columns + j] = alike;
            let taken = if alike > 0.0 { best[(i + 1) * width + j + 1] + alike } else { 0.0 };
            best[i * width + j] = taken.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        let here = best[i * width + j];
        let alike = score[i * columns + j];
        if alike > 0.0 && here <= best[(i + 1) * width + j + 1] + alike {
            pairs.push((olds.start + i, news.start + j));
            (i, j) = (i + 1, j + 1);
        } else if here <= best[(i + 1) * width + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

fn is_tree(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn same_type(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paired(old: Value, new: Value) -> Vec<(usize, usize)> {
        pairs(old.as_array().unwrap(), new.as_array().unwrap())
    }

    #[test]
    fn equal_items_pair_in_order_and_edited_ones_in_the_gaps() {
        assert_eq!(paired(json!([1, 2, 3]), json!([1, 3])), [(0, 0), (2, 1)]);
        assert_eq!(paired(json!(["a", "b", "c"]), json!(["a", "x", "c"])), [(0, 0), (1, 1), (2, 2)]);
        let old = json!([{"host": "a", "path": "/", "port": 1}, {"host": "b", "path": "/", "port": 2}]);
        let new = json!([{"host": "z"}, {"host": "b", "path": "/", "port": 3}]);
        assert_eq!(paired(old, new), [(1, 1)]);
        assert_eq!(paired(json!([]), json!([1])), []);
        assert_eq!(paired(json!(["a"]), json!([1])), []);
    }

    #[test]
    fn long_lists_are_cut_where_an_item_stands_once() {
        let old: Vec<Value> = (0..3000).map(Value::from).collect();
        let mut new = old.clone();
        new.remove(100);
        new.insert(2000, json!("new"));
        new[2500] = json!("changed");
        let pairs = pairs(&old, &new);
        assert_eq!(pairs.len(), 2998);
        assert!(pairs.is_sorted() && pairs.iter().all(|(_, new)| *new != 2000));
    }

    #[test]
    fn long_lists_without_anything_in_common_take_no_time() {
        let old: Vec<Value> = (0..20_000).map(|at| json!(at % 2)).collect();
        let new: Vec<Value> = (0..20_000).map(|at| json!(at % 3)).collect();
        assert!(pairs(&old, &new).is_sorted());
    }
}
