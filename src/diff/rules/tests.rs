use camino::Utf8Path;

use super::*;
use crate::{model::WorldName, parse, testing::unindent, validate};

/// Reads one side from the `spec` of `macadam.yaml` and of the environment `production`.
struct Side {
    platform: Platform,
    environments: Vec<Arc<Environment>>,
    sources: Sources,
}

impl Side {
    fn new(platform: &str, environment: &str) -> Self {
        let mut sources = Sources::default();
        let mut read = |path: &str, kind: &str, name: &str, spec: &str| {
            let head = format!("apiVersion: macadam.dev/v1\nkind: {kind}\nmetadata: {{ name: {name} }}\n");
            let text = head
                + "spec:\n"
                + &unindent(spec).lines().map(|line| format!("  {line}\n")).collect::<String>();
            let file = sources.add(WorldName::WorkTree, Utf8Path::new(path), text.as_bytes());
            (parse::yaml(text.as_bytes(), file).value.unwrap(), file)
        };
        let (tree, file) = read("macadam.yaml", "Platform", "acme", platform);
        let platform = validate::platform(&tree, file);
        assert!(!platform.has_errors(), "{:?}", platform.findings);
        let (tree, file) = read("environments/production.yaml", "Environment", "production", environment);
        let environment = validate::environment(&tree, file);
        assert!(!environment.has_errors(), "{:?}", environment.findings);
        Self {
            platform: platform.value.unwrap(),
            environments: vec![Arc::new(environment.value.unwrap())],
            sources,
        }
    }

    fn judges(&self) -> Judges<'_> {
        Judges { platform: &self.platform, environments: &self.environments, sources: &self.sources }
    }
}

/// Each change as `impact path:line message`.
fn told(base: &Side, head: &Side) -> String {
    let line = |change: RuleChange| {
        let place = change.place.map(|place| {
            place.path.to_string() + &place.line.map(|line| format!(":{line}")).unwrap_or_default()
        });
        format!("{} {} {}\n", change.impact, place.unwrap_or_default(), change.message)
    };
    changes(base.judges(), head.judges()).into_iter().map(line).collect()
}

const PLATFORM: &str = "
    owners: { pay: { handle: '@acme/pay', group: pay }, shop: {} }
    prices: { currency: EUR, cpuHour: 0.03, memoryGiBHour: 0.004, storageGiBMonth: 0.1 }
    gates:
      - { when: impact >= REPLACE, require: '@acme/sre' }
      - { when: \"'privilege' in impacts\", require: '@acme/security' }
    impacts:
      - { name: own-database, when: kind == 'Database', impact: data-loss }
      - { name: own-route, when: kind == 'Way', impact: exposure }
";

const ENVIRONMENT: &str = "
    protected: true
    goldenPaths:
      service: { bounds: { replicas: { minimum: 2 }, size: { enum: [small, large] } } }
";

/// Promise 26: loosening what judges is told, and is of impact privilege.
#[test]
fn loosening_is_privilege() {
    let base = Side::new(PLATFORM, ENVIRONMENT);
    let head = Side::new(
        "
        owners: { pay: { handle: '@acme/friends', group: pay }, shop: {}, more: {} }
        prices: { currency: USD, cpuHour: 0.01, memoryGiBHour: 0.004 }
        gates:
          - { when: impact >= REPLACE, require: '@acme/anybody' }
        impacts:
          - { name: own-route, when: kind == 'Path', impact: config }
        ",
        "
        goldenPaths:
          service: { bounds: { replicas: { minimum: 1 } } }
        ",
    );
    insta::assert_snapshot!(told(&base, &head), @"
    privilege macadam.yaml:8 gate `impact >= REPLACE` asks for `@acme/anybody` instead of `@acme/sre`
    privilege macadam.yaml:1 gate `'privilege' in impacts` is gone
    privilege macadam.yaml:1 impact rule `own-database` is gone
    privilege macadam.yaml:10 impact rule `own-route` holds for other changes
    privilege macadam.yaml:10 impact rule `own-route` says `config` instead of `exposure`
    privilege macadam.yaml:6 prices are in `USD` instead of `EUR`
    privilege macadam.yaml:6 price `cpuHour` is lower
    privilege macadam.yaml:6 price `storageGiBMonth` is gone
    privilege macadam.yaml:5 owner `pay` has another handle
    privilege macadam.yaml:5 owner `more` is new
    privilege environments/production.yaml:3 environment `production` is no longer protected
    privilege environments/production.yaml:6 the bound on `replicas` of `service` in `production` is another
    privilege environments/production.yaml:1 the bound on `size` of `service` in `production` is gone
    ");
}

#[test]
fn tightening_is_cosmetic() {
    let base = Side::new("owners: { pay: {}, shop: {} }", "protected: false");
    let head = Side::new(PLATFORM, ENVIRONMENT);
    let told = told(&base, &head);
    let loose: Vec<&str> = told.lines().filter(|line| line.starts_with("privilege")).collect();
    assert_eq!(
        loose,
        [
            "privilege macadam.yaml:5 owner `pay` has another handle",
            "privilege macadam.yaml:5 owner `pay` has another group",
        ]
    );
    assert!(told.contains("cosmetic macadam.yaml:8 gate `impact >= REPLACE` is new\n"), "{told}");
    assert!(
        told.contains(
            "cosmetic environments/production.yaml:7 `replicas` of `service` in `production` has a bound\n"
        ),
        "{told}"
    );
    assert!(told.contains("environment `production` is protected\n"), "{told}");
}

#[test]
fn equal_sides_have_no_changes() {
    let side = Side::new(PLATFORM, ENVIRONMENT);
    assert_eq!(told(&side, &Side::new(PLATFORM, ENVIRONMENT)), "");
}
