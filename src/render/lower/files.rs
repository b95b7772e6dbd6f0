//! Files of containers: ConfigMaps with stable names, or keys of Secrets that something else fills.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    labels::Pairs,
    names::{LABEL, Names, short_hash},
    text::Resolver,
};
use sha2::{Digest, Sha256};

use crate::{
    engine::{dns_label, short_hash as hash},
    model::{Code, Container, ContainerFile, FileContent, Finding, Part, UnitInput},
};

/// The most that Kubernetes accepts in a ConfigMap, in bytes.
const LIMIT: usize = 1024 * 1024;

/// The files of a pod.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// ConfigMaps, whole objects, one a container that has files.
    pub(super) config_maps: Vec<Value>,
    /// The pod's volumes for them.
    pub(super) volumes: Vec<Value>,
    /// `volumeMounts` by container.
    pub(super) mounts: BTreeMap<String, Vec<Value>>,
    /// A hash of all content that we know, in hexadecimal; nothing where there is none.
    pub(super) hash: Option<String>,
    /// The volume of each reference, by what it refers to.
    references: BTreeMap<String, String>,
}

/// What one file holds.
enum Content {
    /// Known now.
    Known(Vec<u8>),
    /// A key of a Secret or ConfigMap.
    Reference(Part),
}

/// Lowers the files of every container. Each is mounted alone, so that it hides nothing that the image has beside it.
pub(super) fn lower(
    unit: &UnitInput,
    resolver: Resolver<'_>,
    labels: &Pairs,
    names: &mut Names,
    findings: &mut Vec<Finding>,
) -> Files {
    let mut files = Files::default();
    let mut hashed = String::new();
    let mut containers: Vec<_> = unit.workload.containers.iter().collect();
    containers.sort_by_key(|(name, _)| *name);
    for (name, container) in containers {
        let mut map = ConfigMap::default();
        let mut targets: Vec<_> = container.files.iter().collect();
        targets.sort_by_key(|(target, _)| *target);
        for (target, file) in targets {
            check_target(target, file, container, findings);
            let Some(content) = content(unit, resolver, file, findings) else { continue };
            match content {
                Content::Known(bytes) => map.add(target, file, &bytes),
                Content::Reference(part) => {
                    let mount = files.refer(target, file, &part, names);
                    files.mounts.entry(name.clone()).or_default().push(mount);
                }
            }
        }
        map.finish(unit, (name, container), labels, names, (&mut files, &mut hashed), findings);
    }
    if !hashed.is_empty() {
        files.hash = Some(hash(&hashed, 32));
    }
    files
}

/// Whether something may be mounted at a path: Kubernetes refuses `:`, and what `..` leads to is seen by nobody.
pub(super) fn can_mount(target: &str) -> bool {
    !target.contains(':') && target.split('/').all(|piece| piece != "..")
}

fn check_target(target: &str, file: &ContainerFile, container: &Container, findings: &mut Vec<Finding>) {
    if target.ends_with('/') || !can_mount(target) {
        let message = "a file's target is a path without `:` and `..` that does not end in `/`";
        findings.push(Finding::new(Code::Unsupported, message).at(file.span, ""));
    }
    if let Some(volume) = container.volumes.get(target) {
        let message = format!("a file and a volume have one target, `{target}`");
        findings.push(
            Finding::new(Code::InvalidVolume, message).at(file.span, "").also(volume.span, "the volume"),
        );
    }
}

fn content(
    unit: &UnitInput,
    resolver: Resolver<'_>,
    file: &ContainerFile,
    findings: &mut Vec<Finding>,
) -> Option<Content> {
    let (resolved, span) = match &file.content {
        FileContent::Binary(bytes) => return Some(Content::Known(bytes.value.clone())),
        FileContent::Inline(text) if file.no_expand => {
            return Some(Content::Known(text.value.clone().into_bytes()));
        }
        FileContent::Inline(text) => (resolver.text(text, findings), text.span),
        FileContent::Source(path) => {
            let Some(bytes) = unit.contents.get(&path.value) else {
                let message = format!("file `{}` cannot be read", path.value);
                findings.push(Finding::new(Code::MissingSource, message).at(path.span, ""));
                return None;
            };
            if file.no_expand {
                return Some(Content::Known(bytes.to_vec()));
            }
            let Ok(text) = std::str::from_utf8(bytes) else {
                let message =
                    format!("file `{}` is not UTF-8 text, so its placeholders cannot be found", path.value);
                let help = "`noExpand: true` takes its bytes as they are";
                findings.push(Finding::new(Code::NotText, message).at(path.span, "").help(help));
                return None;
            };
            (resolver.file(text, path.span, findings), path.span)
        }
    };
    match resolved.parts.as_slice() {
        [part @ (Part::Secret { .. } | Part::ConfigMap { .. })] => Some(Content::Reference(part.clone())),
        _ => match resolved.as_literal() {
            Some(literal) => Some(Content::Known(literal.as_bytes().to_vec())),
            None => {
                let message = "a file's content mixes text and a reference to a Secret or ConfigMap";
                let help =
                    "make the reference the whole content, without a line break, or put it into a variable";
                findings.push(Finding::new(Code::MixedFile, message).at(span, "").help(help));
                None
            }
        },
    }
}

impl Files {
    /// Mounts a key of a Secret or ConfigMap that something else fills; a volume for each, so that modes may differ.
    fn refer(&mut self, target: &str, file: &ContainerFile, part: &Part, names: &mut Names) -> Value {
        let (kind, name_field, object, key) = match part {
            Part::Secret { name, key, .. } => ("secret", "secretName", name, key),
            Part::ConfigMap { name, key } => ("configMap", "name", name, key),
            Part::Literal(_) => return Value::Null,
        };
        let mode = file.mode.map(|mode| format!("{mode:o}")).unwrap_or_default();
        let identity = format!("{kind}/{object}/{key}/{mode}");
        if let Some(volume) = self.references.get(&identity) {
            return mount(volume, target, key);
        }
        let wanted = format!("file-{}-{}", dns_label(key, 40), short_hash(&identity));
        let volume = names.give(&wanted, &identity, LABEL);
        let source = json!({ name_field: object, "items": [item(key, file.mode)] });
        self.volumes.push(json!({ "name": volume, kind: source }));
        self.references.insert(identity, volume.clone());
        mount(&volume, target, key)
    }
}

/// The ConfigMap of one container, while it grows.
#[derive(Debug, Default)]
struct ConfigMap {
    data: BTreeMap<String, Value>,
    binary: BTreeMap<String, Value>,
    items: Vec<Value>,
    keys: BTreeSet<String>,
    mounts: Vec<(String, String)>,
    size: usize,
    hashed: String,
}

impl ConfigMap {
    fn add(&mut self, target: &str, file: &ContainerFile, bytes: &[u8]) {
        let key = self.key(target);
        self.size += bytes.len();
        self.hashed.push_str(&format!("{target}\n{key}\n{}\n", sha256_hex(bytes)));
        match std::str::from_utf8(bytes) {
            Ok(text) if is_text(text) => self.data.insert(key.clone(), text.into()),
            _ => self.binary.insert(key.clone(), STANDARD.encode(bytes).into()),
        };
        if file.mode.is_some() {
            self.items.push(item(&key, file.mode));
        } else {
            self.items.push(item(&key, None));
        }
        self.mounts.push((target.to_owned(), key));
    }

    /// The base name of the target; with a hash of the target where that is taken, or not what a key may be.
    fn key(&mut self, target: &str) -> String {
        let base = target.rsplit('/').next().unwrap_or_default();
        let plain: String =
            base.chars().map(|c| if is_key_character(c) { c } else { '_' }).take(200).collect();
        let fine =
            plain == base && !base.is_empty() && base != "." && base != ".." && !base.starts_with("..");
        let key = if fine && !self.keys.contains(&plain) {
            plain
        } else {
            format!("{}-{}", plain.trim_start_matches('.'), short_hash(target))
        };
        self.keys.insert(key.clone());
        key
    }

    fn finish(
        self,
        unit: &UnitInput,
        (container, spec): (&str, &Container),
        labels: &Pairs,
        names: &mut Names,
        (files, hashed): (&mut Files, &mut String),
        findings: &mut Vec<Finding>,
    ) {
        if self.keys.is_empty() {
            return;
        }
        if self.size > LIMIT {
            let message = format!("the files of container `{container}` have {} bytes together", self.size);
            let help = "a ConfigMap holds 1 MiB: put large files into the image or a volume";
            findings.push(Finding::new(Code::FileTooLarge, message).at(spec.span, "").help(help));
        }
        let workload = &unit.workload.name.value;
        let name = dns_label(&format!("{workload}-{container}-files"), LABEL);
        let mut object = Map::from_iter([
            ("apiVersion".to_owned(), "v1".into()),
            ("kind".to_owned(), "ConfigMap".into()),
            ("metadata".to_owned(), json!({ "name": name, "labels": labels })),
        ]);
        for (field, entries) in [("data", self.data), ("binaryData", self.binary)] {
            if !entries.is_empty() {
                object.insert(field.to_owned(), entries.into_iter().collect::<Map<_, _>>().into());
            }
        }
        files.config_maps.push(Value::Object(object));
        let volume = names.give(&format!("files-{container}"), &format!("files/{container}"), LABEL);
        let mut source = Map::from_iter([("name".to_owned(), Value::from(name.clone()))]);
        if self.items.iter().any(|item| item.get("mode").is_some()) {
            source.insert("items".to_owned(), self.items.into());
        }
        files.volumes.push(json!({ "name": volume, "configMap": source }));
        let mounts = self.mounts.iter().map(|(target, key)| mount(&volume, target, key));
        files.mounts.entry(container.to_owned()).or_default().extend(mounts);
        hashed.push_str(&format!("{name}\n{}", self.hashed));
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn item(key: &str, mode: Option<u32>) -> Value {
    match mode {
        Some(mode) => json!({ "key": key, "path": key, "mode": mode }),
        None => json!({ "key": key, "path": key }),
    }
}

fn mount(volume: &str, target: &str, key: &str) -> Value {
    json!({ "name": volume, "mountPath": target, "subPath": key, "readOnly": true })
}

/// Whether a text survives a ConfigMap's `data` and is worth reading there.
fn is_text(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}
