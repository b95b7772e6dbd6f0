//! Hostile input: whatever a text becomes, reading it ends, and every label lies in it on character borders.

use macadam_yaml::{FileId, Node};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{tests::manifest, *};
use crate::{
    model::{Finding, Outcome, Sources, WorldName},
    parse,
    testing::shown,
};

const SCORE: &str = r#"apiVersion: score.dev/v1b1
metadata:
  name: shöp-1
  annotations: { "example.com/ä": "${metadata.name}" }
  platform: { goldenPath: service, params: { host: "é.${environment.domain}" }, placement: { matchLabels: { a: b } } }
service: { ports: { http: { port: 80, targetPort: 8080 } } }
containers:
  main:
    image: .
    command: [sh, -c, "echo ${HOME} ${resources.db.url}"]
    variables: { Ä: "ü${resources.db.url}$${x}é", B: 'it''s ${metadata.nö}', C: yes }
    files:
      - { target: /ä, content: [ "é", "${metadata.no}" ] }
      - target: /b
        content: |
          ünïcode ${resources.no.x}
            more ${metadata.name}
    volumes: { /d: { source: "${resources.vol}", readOnly: true } }
    before: { other: { ready: started } }
    resources: { requests: { cpu: "1", memory: 64K }, limits: { cpu: 500m } }
    livenessProbe: { httpGet: { path: /, port: 80 } }
  other: { image: x, before: { main: { ready: healthy } }, readinessProbe: {} }
resources:
  db: { type: postgres, id: a.b, params: { x: "${resources.vol.y}" } }
  vol: { type: volume }
"#;

const MANIFEST: &str = r##"apiVersion: macadam.dev/v1
kind: Provisioner
metadata: { name: shop, version: 1.0.0 }
spec:
  type: postgres
  params:
    type: object
    properties:
      é: { description: ä, type: string, pattern: "^[a-z]+$", default: "a" }
      b: { $ref: "#/$defs/b", default: 2 }
    $defs: { b: { anyOf: [{ type: integer }, { $ref: "#/$defs/c" }] }, c: { enum: [x] } }
  outputs: { a: { value: 1 }, b: { secret: { name: x, key: y } } }
"##;

const PLATFORM: &str = r#"apiVersion: macadam.dev/v1
kind: Platform
metadata: { name: acme }
spec:
  macadam: "1.4"
  workloads: ["services/**/score.yaml", 'ä/*']
  defaults:
    - { match: "services/**", platform: { owner: payments, goldenPath: service@1.0.0, params: { a: [1, é] } } }
  owners: { payments: { group: "oidc:ü", handle: "@acme/payments" } }
  platform: [namespace, { name: quota, params: { a: 1 } }]
  output: { root: rendered }
  namespace: "{platform}-{environment}"
  gates: [{ when: "impact >= REPLACE", require: "@acme/sre" }]
"#;

const ENVIRONMENT: &str = r#"apiVersion: macadam.dev/v1
kind: Environment
metadata: { name: production }
spec:
  after: staging
  protected: true
  kubernetesVersion: "1.35"
  secrets: external-secrets
  clusters:
    - { name: eu-1, server: "https://eü-1.example", region: eu, labels: { residency: eu }, params: { a: 1 } }
  variables: { domain: äcme.example, gateway: { name: public, namespace: gateways } }
  goldenPaths: { service: { version: 1.0.0, params: { replicas: 2 }, bounds: { replicas: { minimum: 2 } } } }
  resources: { postgres: postgres-rds }
  budget: { monthly: 5000 }
"#;

const RELEASE: &str = r#"apiVersion: macadam.dev/v1
kind: Release
environments:
  dev: { containers: { main: { image: "nginx@sha256:ü" } } }
  production: { containers: { main: { image: nginx } }, revision: 0123456789abcdef0123456789abcdef01234567 }
"#;

const TOKENS: &[&str] = &[
    "",
    "\n",
    " ",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "|\n",
    "&a ",
    "*a",
    "!!str ",
    "#",
    "${",
    "}",
    "$$",
    "é",
    "\u{1F600}",
    "\u{FEFF}",
    "\t",
    "\0",
    "null",
    "~",
    "1e3",
    "0644",
    "yes",
    "name",
    "type",
    "target: /ä",
    "content: ",
    "$ref: \"#\"",
    "allOf: [{}]",
    "pattern: \"(\"",
    "metadata:",
    "containers:",
    "\\",
    "\\L",
    "\\n",
    "<<: ",
    "---\n",
    "\r\n",
];

/// One edit: at a place (in thousandths of the text), so many characters give way to a token.
type Edit = (usize, usize, usize);

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, length, token) in edits {
        let start = place * characters.len() / 1000;
        let end = (start + length).min(characters.len());
        characters.splice(start..end, TOKENS[token % TOKENS.len()].chars());
    }
    characters.into_iter().collect()
}

fn read<T>(text: &str, of: impl Fn(&[u8], FileId) -> Outcome<T>) {
    let mut sources = Sources::default();
    let file = sources.add(WorldName::WorkTree, camino::Utf8Path::new("f"), text.as_bytes());
    let outcome = of(text.as_bytes(), file);
    // Panics at a label that is not in the file on character borders.
    shown(&outcome.findings, &sources);
}

/// Reads without looking at every label: there may be many.
fn read_quietly<T>(text: &str, of: impl Fn(&[u8], FileId) -> Outcome<T>) -> (Option<T>, Vec<Finding>) {
    let outcome = of(text.as_bytes(), FileId(0));
    (outcome.value, outcome.findings)
}

fn tree_reader<T>(of: fn(&Node, FileId) -> Outcome<T>) -> impl Fn(&[u8], FileId) -> Outcome<T> {
    move |bytes, file| {
        let mut findings = Vec::new();
        let tree = parse::yaml(bytes, file).take(&mut findings);
        let value = tree.and_then(|tree| of(&tree, file).take(&mut findings));
        Outcome { value, findings }
    }
}

fn score(bytes: &[u8], file: FileId) -> Outcome<crate::model::Workload> {
    let path = camino::Utf8Path::new("f");
    let mut findings = Vec::new();
    let tree = score_tree(bytes, file, path, Leniency::Strict).take(&mut findings);
    let value = tree.and_then(|tree| workload(&tree, path).take(&mut findings));
    if let (Some(workload), Ok(text)) = (&value, std::str::from_utf8(bytes)) {
        findings.extend(content_placeholders(text, workload, workload.name.span));
    }
    Outcome { value, findings }
}

fn each_mutation(text: &str, cases: u32, check: impl Fn(&str)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let edits = prop::collection::vec((0_usize..1000, 0_usize..12, 0_usize..TOKENS.len()), 1..6);
    let result = runner.run(&edits, |edits| {
        check(&edited(text, &edits));
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
}

/// Promise 1: so many mutations of each kind of file.
const MUTATIONS: u32 = 10_000;

#[test]
fn no_mutated_score_file_panics_or_is_labelled_outside() {
    each_mutation(SCORE, MUTATIONS, |text| {
        read(text, score);
        read(text, overlay);
    });
}

#[test]
fn no_mutated_platform_panics_or_is_labelled_outside() {
    each_mutation(PLATFORM, MUTATIONS, |text| read(text, tree_reader(platform)));
}

#[test]
fn no_mutated_environment_panics_or_is_labelled_outside() {
    each_mutation(ENVIRONMENT, MUTATIONS, |text| read(text, tree_reader(environment)));
}

#[test]
fn no_mutated_release_panics_or_is_labelled_outside() {
    each_mutation(RELEASE, MUTATIONS, |text| read(text, tree_reader(release)));
}

#[test]
fn no_mutated_package_panics_or_is_labelled_outside() {
    each_mutation(MANIFEST, MUTATIONS, |text| read(text, tree_reader(manifest)));
}

/// A text that is not mutated is read whole, so that the mutations start from something.
#[test]
fn what_is_mutated_is_well_formed() {
    let findings = |text: &str, of: &dyn Fn(&[u8], FileId) -> Vec<Finding>| of(text.as_bytes(), FileId(0));
    let all = [
        findings(PLATFORM, &|bytes, file| tree_reader(platform)(bytes, file).findings),
        findings(ENVIRONMENT, &|bytes, file| tree_reader(environment)(bytes, file).findings),
        findings(RELEASE, &|bytes, file| tree_reader(release)(bytes, file).findings),
        findings(MANIFEST, &|bytes, file| tree_reader(manifest)(bytes, file).findings),
    ];
    let errors: Vec<Finding> = all.concat().into_iter().filter(Finding::is_error).collect();
    assert_eq!(errors, []);
}

/// Texts close to the limits of what is read, each made to cost as much as it can.
fn hostile() -> Vec<String> {
    let many = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
    let head = "apiVersion: score.dev/v1b1\nmetadata: { name: shop }\n";
    let one = "containers: { main: { image: x } }\n";
    vec![
        format!("{head}{one}{}", many(50_000, &|at| format!("k{at}: 1\n"))),
        format!(
            "{head}containers:\n  main:\n    image: x\n    variables:\n{}",
            many(40_000, &|at| format!("      K{at}: 1\n"))
        ),
        format!(
            "{head}containers:\n  main:\n    image: x\n    variables:\n{}",
            many(25_000, &|at| format!("      K{at}: ${{resources.no{at}.x}}\n"))
        ),
        format!(
            "apiVersion: score.dev/v1b1\nmetadata:\n  name: shop\n{}containers:\n  main:\n    image: x\n    variables:\n{}",
            many(25_000, &|at| format!("  k{at}: 1\n")),
            many(20_000, &|at| format!("      K{at}: ${{metadata.k{at}}}\n"))
        ),
        format!(
            "{head}containers:\n  main:\n    image: x\n    files:\n{}",
            many(24_000, &|at| format!("    - {{ target: /k{at}, content: a }}\n"))
        ),
        format!(
            "{head}containers:\n{}",
            many(15_000, &|at| format!(
                "  c{at:05}: {{ image: x, before: {{ c{:05}: {{ ready: started }} }} }}\n",
                at + 1
            ))
        ),
        format!(
            "{head}containers:\n{}",
            many(12_000, &|at| format!(
                "  c{at:05}: {{ image: x, before: {{ no{at}: {{ ready: started }} }} }}\n"
            ))
        ),
        format!(
            "{head}{one}resources:\n{}",
            many(14_000, &|at| format!(
                "  r{at:05}: {{ type: a, params: {{ a: \"${{resources.x{at}.y}}\" }} }}\n"
            ))
        ),
        format!("{head}{one}resources: {{ a{}: {{ type: b }} }}\n", "1".repeat(900_000)),
        format!(
            "{head}containers: {{ main: {{ image: x, variables: {{ A: \"{}\" }} }} }}\n",
            "${".repeat(400_000)
        ),
        format!(
            "{head}containers: {{ main: {{ image: x, variables: {{ A: \"{}\" }} }} }}\n",
            "${a.b}".repeat(150_000)
        ),
        format!(
            "{head}containers: {{ main: {{ image: x, args: [\"{}\"] }} }}\n",
            "${metadata.a}".repeat(60_000)
        ),
        format!(
            "{head}containers: {{ main: {{ image: x, resources: {{ requests: {{ cpu: \"{}\" }} }} }} }}\n",
            "1".repeat(1_000_000)
        ),
    ]
}

#[test]
fn texts_near_the_limits_are_read_with_a_bounded_number_of_findings() {
    for text in hostile() {
        assert!(text.len() < 1024 * 1024, "{} is over the limit", &text[..80]);
        let (_, found) = read_quietly(&text, score);
        let errors = found.iter().filter(|finding| finding.is_error()).count();
        assert!(errors <= 2_000, "{errors} errors in {}", &text[..80]);
    }
}
