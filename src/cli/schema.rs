//! `macadam schema`: the JSON Schemas of our file formats, for editors.

use super::{Exit, arguments::Schema, terminal::Terminal};
use crate::{fault::Fault, validate};

/// The schema of `--format json` findings: an output, so `validate` does not know it.
const FINDINGS: &str = include_str!("../../schemas/findings.json");

/// The schema of `diff --format json`.
const REVIEW: &str = include_str!("../../schemas/review.json");

/// Every kind, with the files it describes.
pub(crate) const KINDS: &[(&str, &str)] = &[
    ("platform", "macadam.yaml"),
    ("environment", "environments/<name>.yaml"),
    ("score", "score.yaml"),
    ("release", "release.yaml"),
    ("golden-path", "golden-paths/<name>/golden-path.yaml"),
    ("component", "golden-paths/<name>/component.yaml"),
    ("provisioner", "resources/<name>/provisioner.yaml"),
    ("platform-package", "platform/<name>/platform-package.yaml"),
    ("findings", "what `check --format json` prints"),
    ("review", "what `diff --format json` prints"),
];

pub(crate) fn run(terminal: &mut Terminal, arguments: &Schema) -> Result<Exit, Fault> {
    match &arguments.kind {
        None => {
            for (kind, files) in KINDS {
                terminal.data(&format!("{kind:<18}{files}\n"))?;
            }
        }
        Some(kind) => {
            let text = text(kind).ok_or_else(|| unknown(kind))?;
            terminal.data(text)?;
            if !text.ends_with('\n') {
                terminal.data("\n")?;
            }
        }
    }
    Ok(Exit::Clean)
}

/// The schema of a kind.
pub(crate) fn text(kind: &str) -> Option<&'static str> {
    match kind {
        "findings" => Some(FINDINGS),
        "review" => Some(REVIEW),
        _ => validate::schema_text(kind),
    }
}

fn unknown(kind: &str) -> Fault {
    let near = validate::suggest(kind, KINDS.iter().map(|(kind, _)| *kind));
    let help = near.map_or_else(
        || "`macadam schema` lists every kind".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Fault::usage(format!("no file format is called `{kind}`"), Some(help))
}
