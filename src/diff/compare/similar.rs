//! How alike two values are.

use serde_json::Value;

use super::same::{hash, mix};

/// Leaves that a sketch keeps; more of a value are not looked at.
const LEAVES: usize = 4096;
/// Strings with more lines than one are compared by line, strings of one line by word.
const SEEDS: (u64, u64) = (11, 13);

/// The leaves of a value, as numbers: sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch(Vec<u64>);

impl Sketch {
    /// Sketches a value.
    pub(super) fn of(value: &Value) -> Self {
        Self::without(value, "")
    }

    /// Sketches a value as if `name` stood in none of its strings; the empty name stands in none.
    pub(super) fn without(value: &Value, name: &str) -> Self {
        let mut sketch = Self::default();
        sketch.add(value, 0, name);
        sketch.0.sort_unstable();
        sketch
    }

    /// The share of leaves that two sketches have in common, from 0 to 1.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let total = self.0.len() + other.0.len();
        if total == 0 {
            return 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "sketches have at most some thousand leaves")]
        let share = (2 * self.shared(other)) as f64 / total as f64;
        share
    }

    /// The numbers of the leaves.
    pub(super) fn leaves(&self) -> &[u64] {
        &self.0
    }

    fn shared(&self, other: &Self) -> usize {
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while let (Some(one), Some(two)) = (self.0.get(i), other.0.get(j)) {
            shared += usize::from(one == two);
            i += usize::from(one <= two);
            j += usize::from(two <= one);
        }
        shared
    }

    fn add(&mut self, value: &Value, place: u64, name: &str) {
        if self.0.len() >= LEAVES {
            return;
        }
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| self.add(value, mix(place, key.as_bytes()), name));
            }
            // The position is left out: one more item in front does not make the others differ.
            Value::Array(items) => items.iter().for_each(|item| self.add(item, mix(place, b"[]"), name)),
            Value::String(text) => self.add_text(text, place, name),
            _ => self.0.push(mix(place, &hash(value).to_le_bytes())),
        }
    }

    fn add_text(&mut self, text: &str, place: u64, name: &str) {
        let renamed = (!name.is_empty() && text.contains(name)).then(|| text.replace(name, "\0"));
        let text = renamed.as_deref().unwrap_or(text);
        let room = LEAVES - self.0.len();
        if text.contains('\n') {
            self.0.extend(text.lines().take(room).map(|line| mix(place ^ SEEDS.0, line.trim().as_bytes())));
        } else {
            let is_border = |character: char| !character.is_alphanumeric() && character != '\0';
            let words = text.split(is_border).filter(|word| !word.is_empty()).take(room);
            let before = self.0.len();
            self.0.extend(words.map(|word| mix(place ^ SEEDS.1, word.as_bytes())));
            if self.0.len() == before {
                self.0.push(mix(place ^ SEEDS.1, text.as_bytes()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn likeness(one: Value, other: Value) -> f64 {
        Sketch::of(&one).likeness(&Sketch::of(&other))
    }

    #[test]
    fn likeness_is_the_share_of_common_leaves() {
        assert_eq!(likeness(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1})), 1.0);
        assert_eq!(likeness(json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3})), 0.5);
        assert_eq!(likeness(json!({"a": 1}), json!({"b": 1})), 0.0);
        assert!(likeness(json!("registry/app:1.0"), json!("registry/app:1.1")) > 0.5);
        assert_eq!(likeness(json!("a\nb\nc\nd"), json!("a\nb\nc\ne")), 0.75);
        assert_eq!(likeness(json!({}), json!([])), 1.0);
    }

    #[test]
    fn the_name_can_be_left_out() {
        let one = Sketch::without(&json!({"name": "shop", "host": "shop.example.org"}), "shop");
        let other = Sketch::without(&json!({"name": "till", "host": "till.example.org"}), "till");
        assert_eq!(one.likeness(&other), 1.0);
    }
}
