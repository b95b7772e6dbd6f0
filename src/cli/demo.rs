//! `macadam demo`: a small example platform, compiled, written, edited and compiled again.
//!
//! Takes the way that `render` takes: the same compilation, comparison and writing, in a temporary folder.

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
    fault::Fault,
    load::{self, World},
    model::{ChangeSet, Tree},
    write::{self, Scope},
};

/// Where the example lies among what the binary brings.
const EXAMPLE: &str = "fixtures/shop";

/// The edit that the tour makes: one number in one file.
const EDIT: Edit = Edit { path: "services/storefront/score.yaml", from: "replicas: 6", to: "replicas: 8" };

/// A change of one line of one source.
struct Edit {
    path: &'static str,
    from: &'static str,
    to: &'static str,
}

/// What one run made, and what it changed on disk.
struct Run {
    compilation: Compilation,
    tree: Tree,
    changes: ChangeSet,
}

pub(crate) fn run(terminal: &mut Terminal, arguments: &Demo) -> Result<Exit, Fault> {
    let folder = tempfile::Builder::new().prefix("macadam-demo-").tempdir().map_err(Fault::Temporary)?;
    let root = Utf8Path::from_path(folder.path())
        .ok_or_else(|| Fault::usage("the temporary folder has a name that is not UTF-8", None))?
        .to_owned();
    files::create(&root, &example()?)?;

    let Some(first) = render(terminal, &root)? else { return Ok(Exit::Findings) };
    tour::came_in(terminal, &root, &first.compilation)?;
    tour::came_out(terminal, &first.tree, &first.compilation)?;
    edit(&root)?;
    let Some(second) = render(terminal, &root)? else { return Ok(Exit::Findings) };
    tour::one_number(terminal, &EDIT, &first.tree, &second.changes)?;
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
    write::apply(&output, changes.clone())?;
    Ok(Some(Run { compilation, tree, changes }))
}

/// Makes the edit of the tour.
fn edit(root: &Utf8Path) -> Result<(), Fault> {
    let path: Utf8PathBuf = root.join(EDIT.path);
    let text =
        fs::read_to_string(&path).map_err(|source| Fault::Unreadable { path: path.clone(), source })?;
    let edited = text.replacen(EDIT.from, EDIT.to, 1);
    fs::write(&path, edited).map_err(|source| Fault::Unwritable { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edit_fits_the_example() {
        let path = Utf8Path::new(EXAMPLE).join(EDIT.path);
        let text = String::from_utf8(load::fixtures().read(&path).unwrap().unwrap()).unwrap();
        assert_eq!(text.matches(EDIT.from).count(), 1);
    }
}
