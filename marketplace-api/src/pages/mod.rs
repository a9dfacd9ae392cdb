//! Pages for people: rendered on the server, usable without script, Korean next to English.
//!
//! They show what the JSON endpoints show and hold no rule of their own. Text from outside is escaped by the
//! template engine; the content security policy allows no script at all.

mod audit;
mod company;
mod dataset;
mod evidence;
mod samples;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{header, StatusCode},
    response::{Html, IntoResponse, Response},
    routing::get,
    Router,
};

use crate::{
    http::{extract::Params, views::DatasetView, App, ListDatasets, Problem},
    kv::{KvError, KvStore},
    model::{Account, Hash, OfferState, Trade},
    read_model::queries::{self, OfferFilter, PageRequest},
};

/// Items on a page.
const ITEMS: usize = 25;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(show_catalogue))
        .route("/datasets/{id}", get(dataset::show_dataset))
        .route("/companies/{account}", get(company::show_company))
        .route("/audit", get(audit::show_audit))
        .route("/style.css", get(get_style))
}

async fn get_style() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../../templates/style.css"))
}

/// A problem as a page.
struct PageError(Problem);

impl<E: Into<Problem>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    problem: &'a Problem,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = self.0.status();
        match (ErrorPage { problem: &self.0 }).render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => self.0.into_response(),
        }
    }
}

fn render(page: &impl Template) -> Result<Html<String>, PageError> {
    page.render().map(Html).map_err(|error| PageError(Problem::internal(error)))
}

/// A dataset in a list.
struct DatasetRow {
    href: String,
    title: String,
    owner: String,
    owner_href: String,
    method: &'static str,
    size: String,
    rows: Option<String>,
    price: Option<String>,
    withdrawn: bool,
}

fn company_href(account: Account) -> String {
    format!("/companies/{account}")
}

fn dataset_href(id: Hash) -> String {
    format!("/datasets/{id}")
}

impl DatasetRow {
    fn new(kv: &dyn KvStore, view: DatasetView) -> Result<Self, KvError> {
        let DatasetView { dataset, owner_name, title, rows, .. } = view;
        let filter =
            OfferFilter { dataset: Some(dataset.id), state: Some(OfferState::Open), ..Default::default() };
        let request = PageRequest { after: None, limit: ITEMS };
        let offers = queries::offers(kv, &filter, &request, |_| Ok(true))?;
        Ok(Self {
            href: dataset_href(dataset.id),
            title: title.unwrap_or_else(|| words::short(dataset.id)),
            owner: owner_name.unwrap_or_else(|| dataset.owner.to_string()),
            owner_href: company_href(dataset.owner),
            method: words::method(dataset.method),
            size: words::bytes(dataset.length),
            rows: rows.map(|rows| words::number(rows.into())),
            price: offers.items.iter().map(|offer| offer.price).min().map(words::won),
            withdrawn: dataset.withdrawn.is_some(),
        })
    }
}

/// A trade in a list.
struct TradeRow {
    index: u32,
    dataset: String,
    dataset_href: String,
    seller: String,
    seller_href: String,
    buyer: String,
    buyer_href: String,
    price: String,
    royalties: Option<String>,
    at: String,
    outcome: String,
}

impl TradeRow {
    fn new(kv: &dyn KvStore, app: &App, trade: Trade) -> Result<Self, KvError> {
        let title = app.title(kv, trade.dataset)?;
        Ok(Self {
            index: trade.index,
            dataset: title.unwrap_or_else(|| words::short(trade.dataset)),
            dataset_href: dataset_href(trade.dataset),
            seller: name(kv, trade.seller)?,
            seller_href: company_href(trade.seller),
            buyer: name(kv, trade.buyer)?,
            buyer_href: company_href(trade.buyer),
            price: words::won(trade.price),
            royalties: (!trade.royalties.is_empty()).then(|| {
                words::won(trade.royalties.iter().fold(0, |sum: u128, part| sum.saturating_add(part.amount)))
            }),
            at: words::time(trade.final_at, Some(trade.final_time_ms)),
            outcome: words::outcome(trade.outcome, trade.bad_block),
        })
    }
}

fn name(kv: &dyn KvStore, account: Account) -> Result<String, KvError> {
    Ok(queries::participant(kv, account)?.map_or_else(|| account.to_string(), |found| found.name))
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    q: String,
    items: Vec<DatasetRow>,
    next: Option<String>,
    height: Option<String>,
}

/// Bytes for a query string, every one that is not plainly safe as an escape.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => escaped.push(byte.into()),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

async fn show_catalogue(
    State(app): State<Arc<App>>,
    Params(mut query): Params<ListDatasets>,
) -> Result<Html<String>, PageError> {
    query.limit = Some(ITEMS.to_string());
    let q = query.q.clone().unwrap_or_default();
    let page = app.datasets(query).await?;
    let next = page.next.map(|cursor| format!("/?q={}&cursor={cursor}", escape(&q)));
    let rows = move |kv: &dyn KvStore| {
        page.items.into_iter().map(|view| DatasetRow::new(kv, view)).collect::<Result<Vec<_>, KvError>>()
    };
    let items = app.read_model.run(rows).await?;
    let height = app.status.progress().applied.map(|block| words::number(block.number.into()));
    render(&CataloguePage { q, items, next, height })
}

fn not_found(what: &str) -> PageError {
    let problem = Problem::not_found(what);
    debug_assert_eq!(problem.status(), StatusCode::NOT_FOUND);
    PageError(problem)
}
