//! Expressions over one change: gates, a team's impact rules, `--fail-on`. CEL, checked when it is read.
//!
//! What is compared with what, and every name, is checked before anything is evaluated. An expression is short, and goes
//! through lists at most once, so that evaluating it takes microseconds.

mod check;
mod facts;
mod spelling;

use std::{
    collections::BTreeSet,
    fmt,
    ops::Range,
    sync::{Arc, LazyLock},
};

use cel::{Context, Env, Program, Value};
use macadam_yaml::Span;

use crate::fault::Fault;
use crate::model::{Action, Code, Finding, Impact, Impacts, InstanceName, InstanceWord, Spanned};

/// Bytes of an expression. Long ones say several things, and belong into several gates.
const LONGEST: usize = 1024;

/// Bytes of one value of a change: names and paths are shorter.
const LONGEST_VALUE: usize = 64 * 1024;

/// A condition on a change.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    program: Arc<Program>,
    /// The facts that it asks for.
    uses: BTreeSet<&'static str>,
}

/// Why a text is no condition on a change, or could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// What is wrong: lower case, names in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Which bytes of the expression it is about.
    pub at: Option<Range<usize>>,
}

/// One change, as expressions see it.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Its impacts; the level is `impact`.
    pub impacts: Impacts,
    /// Where it happens.
    pub instance: &'a InstanceName,
    /// Whether the environment is protected.
    pub protected: bool,
    /// The object's kind; empty for a file that holds none.
    pub kind: &'a str,
    /// The object's API group; empty for the core group.
    pub group: &'a str,
    /// The object's name.
    pub name: &'a str,
    /// The object's namespace; empty where it has none.
    pub namespace: &'a str,
    /// What happens to the object.
    pub action: Action,
    /// The fields that differ, as people write them; none for what comes or goes.
    pub paths: &'a [String],
}

impl Expression {
    /// Reads an expression and checks it.
    ///
    /// # Errors
    ///
    /// What is no CEL, names something that changes do not have, compares what cannot be compared (an impact with a
    /// text above all), does not give true or false, or is too long.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > LONGEST {
            return Err(ExpressionError::new(format!("an expression has at most {LONGEST} bytes"))
                .help("write several, one for each thing it says"));
        }
        let program = ENV.compile(&spelling::respell(text)).map_err(|errors| syntax(text, &errors))?;
        let uses = check::check(&program, text)?;
        let expression = Self { text: text.to_owned(), program: Arc::new(program), uses };
        facts::samples(|change| expression.holds(change).map(drop))?;
        Ok(expression)
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks for a fact, such as `path` or `environment`.
    pub fn uses(&self, fact: &str) -> bool {
        self.uses.contains(fact)
    }

    /// Whether it holds for a change: for any of its fields, where it asks for them.
    ///
    /// # Errors
    ///
    /// Where it cannot be evaluated, such as for an index that a list does not have. A caller that guards something
    /// takes that for yes.
    pub fn holds(&self, change: &Change<'_>) -> Result<bool, ExpressionError> {
        if !self.uses("path") || change.paths.is_empty() {
            return self.evaluate(change, change.paths.first().map_or("", String::as_str));
        }
        for path in change.paths {
            if self.evaluate(change, path)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn evaluate(&self, change: &Change<'_>, path: &str) -> Result<bool, ExpressionError> {
        let facts = facts::Facts { change, path };
        if facts.longest() > LONGEST_VALUE {
            return Err(ExpressionError::new("a name or path of the change is too long".to_owned()));
        }
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(&facts);
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => Err(ExpressionError::new("the expression does not give true or false".to_owned())
                .help("compare something, such as `impact >= REPLACE`")),
            Err(error) => Err(ExpressionError::new(format!("the expression cannot be evaluated: {error}"))),
        }
    }
}

impl ExpressionError {
    fn new(message: String) -> Self {
        Self { message, help: None, at: None }
    }

    #[must_use]
    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    #[must_use]
    fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    #[must_use]
    fn at(self, at: Option<Range<usize>>) -> Self {
        Self { at, ..self }
    }

    /// The fault about an expression that stands on the command line.
    pub fn fault(&self) -> Fault {
        Fault::usage(format!("the expression cannot be used: {}", self.message), self.help.clone())
    }

    /// The finding about an expression that is written in a file: `platform/invalid-expression`.
    pub fn finding(&self, written: &Spanned<String>) -> Finding {
        let at = self.at.as_ref().and_then(|at| inside(written, at)).unwrap_or(written.span);
        Finding::new(Code::InvalidExpression, self.message.clone()).at(at, "").maybe_help(self.help.clone())
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpressionError {}

/// The place of a part of a text, where the file has it byte for byte: plain, or in quotes without escapes.
fn inside(written: &Spanned<String>, at: &Range<usize>) -> Option<Span> {
    let Spanned { value, span } = written;
    let quote = match span.range().len().checked_sub(value.len())? {
        0 => 0,
        2 => 1,
        _ => return None,
    };
    let place = |offset: usize| Some(span.start + u32::try_from(offset + quote).ok()?);
    Some(Span::new(span.file, place(at.start)?, place(at.end)?))
}

/// The standard library without optional values.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib().with_optional_support(false)));

fn syntax(text: &str, errors: &cel::ParseErrors) -> ExpressionError {
    let Some(first) = errors.errors.first() else {
        return ExpressionError::new("not a CEL expression".to_owned());
    };
    let said = first.msg.lines().next().unwrap_or_default();
    let said = said.strip_prefix("Syntax error: ").unwrap_or(said);
    let said = said.split(" expecting ").next().unwrap_or_default();
    let message = if said.contains("<EOF>") { "it ends too early" } else { said };
    ExpressionError::new(format!("not a CEL expression: {message}"))
        .maybe_help(said.contains("at: '=").then(|| "`==` compares".to_owned()))
        .at(place(text, first.pos))
}

/// The byte at a line and a column, both from one.
fn place(text: &str, (line, column): (isize, isize)) -> Option<Range<usize>> {
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    let begin: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let at = begin + usize::try_from(column).ok()?.saturating_sub(1);
    text.is_char_boundary(at).then_some(at..at)
}

/// The word for what happens to an object.
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::Added => "added",
        Action::Removed => "removed",
        Action::Changed => "changed",
        Action::Renamed => "renamed",
    }
}

/// The workload that an instance is of; empty for others.
fn workload(instance: &InstanceName) -> &str {
    if instance.kind == InstanceWord::Workload { &instance.name } else { "" }
}

/// The number that stands for an impact.
fn number(impact: Impact) -> i64 {
    impact as i64
}

#[cfg(test)]
mod tests;
