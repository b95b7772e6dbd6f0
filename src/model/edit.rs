use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FieldPath, Format};

/// One difference between two documents. Values are as they stand: an edit is not for printing (see `FieldChange`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Where.
    pub path: FieldPath,
    /// What.
    pub what: What,
}

/// What happened to a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// It is new.
    Added {
        /// The value.
        new: Value,
        /// Its position in the new list, for an item of a list.
        at: Option<usize>,
    },
    /// It is gone.
    Removed {
        /// The value.
        old: Value,
        /// Its position in the old list, for an item of a list.
        at: Option<usize>,
    },
    /// It has another value.
    Changed {
        /// The value it had.
        old: Value,
        /// The value it has.
        new: Value,
        /// Whether the field's own terms call them equal: `1000m` and `1`, another layout of the same JSON text.
        equal: bool,
        /// The differences inside, where both are texts of one format; with `equal`, none.
        inside: Option<(Format, Vec<Edit>)>,
    },
    /// The items that are on both sides stand in another order.
    Reordered {
        /// For each item that stays, in the new order, its position in the old list.
        order: Vec<usize>,
        /// Whether the order counts for nothing, as in a set.
        equal: bool,
    },
}
