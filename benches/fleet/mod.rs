//! A realistic fleet of any size: teams, links, databases, files, overlays, releases. Same size, same bytes.

use std::fmt::Write as _;

/// A file of the repository: path and text.
pub(crate) type File = (String, String);

/// How large a fleet is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Workloads; each runs everywhere.
    pub(crate) workloads: usize,
    /// Environments: `dev`, `staging`, `production`, and more behind them.
    pub(crate) environments: usize,
    /// Clusters of each environment.
    pub(crate) clusters: usize,
}

impl Size {
    /// So many workloads in three environments of one cluster each.
    pub(crate) fn of(workloads: usize) -> Self {
        Self { workloads, environments: 3, clusters: 1 }
    }

    /// How many units that makes: a workload in an environment and cluster.
    pub(crate) fn units(self) -> usize {
        self.workloads * self.environments * self.clusters
    }

    fn environments(self) -> impl Iterator<Item = String> {
        let known = ["dev", "staging", "production"];
        (0..self.environments)
            .map(move |at| known.get(at).map_or_else(|| format!("env-{at:02}"), ToString::to_string))
    }
}

/// Every file of a repository of a size.
///
/// One workload in twenty has a database of its own, one in twenty a cache, one in five an overlay for production, one in
/// six a release, one in two files, one in ten a route; all but the first link to an earlier one. That makes about five
/// objects a unit.
pub(crate) fn fleet(size: Size) -> Vec<File> {
    let mut files = vec![("macadam.yaml".to_owned(), PLATFORM.to_owned())];
    for environment in size.environments() {
        let text = environment_file(&environment, size.clusters);
        files.push((format!("environments/{environment}.yaml"), text));
    }
    for number in 0..size.workloads {
        let folder = format!("services/team-{:02}/{}", number % 40, name(number));
        files.push((format!("{folder}/score.yaml"), score(number)));
        if number.is_multiple_of(2) {
            files.push((
                format!("{folder}/logging.conf"),
                format!("level = info\nservice = {}\n", name(number)),
            ));
        }
        if number.is_multiple_of(5) && size.environments > 2 {
            files.push((format!("{folder}/score.production.yaml"), OVERLAY.to_owned()));
        }
        if released(number) {
            files.push((format!("{folder}/release.yaml"), release(number, size)));
        }
    }
    files
}

const PLATFORM: &str = "apiVersion: macadam.dev/v1
kind: Platform
metadata: { name: fleet }
spec:
  workloads: [\"services/**/score.yaml\"]
";

const OVERLAY: &str = "metadata:
  platform:
    params: { replicas: 4 }
containers:
  main:
    resources:
      limits: { memory: 1Gi }
";

fn name(number: usize) -> String {
    format!("svc-{number:05}")
}

fn released(number: usize) -> bool {
    number.is_multiple_of(6)
}

fn environment_file(name: &str, clusters: usize) -> String {
    let replicas = if name == "production" { 2 } else { 1 };
    let clusters: String = (0..clusters).map(|at| cluster(name, at)).collect();
    format!(
        "apiVersion: macadam.dev/v1
kind: Environment
metadata: {{ name: {name} }}
spec:
  kubernetesVersion: \"1.34\"
  clusters:
{clusters}  variables: {{ domain: {name}.fleet.example, gateway: {{ name: public, namespace: gateways }} }}
  goldenPaths:
    service: {{ params: {{ replicas: {replicas} }} }}
"
    )
}

fn cluster(environment: &str, number: usize) -> String {
    let name = if number == 0 { "main".to_owned() } else { format!("more-{number}") };
    format!(
        "    - {{ name: {name}, server: \"https://{name}.{environment}.fleet.example\", labels: {{ residency: eu }} }}\n"
    )
}

fn release(number: usize, size: Size) -> String {
    let mut text = "apiVersion: macadam.dev/v1\nkind: Release\nenvironments:\n".to_owned();
    for environment in size.environments() {
        let _ = writeln!(
            text,
            "  {environment}: {{ containers: {{ main: {{ image: \"registry.fleet.example/{}:{number}\" }} }} }}",
            name(number)
        );
    }
    text
}

fn score(number: usize) -> String {
    let name = name(number);
    let image =
        if released(number) { ".".to_owned() } else { format!("registry.fleet.example/{name}:1.{number}.0") };
    let mut text = format!(
        "apiVersion: score.dev/v1b1
metadata:
  name: {name}
  annotations: {{ tags: \"http,backend\" }}
  platform: {{ owner: team-{:02}, params: {{ replicas: 2 }} }}
service:
  ports:
    http: {{ port: 80, targetPort: 8080 }}
    metrics: {{ port: 9090 }}
containers:
  main:
    image: {image}
    resources:
      requests: {{ cpu: 100m, memory: 128Mi }}
      limits: {{ memory: 512Mi }}
    livenessProbe: {{ httpGet: {{ path: /healthz, port: 8080 }} }}
    readinessProbe: {{ httpGet: {{ path: /readyz, port: 8080 }} }}
",
        number % 40
    );
    if number.is_multiple_of(2) {
        text.push_str("    files:\n      /etc/app/logging.conf: { source: logging.conf }\n");
        text.push_str("      /etc/app/settings.yaml: { content: \"name: ${metadata.name}\\n\" }\n");
    }
    text.push_str("    variables:\n      LOG_LEVEL: info\n      PORT: \"8080\"\n");
    let mut resources = String::new();
    if number.is_multiple_of(3) {
        text.push_str("      DATABASE_URL: ${resources.db.url}\n      DATABASE_HOST: ${resources.db.host}\n");
        resources.push_str("  db: { type: postgres }\n");
    }
    if number.is_multiple_of(4) {
        text.push_str("      CACHE: ${resources.cache.host}:${resources.cache.port}\n");
        resources.push_str("  cache: { type: redis }\n");
    }
    if number > 0 {
        let _ = writeln!(text, "      PEER: http://${{resources.peer.name}}:80");
        let _ = writeln!(
            resources,
            "  peer: {{ type: service, params: {{ workload: {} }} }}",
            self::name(number / 2)
        );
    }
    if number.is_multiple_of(10) {
        resources.push_str("  dns: { type: dns }\n  route: { type: route, params: { host: \"${resources.dns.host}\", path: /, port: 80 } }\n");
    }
    if !resources.is_empty() {
        text.push_str("resources:\n");
        text.push_str(&resources);
    }
    text
}
