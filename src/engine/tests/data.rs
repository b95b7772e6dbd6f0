//! Data stays data: nasty strings at every insert point.

use super::*;

/// Pieces that mean something to somebody: YAML, the engine, Kubernetes, our own tokens.
const PIECES: &[&str] = &[
    "",
    "a",
    "b",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\r\n",
    ": ",
    ":",
    "#",
    " #",
    "'",
    "\"",
    "''",
    "\\",
    "\\n",
    "\\\"",
    "- ",
    "-",
    "? ",
    "|",
    "|-\n",
    ">",
    "&a",
    "*a",
    "!!str ",
    "!",
    "%YAML 1.2",
    "---",
    "---\n",
    "...",
    "...\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    "{{",
    "}}",
    "{{ params }}",
    "{%",
    "%}",
    "{#",
    "#}",
    "${",
    "${{",
    "$(A)",
    "%{",
    "yes",
    "no",
    "null",
    "~",
    "true",
    "1",
    "0644",
    "1e3",
    "0x1F",
    "1:20",
    "2001-12-14",
    "<<",
    "=",
    "`",
    "@",
    "kind: Secret",
    "\nkind: Secret\n",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{2028}",
    "\u{2029}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "e\u{301}",
    "日本",
    "😀",
    "\u{f0000}",
    "\u{10ffff}",
    "\u{10ff00}",
    "\u{10ff01}",
    "\u{10ff02}",
    "\u{10e000}",
    "\u{10efff}",
    "\u{10ff00}\u{10e000}\u{10ff01}",
    "\u{10ff00}\u{10e001}\u{10ff01}: \u{10ff02}",
];

/// A small generator, so that each run sees the same strings.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn nasty(&mut self) -> String {
        let pieces = [0, 1, 1, 2, 3, 5, 8][self.below(7)];
        (0..pieces).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

const TEMPLATE: &str = r#"{% macro pair(k, v) %}{{ k }}: {{ v }}{% endmacro -%}
{% set captured %}x: {{ s }}
w: [{{ t }}]{% endset -%}
plain: {{ s }}
double: "{{ s }}"
single: '{{ s }}'
middle: a{{ s }}b{{ t }}c
together: {{ s }}{{ t }}
doubled: "x {{ s }} y\n{{ t }}"
list:
- {{ s }}
- - {{ t }}
  - {{ s }}-
-   key: {{ s }}
flow: [{{ s }}, "{{ s }}", { {{ s }}: {{ t }} }, {a: {{ s }}}]
keys:
  {{ s }}: {{ t }}
  "q {{ s }}": 2
  ? {{ s }}{{ s }}!
  : 3
literal: |
  before {{ s }} after
  {{ t }}
    deeper {{ s }}
  last
kept: |+
  {{ s }}

folded: >-
  x {{ s }}
  y
comment: 1 # {{ s }}
# {{ t }}
joined: {{ "a" ~ s ~ t }}
listed: {{ [s, t] | join(", ") }}
json: {{ [s, {t: s}] | to_json }}
tree: {{ {s: [s, {"k": t}]} | to_yaml }}
spliced:
  first: 1
  {{ {"- " ~ s: t} | to_yaml }}
items:
  {{ [s, [t]] | to_yaml }}
  - end
text: |
  {{ {"k": [s, {"l": t}]} | to_yaml }}
inline: |
  k: {{ [s, t] | to_yaml }}
macro:
  {{ pair(s, t) }}
  z: {{ s }}
capture:
  {{ captured | indent(2) }}
multi: a {{ s }}
  b {{ t }}
last: {{ s }}"#;

fn wanted(s: &str, t: &str) -> Json {
    let mut keys = serde_json::Map::new();
    keys.insert(s.to_owned(), json!(t));
    keys.insert(format!("q {s}"), json!(2));
    keys.insert(format!("{s}{s}!"), json!(3));
    let mut tree = serde_json::Map::new();
    tree.insert(s.to_owned(), json!([s, {"k": t}]));
    json!({
        "plain": s, "double": s, "single": s,
        "middle": format!("a{s}b{t}c"), "together": format!("{s}{t}"), "doubled": format!("x {s} y\n{t}"),
        "list": [s, [t, format!("{s}-")], {"key": s}],
        "flow": [s, s, {s: t}, {"a": s}],
        "keys": keys,
        "literal": format!("before {s} after\n{t}\n  deeper {s}\nlast\n"),
        "kept": format!("{s}\n\n"),
        "folded": format!("x {s} y"),
        "comment": 1,
        "joined": format!("a{s}{t}"), "listed": format!("{s}, {t}"),
        "tree": tree,
        "spliced": {"first": 1, (format!("- {s}")): t},
        "items": [s, [t], "end"],
        "macro": {s: t, "z": s},
        "capture": {"x": s, "w": [t]},
        "multi": format!("a {s} b {t}"),
        "last": s,
    })
}

/// Reads a text that a template made for some program.
fn read(text: &Json) -> Json {
    let text = text.as_str().unwrap();
    let parsed = macadam_yaml::parse(text.as_bytes(), FileId(9), Resolution::Kubernetes, &Limits::default());
    convert::json(parsed.unwrap_or_else(|errors| panic!("{errors:?}\n{text:?}")))
}

#[test]
fn ten_thousand_nasty_strings_read_back_exactly() {
    let package = package(&[("a.yaml.j2", TEMPLATE)]);
    let engine = Engine::new(&package).value.unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..5_000 {
        let (s, t) = (random.nasty(), random.nasty());
        if s == "z" || s == "first" {
            continue;
        }
        let context = Context::new(json!({"s": s, "t": t, "params": {"secret": 1}}));
        let documents = match engine.documents(&package.templates[0], &context) {
            Ok(documents) => documents,
            Err(finding) => panic!("round {round}: {finding:?}\n{s:?} {t:?}"),
        };
        assert_eq!(documents.len(), 1, "{s:?} {t:?}");
        written_and_read(&documents[0]);
        let mut got = convert::json(documents[0].clone());
        let got = got.as_object_mut().unwrap();
        let mut take = |key: &str| got.shift_remove(key).unwrap();
        assert_eq!(take("json"), take_json(&s, &t));
        assert_eq!(read(&take("text")), json!({"k": [s, {"l": t}]}));
        assert_eq!(read(&take("inline")), json!({"k": [s, t]}));
        let wanted = wanted(&s, &t);
        for (key, value) in wanted.as_object().unwrap() {
            assert_eq!(&got[key], value, "{key} with {s:?} {t:?}");
        }
        assert_eq!(got.len(), wanted.as_object().unwrap().len());
    }
}

fn take_json(s: &str, t: &str) -> Json {
    let node = convert_back(&json!([s, {t: s}]));
    let mut text = String::new();
    macadam_yaml::write_json(&node, &mut text);
    let reread: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(reread, json!([s, {t: s}]));
    Json::from(text)
}

fn convert_back(value: &Json) -> Node {
    let span = Span::default();
    match value {
        Json::Array(items) => Node::sequence(span, items.iter().map(convert_back).collect()),
        Json::Object(map) => {
            let entries: Vec<_> = map
                .iter()
                .map(|(key, value)| macadam_yaml::Entry::new(key, span, convert_back(value)))
                .collect();
            Node::mapping(span, entries)
        }
        Json::String(text) => Node::string(span, text),
        other => panic!("{other}"),
    }
}

/// The canonical text of a tree reads back as the tree, for both kinds of readers.
fn written_and_read(node: &Node) {
    let text = macadam_yaml::to_yaml(node);
    for resolution in [Resolution::Kubernetes, Resolution::Spec] {
        let parsed = macadam_yaml::parse(text.as_bytes(), FileId(9), resolution, &Limits::default());
        match parsed {
            Ok(read) => assert!(read.same(node), "{text:?}"),
            Err(errors) => panic!("{errors:?}\n{text:?}"),
        }
    }
}
