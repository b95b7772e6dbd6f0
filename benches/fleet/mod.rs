//! A realistic fleet of any size: teams, links, databases, files, overlays, releases. Same size, same bytes.

use std::fmt::Write as _;

/// A file of the repository: path and text.
pub(crate) type File = (String, String);

/// Every file of a repository with so many workloads; each runs in three environments, one cluster each.
///
/// One workload in twenty has a database of its own, one in twenty a cache, one in five an overlay for production, one in
/// six a release, one in two files, one in ten a route; all but the first link to an earlier one. That makes about five
/// objects a unit.
pub(crate) fn fleet(workloads: usize) -> Vec<File> {
    let mut files = vec![("macadam.yaml".to_owned(), PLATFORM.to_owned())];
    for environment in ["dev", "staging", "production"] {
        files.push((format!("environments/{environment}.yaml"), environment_file(environment)));
    }
    for number in 0..workloads {
        let folder = format!("services/team-{:02}/{}", number % 40, name(number));
        files.push((format!("{folder}/score.yaml"), score(number)));
        if number.is_multiple_of(2) {
            files.push((
                format!("{folder}/logging.conf"),
                format!("level = info\nservice = {}\n", name(number)),
            ));
        }
        if number.is_multiple_of(5) {
            files.push((format!("{folder}/score.production.yaml"), OVERLAY.to_owned()));
        }
        if released(number) {
            files.push((format!("{folder}/release.yaml"), release(number)));
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

fn environment_file(name: &str) -> String {
    let replicas = if name == "production" { 2 } else { 1 };
    format!(
        "apiVersion: macadam.dev/v1
kind: Environment
metadata: {{ name: {name} }}
spec:
  kubernetesVersion: \"1.34\"
  clusters:
    - {{ name: main, server: \"https://{name}.fleet.example\", labels: {{ residency: eu }} }}
  variables: {{ domain: {name}.fleet.example, gateway: {{ name: public, namespace: gateways }} }}
  goldenPaths:
    service: {{ params: {{ replicas: {replicas} }} }}
"
    )
}

fn release(number: usize) -> String {
    let mut text = "apiVersion: macadam.dev/v1\nkind: Release\nenvironments:\n".to_owned();
    for environment in ["dev", "staging", "production"] {
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
