//! What a metadata document of layout `wonbon/metadata/1` holds.
//!
//! Fields that this service does not know are allowed: the document belongs to its author, and its hash is what
//! counts. What is known must have the right type and a sensible size.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wonbon_model::Hash;

/// The layout that this service reads.
pub const SCHEMA: &str = "wonbon/metadata/1";

/// Most columns in a profile.
const COLUMNS: usize = 4096;
/// Longest short text, in characters.
const SHORT: usize = 300;
/// Longest description, in characters.
const LONG: usize = 20_000;

/// A metadata document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Metadata {
    /// `wonbon/metadata/1`.
    pub schema: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Language of the data, e.g. `ko`.
    #[serde(default)]
    pub language: Option<String>,
    /// Media type of the file.
    #[serde(default)]
    pub media_type: Option<String>,
    /// Name of the file.
    #[serde(default)]
    pub file_name: Option<String>,
    /// Bytes of the file.
    pub length: u64,
    /// The licence.
    #[serde(default)]
    pub licence: Option<TextReference>,
    /// The non-disclosure agreement.
    #[serde(default)]
    pub nda: Option<TextReference>,
    /// What the file holds.
    #[serde(default)]
    pub profile: Option<Profile>,
}

/// A text by its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TextReference {
    /// Title.
    pub title: String,
    /// SHA-256 of the text.
    pub sha256: Hash,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// `csv`, `parquet` or `other`.
    pub format: String,
    /// `cp949`, if the text is not UTF-8.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Rows.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Columns.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What was odd about the file.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// Name.
    pub name: String,
    /// `integer`, `number`, `text`, `boolean`, `timestamp` or `empty`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Missing values.
    #[serde(default)]
    pub missing: Option<u64>,
    /// Smallest value.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub min: Option<Value>,
    /// Largest value.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub max: Option<Value>,
    /// Distinct values.
    #[serde(default)]
    pub distinct: Option<u64>,
}

/// Reads a document; says which field is wrong.
pub fn read(document: Value) -> Result<Metadata, String> {
    let metadata: Metadata = serde_json::from_value(document).map_err(|error| error.to_string())?;
    if metadata.schema != SCHEMA {
        return Err(format!("`schema` is not {SCHEMA:?}"));
    }
    text("title", &metadata.title, 1, SHORT)?;
    text("description", &metadata.description, 0, LONG)?;
    if metadata.keywords.len() > 64 {
        return Err("`keywords` has more than 64 entries".into());
    }
    for keyword in &metadata.keywords {
        text("keywords", keyword, 1, SHORT)?;
    }
    let short = [
        ("language", &metadata.language),
        ("media_type", &metadata.media_type),
        ("file_name", &metadata.file_name),
    ];
    for (name, value) in short {
        text(name, value.as_deref().unwrap_or_default(), 0, SHORT)?;
    }
    for reference in [&metadata.licence, &metadata.nda].into_iter().flatten() {
        text("title of a text", &reference.title, 0, SHORT)?;
    }
    if let Some(profile) = &metadata.profile {
        if !["csv", "parquet", "other"].contains(&profile.format.as_str()) {
            return Err("`profile.format` is none of csv, parquet, other".into());
        }
        if profile.columns.len() > COLUMNS {
            return Err(format!("`profile.columns` has more than {COLUMNS} entries"));
        }
        const KINDS: [&str; 6] = ["integer", "number", "text", "boolean", "timestamp", "empty"];
        for column in &profile.columns {
            if !KINDS.contains(&column.kind.as_str()) {
                return Err(format!(
                    "the type of a column in `profile.columns` is none of {}",
                    KINDS.join(", ")
                ));
            }
        }
    }
    Ok(metadata)
}

fn text(name: &str, value: &str, least: usize, most: usize) -> Result<(), String> {
    match value.chars().count() {
        count if count < least => Err(format!("`{name}` is empty")),
        count if count > most => Err(format!("`{name}` has {count} characters, at most {most} are allowed")),
        _ => Ok(()),
    }
}
