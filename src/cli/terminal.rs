//! The streams that a command talks to: data on standard output, talk on standard error.

#![expect(clippy::disallowed_methods, reason = "the edge reads the terminal's settings from the environment")]

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

use super::{
    arguments::{ColorChoice, Global},
    safe,
};
use crate::fault::Fault;

/// The width where no terminal tells one.
const PLAIN_WIDTH: usize = 80;

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    /// Only what is wrong.
    Quiet,
    /// And what was done.
    Normal,
    /// And every detail.
    Verbose,
}

/// Standard output, standard error, and how to write to them.
pub(crate) struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// How much is said.
    pub(crate) talk: Talk,
    /// Columns to wrap at.
    pub(crate) width: usize,
    /// Colour on standard output.
    pub(crate) color_out: bool,
    /// Colour on standard error.
    pub(crate) color_err: bool,
    /// Standard error is a terminal: progress may move.
    pub(crate) moves: bool,
    /// Somebody can be asked.
    pub(crate) asks: bool,
}

/// A colour or weight of text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Paint {
    /// Headings.
    Bold,
    /// Less important than the rest.
    Dim,
    /// Wrong, removed.
    Red,
    /// Right, added.
    Green,
    /// Doubtful.
    Yellow,
    /// Names.
    Cyan,
}

impl Paint {
    /// Paints text, or leaves it plain.
    pub(crate) fn on(self, text: impl Display, color: bool) -> String {
        let code = match self {
            Self::Bold => 1,
            Self::Dim => 2,
            Self::Red => 31,
            Self::Green => 32,
            Self::Yellow => 33,
            Self::Cyan => 36,
        };
        if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}

impl Terminal {
    /// The streams of this process.
    pub(crate) fn of_process(global: &Global) -> Self {
        let talk = match (global.quiet, global.verbose) {
            (true, _) => Talk::Quiet,
            (_, true) => Talk::Verbose,
            _ => Talk::Normal,
        };
        let moves = io::stderr().is_terminal();
        Self {
            out: Box::new(io::BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
            talk,
            width: width(),
            color_out: colored(global.color, io::stdout().is_terminal()),
            color_err: colored(global.color, moves),
            moves: moves && talk != Talk::Quiet,
            asks: io::stdin().is_terminal() && moves,
        }
    }

    /// Whether every detail is said.
    pub(crate) fn is_verbose(&self) -> bool {
        self.talk == Talk::Verbose
    }

    /// Writes data; what nobody reads any more is dropped.
    pub(crate) fn data(&mut self, text: &str) -> Result<(), Fault> {
        let written = self.out.write_all(text.as_bytes());
        self.unless_gone(written)
    }

    /// Writes data that is held back so far.
    pub(crate) fn flush(&mut self) -> Result<(), Fault> {
        let written = self.out.flush();
        self.unless_gone(written)
    }

    /// A reader that goes away is no fault, and does not change how the command ends: the exit code still tells what was
    /// found.
    fn unless_gone(&mut self, written: io::Result<()>) -> Result<(), Fault> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.out = Box::new(io::sink());
                Ok(())
            }
            written => written.map_err(Fault::Output),
        }
    }

    /// Says one line, unless quiet. Its text is made safe.
    pub(crate) fn say(&mut self, text: &str) {
        self.show(&safe::line(text));
    }

    /// Says text that is safe already, unless quiet.
    pub(crate) fn show(&mut self, text: &str) {
        if self.talk > Talk::Quiet {
            self.insist(text);
        }
    }

    /// Says text that is safe already, also when quiet. Nobody can be told when that fails.
    pub(crate) fn insist(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}");
    }

    /// Asks for a line; `None` at the end of input.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Option<String>, Fault> {
        let _ = write!(self.err, "{question} ");
        let _ = self.err.flush();
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer).map_err(Fault::Input)?;
        Ok((read > 0).then(|| answer.trim().to_owned()))
    }
}

/// Whether to write colours to a stream.
fn colored(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// The terminal's width, between 40 and 120 columns.
fn width() -> usize {
    columns().unwrap_or(PLAIN_WIDTH).clamp(40, 120)
}

fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}
