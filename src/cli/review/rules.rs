use indexmap::IndexMap;

use crate::{
    diff::impact::{BuiltInRule, ImpactRules},
    model::{Group, Impacts},
};

/// The names of the rules that speak of a group, with the impacts of what they speak of: most dangerous first, then in
/// the document's order.
pub(super) fn speaking(group: &Group) -> IndexMap<&str, Impacts> {
    let mut rules: IndexMap<&str, Impacts> = IndexMap::new();
    for change in &group.changes {
        let whole = change.rules.iter().map(|rule| (rule, change.impacts));
        let fields =
            change.fields.iter().flat_map(|field| field.rules.iter().map(|rule| (rule, field.impacts)));
        for (rule, impacts) in whole.chain(fields) {
            rules.entry(&rule.0).or_default().extend(own(&rule.0, impacts));
        }
    }
    rules.sort_by(|_, a, _, b| b.level().cmp(&a.level()));
    rules
}

/// The part of some impacts that a rule answers for; all of them where it is a team's.
fn own(name: &str, impacts: Impacts) -> Impacts {
    let said = built_in(name).map_or(impacts, |rule| rule.impacts);
    let own: Impacts = impacts.iter().filter(|impact| said.contains(*impact)).collect();
    if own.is_empty() { impacts } else { own }
}

/// The rule that macadam brings under a name; `None` for a team's own.
pub(super) fn built_in(name: &str) -> Option<&'static BuiltInRule> {
    ImpactRules::all().iter().find(|rule| rule.name == name)
}
