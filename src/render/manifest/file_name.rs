//! The name of an object's file, a function of the object's identity and its leaf's namespace.

use sha2::{Digest, Sha256};

use super::kinds;
use crate::model::ObjectId;

/// Bytes of the longest file name.
const LONGEST: usize = 180;
const EXTENSION: &str = ".yaml";

/// Returns `<kind>-<name>.yaml` in lower case.
///
/// The kind is followed by `.<group>` where Kubernetes itself does not serve it; the name follows `<namespace>.` where
/// that is not the leaf's. Characters other than lower-case letters, digits, `-` and `.` become `_` and two hex digits
/// for each byte. A name of more than 180 bytes is cut and gets ten hex digits of the SHA-256 of the identity.
pub(super) fn file_name(id: &ObjectId, leaf_namespace: &str) -> String {
    let mut name = String::with_capacity(64);
    escape(&id.kind.to_ascii_lowercase(), &mut name);
    if !kinds::is_built_in(&id.group, &id.kind) {
        name.push('.');
        escape(&id.group, &mut name);
    }
    name.push('-');
    if let Some(namespace) = id.namespace.as_deref().filter(|namespace| *namespace != leaf_namespace) {
        escape(namespace, &mut name);
        name.push('.');
    }
    escape(&id.name, &mut name);
    if name.len() + EXTENSION.len() > LONGEST {
        let digest = Sha256::digest(id.to_string().as_bytes());
        name.truncate(LONGEST - EXTENSION.len() - 11);
        name.push('-');
        name.extend(digest.iter().take(5).map(|byte| format!("{byte:02x}")));
    }
    name.push_str(EXTENSION);
    name
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => out.push(char::from(byte)),
            other => out.push_str(&format!("_{other:02x}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> String {
        let id = ObjectId {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        };
        file_name(&id, "shop")
    }

    #[test]
    fn file_names_follow_the_identity() {
        assert_eq!(name("apps", "Deployment", Some("shop"), "checkout"), "deployment-checkout.yaml");
        assert_eq!(
            name("gateway.networking.k8s.io", "HTTPRoute", Some("shop"), "a"),
            "httproute.gateway.networking.k8s.io-a.yaml"
        );
        assert_eq!(name("", "Service", Some("other"), "a"), "service-other.a.yaml");
        assert_eq!(name("", "Namespace", None, "shop"), "namespace-shop.yaml");
        assert_eq!(
            name("rbac.authorization.k8s.io", "ClusterRole", None, "system:Node"),
            "clusterrole-system_3a_4eode.yaml"
        );
        assert_eq!(name("", "Event", Some("shop"), "a"), "event-a.yaml");
        assert_eq!(name("events.k8s.io", "Event", Some("shop"), "a"), "event.events.k8s.io-a.yaml");
    }

    #[test]
    fn long_names_are_cut_with_a_hash() {
        let fits = "a".repeat(180 - "configmap-.yaml".len());
        assert_eq!(name("", "ConfigMap", Some("shop"), &fits).len(), 180);
        let one = name("", "ConfigMap", Some("shop"), &format!("{fits}a"));
        let two = name("", "ConfigMap", Some("shop"), &format!("{fits}b"));
        assert_eq!((one.len(), two.len()), (180, 180));
        assert_ne!(one, two);
    }

    proptest::proptest! {
        #[test]
        fn a_file_name_is_always_plain(
            group in "\\PC{0,40}", kind in "[A-Z][a-zA-Z0-9]{0,40}", namespace in "\\PC{0,70}", text in "\\PC{0,260}"
        ) {
            let made = name(&group, &kind, Some(&namespace), &text);
            proptest::prop_assert!(made.len() <= 180 && made.ends_with(".yaml") && !made.starts_with('.'));
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
            proptest::prop_assert!(made.bytes().all(plain));
        }

        #[test]
        fn objects_of_one_kind_and_namespace_have_files_of_their_own(
            one in "[a-zA-Z0-9:._-]{1,250}", two in "[a-zA-Z0-9:._-]{1,250}"
        ) {
            let made = |text: &str| name("", "ConfigMap", Some("shop"), text).to_lowercase();
            proptest::prop_assert_eq!(one == two, made(&one) == made(&two));
        }
    }
}
