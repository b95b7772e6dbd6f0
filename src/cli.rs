//! The command line: arguments in, text and exit codes out. Decides nothing about a repository.

mod arguments;
mod check;
mod demo;
mod diff;
mod explain;
mod files;
mod init;
mod list;
mod name;
mod new;
mod pager;
mod progress;
mod render;
mod report;
mod repository;
mod review;
mod safe;
mod schema;
mod shell;
mod since;
mod terminal;
mod text;
mod verify;

use std::process::ExitCode;

pub use arguments::Arguments;
use arguments::Command;
use terminal::Terminal;

use crate::{fault::Fault, model::Sources};

/// How a command ended, short of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done, and nothing is wrong.
    Clean,
    /// Findings of severity error, or differences where the command was asked to tell.
    Findings,
}

/// Runs one command and returns the exit code of the process: 0 clean, 1 findings, 2 fault.
///
/// Data goes to standard output, talk to standard error. When the reader of standard output goes away, the command
/// goes on quietly, and its exit code still says what was found.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut terminal = Terminal::of_process(&arguments.global);
    let result = dispatch(&mut terminal, arguments).and_then(|exit| terminal.flush().map(|()| exit));
    match result {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(fault) => {
            tell(&mut terminal, arguments, &fault);
            ExitCode::from(2)
        }
    }
}

/// Says why macadam could not work, also in JSON where that was asked for.
fn tell(terminal: &mut Terminal, arguments: &Arguments, fault: &Fault) {
    report::fault(terminal, fault);
    if arguments.wants_json() {
        let document = report::json(&[], &Sources::default(), Some(fault));
        // Standard output may be what failed; nobody could be told of a second failure.
        let _ = terminal.data(&document).and_then(|()| terminal.flush());
    }
}

/// Says that the process could not start its threads.
pub fn cannot_start(arguments: &Arguments, error: rayon::ThreadPoolBuildError) -> ExitCode {
    let mut terminal = Terminal::of_process(&arguments.global);
    report::fault(&mut terminal, &Fault::Threads(error));
    ExitCode::from(2)
}

fn dispatch(terminal: &mut Terminal, arguments: &Arguments) -> Result<Exit, Fault> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Init(init) => init::run(terminal, init),
        Command::New(new) => new::run(terminal, global, new),
        Command::Check(check) => check::run(terminal, global, check),
        Command::Render(render) => render::run(terminal, global, render),
        Command::Diff(diff) => diff::run(terminal, global, diff),
        Command::List(list) => list::run(terminal, global, list),
        Command::Explain(explain) => explain::run(terminal, explain),
        Command::Verify(verify) => verify::run(terminal, global, verify),
        Command::Schema(schema) => schema::run(terminal, schema),
        Command::Completions(completions) => shell::completions(terminal, completions),
        Command::Man => shell::man(terminal),
        Command::Demo(demo) => demo::run(terminal, demo),
    }
}
