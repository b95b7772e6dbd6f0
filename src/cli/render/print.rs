//! Manifests on standard output: YAML documents, or one Kubernetes List in JSON.

use macadam_yaml::{FileId, Limits, Node, Resolution};

use crate::{
    cli::{arguments::RenderFormat, safe, terminal::Terminal},
    fault::Fault,
    model::Tree,
};

/// Prints every manifest, in path order, and returns how many there are.
pub(super) fn manifests(
    terminal: &mut Terminal,
    tree: &Tree,
    format: Option<RenderFormat>,
) -> Result<usize, Fault> {
    let manifests: Vec<_> = tree.files.iter().filter(|(path, _)| path.extension() == Some("yaml")).collect();
    if format == Some(RenderFormat::Json) {
        let items: Vec<String> = manifests.iter().filter_map(|(_, bytes)| json(bytes)).collect();
        let items = items.join(",\n");
        terminal.data(&format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n{items}\n]}}\n"))?;
        return Ok(manifests.len());
    }
    for (path, bytes) in &manifests {
        terminal.data(&format!("---\n# {}\n", safe::line(path.as_str())))?;
        terminal.data(&String::from_utf8_lossy(bytes))?;
    }
    Ok(manifests.len())
}

/// One manifest as JSON; what was rendered can be read again.
fn json(bytes: &[u8]) -> Option<String> {
    let node: Node =
        macadam_yaml::parse(bytes, FileId::default(), Resolution::Kubernetes, &Limits::default()).ok()?;
    Some(safe::json(macadam_yaml::to_json(&node).trim_end()).into_owned())
}
