//! Names that Kubernetes accepts, derived from the user's own.

use std::collections::BTreeSet;

use crate::engine::{dns_label, short_hash as hash};

/// The longest name of most objects, and of what lies in a pod.
pub(crate) const LABEL: usize = 63;

/// The longest name of a StatefulSet or CronJob: their pods carry a suffix in a label.
pub(crate) const SUFFIXED: usize = 52;

/// The longest name of a container's port.
pub(crate) const PORT: usize = 15;

/// Names that are given out once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Gives out the DNS label of `wanted`; where it is taken, one with a hash of `identity`.
    ///
    /// Counts up only when even that is taken, so a name depends on what it is for and not on the others' order.
    pub(super) fn give(&mut self, wanted: &str, identity: &str, max: usize) -> String {
        let mut name = dns_label(wanted, max);
        let mut round = 0;
        while !self.0.insert(name.clone()) {
            round += 1;
            name = dns_label(&format!("{wanted}-{}", short_hash(&format!("{identity}#{round}"))), max);
        }
        name
    }
}

/// The first eight hexadecimal digits of a text's SHA-256.
pub(super) fn short_hash(text: &str) -> String {
    hash(text, 4)
}

/// A container port's name: a letter somewhere, no `--`, at most 15 characters.
pub(super) fn port_name(name: &str) -> String {
    let mut plain = name.to_owned();
    while plain.contains("--") {
        plain = plain.replace("--", "-");
    }
    if !plain.bytes().any(|byte| byte.is_ascii_lowercase()) {
        plain = format!("port-{plain}");
    }
    let max = PORT;
    if plain == name {
        return dns_label(name, max);
    }
    let mut kept: String = plain.chars().take(max - 9).collect();
    kept.truncate(kept.trim_end_matches('-').len());
    if kept.is_empty() { format!("p-{}", short_hash(name)) } else { format!("{kept}-{}", short_hash(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_hash() {
        let mut names = Names::default();
        assert_eq!(names.give("data", "a", LABEL), "data");
        let second = names.give("data", "b", LABEL);
        assert!(second.starts_with("data-") && second.len() == 13, "{second}");
    }

    #[test]
    fn a_port_name_fits_and_has_a_letter() {
        assert_eq!(port_name("http"), "http");
        for name in ["8080", "a--b", "administration-interface", "12345678901234567890"] {
            let port = port_name(name);
            assert!(port.len() <= PORT && !port.contains("--"), "{port}");
            assert!(port.bytes().any(|byte| byte.is_ascii_lowercase()), "{port}");
            assert!(!port.starts_with('-') && !port.ends_with('-'), "{port}");
        }
    }
}
