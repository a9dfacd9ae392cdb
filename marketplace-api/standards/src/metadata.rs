//! What a metadata document of layout `wonbon/metadata/1` says, for a record.
//!
//! The document is its author's. What is missing or of another type than expected is left out, and the rest stands.

use crate::record::{About, Column, ColumnKind, Document, Scalar};
use serde_json::Value;
use wonbon_primitives::{id::from_hex, Digest};

/// The layout that is read.
pub const SCHEMA: &str = "wonbon/metadata/1";

/// Reads a document; `None` if it is of another layout.
pub fn read(document: &Value) -> Option<About> {
    if document["schema"] != SCHEMA {
        return None;
    }
    let text = |name: &str| document[name].as_str().map(str::to_owned);
    let keywords = document["keywords"].as_array().into_iter().flatten();
    let profile = &document["profile"];
    let columns = profile["columns"].as_array().into_iter().flatten();
    Some(About {
        title: text("title"),
        description: text("description"),
        keywords: keywords.filter_map(Value::as_str).map(str::to_owned).collect(),
        language: text("language"),
        media_type: text("media_type"),
        file_name: text("file_name"),
        sha256: digest(&document["sha256"]),
        licence: reference(&document["licence"]),
        nda: reference(&document["nda"]),
        rows: profile["rows"].as_u64(),
        columns: columns.filter_map(column).collect(),
    })
}

fn reference(value: &Value) -> Option<Document> {
    let title = value["title"].as_str().map(str::to_owned);
    Some(Document { title, sha256: digest(&value["sha256"])? })
}

fn column(value: &Value) -> Option<Column> {
    Some(Column {
        name: value["name"].as_str()?.to_owned(),
        kind: ColumnKind::from_word(value["type"].as_str().unwrap_or_default()),
        unit: value["unit"].as_str().map(str::to_owned),
        min: Scalar::from_json(&value["min"]),
        max: Scalar::from_json(&value["max"]),
        missing: value["missing"].as_u64(),
        distinct: value["distinct"].as_u64(),
    })
}

fn digest(value: &Value) -> Option<Digest> {
    from_hex(value.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_is_read_as_far_as_it_goes() {
        let document = json!({
            "schema": SCHEMA, "title": "밀링", "keywords": ["a", 1, "b"], "language": 7, "length": 3,
            "licence": {"title": "L", "sha256": "ab".repeat(32)}, "nda": {"title": "N", "sha256": "short"},
            "profile": {"rows": 2, "columns": [
                {"name": "온도", "type": "number", "unit": "°C", "min": -0.5, "max": 1e21, "missing": 1},
                {"type": "text"}, 5, {"name": "x", "type": "new", "min": [1], "max": true}]},
        });
        let about = read(&document).unwrap();
        assert_eq!(about.title.as_deref(), Some("밀링"));
        assert_eq!(about.keywords, ["a", "b"]);
        assert_eq!((about.language, about.rows), (None, Some(2)));
        assert!(about.licence.is_some() && about.nda.is_none());
        assert_eq!(about.columns.len(), 2);
        assert_eq!(about.columns[0].min, Some(Scalar::Number(-0.5)));
        assert_eq!((about.columns[1].kind, &about.columns[1].min), (ColumnKind::Text, &None));
        for other in [json!(null), json!([]), json!({"schema": "wonbon/metadata/2"}), json!({"title": "x"})] {
            assert!(read(&other).is_none());
        }
    }
}
