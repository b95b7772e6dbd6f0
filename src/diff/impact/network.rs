//! Who can reach something: address ranges and NetworkPolicies.
//!
//! Widened means: not provably the same or narrower.

use std::net::IpAddr;

use serde_json::Value;

use super::predicate::at;

/// Whether a Service's load balancer lets addresses in that it kept out. No ranges means everybody.
pub(super) fn ranges_widened(before: Option<&Value>, after: Option<&Value>) -> bool {
    let ranges = |document| list(at(document, "spec.loadBalancerSourceRanges"));
    let (old, new) = (ranges(before), ranges(after));
    !old.is_empty()
        && (new.is_empty() || !new.iter().all(|range| old.iter().any(|other| inside(range, other))))
}

/// Whether a NetworkPolicy lets something through that it did not, or no longer isolates what it did.
///
/// Policies add up, so that a new one with rules can let more in where pods are isolated already; a policy that is gone
/// isolates nobody. Source: Kubernetes documentation, "Network Policies".
pub(super) fn policy_widened(before: Option<&Value>, after: Option<&Value>) -> bool {
    let Some(after) = after else { return before.is_some() };
    let Some(before) = before else { return Direction::ALL.iter().any(|way| !way.rules(after).is_empty()) };
    selects_others(before, after) || Direction::ALL.iter().any(|way| way.widened(before, after))
}

fn selects_others(before: &Value, after: &Value) -> bool {
    at(Some(before), "spec.podSelector") != at(Some(after), "spec.podSelector")
}

/// One side of a policy.
struct Direction {
    name: &'static str,
    rules: &'static str,
    peers: &'static str,
}

impl Direction {
    const ALL: [Self; 2] = [
        Self { name: "Ingress", rules: "ingress", peers: "from" },
        Self { name: "Egress", rules: "egress", peers: "to" },
    ];

    fn rules<'v>(&self, policy: &'v Value) -> Vec<&'v Value> {
        list(policy.get("spec").and_then(|spec| spec.get(self.rules)))
    }

    /// Whether the policy isolates pods in this direction. Ingress is always meant where no types are named; egress
    /// where there are rules.
    fn isolates(&self, policy: &Value) -> bool {
        match at(Some(policy), "spec.policyTypes").and_then(Value::as_array) {
            Some(types) => types.iter().any(|one| one.as_str() == Some(self.name)),
            None => self.name == "Ingress" || !self.rules(policy).is_empty(),
        }
    }

    fn widened(&self, before: &Value, after: &Value) -> bool {
        if !self.isolates(before) {
            return false;
        }
        let old = self.rules(before);
        let covered = |rule: &Value| old.iter().any(|other| self.covers(other, rule));
        !self.isolates(after) || !self.rules(after).into_iter().all(covered)
    }

    /// Whether one rule lets everything through that another does.
    fn covers(&self, wide: &Value, narrow: &Value) -> bool {
        covers(wide.get(self.peers), narrow.get(self.peers), peer_covers)
            && covers(wide.get("ports"), narrow.get("ports"), |left, right| left == right)
    }
}

/// Whether a list of alternatives lets everything through that another does; an empty one lets everything through.
fn covers(wide: Option<&Value>, narrow: Option<&Value>, one: fn(&Value, &Value) -> bool) -> bool {
    let (wide, narrow) = (list(wide), list(narrow));
    wide.is_empty()
        || (!narrow.is_empty() && narrow.iter().all(|item| wide.iter().any(|other| one(other, item))))
}

fn peer_covers(wide: &Value, narrow: &Value) -> bool {
    let block = |peer| at(Some(peer), "ipBlock.cidr");
    match (block(wide), block(narrow)) {
        (Some(outer), Some(inner)) => {
            let kept: Vec<&Value> = list(at(Some(narrow), "ipBlock.except"));
            let except = list(at(Some(wide), "ipBlock.except"));
            inside(inner, outer) && except.iter().all(|range| kept.iter().any(|other| inside(range, other)))
        }
        _ => wide == narrow,
    }
}

fn list(value: Option<&Value>) -> Vec<&Value> {
    value.and_then(Value::as_array).into_iter().flatten().collect()
}

/// Whether a range of addresses lies in another, or is written like it.
fn inside(inner: &Value, outer: &Value) -> bool {
    let range = |value: &Value| value.as_str().and_then(range);
    match (range(inner), range(outer)) {
        (Some((address, length)), Some((base, prefix))) => {
            length >= prefix && bits(address, prefix) == bits(base, prefix)
        }
        _ => inner == outer,
    }
}

fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let length: u32 = length.parse().ok()?;
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

/// The first bits of an address, and which family it is of.
fn bits(address: IpAddr, length: u32) -> (bool, u128) {
    let (all, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    (address.is_ipv4(), all.checked_shr(width - length).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ranges_lie_in_each_other_as_their_bits_do() {
        let table = [
            ("10.1.0.0/16", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.1.0.0/16", false),
            ("10.0.0.0/8", "0.0.0.0/0", true),
            ("::1/128", "0.0.0.0/0", false),
            ("2001:db8:1::/48", "2001:db8::/32", true),
            ("10.0.0.0/33", "0.0.0.0/0", false),
            ("word", "word", true),
        ];
        for (inner, outer, expected) in table {
            assert_eq!(inside(&json!(inner), &json!(outer)), expected, "{inner} in {outer}");
        }
    }

    #[test]
    fn a_load_balancer_is_widened_by_ranges_and_by_their_absence() {
        let service = |ranges: Value| json!({"spec": {"loadBalancerSourceRanges": ranges}});
        let table = [
            (json!(["10.0.0.0/8"]), json!(["10.1.0.0/16"]), false),
            (json!(["10.0.0.0/8"]), json!(["10.0.0.0/8", "0.0.0.0/0"]), true),
            (json!(["10.0.0.0/8"]), json!([]), true),
            (json!(["10.0.0.0/8"]), json!(null), true),
            (json!(null), json!(["10.0.0.0/8"]), false),
        ];
        for (old, new, expected) in table {
            let case = format!("{old} {new}");
            assert_eq!(ranges_widened(Some(&service(old)), Some(&service(new))), expected, "{case}");
        }
    }

    #[test]
    fn a_policy_is_widened_unless_it_is_provably_narrower() {
        let policy = |spec: Value| json!({"spec": spec});
        let table = [
            (json!({"ingress": [{"from": [{"a": 1}]}]}), json!({"ingress": []}), false),
            (json!({"ingress": [{"from": [{"a": 1}]}]}), json!({"ingress": [{"from": []}]}), true),
            (
                json!({"ingress": [{"from": [{"a": 1}, {"b": 1}]}]}),
                json!({"ingress": [{"from": [{"b": 1}]}]}),
                false,
            ),
            (json!({"ingress": [{}]}), json!({"ingress": [{"from": [{"b": 1}]}]}), false),
            (
                json!({"ingress": [{"ports": [{"port": 1}]}]}),
                json!({"ingress": [{"ports": [{"port": 2}]}]}),
                true,
            ),
            (json!({"policyTypes": ["Ingress", "Egress"]}), json!({"policyTypes": ["Ingress"]}), true),
            (json!({"policyTypes": ["Ingress"]}), json!({"policyTypes": ["Ingress", "Egress"]}), false),
            (json!({"podSelector": {}}), json!({"podSelector": {"matchLabels": {"a": "b"}}}), true),
            (
                json!({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}]}),
                json!({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}),
                true,
            ),
            (
                json!({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}),
                json!({"ingress": [{"from": [{"ipBlock": {"cidr": "10.2.0.0/16", "except": ["10.2.3.0/24"]}}]}]}),
                false,
            ),
        ];
        for (old, new, expected) in table {
            let case = format!("{old} {new}");
            assert_eq!(policy_widened(Some(&policy(old)), Some(&policy(new))), expected, "{case}");
        }
        assert!(policy_widened(Some(&policy(json!({}))), None));
        assert!(!policy_widened(None, Some(&policy(json!({"policyTypes": ["Ingress"]})))));
        assert!(policy_widened(None, Some(&policy(json!({"ingress": [{}]})))));
    }
}
