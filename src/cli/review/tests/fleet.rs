//! A review as large as they get.

use crate::model::{FieldPath, Impact, Impacts, Member, Review, Shown, Step, sample};

/// 5,000 groups with 30,000 members: one in fifty is dangerous, the others are edits of fields.
pub(super) fn fleet() -> Review {
    let mut review = sample();
    let models = review.groups.clone();
    review.groups = (0..5_000)
        .map(|at| {
            let dangerous = at < 100;
            let mut group = models[if dangerous { at % 3 } else { 3 + at % 4 }].clone();
            let first = group.members[0].clone();
            group.members = (0..6).map(|place| member(&first, at, place)).collect();
            for field in group.changes.iter_mut().flat_map(|change| &mut change.fields) {
                let key = Step::Key(format!("part-{}", at % 700));
                field.path = FieldPath(field.path.0.iter().cloned().chain([key]).collect());
                if let Some(Shown::Value(value)) = &mut field.new {
                    *value = format!("registry.example/{at}:{}", at * 7).into();
                }
            }
            group
        })
        .collect();
    review.groups.sort_by_key(|group| std::cmp::Reverse(group.impacts.level()));
    review.counts.instances = 30_000;
    review.counts.of_instances = 40_000;
    review.counts.levels = Impact::ALL.map(|impact| (impact, count(&review, impact))).into();
    review
}

fn member(first: &Member, at: usize, place: usize) -> Member {
    let mut member = first.clone();
    let instance = &mut member.instance;
    instance.name = format!("service-{:04}", (at * 6 + place) / 3 % 3_000);
    instance.environment = ["dev", "staging", "production"][place % 3].to_owned();
    instance.cluster = ["eu-1", "us-1"][place / 3].to_owned();
    instance.owner = (!at.is_multiple_of(9)).then(|| format!("team-{:02}", at % 40));
    let folder =
        format!("kubernetes/{}/{}/workloads/{}", instance.environment, instance.cluster, instance.name);
    member.path = format!("{folder}/deployment-{}.yaml", instance.name).into();
    instance.folder = folder.into();
    member
}

fn count(review: &Review, impact: Impact) -> usize {
    let of = |impacts: Impacts| impacts.level() == impact;
    review.groups.iter().filter(|group| of(group.impacts)).map(|group| group.members.len()).sum()
}
