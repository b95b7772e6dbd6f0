//! Gates: which changes ask for whom.
//!
//! The base's gates judge. Those that only head has are shown as proposed. A gate that cannot be evaluated asks.

use std::collections::BTreeSet;

use super::expression::{Change, Expression, ExpressionError};
use crate::model::{
    Finding, Gate, GateCall, Group, InstanceName, InstanceWord, Member, ObjectChange, ObjectId, Outcome,
    Severity,
};

/// What a group does not tell of its members.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// Whether an environment is protected.
    pub protected: &'a dyn Fn(&str) -> bool,
    /// The object that a member has where the group's first member has this one: groups take names that follow from the
    /// instance's for equal.
    pub object: &'a dyn Fn(&Member, &ObjectId) -> ObjectId,
}

/// The gates that ask for somebody: the base's in their order, then those that head proposes.
///
/// A gate speaks of a group when it holds for one of its changes in one of its places. One that cannot be evaluated
/// speaks of every group, and is told (`platform/invalid-expression`, a warning).
pub fn calls(gates: &[Gate], head: &[Gate], groups: &[Group], places: &Places<'_>) -> Outcome<Vec<GateCall>> {
    let mut findings = Vec::new();
    let mut calls = Vec::new();
    let proposed = head.iter().filter(|gate| !gates.iter().any(|other| is_same(gate, other)));
    let all = gates.iter().map(|gate| (gate, false)).chain(proposed.map(|gate| (gate, true)));
    for (gate, proposed) in all {
        let groups = match speaks_of(gate, groups, places) {
            Ok(groups) => groups,
            Err(error) => {
                findings.push(told(gate, &error));
                (0..groups.len()).collect()
            }
        };
        if !groups.is_empty() {
            let when = gate.when.value.clone();
            calls.push(GateCall { when, require: gate.require.value.clone(), groups, proposed });
        }
    }
    Outcome::new(calls, findings)
}

/// Whether two gates ask the same of the same.
pub(super) fn is_same(left: &Gate, right: &Gate) -> bool {
    left.when.value == right.when.value && left.require.value == right.require.value
}

fn told(gate: &Gate, error: &ExpressionError) -> Finding {
    let mut finding = error.finding(&gate.when);
    finding.severity = Severity::Warning;
    finding.help("the gate asks for every change until it is mended")
}

fn speaks_of(gate: &Gate, groups: &[Group], places: &Places<'_>) -> Result<Vec<usize>, ExpressionError> {
    matching(&Expression::parse(&gate.when.value)?, groups, places)
}

/// The groups that an expression holds for, in one of their places at least: positions, ascending.
///
/// # Errors
///
/// Where it cannot be evaluated.
pub fn matching(
    when: &Expression,
    groups: &[Group],
    places: &Places<'_>,
) -> Result<Vec<usize>, ExpressionError> {
    let mut spoken = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        if holds(when, group, places)? {
            spoken.push(at);
        }
    }
    Ok(spoken)
}

fn holds(when: &Expression, group: &Group, places: &Places<'_>) -> Result<bool, ExpressionError> {
    for change in &group.changes {
        let paths: Vec<String> = match when.uses("path") {
            true => change.fields.iter().map(|field| field.path.to_string()).collect(),
            false => Vec::new(),
        };
        let mut asked = BTreeSet::new();
        for member in &group.members {
            let object = object(when, change, member, places);
            let seen = (facts(when, &member.instance), object.clone());
            if asked.insert(seen) && holds_in(when, change, &paths, member, object.as_ref(), places)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn holds_in(
    when: &Expression,
    change: &ObjectChange,
    paths: &[String],
    member: &Member,
    object: Option<&ObjectId>,
    places: &Places<'_>,
) -> Result<bool, ExpressionError> {
    let id = object.or(change.id.as_ref());
    let text = |of: fn(&ObjectId) -> &str| id.map(of).unwrap_or_default();
    when.holds(&Change {
        impacts: change.impacts,
        instance: &member.instance,
        protected: (places.protected)(&member.instance.environment),
        kind: text(|id| &id.kind),
        group: text(|id| &id.group),
        name: text(|id| &id.name),
        namespace: text(|id| id.namespace.as_deref().unwrap_or_default()),
        action: change.action,
        paths,
    })
}

/// The member's own object, where a condition asks for its name or namespace.
fn object(
    when: &Expression,
    change: &ObjectChange,
    member: &Member,
    places: &Places<'_>,
) -> Option<ObjectId> {
    let asks = when.uses("name") || when.uses("namespace");
    change.id.as_ref().filter(|_| asks).map(|id| (places.object)(member, id))
}

/// What a condition asks for that is the instance's: members with the same answers need to be asked once.
fn facts<'a>(when: &Expression, instance: &'a InstanceName) -> [Option<&'a str>; 4] {
    let fact = |name: &str, value: &'a str| when.uses(name).then_some(value);
    let environment = when.uses("environment") || when.uses("protected");
    [
        environment.then_some(instance.environment.as_str()),
        fact("cluster", &instance.cluster),
        fact("owner", instance.owner.as_deref().unwrap_or_default()),
        fact("workload", if instance.kind == InstanceWord::Workload { &instance.name } else { "" }),
    ]
}

#[cfg(test)]
mod tests;
