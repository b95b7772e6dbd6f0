//! The platform team's folders: environments and packages.

use camino::Utf8PathBuf;

use super::refusal;
use super::walk::{Folder, Walk};
use crate::fault::Fault;
use crate::load::{EntryKind, Inventory, PackageFolder};
use crate::model::{Code, Finding};

/// Where packages lie, and the manifests that make a folder there a package.
const PLACES: &[(&str, &[&str])] = &[
    ("golden-paths", &["golden-path.yaml", "component.yaml"]),
    ("platform", &["platform-package.yaml"]),
    ("resources", &["provisioner.yaml"]),
];

impl Walk<'_> {
    /// The files of `environments/`.
    pub(super) fn environments(&self, root: &Folder) -> Result<(Vec<Utf8PathBuf>, Vec<Finding>), Fault> {
        let mut findings = Vec::new();
        let Some(folder) = self.place(root, "environments", &mut findings)? else {
            return Ok((Vec::new(), findings));
        };
        let entries = folder.entries.iter().filter(|entry| {
            entry.kind != EntryKind::Folder && (entry.name.ends_with(".yaml") || entry.name.ends_with(".yml"))
        });
        let files = entries.map(|entry| (folder.path.join(&entry.name), entry.kind)).collect();
        Ok((accepted(files, &mut findings), findings))
    }

    /// Fills the four kinds of packages in.
    pub(super) fn packages(&self, root: &Folder, inventory: &mut Inventory) -> Result<Vec<Finding>, Fault> {
        let mut findings = Vec::new();
        for (place, manifests) in PLACES {
            let Some(place) = self.place(root, place, &mut findings)? else { continue };
            for entry in place.entries.iter().filter(|entry| !entry.name.starts_with('.')) {
                let path = place.path.join(&entry.name);
                if matches!(entry.kind, EntryKind::Link | EntryKind::Other) {
                    findings.extend(refusal(&path, entry.kind));
                }
                let folder = match entry.kind {
                    EntryKind::Folder => self.enter(&place, &entry.name)?,
                    _ => None,
                };
                if let Some(folder) = folder
                    && let Some(manifest) = manifest(&folder, manifests, &mut findings)
                    && let Some(package) = self.package(&folder, manifest, &mut findings)?
                {
                    list_of(inventory, manifest).push(package);
                }
            }
        }
        Ok(findings)
    }

    fn package(
        &self,
        folder: &Folder,
        manifest: &str,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<PackageFolder>, Fault> {
        let manifest_path = folder.path.join(manifest);
        let kind = folder.kind(manifest).unwrap_or(EntryKind::Other);
        if let Some(finding) = refusal(&manifest_path, kind) {
            findings.push(finding);
            return Ok(None);
        }
        let mut files_of = |name: &str| -> Result<Vec<Utf8PathBuf>, Fault> {
            let inner = self.place(folder, name, findings)?;
            let files = inner.map(|inner| self.files(inner)).transpose()?.unwrap_or_default();
            Ok(accepted(files, findings))
        };
        let (templates, scaffold) = (files_of("templates")?, files_of("scaffold")?);
        Ok(Some(PackageFolder { folder: folder.path.clone(), manifest: manifest_path, templates, scaffold }))
    }

    /// A folder inside another. A link in its place would have been used, so it is told of.
    fn place(
        &self,
        folder: &Folder,
        name: &str,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Folder>, Fault> {
        match folder.kind(name) {
            Some(EntryKind::Folder) => self.enter(folder, name),
            Some(kind @ (EntryKind::Link | EntryKind::Other)) => {
                findings.extend(refusal(&folder.path.join(name), kind));
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}

fn list_of<'a>(inventory: &'a mut Inventory, manifest: &str) -> &'a mut Vec<PackageFolder> {
    match manifest {
        "golden-path.yaml" => &mut inventory.golden_paths,
        "component.yaml" => &mut inventory.components,
        "provisioner.yaml" => &mut inventory.provisioners,
        _ => &mut inventory.platform_packages,
    }
}

/// The one manifest that makes a folder a package. A folder that looks like a package and has none, or two, is a
/// finding; any other folder (documentation, say) is nothing to us.
fn manifest(folder: &Folder, names: &[&'static str], findings: &mut Vec<Finding>) -> Option<&'static str> {
    let present: Vec<_> = names.iter().copied().filter(|name| folder.kind(name).is_some()).collect();
    let path = &folder.path;
    match present.as_slice() {
        [manifest] => return Some(manifest),
        [] => {
            let looks = folder.entries.iter().any(|entry| {
                entry.name == "templates" || entry.name.ends_with(".yaml") || entry.name.ends_with(".yml")
            });
            if looks {
                let wanted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
                let message = format!("`{path}` has no manifest");
                findings.push(Finding::new(Code::InvalidPackage, message).help(format!("add {wanted}")));
            }
        }
        [first, second, ..] => {
            let message = format!("`{path}` has two manifests, `{first}` and `{second}`");
            findings
                .push(Finding::new(Code::InvalidPackage, message).help("put them into folders of their own"));
        }
    }
    None
}

/// Those that can be read; the others become findings.
fn accepted(files: Vec<(Utf8PathBuf, EntryKind)>, findings: &mut Vec<Finding>) -> Vec<Utf8PathBuf> {
    let mut paths = Vec::with_capacity(files.len());
    for (path, kind) in files {
        match refusal(&path, kind) {
            Some(finding) => findings.push(finding),
            None => paths.push(path),
        }
    }
    paths
}
