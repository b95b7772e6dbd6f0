//! `macadam verify`: is the tree whole, and ours.

use super::{
    Exit,
    arguments::{Global, Verify},
    report::Counts,
    repository,
    terminal::Terminal,
};
use crate::{
    fault::Fault,
    model::Sources,
    write::{self, Root},
};

pub(crate) fn run(terminal: &mut Terminal, global: &Global, arguments: &Verify) -> Result<Exit, Fault> {
    let root = repository::root(global)?;
    let mut sources = Sources::default();
    let platform = repository::platform(&root, &mut sources)?;
    let Some(platform_value) = platform.value else {
        let counts = repository::tell(terminal, arguments.format, &platform.findings, &sources)?;
        repository::summary(terminal, counts, None);
        return Ok(Exit::Findings);
    };
    let output = Root::open(&root, &platform_value.output_root)?;
    let findings = write::verify(&output)?;
    let counts = repository::tell(terminal, arguments.format, &findings, &sources)?;
    if counts == Counts::default() {
        terminal.say("whole, and as macadam wrote it");
    } else {
        repository::summary(terminal, counts, None);
    }
    Ok(if counts.errors > 0 { Exit::Findings } else { Exit::Clean })
}
