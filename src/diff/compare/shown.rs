//! From edits to what may be printed.

use serde_json::Value;

use super::redact::Place;
use super::secret::{self, MASK};
use crate::model::{Edit, FieldChange, FieldKind, FieldPath, Impacts, ObjectId, Shown, Step, What};

/// Flattens edits, those inside of texts too, and takes secrets away. Impacts and rules stay empty.
///
/// Secret are the values of a Secret, what stands under a key or a variable with a secret's name, and what looks like a
/// secret anywhere. Within maps, lists and texts of several lines only that part is replaced by `(secret)`. Order is that
/// of the edits. A whole document that is only written in another way has no values.
pub fn field_changes(id: Option<&ObjectId>, edits: &[Edit]) -> Vec<FieldChange> {
    let mut changes = Vec::with_capacity(edits.len());
    let place = Place::root(id);
    edits.iter().for_each(|edit| flatten(edit, &FieldPath::default(), place, &mut changes));
    changes
}

/// One edit as one change, or as those inside of it.
fn flatten(edit: &Edit, above: &FieldPath, root: Place<'_>, changes: &mut Vec<FieldChange>) {
    let mut path = above.clone();
    path.0.extend(edit.path.0.iter().cloned());
    if let What::Changed { old, new, inside: Some((format, edits)), .. } = &edit.what
        && !edits.is_empty()
    {
        let below = path.join(Step::Inside(*format));
        let place = root.within(*format, [old, new]);
        edits.iter().for_each(|edit| flatten(edit, &below, place, changes));
        return;
    }
    changes.push(change(edit, path, root));
}

fn change(edit: &Edit, path: FieldPath, root: Place<'_>) -> FieldChange {
    let (kind, old, new) = match &edit.what {
        What::Added { new, .. } => (FieldKind::Added, None, Some(new)),
        What::Removed { old, .. } => (FieldKind::Removed, Some(old), None),
        What::Changed { old, new, equal: true, .. } => (FieldKind::Rewritten, Some(old), Some(new)),
        What::Changed { old, new, .. } => (FieldKind::Changed, Some(old), Some(new)),
        What::Reordered { equal: true, .. } => (FieldKind::Rewritten, None, None),
        What::Reordered { .. } => (FieldKind::Reordered, None, None),
    };
    // Two layouts of a whole document are for differences by line.
    let (old, new) =
        if kind == FieldKind::Rewritten && path.0.is_empty() { (None, None) } else { (old, new) };
    let place = root.at_path(&path);
    let mut shown = [old, new].map(|value| value.map(|value| shown(place, value)));
    // Two values that differ in their secrets alone would look equal.
    if let [Some(one), Some(other)] = &shown
        && one == other
    {
        shown = [Some(Shown::Secret), Some(Shown::Secret)];
    }
    let [old, new] = shown;
    FieldChange {
        path: safe_path(path),
        kind,
        old,
        new,
        impacts: Impacts::default(),
        rules: Vec::new(),
        specific: false,
    }
}

fn shown(place: Place<'_>, value: &Value) -> Shown {
    if !value.is_object() && !value.is_array() && place.is_secret(value) {
        return Shown::Secret;
    }
    let mut value = value.clone();
    let lines = value.as_str().map(|text| text.lines().count());
    if place.redact(&mut value, 0) && lines == Some(1) {
        return Shown::Secret;
    }
    Shown::Value(value)
}

/// A path without merge keys that look secret.
fn safe_path(mut path: FieldPath) -> FieldPath {
    for step in &mut path.0 {
        let Step::Item(keys) = step else { continue };
        for (_, text) in keys.iter_mut() {
            if secret::masked(text).is_some() || secret::is_random(text) {
                MASK.clone_into(text);
            }
        }
    }
    path
}
