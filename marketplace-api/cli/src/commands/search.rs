//! `wonbon search`: the catalogue of the service, and metadata documents by hash.

use wonbon_primitives::Digest;

use crate::context::Context;
use crate::metadata::Document;
use crate::output::table::clean;

/// The metadata document with this hash, if the service has it and the hash is right.
pub async fn document(_context: &Context, _hash: &Digest) -> Option<Document> {
    None
}

/// What a document says, as lines.
pub fn document_fields(document: Option<&Document>) -> Vec<(&'static str, String)> {
    let Some(document) = document else { return Vec::new() };
    let mut lines = vec![("title", document.title.clone())];
    if !document.description.is_empty() {
        lines.push(("description", document.description.clone()));
    }
    if !document.keywords.is_empty() {
        lines.push(("keywords", document.keywords.join(", ")));
    }
    lines.push(("file", format!("{} ({})", document.file_name, document.media_type)));
    if let Some(rows) = document.profile.rows {
        lines.push(("rows", crate::output::units::thousands(rows.into())));
    }
    for warning in &document.profile.warnings {
        lines.push(("note", clean(warning)));
    }
    lines
}

/// The columns that a document describes.
pub fn profile_table(document: Option<&Document>) -> String {
    document.map(|document| super::local::columns(&document.profile)).unwrap_or_default()
}
