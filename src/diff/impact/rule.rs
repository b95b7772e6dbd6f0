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
    rules: Vec<Written>,
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
pub(super) fn read() -> Result<Vec<BuiltInRule>, String> {
    let limits = Limits::default();
    let node = macadam_yaml::parse(RULES.as_bytes(), FileId(0), Resolution::Spec, &limits)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))?;
    let file: File = serde_json::from_value(json::value(&node)).map_err(|error| error.to_string())?;
    file.rules.into_iter().map(|rule| rule.read(&file.sets)).collect()
}

impl Written {
    fn read(self, sets: &BTreeMap<String, Vec<String>>) -> Result<BuiltInRule, String> {
        let bad = |what: &str| format!("{}: {what}", self.name);
        let patterns = [patterns(&self.path, Place::Document), patterns(&self.pod, Place::Pod)];
        let [Some(document), Some(pod)] = patterns else { return Err(bad("a path is no pattern")) };
        let place = if pod.is_empty() { Place::Document } else { Place::Pod };
        let except = self::patterns(&self.except, place).ok_or_else(|| bad("an exception is no pattern"))?;
        let mut kinds = Vec::new();
        for kind in &self.kinds {
            match sets.get(kind) {
                Some(set) => kinds.extend(set.iter().cloned()),
                None if kind.starts_with(|first: char| first.is_ascii_lowercase()) && kind != OPENTOFU => {
                    return Err(bad("there is no such set of kinds"));
                }
                None => kinds.push(kind.clone()),
            }
        }
        let fields: Vec<String> = self.path.iter().chain(&self.pod).cloned().collect();
        let actions = match (self.action.is_empty(), fields.is_empty()) {
            (false, _) => self.action,
            (true, false) => vec![Action::Changed, Action::Renamed],
            (true, true) => return Err(bad("neither `action` nor `path`")),
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
            patterns: document.into_iter().chain(pod).collect(),
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
    pub(super) fn bind(&self, pod: Option<&Pattern>, root_is_pod: bool) -> Option<Bound> {
        let bind = |patterns: &[(Place, Pattern)]| {
            patterns
                .iter()
                .filter_map(|(place, pattern)| match (place, pod) {
                    (Place::Document, _) => Some(pattern.clone()),
                    (Place::Pod, Some(pod)) => Some(pattern.below(pod)),
                    (Place::Pod, None) => root_is_pod.then(|| pattern.clone()),
                })
                .collect::<Vec<_>>()
        };
        let patterns = bind(&self.patterns);
        let speaks = self.fields.is_empty() || !patterns.is_empty();
        speaks.then(|| Bound { patterns, except: bind(&self.except) })
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
