//! Royalties: those that a company got, and those that were paid for a dataset.

use axum::{extract::State, Json};
use wonbon_model::{json::RoyaltyReceived, AccountId, DatasetId, Hash};

use super::{refusals, Listed, Service};
use crate::{
    protocol::{
        extract::{Params, PathParam},
        paging::{List, PageParams, PageView},
    },
    read_model::queries::{self, Page, PaidRoyalty},
};

fn view(list: &List, page: Page<PaidRoyalty>) -> Json<PageView<RoyaltyReceived>> {
    Json(PageView::new(list, page.map(|paid| RoyaltyReceived::new(paid.key, &paid.trade, &paid.royalty))))
}

/// Royalties that a company got
#[utoipa::path(get, path = "/v1/participants/{account}/royalties", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "Its parts of sales of what was made from its data, newest first", body = PageView<RoyaltyReceived>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_royalties(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
    Params(params): Params<PageParams>,
) -> Listed<RoyaltyReceived> {
    let (list, request) = params.page_of("participant-royalties", account)?;
    let page = app.read(move |catalogue| queries::royalties_to(catalogue.kv, account, &request)).await?;
    Ok(view(&list, page))
}

/// Royalties that were paid for a dataset
#[utoipa::path(get, path = "/v1/datasets/{id}/royalties", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Parts of the sales of what was made from it, newest first",
        body = PageView<RoyaltyReceived>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_royalties(
    State(app): Service,
    PathParam(id): PathParam<DatasetId>,
    Params(params): Params<PageParams>,
) -> Listed<RoyaltyReceived> {
    let (list, request) = params.page_of("dataset-royalties", id)?;
    let page = app.read(move |catalogue| queries::royalties_for(catalogue.kv, id, &request)).await?;
    Ok(view(&list, page))
}
