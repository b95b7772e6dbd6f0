//! From violations of a schema to findings.

use std::collections::BTreeSet;

use macadam_yaml::{Node, Span, Value};

use super::schema::{Kind, Schema, Violation, ViolationKind};
use crate::{
    model::{Code, Finding},
    parse,
};

/// Which codes violations get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes {
    /// Those of Score files.
    Score,
    /// Those of our own configuration.
    Config,
    /// Those of packages.
    Package,
}

impl Codes {
    fn of(self, kind: ViolationKind) -> Code {
        match (self, kind) {
            (Self::Score, ViolationKind::UnknownKey) => Code::UnknownField,
            (Self::Score, ViolationKind::MissingKey) => Code::MissingField,
            (Self::Score, ViolationKind::WrongType) => Code::WrongType,
            (Self::Score, ViolationKind::InvalidName) => Code::InvalidName,
            (Self::Score, ViolationKind::InvalidValue) => Code::InvalidValue,
            (Self::Config | Self::Package, ViolationKind::UnknownKey) => Code::UnknownKey,
            (Self::Config, _) => Code::InvalidConfig,
            (Self::Package, _) => Code::InvalidPackage,
        }
    }

    pub(super) fn finding(self, violation: Violation) -> Finding {
        Finding::new(self.of(violation.kind), violation.message)
            .at(violation.span, "")
            .maybe_help(violation.help)
    }
}

/// Holds one of our schemas against a tree. Numbers and booleans that readers disagree on are warned about where
/// they are allowed at all.
pub(super) fn check(node: &Node, kind: Kind, codes: Codes) -> Vec<Finding> {
    let violations = Schema::builtin(kind).violations(node);
    let places: BTreeSet<Span> = violations.iter().map(|violation| violation.span).collect();
    let mut findings: Vec<Finding> = violations.into_iter().map(|found| codes.finding(found)).collect();
    ambiguous_values(node, &places, &mut findings);
    findings
}

fn ambiguous_values(node: &Node, except: &BTreeSet<Span>, findings: &mut Vec<Finding>) {
    match &node.value {
        Value::Number(_) | Value::Bool(_) | Value::Null if node.ambiguous && !except.contains(&node.span) => {
            findings.push(parse::ambiguous(node.span));
        }
        Value::Sequence(items) => items.iter().for_each(|item| ambiguous_values(item, except, findings)),
        Value::Mapping(map) => {
            map.iter().for_each(|entry| ambiguous_values(&entry.value, except, findings));
        }
        _ => {}
    }
}
