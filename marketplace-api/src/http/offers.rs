//! Offers: the list, and one.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::{json::OfferState, AccountId, Hash, Keyed};

use super::refusals;
use crate::{
    app::App,
    catalogue::{self, OfferView},
    protocol::{
        extract::{choice, optional, question, Params, PathParam},
        paging::{List, PageView},
        Problem,
    },
    read_model::queries::{self, OfferFilter},
};

/// Filters of the offers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListOffers {
    /// Words of the dataset's title, description, keywords or column names, or of the seller's name.
    q: Option<String>,
    /// Only offers of this dataset.
    #[param(value_type = Option<Hash>)]
    dataset: Option<String>,
    /// Only offers of this seller.
    #[param(value_type = Option<AccountId>)]
    seller: Option<String>,
    /// Only offers in this state; `open` ones can be ordered.
    #[param(value_type = Option<OfferState>)]
    state: Option<String>,
    /// Highest price, in won.
    #[param(value_type = Option<u64>)]
    max_price: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Offers
#[utoipa::path(get, path = "/v1/offers", tag = "catalogue", params(ListOffers), responses(
    (status = 200, description = "Offers, newest first; with `q` the best matches first", body = PageView<OfferView>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_offers(
    State(app): State<Arc<App>>,
    Params(query): Params<ListOffers>,
) -> Result<Json<PageView<OfferView>>, Problem> {
    let ListOffers { q, dataset, seller, state, max_price, cursor, limit } = &query;
    let list = List::new("offers", &[q, dataset, seller, state, max_price].map(Option::as_deref));
    let request = list.request(cursor.as_deref(), limit.as_deref())?;
    let question = question(q.as_deref())?;
    let filter = OfferFilter {
        dataset: optional("dataset", dataset.as_deref())?,
        seller: optional("seller", seller.as_deref())?,
        state: choice("state", state.as_deref())?,
        max_price: optional("max_price", max_price.as_deref())?,
    };
    let read = app.read(move |catalogue| catalogue.offers(&filter, question.as_ref(), &request));
    let mut page = read.await?;
    let draws = page.items.iter_mut().filter_map(|view| Some((view.offer.dataset, view.draw.as_mut()?)));
    catalogue::confirm(&app.samples, draws).await;
    Ok(Json(PageView::new(&list, page)))
}

/// An offer
#[utoipa::path(get, path = "/v1/offers/{id}", tag = "catalogue",
    params(("id" = u64, Path, description = "Offer")), responses(
    (status = 200, description = "The offer", body = OfferView),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_offer(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<u64>,
) -> Result<Json<OfferView>, Problem> {
    let read = app.read(move |catalogue| {
        let found = queries::offer(catalogue.kv, id)?;
        found.map(|record| catalogue.offer(&Keyed::new(id, record))).transpose()
    });
    let mut view = read.await?.ok_or_else(|| Problem::not_found("offer"))?;
    let draw = view.draw.as_mut().map(|draw| (view.offer.dataset, draw));
    catalogue::confirm(&app.samples, draw).await;
    Ok(Json(view))
}
