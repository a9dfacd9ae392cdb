//! Trades: all, those of a company and those of a dataset.

use axum::{extract::State, Json};
use wonbon_model::{json::Trade, AccountId, DatasetId, Hash};

use super::{
    lists::{list_params, Asked},
    refusals, Listed, Service,
};
use crate::{
    app::App,
    protocol::{
        extract::{optional, Params, PathParam},
        paging::{PageParams, PageView},
    },
    read_model::queries,
};

list_params! {
    /// Filters of the trades.
    ListTrades {
        /// Only trades of this dataset.
        dataset: Hash,
        /// Only trades that this company sold or bought in.
        company: AccountId,
    }
}

/// A page of trades.
async fn page(
    app: &App,
    (list, request): Asked,
    dataset: Option<DatasetId>,
    company: Option<AccountId>,
) -> Listed<Trade> {
    let read = app.read(move |catalogue| queries::trades(catalogue.kv, dataset, company, &request));
    Ok(Json(PageView::new(&list, read.await?.map(|found| found.json(Trade::new)))))
}

/// Trades
#[utoipa::path(get, path = "/v1/trades", tag = "catalogue", params(ListTrades), responses(
    (status = 200, description = "Trades, newest first; those of one dataset by index", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_trades(State(app): Service, Params(query): Params<ListTrades>) -> Listed<Trade> {
    let asked = query.page("trades")?;
    let dataset = optional("dataset", query.dataset.as_deref())?;
    let company = optional("company", query.company.as_deref())?;
    page(&app, asked, dataset, company).await
}

/// A company's trades
#[utoipa::path(get, path = "/v1/participants/{account}/trades", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "What it sold and bought, newest first", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_trades(
    State(app): Service,
    PathParam(account): PathParam<AccountId>,
    Params(params): Params<PageParams>,
) -> Listed<Trade> {
    page(&app, params.page_of("participant-trades", account)?, None, Some(account)).await
}

/// A dataset's trades (거래이력)
#[utoipa::path(get, path = "/v1/datasets/{id}/trades", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Trades by index", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_trades(
    State(app): Service,
    PathParam(id): PathParam<DatasetId>,
    Params(params): Params<PageParams>,
) -> Listed<Trade> {
    page(&app, params.page_of("dataset-trades", id)?, Some(id), None).await
}
