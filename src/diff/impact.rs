//! What a change means: how dangerous it is, and why.
//!
//! Rules are data (`impact/rules.yaml`): kinds, fields, a condition, an impact, a reason. A change has the impacts of
//! all rules that speak of it. Where no rule speaks, a fallback does, and none of those says cosmetic.

mod index;
mod manual;
mod network;
mod pattern;
mod predicate;
mod rule;
mod sites;
mod team;

use serde_json::Value;

use self::{
    index::{Entry, Index, Known},
    pattern::Fit,
    sites::{Documents, Field},
};
use crate::model::{
    Action, Edit, Format, Impact, Impacts, InstanceName, Mark, ObjectId, Outcome, Platform, RuleName, What,
};

pub use manual::{manual, page, summary};
pub use rule::BuiltInRule;

/// The rules that judge: those that macadam brings, and a team's.
#[derive(Debug, Clone, Default)]
pub struct ImpactRules {
    team: team::TeamRules,
}

/// A change to one object, or to one file that holds none.
#[derive(Debug, Clone, Copy)]
pub struct Difference<'a> {
    /// What happens to it.
    pub action: Action,
    /// What it is written in.
    pub format: Format,
    /// The object on the head side, or on the base side for what goes; `None` for a file that is no object.
    pub id: Option<&'a ObjectId>,
    /// The whole document on the base side.
    pub old: Option<&'a Value>,
    /// The whole document on the head side.
    pub new: Option<&'a Value>,
    /// What differs; for what comes or goes none, or the whole document.
    pub edits: &'a [Edit],
    /// Where it happens.
    pub instance: &'a InstanceName,
    /// Whether the environment is protected.
    pub protected: bool,
}

/// What a change means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What is said of the object as a whole: empty for one that changes in place, unless nothing in it differs.
    pub whole: Judgement,
    /// What is said of each edit, in the edits' order, never nothing: of what comes or goes, the same as of the whole.
    pub edits: Vec<Judgement>,
    /// What a reader must not miss.
    pub marks: Vec<Mark>,
}

/// Impacts, and the rules that say so.
pub type Judgement = (Impacts, Vec<RuleName>);

impl ImpactRules {
    /// The rules that macadam brings, alone.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Those and a team's. One of a team's that does not compile is told (`platform/invalid-expression`) and left out.
    pub fn with_team(platform: &Platform) -> Outcome<Self> {
        let Outcome { value, findings } = team::TeamRules::compile(platform);
        Outcome::new(Self { team: value.unwrap_or_default() }, findings)
    }

    /// Every rule that macadam brings, in the manual's order.
    pub fn all() -> &'static [BuiltInRule] {
        Index::built_in().rules()
    }

    /// The rule that macadam brings under a name.
    pub fn find(name: &str) -> Option<&'static BuiltInRule> {
        Self::all().iter().find(|rule| rule.name == name)
    }

    /// Judges a change. Values in text that is a document itself count as the field that holds the text.
    pub fn judge(&self, change: &Difference<'_>) -> Verdict {
        let mut verdict = Judge::new(change).verdict();
        self.team.judge(change, &mut verdict);
        verdict
    }
}

impl Verdict {
    /// All impacts of the change.
    pub fn impacts(&self) -> Impacts {
        let mut all = self.whole.0;
        self.edits.iter().for_each(|(impacts, _)| all.extend(*impacts));
        tidy(all)
    }
}

/// Cosmetic is said of nothing that is something else too.
fn tidy(impacts: Impacts) -> Impacts {
    if impacts.level() == Impact::Cosmetic {
        return impacts;
    }
    impacts.iter().filter(|impact| *impact != Impact::Cosmetic).collect()
}

/// Judges one change by the built-in rules.
struct Judge<'a> {
    change: &'a Difference<'a>,
    old: Kind<'a>,
    new: Kind<'a>,
    marks: Vec<Mark>,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind<'a> {
    group: &'a str,
    kind: &'a str,
}

/// What has been said so far.
#[derive(Default)]
struct Said {
    impacts: Impacts,
    rules: Vec<RuleName>,
}

impl<'a> Judge<'a> {
    fn new(change: &'a Difference<'a>) -> Self {
        let kind = |document| Kind::of(document, change.format);
        let (old, new) = (kind(change.old), kind(change.new));
        Self { change, old: old.or(new), new: new.or(old), marks: Vec::new() }
    }

    fn known(&self) -> &'static Known {
        Index::built_in().of(self.new.group, self.new.kind)
    }

    fn documents(&self) -> Documents<'a> {
        Documents { before: self.change.old, after: self.change.new }
    }

    fn verdict(mut self) -> Verdict {
        let whole = self.whole();
        let edits = match self.change.action {
            Action::Added | Action::Removed => vec![whole.clone(); self.change.edits.len()],
            Action::Changed | Action::Renamed => {
                self.change.edits.iter().map(|edit| self.edit(edit)).collect()
            }
        };
        Verdict { whole, edits, marks: self.marks }
    }

    fn whole(&mut self) -> Judgement {
        let mut said = Said::default();
        match self.change.action {
            Action::Added => self.comes(&mut said),
            Action::Removed => self.goes(&mut said),
            Action::Renamed if self.is_made_anew() => {
                self.stays(Action::Renamed, &mut said);
                self.goes(&mut said);
                self.comes(&mut said);
            }
            Action::Renamed | Action::Changed if self.change.edits.is_empty() => {
                said.say_unchanged(index::SAME)
            }
            Action::Renamed | Action::Changed => {}
        }
        said.judgement()
    }

    fn comes(&mut self, said: &mut Said) {
        let documents = Documents { before: None, after: self.change.new };
        self.object(Action::Added, self.new, documents, said);
    }

    fn goes(&mut self, said: &mut Said) {
        let documents = Documents { before: self.change.old, after: None };
        self.object(Action::Removed, self.old, documents, said);
    }

    /// What is said of an object that comes or goes.
    fn object(&mut self, action: Action, kind: Kind<'a>, documents: Documents<'a>, said: &mut Said) {
        let mut own = Said::default();
        for entry in &Index::built_in().of(kind.group, kind.kind).entries {
            let rule = entry.rule;
            if !rule.actions.contains(&action) || !rule.fits(documents.before, documents.after) {
                continue;
            }
            let speaks = match (entry.bound.is_whole(), documents.before, documents.after) {
                (true, before, after) => rule.holds(&documents.site(before, after)),
                (_, _, Some(new)) => {
                    entry.bound.find(new).into_iter().any(|new| rule.holds(&documents.site(None, Some(new))))
                }
                (_, Some(old), _) => {
                    entry.bound.find(old).into_iter().any(|old| rule.holds(&documents.site(Some(old), None)))
                }
                _ => false,
            };
            if speaks && (!rule.fallback || own.rules.is_empty()) {
                own.say(entry, &mut self.marks);
            }
        }
        said.extend(own);
    }

    /// What is said of a change of identity.
    fn stays(&mut self, action: Action, said: &mut Said) {
        let documents = self.documents();
        for entry in &self.known().entries {
            let rule = entry.rule;
            if entry.bound.is_whole()
                && rule.actions.contains(&action)
                && rule.holds(&documents.site(documents.before, documents.after))
            {
                said.say(entry, &mut self.marks);
            }
        }
    }

    /// Whether a renamed object is another object for the cluster, and not only in another file.
    fn is_made_anew(&self) -> bool {
        let identity = |document: Option<&'a Value>| {
            let metadata = document.and_then(|document| document.get("metadata"));
            ["name", "namespace"].map(|key| metadata.and_then(|metadata| metadata.get(key)))
        };
        self.old != self.new || identity(self.change.old) != identity(self.change.new)
    }

    fn edit(&mut self, edit: &'a Edit) -> Judgement {
        let mut said = Said::default();
        if matches!(edit.what, What::Changed { equal: true, .. } | What::Reordered { equal: true, .. }) {
            said.say_unchanged(index::SAME);
            return said.judgement();
        }
        let field = Field::of(edit);
        let mut leaves = field.leaves();
        let single = leaves.is_empty();
        leaves.retain(|leaf| !self.is_default(leaf));
        if leaves.is_empty() && (!single || self.is_default(&field)) {
            said.say_unchanged(index::WRITTEN_OUT);
            return said.judgement();
        }
        let whole = self.field(&field, single, &mut said);
        let mut known = !leaves.is_empty() || !whole.is_empty();
        for leaf in &leaves {
            let own = self.field(leaf, true, &mut said);
            known &= !own.is_empty() || whole.iter().any(|entry| entry.bound.covers(&leaf.keys));
        }
        if !known {
            self.fall_back(&mut said);
        }
        said.judgement()
    }

    /// Whether a field comes or goes that means nothing, because the API server takes the same without it.
    fn is_default(&self, field: &Field<'a>) -> bool {
        field.lone_value().is_some_and(|value| self.known().is_default(&field.keys, value))
    }

    /// Adds what rules say of a field, and tells which do. A rule with exceptions speaks of single fields only.
    fn field(&mut self, field: &Field<'a>, single: bool, said: &mut Said) -> Vec<&'static Entry> {
        let mut spoken = Vec::new();
        for entry in &self.known().entries {
            let meant = !entry.rule.fallback && (single || !entry.bound.has_exceptions());
            if meant && self.speaks(entry, field) {
                said.say(entry, &mut self.marks);
                spoken.push(entry);
            }
        }
        spoken
    }

    /// Says of a field that nothing more is known of it, the document as a whole included.
    fn fall_back(&mut self, said: &mut Said) {
        let fallbacks = self.known().entries.iter().filter(|entry| entry.rule.fallback);
        for entry in fallbacks.filter(|entry| entry.rule.actions.contains(&self.change.action)) {
            said.say(entry, &mut self.marks);
        }
    }

    fn speaks(&self, entry: &Entry, field: &Field<'a>) -> bool {
        let rule = entry.rule;
        let documents = self.documents();
        let holds = |fit: Fit<'_>| documents.sites(field, fit).iter().any(|site| rule.holds(site));
        rule.actions.contains(&self.change.action)
            && entry
                .bound
                .fits(&field.keys)
                .any(|fit| rule.fits(documents.before, documents.after) && holds(fit))
    }
}

impl<'a> Kind<'a> {
    fn of(document: Option<&'a Value>, format: Format) -> Self {
        let text = |key| document.and_then(|document| document.get(key)).and_then(Value::as_str);
        if format == Format::Hcl {
            return Self { group: "", kind: rule::OPENTOFU };
        }
        let version = text("apiVersion").unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        Self { group, kind: text("kind").unwrap_or_default() }
    }

    fn or(self, other: Self) -> Self {
        if self.kind.is_empty() { other } else { self }
    }
}

impl Said {
    fn say(&mut self, entry: &Entry, marks: &mut Vec<Mark>) {
        let rule = entry.rule;
        if self.rules.iter().any(|known| known.0 == rule.name) {
            return;
        }
        self.impacts.extend(rule.impacts);
        self.rules.push(RuleName(rule.name.clone()));
        if let Some(mark) = rule.mark
            && !marks.contains(&mark)
        {
            marks.push(mark);
        }
    }

    fn say_unchanged(&mut self, rule: &str) {
        self.impacts.insert(Impact::Cosmetic);
        self.rules.push(RuleName(rule.to_owned()));
    }

    fn extend(&mut self, other: Self) {
        self.impacts.extend(other.impacts);
        let new = other.rules.into_iter().filter(|rule| !self.rules.contains(rule)).collect::<Vec<_>>();
        self.rules.extend(new);
    }

    fn judgement(self) -> Judgement {
        (tidy(self.impacts), self.rules)
    }
}

#[cfg(test)]
mod tests;
