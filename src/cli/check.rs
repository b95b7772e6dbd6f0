//! `macadam check`: everything but writing.

use super::{
    Exit,
    arguments::{Check, Global},
    repository,
    since::Content,
    terminal::Terminal,
};
use crate::{compile::Selection, fault::Fault};

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &Check) -> Result<Exit, Fault> {
    let content = Content::open(global, &arguments.against)?;
    let compilation = content.compile(terminal, Selection::default())?;
    let counts = repository::tell(terminal, arguments.format, &compilation.findings, &compilation.sources)?;
    repository::tell_of_nothing(terminal, &compilation);
    repository::summary(terminal, counts, repository::workloads(&compilation));
    Ok(if counts.errors > 0 { Exit::Findings } else { Exit::Clean })
}
