//! The parameters of a new workload: from the command line, else asked for.

use macadam_yaml::{Entry, FileId, Node, Span};

use super::Values;
use crate::{
    cli::terminal::Terminal, fault::Fault, model::Package, parse, validate, validate::schema::Schema,
};

/// Reads `KEY=VALUE` arguments; values are YAML, of a repeated key the last counts.
pub(super) fn given(set: &[String]) -> Result<Values, Fault> {
    let mut values = Values::new();
    for argument in set {
        let (key, text) = argument
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| Fault::usage(format!("`--set {argument}` is not KEY=VALUE"), None))?;
        insert(&mut values, key, text)?;
    }
    Ok(values)
}

fn insert(values: &mut Values, key: &str, text: &str) -> Result<(), Fault> {
    let value = parse::yaml(text.as_bytes(), FileId::default()).value.ok_or_else(|| {
        Fault::usage(
            format!("the value of `{key}` is not YAML"),
            Some("quote it twice: key='\"..\"'".to_owned()),
        )
    })?;
    values.insert(Entry::new(key, Span::default(), value));
    Ok(())
}

/// Asks for required parameters that nothing sets; a fault that names them where nobody can be asked.
pub(super) fn complete(terminal: &mut Terminal, package: &Package, values: &mut Values) -> Result<(), Fault> {
    let missing: Vec<String> =
        required(package).into_iter().filter(|name| !values.contains_key(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !terminal.asks {
        let wanted: Vec<String> = missing.iter().map(|name| format!("--set {name}=..")).collect();
        return Err(Fault::usage(
            format!("golden path `{}` needs more parameters", package.name.value),
            Some(wanted.join(" ")),
        ));
    }
    for name in missing {
        let about =
            property(package, &name).and_then(|schema| schema.get("description")).and_then(Node::as_str);
        let question = about.map_or_else(|| format!("{name}:"), |about| format!("{about}\n{name}:"));
        let answer = terminal.ask(&question)?.filter(|answer| !answer.is_empty());
        let answer = answer.ok_or_else(|| Fault::usage(format!("no value for `{name}`"), None))?;
        insert(values, &name, &answer)?;
    }
    Ok(())
}

/// Required parameters without a default, in the schema's order.
fn required(package: &Package) -> Vec<String> {
    let names = package.params.get("required").and_then(Node::as_sequence).unwrap_or_default();
    let names = names.iter().filter_map(Node::as_str);
    let has_default =
        |name: &str| property(package, name).is_some_and(|schema| schema.get("default").is_some());
    names.filter(|name| !has_default(name)).map(str::to_owned).collect()
}

fn property<'a>(package: &'a Package, name: &str) -> Option<&'a Node> {
    package.params.get("properties")?.get(name)
}

/// Holds the values against the package's schema, so that a mistake is told before a file exists.
pub(super) fn check(package: &Package, values: &Values) -> Result<(), Fault> {
    let Some(schema) = Schema::compile(&package.params).value else { return Ok(()) };
    let node = Node::mapping(Span::default(), values.clone());
    let Some(violation) = schema.violations(&node).into_iter().next() else { return Ok(()) };
    let known = package.params.get("properties").and_then(Node::as_mapping);
    let unknown = values.keys().find(|key| known.is_some_and(|known| !known.contains_key(key)));
    let near = unknown.zip(known).and_then(|(key, known)| validate::did_you_mean(key, known.keys()));
    Err(Fault::usage(
        format!("golden path `{}`: {}", package.name.value, violation.message),
        violation.help.or(near),
    ))
}
