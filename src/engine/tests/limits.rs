//! Hostile templates end in a finding.

use super::*;

fn code_of(files: &[(&str, &str)], context: Json) -> String {
    match render_files(files, context) {
        Ok(documents) => format!("{} documents", documents.len()),
        Err(finding) => format!("{} {}", finding.code, finding.message),
    }
}

fn code(template: &str) -> String {
    code_of(&[("a.yaml.j2", template)], json!({"x": 1, "s": "text"}))
}

#[test]
fn loops_recursion_and_output_have_limits() {
    let endless = "{% for i in range(100000) %}{% for i in range(100000) %}{% endfor %}{% endfor %}";
    assert_eq!(code(endless), "template/limit the template needs too many steps");
    let recursion = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    assert_eq!(code(recursion), "template/limit macros or includes are nested too deeply");
    let include = "{% include 'a.yaml.j2' %}";
    assert_eq!(code(include), "template/limit macros or includes are nested too deeply");
    let output = format!("a: |\n{{% for i in range(100000) %}}  {}\n{{% endfor %}}", "x".repeat(1000));
    assert_eq!(code(&output), "template/limit the template prints more than 10 MiB");
    let captured =
        "{% set big %}{{ 'x' * 1000000 }}{% endset %}a: \"{% for i in range(100) %}{{ big }}{% endfor %}\"";
    assert_eq!(code(captured), "template/limit the template prints more than 10 MiB");
}

#[test]
fn structures_that_never_end_are_refused() {
    let itself = "{% set ns = namespace() %}{% set ns.a = ns %}a: {{ ns | to_yaml }}";
    assert!(code(itself).starts_with("template/limit"), "{}", code(itself));
    let doubled = "{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}a: {{ ns.l | to_yaml }}";
    assert!(code(doubled).starts_with("template/limit"));
    let wide = "{% set ns = namespace(l=[1]) %}{% for i in range(20) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}a: {{ ns.l | to_json }}";
    assert!(code(wide).starts_with("template/limit"));
}

#[test]
fn chains_of_operators_do_not_exhaust_the_stack() {
    let chains = [
        format!("{{{{ {}1 }}}}", "not ".repeat(1_000)),
        format!("{{{{ {}1 }}}}", "-".repeat(4_000)),
        format!("{{{{ {}1 }}}}", "1+".repeat(2_000)),
        format!("{{{{ {}'' }}}}", "s~".repeat(2_000)),
        format!("{{{{ s{} }}}}", "|d".repeat(2_000)),
        format!("{{{{ x{} }}}}", ".a".repeat(2_000)),
        format!("{{{{ x{} }}}}", "[0]".repeat(1_300)),
        format!("{{{{ {}1{} }}}}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("{{{{ {}1{} }}}}", "[".repeat(2_000), "]".repeat(2_000)),
        format!("{{{{ 1{} }}}}", " if 1 else 1".repeat(300)),
        format!("{{{{ 1{} }}}}", " is odd".repeat(500)),
        format!("{{{{ 1{} }}}}", " in s".repeat(700)),
        format!("{{{{ 1{} }}}}", "<1".repeat(2_000)),
        format!("{{{{ {}1 }}}}", "not ".repeat(8_000)),
        "{% if 1 %}".repeat(20_000),
        format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(20_000)),
        "{% for a in s %}".repeat(10_000),
        "{% macro a() %}".repeat(10_000),
        "{% block a %}".repeat(10_000),
        "{% filter upper %}".repeat(10_000),
        "{% raw %}{{".to_owned(),
        "{{ '\\".to_owned(),
        "{#".to_owned(),
    ];
    for chain in chains {
        let told = code(&chain);
        assert!(!told.is_empty(), "{}", &chain[..40]);
    }
    let long = format!("a: {{{{ {}1 }}}}", "not ".repeat(8_000));
    assert_eq!(code(&long), "template/limit a tag is longer than 4 KiB");
    let quoted = format!("a: {{{{ '}}}}{}' }}}}", "}}".repeat(4_000));
    assert_eq!(code(&quoted), "template/limit a tag is longer than 4 KiB");
    let raw = format!("a: x{{% raw %}} {{{{ {} {{% endraw %}}", "x".repeat(8_000));
    assert_eq!(code(&raw), "1 documents");
}

#[test]
fn amplifying_filters_are_bounded() {
    for template in [
        "{{ 'x' * 100000000000 }}",
        "{{ s | indent(100000000) }}",
        "{{ '%1000000000d' | format(x) }}",
        "{{ '%.*f' | format(1000000000, x) }}",
        "{{ range(10000000000) | list }}",
        "{{ [0] * 100000000000 | to_yaml }}",
    ] {
        let told = code(template);
        assert!(told.starts_with("template/"), "{template}: {told}");
    }
}

#[test]
fn reserved_characters_and_large_templates_are_refused() {
    assert_eq!(
        code("a: \u{10ff00}\u{10e000}\u{10ff01}"),
        "template/syntax a private-use character that is reserved"
    );
    assert_eq!(code(&" ".repeat(300 * 1024)), "template/limit the template is larger than 256 KiB");
}

#[test]
fn nothing_outside_can_be_reached() {
    for template in [
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{{ debug() }}",
        "{{ now() }}",
        "{{ env('HOME') }}",
        "{{ s | pprint }}",
        "{{ s | safe }}",
        "{{ s | e }}",
        "{{ self }}",
        "{% autoescape 'none' %}{{ s }}{% endautoescape %}",
    ] {
        assert!(code(template).starts_with("template/"), "{template}: {}", code(template));
    }
}

#[test]
fn all_broken_templates_are_told_of() {
    let package = package(&[("a.yaml.j2", "{{"), ("b.yaml.j2", "{% if %}"), ("c.yaml.j2", "a: 1")]);
    assert_eq!(Engine::new(&package).findings.len(), 2);
}
