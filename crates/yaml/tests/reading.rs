//! What the reader makes of everyday YAML.

use macadam_yaml::{
    ErrorKind, FileId, Limits, Node, Resolution, parse, parse_documents, to_yaml, write_json,
};

fn read(text: &str) -> Node {
    match parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default()) {
        Ok(node) => node,
        Err(errors) => panic!("{text:?}: {errors:?}"),
    }
}

fn json(text: &str) -> String {
    let mut out = String::new();
    write_json(&read(text), &mut out);
    out
}

fn refusals(text: &str) -> Vec<String> {
    let result = parse(text.as_bytes(), FileId(0), Resolution::Spec, &Limits::default());
    let errors = result.err().unwrap_or_default();
    errors.iter().map(|error| format!("{}..{} {error}", error.span.start, error.span.end)).collect()
}

#[test]
fn a_document_becomes_a_tree() {
    assert_eq!(json("a: 1\nb:\n- x\n- {y: z}\nc: |\n  t\n"), r#"{"a":1,"b":["x",{"y":"z"}],"c":"t\n"}"#);
}

#[test]
fn merge_keys_are_applied_and_explicit_keys_win() {
    let text = "base: &b {a: 1, b: 2}\nx:\n  z: 0\n  <<: *b\n  b: 3\ny:\n  <<: [*b, {c: 4, a: 9}]\n";
    assert_eq!(json(text), r#"{"base":{"a":1,"b":2},"x":{"z":0,"a":1,"b":3},"y":{"a":1,"b":2,"c":4}}"#);
}

#[test]
fn every_duplicate_key_is_reported_in_any_spelling() {
    assert_eq!(
        refusals("1: a\n\"1\": b\nc: {d: 1, 'd': 2}\n"),
        ["5..8 duplicate key `1`", "22..25 duplicate key `d`"]
    );
}

#[test]
fn a_second_document_is_refused() {
    assert_eq!(refusals("a: 1\n---\nb: 1\n"), ["5..8 a second document where one is expected"]);
}

#[test]
fn empty_documents_are_dropped() {
    let text = b"---\n---\na: 1\n---\n# nothing\n---\nb: 1\n";
    let documents = parse_documents(text, FileId(0), Resolution::Kubernetes, &Limits::default());
    assert_eq!(documents.map(|documents| documents.len()), Ok(2));
}

#[test]
fn the_emitter_writes_what_people_expect() {
    let text = "a:\n- b: 1\n  c: \"yes\"\n- []\n- - x\n  - {}\nd: |\n  t\n\n  u\ne: \"1:20\"\n";
    assert_eq!(to_yaml(&read(text)), text);
}

#[test]
fn explosive_and_recursive_aliases_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let item = format!("*a{}", level - 1);
        let items = [item.as_str(); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{items}]\n");
    }
    let result = parse(bomb.as_bytes(), FileId(0), Resolution::Spec, &Limits::default());
    let kinds: Vec<_> = result.err().into_iter().flatten().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::Expansion]);
    assert_eq!(
        refusals("a: &a [*a]\nb: *c\n"),
        ["7..9 alias within its own anchor", "14..16 alias to an unknown anchor"]
    );
}

/// Each word as both resolutions take it, `?` behind what readers disagree on.
#[test]
fn plain_scalars_have_the_types_of_their_reader() {
    let shown = |word: &str, resolution| {
        let node = parse(word.as_bytes(), FileId(0), resolution, &Limits::default()).expect(word);
        let mut out = String::new();
        write_json(&node, &mut out);
        if node.ambiguous { out + "?" } else { out }
    };
    for (word, spec, kubernetes) in [
        ("yes", "\"yes\"?", "true?"),
        ("Off", "\"Off\"?", "false?"),
        ("y", "\"y\"?", "true?"),
        ("1:20", "\"1:20\"?", "\"1:20\"?"),
        ("12:30:00", "\"12:30:00\"?", "\"12:30:00\"?"),
        ("8080:8080", "\"8080:8080\"", "\"8080:8080\""),
        ("0644", "420?", "420?"),
        ("0o644", "420?", "420?"),
        ("0x1F", "31", "31"),
        ("1e3", "1000.0?", "1000.0?"),
        ("1.5e3", "1500.0?", "1500.0?"),
        ("1.5e+3", "1500.0", "1500.0"),
        ("1_000", "1000?", "1000?"),
        ("2001-12-14", "\"2001-12-14\"?", "\"2001-12-14\"?"),
        ("=", "\"=\"?", "\"=\"?"),
        ("TRUE", "true", "true"),
        ("tRUE", "\"tRUE\"", "\"tRUE\""),
        ("nULL", "\"nULL\"", "\"nULL\""),
        ("~", "null", "null"),
        ("NULL", "null", "null"),
        ("-0", "0", "0"),
        ("08", "8.0?", "8.0?"),
        ("1.", "1.0", "1.0"),
        (".5", "0.5", "0.5"),
        ("-.5", "-0.5?", "-0.5?"),
        ("9223372036854775807", "9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808", "9223372036854775808"),
        ("18446744073709551616", "1.8446744073709552e19?", "1.8446744073709552e19?"),
        ("1.25.3", "\"1.25.3\"", "\"1.25.3\""),
        ("\u{e000}", "\"\u{e000}\"", "\"\u{e000}\""),
        ("\u{e000}1", "\"\u{e000}1\"", "\"\u{e000}1\""),
        ("1\u{e000}", "\"1\u{e000}\"", "\"1\u{e000}\""),
        ("\u{100000}", "\"\u{100000}\"", "\"\u{100000}\""),
        ("\"yes\"", "\"yes\"", "\"yes\""),
        ("!!str yes", "\"yes\"", "\"yes\""),
        ("!!int \"3\"", "3", "3"),
        ("!!float 3", "3.0", "3.0"),
    ] {
        assert_eq!(
            (&shown(word, Resolution::Spec)[..], &shown(word, Resolution::Kubernetes)[..]),
            (spec, kubernetes),
            "{word}"
        );
    }
}

#[test]
fn keys_are_text_as_kubernetes_makes_it() {
    let text = "1: a\ntrue: b\n1.10: c\n0x10: d\n1000000.0: e\n0.00001: f\n16777217.0: g\n\"q\": h\n<<: {m: i}\n\"<<\": j\n";
    assert_eq!(
        json(text),
        r#"{"1":"a","true":"b","1.1":"c","16":"d","1e+06":"e","1e-05":"f","1.6777216e+07":"g","q":"h","m":"i","<<":"j"}"#
    );
}

#[test]
fn a_byte_order_mark_and_crlf_are_accepted() {
    assert_eq!(json("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n"), r#"{"a":1,"b":"x\ny\n"}"#);
}

/// Each node as the text that its span covers.
#[test]
fn spans_cover_what_the_documentation_says() {
    fn walk(node: &Node, text: &str, out: &mut Vec<String>) {
        out.push(format!("{:?}", &text[node.span.range()]));
        for item in node.as_sequence().unwrap_or_default() {
            walk(item, text, out);
        }
        for entry in node.as_mapping().into_iter().flatten() {
            walk(&entry.value, text, out);
        }
    }
    let text = "# c\na: \"q\" # c\nb:\n- x: |\n    t\n\n    u\n\n  y: [1, {z: 2}] \n-\nc: &n é\nd: *n\ne:\n";
    let mut out = Vec::new();
    walk(&read(text), text, &mut out);
    assert_eq!(
        out,
        [
            r#""a: \"q\" # c\nb:\n- x: |\n    t\n\n    u\n\n  y: [1, {z: 2}] \n-\nc: &n é\nd: *n\ne:""#,
            r#""\"q\"""#,
            r#""- x: |\n    t\n\n    u\n\n  y: [1, {z: 2}] \n-""#,
            r#""x: |\n    t\n\n    u\n\n  y: [1, {z: 2}]""#,
            r#""t\n\n    u""#,
            r#""[1, {z: 2}]""#,
            r#""1""#,
            r#""{z: 2}""#,
            r#""2""#,
            r#""""#,
            r#""é""#,
            r#""*n""#,
            r#""""#,
        ]
    );
}
