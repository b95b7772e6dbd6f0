//! `macadam.yaml`.

mod judging;

use camino::Utf8PathBuf;
use macadam_yaml::{FileId, Mapping, Node, Span};

use super::{
    keys, read,
    report::{self, Codes},
    schema::Kind,
};
use crate::model::{Code, Defaults, Finding, Outcome, Owner, PackageUse, Platform, Spanned};

/// Reads `macadam.yaml`. Codes: `platform/not-a-platform`, `platform/invalid`, `platform/unknown-key`,
/// `platform/duplicate`, `platform/invalid-expression`.
///
/// `None` when it is not a `Platform` or has no name. Defaults: workloads `**/score.yaml`, packages `[namespace]`,
/// output root `rendered`, namespace `{platform}-{environment}`.
pub fn platform(node: &Node, file: FileId) -> Outcome<Platform> {
    if let Some(finding) = not_platform(node, file) {
        return Outcome::failed(vec![finding]);
    }
    let mut findings = report::check(node, Kind::Platform, Codes::Config);
    let Some(name) = node.get("metadata").and_then(|metadata| read::string(metadata, "name")) else {
        return Outcome::failed(findings);
    };
    let empty = Node::mapping(name.span, Mapping::new());
    let spec = node.get("spec").unwrap_or(&empty);
    let at_name = |text: &str| Spanned::new(text.to_owned(), name.span);
    let workloads = read::strings(spec, "workloads");
    let platform = Platform {
        file,
        required_version: read::string(spec, "macadam"),
        default_workloads: workloads.is_none(),
        workloads: workloads.unwrap_or_else(|| vec![at_name("**/score.yaml")]),
        defaults: read::items(spec, "defaults").iter().filter_map(defaults).collect(),
        owners: read::entries(spec, "owners")
            .map(|entry| {
                let owner = Owner {
                    span: entry.key_span,
                    group: read::text(&entry.value, "group"),
                    handle: read::text(&entry.value, "handle"),
                };
                (entry.key.clone(), owner)
            })
            .collect(),
        packages: match spec.get("platform").and_then(Node::as_sequence) {
            Some(items) => items.iter().filter_map(package_use).collect(),
            None => vec![PackageUse { package: at_name("namespace"), params: None }],
        },
        output_root: output_root(spec, &mut findings),
        namespace: read::string(spec, "namespace").unwrap_or_else(|| at_name("{platform}-{environment}")),
        prices: spec.get("prices").filter(|prices| prices.as_mapping().is_some()).map(judging::prices),
        gates: judging::gates(spec, &mut findings),
        impacts: judging::impacts(spec, &mut findings),
        name,
    };
    Outcome::new(platform, findings)
}

fn not_platform(node: &Node, file: FileId) -> Option<Finding> {
    let found = |message: &str, span: Span| Some(Finding::new(Code::NotPlatform, message).at(span, ""));
    let start = Span::new(file, node.span.start, node.span.start);
    let finding = match (node.get("apiVersion"), node.get("kind")) {
        _ if node.is_null() => found("the file is empty", start),
        _ if node.as_mapping().is_none() => found("the file is not a map", start),
        (_, Some(kind)) if kind.as_str() != Some("Platform") => found("not a `Platform`", kind.span),
        (Some(version), _) if version.as_str() != Some("macadam.dev/v1") => {
            found("not of a version that is read", version.span)
        }
        _ => None,
    };
    finding.map(|finding| finding.help("begin with `apiVersion: macadam.dev/v1` and `kind: Platform`"))
}

fn defaults(node: &Node) -> Option<Defaults> {
    Some(Defaults { pattern: read::string(node, "match")?, keys: keys::platform_keys(node.get("platform")?) })
}

fn package_use(node: &Node) -> Option<PackageUse> {
    if let Some(package) = read::spanned(node) {
        return Some(PackageUse { package, params: None });
    }
    let mut package = read::string(node, "name")?;
    if let Some(version) = read::text(node, "version") {
        package.value = format!("{}@{version}", package.value);
    }
    Some(PackageUse { package, params: read::map(node, "params") })
}

/// The output root: a plain folder below the repository's root. What Git and CI act on lies in hidden folders, so those
/// are refused.
fn output_root(spec: &Node, findings: &mut Vec<Finding>) -> Utf8PathBuf {
    let default = Utf8PathBuf::from("rendered");
    let Some(root) = spec.get("output").and_then(|output| read::string(output, "root")) else {
        return default;
    };
    let plain = root.value.trim_end_matches('/');
    let bad = |part: &str| {
        part.is_empty()
            || part.starts_with('.')
            || part.contains(['\\', ':'])
            || part.ends_with(['.', ' '])
            || part.chars().any(char::is_control)
    };
    let first = plain.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let ours = ["environments", "golden-paths", "resources", "platform", "policies", "schemas"];
    if plain.split('/').any(bad) || ours.contains(&first.as_str()) {
        findings.push(
            Finding::new(
                Code::InvalidConfig,
                "the output root is not a folder of its own below the repository",
            )
            .at(root.span, "")
            .help("name a relative folder such as `rendered`"),
        );
        return default;
    }
    Utf8PathBuf::from(plain)
}
