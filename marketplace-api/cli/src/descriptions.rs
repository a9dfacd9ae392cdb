//! What sellers say about datasets: metadata documents, from the service and checked against the chain's hash.

use std::time::Duration;

use wonbon_client::service::Service;
use wonbon_model::metadata::Metadata;
use wonbon_model::unambiguous;
use wonbon_model::words::amount;
use wonbon_primitives::Digest;
use wonbon_profile::{Profile, Scalar};

use crate::context::Context;
use crate::output::table::Table;

/// The metadata document with this hash, if the service has it and the hash is right. Its absence is no
/// failure: what counts is on the chain.
pub async fn document(context: &Context, hash: &Digest) -> Option<Metadata> {
    document_or(context, hash, "").await
}

/// The same; what its absence means is said in the note about it.
pub async fn document_or(context: &Context, hash: &Digest, absent: &str) -> Option<Metadata> {
    let service = context.catalogue().ok()?;
    let found = tokio::time::timeout(Duration::from_secs(5), fetch(&service, hash)).await.ok().flatten();
    if found.is_none() {
        let (out, service) = (&context.out, &context.global.service);
        out.note(format!("(the service {service} has no readable description of this dataset{absent})"));
    }
    found
}

/// What a document says, as lines.
pub fn document_fields(document: Option<&Metadata>) -> Vec<(&'static str, String)> {
    let Some(document) = document else { return Vec::new() };
    let mut lines = vec![("title", document.title.clone())];
    if !document.description.is_empty() {
        lines.push(("description", document.description.clone()));
    }
    if !document.keywords.is_empty() {
        lines.push(("keywords", document.keywords.join(", ")));
    }
    if let Some(name) = &document.file_name {
        let kind = document.media_type.as_ref().map(|kind| format!(" ({kind})"));
        lines.push(("file", format!("{name}{}", kind.unwrap_or_default())));
    }
    if let Some(profile) = &document.profile {
        lines.extend(profile.rows.map(|rows| ("rows", amount::number(rows))));
        lines.extend(profile.warnings.iter().map(|warning| ("note", warning.clone())));
    }
    lines
}

/// The same from a service that is at hand, without a word about what is missing.
pub async fn fetch(service: &Service, hash: &Digest) -> Option<Metadata> {
    let bytes = service.metadata(hash).await.ok()?;
    Metadata::salvage(&unambiguous::from_slice(&bytes).ok()?)
}

/// The columns of a profile as a table.
pub fn columns(profile: &Profile) -> String {
    if profile.columns.is_empty() {
        return String::new();
    }
    let rows = profile.columns.iter().map(|column| {
        let end = |end: &Option<Scalar>| end.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            column.name.clone(),
            column.kind.word().to_owned(),
            column.missing.map(amount::number).unwrap_or_default(),
            column.distinct.map(amount::number).unwrap_or_default(),
            end(&column.min),
            end(&column.max),
        ]
    });
    Table::new(["COLUMN", "TYPE", "MISSING>", "DISTINCT>", "MIN>", "MAX>"], rows).to_string()
}

/// The columns that a document describes.
pub fn profile_table(document: Option<&Metadata>) -> String {
    document.and_then(|document| document.profile.as_ref()).map(columns).unwrap_or_default()
}
