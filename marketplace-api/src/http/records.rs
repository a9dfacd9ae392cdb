//! Single records of the catalogue.

use std::sync::Arc;

use axum::{extract::State, Json};

use super::{
    extract::PathParam,
    refused,
    views::{self, DatasetDetail, LineageView, OfferView, OrderView, ParticipantDetail},
    App, Problem,
};
use crate::{
    kv::KvError,
    model::{Account, Hash},
    read_model::queries,
};

/// A company
#[utoipa::path(get, path = "/v1/participants/{account}", tag = "catalogue",
    params(("account" = Account, Path, description = "Account")), responses(
    (status = 200, description = "The company", body = ParticipantDetail),
    refused::Invalid, refused::NotFound, refused::Other))]
pub(super) async fn get_participant(
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<Account>,
) -> Result<Json<ParticipantDetail>, Problem> {
    let found = app.read_model.run(move |kv| views::participant(kv, account)).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("company"))
}

/// A dataset
#[utoipa::path(get, path = "/v1/datasets/{id}", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "The dataset, its parents and its metadata document", body = DatasetDetail),
    refused::Invalid, refused::NotFound, refused::Other))]
pub(super) async fn get_dataset(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
) -> Result<Json<DatasetDetail>, Problem> {
    app.dataset_detail(id).await?.map(Json).ok_or_else(|| Problem::not_found("dataset"))
}

/// What a dataset was made from, and what was made from it
#[utoipa::path(get, path = "/v1/datasets/{id}/lineage", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "The lineage, at most 16 steps and 256 datasets each way", body = LineageView),
    refused::Invalid, refused::NotFound, refused::Other))]
pub(super) async fn get_dataset_lineage(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
) -> Result<Json<LineageView>, Problem> {
    let search = app.search.clone();
    let found = app
        .read_model
        .run(move |kv| {
            if queries::dataset(kv, id)?.is_none() {
                return Ok::<_, KvError>(None);
            }
            views::lineage(kv, &search, id).map(Some)
        })
        .await?;
    found.map(Json).ok_or_else(|| Problem::not_found("dataset"))
}

/// An offer
#[utoipa::path(get, path = "/v1/offers/{id}", tag = "catalogue",
    params(("id" = u64, Path, description = "Offer")), responses(
    (status = 200, description = "The offer", body = OfferView),
    refused::Invalid, refused::NotFound, refused::Other))]
pub(super) async fn get_offer(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<u64>,
) -> Result<Json<OfferView>, Problem> {
    let search = app.search.clone();
    let found = app
        .read_model
        .run(move |kv| {
            let found = queries::offer(kv, id)?;
            found.map(|offer| views::offer(kv, &search, offer)).transpose()
        })
        .await?;
    let mut view = found.ok_or_else(|| Problem::not_found("offer"))?;
    app.confirm(view.draw.as_mut().map(|draw| (view.offer.dataset, draw))).await;
    Ok(Json(view))
}

/// An order, or how it ended
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "catalogue",
    params(("id" = u64, Path, description = "Order")), responses(
    (status = 200, description = "The order while it is open, its permanent record once it is final", body = OrderView),
    refused::Invalid, refused::NotFound, refused::Other))]
pub(super) async fn get_order(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<u64>,
) -> Result<Json<OrderView>, Problem> {
    let found = app
        .read_model
        .run(move |kv| {
            if let Some(order) = queries::order(kv, id)? {
                let state = order.state.word();
                return Ok(Some(OrderView { id, state, order: Some(order), trade: None }));
            }
            let trade = queries::finished_order(kv, id)?;
            let view = trade.map(|trade| OrderView { id, state: "final", order: None, trade: Some(trade) });
            Ok::<_, KvError>(view)
        })
        .await?;
    found.map(Json).ok_or_else(|| Problem::not_found("order"))
}
