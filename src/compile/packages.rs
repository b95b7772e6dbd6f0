//! Reads packages: manifests, templates, scaffolds.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::fault::Fault;
use crate::load::{Inventory, PackageFolder, World};
use crate::model::{Code, Each, Finding, Sources, Template};
use crate::parse;
use crate::plan::Unbound;
use crate::validate;

use super::source;

/// Reads every package of a world.
pub(super) fn load(
    world: &dyn World,
    inventory: &Inventory,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Unbound>, Fault> {
    let folders = [
        &inventory.components,
        &inventory.golden_paths,
        &inventory.provisioners,
        &inventory.platform_packages,
    ];
    let mut packages = Vec::new();
    for folder in folders.into_iter().flatten() {
        packages.extend(package(world, folder, sources, findings)?);
    }
    Ok(packages)
}

fn package(
    world: &dyn World,
    folder: &PackageFolder,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Option<Unbound>, Fault> {
    let Some((file, bytes)) = source(world, &folder.manifest, sources)? else { return Ok(None) };
    let Some(manifest) = parse::yaml(&bytes, file).take(findings) else { return Ok(None) };
    let mut templates = Vec::new();
    for path in &folder.templates {
        templates.extend(template(world, folder, path, sources, findings)?);
    }
    let mut scaffold = BTreeMap::new();
    for path in &folder.scaffold {
        if let Some((file, _)) = source(world, path, sources)? {
            scaffold.insert(below(&folder.folder, "scaffold", path), file);
        }
    }
    let package = validate::package(&manifest, file, &folder.folder, world.name(), templates, scaffold);
    Ok(package.take(findings))
}

fn template(
    world: &dyn World,
    folder: &PackageFolder,
    path: &Utf8Path,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<Option<Template>, Fault> {
    let Some((file, bytes)) = source(world, path, sources)? else { return Ok(None) };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        findings.push(
            Finding::new(Code::InvalidPackage, "a template is not UTF-8")
                .at(macadam_yaml::Span::new(file, 0, 0), "this file"),
        );
        return Ok(None);
    };
    let path = below(&folder.folder, "templates", path);
    Ok(Some(Template { path, file, text: text.into(), each: Each::Once }))
}

/// A path below a part of a package's folder.
fn below(folder: &Utf8Path, part: &str, path: &Utf8Path) -> Utf8PathBuf {
    path.strip_prefix(folder.join(part)).unwrap_or(path).to_owned()
}
