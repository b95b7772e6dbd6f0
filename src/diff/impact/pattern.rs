//! Patterns of field paths, as impact rules write them.

use serde_json::Value;

use crate::model::{FieldPath, Step};

/// A pattern of keys: `spec.template.**.image`, `metadata.annotations["argocd.argoproj.io/*"]`, `containers|initContainers`.
///
/// `*` is any key, `**` any number of them, `|` stands between alternatives, and a `*` at a key's end is any rest. Lists
/// are looked through: a pattern speaks of keys alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// Any number of keys.
    Deep,
    /// One key out of these.
    Key(Vec<Word>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Exact(String),
    Prefix(String),
}

/// How a pattern stands to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit<'p> {
    /// It is the field.
    Here,
    /// The field lies below.
    Below,
    /// The field lies above; these segments are left.
    Above(Rest<'p>),
    /// They have nothing to do with each other.
    Apart,
}

/// What is left of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest<'p>(&'p [Segment]);

impl Pattern {
    /// Reads a pattern; `None` where it is empty, ends in `**`, or a bracket is not closed.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (segment, after) = match rest.strip_prefix("[\"") {
                Some(quoted) => {
                    let (key, after) = quoted.split_once("\"]")?;
                    (Segment::Key(vec![Word::parse(key)]), after)
                }
                None => {
                    let end = rest.find(['.', '[']).unwrap_or(rest.len());
                    (Segment::parse(&rest[..end])?, &rest[end..])
                }
            };
            segments.push(segment);
            rest = after.strip_prefix('.').unwrap_or(after);
        }
        (!segments.is_empty() && segments.last() != Some(&Segment::Deep)).then_some(Self(segments))
    }

    /// The same pattern below another one.
    pub(super) fn below(&self, prefix: &Self) -> Self {
        Self(prefix.0.iter().chain(&self.0).cloned().collect())
    }

    /// How the pattern stands to a field with these keys.
    pub(super) fn fit(&self, keys: &[&str]) -> Fit<'_> {
        fit(&self.0, keys)
    }

    /// Everything in a document that the pattern names.
    pub(super) fn find<'v>(&self, document: &'v Value) -> Vec<&'v Value> {
        Rest(&self.0).find(document)
    }
}

impl Rest<'_> {
    /// Everything below a value that what is left names, in the document's order.
    pub(super) fn find(self, value: &Value) -> Vec<&Value> {
        let mut found = Vec::new();
        collect(value, self.0, &mut found);
        found
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "" => None,
            "**" => Some(Self::Deep),
            _ => Some(Self::Key(text.split('|').map(Word::parse).collect())),
        }
    }

    fn takes(&self, key: &str) -> bool {
        match self {
            Self::Deep => true,
            Self::Key(words) => words.iter().any(|word| match word {
                Word::Exact(text) => text == key,
                Word::Prefix(text) => key.starts_with(text.as_str()),
            }),
        }
    }
}

impl Word {
    fn parse(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None => Self::Exact(text.to_owned()),
        }
    }
}

fn fit<'p>(pattern: &'p [Segment], keys: &[&str]) -> Fit<'p> {
    let Some((segment, after)) = pattern.split_first() else {
        return if keys.is_empty() { Fit::Here } else { Fit::Below };
    };
    let Some((key, below)) = keys.split_first() else { return Fit::Above(Rest(pattern)) };
    if *segment == Segment::Deep {
        return match fit(after, keys) {
            fit @ (Fit::Here | Fit::Below) => fit,
            _ => fit(pattern, below),
        };
    }
    if segment.takes(key) { fit(after, below) } else { Fit::Apart }
}

fn collect<'v>(value: &'v Value, pattern: &[Segment], found: &mut Vec<&'v Value>) {
    let Some((segment, after)) = pattern.split_first() else { return found.push(value) };
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, pattern, found)),
        Value::Object(map) if *segment == Segment::Deep => {
            collect(value, after, found);
            map.values().for_each(|value| collect(value, pattern, found));
        }
        Value::Object(map) => {
            let taken = map.iter().filter(|(key, _)| segment.takes(key));
            taken.for_each(|(_, value)| collect(value, after, found));
        }
        _ => {}
    }
}

/// The keys of a path, outermost first, up to where it goes into a text.
pub(super) fn keys(path: &FieldPath) -> Vec<&str> {
    let outer = path.0.iter().take_while(|step| !matches!(step, Step::Inside(_)));
    outer.filter_map(key).collect()
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).unwrap()
    }

    #[test]
    fn a_pattern_takes_its_field_and_what_lies_below() {
        let table = [
            ("spec.selector", "spec selector matchLabels app", "below"),
            ("spec.selector", "spec selector", "here"),
            ("spec.selector", "spec", "above"),
            ("spec.selector", "", "above"),
            ("spec.selector", "spec replicas", "apart"),
            ("spec.*.image", "spec containers image", "here"),
            ("spec.a|b.image", "spec b image", "here"),
            ("spec.a|b.image", "spec c image", "apart"),
            ("spec.**.image", "spec a b c image", "here"),
            ("spec.**.image", "spec image", "here"),
            ("spec.**.image", "spec a b", "above"),
            (r#"metadata.annotations["a.b/*"]"#, "metadata annotations a.b/c", "here"),
            (r#"metadata.annotations["a.b/*"].x"#, "metadata annotations a.c", "apart"),
        ];
        for (text, keys, expected) in table {
            let keys: Vec<&str> = keys.split_whitespace().collect();
            let found = match pattern(text).fit(&keys) {
                Fit::Here => "here",
                Fit::Below => "below",
                Fit::Above(_) => "above",
                Fit::Apart => "apart",
            };
            assert_eq!(found, expected, "{text} {keys:?}");
        }
    }

    #[test]
    fn what_a_pattern_names_is_found_through_lists() {
        let document =
            json!({"spec": {"containers": [{"image": "a"}, {"image": "b"}], "init": {"image": "c"}}});
        assert_eq!(pattern("spec.containers.image").find(&document), ["a", "b"]);
        assert_eq!(pattern("spec.init.image").find(&document), ["c"]);
        assert_eq!(pattern("spec.nothing.image").find(&document), Vec::<&Value>::new());
        assert_eq!(pattern("spec.**.image").find(&document), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "spec..a", "spec.**", r#"a["b"#] {
            assert_eq!(Pattern::parse(text), None, "{text}");
        }
    }
}
