use std::fmt;

use serde::{Deserialize, Serialize};

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// The item of a list that has these values under its merge keys, in the keys' order: `[main]`, `[80/TCP]`.
    Item(Vec<(String, String)>),
    /// The item at a position, from zero: in the new list, or in the old one for what is removed.
    Index(usize),
    /// Into a string that is a document itself.
    Inside(Format),
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// YAML, one or more documents.
    Yaml,
    /// JSON.
    Json,
    /// HCL, as OpenTofu reads it.
    Hcl,
    /// Plain text, compared by line.
    Text,
    /// Anything that is not UTF-8.
    Binary,
}

/// Where a field stands in a document, as people write it: `spec.template.spec.containers[main].image`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// The path of a field below this one.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The keys alone, joined by dots, without list items: what rules match, such as `spec.template.spec.containers.image`.
    pub fn keys(&self) -> String {
        let keys = self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        });
        keys.collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if !is_plain(key) => write!(f, "[{key:?}]")?,
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item(keys) => {
                    let values: Vec<&str> = keys.iter().map(|(_, value)| value.as_str()).collect();
                    write!(f, "[{}]", values.join("/"))?;
                }
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Inside(format) => write!(f, "({})", format.name())?,
            }
        }
        Ok(())
    }
}

/// Whether a key can stand between dots.
fn is_plain(key: &str) -> bool {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '$');
    !key.is_empty() && key.chars().all(fits)
}

impl Format {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Hcl => "hcl",
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_people_write_it() {
        let path = FieldPath(vec![
            Step::Key("data".to_owned()),
            Step::Key("app.yaml".to_owned()),
            Step::Inside(Format::Yaml),
            Step::Key("ports".to_owned()),
            Step::Item(vec![("port".to_owned(), "80".to_owned()), ("protocol".to_owned(), "TCP".to_owned())]),
            Step::Key("args".to_owned()),
            Step::Index(2),
        ]);
        assert_eq!(path.to_string(), r#"data["app.yaml"](yaml).ports[80/TCP].args[2]"#);
        assert_eq!(path.keys(), "data.app.yaml.ports.args");
    }
}
