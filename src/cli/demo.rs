//! `macadam demo`: a small example platform, compiled, written, edited, and the diff of the edit.
//!
//! Takes the way that `render` and `diff` take: the same compilation, writing and review, in a temporary folder.

#![expect(clippy::disallowed_methods, reason = "the demo edits its own copy of the example")]

mod tour;

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    Exit,
    arguments::{Demo, FindingFormat},
    files::{self, NewFile},
    repository,
    terminal::Terminal,
};
use crate::{
    compile::{Compilation, Selection},
    diff::{self, Comparison, Two},
    fault::Fault,
    load::{self, Memory, Side, WorkTree, World},
    model::{SideName, Tree},
    write::{self, Scope},
};

/// Where the example lies among what the binary brings.
const EXAMPLE: &str = "fixtures/shop";

/// The edits that the tour makes: what two developers and a platform engineer might do on one day.
const EDITS: &[Edit] = &[
    Edit {
        path: "services/storefront/score.yaml",
        change: Change::Line { from: "params: { replicas: 6 }", to: "params: { replicas: 8 }" },
    },
    Edit {
        path: "services/search/score.production.yaml",
        change: Change::NewFile("resources: { data: { params: { size: null } } }"),
    },
    Edit {
        path: "golden-paths/nodejs-api/templates/kubernetes/deployment.yaml.j2",
        change: Change::NewLine {
            after: "      automountServiceAccountToken: false\n",
            line: "      terminationGracePeriodSeconds: 60",
        },
    },
];

/// A change of one source.
struct Edit {
    path: &'static str,
    change: Change,
}

/// What is done to a source.
enum Change {
    /// A part of a line becomes another.
    Line { from: &'static str, to: &'static str },
    /// A line is added.
    NewLine { after: &'static str, line: &'static str },
    /// A file of one line is added.
    NewFile(&'static str),
}

/// What one run made.
struct Run {
    compilation: Compilation,
    tree: Tree,
}

pub(crate) fn run(terminal: &mut Terminal, arguments: &Demo) -> Result<Exit, Fault> {
    let folder = tempfile::Builder::new().prefix("macadam-demo-").tempdir().map_err(Fault::Temporary)?;
    let root = Utf8Path::from_path(folder.path())
        .ok_or_else(|| Fault::usage("the temporary folder has a name that is not UTF-8", None))?
        .to_owned();
    let example = example()?;
    files::create(&root, &example)?;

    let Some(first) = render(terminal, &root)? else { return Ok(Exit::Findings) };
    tour::came_in(terminal, &root, &first.compilation)?;
    tour::came_out(terminal, &first.tree, &first.compilation)?;
    EDITS.iter().try_for_each(|edit| edit.make(&root))?;
    tour::edits(terminal, EDITS)?;
    if render(terminal, &root)?.is_none() {
        return Ok(Exit::Findings);
    }
    tour::review(terminal, &compare(example, &root)?)?;
    tour::next(terminal, arguments.keep.then_some(&root))?;
    if arguments.keep {
        let _kept = folder.keep();
    }
    Ok(Exit::Clean)
}

/// The files of the example.
fn example() -> Result<Vec<NewFile>, Fault> {
    let world = load::fixtures();
    let mut new = Vec::new();
    for path in files::below(world, Utf8Path::new(EXAMPLE))? {
        let Some(bytes) = world.read(&path)? else { continue };
        let path = path.strip_prefix(EXAMPLE).map_or_else(|_| path.clone(), Utf8Path::to_owned);
        new.push(NewFile { path, bytes });
    }
    Ok(new)
}

/// Compiles and writes, as `macadam render` does; `None` after findings of severity error.
fn render(terminal: &mut Terminal, root: &Utf8Path) -> Result<Option<Run>, Fault> {
    let mut compilation = repository::compile(terminal, root, Selection::default())?;
    repository::tell(terminal, FindingFormat::Human, &compilation.findings, &compilation.sources)?;
    let Some(tree) = compilation.tree.take() else { return Ok(None) };
    let output = repository::output(root, &compilation)?;
    let outcome = write::compare(&output, &tree, &Scope::everything())?;
    let changes = outcome.value.unwrap_or_default();
    write::apply(&output, changes)?;
    Ok(Some(Run { compilation, tree }))
}

/// Compares the example with its edited copy, as `macadam diff` does.
fn compare(example: Vec<NewFile>, root: &Utf8Path) -> Result<Comparison, Fault> {
    let base: Memory = example.into_iter().map(|file| (file.path.into_string(), file.bytes)).collect();
    let head = WorkTree::open(root)?;
    let [before, after] =
        ["example", "edited example"].map(|name| SideName { name: name.into(), commit: None });
    let two = Two { base: Side::of(&base), head: Side::of(&head), names: (&before, &after) };
    diff::diff(&two, &diff::Options::default())
}

impl Edit {
    /// Makes the edit in a copy of the example.
    fn make(&self, root: &Utf8Path) -> Result<(), Fault> {
        let path: Utf8PathBuf = root.join(self.path);
        let read =
            || fs::read_to_string(&path).map_err(|source| Fault::Unreadable { path: path.clone(), source });
        let edited = match self.change {
            Change::Line { from, to } => read()?.replacen(from, to, 1),
            Change::NewLine { after, line } => read()?.replacen(after, &format!("{after}{line}\n"), 1),
            Change::NewFile(line) => format!("{line}\n"),
        };
        fs::write(&path, edited).map_err(|source| Fault::Unwritable { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edits_fit_the_example() {
        for edit in EDITS {
            let bytes = load::fixtures().read(&Utf8Path::new(EXAMPLE).join(edit.path)).unwrap();
            let text = bytes.map(|bytes| String::from_utf8(bytes).unwrap());
            let times = |part| text.as_ref().map(|text: &String| text.matches(part).count());
            match edit.change {
                Change::Line { from, .. } => assert_eq!(times(from), Some(1)),
                Change::NewLine { after, .. } => assert_eq!(times(after), Some(1)),
                Change::NewFile(_) => assert_eq!(text, None),
            }
        }
    }
}
