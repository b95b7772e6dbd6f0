//! What files hold, as values that can be compared.

use camino::Utf8Path;
use serde_json::Value;

use super::{hcl, reading};
use crate::model::{Format, ObjectId};

/// One document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its identity, where it is a Kubernetes object.
    pub id: Option<ObjectId>,
    /// What it is written in.
    pub format: Format,
    /// Its value: a text is one string, and so is what stands for bytes that are no text.
    pub value: Value,
}

/// The documents of a file, with what their values do not say.
pub(super) struct Parsed {
    pub(super) format: Format,
    pub(super) documents: Vec<Document>,
    /// Numbers with more digits than their values keep, as written.
    pub(super) cut: Vec<String>,
    /// Whether the file's name promises fields, and there are none to be had.
    pub(super) opaque: bool,
}

/// Reads a file as what its name says: YAML of any number of documents, JSON, OpenTofu, else a text.
///
/// What cannot be read as that is one text (`format` tells); bytes that are not UTF-8, or hold NUL, are one string
/// that names their length and SHA-256. Empty documents are dropped.
pub fn documents(path: &Utf8Path, bytes: &[u8]) -> Vec<Document> {
    parse(path, bytes).documents
}

pub(super) fn parse(path: &Utf8Path, bytes: &[u8]) -> Parsed {
    let expected = format_of(path);
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let Some(text) = text else {
        let value = Value::from(super::fingerprint(bytes));
        return one(Format::Binary, value, expected != Format::Text);
    };
    let reading = match expected {
        Format::Yaml => reading::yaml(text),
        Format::Json => reading::json(text),
        Format::Hcl => hcl::value(text).map(|value| reading::Reading::of(vec![value])),
        Format::Text | Format::Binary => None,
    };
    let Some(reading) = reading else {
        return one(Format::Text, Value::from(text), expected != Format::Text);
    };
    let document = |value| Document { id: identity(&value), format: expected, value };
    Parsed {
        format: expected,
        documents: reading.documents.into_iter().map(document).collect(),
        cut: reading.cut,
        opaque: false,
    }
}

fn one(format: Format, value: Value, opaque: bool) -> Parsed {
    Parsed { format, documents: vec![Document { id: None, format, value }], cut: Vec::new(), opaque }
}

/// What a file is written in, by its name.
fn format_of(path: &Utf8Path) -> Format {
    let name = path.file_name().unwrap_or_default();
    match name.rsplit_once('.').map(|(_, suffix)| suffix) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        Some("tf" | "tfvars" | "tofu" | "hcl") => Format::Hcl,
        _ if name == "Chart.lock" => Format::Yaml,
        _ => Format::Text,
    }
}

/// The identity of a Kubernetes object, as it stands; `None` for what is none.
pub(super) fn identity(value: &Value) -> Option<ObjectId> {
    let text = |value: &Value, key: &str| {
        value.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let version = text(value, "apiVersion")?;
    let kind = text(value, "kind")?;
    let metadata = value.get("metadata")?;
    let group = version.split_once('/').map_or("", |(group, _)| group).to_owned();
    let name = text(metadata, "name").or_else(|| text(metadata, "generateName"))?;
    Some(ObjectId { group, kind, namespace: text(metadata, "namespace"), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<(Option<String>, Format)> {
        let documents = documents(Utf8Path::new(path), text.as_bytes());
        documents.into_iter().map(|one| (one.id.map(|id| id.to_string()), one.format)).collect()
    }

    #[test]
    fn files_are_read_by_their_names() {
        let objects = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: prod}\n---\n# nothing\n---\nx: 1\n";
        assert_eq!(
            read("a.yaml", objects),
            [(Some("Deployment.apps/prod/a".to_owned()), Format::Yaml), (None, Format::Yaml)]
        );
        let table = [
            ("values.yml", "a: 1", Format::Yaml),
            ("a.yaml", "a: 1\na: 2", Format::Text),
            ("board.json", "[1]", Format::Json),
            ("board.json", "[1", Format::Text),
            ("main.tf", "a = 1", Format::Hcl),
            ("main.tf.json", "{}", Format::Json),
            ("prod.tfvars", "a = ", Format::Text),
            ("NOTES.txt", "a: 1", Format::Text),
            ("README.md", "\0", Format::Binary),
        ];
        for (path, text, format) in table {
            assert_eq!(read(path, text), [(None, format)], "{path}");
        }
    }
}
