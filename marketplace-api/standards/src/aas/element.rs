//! Submodel elements in AAS JSON, within the metamodel's bounds on lengths.

use crate::text::{clip, filled};
use serde_json::{json, Value};
use wonbon_model::json::without_absent;

/// Longest text of a language string.
const LANGUAGE_TEXT: usize = 1023;

/// A reference to something outside the environment.
pub(super) fn external(value: &str) -> Value {
    json!({"type": "ExternalReference", "keys": [{"type": "GlobalReference", "value": value}]})
}

/// A reference to something in an environment, by its keys.
pub(super) fn model(keys: &[(&str, &str)]) -> Value {
    let keys: Vec<_> = keys.iter().map(|(kind, value)| json!({"type": kind, "value": value})).collect();
    json!({"type": "ModelReference", "keys": keys})
}

/// An element of the template.
fn element(kind: &str, name: &str, semantic: &str, value: Value) -> Value {
    json!({"modelType": kind, "idShort": name, "semanticId": external(semantic), "value": value})
}

/// A property of type `xs:string`; without a value where it is not known.
pub(super) fn property(name: &str, semantic: &str, value: Option<String>) -> Value {
    let mut property = element("Property", name, semantic, json!(value.and_then(filled)));
    property["valueType"] = json!("xs:string");
    without_absent(&property)
}

/// A text in several languages.
pub(super) fn multilingual(name: &str, semantic: &str, texts: &[(&str, String)]) -> Value {
    let text =
        |(language, text): &(&str, String)| json!({"language": language, "text": clip(text, LANGUAGE_TEXT)});
    element("MultiLanguageProperty", name, semantic, texts.iter().map(text).collect())
}

/// A reference as an element.
pub(super) fn reference_element(name: &str, semantic: &str, keys: &[(&str, &str)]) -> Value {
    element("ReferenceElement", name, semantic, model(keys))
}

/// A collection of elements, of which there must be at least one.
pub(super) fn collection(name: &str, semantic: &str, elements: Vec<Value>) -> Value {
    element("SubmodelElementCollection", name, semantic, elements.into())
}
