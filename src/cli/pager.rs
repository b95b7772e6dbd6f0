//! A pager for long pages, chosen and started as Git does: only on a terminal, only from the user's own environment.
//!
//! Never takes a program from a repository or its configuration.

#![expect(
    clippy::disallowed_methods,
    reason = "the pager is the user's choice, and stands in the environment"
)]

use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal, Write},
    process::{Child, Command, ExitStatus, Stdio},
};

use super::terminal::Terminal;
use crate::fault::Fault;

/// Characters for which a command is given to a shell, as Git does.
const SHELL: &[u8] = b"|&;<>()$`\\\"' \t\n*?[#~=%";

/// What a shell answers when it cannot start a program, or does not find it.
const NOT_STARTED: [i32; 2] = [126, 127];

/// The program that shows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pager {
    command: OsString,
    /// Settings for well-known pagers, where the user has none.
    settings: Vec<(&'static str, &'static str)>,
}

impl Pager {
    /// The pager of this process: none when it is not wanted, or where standard output is no terminal.
    pub(crate) fn of_process(wanted: bool) -> Option<Self> {
        (wanted && io::stdout().is_terminal()).then(|| Self::choose(|name| std::env::var_os(name))).flatten()
    }

    /// `MACADAM_PAGER`, else `PAGER`, else `less`. Empty, or `cat`: none.
    fn choose(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let command =
            variable("MACADAM_PAGER").or_else(|| variable("PAGER")).unwrap_or_else(|| "less".into());
        if command.is_empty() || command == "cat" {
            return None;
        }
        // Quit when it fits one screen, show colours, leave the page on the screen; `lv` shows colours with `-c`.
        let mut settings = vec![("LESS", "FRX"), ("LV", "-c")];
        settings.retain(|(name, _)| variable(name).is_none());
        Some(Self { command, settings })
    }

    fn start(&self) -> io::Result<Child> {
        let settings = self.settings.iter().copied();
        command(&self.command).envs(settings).stdin(Stdio::piped()).spawn()
    }
}

/// The command itself, or a shell that takes it apart.
fn command(text: &OsStr) -> Command {
    if cfg!(windows) || !text.as_encoded_bytes().iter().any(|byte| SHELL.contains(byte)) {
        return Command::new(text);
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(text);
    command
}

impl Terminal {
    /// Writes data through a pager, and waits until the user has left it. A pager that does not start is as none.
    pub(crate) fn page(&mut self, pager: Option<&Pager>, text: &str) -> Result<(), Fault> {
        self.flush()?;
        match pager.map(|pager| show(pager, text)) {
            Some(Ok(status)) if status.code().is_none_or(|code| !NOT_STARTED.contains(&code)) => Ok(()),
            _ => self.data(text),
        }
    }
}

/// Feeds a pager. When the user leaves early, the rest is not wanted.
fn show(pager: &Pager, text: &str) -> io::Result<ExitStatus> {
    let mut child = pager.start()?;
    if let Some(mut input) = child.stdin.take() {
        // A broken pipe is the user leaving, and a pager that reads no more is no fault of the page.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> Option<Pager> {
        Pager::choose(|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn pager(command: &str) -> Pager {
        Pager { command: command.into(), settings: Vec::new() }
    }

    #[test]
    fn the_users_own_choice_comes_first() {
        assert_eq!(chosen(&[("PAGER", "more"), ("MACADAM_PAGER", "bat -p")]).unwrap().command, "bat -p");
        assert_eq!(chosen(&[("PAGER", "more")]).unwrap().command, "more");
        assert_eq!(chosen(&[]).unwrap().command, "less");
    }

    #[test]
    fn cat_and_nothing_are_no_pager() {
        for none in ["", "cat"] {
            assert_eq!(chosen(&[("MACADAM_PAGER", none), ("PAGER", "less")]), None);
        }
        assert_eq!(chosen(&[("PAGER", "")]), None);
    }

    #[test]
    fn less_is_told_how_to_behave_unless_the_user_did() {
        assert_eq!(chosen(&[]).unwrap().settings, [("LESS", "FRX"), ("LV", "-c")]);
        assert_eq!(chosen(&[("LESS", "S")]).unwrap().settings, [("LV", "-c")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_reads_the_whole_page() {
        let page = "line\n".repeat(100_000);
        let file = tempfile::NamedTempFile::new().unwrap();
        let status = show(&pager(&format!("cat > {}", file.path().display())), &page).unwrap();
        assert!(status.success());
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), page);
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_is_left_early_is_quiet() {
        let status = show(&pager("head -n 1 > /dev/null"), &"line\n".repeat(100_000)).unwrap();
        assert!(status.success());
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_cannot_start_is_told_from_one_that_ended() {
        assert!(show(&pager("/no/such/pager"), "x").is_err());
        let status = show(&pager("no-such-pager-at-all -x 2> /dev/null"), "x").unwrap();
        assert!(status.code().is_some_and(|code| NOT_STARTED.contains(&code)));
    }
}
