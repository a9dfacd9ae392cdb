//! Who acts for whom: the members of a company, and the companies of an account.

use axum::{extract::State, Json};
use wonbon_model::{json::Member, AccountId};

use super::{refusals, Listed, Service};
use crate::{
    protocol::{
        extract::{Params, PathParam},
        paging::{PageParams, PageView},
    },
    read_model::queries,
};

/// Who acts for a company
#[utoipa::path(get, path = "/v1/participants/{account}/members", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Company"), PageParams), responses(
    (status = 200, description = "Its members, by account; none of an account that acts for itself", body = PageView<Member>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_members(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
    Params(params): Params<PageParams>,
) -> Listed<Member> {
    let (list, request) = params.page_of("members", account)?;
    let page = app.read(move |catalogue| queries::members(catalogue.kv, account, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Member::new)))))
}

/// The companies that an account acts for
#[utoipa::path(get, path = "/v1/accounts/{account}/companies", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account whose key signs"), PageParams), responses(
    (status = 200, description = "What it is a member of, by company", body = PageView<Member>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_account_companies(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
    Params(params): Params<PageParams>,
) -> Listed<Member> {
    let (list, request) = params.page_of("memberships", account)?;
    let page = app.read(move |catalogue| queries::memberships(catalogue.kv, account, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Member::new)))))
}
