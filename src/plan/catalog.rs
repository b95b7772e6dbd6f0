//! Every package by name, and how a name (and version) is bound to one.

use std::{collections::BTreeMap, sync::Arc};

use macadam_yaml::{Entry, Mapping, Node, Value};

use crate::model::{Code, Finding, Package, PackageKind, PackageRef, Spanned};
use crate::validate::did_you_mean;

/// A package as it was read, before its components are bound.
pub type Unbound = (Package, Vec<Spanned<String>>);

/// Every package of the repository and of macadam itself.
///
/// A team's package hides a built-in one of the same kind and name, unless a version asks for the built-in one.
#[derive(Debug, Default)]
pub struct Catalog {
    golden_paths: BTreeMap<String, Vec<Arc<Package>>>,
    platform_packages: BTreeMap<String, Vec<Arc<Package>>>,
    provisioners: BTreeMap<String, Vec<Arc<Package>>>,
}

impl Catalog {
    /// Binds the components of every package and sorts the packages by kind.
    pub fn new(packages: Vec<Unbound>, findings: &mut Vec<Finding>) -> Self {
        let mut unbound: Vec<Unbound> = packages;
        unbound.sort_by(|(a, _), (b, _)| (a.is_built_in(), &a.folder).cmp(&(b.is_built_in(), &b.folder)));
        let components: Vec<Unbound> =
            unbound.iter().filter(|(package, _)| package.kind == PackageKind::Component).cloned().collect();
        let mut catalog = Self::default();
        for (package, uses) in unbound {
            let shelf = match package.kind {
                PackageKind::GoldenPath => &mut catalog.golden_paths,
                PackageKind::PlatformPackage { .. } => &mut catalog.platform_packages,
                PackageKind::Provisioner { .. } => &mut catalog.provisioners,
                PackageKind::Component => continue,
            };
            let bound = Arc::new(bind(package, &uses, &components, findings));
            shelf.entry(bound.name.value.clone()).or_default().push(bound);
        }
        catalog
    }

    /// Takes equal packages from another catalog, so that two of them are equal where they are one.
    pub(crate) fn share(&mut self, other: &Self) {
        let shelves = [
            (&mut self.golden_paths, &other.golden_paths),
            (&mut self.platform_packages, &other.platform_packages),
            (&mut self.provisioners, &other.provisioners),
        ];
        for (ours, theirs) in shelves {
            for package in ours.values_mut().flatten() {
                let mut same = theirs.get(&package.name.value).into_iter().flatten();
                if let Some(known) = same.find(|known| *known == package) {
                    *package = Arc::clone(known);
                }
            }
        }
    }

    /// Every bound package, sorted by kind, name and world.
    pub fn packages(&self) -> impl Iterator<Item = &Arc<Package>> {
        [&self.golden_paths, &self.platform_packages, &self.provisioners]
            .into_iter()
            .flat_map(|shelf| shelf.values().flatten())
    }

    /// The golden paths by name; a team's before a built-in one.
    pub fn golden_paths(&self) -> impl Iterator<Item = &Arc<Package>> {
        self.golden_paths.values().flatten()
    }

    /// Binds a golden path.
    pub(crate) fn golden_path(
        &self,
        asked: &Spanned<String>,
        pinned: Option<&Spanned<String>>,
    ) -> Result<Arc<Package>, Finding> {
        find(&self.golden_paths, "golden path", asked, pinned)
    }

    /// Binds a platform package.
    pub(crate) fn platform_package(&self, asked: &Spanned<String>) -> Result<Arc<Package>, Finding> {
        find(&self.platform_packages, "platform package", asked, None)
    }

    /// Binds a provisioner by name.
    pub(crate) fn provisioner(&self, asked: &Spanned<String>) -> Result<Arc<Package>, Finding> {
        find(&self.provisioners, "provisioner", asked, None)
    }

    /// Every provisioner that a team's package of the same name does not hide.
    pub(crate) fn provisioners(&self) -> impl Iterator<Item = &Arc<Package>> {
        self.provisioners.values().filter_map(|versions| versions.first())
    }
}

/// Finds a package by name, and by version where one is asked for.
fn find(
    shelf: &BTreeMap<String, Vec<Arc<Package>>>,
    what: &str,
    asked: &Spanned<String>,
    pinned: Option<&Spanned<String>>,
) -> Result<Arc<Package>, Finding> {
    let reference = PackageRef::parse(&asked.value);
    let Some(versions) = shelf.get(&reference.name) else {
        return Err(Finding::new(Code::UnknownPackage, format!("there is no {what} `{}`", reference.name))
            .at(asked.span, "not found")
            .maybe_help(did_you_mean(&reference.name, shelf.keys().map(String::as_str))));
    };
    let (version, span) = match (&reference.version, pinned) {
        (Some(version), _) => (Some(version.as_str()), asked.span),
        (None, Some(pinned)) => (Some(pinned.value.as_str()), pinned.span),
        (None, None) => (None, asked.span),
    };
    let matching =
        versions.iter().find(|package| version.is_none_or(|version| package.version.to_string() == version));
    matching.cloned().ok_or_else(|| {
        let known: Vec<_> = versions.iter().map(|package| format!("`{}`", package.version)).collect();
        Finding::new(
            Code::UnknownVersion,
            format!("{what} `{}` is not there in the version asked for", reference.name),
        )
        .at(span, "this version")
        .help(format!("the version at hand is {}", known.join(" or ")))
    })
}

/// Binds the components that a package uses, and merges their parameters into its schema.
fn bind(
    mut package: Package,
    uses: &[Spanned<String>],
    components: &[Unbound],
    findings: &mut Vec<Finding>,
) -> Package {
    for used in uses {
        match component(used, package.is_built_in(), components) {
            Ok(component) => {
                merge_params(&mut package.params, &component.params);
                package.components.push(Arc::new(component));
            }
            Err(finding) => findings.push(finding),
        }
    }
    package
}

fn component(used: &Spanned<String>, built_in: bool, components: &[Unbound]) -> Result<Package, Finding> {
    let reachable = || components.iter().filter(move |(component, _)| component.is_built_in() || !built_in);
    let found = reachable().find(|(component, _)| component.name.value == used.value);
    let (component, nested) = found.ok_or_else(|| {
        Finding::new(Code::UnknownPackage, format!("there is no component `{}`", used.value))
            .at(used.span, "not found")
            .maybe_help(did_you_mean(&used.value, reachable().map(|(known, _)| known.name.value.as_str())))
    })?;
    if let Some(nested) = nested.first() {
        return Err(Finding::new(
            Code::InvalidPackage,
            format!("component `{}` uses a component itself", used.value),
        )
        .at(nested.span, "components do not nest")
        .also(used.span, "used here"));
    }
    Ok(component.clone())
}

/// Adds the properties that the package does not declare itself.
fn merge_params(params: &mut Node, of_component: &Node) {
    let Some(added) = of_component.get("properties").and_then(Node::as_mapping) else { return };
    let span = of_component.span;
    let Some(schema) = params.as_mapping_mut() else { return };
    if schema.get("properties").is_none() {
        schema.insert(Entry {
            key: "properties".to_owned(),
            key_span: span,
            value: Node::mapping(span, Mapping::default()),
        });
    }
    let Some(Value::Mapping(properties)) = schema.get_mut("properties").map(|node| &mut node.value) else {
        return;
    };
    for entry in added.iter() {
        if properties.get(&entry.key).is_none() {
            properties.insert(entry.clone());
        }
    }
}
