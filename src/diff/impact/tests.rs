use super::*;

#[test]
fn every_rule_is_read_and_complete() {
    let rules = ImpactRules::all();
    assert!(rules.len() > 120, "{}", rules.len());
    for rule in rules {
        assert!(
            rule.name.split_once('/').is_some_and(|(area, name)| !area.is_empty() && !name.is_empty()),
            "{}",
            rule.name
        );
        assert!(
            !rule.impacts.is_empty() && !rule.kinds.is_empty() && !rule.actions.is_empty(),
            "{}",
            rule.name
        );
        assert!(rule.why.trim().ends_with('.') && rule.why.len() > 30, "{}", rule.name);
        assert!(rule.source.starts_with("https://"), "{}", rule.name);
        assert_eq!(
            rules.iter().filter(|other| other.name == rule.name).count(),
            1,
            "{} is there twice",
            rule.name
        );
    }
}
