//! The built-in rules: reading their file, and one rule.

use std::collections::BTreeMap;

use macadam_yaml::{FileId, Limits, Resolution};
use serde::Deserialize;
use serde_json::Value;

use super::{
    pattern::{Fit, Pattern},
    predicate::{Predicate, Site, at},
};
use crate::{
    model::{Action, Impact, Impacts, Mark},
    parse::json,
};

/// The rules as they are written.
const RULES: &str = include_str!("rules.yaml");

/// One built-in rule.
#[derive(Debug, Clone)]
pub struct BuiltInRule {
    /// Its name, such as `kubernetes/workload-selector`: what it is about, then what it says.
    pub name: String,
    /// What a change means that it speaks of.
    pub impacts: Impacts,
    /// Why: a sentence or two.
    pub why: String,
    /// Where that is written.
    pub source: String,
    /// The kinds it speaks of, as `Kind.group`, `*.group` or `*`; `opentofu` for HCL.
    pub kinds: Vec<String>,
    /// What happens to the objects it speaks of.
    pub actions: Vec<Action>,
    /// The fields it speaks of, as they are written; empty for the object as a whole.
    pub fields: Vec<String>,
    /// The fields below those that it does not speak of.
    pub exceptions: Vec<String>,
    /// Only where no other rule speaks.
    pub(super) fallback: bool,
    pub(super) mark: Option<Mark>,
    patterns: Vec<(Place, Pattern)>,
    except: Vec<(Place, Pattern)>,
    when: Option<Predicate>,
    before: BTreeMap<String, Vec<Value>>,
    after: BTreeMap<String, Vec<Value>>,
}

/// Where a pattern begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the document.
    Document,
    /// At a pod template, wherever the kind has it.
    Pod,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sets: BTreeMap<String, Vec<String>>,
    defaults: Vec<WrittenDefault>,
    rules: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDefault {
    kinds: Vec<String>,
    #[serde(default)]
    path: Vec<String>,
    #[serde(default)]
    pod: Vec<String>,
    value: Value,
}

/// What the API server takes where a field is absent.
#[derive(Debug, Clone)]
pub(super) struct DefaultValue {
    pub(super) kinds: Vec<String>,
    pub(super) value: Value,
    patterns: Vec<(Place, Pattern)>,
}

/// The file of rules, read.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) rules: Vec<BuiltInRule>,
    pub(super) defaults: Vec<DefaultValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    kinds: Vec<String>,
    #[serde(default)]
    action: Vec<Action>,
    #[serde(default)]
    path: Vec<String>,
    #[serde(default)]
    pod: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    when: Option<Predicate>,
    #[serde(default)]
    before: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    after: BTreeMap<String, Vec<Value>>,
    impact: Vec<Impact>,
    mark: Option<Mark>,
    #[serde(default)]
    fallback: bool,
    why: String,
    source: String,
}

/// Reads the rules that macadam brings.
///
/// # Errors
///
/// Says what is wrong with the file; a test keeps it right.
pub(super) fn read() -> Result<Rules, String> {
    let limits = Limits::default();
    let node = macadam_yaml::parse(RULES.as_bytes(), FileId(0), Resolution::Spec, &limits)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))?;
    let file: File = serde_json::from_value(json::value(&node)).map_err(|error| error.to_string())?;
    let rules = file.rules.into_iter().map(|rule| rule.read(&file.sets)).collect::<Result<_, _>>()?;
    let defaults = file.defaults.into_iter().map(|one| one.read(&file.sets)).collect::<Result<_, _>>()?;
    Ok(Rules { rules, defaults })
}

/// Kinds, with sets written out.
fn kinds(written: &[String], sets: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut kinds = Vec::new();
    for kind in written {
        match sets.get(kind) {
            Some(set) => kinds.extend(set.iter().cloned()),
            None if kind.starts_with(|first: char| first.is_ascii_lowercase()) && kind != OPENTOFU => {
                return Err(format!("there is no set of kinds `{kind}`"));
            }
            None => kinds.push(kind.clone()),
        }
    }
    Ok(kinds)
}

/// The patterns of `path` and of `pod`.
fn both(path: &[String], pod: &[String]) -> Result<Vec<(Place, Pattern)>, String> {
    let patterns = [patterns(path, Place::Document), patterns(pod, Place::Pod)];
    let [Some(document), Some(pod)] = patterns else { return Err("a path is no pattern".to_owned()) };
    Ok(document.into_iter().chain(pod).collect())
}

impl WrittenDefault {
    fn read(self, sets: &BTreeMap<String, Vec<String>>) -> Result<DefaultValue, String> {
        let patterns = both(&self.path, &self.pod)?;
        Ok(DefaultValue { kinds: kinds(&self.kinds, sets)?, value: self.value, patterns })
    }
}

impl Written {
    fn read(self, sets: &BTreeMap<String, Vec<String>>) -> Result<BuiltInRule, String> {
        let bad = |what: String| format!("{}: {what}", self.name);
        let patterns = both(&self.path, &self.pod).map_err(bad)?;
        let place = if self.pod.is_empty() { Place::Document } else { Place::Pod };
        let except = self::patterns(&self.except, place)
            .ok_or_else(|| bad("an exception is no pattern".to_owned()))?;
        let kinds = kinds(&self.kinds, sets).map_err(bad)?;
        let fields: Vec<String> = self.path.iter().chain(&self.pod).cloned().collect();
        let actions = match (self.action.is_empty(), fields.is_empty()) {
            (false, _) => self.action,
            (true, false) => vec![Action::Changed, Action::Renamed],
            (true, true) => return Err(bad("neither `action` nor `path`".to_owned())),
        };
        Ok(BuiltInRule {
            impacts: self.impact.into_iter().collect(),
            why: self.why,
            source: self.source,
            kinds,
            actions,
            fields,
            exceptions: self.except,
            fallback: self.fallback,
            mark: self.mark,
            patterns,
            except,
            when: self.when,
            before: self.before,
            after: self.after,
            name: self.name,
        })
    }
}

/// The word that stands for HCL among kinds.
pub(super) const OPENTOFU: &str = "opentofu";

fn patterns(texts: &[String], place: Place) -> Option<Vec<(Place, Pattern)>> {
    texts.iter().map(|text| Some((place, Pattern::parse(text)?))).collect()
}

impl BuiltInRule {
    /// The rule for one kind: its paths from the document's root. `None` where it speaks of pods, and the kind has none.
    pub(super) fn bind(&self, pod: Pod<'_>) -> Option<Bound> {
        let patterns = pod.bind(&self.patterns);
        let speaks = self.fields.is_empty() || !patterns.is_empty();
        speaks.then(|| Bound { patterns, except: pod.bind(&self.except) })
    }

    /// Whether the documents around a field are those that the rule speaks of.
    pub(super) fn fits(&self, before: Option<&Value>, after: Option<&Value>) -> bool {
        let fits = |document: Option<&Value>, conditions: &BTreeMap<String, Vec<Value>>| {
            conditions
                .iter()
                .all(|(path, values)| values.contains(at(document, path).unwrap_or(&Value::Null)))
        };
        fits(before, &self.before) && fits(after, &self.after)
    }

    /// Whether the rule's condition holds, where it has one.
    pub(super) fn holds(&self, site: &Site<'_>) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(site))
    }
}

/// Where a kind has its pod template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pod<'a> {
    /// It runs no pods.
    None,
    /// It is a pod itself.
    Root,
    /// Below this path.
    At(&'a Pattern),
}

impl Pod<'_> {
    fn bind(self, patterns: &[(Place, Pattern)]) -> Vec<Pattern> {
        let bind = |(place, pattern): &(Place, Pattern)| match (place, self) {
            (Place::Document, _) | (Place::Pod, Pod::Root) => Some(pattern.clone()),
            (Place::Pod, Pod::At(path)) => Some(pattern.below(path)),
            (Place::Pod, Pod::None) => None,
        };
        patterns.iter().filter_map(bind).collect()
    }
}

impl DefaultValue {
    /// The fields of a kind that have this value where they are absent.
    pub(super) fn bind(&self, pod: Pod<'_>) -> Vec<Pattern> {
        pod.bind(&self.patterns)
    }
}

/// The patterns of a rule for one kind.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    patterns: Vec<Pattern>,
    except: Vec<Pattern>,
}

impl Bound {
    /// How the rule's patterns stand to a field: those that have to do with it, none where the field is an exception.
    pub(super) fn fits<'p>(&'p self, keys: &[&str]) -> impl Iterator<Item = Fit<'p>> {
        let excepted = self.except.iter().any(|pattern| matches!(pattern.fit(keys), Fit::Here | Fit::Below));
        let patterns = if excepted { &[] } else { self.patterns.as_slice() };
        patterns.iter().map(move |pattern| pattern.fit(keys)).filter(|fit| *fit != Fit::Apart)
    }

    /// Whether a field is one that the rule speaks of, or lies below one.
    pub(super) fn covers(&self, keys: &[&str]) -> bool {
        self.fits(keys).any(|fit| matches!(fit, Fit::Here | Fit::Below))
    }

    /// Whether some fields below those that the rule speaks of are not meant.
    pub(super) fn has_exceptions(&self) -> bool {
        !self.except.is_empty()
    }

    /// Whether the rule speaks of the object as a whole.
    pub(super) fn is_whole(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Everything in a document that the rule speaks of.
    pub(super) fn find<'v>(&self, document: &'v Value) -> Vec<&'v Value> {
        self.patterns.iter().flat_map(|pattern| pattern.find(document)).collect()
    }
}
