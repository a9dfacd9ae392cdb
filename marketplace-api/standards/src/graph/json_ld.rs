//! JSON-LD 1.1: compact names over a context of prefixes, so that no reader needs to fetch a context.

use super::{Object, Resource, PREFIXES};
use serde_json::{json, Map, Value};

/// The resource, with everything that it holds, as a document.
pub(crate) fn json_ld(resource: &Resource) -> Value {
    let mut document = node(resource);
    let context: Map<String, Value> =
        PREFIXES.iter().map(|(prefix, iri)| ((*prefix).to_owned(), json!(iri))).collect();
    document.insert("@context".into(), Value::Object(context));
    Value::Object(document)
}

fn node(resource: &Resource) -> Map<String, Value> {
    let mut node = Map::new();
    if let Some(id) = &resource.id {
        node.insert("@id".into(), json!(id.as_str()));
    }
    // Of what is stated once there is one value, and of what is stated more often a list.
    let mut add = |name: &str, value: Value| match node.get_mut(name) {
        None => drop(node.insert(name.to_owned(), value)),
        Some(Value::Array(values)) => values.push(value),
        Some(one) => *one = json!([one.take(), value]),
    };
    for kind in &resource.types {
        add("@type", json!(kind));
    }
    for (name, object) in &resource.properties {
        add(name, value(object));
    }
    node
}

fn value(object: &Object) -> Value {
    match object {
        Object::Iri(iri) => json!({"@id": iri.as_str()}),
        Object::Name(name) => json!({"@id": name}),
        Object::Text(text, None) => json!(text),
        Object::Text(text, Some(language)) => json!({"@value": text, "@language": language}),
        Object::Typed(text, datatype) => json!({"@value": text, "@type": datatype}),
        Object::Resource(resource) => Value::Object(node(resource)),
    }
}
