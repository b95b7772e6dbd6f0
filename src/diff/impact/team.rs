//! A team's own rules: expressions over one change.

use super::{Difference, Judgement, Verdict, tidy};
use crate::{
    diff::expression::{Change, Expression},
    model::{Action, Impact, Impacts, ObjectId, Outcome, Platform, RuleName},
};

/// The rules that a team has written into `macadam.yaml`.
#[derive(Debug, Clone, Default)]
pub(super) struct TeamRules {
    rules: Vec<TeamRule>,
}

#[derive(Debug, Clone)]
struct TeamRule {
    name: RuleName,
    when: Expression,
    impact: Impact,
}

impl TeamRules {
    /// Compiles the rules of a platform. One that does not compile is told (`platform/invalid-expression`) and left out.
    pub(super) fn compile(platform: &Platform) -> Outcome<Self> {
        let mut findings = Vec::new();
        let mut rules = Vec::new();
        for rule in &platform.impacts {
            match Expression::parse(&rule.when.value) {
                Ok(when) => {
                    rules.push(TeamRule {
                        name: RuleName(rule.name.value.clone()),
                        when,
                        impact: rule.impact,
                    });
                }
                Err(error) => findings.push(error.finding(&rule.when)),
            }
        }
        Outcome::new(Self { rules }, findings)
    }

    /// Adds what the team's rules say to a verdict: to an edit where a rule asks for its path, else to the whole.
    ///
    /// What comes or goes is judged as a whole. A rule that cannot be evaluated counts as one that holds.
    pub(super) fn judge(&self, change: &Difference<'_>, verdict: &mut Verdict) {
        if self.rules.is_empty() {
            return;
        }
        let impacts = verdict.impacts();
        let facts = facts(change, impacts);
        let at_once = change.edits.is_empty() || matches!(change.action, Action::Added | Action::Removed);
        for rule in &self.rules {
            if !rule.when.uses("path") || at_once {
                rule.say(&facts, &mut verdict.whole);
                continue;
            }
            for (edit, judgement) in change.edits.iter().zip(&mut verdict.edits) {
                let paths = [edit.path.to_string()];
                rule.say(&Change { paths: &paths, impacts: judgement.0, ..facts }, judgement);
            }
        }
        if at_once {
            verdict.edits.fill(verdict.whole.clone());
        }
    }
}

impl TeamRule {
    fn say(&self, facts: &Change<'_>, judgement: &mut Judgement) {
        if self.when.holds(facts).unwrap_or(true) && !judgement.1.contains(&self.name) {
            judgement.0.insert(self.impact);
            judgement.0 = tidy(judgement.0);
            judgement.1.push(self.name.clone());
        }
    }
}

/// A difference, as expressions see it; without paths.
fn facts<'a>(change: &'a Difference<'_>, impacts: Impacts) -> Change<'a> {
    let text = |of: fn(&ObjectId) -> &str| change.id.map(of).unwrap_or_default();
    Change {
        impacts,
        instance: change.instance,
        protected: change.protected,
        kind: text(|id| &id.kind),
        group: text(|id| &id.group),
        name: text(|id| &id.name),
        namespace: text(|id| id.namespace.as_deref().unwrap_or_default()),
        action: change.action,
        paths: &[],
    }
}
