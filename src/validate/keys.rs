//! Our own keys: `metadata.platform` of a Score file, `platform` of a default in `macadam.yaml`.

use macadam_yaml::Node;

use super::read;
use crate::model::{Placement, PlatformKeys, SelectorRule, Spanned};

/// Reads the keys from a map that the schema was held against.
pub(super) fn platform_keys(node: &Node) -> PlatformKeys {
    PlatformKeys {
        golden_path: read::string(node, "goldenPath"),
        owner: read::string(node, "owner"),
        params: read::map(node, "params"),
        per_environment: read::entries(node, "perEnvironment")
            .map(|entry| {
                let params = read::map(&entry.value, "params");
                (entry.key.clone(), Spanned::new(params, entry.key_span))
            })
            .collect(),
        environments: read::strings(node, "environments"),
        placement: read::map(node, "placement").map(|placement| self::placement(&placement)),
        shared_with: read::entries(node, "sharedWith")
            .map(|entry| {
                let owners = entry.value.as_sequence().unwrap_or_default();
                (entry.key.clone(), owners.iter().filter_map(read::spanned).collect())
            })
            .collect(),
    }
}

fn placement(node: &Node) -> Placement {
    Placement {
        span: node.span,
        match_labels: read::labels(node, "matchLabels"),
        match_expressions: read::items(node, "matchExpressions").iter().filter_map(selector_rule).collect(),
    }
}

fn selector_rule(node: &Node) -> Option<SelectorRule> {
    Some(SelectorRule {
        key: read::text(node, "key")?,
        operator: read::text(node, "operator")?,
        values: read::texts(node, "values").unwrap_or_default(),
    })
}
