//! The bytes of an object: canonical order, canonical YAML, a comment that names its source.

use std::cmp::Ordering;

use macadam_yaml::{Entry, Node, Value, write_yaml};

/// Keys that come first in every map, in this order.
const FIRST: [&str; 5] = ["apiVersion", "kind", "metadata", "name", "namespace"];

/// Puts a tree into canonical form, in place.
///
/// In every map `apiVersion`, `kind`, `metadata`, `name` and `namespace` come first, the other keys in the order of
/// their bytes. Entries that are null go, as Kubernetes takes null for absent; nulls in lists stay. Lists keep their
/// order.
pub fn canonicalize(node: &mut Node) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(canonicalize),
        Value::Mapping(map) => {
            if map.iter().any(|entry| entry.value.is_null()) {
                map.retain(|entry| !entry.value.is_null());
            }
            map.sort_by(order);
            for entry in map {
                canonicalize(&mut entry.value);
            }
        }
        _ => {}
    }
}

fn order(left: &Entry, right: &Entry) -> Ordering {
    rank(&left.key).cmp(&rank(&right.key)).then_with(|| left.key.cmp(&right.key))
}

fn rank(key: &str) -> usize {
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

/// Returns the bytes of a file: a comment line, then the YAML of a tree. They end with one line feed.
pub fn file(header: &str, node: &Node) -> Vec<u8> {
    let mut text = String::with_capacity(2048);
    text.push_str("# ");
    text.extend(header.chars().map(|character| if shows(character) { character } else { '?' }));
    text.push('\n');
    write_yaml(node, &mut text, 0);
    text.push('\n');
    text.into_bytes()
}

/// Whether a character may stand in a comment: nothing that ends the line for some reader, or hides what is there.
fn shows(character: char) -> bool {
    let hidden = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e0fff}'
    );
    !hidden && !character.is_control() && (character as u32) & 0xfffe != 0xfffe
}

#[cfg(test)]
mod tests {
    use macadam_yaml::{FileId, Limits, Resolution};

    use super::*;

    fn emitted(text: &str) -> String {
        let mut node =
            macadam_yaml::parse(text.as_bytes(), FileId(0), Resolution::Kubernetes, &Limits::default())
                .unwrap();
        canonicalize(&mut node);
        String::from_utf8(file("here", &node)).unwrap()
    }

    #[test]
    fn keys_have_one_order_and_nulls_go() {
        let text = "spec: {b: 1, a: null, name: x, l: [3, null, {z: 1, kind: q}]}\nmetadata: {namespace: s, labels: {b: '1', a: 'yes'}, name: m}\nkind: K\napiVersion: v1";
        insta::assert_snapshot!(emitted(text), @r#"
        # here
        apiVersion: v1
        kind: K
        metadata:
          name: m
          namespace: s
          labels:
            a: "yes"
            b: "1"
        spec:
          name: x
          b: 1
          l:
          - 3
          - null
          - kind: q
            z: 1
        "#);
    }

    #[test]
    fn a_header_is_one_line() {
        let node = Node::int(macadam_yaml::Span::default(), 1);
        let bytes = file("a\nkind: Evil\u{2028}\u{85}\r\u{202e}\u{e0041}é", &node);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "# a?kind: Evil??????é\n1\n".replace("Evil??????", "Evil?????")
        );
    }
}
