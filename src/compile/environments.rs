//! What environments say of each other: their names, and the order in which they are promoted to.

use std::{collections::BTreeMap, sync::Arc};

use camino::Utf8Path;

use crate::model::{Code, Environment, Finding, Spanned};
use crate::validate;

/// `after` names an environment that is there, and no environment comes after itself.
pub(super) fn check_order(environments: &BTreeMap<String, Arc<Environment>>, findings: &mut Vec<Finding>) {
    for after in environments.values().filter_map(|environment| environment.after.as_ref()) {
        if !environments.contains_key(&after.value) {
            findings.push(
                Finding::new(Code::UnknownEnvironment, format!("there is no environment `{}`", after.value))
                    .at(after.span, "not an environment")
                    .maybe_help(validate::did_you_mean(
                        &after.value,
                        environments.keys().map(String::as_str),
                    )),
            );
        }
    }
    findings.extend(environments.keys().filter_map(|name| circle(name, environments)));
}

/// Environments that come after each other in a circle, from the first by name on; each circle once.
fn circle(name: &str, environments: &BTreeMap<String, Arc<Environment>>) -> Option<Finding> {
    let after = |name: &str| environments.get(name).and_then(|environment| environment.after.as_ref());
    let mut names = vec![name];
    let mut next = after(name)?;
    while next.value != name {
        if next.value.as_str() < name || names.len() > environments.len() {
            return None; // told of from its own first one
        }
        names.push(&next.value);
        next = after(&next.value)?;
    }
    let names: Vec<String> = names.iter().chain([&name]).map(|name| format!("`{name}`")).collect();
    let message = format!("environments come after each other in a circle: {}", names.join(" -> "));
    Some(Finding::new(Code::InvalidConfig, message).at(after(name)?.span, ""))
}

/// An environment whose file has another name: whoever looks for it would not find it.
pub(super) fn misnamed(path: &Utf8Path, name: &Spanned<String>) -> Option<Finding> {
    let file = path.file_stem().filter(|stem| *stem != name.value)?;
    Some(
        Finding::new(
            Code::InvalidConfig,
            format!("the environment is called `{}`, its file `{file}`", name.value),
        )
        .at(name.span, "")
        .help("give both one name"),
    )
}
