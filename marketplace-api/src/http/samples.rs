//! Samples over HTTP. Reading is public: they are what a seller shows before anyone buys.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{header, StatusCode},
};
use wonbon_model::{AccountId, Hash};

use super::{attachment, refusals, Answer, Service};
use crate::{
    app::App,
    protocol::{
        conditional::{Conditions, Version, PUBLIC},
        extract::{require_content_type, whole_body, PathParam, Verified},
        Problem,
    },
    samples::{Kind, Opened, MAX_BYTES},
    sign_in::rights,
    storage::object_body,
};

/// Media type of a sample file.
const MEDIA_TYPE: &str = "application/vnd.wonbon.sample";

async fn put(
    app: &App,
    dataset: Hash,
    account: AccountId,
    kind: Kind,
    request: Request,
) -> Answer<StatusCode> {
    require_content_type(request.headers(), MEDIA_TYPE)?;
    let receiving = app.samples.receive(account, dataset, kind).await?;
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let file = whole_body(request.into_body(), limit).await?;
    let new = receiving.publish(file).await?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::NO_CONTENT })
}

async fn get(app: &App, dataset: Hash, kind: Kind, conditions: &Conditions) -> Answer {
    let opened = app.samples.open(dataset, kind).await?;
    let Opened { digest, length, source, running } = opened.ok_or_else(|| Problem::not_found("sample"))?;
    let (name, caching) = match kind {
        // The owner may exchange it.
        Kind::Chosen => ("chosen", "public, no-cache"),
        // It is answered once; the chain has its digest.
        Kind::Fair => ("fair", PUBLIC),
    };
    let version = Version::new(digest, caching);
    if let Some(answer) = version.check(conditions)? {
        return Ok(answer);
    }
    let body = Body::from_stream(object_body(source, 0..length, running));
    let file = attachment(MEDIA_TYPE, &format!("{dataset}.{name}.wbsamp"), body);
    version.describe(([(header::CONTENT_LENGTH, length)], file))
}

/// Declares the handlers of a kind of samples: their address, how a new sample is described and how a known one.
macro_rules! samples {
    ($($kind:ident at $path:literal, $new:literal, $known:literal {
        $(#[$get_doc:meta])+ $get:ident
        $(#[$put_doc:meta])+ $put:ident
    })+) => { $(
        $(#[$get_doc])+
        #[utoipa::path(get, path = $path, tag = "samples",
            params(("id" = Hash, Path, description = "Dataset"), Conditions), responses(
            (status = 200, description = "The sample file", body = Vec<u8>, content_type = "application/vnd.wonbon.sample"),
            (status = 304, description = "The client has it"),
            refusals::Invalid, refusals::NotFound, refusals::FailedCondition, refusals::TooMany, refusals::Other))]
        pub(super) async fn $get(
            State(app): Service,
            PathParam(id): PathParam<Hash>,
            conditions: Conditions,
        ) -> Answer {
            get(&app, id, Kind::$kind, &conditions).await
        }

        $(#[$put_doc])+
        #[utoipa::path(put, path = $path, tag = "samples", security(("token" = [])),
            params(("id" = Hash, Path, description = "Dataset")),
            request_body(content = Vec<u8>, content_type = "application/vnd.wonbon.sample",
                description = "The sample file, of at most 4,096 blocks. A fair one shows at most a tenth of the dataset, and none is given of a dataset below 2,000,000 bytes; its paths are hashes of neighbouring blocks, by which a guess of those is confirmed"), responses(
            (status = 201, description = $new),
            (status = 204, description = $known),
            refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Conflict, refusals::BadBody,
            refusals::Unprocessable, refusals::TooMany, refusals::Other))]
        pub(super) async fn $put(
            State(app): Service,
            PathParam(id): PathParam<Hash>,
            Verified { account, .. }: Verified<rights::Store>,
            request: Request,
        ) -> Answer<StatusCode> {
            put(&app, id, account, Kind::$kind, request).await
        }
    )+ };
}

samples! {
    Chosen at "/v1/datasets/{id}/samples/chosen", "Checked and shown", "It was shown before" {
        /// The blocks that the owner of a dataset chose to show, with their proofs
        get_chosen_sample
        /// Show blocks of your choice; for the dataset's owner. It takes the place of what was shown before
        put_chosen_sample
    }
    Fair at "/v1/datasets/{id}/samples/fair", "Checked and stored", "It was stored before" {
        /// The blocks that the chain drew, with the ends of their rows, in the file that the owner answered for on the chain
        get_fair_sample
        /// Store the drawn blocks; for the dataset's owner. They are shown once the owner has answered for them on the chain
        put_fair_sample
    }
}
