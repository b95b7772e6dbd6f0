//! What is refused, with its place; what hostile texts cost.

mod common;

use std::time::{Duration, Instant};

use macadam_yaml::{Error, ErrorKind, FileId, Limits, Node, Resolution, parse, parse_documents};

fn errors_within(text: &[u8], limits: &Limits) -> Vec<Error> {
    parse(text, FileId(0), Resolution::Spec, limits).err().unwrap_or_default()
}

fn errors(text: &[u8]) -> Vec<Error> {
    errors_within(text, &Limits::default())
}

/// Each error as `start..end words (help)`.
fn shown(text: &str) -> String {
    let lines: Vec<String> = errors(text.as_bytes())
        .iter()
        .map(|error| {
            let related =
                error.related.map(|(span, words)| format!(", {}..{} {words}", span.start, span.end));
            let help = error.help().map(|help| format!(" (help: {help})"));
            format!(
                "{}..{} {error}{}{}",
                error.span.start,
                error.span.end,
                related.unwrap_or_default(),
                help.unwrap_or_default()
            )
        })
        .collect();
    lines.join("\n")
}

#[test]
fn each_rule_refuses_with_a_place() {
    for (text, expected) in [
        ("a: 1\nb: 2\na: 3\n", "10..11 duplicate key `a`, 0..1 first here (help: keep one of the two)"),
        ("1: a\n\"1\": b\n", "5..8 duplicate key `1`, 0..1 first here (help: keep one of the two)"),
        (
            "x: {yes: 1, 'yes': 2}\n",
            "12..17 duplicate key `yes`, 4..7 first here (help: keep one of the two)",
        ),
        ("16: a\n0x10: b\n", "6..10 duplicate key `16`, 0..2 first here (help: keep one of the two)"),
        (
            "a: 1\n---\nb: 1\n",
            "5..8 a second document where one is expected (help: split the documents into files of their own)",
        ),
        (
            "a: 1\n---\n",
            "5..8 a second document where one is expected (help: split the documents into files of their own)",
        ),
        ("a: !secret x\n", "11..12 unknown tag `!secret` (help: remove the tag, or put the text in quotes)"),
        (
            "a: !!binary aGk=\n",
            "12..16 unknown tag `!!binary` (help: remove the tag, or put the text in quotes)",
        ),
        ("a: !x {b: 1}\n", "3..5 unknown tag `!x` (help: remove the tag, or put the text in quotes)"),
        (
            "a: *b\n",
            "3..5 alias to an unknown anchor (help: define the anchor with `&` before its first alias)",
        ),
        (
            "a: &b\n  c: *b\n",
            "11..13 alias within its own anchor, 8..8 the anchor is here (help: write the value out)",
        ),
        ("a: \0\n", "3..4 a NUL character (help: remove the character; a binary file is not YAML)"),
        (
            "a: \u{7}\n",
            "3..4 character U+0007 is not allowed (help: write it as an escape within double quotes, such as `\\u0007`)",
        ),
        (
            "# a\u{2028}b: 1\n",
            "3..6 character U+2028 is not allowed (help: write it as an escape within double quotes, such as `\\u0007`)",
        ),
        ("|\nx\n", "2..3 a block scalar must be indented"),
        ("&a: b\n", "0..3 the name of an anchor has letters, digits, `-` and `_` only"),
        ("{a:, b: 1}\n", "1..2 expected a space behind `:`"),
        ("[a :, b]\n", "1..2 expected a space behind `:`"),
        ("[?a]\n", "1..3 text between brackets cannot start with `?`"),
        (
            "a: \u{feff}b\n",
            "3..6 character U+FEFF is not allowed (help: write it as an escape within double quotes, such as `\\u0007`)",
        ),
        ("? [a]\n: b\n", "2..5 a key must be a string, a number or a boolean (help: put the key in quotes)"),
        ("~: b\n", "0..1 a key must be a string, a number or a boolean (help: put the key in quotes)"),
        ("a: .inf\n", "3..7 a number must be finite (help: put it in quotes if it is meant as text)"),
        ("a: !!int x\n", "9..10 the value does not fit its tag `!!int`"),
        ("a: !!map x\n", "9..10 the value does not fit its tag `!!map`"),
        ("<<: 1\n", "4..5 the merge key `<<` takes a map or a list of maps"),
        (
            "a: b: c\n",
            "4..5 `: ` is not allowed here: no map can start in this place (help: put the text in quotes, or start the map on a line of its own)",
        ),
        ("a:\n\tb: 1\n", "3..4 a tab is not allowed here (help: indent with spaces)"),
        ("a: [1, 2\n", "3..4 `[` is never closed"),
        ("a: \"x\n", "6..6 a quote is never closed, or its next lines are not indented"),
        (
            "a: 1\n b: 2\n",
            "7..8 `: ` is not allowed here: no map can start in this place (help: put the text in quotes, or start the map on a line of its own)",
        ),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_where_they_stand() {
    let kinds = |text: &[u8]| {
        errors(text).into_iter().map(|error| (error.kind, error.span.start)).collect::<Vec<_>>()
    };
    assert_eq!(kinds(b"a: \xff\n"), [(ErrorKind::NotUtf8, 3)]);
    assert_eq!(kinds(b"\xff\xfea\0"), [(ErrorKind::NotUtf8, 0)]);
    assert_eq!(kinds("é: \u{1}".as_bytes()).len(), 1);
}

#[test]
fn every_duplicate_is_reported_in_one_go_also_in_large_maps() {
    let mut text: String = (0..50).map(|index| format!("k{index}: {index}\n")).collect();
    text += "k3: 1\nk49: 1\nk3: 1\nx: {a: 1, a: 2}\n";
    let names: Vec<String> = errors(text.as_bytes()).iter().map(Error::to_string).collect();
    assert_eq!(
        names,
        ["duplicate key `k3`", "duplicate key `k49`", "duplicate key `k3`", "duplicate key `a`"]
    );
}

#[test]
fn limits_stop_where_they_say() {
    let within = |text: &str, limits: Limits| {
        errors_within(text.as_bytes(), &limits).into_iter().map(|error| error.kind).next()
    };
    let limits = Limits::default();
    assert_eq!(within("a: 1", Limits { bytes: 4, ..limits }), None);
    assert_eq!(within("a: 1", Limits { bytes: 3, ..limits }), Some(ErrorKind::TooLarge));
    assert_eq!(within("a: [[1]]", Limits { depth: 3, ..limits }), None);
    assert_eq!(within("a: [[1]]", Limits { depth: 2, ..limits }), Some(ErrorKind::TooDeep));
    assert_eq!(within("a: [1, 2]", Limits { nodes: 4, ..limits }), None);
    assert_eq!(within("a: [1, 2]", Limits { nodes: 3, ..limits }), Some(ErrorKind::TooManyNodes));
    assert_eq!(within("x", Limits { depth: 0, ..limits }), None);
    assert_eq!(within("[]", Limits { depth: 0, ..limits }), Some(ErrorKind::TooDeep));
    assert_eq!(within("a: &a [[x]]\nb: [*a]", Limits { depth: 3, ..limits }), Some(ErrorKind::TooDeep));
    assert_eq!(within("a: &a [x, y]\nb: [*a, *a]", Limits { nodes: 11, ..limits }), None);
    assert_eq!(
        within("a: &a [x, y]\nb: [*a, *a]", Limits { nodes: 10, ..limits }),
        Some(ErrorKind::Expansion)
    );
}

#[test]
fn aliases_of_one_long_string_are_bounded() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), ["*a"; 1000].join(", "));
    let kinds: Vec<_> = errors(text.as_bytes()).into_iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::Expansion]);
}

/// Reads a hostile text; it must end soon, one way or the other.
#[expect(clippy::disallowed_methods, reason = "this test is about time")]
fn soon(name: &str, text: &str) -> Result<Vec<Node>, Vec<Error>> {
    let start = Instant::now();
    let limits = Limits { bytes: 16 * 1024 * 1024, ..Limits::default() };
    let result = parse_documents(text.as_bytes(), FileId(0), Resolution::Kubernetes, &limits);
    assert!(start.elapsed() < Duration::from_secs(2), "{name}: {:?}", start.elapsed());
    result
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    let levels = 100_000;
    for piece in ["{a: ", "[", "- ", "? ", "{a: [", "- a: ", "[a: "] {
        let kinds = soon(piece, &piece.repeat(levels))
            .map_err(|errors| errors.into_iter().map(|error| error.kind).collect::<Vec<_>>());
        // `a: - a:` is not even YAML.
        let expected = if piece == "- a: " {
            ErrorKind::Syntax("a list item is not allowed here".to_owned())
        } else {
            ErrorKind::TooDeep
        };
        assert_eq!(kinds.err(), Some(vec![expected]), "{piece}");
    }
    let staircase: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(soon("staircase", &staircase).is_err());
}

#[test]
fn hostile_texts_take_linear_time() {
    let size = 100_000;
    for piece in [
        "a",
        " ",
        "\n",
        "\t",
        "-",
        ":",
        "#",
        "\"",
        "'",
        "[]",
        "{}",
        "a: ",
        "a:\n",
        "- a\n",
        "&a ",
        "*a ",
        "!!str ",
        "!",
        "%a\n",
        "---\n",
        "...\n",
        "|\n",
        ">\n",
        ", ",
        "? a\n",
        "a\n",
        "a\n\n",
        "\\",
        "\"\\x41\" ",
        "[a: b, ",
        "<<: ",
        "#\n",
        "\r",
        "é",
        "\u{e000}",
        "'' : ''\n",
    ] {
        let _ = soon(piece, &piece.repeat(size / piece.len()));
        let _ = soon(piece, &format!("a: [{}", piece.repeat(size / piece.len())));
        let _ = soon(piece, &format!("a: |\n  x{}", piece.repeat(size / piece.len())));
        let _ = soon(piece, &format!("a: \"{}", piece.repeat(size / piece.len())));
    }
    let keys: String = (0..90_000).map(|index| format!("k{index}: v\n")).collect();
    assert!(soon("keys", &keys).is_ok());
    let absent: String = "-  # c\n".repeat(90_000);
    assert!(soon("absent items", &absent).is_ok());
    let anchors: String = (0..40_000).map(|index| format!("- &a{index} x\n")).collect();
    assert!(soon("anchors", &anchors).is_ok());
    let merges: String = (0..20_000).map(|index| format!("a{index}:\n  <<: {{b: c}}\n")).collect();
    assert!(soon("merges", &merges).is_ok());
}
