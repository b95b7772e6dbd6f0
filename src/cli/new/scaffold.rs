//! The files of a new workload: what the golden path brings, and a Score file.

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{Node, Span, write_yaml};
use minijinja::{Environment, UndefinedBehavior, Value, context, value::Serde};

use super::Values;
use crate::{
    cli::files::NewFile,
    fault::Fault,
    model::{Package, Sources},
    parse,
};

/// What a workload's Score file is called.
const SCORE: &str = "score.yaml";

/// Instructions that one scaffold template may use.
const FUEL: u64 = 100_000;

/// Every file, in path order: `*.j2` rendered, the rest as it is.
///
/// Templates see `workload.name` and `params`. A scaffold without a `score.yaml` gets a minimal one.
pub(super) fn files(
    package: &Package,
    name: &str,
    values: Values,
    sources: &Sources,
) -> Result<Vec<NewFile>, Fault> {
    let params = Node::mapping(Span::default(), values);
    let mut files = Vec::new();
    for (path, file) in &package.scaffold {
        let Some(source) = sources.get(*file) else { continue };
        files.push(match path.as_str().strip_suffix(".j2") {
            Some(target) => NewFile {
                path: Utf8PathBuf::from(target),
                bytes: render(&source.text, path, name, &params)?.into_bytes(),
            },
            None => NewFile { path: path.clone(), bytes: source.text.as_bytes().to_vec() },
        });
    }
    if !files.iter().any(|file| file.path == SCORE) {
        files.push(NewFile { path: SCORE.into(), bytes: score(package, name, &params).into_bytes() });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn render(text: &str, path: &Utf8Path, name: &str, params: &Node) -> Result<String, Fault> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let params = Value::from(Serde(parse::json::value(params)));
    let mut made = environment.render_str(text, context! { workload => context! { name }, params }).map_err(
        |error| {
            Fault::usage(format!("the scaffold file `{path}` cannot be rendered"), Some(error.to_string()))
        },
    )?;
    if !made.ends_with('\n') {
        made.push('\n'); // the engine takes the last one away
    }
    Ok(made)
}

/// A Score file that compiles once it has an image.
fn score(package: &Package, name: &str, params: &Node) -> String {
    let mut text = format!("apiVersion: score.dev/v1b1\nmetadata:\n  name: {name}\n  platform:\n");
    text.push_str(&format!("    goldenPath: {}\n", package.name.value));
    if params.as_mapping().is_some_and(|params| !params.is_empty()) {
        text.push_str("    params:\n");
        text.push_str("      ");
        write_yaml(params, &mut text, 6);
        text.push('\n');
    }
    text.push_str("containers:\n  main:\n    image: . # release.yaml says which, for each environment\n");
    text
}
