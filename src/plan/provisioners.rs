//! Which provisioner serves a resource.

use std::sync::Arc;

use crate::model::{Code, Environment, Finding, Package, PackageKind, Resource, WorldName};
use crate::validate::did_you_mean;

use super::catalog::Catalog;

/// How well a provisioner fits: the more it names, and a team's own before a built-in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    id: bool,
    class: bool,
    own: bool,
}

/// Finds the one provisioner that serves a resource in an environment.
///
/// The environment's `resources` decides by `type.class`, then by `type`. Else the best fit wins: one that names the
/// id before one that names the class, a team's own before a built-in one. Two equally good ones are a finding.
pub(crate) fn provisioner(
    catalog: &Catalog,
    environment: &Environment,
    key: &str,
    resource: &Resource,
) -> Result<Arc<Package>, Finding> {
    let kind = &resource.kind.value;
    let class = resource.class.as_ref().map_or("default", |class| class.value.as_str());
    let chosen =
        environment.resources.get(&format!("{kind}.{class}")).or_else(|| environment.resources.get(kind));
    if let Some(chosen) = chosen {
        let package = catalog.provisioner(chosen)?;
        return if serves(&package) == Some(kind) {
            Ok(package)
        } else {
            Err(Finding::new(
                Code::UnprovidedResource,
                format!("provisioner `{}` does not serve type `{kind}`", chosen.value),
            )
            .at(chosen.span, "chosen here")
            .also(package.span(), "the provisioner"))
        };
    }
    let mut fitting: Vec<(Fit, &Arc<Package>)> = catalog
        .provisioners()
        .filter_map(|package| fit(package, resource, class).map(|fit| (fit, package)))
        .collect();
    fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    match fitting.as_slice() {
        [] => Err(unprovided(catalog, key, resource)),
        [(first, a), (second, b), ..] if first == second => Err(Finding::new(
            Code::AmbiguousProvisioner,
            format!("two provisioners serve resource `{key}` equally well"),
        )
        .at(resource.kind.span, "")
        .also(a.span(), "one")
        .also(b.span(), "the other")
        .help(format!("choose in the environment: `resources: {{ {kind}: {} }}`", a.name.value))),
        [(_, package), ..] => Ok(Arc::clone(package)),
    }
}

/// The type that a provisioner serves.
fn serves(package: &Package) -> Option<&String> {
    match &package.kind {
        PackageKind::Provisioner { serves, .. } => Some(&serves.value),
        _ => None,
    }
}

fn fit(package: &Package, resource: &Resource, asked: &str) -> Option<Fit> {
    let PackageKind::Provisioner { serves, class, id, .. } = &package.kind else { return None };
    let asked_id = resource.id.as_ref().map(|id| &id.value);
    let fits = serves.value == resource.kind.value
        && class.as_ref().is_none_or(|class| class.value == asked)
        && id.as_ref().is_none_or(|id| Some(&id.value) == asked_id);
    fits.then_some(Fit { id: id.is_some(), class: class.is_some(), own: package.world != WorldName::BuiltIn })
}

fn unprovided(catalog: &Catalog, key: &str, resource: &Resource) -> Finding {
    let kind = &resource.kind.value;
    let known: Vec<&str> = catalog.provisioners().filter_map(|p| serves(p)).map(String::as_str).collect();
    if known.contains(&kind.as_str()) {
        let at = resource.class.as_ref().map_or(resource.kind.span, |class| class.span);
        return Finding::new(
            Code::UnprovidedResource,
            format!("no provisioner serves class or id of resource `{key}` (type `{kind}`)"),
        )
        .at(at, "not served");
    }
    Finding::new(Code::UnprovidedResource, format!("no provisioner serves type `{kind}`"))
        .at(resource.kind.span, "not served")
        .help(
            did_you_mean(kind, known.iter().copied())
                .unwrap_or_else(|| format!("write one: `resources/{kind}/provisioner.yaml`")),
        )
}
