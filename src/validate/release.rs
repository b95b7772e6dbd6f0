//! `release.yaml`.

use macadam_yaml::{FileId, Node};

use super::{
    read,
    report::{self, Codes},
    schema::Kind,
};
use crate::model::{Outcome, Release, Released, Spanned};

/// Reads a `release.yaml`. Codes: `platform/invalid`, `platform/unknown-key`.
///
/// What has the wrong type is left out; names are held against environments and containers by `plan`.
pub fn release(node: &Node, file: FileId) -> Outcome<Release> {
    let findings = report::check(node, Kind::Release, Codes::Config);
    let environments = read::entries(node, "environments")
        .map(|entry| {
            let images = read::entries(&entry.value, "containers").filter_map(|container| {
                let image: Spanned<String> = read::string(&container.value, "image")?;
                Some((container.key.clone(), image))
            });
            let released = Released {
                span: entry.key_span,
                images: images.collect(),
                revision: read::string(&entry.value, "revision"),
            };
            (entry.key.clone(), released)
        })
        .collect();
    Outcome::new(Release { file, environments }, findings)
}
