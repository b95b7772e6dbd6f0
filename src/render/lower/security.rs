//! Pod Security: what each profile puts on a pod and its containers.

use serde_json::{Map, Value, json};

use super::settings::{Profile, Settings};

/// The pod's `securityContext`; no user is ever invented.
pub(super) fn pod(settings: &Settings) -> Value {
    let mut object = Map::new();
    if settings.security == Profile::Restricted {
        object.insert("runAsNonRoot".to_owned(), true.into());
    }
    for (name, value) in &settings.identity {
        object.insert((*name).to_owned(), (*value).into());
    }
    if settings.security != Profile::Privileged {
        object.insert("seccompProfile".to_owned(), json!({ "type": "RuntimeDefault" }));
    }
    Value::Object(object)
}

/// A container's `securityContext`; nothing where the profile asks for nothing.
pub(super) fn container(settings: &Settings) -> Option<Value> {
    (settings.security == Profile::Restricted)
        .then(|| json!({ "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } }))
}
