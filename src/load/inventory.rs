//! What discovery hands on: paths only, sorted.

use camino::{Utf8Path, Utf8PathBuf};

/// Every input of a repository, by what it is. Paths are full, from the world's root, and sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// `environments/*.yaml`.
    pub environments: Vec<Utf8PathBuf>,
    /// Folders below `golden-paths/` with a `golden-path.yaml`.
    pub golden_paths: Vec<PackageFolder>,
    /// Folders below `golden-paths/` with a `component.yaml`.
    pub components: Vec<PackageFolder>,
    /// Folders below `resources/` with a `provisioner.yaml`.
    pub provisioners: Vec<PackageFolder>,
    /// Folders below `platform/` with a `platform-package.yaml`.
    pub platform_packages: Vec<PackageFolder>,
    /// Score files with what lies beside them.
    pub workloads: Vec<WorkloadFiles>,
}

/// A folder that holds one package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageFolder {
    /// The folder, such as `golden-paths/service`.
    pub folder: Utf8PathBuf,
    /// Its manifest.
    pub manifest: Utf8PathBuf,
    /// Every file below `templates/`.
    pub templates: Vec<Utf8PathBuf>,
    /// Every file below `scaffold/`.
    pub scaffold: Vec<Utf8PathBuf>,
}

/// A Score file and what lies beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkloadFiles {
    /// The Score file.
    pub score: Utf8PathBuf,
    /// Its overlays: by environment, the one for the whole environment before those for a cluster.
    pub overlays: Vec<OverlayFile>,
    /// `release.yaml`, which every Score file in the folder shares.
    pub release: Option<Utf8PathBuf>,
}

/// Values laid over a Score file for one environment or one cluster of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OverlayFile {
    /// The environment's name, as the file's name has it.
    pub environment: String,
    /// The cluster's name.
    pub cluster: Option<String>,
    /// The file.
    pub path: Utf8PathBuf,
}

impl WorkloadFiles {
    /// Every file: the Score file, its overlays, the release.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        let overlays = self.overlays.iter().map(|overlay| overlay.path.as_path());
        std::iter::once(self.score.as_path()).chain(overlays).chain(self.release.as_deref())
    }
}

impl PackageFolder {
    /// Every file: the manifest, templates, the scaffold.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        let below = self.templates.iter().chain(&self.scaffold).map(Utf8PathBuf::as_path);
        std::iter::once(self.manifest.as_path()).chain(below)
    }
}

impl Inventory {
    /// Every folder with a package.
    pub fn packages(&self) -> impl Iterator<Item = &PackageFolder> {
        let kinds = [&self.components, &self.golden_paths, &self.provisioners, &self.platform_packages];
        kinds.into_iter().flatten()
    }
}
