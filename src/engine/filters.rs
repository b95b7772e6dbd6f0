//! The filters of templates: ours, and the engine's own behind a guard.

use base64::Engine as _;
use macadam_yaml::write_json;
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, State, filters};
use sha2::{Digest, Sha256};

use super::complaint::Complaint;
use super::convert::{self, holds_tokens, kind_name};
use super::hole::{self, Hole, Table};
use super::{hcl, name, quantity};

/// Replaces what the environment brings by what templates may use.
pub(super) fn install(env: &mut Environment<'static>) {
    for name in ["safe", "escape", "e", "pprint", "tojson"] {
        env.remove_filter(name);
    }
    for name in ["safe", "escaped"] {
        env.remove_test(name);
    }
    env.remove_global("debug");
    env.add_filter("to_yaml", to_yaml);
    env.add_filter("to_json", to_json);
    env.add_filter("tojson", to_json);
    env.add_filter("hcl", to_hcl);
    env.add_filter("dns_label", dns_label);
    env.add_filter("quantity", to_quantity);
    env.add_filter("sha256", sha256);
    env.add_filter("b64encode", b64encode);
    env.add_filter("indent", indent);
    guard(env);
}

/// The engine's own filters that look into strings, each under a name that no template can spell.
fn guard(env: &mut Environment<'static>) {
    macro_rules! guarded {
        ($($name:ident),*) => { $(
            let inner = concat!("\0", stringify!($name));
            env.add_filter(inner, filters::$name);
            env.add_filter(stringify!($name), move |state: &mut State<'_, '_>, args: Rest<Value>| {
                check(state, stringify!($name), &args)?;
                state.apply_filter(inner, &args)
            });
        )* };
    }
    guarded!(upper, lower, title, capitalize, replace, length, reverse, split, lines, first, last);
    guarded!(int, float, format, string, join, list, sort, unique);
    env.add_filter("count", |state: &mut State<'_, '_>, args: Rest<Value>| {
        check(state, "count", &args)?;
        state.apply_filter("\0length", &args)
    });
}

/// Refuses what would go wrong silently: taking tokens apart, and Python's spelling of booleans and structures.
fn check(state: &State<'_, '_>, filter: &str, args: &[Value]) -> Result<(), Error> {
    for value in args {
        if value.as_str().is_some_and(|text| holds_tokens(state, value, text)) {
            return Err(tokens(filter).into());
        }
    }
    match (filter, args) {
        ("string", [value, ..]) => check_text(filter, value),
        ("join", [list, ..]) if matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) => {
            list.try_iter()?.try_for_each(|item| check_text(filter, &item))
        }
        ("format", [format, ..]) if format.as_str().is_some_and(wide) => {
            Err(Complaint::new("a width or precision of more than 3 digits").into())
        }
        _ => Ok(()),
    }
}

fn check_text(filter: &str, value: &Value) -> Result<(), Error> {
    let help = match value.kind() {
        ValueKind::Bool => "write `'true' if value else 'false'`",
        ValueKind::None => "use `| default('..', true)` first",
        ValueKind::Map | ValueKind::Seq if filter == "string" => "use `| to_json` or `| to_yaml`",
        _ => return Ok(()),
    };
    Err(Complaint::new(format!("`{filter}` has no text for a {}", kind_name(value))).help(help).into())
}

/// Whether a printf format asks for absurd amounts of padding.
fn wide(format: &str) -> bool {
    let mut digits = 0;
    format.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits > 3 || byte == b'*'
    })
}

fn tokens(filter: &str) -> Complaint {
    Complaint::new(format!("`{filter}` cannot change a captured block, a macro result or a placed structure"))
        .help("apply it to the values before they are printed into the block")
}

/// The text that a filter works on.
fn text_of(state: &State<'_, '_>, filter: &str, value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::String => {}
        ValueKind::Number => return Ok(convert::number(value)?.to_string()),
        _ => {
            let message = format!("`{filter}` needs a string, not a {}", kind_name(value));
            return Err(Complaint::new(message).into());
        }
    }
    let text = value.as_str().unwrap_or_default();
    if !holds_tokens(state, value, text) {
        return Ok(text.to_owned());
    }
    let tree = hole::only(text).and_then(|token| state.get_extension::<Table>()?.get(token));
    match tree {
        Some(Hole::Tree(node)) => Ok(macadam_yaml::to_yaml(node)),
        _ => Err(tokens(filter).into()),
    }
}

fn to_yaml(state: &mut State<'_, '_>, value: &Value, _options: Rest<Value>) -> Result<Value, Error> {
    defined("to_yaml", value)?;
    let node = convert::tree(state, value)?;
    let token = state.get_or_insert_extension_with(Table::default).push(Hole::Tree(node));
    Ok(Value::from_safe_string(token.to_string()))
}

fn to_json(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    defined("to_json", value)?;
    let mut text = String::new();
    write_json(&convert::tree(state, value)?, &mut text);
    Ok(text)
}

fn to_hcl(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    defined("hcl", value)?;
    Ok(hcl::literal(&convert::tree(state, value)?))
}

fn defined(filter: &str, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Complaint::new(format!("`{filter}` of an undefined value"))
            .help("give it a default, such as `| default({})`")
            .into());
    }
    Ok(())
}

fn dns_label(
    state: &State<'_, '_>,
    value: &Value,
    max: Option<usize>,
    rule: Option<String>,
) -> Result<String, Error> {
    let text = text_of(state, "dns_label", value)?;
    let max = max.unwrap_or(63);
    if !(15..=63).contains(&max) {
        return Err(Complaint::new("the length of a `dns_label` is between 15 and 63").into());
    }
    match rule.as_deref() {
        None => Ok(name::dns_label(&text, max)),
        Some("service") => Ok(name::service_label(&text, max)),
        Some(_) => Err(Complaint::new("the only rule of `dns_label` is `service`").into()),
    }
}

fn to_quantity(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    let text = text_of(state, "quantity", value)?;
    quantity::canonical(&text).ok_or_else(|| {
        Complaint::new("not a Kubernetes quantity")
            .help("such as `500m`, `0.5`, `2`, `128Mi` or `1.5G`")
            .into()
    })
}

fn sha256(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    let text = text_of(state, "sha256", value)?;
    Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn b64encode(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    Ok(base64::engine::general_purpose::STANDARD.encode(text_of(state, "b64encode", value)?))
}

/// Indentation never takes a token apart, and a structure's token is one line: so captured blocks pass.
fn indent(
    state: &mut State<'_, '_>,
    value: &Value,
    width: Option<usize>,
    first: Option<bool>,
    kwargs: Kwargs,
) -> Result<Value, Error> {
    let width = width.or(kwargs.get("width")?).unwrap_or(4);
    let first = first.or(kwargs.get("first")?).unwrap_or(false);
    let blank = kwargs.get::<Option<bool>>("blank")?.unwrap_or(false);
    kwargs.assert_all_used()?;
    if width > 256 {
        return Err(Complaint::new("an indentation of more than 256 columns").into());
    }
    if value.kind() != ValueKind::String {
        return Err(Complaint::new(format!("`indent` needs a string, not a {}", kind_name(value))).into());
    }
    let text = convert::text(state, value)?;
    let text = if value.is_safe() { value.as_str().unwrap_or_default() } else { &text };
    let out = indented(text, width, first, blank);
    Ok(if value.is_safe() { Value::from_safe_string(out) } else { Value::from(out) })
}

fn indented(text: &str, width: usize, first: bool, blank: bool) -> String {
    let pad = " ".repeat(width);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut out = String::with_capacity(text.len() + 64);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let empty = line.is_empty() || line == "\r";
        if (number > 0 || first) && (!empty || blank) {
            out.push_str(&pad);
        }
        out.push_str(line);
    }
    out
}
