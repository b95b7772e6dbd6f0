//! `macadam completions`, `macadam man`: for shells.

use clap::CommandFactory;

use super::{
    Exit,
    arguments::{Arguments, Completions},
    terminal::Terminal,
};
use crate::fault::Fault;

pub(crate) fn completions(terminal: &mut Terminal, arguments: &Completions) -> Result<Exit, Fault> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "macadam", &mut out);
    terminal.data(&String::from_utf8_lossy(&out))?;
    Ok(Exit::Clean)
}

/// One page: the program, then each command.
pub(crate) fn man(terminal: &mut Terminal) -> Result<Exit, Fault> {
    let mut out = Vec::new();
    let mut command = Arguments::command().disable_help_flag(true);
    command.build();
    page(&command, &mut out).map_err(Fault::Output)?;
    terminal.data(&String::from_utf8_lossy(&out))?;
    Ok(Exit::Clean)
}

fn page(command: &clap::Command, out: &mut Vec<u8>) -> std::io::Result<()> {
    clap_mangen::Man::new(command.clone()).date("").render(out)?;
    for sub in command.get_subcommands() {
        let page = clap_mangen::Man::new(sub.clone());
        out.extend_from_slice(format!(".SH \"MACADAM {}\"\n", sub.get_name().to_uppercase()).as_bytes());
        page.render_description_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_options_section(out)?;
    }
    Ok(())
}
