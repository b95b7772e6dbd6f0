//! Keys as text, as sigs.k8s.io/yaml makes them when it turns YAML into JSON.

use crate::node::Value;
use crate::number::Number;

/// Returns the text of a key, or `None` for what cannot be one: null, lists, maps.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(Number::Int(value)) => Some(value.to_string()),
        Value::Number(Number::UInt(value)) => Some(value.to_string()),
        Value::Number(Number::Float(value)) => Some(float_text(*value)),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`: 32 bits, whatever the float was. Source: `convertToJSONableObject`.
fn float_text(value: f64) -> String {
    let value = value as f32;
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, power)) = scientific.split_once('e') else {
        return scientific;
    };
    let power: i32 = power.parse().unwrap_or_default();
    if (-4..6).contains(&power) {
        return value.to_string();
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", power.abs())
}
