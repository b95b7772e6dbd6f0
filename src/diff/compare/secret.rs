//! What is secret, or looks like it: by the words of keys, and by the form of values.
//!
//! Errs on the side of hiding: what is shown to no reviewer costs a look into the repository, a leak costs a rotation.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// Stands where a secret stood.
pub(super) const MASK: &str = "(secret)";

/// Words that make what stands under them secret.
const WORDS: [&str; 16] = [
    "password",
    "passwords",
    "passwd",
    "pwd",
    "passphrase",
    "pass",
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "apikey",
    "dsn",
    "authorization",
    "jwt",
];
/// The same, of words that run together.
const ENDS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "secretkey",
    "privatekey",
    "accesskey",
    "authtoken",
];
/// Two words that make it together.
const PAIRS: [(&str, &str); 13] = [
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("encryption", "keys"),
    ("master", "key"),
    ("account", "key"),
    ("shared", "key"),
    ("connection", "string"),
    ("conn", "str"),
    ("cookie", "key"),
];
/// A last word that tells of something about the secret, and not the secret.
const ABOUT: [&str; 51] = [
    "name",
    "names",
    "ref",
    "refs",
    "reference",
    "path",
    "paths",
    "file",
    "filename",
    "dir",
    "mount",
    "mounts",
    "type",
    "kind",
    "ttl",
    "seconds",
    "minutes",
    "hours",
    "days",
    "expiry",
    "expiration",
    "lifetime",
    "interval",
    "requests",
    "request",
    "review",
    "audience",
    "audiences",
    "issuer",
    "mode",
    "enabled",
    "disabled",
    "length",
    "size",
    "limit",
    "policy",
    "policies",
    "store",
    "provider",
    "version",
    "namespace",
    "format",
    "algorithm",
    "count",
    "endpoint",
    "rotation",
    "spec",
    "template",
    "selector",
    "header",
    "prefix",
];
/// Keys below a secret's key that only name something: what a volume of a Secret or a reference to one has.
const NAMING: [&str; 30] = [
    "name",
    "namespace",
    "kind",
    "group",
    "apiVersion",
    "optional",
    "items",
    "path",
    "mode",
    "defaultMode",
    "secretName",
    "property",
    "version",
    "decodingStrategy",
    "conversionStrategy",
    "metadataPolicy",
    "audience",
    "expirationSeconds",
    "type",
    "objectName",
    "objectType",
    "secretKey",
    "remoteRef",
    "uid",
    "controller",
    "enabled",
    "create",
    "encoding",
    "role",
    "region",
];

/// Parts of texts that are secrets wherever they stand. The group of a pattern is what has to go, else all of it.
const PARTS: [&str; 9] = [
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?",
    r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|sk_live_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|AIza[A-Za-z0-9_-]{35}|hvs\.[A-Za-z0-9_-]{16,}|AGE-SECRET-KEY-[A-Z0-9]{16,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#@:]*:(?P<p>[^\s/?#@]+)@",
    r"(?i)\b(?:bearer|basic)\s+(?P<p>[A-Za-z0-9+/_.~=-]{8,})",
    // A setting within a text: `password=x`, `token: x`, `"token": "x"`. Values that are references stay.
    r#"(?i)(?:password|passwd|passphrase|pwd|secret|token|credentials?|api[_.-]?key|private[_.-]?key|access[_.-]?key|secret[_.-]?key|account[_.-]?key|signing[_.-]?key|encryption[_.-]?key)["']?[ \t]*(?:=|:[ \t])[ \t]*(?P<p>\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|"(?:[^"\\\n]|\\.)+"|'[^'\n]+'|[^\s"'&;,]+)"#,
    // A variable of OpenTofu and its default.
    r#"(?i)variable\s+"[^"]*(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key)"\s*\{[^}]*?\bdefault\s*=\s*(?P<p>"[^"\n]+")"#,
    // A flag and its value: `--password x`.
    r"(?i)--?[a-z0-9-]*(?:password|passwd|passphrase|secret|token|api-?key|private-?key|access-?key)\s+(?P<p>[^\s-]\S*)",
];

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| PARTS.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect());
static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(PARTS).ok());
/// A value that only says where the secret is.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:\$\([A-Za-z0-9_.-]+\)|\$\{\{?[^{}]*\}?\}|\{\{[^{}]*\}\}|ref\+[a-z]+://\S+|true|false|null|)$",
    )
    .ok()
});

/// Whether what stands under a key is secret, by the key's words.
pub(super) fn is_key(key: &str) -> bool {
    let words = words(key);
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(&last.as_str()) {
        return false;
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()) || ENDS.iter().any(|end| word.ends_with(end)))
        || words.windows(2).any(|pair| PAIRS.contains(&(pair[0].as_str(), pair[1].as_str())))
}

/// Whether an argument is a flag that takes a secret as the next one.
pub(super) fn is_flag(text: &str) -> bool {
    text.starts_with('-') && !text.contains(['=', ' ', '\n']) && is_key(text)
}

/// Whether a key below a secret's key only names something.
pub(super) fn is_naming(key: &str) -> bool {
    NAMING.contains(&key) || words(key).last().is_some_and(|last| ABOUT.contains(&last.as_str()))
}

/// Whether a text that cannot be read looks like one that holds a Secret.
pub(super) fn names_secret_object(text: &str) -> bool {
    text.lines().any(|line| {
        let mut parts = line.trim_start_matches([' ', '-', '{', '"', '\'']).splitn(2, ':');
        let key = parts.next().unwrap_or_default().trim_end_matches([' ', '"', '\'']);
        let value = parts.next().unwrap_or_default().trim_start_matches([' ', '"', '\'']);
        let rest = value.strip_prefix("Secret");
        key == "kind" && rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    }) || text.contains("\"kind\":\"Secret\"")
}

/// Whether a value only says where a secret is, or is none.
pub(super) fn is_reference(value: &str) -> bool {
    REFERENCE.as_ref().is_some_and(|pattern| pattern.is_match(value.trim()))
}

/// The text with what looks secret replaced; `None` where nothing does.
pub(super) fn masked(text: &str) -> Option<String> {
    // Where patterns cannot be built nothing is shown; a test builds them.
    let Some(any) = ANY.as_ref() else { return Some(MASK.to_owned()) };
    let mut masked: Option<String> = None;
    for index in any.matches(text) {
        let current = masked.as_deref().unwrap_or(text);
        let next = replace(current, &PATTERNS[index]);
        if next != current {
            masked = Some(next);
        }
    }
    masked
}

fn replace(text: &str, pattern: &Regex) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let Some(part) = found.name("p").or_else(|| found.get(0)) else { continue };
        let bare = part.as_str().trim_matches(['"', '\'']);
        if is_reference(bare) || bare == MASK {
            continue;
        }
        out.push_str(&text[from..part.start()]);
        out.push_str(MASK);
        from = part.end();
    }
    out.push_str(&text[from..]);
    out
}

/// Whether a value looks like random bytes: long, of one piece, with letters of both cases and digits. Digests and
/// identifiers in hexadecimal do not.
pub(super) fn is_random(value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-');
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    (24..4096).contains(&value.len())
        && value.bytes().all(fits)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && distinct(value) >= 14
}

fn distinct(value: &str) -> usize {
    let mut seen = [false; 256];
    value.bytes().for_each(|byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

/// The words of a key, in lower case: `dbPassword`, `DB_PASSWORD` and `db.password` have the same two.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for character in key.chars() {
        let starts = before.is_ascii_lowercase() && character.is_ascii_uppercase();
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_secret_by_their_words() {
        let secret = [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "db.password",
            "POSTGRES_PASSWD",
            "apiKey",
            "API_KEY",
            "apikey",
            "clientSecret",
            "client_secret",
            "token",
            "GITHUB_TOKEN",
            "privateKey",
            "AWS_SECRET_ACCESS_KEY",
            "connectionString",
            "credentials",
            "SENTRY_DSN",
            "secretKey",
            "PGPASSWORD",
            "authToken",
            "Authorization",
        ];
        for key in secret {
            assert!(is_key(key), "{key}");
        }
        let plain = [
            "secretName",
            "secretKeyRef",
            "tokenRequests",
            "passwordSecretRef",
            "TOKEN_PATH",
            "tokenExpirationSeconds",
            "imagePullSecretNames",
            "name",
            "image",
            "key",
            "secretRef",
            "passwordFile",
            "secretStoreRef",
            "compass",
            "tokenTTL",
            "monkey",
            "author",
            "bypass",
        ];
        for key in plain {
            assert!(!is_key(key), "{key}");
        }
    }

    #[test]
    fn texts_lose_what_looks_secret_and_nothing_else() {
        assert_eq!(PATTERNS.len(), PARTS.len());
        let table = [
            ("postgres://app:hunter2@db/x", Some("postgres://app:(secret)@db/x")),
            ("a AKIAIOSFODNN7EXAMPLE b", Some("a (secret) b")),
            ("x=1\ndb.password=hunter2\ny=2\n", Some("x=1\ndb.password=(secret)\ny=2\n")),
            ("{\"token\": \"abc\"}", Some("{\"token\": (secret)}")),
            ("password: 'it is so'\n", Some("password: (secret)\n")),
            ("--api-key hunter2 --port 80", Some("--api-key (secret) --port 80")),
            ("Bearer abcdefgh.ijkl", Some("Bearer (secret)")),
            ("Server=db;Password=hunter2;Port=1", Some("Server=db;Password=(secret);Port=1")),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n", Some("(secret)\n")),
            ("eyJhbGciOiJ.eyJzdWIiOiI.abc", Some("(secret)")),
            ("ghp_0123456789abcdef0123", Some("(secret)")),
            (
                "variable \"db_password\" {\n  default = \"hunter2\"\n}\n",
                Some("variable \"db_password\" {\n  default = (secret)\n}\n"),
            ),
            ("xoxb-12345678-abc", Some("(secret)")),
            ("password=$(DB_PASSWORD)", None),
            ("password: {{ .password }}", None),
            ("https://example.org/a?b=c", None),
            ("registry.example.org/app@sha256:0123", None),
            ("user@example.org", None),
        ];
        for (text, expected) in table {
            assert_eq!(masked(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn random_values_are_told_from_names_and_digests() {
        assert!(is_random("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"));
        assert!(is_random("c2VjcmV0IHZhbHVlIDEyMzQ1Njc4OTA="));
        assert!(!is_random("0123456789abcdef0123456789abcdef01234567"));
        assert!(!is_random("checkout.shop-production.svc.cluster.local"));
        assert!(!is_random("2f1c7a3e-0000-4000-8000-000000000000"));
    }
}
