//! What a company keeps here for its members: wrapped secrets and content keys, as bytes.

use axum::{
    extract::{Request, State},
    http::{header, StatusCode},
    response::IntoResponse,
    Json,
};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::{AccountId, Hash};

use super::{refusals, Answer, Found, Service};
use crate::{
    protocol::{
        extract::{require_content_type, whole_body, PathParam, PathParts, SignedIn},
        Problem,
    },
    secrets::{MAX_KEY_BYTES, MAX_WRAPPED_BYTES},
    sign_in::rights::{self, Right},
};

const MEDIA_TYPE: &str = "application/octet-stream";

/// Refuses whoever is not signed in for this company.
fn require_member<R: Right>(caller: &SignedIn<R>, company: AccountId) -> Answer<()> {
    if caller.account == company && caller.member.is_some() {
        return Ok(());
    }
    let detail = "Only members of the company, signed in for it, may do this.";
    Err(Problem::forbidden("not-a-member", detail).field("account"))
}

async fn body(request: Request, limit: usize) -> Answer<Bytes> {
    require_content_type(request.headers(), MEDIA_TYPE)?;
    whole_body(request.into_body(), limit).await
}

fn stored(new: bool) -> StatusCode {
    if new {
        StatusCode::CREATED
    } else {
        StatusCode::NO_CONTENT
    }
}

/// Bytes that are for the company alone.
fn sent(found: Option<Bytes>, what: &str) -> Answer {
    let bytes = found.ok_or_else(|| Problem::not_found(what))?;
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, bytes).into_response())
}

/// Which epochs of a company's secrets have begun.
#[derive(Serialize, ToSchema)]
pub(super) struct SecretEpochs {
    /// The newest one; 0 if there is none. They are counted from 1.
    newest: u32,
}

/// The newest epoch of a company's secrets; for its members
#[utoipa::path(get, path = "/v1/companies/{account}/secrets", tag = "companies", security(("token" = [])),
    params(("account" = AccountId, Path, description = "Company")), responses(
    (status = 200, description = "Its number", body = SecretEpochs),
    refusals::Invalid, refusals::NotPermitted, refusals::Other))]
pub(super) async fn get_secret_epochs(
    State(app): Service,
    PathParam(company): PathParam<AccountId>,
    caller: SignedIn<rights::Look>,
) -> Found<SecretEpochs> {
    require_member(&caller, company)?;
    Ok(Json(SecretEpochs { newest: app.secrets.newest_epoch(company).await? }))
}

/// A company's secret of an epoch, wrapped for a member; for its members
#[utoipa::path(get, path = "/v1/companies/{account}/secrets/{epoch}/{member}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("epoch" = u32, Path, description = "Number of the epoch, counted from 1"),
        ("member" = AccountId, Path, description = "Whom it is wrapped for")), responses(
    (status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn get_wrapped_secret(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::Look>,
) -> Answer {
    let (company, epoch, member) = (parts.read("account")?, parts.read("epoch")?, parts.read("member")?);
    require_member(&caller, company)?;
    sent(app.secrets.wrapped(company, epoch, member).await?, "secret")
}

/// Give a member the company's secret of an epoch; for its admins
///
/// What is stored is never replaced. The first secret of an epoch begins it, with those before it that are lost: a company
/// that was recovered may not have them.
#[utoipa::path(put, path = "/v1/companies/{account}/secrets/{epoch}/{member}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("epoch" = u32, Path, description = "Number of the epoch, counted from 1"),
        ("member" = AccountId, Path, description = "Whom it is wrapped for")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "At most 4 KiB, which the service cannot read"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "The same bytes were stored before"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Conflict, refusals::BadBody,
    refusals::Unprocessable, refusals::Other))]
pub(super) async fn put_wrapped_secret(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::Manage>,
    request: Request,
) -> Answer<StatusCode> {
    let (company, epoch, member) = (parts.read("account")?, parts.read("epoch")?, parts.read("member")?);
    require_member(&caller, company)?;
    let bytes = body(request, MAX_WRAPPED_BYTES).await?;
    Ok(stored(app.secrets.put_wrapped(company, epoch, member, bytes).await?))
}

/// A content key, sealed under the company's secret; for members who sell or deliver
#[utoipa::path(get, path = "/v1/companies/{account}/keys/{commitment}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("commitment" = Hash, Path, description = "Commitment to the key, as an offer has it")), responses(
    (status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn get_sealed_key(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::OpenKey>,
) -> Answer {
    let (company, commitment) = (parts.read("account")?, parts.read("commitment")?);
    require_member(&caller, company)?;
    sent(app.secrets.key(company, commitment).await?, "key")
}

/// Store a content key, sealed under the company's secret; for members who sell
///
/// What is stored is never replaced.
#[utoipa::path(put, path = "/v1/companies/{account}/keys/{commitment}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("commitment" = Hash, Path, description = "Commitment to the key, as an offer has it")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "At most 1 KiB, which the service cannot read"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "The same bytes were stored before"),
    refusals::Invalid, refusals::NotPermitted, refusals::Conflict, refusals::BadBody, refusals::Unprocessable,
    refusals::Other))]
pub(super) async fn put_sealed_key(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::Store>,
    request: Request,
) -> Answer<StatusCode> {
    let (company, commitment) = (parts.read("account")?, parts.read("commitment")?);
    require_member(&caller, company)?;
    let bytes = body(request, MAX_KEY_BYTES).await?;
    Ok(stored(app.secrets.put_key(company, commitment, bytes).await?))
}

/// A content key that is encrypted to one member; for members who sell or deliver
#[utoipa::path(get, path = "/v1/companies/{account}/keys/{commitment}/{member}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("commitment" = Hash, Path, description = "Commitment to the key, as an offer has it"),
        ("member" = AccountId, Path, description = "To whom it is encrypted")), responses(
    (status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn get_entrusted_key(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::OpenKey>,
) -> Answer {
    let (company, commitment) = (parts.read("account")?, parts.read("commitment")?);
    require_member(&caller, company)?;
    sent(app.secrets.entrusted(company, commitment, parts.read("member")?).await?, "key")
}

/// Entrust a content key to one member, who delivers and has no secret of the company; for members who sell
///
/// What is stored is never replaced, and is the member's no more once their membership ends.
#[utoipa::path(put, path = "/v1/companies/{account}/keys/{commitment}/{member}", tag = "companies",
    security(("token" = [])), params(
        ("account" = AccountId, Path, description = "Company"),
        ("commitment" = Hash, Path, description = "Commitment to the key, as an offer has it"),
        ("member" = AccountId, Path, description = "To whom it is encrypted")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "At most 1 KiB, which the service cannot read"), responses(
    (status = 201, description = "Stored"),
    (status = 204, description = "The same bytes were stored before"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Conflict, refusals::BadBody,
    refusals::Unprocessable, refusals::Other))]
pub(super) async fn put_entrusted_key(
    State(app): Service,
    parts: PathParts,
    caller: SignedIn<rights::Store>,
    request: Request,
) -> Answer<StatusCode> {
    let (company, commitment, member) =
        (parts.read("account")?, parts.read("commitment")?, parts.read("member")?);
    require_member(&caller, company)?;
    let bytes = body(request, MAX_KEY_BYTES).await?;
    Ok(stored(app.secrets.put_entrusted(company, commitment, member, bytes).await?))
}
