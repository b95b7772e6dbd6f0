//! One workload in one environment and cluster, before its resources are known.

use std::{collections::BTreeMap, sync::Arc};

use camino::Utf8PathBuf;
use macadam_yaml::{FileId, Node, Span};

use crate::engine::service_label;
use crate::fault::Fault;
use crate::load::World;
use crate::model::{
    Code, FileContent, Finding, Package, PackageKey, Platform, Release, ResourceId, Spanned, Workload,
};
use crate::validate;
use crate::validate::schema::Schema;

use super::{
    catalog::Catalog,
    merge::merge,
    namespace::namespace,
    place::{self, Place},
    release::{self, Images, images},
    settings::{DefaultRules, Settings},
    units::Status,
};

/// A Score file as it was read, with what lies beside it.
#[derive(Debug)]
pub struct WorkloadSource {
    /// The Score file, relative to the root.
    pub path: Utf8PathBuf,
    /// Its tree, deprecated forms upgraded.
    pub tree: Node,
    /// The workload without overlays.
    pub workload: Arc<Workload>,
    /// Overlays, in path order.
    pub overlays: Vec<OverlaySource>,
    /// `release.yaml` beside it.
    pub release: Option<Release>,
}

/// An overlay as it was read.
#[derive(Debug)]
pub struct OverlaySource {
    /// Its number among the sources.
    pub file: FileId,
    /// The environment in its name.
    pub environment: String,
    /// The cluster in its name.
    pub cluster: Option<String>,
    /// Its tree.
    pub tree: Node,
}

impl OverlaySource {
    /// The start of the file, where findings about its name point.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.file, 0, 0)
    }

    fn applies(&self, place: &Place) -> bool {
        self.environment == place.environment()
            && self.cluster.as_deref().is_none_or(|cluster| cluster == place.cluster())
    }
}

/// One workload in one environment and cluster, bound to a golden path.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) source: &'a WorkloadSource,
    /// The overlays that apply, weakest first.
    pub(crate) overlays: Vec<&'a OverlaySource>,
    /// The workload, overlays applied.
    pub(crate) workload: Arc<Workload>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) package: Arc<Package>,
    pub(crate) namespace: String,
    pub(crate) service: String,
    pub(crate) images: BTreeMap<String, String>,
    pub(crate) contents: BTreeMap<String, Arc<Vec<u8>>>,
}

impl Draft<'_> {
    /// The workload's name.
    pub(crate) fn name(&self) -> &str {
        &self.workload.name.value
    }

    /// The workload's owner.
    pub(crate) fn owner(&self) -> Option<&str> {
        self.settings.owner.as_ref().map(|owner| owner.value.as_str())
    }

    /// The identity of one of its resources.
    pub(crate) fn resource_id(&self, key: &str) -> Option<ResourceId> {
        let resource = self.workload.resources.get(key)?;
        let class = resource.class.as_ref().map_or("default", |class| class.value.as_str());
        Some(ResourceId {
            kind: resource.kind.value.clone(),
            class: class.to_owned(),
            name: resource
                .id
                .as_ref()
                .map_or_else(|| format!("{}.{key}", self.name()), |id| id.value.clone()),
            shared: resource.id.is_some(),
        })
    }
}

/// What drafting needs besides the workload.
pub(crate) struct Drafting<'a> {
    pub(crate) world: &'a dyn World,
    pub(crate) platform: &'a Platform,
    pub(crate) catalog: &'a Catalog,
    pub(crate) places: &'a [Place],
    /// `requires` of golden paths, compiled, by package.
    pub(crate) requirements: &'a BTreeMap<PackageKey, Schema>,
    pub(crate) rules: &'a DefaultRules<'a>,
}

/// What became of a workload at one place.
pub(crate) enum Drafted<'a> {
    Unit(Box<Draft<'a>>),
    Not(Status),
}

impl<'a> Drafting<'a> {
    /// Drafts a workload at every place; `None` at places where findings stand in the way.
    pub(crate) fn workload(
        &self,
        source: &'a WorkloadSource,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<Option<Drafted<'a>>>, Fault> {
        let base = Arc::new(self.rules.settings(&source.workload));
        self.check(source, &base, findings);
        let mut contents = Contents::default();
        let mut overlaid = BTreeMap::new();
        let mut drafts = Vec::with_capacity(self.places.len());
        for place in self.places {
            if !place.selected(&base) {
                drafts.push(Some(Drafted::Not(Status::NotPlaced)));
                continue;
            }
            let overlays: Vec<_> = overlays(source, place);
            let key: Vec<FileId> = overlays.iter().map(|overlay| overlay.file).collect();
            let (tree, workload) =
                overlaid.entry(key).or_insert_with(|| overlay(source, &overlays, findings)).clone();
            let Some(workload) = workload else {
                drafts.push(None);
                continue;
            };
            let settings = if overlays.is_empty() {
                Arc::clone(&base)
            } else {
                Arc::new(self.rules.settings(&workload))
            };
            let images = match images(source, &workload, place, findings) {
                Images::All(images) => images,
                Images::NotReleased => {
                    drafts.push(Some(Drafted::Not(Status::NotReleased)));
                    continue;
                }
                Images::Broken => {
                    drafts.push(None);
                    continue;
                }
            };
            let Some((package, namespace)) = self.bind(&workload, &tree, &settings, place, findings) else {
                drafts.push(None);
                continue;
            };
            let Some(files) = contents.of(self.world, &workload, findings)? else {
                drafts.push(None);
                continue;
            };
            drafts.push(Some(Drafted::Unit(Box::new(Draft {
                source,
                overlays,
                service: service_label(&workload.name.value, 63),
                workload,
                settings,
                package,
                namespace,
                images,
                contents: files,
            }))));
        }
        Ok(drafts)
    }

    /// Checks every name of an environment or cluster in the workload's files.
    fn check(&self, source: &WorkloadSource, settings: &Settings, findings: &mut Vec<Finding>) {
        place::check(&source.workload, settings, self.places, findings);
        release::check(source, self.places, findings);
        for overlay in &source.overlays {
            let at = |name: &str| Spanned::new(name.to_owned(), overlay.span());
            let environment = at(&overlay.environment);
            match &overlay.cluster {
                Some(cluster) => place::check_cluster(&environment, &at(cluster), self.places, findings),
                None => place::check_environment(&environment, self.places, findings),
            }
        }
    }

    /// Binds the golden path and the namespace.
    fn bind(
        &self,
        workload: &Workload,
        tree: &Node,
        settings: &Settings,
        place: &Place,
        findings: &mut Vec<Finding>,
    ) -> Option<(Arc<Package>, String)> {
        let asked = &settings.golden_path;
        let name = asked.value.split('@').next().unwrap_or_default();
        let pinned = place.environment.golden_paths.get(name).and_then(|path| path.version.as_ref());
        let package = keep(self.catalog.golden_path(asked, pinned), findings)?;
        if let Some(requirements) = self.requirements.get(&package.key()) {
            for violation in requirements.violations(tree) {
                findings.push(
                    Finding::new(
                        Code::Requirement,
                        format!("golden path `{}` requires: {}", package.name.value, violation.message),
                    )
                    .at(violation.span, "")
                    .maybe_help(violation.help),
                );
            }
        }
        let owner = settings.owner.as_ref().map(|owner| owner.value.as_str());
        let namespace = keep(namespace(self.platform, place, owner, &workload.name.value), findings)?;
        Some((package, namespace))
    }
}

/// Keeps a value, or the finding.
pub(crate) fn keep<T>(result: Result<T, Finding>, findings: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|finding| findings.push(finding)).ok()
}

/// The overlays for a place: the environment's, then the cluster's.
fn overlays<'a>(source: &'a WorkloadSource, place: &Place) -> Vec<&'a OverlaySource> {
    let mut applying: Vec<_> = source.overlays.iter().filter(|overlay| overlay.applies(place)).collect();
    applying.sort_by_key(|overlay| overlay.cluster.is_some());
    applying
}

type Overlaid = (Arc<Node>, Option<Arc<Workload>>);

/// Lays overlays over the base and validates the result.
fn overlay(source: &WorkloadSource, overlays: &[&OverlaySource], findings: &mut Vec<Finding>) -> Overlaid {
    if overlays.is_empty() {
        return (Arc::new(source.tree.clone()), Some(Arc::clone(&source.workload)));
    }
    let tree = overlays.iter().fold(source.tree.clone(), |tree, overlay| merge(&tree, &overlay.tree));
    let mut workload = validate::workload(&tree, &source.path).take(findings);
    if let Some(renamed) = &workload
        && renamed.name.value != source.workload.name.value
    {
        findings.push(
            Finding::new(Code::InvalidName, "an overlay cannot rename a workload")
                .at(renamed.name.span, "another name")
                .also(source.workload.name.span, "the workload's name"),
        );
        workload = None;
    }
    (Arc::new(tree), workload.map(Arc::new))
}

/// Bytes by the path as written in the Score file.
type Bytes = BTreeMap<String, Arc<Vec<u8>>>;

/// File sources, each read once.
#[derive(Default)]
struct Contents {
    read: BTreeMap<String, Option<Arc<Vec<u8>>>>,
}

impl Contents {
    /// The bytes of every `source` of a workload, by the path as written; `None` where one cannot be read.
    fn of(
        &mut self,
        world: &dyn World,
        workload: &Workload,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Bytes>, Fault> {
        let before = findings.len();
        let mut contents = Bytes::new();
        for file in workload.containers.values().flat_map(|container| container.files.values()) {
            let FileContent::Source(source) = &file.content else { continue };
            if !self.read.contains_key(&source.value) {
                let bytes = match beside(workload, &source.value) {
                    Some(path) => world.read(&path)?.map(Arc::new),
                    None => None,
                };
                self.read.insert(source.value.clone(), bytes);
            }
            match self.read.get(&source.value) {
                Some(Some(bytes)) => {
                    contents.insert(source.value.clone(), Arc::clone(bytes));
                }
                _ => findings.push(
                    Finding::new(Code::MissingSource, "there is no file to read here")
                        .at(source.span, "a path relative to this Score file's folder")
                        .help(
                            "the file must lie inside the repository, and no part of its path may be a link",
                        ),
                ),
            }
        }
        Ok((findings.len() == before).then_some(contents))
    }
}

/// The path of a source, relative to the root; `None` where it leaves the repository.
pub(crate) fn beside(workload: &Workload, source: &str) -> Option<Utf8PathBuf> {
    if source.starts_with('/') || source.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> =
        workload.path.parent()?.as_str().split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(Utf8PathBuf::from(parts.join("/")))
}
