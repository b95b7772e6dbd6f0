//! What macadam brings keeps every rule that it holds teams to, warnings included.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::*;
use crate::{
    load::{self, PackageFolder, World},
    model::{Each, Sources, Template},
    parse,
    testing::shown,
};

const PLATFORM: &str = "apiVersion: macadam.dev/v1\nkind: Platform\nmetadata: { name: acme }\n";

struct BuiltIn {
    sources: Sources,
    findings: Vec<crate::model::Finding>,
}

impl BuiltIn {
    fn add(&mut self, path: &Utf8Path) -> (crate::model::FileId, Vec<u8>) {
        let world = load::built_in();
        let bytes = world.read(path).unwrap().unwrap();
        (self.sources.add(world.name(), path, &bytes), bytes)
    }

    fn tree(&mut self, path: &Utf8Path) -> Option<(crate::model::FileId, crate::model::Node)> {
        let (file, bytes) = self.add(path);
        Some((file, parse::yaml(&bytes, file).take(&mut self.findings)?))
    }

    fn package(&mut self, folder: &PackageFolder) {
        let Some((file, tree)) = self.tree(&folder.manifest) else { return };
        let below =
            |path: &Utf8PathBuf| path.strip_prefix(folder.folder.join("templates")).unwrap().to_owned();
        let template = |path| Template { path: below(path), file, text: Arc::from(""), each: Each::Once };
        let templates = folder.templates.iter().map(template).collect();
        let world = load::built_in().name();
        package(&tree, file, &folder.folder, world, templates, Default::default()).take(&mut self.findings);
    }
}

#[test]
fn built_in_packages_and_environments_have_no_finding() {
    let mut built_in = BuiltIn { sources: Sources::default(), findings: Vec::new() };
    let file =
        built_in.sources.add(crate::model::WorldName::WorkTree, "macadam.yaml".into(), PLATFORM.as_bytes());
    let tree = parse::yaml(PLATFORM.as_bytes(), file).value.unwrap();
    let platform = platform(&tree, file).value.unwrap();
    let inventory = load::discover(load::built_in(), &platform).unwrap().value.unwrap();
    assert!(!inventory.golden_paths.is_empty() && !inventory.provisioners.is_empty());
    for path in &inventory.environments {
        if let Some((file, tree)) = built_in.tree(path) {
            environment(&tree, file).take(&mut built_in.findings);
        }
    }
    let packages = [
        &inventory.golden_paths,
        &inventory.components,
        &inventory.provisioners,
        &inventory.platform_packages,
    ];
    for folder in packages.into_iter().flatten() {
        built_in.package(folder);
    }
    assert_eq!(shown(&built_in.findings, &built_in.sources), "");
}
