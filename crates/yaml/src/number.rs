//! Numbers: 64-bit integers and finite floats, comparable and hashable.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A number as JSON has it: an integer of 64 bits, or a finite float.
///
/// Two numbers are equal when they are of one kind and have the same bits: `1` is not `1.0`, and `0.0` is not `-0.0`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Number {
    /// Any integer that fits.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// A finite float. Serialised as its bits, so that no digit is lost.
    Float(#[serde(with = "float_bits")] f64),
}

impl Number {
    /// Returns the number as a float; large integers are rounded.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::UInt(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    fn bits(self) -> (u8, u64) {
        match self {
            Self::Int(value) => (0, value.cast_unsigned()),
            Self::UInt(value) => (1, value),
            Self::Float(value) => (2, value.to_bits()),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

/// As JSON: the shortest digits that read back as the same number (`3`, `1.5`, `1e300`).
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::UInt(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
        }
    }
}

mod float_bits {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(value.to_bits())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        let value = f64::from_bits(u64::deserialize(deserializer)?);
        if value.is_finite() { Ok(value) } else { Err(serde::de::Error::custom("a number must be finite")) }
    }
}
