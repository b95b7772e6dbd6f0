//! Behaviours of planning, each on a small repository in memory.

use crate::testing::{compile, report};

const PLATFORM: &str =
    "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\n";

/// The findings of a repository with a plain `macadam.yaml`.
fn findings(repository: &str) -> String {
    report(&compile(&format!("{PLATFORM}{repository}")))
}

/// A workload with one container and more lines.
fn workload(name: &str, more: &str) -> String {
    format!(
        "=== {name}/score.yaml\napiVersion: score.dev/v1b1\nmetadata:\n  name: {name}\ncontainers:\n  main:\n    image: busybox\n{more}\n"
    )
}

/// An environment with one cluster and more lines under `spec`.
fn environment(name: &str, more: &str) -> String {
    format!(
        "=== environments/{name}.yaml\napiVersion: macadam.dev/v1\nkind: Environment\nmetadata: {{ name: {name} }}\nspec:\n  clusters: [{{ name: eu-1, labels: {{ residency: eu }} }}]\n{more}\n"
    )
}

/// Folder and status of each unit, and the folders that are rendered.
fn units(repository: &str) -> String {
    let compilation = compile(&format!("{PLATFORM}{repository}"));
    let mut lines: Vec<String> = compilation
        .units
        .iter()
        .map(|unit| format!("{} {}/{} {:?}", unit.workload, unit.environment, unit.cluster, unit.status))
        .collect();
    lines.extend(compilation.folders.iter().map(ToString::to_string));
    lines.push(report(&compilation));
    lines.join("\n")
}

#[test]
fn three_lines_and_a_score_file_are_a_platform() {
    insta::assert_snapshot!(units(&workload("web", "")), @"");
}

#[test]
fn an_unprovided_resource_suggests_the_nearest_type() {
    insta::assert_snapshot!(findings(&workload("web", "resources: { db: { type: postgress } }")), @"");
}

#[test]
fn a_workload_runs_where_environments_and_placement_say() {
    let repository = environment("dev", "")
        + &environment("production", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: only-dev, platform: { environments: [dev] } }\ncontainers: { main: { image: x } }\n"
        + "=== b/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: nowhere, platform: { placement: { matchLabels: { residency: us } } } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(units(&repository), @"");
}

#[test]
fn names_of_environments_and_clusters_are_checked_everywhere() {
    let repository = environment("production", "  after: stagin\n")
        + &environment("staging", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web, platform: { environments: [prodution], perEnvironment: { stagging: { params: {} } } } }\ncontainers: { main: { image: x } }\n"
        + "=== a/score.prod.yaml\ncontainers: {}\n=== a/score.production.eu-2.yaml\ncontainers: {}\n"
        + "=== a/release.yaml\napiVersion: macadam.dev/v1\nkind: Release\nenvironments: { live: { containers: { man: { image: y } } } }\n";
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn an_image_that_waits_for_a_release_makes_no_unit() {
    let repository = environment("dev", "")
        + &environment("production", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web }\ncontainers: { main: { image: . } }\n"
        + "=== a/release.yaml\napiVersion: macadam.dev/v1\nkind: Release\nenvironments: { dev: { containers: { main: { image: y } } } }\n";
    insta::assert_snapshot!(units(&repository), @"");
}

#[test]
fn overlays_merge_maps_replace_lists_and_delete_by_null() {
    let repository = environment("dev", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web }\ncontainers:\n  main: { image: x, args: [a, b], variables: { KEEP: k, DROP: d } }\n"
        + "=== a/score.dev.yaml\ncontainers: { main: { args: [c], variables: { DROP: null, ADD: a } } }\n";
    let compilation = compile(&format!("{PLATFORM}{repository}"));
    let tree = compilation.tree.expect("no error");
    let deployment =
        &tree.files[camino::Utf8Path::new("kubernetes/dev/eu-1/workloads/web/deployment-web.yaml")];
    let text = String::from_utf8_lossy(deployment);
    assert!(text.contains("- c\n") && !text.contains("- a\n"), "{text}");
    assert!(text.contains("name: KEEP") && text.contains("name: ADD") && !text.contains("DROP"), "{text}");
}

#[test]
fn an_overlay_is_validated_and_cannot_rename() {
    let repository = environment("dev", "")
        + &workload("web", "")
        + "=== web/score.dev.yaml\nmetadata: { name: other }\ncontainers: { main: { imagee: y } }\n";
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn parameters_are_checked_and_bounds_name_both_places() {
    let repository = environment(
        "dev",
        "  goldenPaths: { service: { params: { replicas: 2 }, bounds: { replicas: { minimum: 2 } } } }",
    ) + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: low, platform: { params: { replicas: 1 } } }\ncontainers: { main: { image: x } }\n"
        + "=== b/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: typo, platform: { params: { replica: 1 } } }\ncontainers: { main: { image: x } }\n"
        + "=== c/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: wrong, platform: { params: { replicas: many } } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn the_strongest_layer_of_a_parameter_wins() {
    let repository = environment("dev", "  goldenPaths: { service: { params: { replicas: 2 } } }")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web, platform: { params: { replicas: 3 }, perEnvironment: { dev: { params: { replicas: 4 } } } } }\ncontainers: { main: { image: x } }\n"
        + "=== a/score.dev.yaml\nmetadata: { platform: { params: { replicas: 5 } } }\n";
    let compilation = compile(&format!("{PLATFORM}{repository}"));
    let tree = compilation.tree.expect("no error");
    let path = camino::Utf8Path::new("kubernetes/dev/eu-1/workloads/web/deployment-web.yaml");
    assert!(String::from_utf8_lossy(&tree.files[path]).contains("replicas: 5\n"));
}

#[test]
fn golden_paths_and_versions_must_be_there() {
    let repository = environment("dev", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: aa, platform: { goldenPath: servise } }\ncontainers: { main: { image: x } }\n"
        + "=== b/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: bb, platform: { goldenPath: service@99.0.0 } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn links_name_workloads_that_run_there() {
    let repository = environment("dev", "")
        + &environment("production", "")
        + &workload(
            "web",
            "resources:\n  api: { type: service }\n  apy: { type: service }\n  other: { type: service, params: { workload: apj } }",
        )
        + "=== api/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: api, platform: { environments: [dev] } }\ncontainers: { main: { image: x } }\nservice: { ports: { http: { port: 80 } } }\n";
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn resources_that_need_each_other_are_a_cycle() {
    let more = "resources:\n  a1: { type: route, params: { host: \"${resources.b2.host}\", path: /, port: 80 } }\n  b2: { type: route, params: { host: \"${resources.a1.host}\", path: /, port: 80 } }";
    insta::assert_snapshot!(findings(&(environment("dev", "") + &workload("web", more))), @"");
}

#[test]
fn one_id_is_one_resource_with_a_leaf_of_its_own() {
    let repository = environment("dev", "")
        + &workload(
            "web",
            "    variables: { URL: \"${resources.db.url}\" }\nresources: { db: { type: postgres, id: main-db } }",
        )
        + &workload(
            "api",
            "resources: { store: { type: postgres, id: main-db, params: { version: \"17\" } } }",
        );
    insta::assert_snapshot!(units(&repository), @"");
}

#[test]
fn two_definitions_of_one_id_conflict() {
    let repository = environment("dev", "")
        + &workload("web", "resources: { db: { type: postgres, id: main-db, params: { version: \"16\" } } }")
        + &workload("api", "resources: { db: { type: postgres, id: main-db, params: { version: \"17\" } } }");
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn another_owner_needs_shared_with() {
    let score = |name: &str, owner: &str, more: &str| {
        format!(
            "=== {name}/score.yaml\napiVersion: score.dev/v1b1\nmetadata: {{ name: {name}, platform: {{ owner: {owner}{more} }} }}\ncontainers: {{ main: {{ image: x }} }}\nresources: {{ db: {{ type: redis, id: cache }} }}\n"
        )
    };
    let closed = environment("dev", "") + &score("api", "payments", "") + &score("web", "growth", "");
    let open = environment("dev", "")
        + &score("api", "payments", ", sharedWith: { db: [growth] }")
        + &score("web", "growth", "");
    insta::assert_snapshot!(findings(&closed), @"");
    assert_eq!(findings(&open), "");
}

#[test]
fn a_secret_of_another_namespace_is_out_of_reach() {
    let repository = environment("dev", "  namespace: \"{workload}\"")
        + &workload("web", "resources: { db: { type: postgres, id: main-db } }")
        + &workload("api", "resources: { db: { type: postgres, id: main-db } }");
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn a_teams_provisioner_hides_the_built_in_one_and_two_are_ambiguous() {
    let own = |name: &str| {
        format!(
            "=== resources/{name}/provisioner.yaml\napiVersion: macadam.dev/v1\nkind: Provisioner\nmetadata: {{ name: {name} }}\nspec:\n  type: postgres\n  outputs: {{ url: {{ value: \"postgres://{name}\" }} }}\n"
        )
    };
    let asks = environment("dev", "")
        + &workload(
            "web",
            "    variables: { URL: \"${resources.db.url}\" }\nresources: { db: { type: postgres } }",
        );
    assert_eq!(findings(&(asks.clone() + &own("pg-a"))), "");
    insta::assert_snapshot!(findings(&(asks.clone() + &own("pg-a") + &own("pg-b"))), @"");
    let chosen = environment("dev", "  resources: { postgres: pg-b }")
        + &workload("web", "resources: { db: { type: postgres } }");
    assert_eq!(findings(&(chosen + &own("pg-a") + &own("pg-b"))), "");
}

#[test]
fn a_reference_cannot_stand_in_a_parameter() {
    let repository = environment("dev", "")
        + &workload(
            "web",
            "resources:\n  db: { type: postgres }\n  route: { type: route, params: { host: \"${resources.db.password}\", path: \"${resources.db.pasword}\", port: 80 } }",
        );
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn two_workloads_of_one_name_are_refused() {
    let other = workload("web", "").replace("=== web/", "=== copy/");
    insta::assert_snapshot!(findings(&(environment("dev", "") + &workload("web", "") + &other)), @"");
}

#[test]
fn an_owner_must_be_listed_where_any_is() {
    let repository = "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec:\n  owners: { payments: { group: g } }\n  defaults: [{ match: \"services/**\", platform: { owner: paymentz } }]\n".to_owned()
        + &workload("web", "").replace("=== web/", "=== services/web/");
    insta::assert_snapshot!(report(&compile(&repository)), @"");
}

#[test]
fn a_missing_file_source_is_a_finding() {
    let repository = environment("dev", "")
        + &workload(
            "web",
            "    files: { /etc/a: { source: absent.conf }, /etc/b: { source: ../../outside } }",
        );
    insta::assert_snapshot!(findings(&repository), @"");
}

#[test]
fn a_repository_without_macadam_yaml_is_not_a_platform() {
    insta::assert_snapshot!(report(&compile(&workload("web", ""))), @"");
}

#[test]
fn another_version_is_asked_for() {
    let repository = "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec: { macadam: \"99.1\" }\n";
    insta::assert_snapshot!(report(&compile(repository)), @"");
}
