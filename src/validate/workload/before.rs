//! `before`: its containers exist, are others, and do not wait for each other in a circle.

use std::collections::BTreeMap;

use crate::{
    model::{Code, Finding, Workload},
    validate::{did_you_mean, schema::MOST},
};

/// Tells of every `before` that cannot hold. `a.before.b` means that `a` runs before `b`.
pub(super) fn check(workload: &Workload, findings: &mut Vec<Finding>) {
    let most = findings.len() + MOST;
    for (name, container) in &workload.containers {
        for (target, ready) in &container.before {
            let message = if target == name {
                format!("container `{name}` cannot run before itself")
            } else if workload.containers.contains_key(target) {
                continue;
            } else {
                format!("`before` names no container: `{target}`")
            };
            if findings.len() >= most {
                return;
            }
            let others = workload.containers.keys().map(String::as_str).filter(|other| other != name);
            findings.push(
                Finding::new(Code::InvalidBefore, message)
                    .at(ready.span, "")
                    .maybe_help(did_you_mean(target, others).filter(|_| target != name)),
            );
        }
    }
    let mut search = Search { workload, state: BTreeMap::new(), way: Vec::new(), findings };
    for name in workload.containers.keys() {
        search.visit(name);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    OnTheWay,
    Done,
}

struct Search<'a> {
    workload: &'a Workload,
    state: BTreeMap<&'a str, State>,
    way: Vec<&'a str>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Search<'a> {
    /// Walks depth first without recursion, so that a long chain of containers costs no stack.
    fn visit(&mut self, start: &'a str) {
        let mut stack = vec![(start, 0)];
        while let Some((name, next)) = stack.pop() {
            if next == 0 {
                match self.state.get(name) {
                    Some(State::Done) => continue,
                    _ => self.state.insert(name, State::OnTheWay),
                };
                self.way.push(name);
            }
            let workload = self.workload;
            let targets = workload.containers.get(name).map(|container| &container.before);
            match targets.and_then(|targets| targets.get_index(next)) {
                Some((target, ready)) => {
                    stack.push((name, next + 1));
                    match self.state.get(target.as_str()) {
                        Some(State::OnTheWay) if target != name => self.circle(target, ready.span),
                        None if workload.containers.contains_key(target) => stack.push((target, 0)),
                        _ => {}
                    }
                }
                None => {
                    self.way.pop();
                    self.state.insert(name, State::Done);
                }
            }
        }
    }

    fn circle(&mut self, target: &str, span: crate::model::Span) {
        let start = self.way.iter().position(|name| *name == target).unwrap_or_default();
        let names: Vec<&str> = self.way[start..].iter().copied().chain([target]).collect();
        let message = format!("containers wait for each other in a circle: `{}`", names.join("` -> `"));
        self.findings.push(Finding::new(Code::InvalidBefore, message).at(span, ""));
    }
}
