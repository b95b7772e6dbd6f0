//! Changes to what judges: gates, impact rules, prices, bounds, protection, owners.
//!
//! What may let more through is of impact privilege; what provably cannot is cosmetic.

mod bounds;

use std::{collections::BTreeMap, sync::Arc};

use macadam_yaml::{FileId, Span};

use super::gate;
use crate::model::{
    Environment, Gate, Impact, ImpactRule, Place, Platform, Prices, RuleChange, Sources, Spanned,
};

/// What judges, on one side.
#[derive(Clone, Copy)]
pub struct Judges<'a> {
    /// `macadam.yaml`.
    pub platform: &'a Platform,
    /// The environments.
    pub environments: &'a [Arc<Environment>],
    /// Every text that a place can be in.
    pub sources: &'a Sources,
}

/// What of the things that judge is different in head: those of `macadam.yaml`, then those of environments, by name.
pub fn changes(base: Judges<'_>, head: Judges<'_>) -> Vec<RuleChange> {
    let mut found = Found { sources: head.sources, changes: Vec::new() };
    let end = found.file(head.platform.file);
    found.gates(&base.platform.gates, &head.platform.gates, end.as_ref());
    found.impact_rules(&base.platform.impacts, &head.platform.impacts, end.as_ref());
    found.prices(base.platform.prices.as_ref(), head.platform.prices.as_ref(), end.as_ref());
    found.owners(base.platform, head.platform, end.as_ref());
    found.environments(base.environments, head.environments);
    found.changes
}

/// What has been found so far.
struct Found<'a> {
    sources: &'a Sources,
    changes: Vec<RuleChange>,
}

impl Found<'_> {
    fn tell(&mut self, impact: Impact, place: Option<Place>, message: String) {
        self.changes.push(RuleChange { message, place, impact });
    }

    /// Something that may let more through.
    fn loose(&mut self, place: Option<Place>, message: String) {
        self.tell(Impact::Privilege, place, message);
    }

    /// Something that cannot.
    fn tight(&mut self, place: Option<Place>, message: String) {
        self.tell(Impact::Cosmetic, place, message);
    }

    fn at(&self, span: Span) -> Option<Place> {
        let source = self.sources.get(span.file)?;
        let before = source.text.get(..span.start as usize)?;
        let line = u32::try_from(before.matches('\n').count() + 1).ok();
        Some(Place { path: source.path.clone(), line })
    }

    /// A file as a whole, for what is no longer in it.
    fn file(&self, file: FileId) -> Option<Place> {
        Some(Place { path: self.sources.get(file)?.path.clone(), line: Some(1) })
    }

    fn gates(&mut self, base: &[Gate], head: &[Gate], gone: Option<&Place>) {
        for old in base.iter().filter(|old| !head.iter().any(|new| gate::is_same(old, new))) {
            let when = code(&old.when.value);
            match head.iter().find(|new| new.when.value == old.when.value) {
                Some(new) => {
                    let message = format!(
                        "gate {when} asks for {} instead of {}",
                        code(&new.require.value),
                        code(&old.require.value)
                    );
                    self.loose(self.at(new.require.span), message);
                }
                None => self.loose(gone.cloned(), format!("gate {when} is gone")),
            }
        }
        for new in head.iter().filter(|new| !base.iter().any(|old| old.when.value == new.when.value)) {
            self.tight(self.at(new.when.span), format!("gate {} is new", code(&new.when.value)));
        }
        let same_when = |gates: &[Gate], gate: &Gate| {
            gates.iter().filter(|other| other.when.value == gate.when.value).count()
        };
        for new in head
            .iter()
            .filter(|new| same_when(base, new) > 0 && !base.iter().any(|old| gate::is_same(old, new)))
        {
            if same_when(head, new) > same_when(base, new) {
                self.tight(
                    self.at(new.require.span),
                    format!("gate {} asks for {} too", code(&new.when.value), code(&new.require.value)),
                );
            }
        }
    }

    fn impact_rules(&mut self, base: &[ImpactRule], head: &[ImpactRule], gone: Option<&Place>) {
        let by_name = |rules: &[ImpactRule]| -> BTreeMap<String, ImpactRule> {
            rules.iter().map(|rule| (rule.name.value.clone(), rule.clone())).collect()
        };
        let (base, head) = (by_name(base), by_name(head));
        for (name, old) in &base {
            let Some(new) = head.get(name) else {
                self.loose(gone.cloned(), format!("impact rule {} is gone", code(name)));
                continue;
            };
            if new.when.value != old.when.value {
                self.loose(
                    self.at(new.when.span),
                    format!("impact rule {} holds for other changes", code(name)),
                );
            }
            if new.impact != old.impact {
                // Gates may ask for one impact by name, so that a worse one can pass where a milder one did not.
                let message =
                    format!("impact rule {} says `{}` instead of `{}`", code(name), new.impact, old.impact);
                self.loose(self.at(new.name.span), message);
            }
        }
        for (name, new) in head.iter().filter(|(name, _)| !base.contains_key(*name)) {
            self.tight(self.at(new.name.span), format!("impact rule {} is new", code(name)));
        }
    }

    /// Prices only inform; a lower one makes what is asked for look cheaper.
    fn prices(&mut self, base: Option<&Prices>, head: Option<&Prices>, gone: Option<&Place>) {
        let Some(old) = base else {
            if let Some(new) = head {
                self.tight(self.at(new.span), "prices are set".to_owned());
            }
            return;
        };
        let Some(new) = head else { return self.loose(gone.cloned(), "prices are gone".to_owned()) };
        if old.currency != new.currency {
            let message = format!("prices are in {} instead of {}", code(&new.currency), code(&old.currency));
            self.loose(self.at(new.span), message);
        }
        let each = [
            ("cpuHour", &old.cpu_hour, &new.cpu_hour),
            ("memoryGiBHour", &old.memory_gib_hour, &new.memory_gib_hour),
            ("storageGiBMonth", &old.storage_gib_month, &new.storage_gib_month),
        ];
        for (name, old, new) in each {
            self.price(name, old.as_ref(), new.as_ref(), head.map(|prices| prices.span));
        }
    }

    fn price(
        &mut self,
        name: &str,
        old: Option<&Spanned<u64>>,
        new: Option<&Spanned<u64>>,
        around: Option<Span>,
    ) {
        let around = around.and_then(|span| self.at(span));
        match (old, new) {
            (Some(_), None) => self.loose(around, format!("price `{name}` is gone")),
            (None, Some(new)) => self.tight(self.at(new.span), format!("price `{name}` is set")),
            (Some(old), Some(new)) if new.value < old.value => {
                self.loose(self.at(new.span), format!("price `{name}` is lower"));
            }
            (Some(old), Some(new)) if new.value > old.value => {
                self.tight(self.at(new.span), format!("price `{name}` is higher"));
            }
            _ => {}
        }
    }

    fn owners(&mut self, base: &Platform, head: &Platform, gone: Option<&Place>) {
        if !base.owners.is_empty() && head.owners.is_empty() {
            self.loose(gone.cloned(), "`owners` is gone, so that any name is an owner".to_owned());
            return;
        }
        for (name, old) in &base.owners {
            let Some(new) = head.owners.get(name) else {
                self.tight(gone.cloned(), format!("owner {} is gone", code(name)));
                continue;
            };
            for (what, old, new_value) in
                [("handle", &old.handle, &new.handle), ("group", &old.group, &new.group)]
            {
                if old != new_value {
                    self.loose(self.at(new.span), format!("owner {} has another {what}", code(name)));
                }
            }
        }
        for (name, new) in head.owners.iter().filter(|(name, _)| !base.owners.contains_key(*name)) {
            self.loose(self.at(new.span), format!("owner {} is new", code(name)));
        }
    }

    fn environments(&mut self, base: &[Arc<Environment>], head: &[Arc<Environment>]) {
        for old in base {
            let name = &old.name.value;
            let Some(new) = head.iter().find(|new| new.name.value == *name) else {
                if old.protected {
                    self.loose(None, format!("environment {} is gone, which was protected", code(name)));
                }
                continue;
            };
            match (old.protected, new.protected) {
                (true, false) => self.loose(
                    self.at(new.name.span),
                    format!("environment {} is no longer protected", code(name)),
                ),
                (false, true) => {
                    self.tight(self.at(new.name.span), format!("environment {} is protected", code(name)))
                }
                _ => {}
            }
            self.bounds(old, new);
        }
    }
}

/// Words of the user in backticks; what would end them early is left out.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests;
