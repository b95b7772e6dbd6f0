//! Names that Kubernetes accepts, made from text that it may not.

use sha2::{Digest, Sha256};

/// Returns the first `count` bytes of the SHA-256 of a text, as lower-case hex digits.
pub fn short_hash(text: &str, count: usize) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(count).map(|byte| format!("{byte:02x}")).collect()
}

/// Returns an RFC 1123 label of at most `max` characters.
///
/// Letters become lower case, everything else that is no digit becomes `-`, and `-` at the ends goes. A result that is
/// too long is cut and gets `-` and eight hex digits of the SHA-256 of the whole text, so that two long names stay two.
/// Text without any letter or digit becomes those eight digits alone. `max` is at least 8.
pub fn dns_label(text: &str, max: usize) -> String {
    let label = sanitize(text);
    let max = max.max(8);
    if label.is_empty() {
        return short_hash(text, 4);
    }
    if label.len() <= max {
        return label;
    }
    let kept = label[..max.saturating_sub(9)].trim_end_matches('-');
    let hash = short_hash(text, 4);
    if kept.is_empty() { hash } else { format!("{kept}-{hash}") }
}

/// Returns a label as [`dns_label`] does that also starts with a letter, as the name of a Service must: `svc-` goes in
/// front where it does not.
pub fn service_label(text: &str, max: usize) -> String {
    let label = dns_label(text, max);
    if label.starts_with(|first: char| first.is_ascii_lowercase()) {
        return label;
    }
    dns_label(&format!("svc-{}", sanitize(text)), max.max(13))
}

fn sanitize(text: &str) -> String {
    let label: String = text
        .chars()
        .map(|character| match character.to_ascii_lowercase() {
            good @ ('a'..='z' | '0'..='9') => good,
            _ => '-',
        })
        .collect();
    label.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_stay_as_they_are() {
        assert_eq!(dns_label("checkout", 63), "checkout");
        assert_eq!(dns_label("My_App.v2!", 63), "my-app-v2");
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let one = dns_label(&"a".repeat(80), 63);
        let two = dns_label(&"a".repeat(81), 63);
        assert_eq!(one.len(), 63);
        assert_ne!(one, two);
        assert!(dns_label(&format!("{}-----{}", "b".repeat(40), "c".repeat(40)), 52).len() <= 52);
    }

    #[test]
    fn there_is_always_a_label() {
        for text in ["", "***", "日本", "-", "a-", "----------", "é"] {
            for max in [0, 8, 9, 10, 15, 52, 63] {
                let label = dns_label(text, max);
                assert!(!label.is_empty() && label.len() <= max.max(8), "{text} {max} {label}");
                assert!(!label.starts_with('-') && !label.ends_with('-'));
            }
        }
    }

    #[test]
    fn services_start_with_a_letter() {
        assert_eq!(service_label("9lives", 63), "svc-9lives");
        assert_eq!(service_label("lives", 63), "lives");
        assert!(service_label(&"9".repeat(80), 63).len() <= 63);
        assert!(
            service_label("", 63).starts_with("svc")
                || service_label("", 63).starts_with(char::is_alphabetic)
        );
    }
}
