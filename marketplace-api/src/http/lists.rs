//! Lists of the catalogue, with filters and cursors.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    cursor::List,
    extract::{optional, Params, PathParam},
    refused,
    views::{self, DatasetView, OfferView, PageView},
    App, Problem,
};
use crate::{
    kv::KvError,
    model::{
        Account, Attestation, Dataset, Hash, Method, Offer, OfferState, Order, OrderState, Participant, Role,
        Standing, Trade,
    },
    read_model::queries::{self, OfferFilter, OrderFilter, Page, ParticipantFilter},
    search::{self, ranking, Question},
};

fn question(text: Option<&str>) -> Result<Option<Question>, Problem> {
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > search::QUESTION {
        let detail = format!("A question may have at most {} characters.", search::QUESTION);
        return Err(Problem::invalid("q", detail).limit(search::QUESTION as u64));
    }
    Ok(Question::new(text))
}

/// Filters of the companies.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParticipants {
    /// Words of the name.
    q: Option<String>,
    /// Standing.
    #[param(value_type = Option<Standing>)]
    standing: Option<String>,
    /// One of its roles.
    #[param(value_type = Option<Role>)]
    role: Option<String>,
    /// Province, ISO 3166-2:KR.
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
    refused::Invalid, refused::Other))]
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
        standing: optional("standing", standing.as_deref())?,
        role: optional("role", role.as_deref())?,
        region: region.clone(),
    };
    let page = app
        .read_model
        .run(move |kv| {
            queries::participants(kv, &filter, &request, |found| {
                question.as_ref().is_none_or(|question| question.matches_name(&found.name))
            })
        })
        .await?;
    Ok(Json(PageView::new(&list, page)))
}

/// Filters of the datasets.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListDatasets {
    /// Words of the title, description, keywords, column names or owner.
    pub(crate) q: Option<String>,
    /// Owner.
    #[param(value_type = Option<Account>)]
    pub(crate) owner: Option<String>,
    /// How it was made.
    #[param(value_type = Option<Method>)]
    pub(crate) method: Option<String>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub(crate) limit: Option<String>,
}

/// Datasets
#[utoipa::path(get, path = "/v1/datasets", tag = "catalogue", params(ListDatasets), responses(
    (status = 200, description = "Datasets, newest first; with `q` the best matches first", body = PageView<DatasetView>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_datasets(
    State(app): State<Arc<App>>,
    Params(query): Params<ListDatasets>,
) -> Result<Json<PageView<DatasetView>>, Problem> {
    app.datasets(query).await.map(Json)
}

impl App {
    /// A page of datasets.
    pub(crate) async fn datasets(&self, query: ListDatasets) -> Result<PageView<DatasetView>, Problem> {
        let ListDatasets { q, owner, method, cursor, limit } = &query;
        let list = List::new("datasets", &[q.as_deref(), owner.as_deref(), method.as_deref()]);
        let request = list.request(cursor.as_deref(), limit.as_deref())?;
        let question = question(q.as_deref())?;
        let owner: Option<Account> = optional("owner", owner.as_deref())?;
        let method: Option<Method> = optional("method", method.as_deref())?;
        let search = self.search.clone();
        let mut page = self
            .read_model
            .run(move |kv| {
                let has_method = |dataset: &Dataset| method.is_none_or(|method| dataset.method == method);
                let page = match &question {
                    None => queries::datasets(kv, owner, &request, |dataset| Ok(has_method(dataset)))?,
                    Some(question) => {
                        let found = search.find(question)?;
                        let score = |dataset: &Dataset| {
                            let name = views::name(kv, dataset.owner)?;
                            Ok(found.score(dataset.metadata, name.as_deref()))
                        };
                        let score =
                            |dataset: &Dataset| if has_method(dataset) { score(dataset) } else { Ok(None) };
                        let key = |dataset: &Dataset| queries::dataset_key(owner, dataset);
                        ranking::page(&request, key, score, |window, keep| {
                            queries::datasets(kv, owner, window, keep)
                        })?
                    }
                };
                let items = page.items.into_iter().map(|found| views::dataset(kv, &search, found));
                Ok::<_, KvError>(Page { items: items.collect::<Result<_, _>>()?, next: page.next })
            })
            .await?;
        self.confirm(page.items.iter_mut().map(|view| (view.dataset.id, &mut view.draw))).await;
        Ok(PageView::new(&list, page))
    }
}

/// Filters of the offers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListOffers {
    /// Words of the dataset's title, description, keywords or column names, or of the seller's name.
    pub(crate) q: Option<String>,
    /// Dataset.
    #[param(value_type = Option<Hash>)]
    pub(crate) dataset: Option<String>,
    /// Seller.
    #[param(value_type = Option<Account>)]
    pub(crate) seller: Option<String>,
    /// Whether it can be ordered.
    #[param(value_type = Option<OfferState>)]
    pub(crate) state: Option<String>,
    /// Highest price, in won.
    #[param(value_type = Option<u64>)]
    pub(crate) max_price: Option<String>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub(crate) limit: Option<String>,
}

/// Offers
#[utoipa::path(get, path = "/v1/offers", tag = "catalogue", params(ListOffers), responses(
    (status = 200, description = "Offers, newest first; with `q` the best matches first", body = PageView<OfferView>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_offers(
    State(app): State<Arc<App>>,
    Params(query): Params<ListOffers>,
) -> Result<Json<PageView<OfferView>>, Problem> {
    app.offers(query).await.map(Json)
}

impl App {
    /// A page of offers.
    pub(crate) async fn offers(&self, query: ListOffers) -> Result<PageView<OfferView>, Problem> {
        let ListOffers { q, dataset, seller, state, max_price, cursor, limit } = &query;
        let filters = [q, dataset, seller, state, max_price].map(Option::as_deref);
        let list = List::new("offers", &filters);
        let request = list.request(cursor.as_deref(), limit.as_deref())?;
        let question = question(q.as_deref())?;
        let filter = OfferFilter {
            dataset: optional("dataset", dataset.as_deref())?,
            seller: optional("seller", seller.as_deref())?,
            state: optional("state", state.as_deref())?,
            max_price: optional("max_price", max_price.as_deref())?,
        };
        let search = self.search.clone();
        let mut page = self
            .read_model
            .run(move |kv| {
                let page = match &question {
                    None => queries::offers(kv, &filter, &request, |_| Ok(true))?,
                    Some(question) => {
                        let found = search.find(question)?;
                        let score = |offer: &Offer| {
                            let Some(dataset) = queries::dataset(kv, offer.dataset)? else {
                                return Ok(None);
                            };
                            let name = views::name(kv, offer.seller)?;
                            Ok(found.score(dataset.metadata, name.as_deref()))
                        };
                        let key = |offer: &Offer| queries::offer_key(&filter, offer);
                        ranking::page(&request, key, score, |window, keep| {
                            queries::offers(kv, &filter, window, keep)
                        })?
                    }
                };
                let items = page.items.into_iter().map(|found| views::offer(kv, &search, found));
                Ok::<_, KvError>(Page { items: items.collect::<Result<_, _>>()?, next: page.next })
            })
            .await?;
        let draws = page.items.iter_mut().filter_map(|view| Some((view.offer.dataset, view.draw.as_mut()?)));
        self.confirm(draws).await;
        Ok(PageView::new(&list, page))
    }
}

/// Filters of the orders.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListOrders {
    /// Offer.
    #[param(value_type = Option<u64>)]
    offer: Option<String>,
    /// Buyer.
    #[param(value_type = Option<Account>)]
    buyer: Option<String>,
    /// Seller.
    #[param(value_type = Option<Account>)]
    seller: Option<String>,
    /// How far it is.
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
    refused::Invalid, refused::Other))]
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
    let page = app.read_model.run(move |kv| queries::orders(kv, &filter, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}

/// Filters of the trades.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListTrades {
    /// Dataset.
    #[param(value_type = Option<Hash>)]
    dataset: Option<String>,
    /// Seller or buyer.
    #[param(value_type = Option<Account>)]
    company: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Trades
#[utoipa::path(get, path = "/v1/trades", tag = "catalogue", params(ListTrades), responses(
    (status = 200, description = "Trades, newest first; those of one dataset by index", body = PageView<Trade>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_trades(
    State(app): State<Arc<App>>,
    Params(query): Params<ListTrades>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let ListTrades { dataset, company, cursor, limit } = &query;
    let list = List::new("trades", &[dataset, company].map(Option::as_deref));
    let page = PageParams { cursor: cursor.clone(), limit: limit.clone() };
    let dataset = optional("dataset", dataset.as_deref())?;
    let company = optional("company", company.as_deref())?;
    app.trades(&list, dataset, company, &page).await.map(Json)
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub(crate) limit: Option<String>,
}

impl App {
    /// A page of trades.
    pub(crate) async fn trades(
        &self,
        list: &List,
        dataset: Option<Hash>,
        company: Option<Account>,
        page: &PageParams,
    ) -> Result<PageView<Trade>, Problem> {
        let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
        let page = self.read_model.run(move |kv| queries::trades(kv, dataset, company, &request)).await?;
        Ok(PageView::new(list, page))
    }
}

/// A company's trades
#[utoipa::path(get, path = "/v1/participants/{account}/trades", tag = "catalogue",
    params(("account" = Account, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "What it sold and bought, newest first", body = PageView<Trade>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_participant_trades(
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<Account>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let list = List::new("participant-trades", &[Some(&account.to_string())]);
    app.trades(&list, None, Some(account), &page).await.map(Json)
}

/// A dataset's trades (거래이력)
#[utoipa::path(get, path = "/v1/datasets/{id}/trades", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Trades by index", body = PageView<Trade>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_dataset_trades(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Trade>>, Problem> {
    let list = List::new("dataset-trades", &[Some(&id.to_string())]);
    app.trades(&list, Some(id), None, &page).await.map(Json)
}

/// A dataset's attestations
#[utoipa::path(get, path = "/v1/datasets/{id}/attestations", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Attestations by index", body = PageView<Attestation>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_dataset_attestations(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Attestation>>, Problem> {
    let list = List::new("dataset-attestations", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read_model.run(move |kv| queries::attestations(kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}
