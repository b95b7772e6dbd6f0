//! What changes mean: tables of changes with their impacts, written from the documentation of Kubernetes.
//!
//! `tests/impact/*.yaml` has `bases` (objects by name) and `rows`. A row: `say` what it shows; `of` which base; `old` and
//! `new`, patches (RFC 7386) of the base and of what comes out of the first; `action`, `changed` unless said; `impacts`
//! exactly; where given, `rules` among others and `marks` exactly.
//! `scripts/immutable` asks a real API server about the rows that change an object: `ask` says why one cannot be asked,
//! `setup` which bases have to be there first, `status` what the old object's status has to be.

#![expect(clippy::disallowed_methods, reason = "tests read their tables")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;

use macadam::diff::compare;
use macadam::diff::impact::{Difference, ImpactRules, Verdict};
use macadam::model::{Action, Format, Impact, InstanceName, InstanceWord, Mark, ObjectId};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "yaml")]
    format: Format,
    bases: Map<String, Value>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    say: String,
    of: String,
    #[serde(default)]
    action: Option<Action>,
    #[serde(default)]
    old: Option<Value>,
    #[serde(default)]
    new: Option<Value>,
    impacts: Vec<Impact>,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    marks: Vec<Mark>,
    // What only the API server is told.
    #[serde(default, rename = "ask")]
    _ask: Option<String>,
    #[serde(default, rename = "setup")]
    _setup: Vec<String>,
    #[serde(default, rename = "status")]
    _status: Option<Value>,
}

fn yaml() -> Format {
    Format::Yaml
}

fn tables() -> Vec<(String, Table)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/impact");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let table =
                yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), table)
        })
        .collect()
}

/// RFC 7386.
fn patch(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else { return *target = patch.clone() };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (key, change) in changes {
        if change.is_null() {
            target.shift_remove(key);
        } else {
            self::patch(target.entry(key).or_insert(Value::Null), change);
        }
    }
}

fn judge(table: &Table, row: &Row) -> Verdict {
    let mut old = table.bases[&row.of].clone();
    patch(&mut old, row.old.as_ref().unwrap_or(&Value::Object(Map::new())));
    let mut new = old.clone();
    patch(&mut new, row.new.as_ref().unwrap_or(&Value::Object(Map::new())));
    let action = row.action.unwrap_or(Action::Changed);
    let edits = match action {
        Action::Changed | Action::Renamed => compare::object(&old, &new),
        Action::Added | Action::Removed => Vec::new(),
    };
    let instance = InstanceName {
        folder: "kubernetes/production/eu-1/workloads/shop".into(),
        environment: "production".to_owned(),
        cluster: "eu-1".to_owned(),
        kind: InstanceWord::Workload,
        name: "shop".to_owned(),
        owner: None,
    };
    ImpactRules::built_in().judge(&Difference {
        action,
        format: table.format,
        id: None::<&ObjectId>,
        old: (action != Action::Added).then_some(&old),
        new: (action != Action::Removed).then_some(&new),
        edits: &edits,
        instance: &instance,
        protected: false,
    })
}

fn rules(verdict: &Verdict) -> BTreeSet<String> {
    let all = std::iter::once(&verdict.whole).chain(&verdict.edits);
    all.flat_map(|(_, rules)| rules).map(|rule| rule.0.clone()).collect()
}

#[test]
fn changes_have_the_impacts_that_the_documentation_says() {
    let mut wrong = Vec::new();
    let mut rows = 0_usize;
    for (file, table) in tables() {
        for row in &table.rows {
            let verdict = judge(&table, row);
            let impacts: BTreeSet<&str> = verdict.impacts().iter().map(Impact::name).collect();
            let expected: BTreeSet<&str> = row.impacts.iter().map(|impact| impact.name()).collect();
            assert!(
                verdict.edits.iter().all(|(impacts, rules)| !impacts.is_empty() && !rules.is_empty()),
                "{}",
                row.say
            );
            let rules = rules(&verdict);
            if impacts != expected
                || verdict.marks != row.marks
                || !row.rules.iter().all(|rule| rules.contains(rule))
            {
                wrong.push(format!(
                    "{file}: {}: {impacts:?} instead of {expected:?}; {rules:?} {:?}",
                    row.say, verdict.marks
                ));
            }
            rows += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(rows >= 120, "only {rows} rows");
}

#[test]
fn every_rule_is_hit_by_a_row() {
    let hit: BTreeSet<String> = tables()
        .iter()
        .flat_map(|(_, table)| table.rows.iter().map(|row| rules(&judge(table, row))).collect::<Vec<_>>())
        .flatten()
        .collect();
    let all: BTreeSet<String> = ImpactRules::all().iter().map(|rule| rule.name.clone()).collect();
    let missed: Vec<_> = all.difference(&hit).collect();
    assert!(missed.is_empty(), "no row is about {missed:#?}");
}
