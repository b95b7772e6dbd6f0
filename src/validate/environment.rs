//! `environments/<name>.yaml`.

use indexmap::IndexMap;
use macadam_yaml::{FileId, Mapping, Node};

use super::{
    read,
    report::{self, Codes},
    schema::Kind,
};
use crate::model::{Cluster, Code, Environment, Finding, Outcome, PathSettings, Secrets, Spanned};

/// The Kubernetes minor version of an environment that names none.
const KUBERNETES_VERSION: &str = "1.35";

/// Reads an environment. Codes: `platform/invalid`, `platform/unknown-key`, `platform/duplicate`.
///
/// `None` without a name. Without `clusters` there is one, called `default`; `kubernetesVersion` is `1.35` and
/// `secrets` is `external-secrets` where absent. That the file is named after the environment is the caller's to check.
pub fn environment(node: &Node, file: FileId) -> Outcome<Environment> {
    let mut findings = report::check(node, Kind::Environment, Codes::Config);
    let Some(name) = node.get("metadata").and_then(|metadata| read::string(metadata, "name")) else {
        return Outcome::failed(findings);
    };
    let empty = Node::mapping(name.span, Mapping::new());
    let spec = node.get("spec").unwrap_or(&empty);
    let default_version = || Spanned::new(KUBERNETES_VERSION.to_owned(), name.span);
    let environment = Environment {
        file,
        after: read::string(spec, "after"),
        protected: read::flag(spec, "protected").unwrap_or_default(),
        kubernetes_version: read::string(spec, "kubernetesVersion").unwrap_or_else(default_version),
        secrets: match spec.get("secrets").and_then(Node::as_str) {
            Some("existing") => Secrets::Existing,
            _ => Secrets::ExternalSecrets,
        },
        clusters: clusters(spec, &name, &mut findings),
        variables: read::map(spec, "variables").unwrap_or_else(|| empty.clone()),
        namespace: read::string(spec, "namespace"),
        golden_paths: read::entries(spec, "goldenPaths")
            .map(|entry| (entry.key.clone(), path_settings(&entry.value, entry.key_span)))
            .collect(),
        resources: read::entries(spec, "resources")
            .filter_map(|entry| Some((entry.key.clone(), read::spanned(&entry.value)?)))
            .collect(),
        name,
    };
    Outcome::new(environment, findings)
}

fn path_settings(node: &Node, span: macadam_yaml::Span) -> PathSettings {
    PathSettings {
        span,
        version: read::string(node, "version"),
        params: read::map(node, "params"),
        bounds: read::map(node, "bounds"),
    }
}

fn clusters(spec: &Node, environment: &Spanned<String>, findings: &mut Vec<Finding>) -> Vec<Cluster> {
    let mut clusters: IndexMap<String, Cluster> = IndexMap::new();
    for cluster in read::items(spec, "clusters").iter().filter_map(cluster) {
        match clusters.get(&cluster.name.value) {
            Some(first) => findings.push(
                Finding::new(
                    Code::DuplicateDefinition,
                    format!("two clusters are called `{}`", cluster.name.value),
                )
                .at(cluster.name.span, "")
                .also(first.name.span, "the first one"),
            ),
            None => {
                clusters.insert(cluster.name.value.clone(), cluster);
            }
        }
    }
    if clusters.is_empty() {
        return vec![Cluster {
            name: Spanned::new("default".into(), environment.span),
            server: None,
            region: None,
            labels: Default::default(),
            params: None,
            namespace: None,
        }];
    }
    clusters.into_values().collect()
}

fn cluster(node: &Node) -> Option<Cluster> {
    Some(Cluster {
        name: read::string(node, "name")?,
        server: read::string(node, "server"),
        region: read::text(node, "region"),
        labels: read::labels(node, "labels"),
        params: read::map(node, "params"),
        namespace: read::string(node, "namespace"),
    })
}
