//! What is written reads back as the same value, here and elsewhere.

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{MISREAD, is_clear, json, map_of, node, read};
use macadam_yaml::{Node, Resolution, plain_is_safe, to_json, to_yaml};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn yaml_reads_back_as_the_same_value(node in node()) {
        let text = to_yaml(&node);
        prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{:?}", text);
        for resolution in [Resolution::Spec, Resolution::Kubernetes] {
            let back = read(&text, resolution);
            prop_assert!(back.same(&node), "{:?} {:?}", text, back);
            prop_assert!(is_clear(&back), "{:?}", text);
            prop_assert_eq!(to_yaml(&back), &text[..]);
        }
    }

    #[test]
    fn json_reads_back_as_the_same_value(node in node()) {
        let text = to_json(&node);
        let back: serde_json::Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(alike(&back, &json(&node)), "{}", text);
        prop_assert!(read(&text, Resolution::Spec).same(&node), "{}", text);
    }

    #[test]
    fn yaml_serde_reads_the_same_value(node in node()) {
        let text = to_yaml(&node);
        let value = yaml_serde::from_str::<serde_json::Value>(&text).map_err(|error| error.to_string());
        prop_assert_eq!(value, Ok(json(&node)), "{}", text);
    }
}

#[test]
fn nothing_that_anyone_misreads_is_written_plain() {
    for word in MISREAD {
        assert!(!plain_is_safe(word), "{word:?}");
        let node = map_of(word);
        let text = to_yaml(&node);
        assert!(read(&text, Resolution::Kubernetes).same(&node), "{text}");
        assert_eq!(yaml_serde::from_str::<serde_json::Value>(&text).ok(), Some(json(&node)), "{text}");
    }
}

#[test]
fn everyday_words_are_written_plain() {
    for word in [
        "a",
        "a b",
        "1.25.3",
        "10.0.0.1",
        "v1",
        "1-2",
        "-x",
        "--flag",
        ":8080",
        "a:b",
        "http://a/b?c=d#e",
        "a, b",
        "100m",
        "64Mi",
        "25%",
        "8080:8080",
        "a[0]",
        "it's",
        "say \"x\"",
        "$(A)",
        "é",
        "\u{e000}",
        "nope",
        "yesterday",
        "1.2.3-rc.1",
        "2001-12-14x",
        "e3",
        "x1F",
        "+a",
        "..",
        "sha256:0f3a",
        "<a>",
        "==",
        "~/x",
        "*.example.org"[1..].trim_start(),
    ] {
        assert!(plain_is_safe(word), "{word:?}");
    }
}

/// PyYAML is the YAML 1.1 reader that differs most. Without it the readings of `tests/data` stand in.
#[test]
#[expect(clippy::print_stderr, reason = "a test that did nothing says so")]
fn pyyaml_reads_the_same_value() {
    let mut runner = TestRunner::deterministic();
    let strategy = node();
    let random = (0..3_000).filter_map(|_| Some(strategy.new_tree(&mut runner).ok()?.current()));
    let nodes: Vec<Node> = MISREAD.iter().map(|word| map_of(word)).chain(random).collect();
    let texts: Vec<String> = nodes.iter().map(to_yaml).collect();
    let Some(values) = pyyaml(&texts) else {
        eprintln!("skipped: no python3 with PyYAML here");
        return;
    };
    assert_eq!(values.len(), nodes.len());
    for ((node, text), value) in nodes.iter().zip(&texts).zip(values) {
        assert!(alike(&value, &json(node)), "{text} {value}");
    }
}

/// Whether two values are equal but for the last digit of floats, which `serde_json` does not always read right.
fn alike(left: &serde_json::Value, right: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| alike(value, other)))
        }
        (Value::Number(left), Value::Number(right)) if left.is_f64() && right.is_f64() => {
            let (left, right) = (left.as_f64().unwrap_or(0.0), right.as_f64().unwrap_or(1.0));
            left == right || (left - right).abs() <= left.abs() * 4.0 * f64::EPSILON + 1e-300
        }
        (left, right) => left == right,
    }
}

/// Reads each text with PyYAML, if there is one.
fn pyyaml(texts: &[String]) -> Option<Vec<serde_json::Value>> {
    const SCRIPT: &str = "import sys, json, yaml\n\
        for line in sys.stdin:\n\
        \x20   print(json.dumps(yaml.load(json.loads(line), yaml.SafeLoader)))\n";
    let probe = Command::new("python3").args(["-c", "import yaml"]).stderr(Stdio::null()).status().ok()?;
    if !probe.success() {
        return None;
    }
    let mut lines = String::new();
    for text in texts {
        lines += &serde_json::to_string(text).ok()?;
        lines.push('\n');
    }
    let mut child = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("python3 runs to its end");
    writer.join().expect("the writer ends").expect("python3 reads its input");
    let answers = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    Some(answers.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
}

#[test]
fn the_layout_is_that_of_kubectl() {
    let text = "\
a:
- b: 1
  c: \"yes\"
  d:
  - e
- []
- - x
  - {}
  - - z
f: |
  one

  two
g: |-
  \u{20}
h: |+
  x

i:
  j: null
k: \"\\tx\\ny\"
l: \" x\\ny \"
";
    let read = read(&text.replace("g: |-\n  \u{20}\n", "g: \" \\n\"\n"), Resolution::Spec);
    assert_eq!(to_yaml(&read), text.replace("g: |-\n  \u{20}\n", "g: \" \\n\"\n"));
}

#[test]
fn long_keys_get_a_question_mark() {
    let key = "k".repeat(121);
    let text = format!("? {key}\n: a: 1\n  b:\n  - x\n? x{key}\n: - z\n? y{key}\n: |\n    t\n    u\n");
    assert_eq!(to_yaml(&read(&text, Resolution::Spec)), text);
}

#[test]
fn hidden_characters_are_escaped() {
    let node = read("\"\\u202e\\u0007\\u0085\\U000e0041\\ufeff\\u200b\"", Resolution::Spec);
    assert_eq!(to_yaml(&node), "\"\\u202e\\u0007\\u0085\\U000e0041\\ufeff\\u200b\"\n");
    assert_eq!(to_json(&node), "\"\\u202e\\u0007\\u0085\\udb40\\udc41\\ufeff\\u200b\"\n");
}

#[test]
fn floats_are_floats_to_everyone() {
    for (value, text) in
        [("1.0e-7", "1.0e-7\n"), ("1e16", "1.0e+16\n"), ("1.5e300", "1.5e+300\n"), ("3.0", "3.0\n")]
    {
        assert_eq!(to_yaml(&read(value, Resolution::Spec)), text);
    }
}
