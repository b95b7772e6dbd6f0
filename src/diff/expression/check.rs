//! Checks an expression before it is evaluated: names, types, size.

use std::{collections::BTreeSet, ops::Range};

use cel::{
    IdedExpr, Program,
    common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SourceInfo, operators as op},
};

use super::{
    ExpressionError,
    facts::{Type, VARIABLES},
    spelling::NAMESPACE,
};
use crate::{model::Impact, validate::did_you_mean};

/// Functions that expressions may call, and what they give.
const FUNCTIONS: &[(&str, Type)] = &[
    ("contains", Type::Bool),
    ("startsWith", Type::Bool),
    ("endsWith", Type::Bool),
    ("matches", Type::Bool),
    ("size", Type::Number),
];

const ACTIONS: [&str; 4] = ["added", "removed", "changed", "renamed"];

/// Checks a compiled expression, and tells which facts it asks for.
pub(super) fn check(program: &Program, text: &str) -> Result<BTreeSet<&'static str>, ExpressionError> {
    let mut checker =
        Checker { text, places: program.source_info(), scope: Vec::new(), loops: 0, uses: BTreeSet::new() };
    let root = program.expression();
    match checker.expression(root)? {
        Type::Bool | Type::Unknown => Ok(checker.uses),
        _ => Err(checker
            .wrong(root, "the expression does not give true or false")
            .help("compare something, such as `impact >= REPLACE`")),
    }
}

type Checked = Result<Type, ExpressionError>;

struct Checker<'a> {
    text: &'a str,
    places: &'a SourceInfo,
    /// Names that comprehensions bind, and what they are.
    scope: Vec<(&'a str, Type)>,
    loops: usize,
    uses: BTreeSet<&'static str>,
}

impl<'a> Checker<'a> {
    fn expression(&mut self, node: &'a IdedExpr) -> Checked {
        match &node.expr {
            Expr::Ident(name) => self.name(node, name),
            Expr::Literal(value) => Ok(literal(value)),
            Expr::List(list) => {
                list.elements.iter().try_for_each(|item| self.expression(item).map(drop))?;
                Ok(Type::List)
            }
            Expr::Call(call) => self.call(node, call),
            Expr::Comprehension(comprehension) => self.comprehension(node, comprehension),
            Expr::Select(select) => Err(self
                .wrong(node, format!("nothing here has a field `{}`", select.field))
                .help("facts about a change are plain, such as `environment` and `kind`")),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(self.wrong(node, "maps have no use in an expression over a change"))
            }
        }
    }

    fn name(&mut self, node: &'a IdedExpr, name: &'a str) -> Checked {
        if let Some((_, known)) = self.scope.iter().rev().find(|(bound, _)| *bound == name) {
            return Ok(*known);
        }
        if Impact::ALL.iter().any(|impact| impact.constant() == name) {
            return Ok(Type::Impact);
        }
        let name = if name == NAMESPACE { "namespace" } else { name };
        if let Some((fact, known)) = VARIABLES.iter().find(|(known, _)| *known == name) {
            self.uses.insert(fact);
            return Ok(*known);
        }
        let known = VARIABLES.iter().map(|(name, _)| *name).chain(Impact::ALL.map(Impact::constant));
        Err(self
            .wrong(node, format!("a change has no `{name}`"))
            .maybe_help(did_you_mean(name, known).or_else(names)))
    }

    fn call(&mut self, node: &'a IdedExpr, call: &'a CallExpr) -> Checked {
        let parts: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        let types = parts.iter().map(|part| self.expression(part)).collect::<Result<Vec<_>, _>>()?;
        let (left, right) = (types.first().copied(), types.get(1).copied());
        match call.func_name.as_str() {
            op::LOGICAL_AND | op::LOGICAL_OR | op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE => {
                match types.iter().position(|kind| !matches!(kind, Type::Bool | Type::Unknown)) {
                    Some(at) => Err(self
                        .wrong(parts[at], "this does not give true or false")
                        .help("compare it with something")),
                    None => Ok(Type::Bool),
                }
            }
            op::EQUALS | op::NOT_EQUALS | op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS => {
                self.comparison(node, &parts, &types)
            }
            op::IN => self.membership(&parts, &types),
            op::CONDITIONAL => Ok(right.unwrap_or(Type::Unknown)),
            op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO | op::NEGATE => {
                self.arithmetic(node, left)
            }
            op::INDEX => Ok(if left == Some(Type::Names) { Type::Text } else { Type::Unknown }),
            name => self.function(node, name, &parts, &types),
        }
    }

    fn comparison(&self, node: &IdedExpr, parts: &[&'a IdedExpr], types: &[Type]) -> Checked {
        let &[left, right] = types else { return Ok(Type::Bool) };
        if matches!((left, right), (Type::Impact, Type::Text) | (Type::Text, Type::Impact)) {
            return Err(self.impact_and_text(node, parts));
        }
        if left != right
            && left != Type::Unknown
            && right != Type::Unknown
            && !both_numbers(left, right)
            && !both_lists(left, right)
        {
            return Err(self.wrong(node, format!("{} cannot be compared with {}", words(left), words(right))));
        }
        for (fact, value) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            if matches!(&fact.expr, Expr::Ident(name) if name == "action" && !self.is_bound(name)) {
                self.one_of(value, "action", &ACTIONS)?;
            }
        }
        Ok(Type::Bool)
    }

    fn membership(&self, parts: &[&'a IdedExpr], types: &[Type]) -> Checked {
        let (&[item, list], &[item_type, list_type]) = (parts, types) else { return Ok(Type::Bool) };
        match list_type {
            Type::Names if item_type == Type::Impact => {
                let help = constant(item).map(|impact| format!("write `'{}' in impacts`", impact.name()));
                Err(self.wrong(item, "`impacts` holds names, and this is an impact").maybe_help(help))
            }
            Type::Names => {
                let names = Impact::ALL.map(Impact::name);
                self.one_of(item, "impact", &names)?;
                Ok(Type::Bool)
            }
            Type::List | Type::Unknown => {
                self.members(item, list)?;
                Ok(Type::Bool)
            }
            _ => Err(self
                .wrong(list, format!("{} holds nothing", words(list_type)))
                .help("`contains`, `startsWith` and `matches` look into a text")),
        }
    }

    /// `action in ['added', ..]`, and `impact in [..]`.
    fn members(&self, item: &IdedExpr, list: &'a IdedExpr) -> Result<(), ExpressionError> {
        let (Expr::Ident(name), Expr::List(list)) = (&item.expr, &list.expr) else { return Ok(()) };
        for value in &list.elements {
            let is_text = matches!(&value.expr, Expr::Literal(LiteralValue::String(_)));
            if name == "impact" && is_text && !self.is_bound(name) {
                return Err(self.impact_and_text(value, &[value]));
            }
            if name == "action" && !self.is_bound(name) {
                self.one_of(value, "action", &ACTIONS)?;
            }
        }
        Ok(())
    }

    fn arithmetic(&self, node: &IdedExpr, left: Option<Type>) -> Checked {
        match left {
            Some(Type::Impact) => Err(self
                .wrong(node, "there is nothing to calculate with impacts")
                .help("compare `impact` with a constant, such as `REPLACE`")),
            Some(kind @ (Type::Text | Type::Number | Type::Unknown)) => Ok(kind),
            _ => Ok(Type::Unknown),
        }
    }

    fn function(&self, node: &IdedExpr, name: &str, parts: &[&'a IdedExpr], types: &[Type]) -> Checked {
        let Some((_, gives)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            let known = FUNCTIONS.iter().map(|(name, _)| *name);
            return Err(self
                .wrong(node, format!("there is no function `{name}`"))
                .maybe_help(did_you_mean(name, known)));
        };
        if *gives == Type::Bool {
            if let Some(at) = types.iter().position(|kind| !matches!(kind, Type::Text | Type::Unknown)) {
                return Err(
                    self.wrong(parts[at], format!("`{name}` is for texts, and this is {}", words(types[at])))
                );
            }
            if types.len() != 2 {
                return Err(self
                    .wrong(node, format!("`{name}` takes one text"))
                    .help(format!("write `path.{name}('spec')`")));
            }
        }
        if name == "matches" {
            self.pattern(parts[1])?;
        }
        Ok(*gives)
    }

    /// A pattern is written out, so that what it costs is known when it is read.
    fn pattern(&self, node: &IdedExpr) -> Result<(), ExpressionError> {
        let Expr::Literal(LiteralValue::String(pattern)) = &node.expr else {
            return Err(self.wrong(node, "a pattern has to be written out"));
        };
        let empty = Expr::Literal(LiteralValue::String("".into()));
        let call = CallExpr {
            func_name: "matches".to_owned(),
            target: Some(Box::new(IdedExpr { id: 0, expr: empty })),
            args: vec![IdedExpr { id: 0, expr: Expr::Literal(LiteralValue::String(pattern.clone())) }],
        };
        let call = IdedExpr { id: 0, expr: Expr::Call(call) };
        match cel::Value::resolve(&call, &cel::Context::with_env(super::ENV.clone())) {
            Ok(_) => Ok(()),
            Err(_) => Err(self.wrong(
                node,
                "the pattern is not a regular expression without look-around and back references",
            )),
        }
    }

    fn comprehension(&mut self, node: &'a IdedExpr, loops: &'a ComprehensionExpr) -> Checked {
        let range = self.expression(&loops.iter_range)?;
        if self.loops > 0 {
            return Err(self
                .wrong(node, "a list is gone through inside of another one")
                .help("one such loop is allowed"));
        }
        let accumulator = self.expression(&loops.accu_init)?;
        let item = if range == Type::Names { Type::Text } else { Type::Unknown };
        let bound = self.scope.len();
        self.scope.push((&loops.iter_var, item));
        if let Some(second) = &loops.iter_var2 {
            self.scope.push((second, Type::Unknown));
        }
        self.scope.push((&loops.accu_var, accumulator));
        self.loops += 1;
        let checked = (|| {
            self.expression(&loops.loop_cond)?;
            self.expression(&loops.loop_step)?;
            self.expression(&loops.result)
        })();
        self.loops -= 1;
        self.scope.truncate(bound);
        checked
    }

    /// A literal is one of the words that a fact can be.
    fn one_of(&self, node: &IdedExpr, what: &str, words: &[&str]) -> Result<(), ExpressionError> {
        let Expr::Literal(LiteralValue::String(text)) = &node.expr else { return Ok(()) };
        let text = text.inner();
        if words.contains(&text) {
            return Ok(());
        }
        let near = did_you_mean(text, words.iter().copied());
        let all = || {
            Some(format!(
                "one of {}",
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            ))
        };
        Err(self.wrong(node, format!("there is no {what} `{text}`")).maybe_help(near.or_else(all)))
    }

    fn impact_and_text(&self, node: &IdedExpr, parts: &[&IdedExpr]) -> ExpressionError {
        let text = parts.iter().find_map(|part| match &part.expr {
            Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_lowercase().replace('_', "-")),
            _ => None,
        });
        let impact = text.and_then(|text| Impact::ALL.into_iter().find(|impact| impact.name() == text));
        let example = impact.unwrap_or(Impact::Replace);
        self.wrong(node, "an impact cannot be compared with a text").help(format!(
            "compare with a constant, as in `impact >= {}`, or ask `'{}' in impacts`",
            example.constant(),
            example.name(),
        ))
    }

    fn is_bound(&self, name: &str) -> bool {
        self.scope.iter().any(|(bound, _)| *bound == name)
    }

    fn wrong(&self, node: &IdedExpr, message: impl Into<String>) -> ExpressionError {
        ExpressionError::new(message.into()).at(self.place(node.id))
    }

    /// Where a node stands, in bytes; the parser includes the last one.
    fn place(&self, id: u64) -> Option<Range<usize>> {
        let (start, stop) = self.places.offset_for(id)?;
        let (start, end) = (start as usize, stop as usize + 1);
        self.text.get(start..end).map(|_| start..end)
    }
}

fn literal(value: &LiteralValue) -> Type {
    match value {
        LiteralValue::Boolean(_) => Type::Bool,
        LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => Type::Number,
        LiteralValue::String(_) => Type::Text,
        LiteralValue::Bytes(_) | LiteralValue::Null => Type::Unknown,
    }
}

/// The impact that a constant stands for.
fn constant(node: &IdedExpr) -> Option<Impact> {
    let Expr::Ident(name) = &node.expr else { return None };
    Impact::ALL.into_iter().find(|impact| impact.constant() == name)
}

fn both_numbers(left: Type, right: Type) -> bool {
    [left, right].iter().all(|kind| matches!(kind, Type::Impact | Type::Number))
}

fn both_lists(left: Type, right: Type) -> bool {
    [left, right].iter().all(|kind| matches!(kind, Type::Names | Type::List))
}

/// The names of all facts.
fn names() -> Option<String> {
    let names: Vec<String> = VARIABLES.iter().map(|(name, _)| format!("`{name}`")).collect();
    Some(format!("it has {}", names.join(", ")))
}

fn words(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "true or false",
        Type::Impact => "an impact",
        Type::Number => "a number",
        Type::Text => "a text",
        Type::Names | Type::List => "a list",
        Type::Unknown => "this",
    }
}
