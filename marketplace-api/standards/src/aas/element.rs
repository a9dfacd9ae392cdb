//! Submodel elements in AAS JSON, within the metamodel's bounds on lengths.

use crate::text::clip;
use serde_json::{json, Value};

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

/// A property of type `xs:string`; without a value where it is not known.
pub(super) fn property(name: &str, semantic: &str, value: Option<String>) -> Value {
    let mut property = json!({
        "modelType": "Property",
        "idShort": name,
        "semanticId": external(semantic),
        "valueType": "xs:string",
    });
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        property["value"] = json!(value);
    }
    property
}

/// A text in several languages.
pub(super) fn multilingual(name: &str, semantic: &str, texts: &[(&str, String)]) -> Value {
    let texts: Vec<_> = texts
        .iter()
        .map(|(language, text)| json!({"language": language, "text": clip(text, LANGUAGE_TEXT)}))
        .collect();
    json!({
        "modelType": "MultiLanguageProperty",
        "idShort": name,
        "semanticId": external(semantic),
        "value": texts,
    })
}

/// A reference as an element.
pub(super) fn reference_element(name: &str, semantic: &str, keys: &[(&str, &str)]) -> Value {
    json!({
        "modelType": "ReferenceElement",
        "idShort": name,
        "semanticId": external(semantic),
        "value": model(keys),
    })
}

/// A collection of elements, of which there must be at least one.
pub(super) fn collection(name: &str, semantic: &str, elements: Vec<Value>) -> Value {
    json!({
        "modelType": "SubmodelElementCollection",
        "idShort": name,
        "semanticId": external(semantic),
        "value": elements,
    })
}
