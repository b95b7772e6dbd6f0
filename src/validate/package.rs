//! Package manifests: golden paths, components, provisioners, platform packages.

mod params;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use macadam_yaml::{FileId, Mapping, Node};
use semver::Version;

use super::{
    did_you_mean, read,
    report::{self, Codes},
    schema::{Kind, MOST, Schema},
};
use crate::model::{
    Code, Each, Finding, LinkRule, Outcome, OutputRule, Package, PackageKind, Scope, Spanned, Template,
    WorldName,
};

/// Reads a package's manifest; the second value names the components that it uses, which the caller binds.
///
/// `folder` is the package's folder in its world, and named like it; `templates` have paths below `templates/`, and are
/// told here how often they are rendered; `scaffold` has paths below `scaffold/`.
///
/// Codes: `package/invalid`, `package/undescribed-parameter`, `platform/unknown-key`. `None` without a kind or a name, or
/// when the parameters' schema cannot be used.
pub fn package(
    manifest: &Node,
    file: FileId,
    folder: &Utf8Path,
    world: WorldName,
    templates: Vec<Template>,
    scaffold: BTreeMap<Utf8PathBuf, FileId>,
) -> Outcome<(Package, Vec<Spanned<String>>)> {
    let kind = match kind(manifest) {
        Ok(kind) => kind,
        Err(finding) => return Outcome::failed(vec![*finding]),
    };
    let mut findings = report::check(manifest, kind, Codes::Package);
    let metadata = manifest.get("metadata");
    let Some(name) = metadata.and_then(|metadata| read::string(metadata, "name")) else {
        return Outcome::failed(findings);
    };
    check_name(&name, folder, &mut findings);
    let empty = Node::mapping(name.span, Mapping::new());
    let spec = manifest.get("spec").unwrap_or(&empty);
    let params = params::schema(spec, name.span, &mut findings);
    let requires = requires(spec, &mut findings);
    let typed = package_kind(kind, spec, &mut findings);
    let (Some(params), Some(typed)) = (params, typed) else { return Outcome::failed(findings) };
    let uses = read::strings(spec, "uses").unwrap_or_default();
    let package = Package {
        kind: typed,
        version: version(metadata),
        description: metadata.and_then(|metadata| read::text(metadata, "description")),
        world,
        folder: folder.to_owned(),
        file,
        params,
        requires,
        components: Vec::new(),
        templates: each_of(spec, templates, &mut findings),
        scaffold,
        name,
    };
    Outcome::new((package, uses), findings)
}

fn kind(manifest: &Node) -> Result<Kind, Box<Finding>> {
    let known = [
        ("GoldenPath", Kind::GoldenPath),
        ("Component", Kind::Component),
        ("Provisioner", Kind::Provisioner),
        ("PlatformPackage", Kind::PlatformPackage),
    ];
    let word = manifest.get("kind");
    let text = word.and_then(Node::as_str).unwrap_or_default();
    if let Some((_, kind)) = known.iter().find(|(name, _)| *name == text) {
        return Ok(*kind);
    }
    let first =
        manifest.as_mapping().and_then(|map| map.iter().next()).map_or(manifest.span, |entry| entry.key_span);
    let finding = Finding::new(Code::InvalidPackage, "not a package")
        .at(word.map_or(first, |word| word.span), "")
        .help("`kind` is `GoldenPath`, `Component`, `Provisioner` or `PlatformPackage`");
    Err(Box::new(finding.maybe_help(did_you_mean(text, known.iter().map(|(name, _)| *name)))))
}

fn check_name(name: &Spanned<String>, folder: &Utf8Path, findings: &mut Vec<Finding>) {
    let folder = folder.file_name().unwrap_or_default();
    if name.value != folder {
        let message = format!("the package is called `{}`, its folder `{folder}`", name.value);
        let help = "give both one name";
        findings.push(Finding::new(Code::InvalidPackage, message).at(name.span, "").help(help));
    }
}

fn version(metadata: Option<&Node>) -> Version {
    let text = metadata.and_then(|metadata| read::text(metadata, "version"));
    text.and_then(|text| Version::parse(&text).ok()).unwrap_or(Version::new(0, 0, 0))
}

fn requires(spec: &Node, findings: &mut Vec<Finding>) -> Option<Node> {
    let requires = read::map(spec, "requires")?;
    Schema::compile(&requires).take(findings).map(|_| requires)
}

fn package_kind(kind: Kind, spec: &Node, findings: &mut Vec<Finding>) -> Option<PackageKind> {
    Some(match kind {
        Kind::Component => PackageKind::Component,
        Kind::Provisioner => PackageKind::Provisioner {
            serves: read::string(spec, "type")?,
            class: read::string(spec, "class"),
            id: read::string(spec, "id"),
            scope: scope(spec).unwrap_or(Spanned::new(Scope::Workload, spec.span)),
            link: link(spec),
            outputs: outputs(spec, findings),
        },
        Kind::PlatformPackage => PackageKind::PlatformPackage { scope: scope(spec)? },
        _ => PackageKind::GoldenPath,
    })
}

fn scope(spec: &Node) -> Option<Spanned<Scope>> {
    let text = read::string(spec, "scope")?;
    let scope = match text.value.as_str() {
        "workload" => Scope::Workload,
        "owner" => Scope::Owner,
        "cluster" => Scope::Cluster,
        "environment" => Scope::Environment,
        "repository" => Scope::Repository,
        _ => return None,
    };
    Some(Spanned::new(scope, text.span))
}

fn link(spec: &Node) -> Option<LinkRule> {
    match spec.get("link")?.as_str()? {
        "key" => Some(LinkRule::Key),
        "param" => Some(LinkRule::Param),
        "self" => Some(LinkRule::Own),
        _ => None,
    }
}

fn outputs(spec: &Node, findings: &mut Vec<Finding>) -> OutputRule {
    if let Some(expression) = read::string(spec, "outputsFrom") {
        if expression.value.trim().is_empty() {
            let finding = Finding::new(Code::InvalidPackage, "`outputsFrom` is empty");
            findings.push(finding.at(expression.span, ""));
        }
        return OutputRule::From(expression);
    }
    let declared = read::entries(spec, "outputs").map(|entry| (entry.key.clone(), entry.value.clone()));
    OutputRule::Declared(declared.collect())
}

/// Says of each template how often it is rendered. A name that is said of no template is a finding.
fn each_of(spec: &Node, mut templates: Vec<Template>, findings: &mut Vec<Finding>) -> Vec<Template> {
    let most = findings.len() + MOST;
    for entry in read::entries(spec, "templates") {
        let each = match (read::text(&entry.value, "each").as_deref(), read::flag(&entry.value, "aggregate"))
        {
            (Some("workload"), _) => Each::Workload,
            (Some("link"), _) => Each::Link,
            (_, Some(true)) => Each::Aggregate,
            _ => continue,
        };
        match templates.iter_mut().find(|template| template.path == entry.key) {
            Some(template) => template.each = each,
            None if findings.len() >= most => break,
            None => {
                let known = templates.iter().map(|template| template.path.as_str());
                findings.push(
                    Finding::new(Code::InvalidPackage, format!("no template `{}`", entry.key))
                        .at(entry.key_span, "")
                        .maybe_help(did_you_mean(&entry.key, known)),
                );
            }
        }
    }
    templates
}
