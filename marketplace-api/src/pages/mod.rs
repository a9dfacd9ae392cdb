//! Pages for people: rendered on the server, usable without script, Korean next to English.
//!
//! They show what the JSON endpoints show and hold no rule of their own. Text from outside is escaped by the
//! template engine; the content security policy allows no script at all.

mod audit;
mod catalogue;
mod company;
mod dataset;
mod fair_sample;
mod lists;
mod notices;
mod sample_rows;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
    routing::get,
    Router,
};

use wonbon_model::{AccountId, DatasetId, Hash};

use crate::{
    app::App,
    catalogue::{self as records, Catalogue},
    protocol::Problem,
};

/// Items on a page.
const PAGE_ITEMS: usize = 25;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(catalogue::show_catalogue))
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

/// What a page says of a company or a dataset that has a page of its own.
struct Link {
    text: String,
    href: String,
}

impl Link {
    /// A company by its name, or by its account if it is not registered.
    fn company(account: AccountId, name: Option<String>) -> Self {
        Self { text: name.unwrap_or_else(|| account.to_string()), href: format!("/companies/{account}") }
    }

    /// A dataset by its title, or by the beginning of its id if no title is known here.
    fn dataset(id: impl Into<Hash>, title: Option<String>) -> Self {
        let id = id.into();
        Self { text: title.unwrap_or_else(|| words::short(id)), href: format!("/datasets/{id}") }
    }

    /// A company by its account.
    fn to_company(catalogue: Catalogue<'_>, account: AccountId) -> records::Result<Self> {
        Ok(Self::company(account, catalogue.name(account)?))
    }

    /// A dataset by its id.
    fn to_dataset(catalogue: Catalogue<'_>, id: impl Into<DatasetId>) -> records::Result<Self> {
        let id = id.into();
        Ok(Self::dataset(id, catalogue.title(id)?))
    }
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
