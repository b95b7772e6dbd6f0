//! `namespace` is a word that CEL keeps for itself, and one that everybody expects here.

/// What expressions are asked for where `namespace` is written: as long, so that places stay what they are.
pub(super) const NAMESPACE: &str = "namespac_";

const WORD: &str = "namespace";

/// The expression with every `namespace` outside of texts and comments written as CEL can read it.
pub(super) fn respell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            'a'..='z' | 'A'..='Z' | '_' => word(rest),
            '\'' | '"' => quoted(rest, is_raw(&out)),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        out.push_str(if token == WORD { NAMESPACE } else { token });
        rest = after;
    }
    out
}

fn word(text: &str) -> usize {
    text.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(text.len())
}

/// Whether a text that begins now has no escapes: `r'..'`, `br".."`.
fn is_raw(before: &str) -> bool {
    let start = before.rfind(|one: char| !one.is_ascii_alphanumeric() && one != '_').map_or(0, |at| at + 1);
    let prefix = before.get(start..).unwrap_or_default();
    (1..=2).contains(&prefix.len()) && prefix.contains(['r', 'R'])
}

/// The length of a text in quotes; all of it where the quotes are not closed.
fn quoted(text: &str, raw: bool) -> usize {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let end = if text.starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = end.len();
    while let Some(rest) = text.get(at..) {
        if rest.is_empty() {
            break;
        }
        if rest.starts_with(end) {
            return at + end.len();
        }
        let mut characters = rest.chars();
        let escaped = characters.next() == Some('\\') && !raw;
        at += rest.chars().take(if escaped { 2 } else { 1 }).map(char::len_utf8).sum::<usize>();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_itself_is_respelled() {
        let table = [
            ("namespace == 'namespace'", "namespac_ == 'namespace'"),
            (r#"namespaces + "a\"namespace" + namespace"#, r#"namespaces + "a\"namespace" + namespac_"#),
            (r"r'\' + namespace", r"r'\' + namespac_"),
            ("'''it's namespace''' + namespace", "'''it's namespace''' + namespac_"),
            ("true // namespace\n|| namespace == ''", "true // namespace\n|| namespac_ == ''"),
            ("'open namespace", "'open namespace"),
            ("é + namespace", "é + namespac_"),
            ("'", "'"),
            ("'\\", "'\\"),
        ];
        for (text, expected) in table {
            assert_eq!(respell(text), expected, "{text}");
        }
    }
}
