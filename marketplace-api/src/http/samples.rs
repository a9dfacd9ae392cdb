//! Samples over HTTP. Reading is public: they are what a seller shows before anyone buys.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, StatusCode},
    response::Response,
};
use wonbon_model::{AccountId, Hash};

use super::refusals;
use crate::{
    app::App,
    protocol::{
        conditional::{Conditions, Version, PUBLIC},
        extract::{require_content_type, whole_body, PathParam, Verified},
        Problem,
    },
    samples::{Kind, Opened, MAX_BYTES},
    storage::ObjectBody,
};

/// Media type of a sample file.
const MEDIA_TYPE: &str = "application/vnd.wonbon.sample";

async fn put(
    app: &App,
    dataset: Hash,
    account: AccountId,
    kind: Kind,
    request: Request,
) -> Result<StatusCode, Problem> {
    require_content_type(request.headers(), MEDIA_TYPE)?;
    let receiving = app.samples.receive(account, dataset, kind).await?;
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let file = whole_body(request.into_body(), limit).await?;
    let new = receiving.publish(file).await?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::NO_CONTENT })
}

async fn get(app: &App, dataset: Hash, kind: Kind, conditions: &Conditions) -> Result<Response, Problem> {
    let opened = app.samples.open(dataset, kind).await?;
    let Opened { digest, length, source, running } = opened.ok_or_else(|| Problem::not_found("sample"))?;
    let caching = match kind {
        // The owner may exchange it.
        Kind::Chosen => "public, no-cache",
        // It is answered once; the chain has its digest.
        Kind::Fair => PUBLIC,
    };
    let version = Version::new(digest, caching);
    if let Some(answer) = version.check(conditions)? {
        return Ok(answer);
    }
    let name = match kind {
        Kind::Chosen => format!("{dataset}.chosen.wbsamp"),
        Kind::Fair => format!("{dataset}.fair.wbsamp"),
    };
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    version.describe((headers, Body::new(ObjectBody::new(source, 0..length, running))))
}

/// The blocks that the owner of a dataset chose to show, with their proofs
#[utoipa::path(get, path = "/v1/datasets/{id}/samples/chosen", tag = "samples",
    params(("id" = Hash, Path, description = "Dataset"), Conditions), responses(
    (status = 200, description = "The sample file", body = Vec<u8>, content_type = "application/vnd.wonbon.sample"),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::TooMany, refusals::Other))]
pub(super) async fn get_chosen_sample(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    get(&app, id, Kind::Chosen, &conditions).await
}

/// Show blocks of your choice; for the dataset's owner. It takes the place of what was shown before
#[utoipa::path(put, path = "/v1/datasets/{id}/samples/chosen", tag = "samples", security(("token" = [])),
    params(("id" = Hash, Path, description = "Dataset")),
    request_body(content = Vec<u8>, content_type = "application/vnd.wonbon.sample",
        description = "The sample file, of at most 4,096 blocks"), responses(
    (status = 201, description = "Checked and shown"),
    (status = 204, description = "It was shown before"),
    refusals::Invalid, refusals::NotVerified, refusals::NotFound, refusals::Conflict, refusals::BadBody,
    refusals::Unprocessable, refusals::TooMany, refusals::Other))]
pub(super) async fn put_chosen_sample(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Verified(account): Verified,
    request: Request,
) -> Result<StatusCode, Problem> {
    put(&app, id, account, Kind::Chosen, request).await
}

/// The blocks that the chain drew, in the file that the owner answered for on the chain
#[utoipa::path(get, path = "/v1/datasets/{id}/samples/fair", tag = "samples",
    params(("id" = Hash, Path, description = "Dataset"), Conditions), responses(
    (status = 200, description = "The sample file", body = Vec<u8>, content_type = "application/vnd.wonbon.sample"),
    (status = 304, description = "The client has it"),
    refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::TooMany, refusals::Other))]
pub(super) async fn get_fair_sample(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    get(&app, id, Kind::Fair, &conditions).await
}

/// Store the drawn blocks; for the dataset's owner. They are shown once the owner has answered for them on the chain
#[utoipa::path(put, path = "/v1/datasets/{id}/samples/fair", tag = "samples", security(("token" = [])),
    params(("id" = Hash, Path, description = "Dataset")),
    request_body(content = Vec<u8>, content_type = "application/vnd.wonbon.sample",
        description = "The sample file, of at most 4,096 blocks"), responses(
    (status = 201, description = "Checked and stored"),
    (status = 204, description = "It was stored before"),
    refusals::Invalid, refusals::NotVerified, refusals::NotFound, refusals::Conflict, refusals::BadBody,
    refusals::Unprocessable, refusals::TooMany, refusals::Other))]
pub(super) async fn put_fair_sample(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Verified(account): Verified,
    request: Request,
) -> Result<StatusCode, Problem> {
    put(&app, id, account, Kind::Fair, request).await
}
