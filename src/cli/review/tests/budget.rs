//! A page fits its budget, and its numbers are exact in any.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::OPTIONS;
use crate::{
    cli::review::{MarkdownOptions, markdown, markdown::LEAST_BUDGET},
    model::{Group, Impact, Impacts, Review, sample},
};

/// A review of groups with these levels, some of them with many fields or places, made of those of the sample.
fn large(groups: &[(Impact, u8)]) -> Review {
    let mut review = sample();
    let models = review.groups.clone();
    review.groups = groups.iter().map(|(impact, seed)| one(&models, *impact, *seed)).collect();
    review.groups.sort_by_key(|group| std::cmp::Reverse(group.impacts.level()));
    review.counts.levels = BTreeMap::new();
    for group in &review.groups {
        *review.counts.levels.entry(group.impacts.level()).or_default() += group.members.len();
    }
    review
}

fn one(models: &[Group], impact: Impact, seed: u8) -> Group {
    let mut group = models[usize::from(seed) % models.len()].clone();
    group.impacts = Impacts::from(impact);
    if seed.is_multiple_of(5) {
        for change in &mut group.changes {
            let fields = change.fields.clone();
            change.fields = fields.iter().cycle().take(fields.len() * usize::from(seed)).cloned().collect();
        }
    }
    if seed.is_multiple_of(7) {
        group.members.iter_mut().for_each(|member| member.instance.name = "|".repeat(usize::from(seed)));
    }
    group
}

fn impact() -> impl Strategy<Value = Impact> {
    proptest::sample::select(Impact::ALL.to_vec())
}

/// The number of changes that the page tells for a level, and how many it lists.
fn told(page: &str, impact: Impact) -> (usize, usize) {
    let row = page
        .lines()
        .find(|line| line.starts_with('|') && line.contains(&format!("\u{a0}{} | ", impact.constant())));
    let count = row.map_or(0, |row| row.split(" | ").nth(1).unwrap().parse().unwrap());
    let Some((_, section)) = page.split_once(&format!(" {} · ", impact.constant())) else {
        return (count, 0);
    };
    let section = section.split("\n### ").next().unwrap();
    let nested = section.matches("<summary>all ").count();
    let mut listed = section.matches("<summary>").count() - nested;
    let mut depth = 0_usize;
    for line in section.lines() {
        depth = depth + usize::from(line.starts_with("<details")) - usize::from(line == "</details>");
        listed += usize::from(depth == 0 && line.starts_with("- "));
        if let Some(more) = line.strip_prefix("and ").and_then(|line| line.split_once(" more of `")) {
            listed += more.0.parse::<usize>().unwrap();
        }
    }
    (count, listed)
}

fn check(review: &Review, budget: usize) -> Result<(), TestCaseError> {
    let page = markdown(review, &MarkdownOptions { budget, ..OPTIONS });
    prop_assert!(page.len() <= budget.max(LEAST_BUDGET), "{} bytes in {budget}\n{page}", page.len());
    for impact in Impact::ALL {
        let count = review.groups.iter().filter(|group| group.impacts.level() == impact).count();
        let (told, listed) = told(&page, impact);
        prop_assert_eq!(told, count, "{}\n{}", impact, &page);
        prop_assert!(listed == count || listed == 0, "{impact}: {listed} of {count}\n{page}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_page_fits_and_counts_exactly(
        groups in prop::collection::vec((impact(), any::<u8>()), 0..300),
        budget in prop_oneof![Just(4_096_usize), 4_096..20_000_usize, Just(65_536), 20_000..200_000_usize],
    ) {
        check(&large(&groups), budget)?;
    }
}

#[test]
fn a_page_of_5000_dangerous_changes_fits_and_counts_exactly() {
    let groups: Vec<(Impact, u8)> =
        (0..5_000_u32).map(|at| (Impact::ALL[at as usize % 8], (at % 251) as u8)).collect();
    let review = large(&groups);
    for budget in [4_096, 10_000, 65_536, 1_000_000] {
        check(&review, budget).unwrap();
    }
}

#[test]
fn everything_dangerous_is_listed_before_anything_else() {
    let groups: Vec<(Impact, u8)> =
        (0..200_u8).map(|at| (if at < 60 { Impact::Exposure } else { Impact::Rollout }, at)).collect();
    let page = markdown(&large(&groups), &MarkdownOptions { budget: 24_000, ..OPTIONS });
    assert_eq!(told(&page, Impact::Exposure), (60, 60));
    assert!(!page.contains("more of `EXPOSURE`") && page.contains("**Left out to fit the page:**"), "{page}");
}

#[test]
fn hostile_names_do_not_burst_the_least_budget() {
    let mut review = large(&[(Impact::DataLoss, 1), (Impact::Exposure, 2)]);
    for text in ["\u{202e}".repeat(3_000), "`|@".repeat(1_000), "&".repeat(3_000)] {
        review.base.name = text.clone();
        review.head.commit = Some(text.clone());
        review.groups[0].members[0].instance.name = text.clone();
        review.merges[0].environment = text.clone();
        review.gates[0].when = text.clone();
        review.rules[0].message = text.clone();
        if let Some(cost) = &mut review.cost {
            cost.currency = text.clone();
        }
        let artifact = Some(text.as_str());
        let page = markdown(&review, &MarkdownOptions { budget: 0, artifact, key: &text, ..OPTIONS });
        assert!(page.len() <= LEAST_BUDGET, "{} bytes\n{page}", page.len());
    }
}
