use super::{lines, main_container};
use crate::{
    model::{LinkTarget, Output, Port, Protocol},
    render::bench::{Bench, secret, value},
};

const DB: &str = "resources: { db: { type: postgres } }\n";

fn with_db(variables: &str) -> Bench {
    main_container(variables, DB).outputs(
        "db",
        &[
            ("host", value("db")),
            ("port", value(5432)),
            ("nested", value(serde_json::json!({ "deep": { "key": true } }))),
            ("password", secret("password")),
            ("url", secret("url")),
            ("ca", Output::ConfigMap { name: "authority".to_owned(), key: "ca.crt".to_owned() }),
        ],
    )
}

#[test]
fn values_known_now_are_inserted_and_sorted_by_name() {
    let lowered = with_db(
        "variables:\n  B: \"${resources.db.host}:${resources.db.port}\"\n  A: \"${metadata.name} ${resources.db.nested.deep}\"\n",
    )
    .lower();
    assert_eq!(
        lowered.container("env"),
        "- name: A\n  value: checkout {\"key\":true}\n- name: B\n  value: db:5432\n"
    );
}

#[test]
fn a_whole_reference_comes_from_the_secret_or_config_map() {
    let lowered =
        with_db("variables: { A: \"${resources.db.password}\", B: \"${resources.db.ca}\" }").lower();
    insta::assert_snapshot!(lowered.container("env"), @r#"
    - name: A
      valueFrom:
        secretKeyRef:
          name: db
          key: password
    - name: B
      valueFrom:
        configMapKeyRef:
          name: authority
          key: ca.crt
    "#);
}

#[test]
fn a_reference_inside_a_text_goes_through_a_helper_variable() {
    let lowered = with_db("variables: { Z: \"a$${resources.db.password} $$(X) ${resources.db.url}!\", A: \"[${resources.db.url}]\" }").lower();
    insta::assert_snapshot!(lowered.container("env"), @r#"
    - name: MACADAM_REF_05177B5D
      valueFrom:
        secretKeyRef:
          name: db
          key: url
    - name: A
      value: "[$(MACADAM_REF_05177B5D)]"
    - name: Z
      value: a${resources.db.password} $$(X) $(MACADAM_REF_05177B5D)!
    "#);
}

#[test]
fn dollars_are_doubled_where_kubernetes_would_halve_them() {
    // Score halves `$$` first: three pairs are three dollars.
    let lowered = with_db("variables: { A: \"$(HOME) $x $$$$$$\", B: \"5$${resources.db.host}\" }").lower();
    assert_eq!(
        lowered.container("env"),
        "- name: A\n  value: $$(HOME) $x $$$$$$\n- name: B\n  value: 5${resources.db.host}\n"
    );
}

#[test]
fn command_and_arguments_are_verbatim() {
    let lowered = with_db("command: [\"$(A)\", \"${resources.db.host}\"]\nargs: [\"$$\"]").lower();
    assert_eq!(lowered.container("command"), "- $(A)\n- ${resources.db.host}\n");
    assert_eq!(lowered.container("args"), "- $$\n");
}

#[test]
fn an_unknown_output_is_told_of_at_its_placeholder() {
    let lowered = with_db("variables:\n  A: \"x ${resources.db.hots} ${resources.db.host.name}\"\n").lower();
    insta::assert_snapshot!(lowered.findings, @r#"
    plan/unknown-output 7:${resources.db.hots}: resource `db` (`postgres`) has no output `hots` (did you mean `host`?)
    plan/unknown-output 7:${resources.db.host.name}: resource `db` (`postgres`) has no output `host.name` (it has `host`, `port`, `nested`, `password`, `url`, `ca`)
    "#);
}

#[test]
fn all_unknown_placeholders_are_told_of_in_one_run() {
    let lowered =
        with_db("variables: { A: \"${resources.db.a1} ${resources.db.b2}\", B: \"${resources.db.c3}\" }")
            .lower();
    assert_eq!(lines(&lowered.findings).len(), 3, "{}", lowered.findings);
}

#[test]
fn a_secret_inside_a_url_suggests_the_url() {
    let lowered = with_db(
        "variables: { A: \"postgres://u:${resources.db.password}@h\", B: \"pw ${resources.db.password}\" }",
    )
    .lower();
    insta::assert_snapshot!(lowered.findings, @"plan/unsafe-url 6:${resources.db.password}: a secret of `db` stands in a URL without being encoded (use `${resources.db.url}`: whoever fills the Secret encodes it)");
}

#[test]
fn a_url_safe_secret_may_stand_in_a_url() {
    let safe =
        Output::Secret { name: "db".into(), key: "password".into(), url_safe: true, everywhere: false };
    let lowered = main_container("variables: { A: \"postgres://u:${resources.db.password}@h\" }", DB)
        .outputs("db", &[("password", safe)])
        .lower();
    assert_eq!(lowered.findings, "");
}

#[test]
fn a_port_that_the_target_lacks_is_told_of() {
    let port = Port { port: 80, target_port: 8080, protocol: Protocol::Tcp };
    let target = LinkTarget {
        workload: "cart".to_owned(),
        namespace: "acme-dev".to_owned(),
        service: "cart".to_owned(),
        host: "cart".to_owned(),
        foreign: false,
        ports: [("http".to_owned(), port)].into_iter().collect(),
    };
    let lowered = main_container(
        "variables: { A: \"http://${resources.cart.name}:8080/x\", B: \"http://${resources.cart.name}:80\" }",
        "resources: { cart: { type: service } }\n",
    )
    .target(target)
    .outputs("cart", &[("name", value("cart"))])
    .lower();
    insta::assert_snapshot!(lowered.findings, @"plan/undeclared-port 6:${resources.cart.name}: the Service of `cart` has no port 8080 (it has `http` (80))");
}

#[test]
fn a_name_that_kubernetes_refuses_is_told_of() {
    let bench = || main_container("variables: { \"a b\": x }", "");
    assert_eq!(bench().lower().findings, "");
    let lowered = bench().environment("1.34", "1.30").lower();
    insta::assert_snapshot!(lowered.findings, @"lower/unsupported 6:x: Kubernetes does not accept `a b` as the name of a variable");
}

#[test]
fn a_placeholder_is_found_in_a_block_and_in_a_file() {
    let lowered = with_db("variables:\n  A: |\n    one ${resources.db.hots}\n  B: |\n    one\n    ${resources.db.hots}\nfiles: { /a: { source: a.txt } }\n")
        .file("a.txt", b"one\ntwo ${resources.db.nothing}\n")
        .lower();
    insta::assert_snapshot!(lowered.findings, @r#"
    plan/unknown-output 12:a.txt [line 2 of this file]: resource `db` (`postgres`) has no output `nothing` (it has `host`, `port`, `nested`, `password`, `url`, `ca`)
    plan/unknown-output 8:${resources.db.hots}: resource `db` (`postgres`) has no output `hots` (did you mean `host`?)
    plan/unknown-output 10:one: resource `db` (`postgres`) has no output `hots` (did you mean `host`?)
    "#);
}
