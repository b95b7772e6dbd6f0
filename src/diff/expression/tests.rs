use macadam_yaml::FileId;

use super::*;
use crate::model::Impact;

fn instance() -> InstanceName {
    InstanceName {
        folder: "kubernetes/production/eu-1/workloads/shop".into(),
        environment: "production".to_owned(),
        cluster: "eu-1".to_owned(),
        kind: InstanceWord::Workload,
        name: "shop".to_owned(),
        owner: None,
    }
}

fn holds(text: &str, impacts: &[Impact], paths: &[&str]) -> Result<bool, ExpressionError> {
    let instance = instance();
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")).holds(&Change {
        impacts: impacts.iter().copied().collect(),
        instance: &instance,
        protected: true,
        kind: "Deployment",
        group: "apps",
        name: "shop",
        namespace: "acme-production",
        action: Action::Changed,
        paths: &paths,
    })
}

/// What is wrong with an expression, with the words it points at.
fn refused(text: &str) -> String {
    let error = Expression::parse(text).err().unwrap_or_else(|| panic!("{text} is taken"));
    let at = error.at.map(|at| format!(" at `{}`", &text[at])).unwrap_or_default();
    let help = error.help.map(|help| format!(" (help: {help})")).unwrap_or_default();
    format!("{}{at}{help}", error.message)
}

#[test]
fn facts_about_a_change_can_be_asked_for() {
    let replace = [Impact::Replace, Impact::Rollout];
    let table = [
        ("impact >= REPLACE", true),
        ("impact > REPLACE", false),
        ("impact == REPLACE && impact < DATA_LOSS", true),
        ("'rollout' in impacts", true),
        ("'privilege' in impacts || 'exposure' in impacts", false),
        ("(impact >= REPLACE || 'privilege' in impacts) && environment == 'production'", true),
        ("cluster.startsWith('eu') && owner == '' && workload == 'shop'", true),
        ("kind in ['Deployment', 'StatefulSet'] && group == 'apps'", true),
        ("name == 'shop' && namespace.endsWith('-production')", true),
        ("action == 'changed' && protected", true),
        ("!protected", false),
        ("impacts.exists(one, one.startsWith('roll'))", true),
        ("impacts.all(one, one != 'data-loss')", true),
        ("size(impacts) == 2", true),
        ("path.matches('^spec[.]template')", true),
        ("path == 'metadata.labels.a'", true),
        ("!path.startsWith('spec')", true),
        ("path.contains('nothing')", false),
        ("impact >= REPLACE ? protected : false", true),
        ("impact in [REPLACE, DATA_LOSS]", true),
    ];
    for (text, expected) in table {
        let found = holds(text, &replace, &["spec.template.spec", "metadata.labels.a"]);
        assert_eq!(found, Ok(expected), "{text}");
    }
}

#[test]
fn the_path_of_what_comes_or_goes_is_empty() {
    assert_eq!(holds("path == ''", &[Impact::DataLoss], &[]), Ok(true));
    assert_eq!(holds("path.startsWith('spec')", &[Impact::DataLoss], &[]), Ok(false));
}

#[test]
fn what_cannot_be_evaluated_is_told() {
    assert_eq!(holds("impacts[0] == 'rollout'", &[Impact::Rollout], &[]), Ok(true));
    assert!(holds("impacts[0] == 'rollout'", &[], &[]).is_err());
    let paths = ["x".repeat(LONGEST_VALUE + 1)];
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert!(holds("path == 'a'", &[], &paths).is_err());
}

#[test]
fn what_is_no_condition_on_a_change_is_refused() {
    let texts = [
        "impact >= 'replace'",
        "'DATA_LOSS' == impact",
        "impact in ['replace']",
        "REPLACE in impacts",
        "'priviledge' in impacts",
        "'x' in impacts",
        "enviroment == 'production'",
        "impact >= REPLAC",
        "zebra == 1",
        "environment.name == 'production'",
        "has(environment.name)",
        "environment == 3",
        "impact",
        "environment",
        "'production'",
        "1 + 1",
        "impact + 1 > REPLACE",
        "environment && protected",
        "action == 'deleted'",
        "action in ['added', 'change']",
        "'a' in environment",
        "contain(environment, 'x')",
        "environment.startsWth('x')",
        "environment.startsWith()",
        "impacts.contains('x')",
        "path.matches('(')",
        "path.matches(kind)",
        "environment = 'production'",
        "impact >= ",
        "",
        "{'a': 1} == {'a': 1}",
        "[1].all(a, [2].all(b, a < b))",
        "impacts[7] == 'rollout'",
        "'é' == environment && impakt > CONFIG",
    ];
    let all: String = texts.iter().map(|text| format!("{text}\n    {}\n", refused(text))).collect();
    insta::assert_snapshot!(all, @r#"
    impact >= 'replace'
        an impact cannot be compared with a text at `>=` (help: compare with a constant, as in `impact >= REPLACE`, or ask `'replace' in impacts`)
    'DATA_LOSS' == impact
        an impact cannot be compared with a text at `==` (help: compare with a constant, as in `impact >= DATA_LOSS`, or ask `'data-loss' in impacts`)
    impact in ['replace']
        an impact cannot be compared with a text at `'replace'` (help: compare with a constant, as in `impact >= REPLACE`, or ask `'replace' in impacts`)
    REPLACE in impacts
        `impacts` holds names, and this is an impact at `REPLACE` (help: write `'replace' in impacts`)
    'priviledge' in impacts
        there is no impact `priviledge` at `'priviledge'` (help: did you mean `privilege`?)
    'x' in impacts
        there is no impact `x` at `'x'` (help: one of `cosmetic`, `config`, `rollout`, `capacity`, `privilege`, `exposure`, `replace`, `data-loss`)
    enviroment == 'production'
        a change has no `enviroment` at `enviroment` (help: did you mean `environment`?)
    impact >= REPLAC
        a change has no `REPLAC` at `REPLAC` (help: did you mean `REPLACE`?)
    zebra == 1
        a change has no `zebra` at `zebra` (help: it has `impact`, `impacts`, `environment`, `cluster`, `owner`, `workload`, `kind`, `group`, `name`, `namespace`, `action`, `path`, `protected`)
    environment.name == 'production'
        nothing here has a field `name` at `.` (help: facts about a change are plain, such as `environment` and `kind`)
    has(environment.name)
        nothing here has a field `name` at `(` (help: facts about a change are plain, such as `environment` and `kind`)
    environment == 3
        a text cannot be compared with a number at `==`
    impact
        the expression does not give true or false at `impact` (help: compare something, such as `impact >= REPLACE`)
    environment
        the expression does not give true or false at `environment` (help: compare something, such as `impact >= REPLACE`)
    'production'
        the expression does not give true or false at `'production'` (help: compare something, such as `impact >= REPLACE`)
    1 + 1
        the expression does not give true or false at `+` (help: compare something, such as `impact >= REPLACE`)
    impact + 1 > REPLACE
        there is nothing to calculate with impacts at `+` (help: compare `impact` with a constant, such as `REPLACE`)
    environment && protected
        this does not give true or false at `environment` (help: compare it with something)
    action == 'deleted'
        there is no action `deleted` at `'deleted'` (help: one of `added`, `removed`, `changed`, `renamed`)
    action in ['added', 'change']
        there is no action `change` at `'change'` (help: did you mean `changed`?)
    'a' in environment
        a text holds nothing at `environment` (help: `contains`, `startsWith` and `matches` look into a text)
    contain(environment, 'x')
        there is no function `contain` at `(` (help: did you mean `contains`?)
    environment.startsWth('x')
        there is no function `startsWth` at `(` (help: did you mean `startsWith`?)
    environment.startsWith()
        `startsWith` takes one text at `(` (help: write `path.startsWith('spec')`)
    impacts.contains('x')
        `contains` is for texts, and this is a list at `impacts`
    path.matches('(')
        the pattern is not a regular expression without look-around and back references at `'('`
    path.matches(kind)
        a pattern has to be written out at `kind`
    environment = 'production'
        not a CEL expression: token recognition error at: '= ' at `` (help: `==` compares)
    impact >= 
        not a CEL expression: it ends too early at ``

        not a CEL expression: it ends too early at ``
    {'a': 1} == {'a': 1}
        maps have no use in an expression over a change at `{`
    [1].all(a, [2].all(b, a < b))
        a list is gone through inside of another one at `(` (help: one such loop is allowed)
    impacts[7] == 'rollout'
        the expression cannot be evaluated: Index out of bounds: Int(7)
    'é' == environment && impakt > CONFIG
        a change has no `impakt` at `impakt` (help: did you mean `impact`?)
    "#);
}

/// Promise 1: what is deeply nested, long or slow is refused, and never ends the program.
#[test]
fn hostile_expressions_are_refused_quickly() {
    let nested = |open: &str, close: &str, times: usize| {
        format!("{}protected{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        "x".repeat(1_000_000),
        nested("(", ")", 400),
        nested("!", "", 1000),
        nested("[", "][0]", 160),
        format!("{}1{} == 1", "[".repeat(500), "]".repeat(500)),
        format!("protected{}", " || protected".repeat(80)),
        format!("{}1 == 1", "-".repeat(900)),
        "[1,2].map(a, [1,2].map(b, [1,2].map(c, c))) == []".to_owned(),
    ];
    for text in texts {
        drop(Expression::parse(&text));
    }
    assert!(Expression::parse(&"x".repeat(LONGEST + 1)).is_err());
}

#[test]
fn a_finding_points_into_the_expression() {
    let finding = |value: &str, length: u32| {
        let span = Span::new(FileId(0), 100, 100 + length);
        let error = Expression::parse(value).unwrap_err();
        error.finding(&Spanned::new(value.to_owned(), span)).primary.unwrap().span.range()
    };
    let text = "protected && enviroment == 'x'";
    let length = u32::try_from(text.len()).unwrap();
    assert_eq!(finding(text, length), 113..123);
    assert_eq!(finding(text, length + 2), 114..124, "in quotes");
    assert_eq!(finding(text, length + 5), 100..135, "folded, or with escapes");
}
