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
    insta::assert_snapshot!(units(&workload("web", "")), @"
    web dev/default Rendered
    web production/default Rendered
    web staging/default Rendered
    kubernetes/dev/default/platform/namespace
    kubernetes/dev/default/workloads/web
    kubernetes/production/default/platform/namespace
    kubernetes/production/default/workloads/web
    kubernetes/staging/default/platform/namespace
    kubernetes/staging/default/workloads/web
    ");
}

#[test]
fn an_unprovided_resource_suggests_the_nearest_type() {
    insta::assert_snapshot!(findings(&workload("web", "resources: { db: { type: postgress } }")), @"plan/unprovided-resource web/score.yaml:7:26 no provisioner serves type `postgress` (help: did you mean `postgres`?)");
}

#[test]
fn a_workload_runs_where_environments_and_placement_say() {
    let repository = environment("dev", "")
        + &environment("production", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: only-dev, platform: { environments: [dev] } }\ncontainers: { main: { image: x } }\n"
        + "=== b/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: nowhere, platform: { placement: { matchLabels: { residency: us } } } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(units(&repository), @"
    only-dev dev/eu-1 Rendered
    only-dev production/eu-1 NotPlaced
    nowhere dev/eu-1 NotPlaced
    nowhere production/eu-1 NotPlaced
    kubernetes/dev/eu-1/platform/namespace
    kubernetes/dev/eu-1/workloads/only-dev
    kubernetes/production/eu-1/platform/namespace
    plan/empty-placement b/score.yaml:2:51 no cluster satisfies this placement (help: compare with `labels` of the clusters under `environments/`)
    ");
}

#[test]
fn a_placement_that_only_an_environment_left_out_satisfies_is_told_of() {
    let other = environment("production", "").replace("residency: eu", "residency: us");
    let score = |keys: &str| {
        format!(
            "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: {{ name: web, platform: {{ environments: [dev], placement: {{ matchLabels: {{ {keys} }} }} }} }}\ncontainers: {{ main: {{ image: x }} }}\n"
        )
    };
    let environments = environment("dev", "") + &other;
    insta::assert_snapshot!(findings(&(environments.clone() + &score("residency: us"))), @"plan/empty-placement a/score.yaml:2:68 no cluster satisfies this placement (help: compare with `labels` of the clusters under `environments/`)");
    assert_eq!(findings(&(environments + &score("residency: eu"))), "");
}

#[test]
fn environments_are_named_as_their_files_and_come_in_an_order() {
    let named = environment("dev", "").replace("environments/dev.yaml", "environments/test.yaml");
    insta::assert_snapshot!(findings(&named), @"platform/invalid environments/test.yaml:3:19 the environment is called `dev`, its file `test` (help: give both one name)");
    let circle = environment("dev", "  after: production")
        + &environment("production", "  after: staging")
        + &environment("staging", "  after: dev")
        + &environment("alone", "  after: alone")
        + &environment("behind", "  after: dev");
    insta::assert_snapshot!(findings(&circle), @"
    platform/invalid environments/alone.yaml:6:10 environments come after each other in a circle: `alone` -> `alone`
    platform/invalid environments/dev.yaml:6:10 environments come after each other in a circle: `dev` -> `production` -> `staging` -> `dev`
    ");
}

#[test]
fn names_of_environments_and_clusters_are_checked_everywhere() {
    let repository = environment("production", "  after: stagin\n")
        + &environment("staging", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web, platform: { environments: [prodution], perEnvironment: { stagging: { params: {} } } } }\ncontainers: { main: { image: x } }\n"
        + "=== a/score.prod.yaml\ncontainers: {}\n=== a/score.production.eu-2.yaml\ncontainers: {}\n"
        + "=== a/release.yaml\napiVersion: macadam.dev/v1\nkind: Release\nenvironments: { live: { containers: { man: { image: other } } } }\n";
    insta::assert_snapshot!(findings(&repository), @"
    plan/unknown-environment a/release.yaml:3:17 there is no environment `live`
    plan/invalid-release a/release.yaml:3:53 workload `web` has no container `man` (help: did you mean `main`?)
    plan/unknown-environment a/score.prod.yaml:1:1 there is no environment `prod`
    plan/unknown-environment a/score.production.eu-2.yaml:1:1 environment `production` has no cluster `eu-2` (help: did you mean `eu-1`?)
    plan/unknown-environment a/score.yaml:2:51 there is no environment `prodution` (help: did you mean `production`?)
    plan/unknown-environment a/score.yaml:2:81 there is no environment `stagging` (help: did you mean `staging`?)
    plan/unknown-environment environments/production.yaml:6:10 there is no environment `stagin` (help: did you mean `staging`?)
    ");
}

#[test]
fn an_image_that_waits_for_a_release_makes_no_unit() {
    let repository = environment("dev", "")
        + &environment("production", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web }\ncontainers: { main: { image: . } }\n"
        + "=== a/release.yaml\napiVersion: macadam.dev/v1\nkind: Release\nenvironments: { dev: { containers: { main: { image: other } } } }\n";
    insta::assert_snapshot!(units(&repository), @"
    web dev/eu-1 Rendered
    web production/eu-1 NotReleased
    kubernetes/dev/eu-1/platform/namespace
    kubernetes/dev/eu-1/workloads/web
    kubernetes/production/eu-1/platform/namespace
    ");
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
    insta::assert_snapshot!(findings(&repository), @"
    score/invalid-name web/score.dev.yaml:1:19 an overlay cannot rename a workload (see web/score.yaml:3:9 the workload's name)
    score/unknown-field web/score.dev.yaml:2:23 unknown key `imagee` in `containers.main` (help: did you mean `image`?)
    warning yaml/ambiguous-scalar web/score.dev.yaml:2:31 other readers take this unquoted text for another type (help: put quotes round it)
    ");
}

#[test]
fn parameters_are_checked_and_bounds_name_both_places() {
    let repository = environment(
        "dev",
        "  goldenPaths: { service: { params: { replicas: 2 }, bounds: { replicas: { minimum: 2 } } } }",
    ) + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: low, platform: { params: { replicas: 1 } } }\ncontainers: { main: { image: x } }\n"
        + "=== b/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: typo, platform: { params: { replica: 1 } } }\ncontainers: { main: { image: x } }\n"
        + "=== c/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: wrong, platform: { params: { replicas: many } } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(findings(&repository), @"
    plan/parameter-bound a/score.yaml:2:56 `replicas` is below 2, which environment `dev` does not allow (see environments/dev.yaml:6:74 the bound)
    plan/unknown-parameter b/score.yaml:2:47 `service` has no parameter `replica` (help: did you mean `replicas`?)
    plan/invalid-parameter c/score.yaml:2:58 `replicas`: expected an integer, found a string (parameters of `service`)
    ");
}

#[test]
fn a_parameter_that_must_be_given_is_asked_for_where_it_is_missing() {
    let more = "resources:\n  web: { type: route }\n  api: { type: route, params: { host: a.example } }";
    insta::assert_snapshot!(findings(&(environment("dev", "") + &workload("web", more))), @"
    plan/missing-parameter web/score.yaml:8:3 missing `host` (parameters of `route`)
    plan/missing-parameter web/score.yaml:8:3 missing `port` (parameters of `route`)
    plan/missing-parameter web/score.yaml:9:3 missing `port` (parameters of `route`)
    ");
}

/// What the Gateway API refuses of a host or path is a finding, not a surprise at deployment.
#[test]
fn a_host_and_a_path_are_what_the_gateway_accepts() {
    let outcome = |host: &str, path: &str| {
        let more = format!(
            "service: {{ ports: {{ http: {{ port: 80 }} }} }}\nresources: {{ web: {{ type: route, params: {{ host: \"{host}\", path: \"{path}\", port: 80 }} }} }}"
        );
        findings(
            &(environment("dev", "  variables: { gateway: { name: public } }") + &workload("web", &more)),
        )
    };
    for host in ["Shop.example", "shop example", "-shop.example", "a..b", "*.*.example", "*"] {
        assert!(outcome(host, "/").contains("a host is a DNS name"), "{host}: {}", outcome(host, "/"));
    }
    for path in ["/a b", "/a?b", "/a#b", "/%zz", "/ä", "/a//b", "/a/../b", "/./b", "/a/.", "/a/..", "/%2F"] {
        assert_ne!(outcome("shop.example", path), "", "{path}");
    }
    for path in ["/", "/a", "/a/", "/a.b/..c/.d", "/a/*", "/%20", "/~u/(x);y=1,2:@"] {
        assert_eq!(outcome("*.shop.example", path), "", "{path}");
    }
    assert_eq!(outcome("localhost", "/"), "");
}

/// What nobody wrote has no line of its own: the finding stands where the workload is, and shows the default.
#[test]
fn a_default_that_does_not_go_with_the_rest_is_told_at_the_workload() {
    let repository = environment("dev", "")
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: web, platform: { params: { kind: CronJob } } }\ncontainers: { main: { image: x } }\n";
    insta::assert_snapshot!(findings(&repository), @"plan/invalid-parameter a/score.yaml:2:19 `schedule` is empty (parameters of `service`) (see golden-paths/service/golden-path.yaml:51:18 the default)");
}

#[test]
fn a_golden_path_says_what_it_requires_of_a_workload() {
    let repository = environment("dev", "")
        + "=== golden-paths/web/golden-path.yaml\napiVersion: macadam.dev/v1\nkind: GoldenPath\nmetadata: { name: web, version: 1.0.0 }\nspec:\n  requires: { required: [service], properties: { containers: { maxProperties: 1 } } }\n"
        + "=== golden-paths/web/templates/kubernetes/a.yaml.j2\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: {{ kubernetes.containers | to_yaml }} }\n"
        + "=== a/score.yaml\napiVersion: score.dev/v1b1\nmetadata: { name: shop, platform: { goldenPath: web } }\ncontainers: { main: { image: x }, more: { image: x } }\n";
    insta::assert_snapshot!(findings(&repository), @"
    plan/requirement a/score.yaml:1:1 golden path `web` requires: missing `service`
    plan/requirement a/score.yaml:3:13 golden path `web` requires: `containers` has more than 1 key
    ");
}

#[test]
fn two_shared_resources_never_write_into_one_folder() {
    let repository = environment("dev", "")
        + "=== resources/s3-aa/provisioner.yaml\napiVersion: macadam.dev/v1\nkind: Provisioner\nmetadata: { name: s3-aa }\nspec: { type: s3-aa }\n"
        + "=== resources/s3-aa/templates/kubernetes/a.yaml.j2\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ resource.name }} }\n"
        + &workload("web", "resources:\n  one: { type: s3, id: aa-bb }\n  two: { type: s3-aa, id: bb }");
    insta::assert_snapshot!(findings(&repository), @"
    plan/folder-clash web/score.yaml:9:3 two instances would write into `kubernetes/dev/eu-1/resources/s3-aa-bb` (see web/score.yaml:8:3 and this one)
    assemble/path-clash web/score.yaml:9:3 two sources make `.macadam/kubernetes/dev/eu-1/resources/s3-aa-bb.sha256` (see web/score.yaml:8:3 and this one)
    ");
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
    insta::assert_snapshot!(findings(&repository), @"
    plan/unknown-package a/score.yaml:2:47 there is no golden path `servise` (help: did you mean `service`?)
    plan/unknown-version b/score.yaml:2:47 golden path `service` is not there in the version asked for (help: the version at hand is `1.0.0`)
    ");
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
    insta::assert_snapshot!(findings(&repository), @"
    plan/unknown-workload web/score.yaml:8:3 workload `api` does not run in `production`, cluster `eu-1`
    plan/unknown-workload web/score.yaml:9:3 there is no workload `apy` (help: did you mean `api`?)
    plan/unknown-workload web/score.yaml:10:47 there is no workload `apj` (help: did you mean `api`?)
    ");
}

#[test]
fn resources_that_need_each_other_are_a_cycle() {
    let more = "resources:\n  a1: { type: route, params: { host: \"${resources.b2.host}\", path: /, port: 80 } }\n  b2: { type: route, params: { host: \"${resources.a1.host}\", path: /, port: 80 } }";
    insta::assert_snapshot!(findings(&(environment("dev", "") + &workload("web", more))), @"plan/resource-cycle web/score.yaml:8:3 resources need each other's outputs: `a1` -> `b2` -> `a1`");
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
    insta::assert_snapshot!(units(&repository), @"
    api dev/eu-1 Rendered
    web dev/eu-1 Rendered
    kubernetes/dev/eu-1/platform/namespace
    kubernetes/dev/eu-1/resources/postgres-main-db
    kubernetes/dev/eu-1/workloads/api
    kubernetes/dev/eu-1/workloads/web
    ");
}

#[test]
fn two_definitions_of_one_id_conflict() {
    let repository = environment("dev", "")
        + &workload("web", "resources: { db: { type: postgres, id: main-db, params: { version: \"16\" } } }")
        + &workload("api", "resources: { db: { type: postgres, id: main-db, params: { version: \"17\" } } }");
    insta::assert_snapshot!(findings(&repository), @"plan/conflicting-resource web/score.yaml:7:14 resource `main-db` (type `postgres`) is defined twice, with different parameters (see api/score.yaml:7:14 the other) (help: keep `params` in one workload; the others name only `type` and `id`)");
}

#[test]
fn objects_of_a_resource_are_named_as_a_service_may_be() {
    let repository = environment("dev", "")
        + &workload(
            "9lives",
            "    variables: { URL: \"${resources.db.host}\" }\nresources: { db: { type: redis } }",
        );
    let folder = "kubernetes/dev/eu-1/workloads/9lives";
    let compilation = compile(&format!("{PLATFORM}{repository}"));
    let tree = compilation.tree.as_ref().unwrap_or_else(|| panic!("{}", report(&compilation)));
    let text = |name: &str| {
        String::from_utf8_lossy(&tree.files[&camino::Utf8Path::new(folder).join(name)]).into_owned()
    };
    assert!(text("service-svc-9lives-db.yaml").contains("name: svc-9lives-db\n"));
    assert!(text("deployment-9lives.yaml").contains("value: svc-9lives-db\n"));
}

/// Metadata is a part of a definition too: what one of the two says must not be dropped silently.
#[test]
fn two_definitions_of_one_id_with_other_metadata_conflict() {
    let annotated = |tier: &str| {
        format!(
            "resources: {{ db: {{ type: redis, id: cache, metadata: {{ annotations: {{ tier: {tier} }} }} }} }}"
        )
    };
    let repository =
        |one: &str, other: &str| environment("dev", "") + &workload("web", one) + &workload("api", other);
    insta::assert_snapshot!(findings(&repository(&annotated("gold"), &annotated("iron"))), @"plan/conflicting-resource web/score.yaml:7:14 resource `cache` (type `redis`) is defined twice, with different metadata (see api/score.yaml:7:14 the other) (help: keep `metadata` in one workload; the others name only `type` and `id`)");
    assert_eq!(findings(&repository(&annotated("gold"), &annotated("gold"))), "");
    assert_eq!(
        findings(&repository(&annotated("gold"), "resources: { db: { type: redis, id: cache } }")),
        ""
    );
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
    insta::assert_snapshot!(findings(&closed), @"plan/not-shared web/score.yaml:4:14 resource `db` of workload `api` is not shared with `growth` (see api/score.yaml:4:14 defined here) (help: in workload `api`: `metadata.platform.sharedWith: { db: [growth] }`)");
    assert_eq!(findings(&open), "");
}

#[test]
fn a_secret_of_another_namespace_is_out_of_reach() {
    let repository = environment("dev", "  namespace: \"{workload}\"")
        + &workload("web", "resources: { db: { type: postgres, id: main-db } }")
        + &workload("api", "resources: { db: { type: postgres, id: main-db } }");
    insta::assert_snapshot!(findings(&repository), @"plan/secret-out-of-reach web/score.yaml:7:14 output `password` is a Secret in namespace `api` (see api/score.yaml:7:14 defined here) (help: let both workloads run in one namespace, or use a provisioner whose Secrets are everywhere (`everywhere: true`))");
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
    insta::assert_snapshot!(findings(&(asks.clone() + &own("pg-a") + &own("pg-b"))), @"plan/ambiguous-provisioner web/score.yaml:8:26 two provisioners serve resource `db` equally well (see resources/pg-a/provisioner.yaml:3:19 one) (see resources/pg-b/provisioner.yaml:3:19 the other) (help: choose in the environment: `resources: { postgres: pg-a }`)");
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
    insta::assert_snapshot!(findings(&repository), @"
    plan/reference-not-allowed web/score.yaml:9:41 `password` of resource `db` is not known until run time (help: use it in a variable or as the content of a file)
    plan/unknown-output web/score.yaml:9:75 resource `db` (postgres) has no output `pasword` (help: did you mean `password`?)
    ");
}

#[test]
fn two_workloads_of_one_name_are_refused() {
    let other = workload("web", "").replace("=== web/", "=== copy/");
    insta::assert_snapshot!(findings(&(environment("dev", "") + &workload("web", "") + &other)), @"score/duplicate-workload web/score.yaml:3:9 two workloads are called `web` (see copy/score.yaml:3:9 and this one)");
}

#[test]
fn an_owner_must_be_listed_where_any_is() {
    let repository = "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec:\n  owners: { payments: { group: g } }\n  defaults: [{ match: \"services/**\", platform: { owner: paymentz } }]\n".to_owned()
        + &workload("web", "").replace("=== web/", "=== services/web/");
    insta::assert_snapshot!(report(&compile(&repository)), @"plan/unknown-owner macadam.yaml:6:57 there is no owner `paymentz` (help: did you mean `payments`?)");
}

#[test]
fn a_missing_file_source_is_a_finding() {
    let repository = environment("dev", "")
        + &workload(
            "web",
            "    files: { /etc/a: { source: absent.conf }, /etc/b: { source: ../../outside } }",
        );
    insta::assert_snapshot!(findings(&repository), @"
    load/missing-source web/score.yaml:7:32 there is no file to read here (help: the file must lie inside the repository, and no part of its path may be a link)
    load/missing-source web/score.yaml:7:65 there is no file to read here (help: the file must lie inside the repository, and no part of its path may be a link)
    ");
}

#[test]
fn a_repository_without_macadam_yaml_is_not_a_platform() {
    insta::assert_snapshot!(report(&compile(&workload("web", ""))), @"platform/not-a-platform there is no `macadam.yaml` here (help: `macadam init` makes a platform repository)");
}

#[test]
fn another_version_is_asked_for() {
    let repository = "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\nspec: { macadam: \"99.1\" }\n";
    insta::assert_snapshot!(report(&compile(repository)), @"platform/version-mismatch macadam.yaml:4:18 this repository needs another version of macadam (help: cargo install macadam --version '~99.1')");
}

/// A platform package of a scope, with one template and what its manifest says of it.
fn package(scope: &str, each: &str, template: &str) -> String {
    format!(
        "=== macadam.yaml\napiVersion: macadam.dev/v1\nkind: Platform\nmetadata: {{ name: acme }}\nspec: {{ platform: [quota] }}\n\
         === platform/quota/platform-package.yaml\napiVersion: macadam.dev/v1\nkind: PlatformPackage\nmetadata: {{ name: quota }}\nspec:\n  scope: {scope}\n  templates: {{ kubernetes/quota.yaml.j2: {each} }}\n\
         === platform/quota/templates/kubernetes/quota.yaml.j2\n{template}\n"
    )
}

fn owned(name: &str, owner: &str, more: &str) -> String {
    format!(
        "=== {name}/score.yaml\napiVersion: score.dev/v1b1\nmetadata: {{ name: {name}, platform: {{ owner: {owner} }} }}\ncontainers: {{ main: {{ image: x }} }}\n{more}\n"
    )
}

/// Every file of a repository's tree below a folder.
fn files(repository: &str, folder: &str) -> String {
    let compilation = compile(repository);
    let tree = compilation.tree.as_ref().unwrap_or_else(|| panic!("{}", report(&compilation)));
    let inside = tree.files.iter().filter(|(path, _)| path.starts_with(folder));
    inside.map(|(path, bytes)| format!("{path}\n{}", String::from_utf8_lossy(bytes))).collect()
}

#[test]
fn an_owner_package_has_a_leaf_for_each_owner_and_sees_only_theirs() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: \"{{ owner }}\", namespace: x }\ndata: { workloads: \"{% for workload in workloads %}{{ workload.name }} {% endfor %}\" }";
    let repository = package("owner", "{ aggregate: true }", template)
        + &environment("dev", "")
        + &owned("aa", "payments", "")
        + &owned("bb", "growth", "")
        + &owned("cc", "growth", "");
    insta::assert_snapshot!(files(&repository, "kubernetes/dev/eu-1/platform"), @r#"
    kubernetes/dev/eu-1/platform/quota/growth/configmap-x.growth.yaml
    # macadam.yaml, platform package quota
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: growth
      namespace: x
    data:
      workloads: "bb cc "
    kubernetes/dev/eu-1/platform/quota/payments/configmap-x.payments.yaml
    # macadam.yaml, platform package quota
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: payments
      namespace: x
    data:
      workloads: "aa "
    "#);
}

#[test]
fn a_template_for_each_link_makes_a_file_a_link() {
    let template = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: \"{{ item.from.name }}-{{ item.to.name }}\", namespace: \"{{ item.to.namespace }}\" }\nspec: { podSelector: {} }";
    let repository = package("cluster", "{ each: link }", template)
        + &environment("dev", "")
        + &owned("aa", "payments", "resources: { bb: { type: service } }")
        + &owned("bb", "growth", "service: { ports: { http: { port: 80 } } }");
    insta::assert_snapshot!(files(&repository, "kubernetes/dev/eu-1/platform"), @"
    kubernetes/dev/eu-1/platform/quota/networkpolicy-acme-dev.aa-bb.yaml
    # macadam.yaml, platform package quota
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: aa-bb
      namespace: acme-dev
    spec:
      podSelector: {}
    ");
}

#[test]
fn a_package_wider_than_a_cluster_makes_no_kubernetes_objects() {
    let repository = package("repository", "{ aggregate: true }", "kind: X") + &environment("dev", "");
    insta::assert_snapshot!(report(&compile(&repository)), @"package/invalid platform/quota/platform-package.yaml:5:10 platform package `quota` has Kubernetes templates, but is wider than a cluster (help: Kubernetes objects live in one cluster: use `scope: cluster` or `scope: owner`)");
}
