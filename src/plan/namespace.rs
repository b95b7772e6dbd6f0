//! Which namespace a unit runs in.

use crate::engine::dns_label;
use crate::model::{Code, Finding, Platform, Spanned};

use super::place::Place;

/// Fills a namespace pattern: the cluster's, else the environment's, else the platform's.
///
/// `{platform}`, `{environment}`, `{cluster}`, `{owner}` and `{workload}` are replaced; the result is cut to a DNS
/// label of 63 characters.
pub(crate) fn namespace(
    platform: &Platform,
    place: &Place,
    owner: Option<&str>,
    workload: &str,
) -> Result<String, Finding> {
    let pattern = pattern(platform, place);
    let mut filled = String::new();
    let mut rest = pattern.value.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            return Err(refused(pattern, "a `{` without a `}`"));
        };
        filled.push_str(before);
        filled.push_str(match name {
            "platform" => &platform.name.value,
            "environment" => place.environment(),
            "cluster" => place.cluster(),
            "workload" => workload,
            "owner" => owner.ok_or_else(|| unowned(pattern, workload))?,
            _ => return Err(refused(pattern, "not one of platform, environment, cluster, owner, workload")),
        });
        rest = behind;
    }
    filled.push_str(rest);
    Ok(dns_label(&filled, 63))
}

/// The pattern that holds at a place.
fn pattern<'a>(platform: &'a Platform, place: &'a Place) -> &'a Spanned<String> {
    place.cluster.namespace.as_ref().or(place.environment.namespace.as_ref()).unwrap_or(&platform.namespace)
}

fn refused(pattern: &Spanned<String>, why: &str) -> Finding {
    Finding::new(Code::InvalidConfig, "the namespace pattern cannot be filled").at(pattern.span, why)
}

fn unowned(pattern: &Spanned<String>, workload: &str) -> Finding {
    Finding::new(
        Code::UnknownOwner,
        format!("workload `{workload}` has no owner, and the namespace pattern needs one"),
    )
    .at(pattern.span, "the pattern")
    .help("set `owner` under the workload's `metadata.platform`, or in `spec.defaults` of `macadam.yaml`")
}
