//! Hostile templates by chance: whatever a template becomes, it is rendered or told of, with a label that lies in it.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::*;

/// Promise 1: so many mutations.
const MUTATIONS: u32 = 10_000;

const TEMPLATE: &str = r#"{% macro pair(k, v) %}{{ k }}: {{ v }}{% endmacro -%}
{% set captured %}x: {{ s }}{% endset -%}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ ("ä" ~ s) | dns_label }}
  labels: {{ m | to_yaml }}
data:
{% for key in m %}
  {{ key }}: "{{ m[key] }}é"
{% endfor %}
  {{ pair(s, 1) }}
  text: |
    {{ {"k": [s, m]} | to_yaml }}
  more:
    {{ captured | indent(4) }}
{% if n > 2 and s is defined %}
  flow: [{{ n }}, '{{ s }}', {{ m | to_json }}, {a: {{ n * 1000 }}}]
{% else %}
  list: {{ range(n) | list | to_yaml }}
{% endif %}
  long: {{ s * n }} # {{ s }}
"#;

const TOKENS: &[&str] = &[
    "",
    "\n",
    " ",
    "    ",
    ": ",
    "- ",
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{#",
    "#}",
    "{%- ",
    "-%}",
    "{{ s }}",
    "{{ m | to_yaml }}",
    "{% for i in range(9) %}",
    "{% endfor %}",
    "{% if n %}",
    "{% endif %}",
    "{% else %}",
    "{% set n = ",
    "{% include 'a.yaml.j2' %}",
    "{% break %}",
    " | indent(2)",
    " | to_json",
    " | to_yaml",
    " ~ ",
    " * 99999",
    " ** 9",
    "[0]",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "|\n",
    "&a ",
    "*a",
    "<<: ",
    "---\n",
    "é",
    "\u{1F600}",
    "\u{10ff00}",
    "\0",
    "\t",
    "null",
    "range(99999999)",
    "not ",
    "in ",
    "namespace()",
];

fn edited(edits: &[(usize, usize, usize)]) -> String {
    let mut characters: Vec<char> = TEMPLATE.chars().collect();
    for (place, length, token) in edits {
        let start = place * characters.len() / 1000;
        let end = (start + length).min(characters.len());
        characters.splice(start..end, TOKENS[token % TOKENS.len()].chars());
    }
    characters.into_iter().collect()
}

#[test]
fn no_mutated_template_panics_or_is_labelled_outside() {
    let config = Config { cases: MUTATIONS, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let edits = prop::collection::vec((0_usize..1000, 0_usize..16, 0_usize..TOKENS.len()), 0..6);
    let context = json!({"s": "x: y", "n": 3, "m": {"a": "1", "ü": "no"}});
    let rendered = std::cell::Cell::new(0);
    let result = runner.run(&edits, |edits| {
        let template = edited(&edits);
        match render_files(&[("a.yaml.j2", &template)], context.clone()) {
            Ok(_) => rendered.set(rendered.get() + 1),
            Err(finding) => {
                let label = finding.primary.expect("a failing template has a place");
                prop_assert!(template.get(label.span.range()).is_some(), "{label:?} is not in\n{template}");
            }
        }
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
    assert!(rendered.get() > 1000, "only {} templates were rendered", rendered.get());
}
