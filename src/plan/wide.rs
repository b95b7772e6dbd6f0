//! Platform packages: one instance a cluster, or one an owner in it.

use std::{collections::BTreeSet, sync::Arc};

use crate::model::{
    Code, Finding, InstanceInput, InstanceKind, Layer, Package, PackageKind, PackageUse, Params, Scope,
    Summary, WideInput,
};

use super::{draft::keep, params::LayerMap, resources::Surroundings, substitute};

/// What platform packages see of one cluster.
pub(crate) struct Wide<'r, 'a> {
    pub(crate) around: &'r Surroundings<'a>,
    /// Every unit here, by workload name.
    pub(crate) summaries: &'r [Arc<Summary>],
}

impl Wide<'_, '_> {
    /// Plans every instance of every platform package here.
    pub(crate) fn instances(&self, findings: &mut Vec<Finding>) -> Vec<InstanceInput> {
        let mut instances = Vec::new();
        for used in &self.around.platform.packages {
            let Some(package) = keep(self.around.catalog.platform_package(&used.package), findings) else {
                continue;
            };
            let PackageKind::PlatformPackage { scope } = &package.kind else { continue };
            let owners: Vec<Option<String>> = match scope.value {
                Scope::Cluster => vec![None],
                Scope::Owner => self.owners().into_iter().map(Some).collect(),
                Scope::Workload | Scope::Environment | Scope::Repository if package.renders() => {
                    findings.push(unrenderable(&package, scope.span));
                    continue;
                }
                _ => continue,
            };
            let Some(params) = self.params(used, &package, findings) else { continue };
            instances.extend(owners.into_iter().map(|owner| self.instance(&package, &params, owner)));
        }
        instances
    }

    /// How many instances there are, by the owners of the workloads here.
    pub(crate) fn count(around: &Surroundings<'_>) -> usize {
        let owners: BTreeSet<&str> = around.drafts.values().filter_map(|draft| draft.owner()).collect();
        let packages = around.platform.packages.iter();
        let scopes =
            packages.filter_map(|used| match &around.catalog.platform_package(&used.package).ok()?.kind {
                PackageKind::PlatformPackage { scope } => Some(scope.value),
                _ => None,
            });
        let instances = scopes.map(|scope| match scope {
            Scope::Cluster => 1,
            Scope::Owner => owners.len(),
            _ => 0,
        });
        instances.sum()
    }

    /// The owners of the workloads here.
    fn owners(&self) -> BTreeSet<String> {
        self.summaries.iter().filter_map(|summary| summary.owner.clone()).collect()
    }

    fn params(&self, used: &PackageUse, package: &Package, findings: &mut Vec<Finding>) -> Option<Params> {
        let layers: Vec<LayerMap<'_>> =
            used.params.iter().map(|map| LayerMap { layer: Layer::PlatformDefaults, map }).collect();
        let scope = substitute::Scope { metadata: None, resources: None, place: Some(self.around.place) };
        let schema = self.around.schemas.get(&package.key())?;
        schema.resolve(&layers, &scope, used.package.span, &package.name.value, findings)
    }

    fn instance(&self, package: &Arc<Package>, params: &Params, owner: Option<String>) -> InstanceInput {
        let around = self.around;
        let below = |summary: &&Arc<Summary>| owner.is_none() || summary.owner == owner;
        let summaries = self.summaries.iter().filter(below).cloned().collect();
        let folder = format!("{}/platform/{}", around.place.folder(), package.name.value);
        let folder = match &owner {
            Some(owner) => format!("{folder}/{owner}"),
            None => folder,
        };
        InstanceInput {
            folder: folder.into(),
            namespace: String::new(),
            origin: crate::compile::PLATFORM_FILE.into(),
            span: package.span(),
            platform: around.platform.name.value.clone(),
            environment: Arc::clone(&around.place.environment),
            cluster: Arc::clone(&around.place.cluster),
            kind: InstanceKind::Wide(Box::new(WideInput {
                package: Arc::clone(package),
                params: params.clone(),
                summaries,
                owner,
            })),
        }
    }
}

fn unrenderable(package: &Package, span: macadam_yaml::Span) -> Finding {
    Finding::new(
        Code::InvalidPackage,
        format!(
            "platform package `{}` has Kubernetes templates, but is wider than a cluster",
            package.name.value
        ),
    )
    .at(span, "its scope")
    .help("Kubernetes objects live in one cluster: use `scope: cluster` or `scope: owner`")
}
