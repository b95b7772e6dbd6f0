//! `macadam explain`: the manual page of a finding.

use super::{
    Exit,
    arguments::Explain,
    terminal::{Paint, Terminal},
    text,
};
use crate::{
    fault::Fault,
    model::{Code, Severity},
    validate,
};

/// Columns of prose: wider lines are hard to read.
const WIDEST: usize = 88;

pub(crate) fn run(terminal: &mut Terminal, arguments: &Explain) -> Result<Exit, Fault> {
    match &arguments.code {
        None => terminal.data(&all())?,
        Some(slug) => {
            let code = Code::from_slug(slug).ok_or_else(|| unknown(slug))?;
            let page = page(code, terminal.width.min(WIDEST), terminal.color_out);
            terminal.data(&page)?;
        }
    }
    Ok(Exit::Clean)
}

/// The word for a severity.
pub(crate) fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn page(code: Code, width: usize, color: bool) -> String {
    let head = format!("{}  {}", Paint::Bold.on(code.slug(), color), Paint::Dim.on(severity(code), color));
    format!("{head}\n\n{}\n", text::wrap(&code.page(), width))
}

/// Every code with the first line of its page.
fn all() -> String {
    let row = |code: &Code| {
        let first = code.page().lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        vec![code.slug().to_owned(), severity(*code).to_owned(), first]
    };
    text::table(&Code::ALL.iter().map(row).collect::<Vec<_>>())
}

fn unknown(slug: &str) -> Fault {
    let near = validate::suggest(slug, Code::ALL.iter().map(|code| code.slug()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`macadam explain` lists every code".to_owned(),
    };
    Fault::usage(format!("no finding has the code `{slug}`"), Some(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_that_says_what_and_why() {
        for code in Code::ALL {
            let page = code.page();
            let sentences =
                page.matches(". ").count() + page.matches(".\n").count() + usize::from(page.ends_with('.'));
            assert!(sentences >= 2 || page.lines().count() >= 2, "{code} needs a longer page: {page}");
            assert!(
                page.lines().next().is_some_and(|line| line.ends_with('.')),
                "{code}: first line is a sentence"
            );
        }
    }
}
