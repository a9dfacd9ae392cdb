//! Trades: all, those of a company and those of a dataset.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::{json::Trade, AccountId, DatasetId, Hash};

use super::refusals;
use crate::{
    app::App,
    protocol::{
        extract::{optional, Params, PathParam},
        paging::{List, PageParams, PageView},
        Problem,
    },
    read_model::queries,
};

/// Filters of the trades.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListTrades {
    /// Only trades of this dataset.
    #[param(value_type = Option<Hash>)]
    dataset: Option<String>,
    /// Only trades that this company sold or bought in.
    #[param(value_type = Option<AccountId>)]
    company: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// A page of trades.
async fn page(
    app: &App,
    list: &List,
    dataset: Option<DatasetId>,
    company: Option<AccountId>,
    page: &PageParams,
) -> Result<Json<PageView<Trade>>, Problem> {
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let read = app.read(move |catalogue| queries::trades(catalogue.kv, dataset, company, &request));
    Ok(Json(PageView::new(list, read.await?.map(|found| found.json(Trade::new)))))
}

/// Trades
#[utoipa::path(get, path = "/v1/trades", tag = "catalogue", params(ListTrades), responses(
    (status = 200, description = "Trades, newest first; those of one dataset by index", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_trades(
    State(app): State<Arc<App>>,
    Params(query): Params<ListTrades>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let ListTrades { dataset, company, cursor, limit } = &query;
    let list = List::new("trades", &[dataset, company].map(Option::as_deref));
    let page = PageParams { cursor: cursor.clone(), limit: limit.clone() };
    let dataset = optional("dataset", dataset.as_deref())?;
    let company = optional("company", company.as_deref())?;
    self::page(&app, &list, dataset, company, &page).await
}

/// A company's trades
#[utoipa::path(get, path = "/v1/participants/{account}/trades", tag = "catalogue",
    params(("account" = AccountId, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "What it sold and bought, newest first", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_participant_trades(
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<AccountId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let list = List::new("participant-trades", &[Some(&account.to_string())]);
    self::page(&app, &list, None, Some(account), &page).await
}

/// A dataset's trades (거래이력)
#[utoipa::path(get, path = "/v1/datasets/{id}/trades", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Trades by index", body = PageView<Trade>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_trades(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let list = List::new("dataset-trades", &[Some(&id.to_string())]);
    self::page(&app, &list, Some(id), None, &page).await
}
