//! Orders: the list of those that are not final, and one, or how it ended.

use axum::{extract::State, Json};
use wonbon_model::{
    json::{Order, OrderState, OrderView},
    AccountId,
};

use super::{lists::list_params, refusals, Found, Listed, Service};
use crate::{
    protocol::{
        extract::{choice, optional, Params, PathParam},
        paging::PageView,
        Problem,
    },
    read_model::queries::{self, OrderFilter},
};

list_params! {
    /// Filters of the orders.
    ListOrders {
        /// Only orders of this offer.
        offer: u64,
        /// Only orders of this buyer.
        buyer: AccountId,
        /// Only orders that this seller is to deliver.
        seller: AccountId,
        /// Only orders that are so far.
        state: OrderState,
    }
}

/// Orders that are not final
#[utoipa::path(get, path = "/v1/orders", tag = "catalogue", params(ListOrders), responses(
    (status = 200, description = "Orders, newest first. Final orders are among the trades", body = PageView<Order>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_orders(State(app): Service, Params(query): Params<ListOrders>) -> Listed<Order> {
    let (list, request) = query.page("orders")?;
    let filter = OrderFilter {
        offer: optional("offer", query.offer.as_deref())?,
        buyer: optional("buyer", query.buyer.as_deref())?,
        seller: optional("seller", query.seller.as_deref())?,
        state: choice("state", query.state.as_deref())?,
    };
    let page = app.read(move |catalogue| queries::orders(catalogue.kv, &filter, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Order::new)))))
}

/// An order, or how it ended
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "catalogue",
    params(("id" = u64, Path, description = "Order")), responses(
    (status = 200, description = "The order while it is open, its permanent record once it is final", body = OrderView),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_order(State(app): Service, PathParam(id): PathParam<u64>) -> Found<OrderView> {
    let found = app.read(move |catalogue| catalogue.order(id)).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("order"))
}
