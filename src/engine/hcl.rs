//! Values as literals of HCL, the language of OpenTofu.

use macadam_yaml::{Node, Value};

/// Returns a value as an HCL expression on one line. No text in it can start an interpolation or a directive.
pub(super) fn literal(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => quoted(text, out),
        Value::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Value::Mapping(map) if map.is_empty() => out.push_str("{}"),
        Value::Mapping(map) => {
            out.push_str("{ ");
            for (index, entry) in map.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                quoted(&entry.key, out);
                out.push_str(" = ");
                write(&entry.value, out);
            }
            out.push_str(" }");
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '$' | '%' if characters.peek() == Some(&'{') => {
                out.extend([character, character]);
            }
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if hidden.is_control() || matches!(hidden, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", hidden as u32));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use macadam_yaml::Span;

    use super::*;

    #[test]
    fn text_cannot_start_a_template() {
        let hcl = |text: &str| literal(&Node::string(Span::default(), text));
        assert_eq!(hcl("%{%${path.module}"), r#""%%{%$${path.module}""#);
        assert_eq!(hcl("$${a}"), r#""$$${a}""#);
        assert_eq!(hcl("$$ {a} % {"), r#""$$ {a} % {""#);
        assert_eq!(hcl("a\"b\\\n\u{7f}\u{feff}"), r#""a\"b\\\n\u007f\ufeff""#);
    }
}
