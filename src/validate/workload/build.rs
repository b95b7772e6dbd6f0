//! Typed structures of what the schema was held against; what does not fit is left out.

use base64::Engine as _;
use camino::Utf8Path;
use indexmap::IndexMap;
use macadam_yaml::{Entry, Node, Span};

use crate::{
    model::{
        Code, Container, ContainerFile, ContainerVolume, FileContent, Finding, HttpGet, Probe, Protocol,
        Quantities, Ready, Resource, ServicePort, Spanned, Workload,
    },
    validate::{keys, read},
};

/// Builds the workload; `None` without a name.
pub(super) fn workload(tree: &Node, path: &Utf8Path, findings: &mut Vec<Finding>) -> Option<Workload> {
    let metadata = tree.get("metadata")?;
    let name = read::string(metadata, "name")?;
    let service = tree.get("service");
    Some(Workload {
        path: path.to_owned(),
        name,
        annotations: read::labels(metadata, "annotations"),
        platform: metadata.get("platform").map(keys::platform_keys).unwrap_or_default(),
        metadata: metadata.clone(),
        ports: service.map(|service| typed(service, "ports", service_port)).unwrap_or_default(),
        containers: typed(tree, "containers", |entry| container(entry, findings)),
        resources: typed(tree, "resources", resource),
    })
}

/// The entries of a map, each in its type.
fn typed<T>(node: &Node, key: &str, mut of: impl FnMut(&Entry) -> Option<T>) -> IndexMap<String, T> {
    read::entries(node, key).filter_map(|entry| Some((entry.key.clone(), of(entry)?))).collect()
}

fn port(node: &Node, key: &str) -> Option<u16> {
    node.get(key)?.as_i64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0)
}

fn service_port(entry: &Entry) -> Option<ServicePort> {
    let node = &entry.value;
    let port_number = port(node, "port")?;
    Some(ServicePort {
        span: entry.key_span,
        port: port_number,
        target_port: port(node, "targetPort").unwrap_or(port_number),
        protocol: match node.get("protocol").and_then(Node::as_str) {
            Some("UDP") => Protocol::Udp,
            _ => Protocol::Tcp,
        },
    })
}

fn container(entry: &Entry, findings: &mut Vec<Finding>) -> Option<Container> {
    let node = &entry.value;
    let compute =
        |part: &str| node.get("resources").and_then(|resources| resources.get(part)).map(quantities);
    Some(Container {
        span: entry.key_span,
        image: read::string(node, "image")?,
        command: read::texts(node, "command"),
        args: read::texts(node, "args"),
        variables: typed(node, "variables", |entry| read::spanned(&entry.value)),
        files: typed(node, "files", |entry| file(entry, findings)),
        volumes: typed(node, "volumes", volume),
        before: typed(node, "before", before),
        requests: compute("requests").unwrap_or_default(),
        limits: compute("limits").unwrap_or_default(),
        liveness: probe(node, "livenessProbe", findings),
        readiness: probe(node, "readinessProbe", findings),
    })
}

fn quantities(node: &Node) -> Quantities {
    Quantities { memory: read::string(node, "memory"), cpu: read::string(node, "cpu") }
}

fn file(entry: &Entry, findings: &mut Vec<Finding>) -> Option<ContainerFile> {
    let node = &entry.value;
    let content = if let Some(source) = read::string(node, "source") {
        FileContent::Source(source)
    } else if let Some(content) = read::string(node, "content") {
        FileContent::Inline(content)
    } else {
        FileContent::Binary(binary(read::string(node, "binaryContent")?, findings)?)
    };
    Some(ContainerFile {
        span: entry.key_span,
        content,
        mode: read::text(node, "mode").and_then(|mode| u32::from_str_radix(&mode, 8).ok()),
        no_expand: read::flag(node, "noExpand").unwrap_or_default(),
    })
}

fn binary(text: Spanned<String>, findings: &mut Vec<Finding>) -> Option<Spanned<Vec<u8>>> {
    // Long values are written over several lines; like Go's decoder, line ends are passed over.
    let joined: String = text.value.chars().filter(|character| !matches!(character, '\n' | '\r')).collect();
    match base64::engine::general_purpose::STANDARD.decode(joined) {
        Ok(bytes) => Some(Spanned::new(bytes, text.span)),
        Err(_) => {
            let finding = Finding::new(Code::InvalidValue, "`binaryContent` is not standard base64");
            findings.push(finding.at(text.span, ""));
            None
        }
    }
}

fn volume(entry: &Entry) -> Option<ContainerVolume> {
    let node = &entry.value;
    Some(ContainerVolume {
        span: entry.key_span,
        source: read::string(node, "source")?,
        path: read::text(node, "path"),
        read_only: read::flag(node, "readOnly").unwrap_or_default(),
    })
}

fn before(entry: &Entry) -> Option<Spanned<Ready>> {
    let ready = match entry.value.get("ready")?.as_str()? {
        "started" => Ready::Started,
        "healthy" => Ready::Healthy,
        "complete" => Ready::Complete,
        _ => return None,
    };
    Some(Spanned::new(ready, entry.key_span))
}

/// A probe; an empty one is legal for the reference tools, does nothing, and is told.
fn probe(container: &Node, key: &str, findings: &mut Vec<Finding>) -> Option<Probe> {
    let entry = container.as_mapping()?.entry(key)?;
    let command = entry.value.get("exec").and_then(|exec| exec.get("command")).and_then(Node::as_sequence);
    let nothing_to_run = command.is_some_and(<[Node]>::is_empty) && entry.value.get("httpGet").is_none();
    if entry.value.as_mapping()?.is_empty() || nothing_to_run {
        findings.push(
            Finding::new(Code::EmptyProbe, format!("`{key}` checks nothing"))
                .at(entry.key_span, "")
                .help("add `httpGet` or `exec`, or take it away"),
        );
        return None;
    }
    let probe = Probe {
        span: entry.key_span,
        http_get: entry.value.get("httpGet").and_then(http_get),
        exec: entry
            .value
            .get("exec")
            .and_then(|exec| read::texts(exec, "command"))
            .filter(|command| !command.is_empty()),
    };
    (probe.http_get.is_some() || probe.exec.is_some()).then_some(probe)
}

fn http_get(node: &Node) -> Option<HttpGet> {
    let header = |node: &Node| Some((read::text(node, "name")?, read::text(node, "value")?));
    Some(HttpGet {
        port: port(node, "port")?,
        path: read::text(node, "path")?,
        host: read::text(node, "host"),
        scheme: read::text(node, "scheme"),
        headers: read::items(node, "httpHeaders").iter().filter_map(header).collect(),
    })
}

fn resource(entry: &Entry) -> Option<Resource> {
    let node = &entry.value;
    let span: Span = entry.key_span;
    Some(Resource {
        span,
        kind: read::string(node, "type")?,
        class: read::string(node, "class"),
        id: read::string(node, "id"),
        metadata: read::map(node, "metadata"),
        params: read::map(node, "params"),
    })
}
