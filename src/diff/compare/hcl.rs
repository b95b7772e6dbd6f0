//! OpenTofu's language as a plain value, for comparison.

use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use serde_json::{Map, Number, Value};

/// Blocks without labels of which there is one, so that no position stands in their path.
const SINGLE: [&str; 6] = ["terraform", "locals", "lifecycle", "required_providers", "timeouts", "metadata"];

/// Reads a `.tf` or `.tfvars` text; `None` for what is no HCL, or says an attribute twice.
///
/// Blocks stand under their type and labels, those without labels in a list; attributes under their names. Literals are
/// values. Other expressions are their text within `${}`, and templates what stands between the quotes, as in OpenTofu's
/// own JSON form; so in literals `${` is written `$${`. Comments and layout are lost.
pub(super) fn value(text: &str) -> Option<Value> {
    let body = hcl_edit::parser::parse_body(text).ok()?;
    self::body(&body).map(Value::Object)
}

fn body(body: &Body) -> Option<Map<String, Value>> {
    let mut map = Map::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                if map.insert(attribute.key.as_str().to_owned(), expression(&attribute.value)).is_some() {
                    return None;
                }
            }
            Structure::Block(block) => add_block(&mut map, block)?,
        }
    }
    Some(map)
}

fn add_block(map: &mut Map<String, Value>, block: &Block) -> Option<()> {
    let kind = block.ident.as_str();
    let content = Value::Object(body(&block.body)?);
    let mut place = map.entry(kind).or_insert(Value::Null);
    for label in &block.labels {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = place.as_object_mut()?.entry(label.as_str()).or_insert(Value::Null);
    }
    let single = !block.labels.is_empty() || SINGLE.contains(&kind);
    match place {
        Value::Null if single => *place = content,
        Value::Null => *place = Value::Array(vec![content]),
        Value::Array(items) => items.push(content),
        // A second one of a name: both go into a list.
        Value::Object(_) => {
            let first = place.take();
            *place = Value::Array(vec![first, content]);
        }
        _ => return None,
    }
    Some(())
}

fn expression(value: &Expression) -> Value {
    match value {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => Value::Bool(*value.value()),
        Expression::Number(number) => {
            self::number(&number.value().to_string()).unwrap_or_else(|| code(value))
        }
        Expression::String(text) => Value::String(escaped(text.as_str())),
        Expression::Array(items) => items.iter().map(expression).collect(),
        Expression::Object(entries) => object(entries).map_or_else(|| code(value), Value::Object),
        Expression::StringTemplate(_) => {
            let text = value.to_string();
            let text = text.trim();
            Value::from(text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text))
        }
        Expression::HeredocTemplate(heredoc) => Value::from(heredoc.template.to_string()),
        _ => code(value),
    }
}

/// A number, where a double or a 64-bit integer says it exactly.
fn number(text: &str) -> Option<Value> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let exact = digits <= 15 || (digits <= 18 && text.bytes().all(|byte| byte.is_ascii_digit()));
    let number: Number = text.parse().ok()?;
    exact.then_some(Value::Number(number))
}

/// `None` where a key is an expression of its own, or stands twice.
fn object(entries: &Object) -> Option<Map<String, Value>> {
    let mut map = Map::new();
    for (key, value) in entries {
        let key = match key {
            ObjectKey::Ident(ident) => ident.as_str().to_owned(),
            ObjectKey::Expression(Expression::String(text)) => escaped(text.as_str()),
            ObjectKey::Expression(Expression::Variable(name)) => name.as_str().to_owned(),
            ObjectKey::Expression(_) => return None,
        };
        if map.insert(key, expression(value.expr())).is_some() {
            return None;
        }
    }
    Some(map)
}

fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// The text of an expression, as it would stand in a template.
fn code(value: &Expression) -> Value {
    let text = value.to_string();
    let text = text.trim();
    // White space counts within quotes and here-documents alone.
    if text.contains('"') || text.contains("<<") || text.contains(['#', '/']) {
        return Value::String(format!("${{{text}}}"));
    }
    Value::String(format!("${{{}}}", text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_stand_under_their_labels_and_expressions_are_text() {
        let text = r#"
            # a comment
            terraform { required_version = ">= 1.6" }
            variable "size" {
              type    = string
              default = "small"
            }
            resource "aws_db_instance" "main" {
              engine            = "postgres"
              instance_class    = var.size
              allocated_storage = 20
              name              = "db-${var.name}"
              literal           = "$${x}"
              tags              = { owner = "payments", "a b" = 1 }
              subnets           = [var.a, "b"]
              count             = var.on   ? 1 :  0
              ingress { port = 1 }
              ingress { port = 2 }
              lifecycle { prevent_destroy = true }
              policy            = <<-EOT
                text
              EOT
            }
        "#;
        assert_eq!(
            value(text),
            Some(json!({
                "terraform": {"required_version": ">= 1.6"},
                "variable": {"size": {"type": "${string}", "default": "small"}},
                "resource": {"aws_db_instance": {"main": {
                    "engine": "postgres",
                    "instance_class": "${var.size}",
                    "allocated_storage": 20,
                    "name": "db-${var.name}",
                    "literal": "$${x}",
                    "tags": {"owner": "payments", "a b": 1},
                    "subnets": ["${var.a}", "b"],
                    "count": "${var.on ? 1 : 0}",
                    "ingress": [{"port": 1}, {"port": 2}],
                    "lifecycle": {"prevent_destroy": true},
                    "policy": "text\n",
                }}},
            }))
        );
    }

    #[test]
    fn what_is_no_hcl_or_says_something_twice_is_refused() {
        assert_eq!(value("a = "), None);
        assert_eq!(value("a = 1\na = 2\n"), None);
        assert_eq!(value("a = 1\na {}\n"), None);
        assert_eq!(value("a = 12345678901234567890123\n"), Some(json!({"a": "${12345678901234567890123}"})));
    }

    /// Promise 1.
    #[test]
    fn deep_expressions_end() {
        for text in [
            "[".repeat(100_000),
            "!".repeat(100_000),
            "a?".repeat(50_000),
            "(".repeat(100_000),
            "-".repeat(100_000),
        ] {
            assert_eq!(value(&format!("a = {text}")), None);
        }
        assert_eq!(value(&"a {\n".repeat(50_000)), None);
    }
}
