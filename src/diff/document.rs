//! The documents of a rendered file.

use camino::Utf8Path;
use macadam_yaml::{FileId, Limits, Resolution};
use serde_json::Value;

use crate::model::{Format, ObjectId};
use crate::parse::json;

/// One document, and whose it is.
pub(super) struct Candidate<'a> {
    pub(super) id: Option<&'a ObjectId>,
    pub(super) value: &'a Value,
}

/// One document of a file.
pub(super) struct Document {
    pub(super) id: Option<ObjectId>,
    pub(super) format: Format,
    pub(super) value: Value,
}

/// Reads the document of a file.
pub(super) fn documents(_path: &Utf8Path, bytes: &[u8]) -> Vec<Document> {
    let Ok(node) = macadam_yaml::parse(bytes, FileId(0), Resolution::Kubernetes, &Limits::default()) else {
        let value = Value::String(String::from_utf8_lossy(bytes).into_owned());
        return vec![Document { id: None, format: Format::Text, value }];
    };
    let value = json::value(&node);
    let text = |pointer| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let id = text("/kind").zip(text("/metadata/name")).map(|(kind, name)| ObjectId {
        group: text("/apiVersion")
            .and_then(|version| Some(version.rsplit_once('/')?.0.to_owned()))
            .unwrap_or_default(),
        kind,
        namespace: text("/metadata/namespace"),
        name,
    });
    vec![Document { id, format: Format::Yaml, value }]
}

/// Puts similar documents together, by position.
pub(super) fn pair(old: &[Candidate<'_>], new: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let same = |(at, one): (usize, &Candidate<'_>)| {
        let other = new.iter().position(|other| other.id == one.id && other.value == one.value);
        other.map(|other| (at, other))
    };
    old.iter().enumerate().filter_map(same).collect()
}
