//! Reads documents: strictly, for who keeps them, or as far as they go, for who shows what others keep.

use super::{
    Column, ColumnType, Metadata, Profile, Scalar, TextReference, MAX_COLUMNS, MAX_DESCRIPTION, MAX_KEYWORD,
    MAX_KEYWORDS, MAX_NAME, MAX_TITLE, SCHEMA,
};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::Value;
use thiserror::Error;

/// Which field of a document is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct BadMetadata(String);

impl Metadata {
    /// Reads a document of the known layout; says which field is wrong.
    pub fn read(document: Value) -> Result<Self, BadMetadata> {
        let metadata: Self =
            serde_json::from_value(document).map_err(|error| BadMetadata(error.to_string()))?;
        metadata.check()?;
        Ok(metadata)
    }

    /// What can be read of a document; `None` if it is of another layout. What is missing, or of another type than
    /// expected, is left empty, and the rest stands; the type of a column that is not known is text, which any value
    /// is.
    pub fn salvage(document: &Value) -> Option<Self> {
        if document["schema"] != SCHEMA {
            return None;
        }
        let profile = document["profile"].as_object().map(|_| &document["profile"]);
        Some(Self {
            schema: SCHEMA.into(),
            title: field(document, "title").unwrap_or_default(),
            description: field(document, "description").unwrap_or_default(),
            keywords: list(document, "keywords", |value| String::deserialize(value).ok()),
            language: field(document, "language"),
            media_type: field(document, "media_type"),
            file_name: field(document, "file_name"),
            length: field(document, "length").unwrap_or_default(),
            sha256: field(document, "sha256"),
            licence: reference(&document["licence"]),
            nda: reference(&document["nda"]),
            profile: profile.map(|profile| Profile {
                format: field(profile, "format").unwrap_or_default(),
                encoding: field(profile, "encoding"),
                delimiter: field(profile, "delimiter"),
                rows_are_lines: field(profile, "rows_are_lines"),
                rows: field(profile, "rows"),
                columns: list(profile, "columns", column),
                warnings: list(profile, "warnings", |value| String::deserialize(value).ok()),
            }),
        })
    }

    /// Whether everything has a sensible size.
    fn check(&self) -> Result<(), BadMetadata> {
        if self.schema != SCHEMA {
            return Err(BadMetadata(format!("`schema` is not {SCHEMA:?}")));
        }
        text("title", &self.title, 1, MAX_TITLE)?;
        text("description", &self.description, 0, MAX_DESCRIPTION)?;
        if self.keywords.len() > MAX_KEYWORDS {
            return Err(BadMetadata(format!("`keywords` has more than {MAX_KEYWORDS} entries")));
        }
        for keyword in &self.keywords {
            text("keywords", keyword, 1, MAX_KEYWORD)?;
        }
        let names =
            [("language", &self.language), ("media_type", &self.media_type), ("file_name", &self.file_name)];
        for (name, value) in names {
            text(name, value.as_deref().unwrap_or_default(), 0, MAX_NAME)?;
        }
        for reference in [&self.licence, &self.nda].into_iter().flatten() {
            text("title of a text", &reference.title, 0, MAX_TITLE)?;
        }
        if self.profile.as_ref().is_some_and(|profile| profile.columns.len() > MAX_COLUMNS) {
            return Err(BadMetadata(format!("`profile.columns` has more than {MAX_COLUMNS} entries")));
        }
        Ok(())
    }
}

fn text(name: &str, value: &str, least: usize, most: usize) -> Result<(), BadMetadata> {
    match value.chars().count() {
        count if count < least => Err(BadMetadata(format!("`{name}` is empty"))),
        count if count > most => {
            Err(BadMetadata(format!("`{name}` has {count} characters, at most {most} are allowed")))
        }
        _ => Ok(()),
    }
}

fn field<T: DeserializeOwned>(object: &Value, name: &str) -> Option<T> {
    T::deserialize(object.get(name)?).ok()
}

fn list<T>(object: &Value, name: &str, read: fn(&Value) -> Option<T>) -> Vec<T> {
    object[name].as_array().into_iter().flatten().filter_map(read).collect()
}

fn reference(value: &Value) -> Option<TextReference> {
    Some(TextReference { title: field(value, "title").unwrap_or_default(), sha256: field(value, "sha256")? })
}

fn column(value: &Value) -> Option<Column> {
    Some(Column {
        name: field(value, "name")?,
        kind: field(value, "type").unwrap_or(ColumnType::Text),
        missing: field(value, "missing"),
        min: Scalar::from_json(&value["min"]),
        max: Scalar::from_json(&value["max"]),
        distinct: field(value, "distinct"),
    })
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
                {"name": "온도", "type": "number", "min": -0.5, "max": 1e21, "missing": 1},
                {"type": "text"}, 5, {"name": "x", "type": "new", "min": [1], "max": true}]},
        });
        let metadata = Metadata::salvage(&document).unwrap();
        let profile = metadata.profile.unwrap();
        assert_eq!(metadata.title, "밀링");
        assert_eq!(metadata.keywords, ["a", "b"]);
        assert_eq!((metadata.language, profile.rows), (None, Some(2)));
        assert!(metadata.licence.is_some() && metadata.nda.is_none());
        assert_eq!(profile.columns.len(), 2);
        assert_eq!(profile.columns[0].min, Some(Scalar::Number(-0.5)));
        assert_eq!((profile.columns[1].kind, &profile.columns[1].min), (ColumnType::Text, &None));
        for other in [json!(null), json!([]), json!({"schema": "wonbon/metadata/2"}), json!({"title": "x"})] {
            assert!(Metadata::salvage(&other).is_none());
        }
    }

    #[test]
    fn a_document_is_read_whole_or_refused() {
        let least = json!({"schema": SCHEMA, "title": "t", "description": "", "keywords": [], "length": 1});
        let metadata = Metadata::read(least.clone()).unwrap();
        assert_eq!((metadata.length, &metadata.profile), (1, &None));
        let wrong = |name: &str, value: Value| {
            let mut document = least.clone();
            document[name] = value;
            Metadata::read(document).unwrap_err().to_string()
        };
        assert_eq!(wrong("schema", json!("x")), "`schema` is not \"wonbon/metadata/1\"");
        assert_eq!(wrong("title", json!("")), "`title` is empty");
        assert_eq!(
            wrong("title", json!("가".repeat(301))),
            "`title` has 301 characters, at most 300 are allowed"
        );
        assert_eq!(wrong("keywords", json!(vec!["x"; 65])), "`keywords` has more than 64 entries");
        assert_eq!(
            wrong("profile", json!({"format": "xml"})),
            "`profile.format`: expected one of csv, parquet, other"
        );
        let columns = json!({"format": "csv", "columns": [{"name": "a", "type": "date"}]});
        assert!(wrong("profile", columns).starts_with("the type of a column in `profile.columns`: expected"));
        let columns = vec![json!({"name": "a", "type": "text"}); MAX_COLUMNS + 1];
        let profile = json!({"format": "csv", "columns": columns});
        assert_eq!(wrong("profile", profile), "`profile.columns` has more than 4096 entries");
        assert!(wrong("licence", json!({"title": "L", "sha256": "x"})).contains("64"));
    }
}
