//! What judges changes: gates, impact rules, prices.

use std::collections::BTreeMap;

use macadam_yaml::{Node, Number, Span, Value};

use crate::{
    diff::expression::Expression,
    model::{Code, Finding, Gate, Impact, ImpactRule, Prices, Spanned},
    parse::quantity,
    validate::read,
};

/// The gates. Of those that cannot be used it is told why; they are kept, so that they ask for somebody.
pub(super) fn gates(spec: &Node, findings: &mut Vec<Finding>) -> Vec<Gate> {
    let gate = |node: &Node| {
        let (when, require) = (read::string(node, "when")?, read::string(node, "require")?);
        check(&when, findings);
        Some(Gate { when, require })
    };
    read::items(spec, "gates").iter().filter_map(gate).collect()
}

/// The impact rules. Of those that cannot be used it is told why.
pub(super) fn impacts(spec: &Node, findings: &mut Vec<Finding>) -> Vec<ImpactRule> {
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    let mut rules = Vec::new();
    for rule in read::items(spec, "impacts").iter().filter_map(impact_rule) {
        if let Some(first) = names.insert(rule.name.value.clone(), rule.name.span) {
            let message = format!("two impact rules are called `{}`", rule.name.value);
            findings.push(
                Finding::new(Code::DuplicateDefinition, message)
                    .at(rule.name.span, "this one")
                    .also(first, "and this one"),
            );
        }
        check(&rule.when, findings);
        rules.push(rule);
    }
    rules
}

fn impact_rule(node: &Node) -> Option<ImpactRule> {
    let impact = read::text(node, "impact")?;
    Some(ImpactRule {
        name: read::string(node, "name")?,
        when: read::string(node, "when")?,
        impact: Impact::ALL.into_iter().find(|known| known.name() == impact)?,
        why: read::text(node, "why"),
    })
}

fn check(when: &Spanned<String>, findings: &mut Vec<Finding>) {
    if let Err(error) = Expression::parse(&when.value) {
        findings.push(error.finding(when));
    }
}

/// The prices of a map that the schema was held against.
pub(super) fn prices(node: &Node) -> Prices {
    let price = |key| node.get(key).and_then(price);
    Prices {
        span: node.span,
        currency: read::text(node, "currency").unwrap_or_default(),
        cpu_hour: price("cpuHour"),
        memory_gib_hour: price("memoryGiBHour"),
        storage_gib_month: price("storageGiBMonth"),
    }
}

/// A price in billionths of the unit; what is finer is rounded up.
fn price(node: &Node) -> Option<Spanned<u64>> {
    let text = match node.value {
        Value::Number(Number::Int(value)) => value.to_string(),
        Value::Number(Number::UInt(value)) => value.to_string(),
        Value::Number(Number::Float(value)) => format!("{value}"),
        _ => return None,
    };
    let billionths = u64::try_from(quantity::nanos(&text)?).ok()?;
    Some(Spanned::new(billionths, node.span))
}
