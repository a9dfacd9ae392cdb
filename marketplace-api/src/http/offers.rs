//! Offers: the list, and one.

use axum::{extract::State, Json};
use wonbon_model::{json::OfferState, AccountId, Hash, Keyed};

use super::{lists::list_params, refusals, Found, Listed, Service};
use crate::{
    catalogue::{self, OfferView},
    protocol::{
        extract::{choice, optional, question, Params, PathParam},
        paging::PageView,
        Problem,
    },
    read_model::queries::{self, OfferFilter},
};

list_params! {
    /// Filters of the offers.
    ListOffers {
        /// Words of the dataset's title, description, keywords or column names, or of the seller's name.
        q: String,
        /// Only offers of this dataset.
        dataset: Hash,
        /// Only offers of this seller.
        seller: AccountId,
        /// Only offers in this state; `open` ones can be ordered.
        state: OfferState,
        /// Highest price, in won.
        max_price: u64,
    }
}

/// Offers
#[utoipa::path(get, path = "/v1/offers", tag = "catalogue", params(ListOffers), responses(
    (status = 200, description = "Offers, newest first; with `q` the best matches first", body = PageView<OfferView>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_offers(State(app): Service, Params(query): Params<ListOffers>) -> Listed<OfferView> {
    let (list, request) = query.page("offers")?;
    let question = question(query.q.as_deref())?;
    let filter = OfferFilter {
        dataset: optional("dataset", query.dataset.as_deref())?,
        seller: optional("seller", query.seller.as_deref())?,
        state: choice("state", query.state.as_deref())?,
        max_price: optional("max_price", query.max_price.as_deref())?,
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
pub(super) async fn get_offer(State(app): Service, PathParam(id): PathParam<u64>) -> Found<OfferView> {
    let read = app.read(move |catalogue| {
        let found = queries::offer(catalogue.kv, id)?;
        found.map(|record| catalogue.offer(&Keyed::new(id, record))).transpose()
    });
    let mut view = read.await?.ok_or_else(|| Problem::not_found("offer"))?;
    let draw = view.draw.as_mut().map(|draw| (view.offer.dataset, draw));
    catalogue::confirm(&app.samples, draw).await;
    Ok(Json(view))
}
