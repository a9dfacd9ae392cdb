//! Orders: the list of those that are not final, and one, or how it ended.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::{
    json::{Order, OrderState, OrderView},
    AccountId,
};

use super::refusals;
use crate::{
    app::App,
    protocol::{
        extract::{optional, Params, PathParam},
        paging::{List, PageView},
        Problem,
    },
    read_model::queries::{self, OrderFilter},
};

/// Filters of the orders.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListOrders {
    /// Only orders of this offer.
    #[param(value_type = Option<u64>)]
    offer: Option<String>,
    /// Only orders of this buyer.
    #[param(value_type = Option<AccountId>)]
    buyer: Option<String>,
    /// Only orders that this seller is to deliver.
    #[param(value_type = Option<AccountId>)]
    seller: Option<String>,
    /// Only orders that are so far.
    #[param(value_type = Option<OrderState>)]
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Orders that are not final
#[utoipa::path(get, path = "/v1/orders", tag = "catalogue", params(ListOrders), responses(
    (status = 200, description = "Orders, newest first. Final orders are among the trades", body = PageView<Order>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_orders(
    State(app): State<Arc<App>>,
    Params(query): Params<ListOrders>,
) -> Result<Json<PageView<Order>>, Problem> {
    let ListOrders { offer, buyer, seller, state, cursor, limit } = &query;
    let list = List::new("orders", &[offer, buyer, seller, state].map(Option::as_deref));
    let request = list.request(cursor.as_deref(), limit.as_deref())?;
    let filter = OrderFilter {
        offer: optional("offer", offer.as_deref())?,
        buyer: optional("buyer", buyer.as_deref())?,
        seller: optional("seller", seller.as_deref())?,
        state: optional("state", state.as_deref())?,
    };
    let page = app.read(move |catalogue| queries::orders(catalogue.kv, &filter, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Order::new)))))
}

/// An order, or how it ended
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "catalogue",
    params(("id" = u64, Path, description = "Order")), responses(
    (status = 200, description = "The order while it is open, its permanent record once it is final", body = OrderView),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_order(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<u64>,
) -> Result<Json<OrderView>, Problem> {
    let found = app.read(move |catalogue| catalogue.order(id)).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("order"))
}
