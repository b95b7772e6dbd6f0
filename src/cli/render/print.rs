//! Manifests on standard output: YAML documents, or one Kubernetes List in JSON.

use macadam_yaml::{FileId, Limits, Node, Resolution};

use crate::{
    cli::{arguments::RenderFormat, safe, terminal::Terminal},
    fault::Fault,
    model::Tree,
};

/// Prints every manifest, in path order.
pub(super) fn manifests(
    terminal: &mut Terminal,
    tree: &Tree,
    format: Option<RenderFormat>,
) -> Result<(), Fault> {
    let manifests = tree.files.iter().filter(|(path, _)| path.extension() == Some("yaml"));
    if format == Some(RenderFormat::Json) {
        let items: Vec<String> = manifests.filter_map(|(_, bytes)| json(bytes)).collect();
        let items = items.join(",\n");
        return terminal
            .data(&format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n{items}\n]}}\n"));
    }
    for (path, bytes) in manifests {
        terminal.data(&format!("---\n# {}\n", safe::line(path.as_str())))?;
        terminal.data(&String::from_utf8_lossy(bytes))?;
    }
    Ok(())
}

/// One manifest as JSON; what was rendered can be read again.
fn json(bytes: &[u8]) -> Option<String> {
    let node: Node =
        macadam_yaml::parse(bytes, FileId::default(), Resolution::Kubernetes, &Limits::default()).ok()?;
    Some(safe::json(macadam_yaml::to_json(&node).trim_end()).into_owned())
}
