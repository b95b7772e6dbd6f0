//! Names of platforms and workloads, as our formats and Score want them.

use crate::fault::Fault;

/// What a name looks like, for help.
const FORM: &str =
    "names have 2 to 63 lower-case letters, digits and `-`, with a letter or digit at both ends";

/// Whether a text is a name.
pub(crate) fn is_name(text: &str) -> bool {
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    (2..=63).contains(&text.len())
        && text.chars().all(|character| plain(character) || character == '-')
        && text.starts_with(plain)
        && text.ends_with(plain)
}

/// The fault of a text that is none; `what` it should name.
pub(crate) fn refused(text: &str, what: &str) -> Fault {
    Fault::usage(format!("`{text}` cannot be the name of a {what}"), Some(FORM.to_owned()))
}

/// The name nearest to a text, where there is one.
pub(crate) fn nearest(text: &str) -> Option<String> {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
    let spelled: String = text.to_lowercase().chars().map(plain).take(40).collect();
    let name = spelled.trim_matches('-');
    is_name(name).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_spelled_plainly() {
        assert_eq!(nearest("Our Platform").as_deref(), Some("our-platform"));
        assert_eq!(nearest("-_-"), None);
        assert!(!is_name("a") && !is_name("a_b") && !is_name("-ab") && is_name("a1"));
    }
}
