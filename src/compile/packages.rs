//! Reads packages: manifests, templates, scaffolds.

use std::{collections::BTreeMap, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};

use crate::fault::Fault;
use crate::load::{Inventory, PackageFolder, World, same};
use crate::model::{Code, Each, Finding, Sources, Template, WorldName};
use crate::parse;
use crate::plan::Unbound;
use crate::validate;

use super::prepare::{Other, Read, source};

/// What became of a package's folder.
pub type ReadPackage = Read<PackageFolder, Unbound>;

/// Reads every package of a world; what the other side has in the same files is taken from there.
pub(super) fn load(
    world: &dyn World,
    inventory: &Inventory,
    other: Option<Other<'_>>,
    sources: &mut Sources,
) -> Result<Vec<Arc<ReadPackage>>, Fault> {
    let mut packages = Vec::new();
    for folder in inventory.packages() {
        packages.push(match shared(world, folder, other)? {
            Some(shared) => shared,
            None => Arc::new(package(world, folder, sources)?),
        });
    }
    Ok(packages)
}

/// The other side's reading of a package, where all of its files are the same there.
fn shared(
    world: &dyn World,
    folder: &PackageFolder,
    other: Option<Other<'_>>,
) -> Result<Option<Arc<ReadPackage>>, Fault> {
    let built_in = world.name() == WorldName::BuiltIn;
    let Some(other) = other else { return Ok(None) };
    let mut there = other.prepared.packages.iter();
    let Some(read) = there.find(|read| read.files == *folder && read.built_in == built_in) else {
        return Ok(None);
    };
    let same = built_in || unchanged(folder, world, other.side.platform)?;
    Ok(same.then(|| Arc::clone(read)))
}

fn unchanged(folder: &PackageFolder, here: &dyn World, there: &dyn World) -> Result<bool, Fault> {
    for path in folder.paths() {
        if !same(here, there, path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn package(world: &dyn World, folder: &PackageFolder, sources: &mut Sources) -> Result<ReadPackage, Fault> {
    let mut findings = Vec::new();
    let value = read(world, folder, sources, &mut findings)?;
    let built_in = world.name() == WorldName::BuiltIn;
    Ok(Read { files: folder.clone(), built_in, value, findings })
}

fn read(
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
