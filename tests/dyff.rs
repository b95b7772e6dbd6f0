//! Compared with dyff, a program that many teams review manifests with: what it reports, we report.
//!
//! What we report and dyff does not: `1000m` and `1` in a field that is no quantity's is a change for both, but dyff
//! looks only at the key that it pairs a list by, `name` for the most part. Where it pairs ports by position, we pair by
//! number, and in atomic lists we tell which item changed where dyff tells that one came and one went. So the places
//! are compared: at, below or above each place that dyff names, we have an edit. Keys that come or go must be named by
//! both. dyff reports an order of items that no longer differs once those that came and went are left out; then those
//! are our edits of the list.

#![expect(clippy::disallowed_methods, reason = "the other program reads files")]
#![expect(clippy::print_stderr, reason = "a comparison that could not be made is said to be so")]

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use macadam::diff::compare::{apply, object};
use macadam::model::{FieldPath, Step};
use serde_json::{Map, Value, json};

const PAIRS: u64 = 200;

/// Promise 22, asked of somebody else.
#[test]
fn what_dyff_reports_we_report() {
    if !has_dyff() {
        assert!(std::env::var_os("CI").is_none(), "`dyff` is not on the path: run `scripts/tools`");
        eprintln!("NOT COMPARED: `dyff` is not on the path: eval \"$(scripts/tools env)\"");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut places = 0;
    for seed in 0..PAIRS {
        let mut random = Random(seed);
        let old = manifest(&mut random);
        let mut new = old.clone();
        for _ in 0..=random.below(4) {
            mutate(&mut new, &mut random);
        }
        let edits = object(&old, &new);
        assert_eq!(apply(&old, &edits).as_ref(), Some(&new), "pair {seed}");
        let ours: Vec<Vec<String>> = edits.iter().map(|edit| segments(&edit.path)).collect();
        let reported = dyff(folder.path(), &old, &new);
        for place in &reported {
            let told = ours.iter().any(|edit| agree(edit, place));
            assert!(told, "pair {seed}: dyff has {place:?}, we have {ours:#?}\nold {old}\nnew {new}");
        }
        places += reported.len();
    }
    assert!(places > 400, "only {places} places were compared");
}

fn has_dyff() -> bool {
    match Command::new("dyff").arg("version").output() {
        Ok(output) => output.status.success(),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
            false
        }
    }
}

/// The places that dyff names, as segments; keys that come or go are places of their own.
fn dyff(folder: &Path, old: &Value, new: &Value) -> Vec<Vec<String>> {
    let [from, to] = ["from.json", "to.json"].map(|name| folder.join(name));
    std::fs::write(&from, old.to_string()).expect("a file");
    std::fs::write(&to, new.to_string()).expect("a file");
    let flags = ["between", "--omit-header", "--color=off", "--use-go-patch-style", "--output=gitlab"];
    let output = Command::new("dyff").args(flags).arg(&from).arg(&to).output().expect("dyff runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = String::from_utf8(output.stdout).expect("UTF-8");
    let mut places: Vec<Vec<String>> = Vec::new();
    let mut above: Vec<String> = Vec::new();
    let mut keys = false;
    for line in report.lines() {
        if let Some(path) = line.strip_prefix("= ") {
            above = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
            places.push(above.clone());
        } else if line.starts_with('#') {
            keys = line.contains("map entr");
        } else if let Some(key) = line.strip_prefix(['-', '+']).filter(|_| keys).and_then(key) {
            places.push([above.as_slice(), &[key]].concat());
        }
    }
    places
}

/// The key of a line that is not indented: ` replicas: 1`.
fn key(line: &str) -> Option<String> {
    let line = line.strip_prefix(' ')?;
    let (key, _) = line.split_once(':')?;
    (!key.starts_with([' ', '-'])).then(|| key.trim_matches('"').to_owned())
}

/// A path as dyff writes it: `name=main` for items with that key, positions for others.
fn segments(path: &FieldPath) -> Vec<String> {
    let segment = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Item(keys) => keys.first().map(|(key, value)| match keys.len() {
            1 => format!("{key}={value}"),
            _ => "0".to_owned(),
        }),
        Step::Index(index) => Some(index.to_string()),
        Step::Inside(_) => None,
    };
    path.0.iter().filter_map(segment).collect()
}

/// Whether one place is the other, or stands below it. A position may be any item.
fn agree(ours: &[String], theirs: &[String]) -> bool {
    let item = |segment: &str| segment.parse::<usize>().is_ok() || segment.contains('=');
    let position = |segment: &str| segment.parse::<usize>().is_ok();
    ours.iter()
        .zip(theirs)
        .all(|(one, other)| one == other || (item(one) && item(other) && (position(one) || position(other))))
}

/// Numbers that look random and never change (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("small")
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A Deployment, a Service, a ConfigMap or an object of an unknown kind.
fn manifest(random: &mut Random) -> Value {
    let metadata = json!({"name": "shop", "labels": {"app": "shop", "tier": random.pick(&["web", "back"])}});
    match random.below(4) {
        0 => json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {
            "replicas": random.below(5),
            "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {
                "containers": (0..=random.below(2)).map(|at| container(at, random)).collect::<Vec<_>>(),
                "tolerations": [{"key": "a", "operator": "Exists"}, {"key": "b", "value": "x"}],
                "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "files", "configMap": {"name": "shop"}}],
            }},
        }}),
        1 => json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {
            "type": "ClusterIP",
            "ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 81}],
            "selector": {"app": "shop"},
        }}),
        2 => json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {
            "app.yaml": "port: 80\nlog: info\n",
            "board.json": "{\"panels\": [{\"id\": 1}, {\"id\": 2}]}",
            "note": "one\ntwo\nthree\n",
        }}),
        _ => json!({"apiVersion": "example.org/v1", "kind": "Thing", "metadata": metadata, "spec": {
            "items": [{"name": "a", "size": 1}, {"name": "b", "size": 2}, {"name": "c", "parts": [1, 2, 3]}],
            "words": ["x", "y", "z"],
            "rules": [{"from": "a", "to": ["b", "c"]}, {"from": "d", "to": ["e"]}],
        }}),
    }
}

fn container(at: usize, random: &mut Random) -> Value {
    json!({
        "name": random.pick(&["main", "app"]).to_string() + &at.to_string(),
        "image": format!("shop:{}", random.below(9)),
        "args": ["--listen", "--level=info", "--color"],
        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}],
        "ports": [{"containerPort": 8080, "name": "http"}],
        "resources": {"requests": {"cpu": random.pick(&["1", "1000m", "250m"]), "memory": "1Gi"}},
    })
}

/// Changes one thing, somewhere.
fn mutate(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(map) => mutate_map(map, random),
        Value::Array(items) => mutate_list(items, random),
        Value::Number(_) => *value = json!(random.below(100)),
        Value::String(text) => *text = changed(text, random),
        Value::Bool(_) | Value::Null => *value = json!("set"),
    }
}

fn changed(text: &str, random: &mut Random) -> String {
    match random.below(4) {
        0 if text == "1Gi" => "1024Mi".to_owned(),
        0 if text == "1" => "1000m".to_owned(),
        1 => format!("{text}x{}", random.below(9)),
        2 => text.replacen(['1', 'a', 'o'], "q", 1) + "\n",
        _ => random.pick(&["p", "q", "r"]).to_string() + &random.below(99).to_string(),
    }
}

fn mutate_map(map: &mut Map<String, Value>, random: &mut Random) {
    // What names an object stays, or there would be two.
    let free = |key: &&String| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata");
    let keys: Vec<String> = map.keys().filter(free).cloned().collect();
    if keys.is_empty() || random.below(8) == 0 {
        map.insert(format!("more{}", random.below(9)), json!({"x": random.below(9), "y": ["z"]}));
        return;
    }
    let key = random.pick(&keys);
    match random.below(8) {
        0 => drop(map.shift_remove(key)),
        1 => drop(map.insert(key.clone(), json!([random.below(9)]))),
        _ => map.get_mut(key).into_iter().for_each(|value| mutate(value, random)),
    }
}

fn mutate_list(items: &mut Vec<Value>, random: &mut Random) {
    if items.is_empty() {
        return items.push(json!("first"));
    }
    let at = random.below(items.len());
    match random.below(8) {
        0 => drop(items.remove(at)),
        1 => items.insert(at, json!({"name": format!("new{}", random.below(9)), "size": 3})),
        2 => {
            let last = items.len() - 1;
            items.swap(at, last);
        }
        3 => items.insert(at, items[at].clone()),
        _ => mutate(&mut items[at], random),
    }
}
