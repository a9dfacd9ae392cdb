//! Companies: the list, one, and the rights that it bought.

use axum::{extract::State, Json};
use wonbon_model::{
    json::{DeriveRight, Participant, Role, Standing},
    text, AccountId,
};

use super::{lists::list_params, refusals, Found, Listed, Service};
use crate::{
    catalogue::ParticipantDetail,
    protocol::{
        extract::{choice, question, Params, PathParam},
        paging::{PageParams, PageView},
        Problem,
    },
    read_model::queries::{self, ParticipantFilter},
};

list_params! {
    /// Filters of the companies.
    ListParticipants {
        /// Words of the name.
        q: String,
        /// Only companies of this standing.
        standing: Standing,
        /// Only companies that act in this role, among others.
        role: Role,
        /// Only companies of this province, ISO 3166-2:KR.
        #[param(example = "KR-48")]
        region: String,
    }
}

/// Companies
#[utoipa::path(get, path = "/v1/participants", tag = "catalogue", params(ListParticipants), responses(
    (status = 200, description = "Companies by account", body = PageView<Participant>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participants(
    State(app): Service,
    Params(query): Params<ListParticipants>,
) -> Listed<Participant> {
    let (list, request) = query.page("participants")?;
    let question = question(query.q.as_deref())?;
    let filter = ParticipantFilter {
        standing: choice("standing", query.standing.as_deref())?,
        role: choice("role", query.role.as_deref())?,
        region: query.region,
    };
    let read = app.read(move |catalogue| {
        queries::participants(catalogue.kv, &filter, &request, |found| {
            question.as_ref().is_none_or(|question| question.matches_name(&text(&found.profile.name)))
        })
    });
    Ok(Json(PageView::new(&list, read.await?.map(|found| found.json(Participant::new)))))
}

/// A company
#[utoipa::path(get, path = "/v1/participants/{account}", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account")), responses(
    (status = 200, description = "The company", body = ParticipantDetail),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_participant(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
) -> Found<ParticipantDetail> {
    let found = app.read(move |catalogue| catalogue.participant(account)).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("company"))
}

/// What a company may sell that it makes from others' datasets
#[utoipa::path(get, path = "/v1/participants/{account}/derive-rights", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "Rights that it bought, by dataset", body = PageView<DeriveRight>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_derive_rights(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
    Params(params): Params<PageParams>,
) -> Listed<DeriveRight> {
    let (list, request) = params.page_of("derive-rights", account)?;
    let page = app.read(move |catalogue| queries::derive_rights(catalogue.kv, account, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(DeriveRight::new)))))
}
