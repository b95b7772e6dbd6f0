//! `macadam explain`: the manual page of a finding or of an impact rule.

use super::{
    Exit,
    arguments::Explain,
    terminal::{Paint, Terminal},
    text,
};
use crate::{
    diff::impact::{self, BuiltInRule, ImpactRules},
    fault::Fault,
    model::Code,
    validate,
};

/// Columns of prose: wider lines are hard to read.
const WIDEST: usize = 88;

pub(crate) fn run(terminal: &mut Terminal, arguments: &Explain) -> Result<Exit, Fault> {
    match &arguments.code {
        None => terminal.data(&all())?,
        Some(name) => {
            let width = terminal.width.min(WIDEST);
            let page = match (Code::from_slug(name), ImpactRules::find(name)) {
                (Some(code), _) => page(code, width, terminal.color_out),
                (None, Some(rule)) => rule_page(rule, width, terminal.color_out),
                (None, None) => return Err(unknown(name)),
            };
            terminal.data(&page)?;
        }
    }
    Ok(Exit::Clean)
}

/// The word for a severity.
pub(crate) fn severity(code: Code) -> &'static str {
    code.severity().describe()
}

fn page(code: Code, width: usize, color: bool) -> String {
    let head = format!("{}  {}", Paint::Bold.on(code.slug(), color), Paint::Dim.on(severity(code), color));
    format!("{head}\n\n{}\n", text::wrap(&code.page(), width))
}

fn rule_page(rule: &BuiltInRule, width: usize, color: bool) -> String {
    format!("{}\n\n{}\n", Paint::Bold.on(&rule.name, color), text::wrap(&impact::page(rule), width))
}

/// Every code with the first line of its page, then every impact rule with the first sentence of its.
fn all() -> String {
    let code = |code: &Code| {
        let first = code.page().lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        vec![code.slug().to_owned(), severity(*code).to_owned(), first]
    };
    let rule = |rule: &BuiltInRule| {
        vec![rule.name.clone(), rule.impacts.level().to_string(), impact::summary(rule).to_owned()]
    };
    text::table(&Code::ALL.iter().map(code).chain(ImpactRules::all().iter().map(rule)).collect::<Vec<_>>())
}

fn unknown(name: &str) -> Fault {
    let codes = Code::ALL.iter().map(|code| code.slug());
    let near = validate::suggest(name, codes.chain(ImpactRules::all().iter().map(|rule| rule.name.as_str())));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`macadam explain` lists every code and every rule".to_owned(),
    };
    Fault::usage(format!("no finding or impact rule is called `{name}`"), Some(help))
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
