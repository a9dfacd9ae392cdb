//! Companies: the list, one, and the rights that it bought.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::{
    json::{DeriveRight, Participant, Role, Standing},
    text, AccountId,
};

use super::refusals;
use crate::{
    app::App,
    catalogue::ParticipantDetail,
    protocol::{
        extract::{choice, question, Params, PathParam},
        paging::{List, PageParams, PageView},
        Problem,
    },
    read_model::queries::{self, ParticipantFilter},
};

/// Filters of the companies.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParticipants {
    /// Words of the name.
    q: Option<String>,
    /// Only companies of this standing.
    #[param(value_type = Option<Standing>)]
    standing: Option<String>,
    /// Only companies that act in this role, among others.
    #[param(value_type = Option<Role>)]
    role: Option<String>,
    /// Only companies of this province, ISO 3166-2:KR.
    #[param(example = "KR-48")]
    region: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Companies
#[utoipa::path(get, path = "/v1/participants", tag = "catalogue", params(ListParticipants), responses(
    (status = 200, description = "Companies by account", body = PageView<Participant>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participants(
    State(app): State<Arc<App>>,
    Params(query): Params<ListParticipants>,
) -> Result<Json<PageView<Participant>>, Problem> {
    let ListParticipants { q, standing, role, region, cursor, limit } = &query;
    let list =
        List::new("participants", &[q.as_deref(), standing.as_deref(), role.as_deref(), region.as_deref()]);
    let request = list.request(cursor.as_deref(), limit.as_deref())?;
    let question = question(q.as_deref())?;
    let filter = ParticipantFilter {
        standing: choice("standing", standing.as_deref())?,
        role: choice("role", role.as_deref())?,
        region: region.clone(),
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
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<AccountId>,
) -> Result<Json<ParticipantDetail>, Problem> {
    let found = app.read(move |catalogue| catalogue.participant(account)).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("company"))
}

/// What a company may sell that it makes from others' datasets
#[utoipa::path(get, path = "/v1/participants/{account}/derive-rights", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "Rights that it bought, by dataset", body = PageView<DeriveRight>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_derive_rights(
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<AccountId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<DeriveRight>>, Problem> {
    let list = List::new("derive-rights", &[Some(&account.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read(move |catalogue| queries::derive_rights(catalogue.kv, account, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(DeriveRight::new)))))
}
