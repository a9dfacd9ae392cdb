//! Whether a value is what a schema of the OpenAPI document says, as a strict client would want it.
//!
//! As much of JSON Schema as the document uses. Stricter in one thing: a property that no schema names is an error,
//! unless the schema is of any object.

use std::collections::BTreeSet;

use serde_json::Value;

/// A document that schemas are looked up in.
pub(crate) struct Schemas<'a>(pub(crate) &'a Value);

impl Schemas<'_> {
    /// What a reference leads to, or what is no reference.
    pub(crate) fn resolve(&self, value: &Value) -> Value {
        match value["$ref"].as_str() {
            Some(place) => self.0.pointer(&place[1..]).unwrap_or_else(|| panic!("no {place}")).clone(),
            None => value.clone(),
        }
    }

    /// What is wrong with a value, each with its place; nothing if it is as the schema says.
    pub(crate) fn errors(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        self.check("", schema, value, &mut errors);
        let known = |schema: &Value| self.properties(schema);
        self.unknown("", schema, value, &known, &mut errors);
        errors
    }

    fn check(&self, at: &str, schema: &Value, value: &Value, errors: &mut Vec<String>) {
        let schema = self.resolve(schema);
        let types: Vec<_> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect(),
        };
        if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
            errors.push(format!("{at}: {value} is no {types:?}"));
            return;
        }
        if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
            errors.push(format!("{at}: {value} is none of {}", schema["enum"]));
        }
        let each = |name: &str| schema[name].as_array().cloned().unwrap_or_default();
        for part in each("allOf") {
            self.check(at, &part, value, errors);
        }
        for name in ["oneOf", "anyOf"] {
            let fits = |choice: &Value| {
                let mut errors = Vec::new();
                self.check(at, choice, value, &mut errors);
                errors.is_empty()
            };
            let choices = each(name);
            if !choices.is_empty() && !choices.iter().any(fits) {
                errors.push(format!("{at}: {value} fits none of {name}"));
            }
        }
        if let Some(object) = value.as_object() {
            for name in each("required").iter().filter_map(Value::as_str) {
                if !object.contains_key(name) {
                    errors.push(format!("{at}: no {name}"));
                }
            }
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                if let Some(value) = object.get(name) {
                    self.check(&format!("{at}/{name}"), schema, value, errors);
                }
            }
        }
        if let (Some(items), false) = (value.as_array(), schema["items"].is_null()) {
            for (index, item) in items.iter().enumerate() {
                self.check(&format!("{at}/{index}"), &schema["items"], item, errors);
            }
        }
    }

    /// The properties that a schema names, through all of its parts; `None` if it is of any object.
    fn properties(&self, schema: &Value) -> Option<BTreeSet<String>> {
        let schema = self.resolve(schema);
        let mut names: BTreeSet<String> =
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let mut found = !names.is_empty();
        for part in ["allOf", "oneOf", "anyOf"] {
            for part in schema[part].as_array().into_iter().flatten() {
                if let Some(more) = self.properties(part) {
                    names.extend(more);
                    found = true;
                }
            }
        }
        found.then_some(names)
    }

    fn unknown(
        &self,
        at: &str,
        schema: &Value,
        value: &Value,
        known: &dyn Fn(&Value) -> Option<BTreeSet<String>>,
        errors: &mut Vec<String>,
    ) {
        match value {
            Value::Object(object) => {
                let Some(names) = known(schema) else { return };
                for (name, value) in object {
                    match names.contains(name) {
                        false => errors.push(format!("{at}: nothing says {name}")),
                        true => {
                            let schema = self.property(schema, name).unwrap_or_default();
                            self.unknown(&format!("{at}/{name}"), &schema, value, known, errors);
                        }
                    }
                }
            }
            Value::Array(items) => {
                let schema = self.resolve(schema)["items"].clone();
                for (index, item) in items.iter().enumerate() {
                    self.unknown(&format!("{at}/{index}"), &schema, item, known, errors);
                }
            }
            _ => {}
        }
    }

    /// The schema of a property, wherever in the parts of a schema it stands.
    fn property(&self, schema: &Value, name: &str) -> Option<Value> {
        let schema = self.resolve(schema);
        if let Some(found) = schema["properties"].get(name) {
            return Some(found.clone());
        }
        let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|part| schema[part].as_array()).flatten();
        parts.into_iter().find_map(|part| self.property(part, name))
    }
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn a_value_that_is_otherwise_than_its_schema_is_told() {
    let document = serde_json::json!({ "components": { "schemas": {
        "State": { "type": "string", "enum": ["open", "closed"] },
        "Offer": { "type": "object", "required": ["id", "state"], "properties": {
            "id": { "type": "integer" }, "state": { "$ref": "#/components/schemas/State" },
        } },
        "OfferView": { "allOf": [{ "$ref": "#/components/schemas/Offer" }, { "type": "object", "properties": {
            "title": { "oneOf": [{ "type": "null" }, { "type": "string" }] },
        } }] },
    } } });
    let errors =
        |value| Schemas(&document).errors(&document["components"]["schemas"]["OfferView"], &value).len();
    assert_eq!(errors(serde_json::json!({ "id": 1, "state": "open", "title": null })), 0);
    for (wrong, count) in [
        (serde_json::json!({ "id": 1, "state": "Open" }), 1),
        (serde_json::json!({ "id": "1", "state": "open", "title": 7 }), 2),
        (serde_json::json!({ "state": "open", "more": 1 }), 2),
        (serde_json::json!([]), 2),
    ] {
        assert_eq!(errors(wrong.clone()), count, "{wrong}");
    }
}
