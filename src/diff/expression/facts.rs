//! What an expression can ask for.

use cel::{
    common::{
        types::{CelBool, CelInt, CelList, CelString},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};

use super::{Change, ExpressionError, action, number, spelling::NAMESPACE, workload};
use crate::model::{Action, Impact, Impacts, InstanceName, InstanceWord};

/// The type of what an expression can ask for, and of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Impact,
    Number,
    Text,
    Names,
    List,
    Unknown,
}

/// Everything that an expression can ask for, by name.
pub(super) const VARIABLES: &[(&str, Type)] = &[
    ("impact", Type::Impact),
    ("impacts", Type::Names),
    ("environment", Type::Text),
    ("cluster", Type::Text),
    ("owner", Type::Text),
    ("workload", Type::Text),
    ("kind", Type::Text),
    ("group", Type::Text),
    ("name", Type::Text),
    ("namespace", Type::Text),
    ("action", Type::Text),
    ("path", Type::Text),
    ("protected", Type::Bool),
];

/// A change, and one of its fields.
pub(super) struct Facts<'a> {
    pub(super) change: &'a Change<'a>,
    pub(super) path: &'a str,
}

impl Facts<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        let Self { change, path } = self;
        Some(match name {
            "environment" => &change.instance.environment,
            "cluster" => &change.instance.cluster,
            "owner" => change.instance.owner.as_deref().unwrap_or_default(),
            "workload" => workload(change.instance),
            "kind" => change.kind,
            "group" => change.group,
            "name" => change.name,
            "namespace" | NAMESPACE => change.namespace,
            "action" => action(change.action),
            "path" => path,
            _ => return None,
        })
    }

    /// The length of the longest text.
    pub(super) fn longest(&self) -> usize {
        let texts = VARIABLES.iter().filter_map(|(name, _)| self.text(name));
        texts.map(str::len).max().unwrap_or_default()
    }
}

impl VariableResolver for Facts<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(text) = self.text(name) {
            return Some(CowVal::owned(CelString::from(text)));
        }
        match name {
            "impact" => Some(CowVal::owned(CelInt::from(number(self.change.impacts.level())))),
            "impacts" => Some(CowVal::owned(names(self.change.impacts))),
            "protected" => Some(CowVal::owned(CelBool::from(self.change.protected))),
            _ => {
                let impact = Impact::ALL.into_iter().find(|impact| impact.constant() == name)?;
                Some(CowVal::owned(CelInt::from(number(impact))))
            }
        }
    }
}

fn names(impacts: Impacts) -> CelList<'static> {
    let name = |impact: Impact| Box::new(CelString::from(impact.name())) as Box<dyn Val>;
    CelList::from(impacts.iter().map(name).collect::<Vec<_>>())
}

/// Shows an expression two changes, so that what can go wrong in all of them is found when it is read.
pub(super) fn samples(
    mut evaluate: impl FnMut(&Change<'_>) -> Result<(), ExpressionError>,
) -> Result<(), ExpressionError> {
    let instance = |owner: Option<&str>, environment: &str| InstanceName {
        folder: "kubernetes/production/eu-1/workloads/shop".into(),
        environment: environment.to_owned(),
        cluster: "eu-1".to_owned(),
        kind: InstanceWord::Workload,
        name: "shop".to_owned(),
        owner: owner.map(str::to_owned),
    };
    let paths = ["spec.template.spec.containers[main].image".to_owned()];
    let change = |impacts: Impacts, instance, protected, action| Change {
        impacts,
        instance,
        protected,
        kind: "Deployment",
        group: "apps",
        name: "shop",
        namespace: "acme-production",
        action,
        paths: &[],
    };
    let (mild, wild) = (instance(None, "dev"), instance(Some("payments"), "production"));
    let all = Impact::ALL.into_iter().collect();
    evaluate(&change(Impact::Cosmetic.into(), &mild, false, Action::Added))?;
    evaluate(&Change { paths: &paths, ..change(all, &wild, true, Action::Changed) })
}
