use serde::{Deserialize, Serialize};

/// A string after its placeholders were resolved: literal text and references, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// The parts; two literals never stand side by side, and no literal is empty.
    pub parts: Vec<Part>,
}

/// A piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// Text known now.
    Literal(String),
    /// A key of a Kubernetes Secret that something else fills.
    Secret {
        /// The Secret's name.
        name: String,
        /// The key in it.
        key: String,
        /// Whether the value may stand in a URL without percent-encoding.
        url_safe: bool,
    },
    /// A key of a Kubernetes ConfigMap that something else fills.
    ConfigMap {
        /// The ConfigMap's name.
        name: String,
        /// The key in it.
        key: String,
    },
}

impl Text {
    /// Adds literal text, joined to a literal before it.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Part::Literal(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(Part::Literal(text.to_owned()));
        }
    }

    /// Adds a part.
    pub fn push(&mut self, part: Part) {
        match part {
            Part::Literal(text) => self.push_str(&text),
            reference => self.parts.push(reference),
        }
    }

    /// The whole text, where it holds no reference.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}
