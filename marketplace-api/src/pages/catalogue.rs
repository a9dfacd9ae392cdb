//! The first page: all datasets, or those that a search finds.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use serde::Deserialize;
use wonbon_model::words::Term;

use super::{escape, lists::DatasetRow, notices::notices, render, words, PageError, PAGE_ITEMS};
use crate::{
    app::App,
    catalogue::DatasetFilter,
    protocol::{
        extract::{choice, optional, question, Params},
        paging::List,
    },
    read_model::{applied, queries::PageRequest},
};

/// What the page is asked for; see the endpoint `/v1/datasets`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    q: Option<String>,
    owner: Option<String>,
    method: Option<String>,
    cursor: Option<String>,
    /// Taken and not used: a page has [`PAGE_ITEMS`] rows.
    #[serde(rename = "limit")]
    _limit: Option<String>,
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    q: String,
    items: Vec<DatasetRow>,
    next: Option<String>,
    height: Option<String>,
    notices: Vec<String>,
}

pub(super) async fn show_catalogue(
    State(app): State<Arc<App>>,
    Params(query): Params<Query>,
) -> Result<Html<String>, PageError> {
    let Query { q, owner, method, cursor, .. } = &query;
    let list = List::new("datasets", &[q, owner, method].map(Option::as_deref));
    let PageRequest { after, .. } = list.request(cursor.as_deref(), None)?;
    let request = PageRequest { after, limit: PAGE_ITEMS };
    let question = question(q.as_deref())?;
    let filter = DatasetFilter {
        owner: optional("owner", owner.as_deref())?,
        method: choice("method", method.as_deref())?,
    };
    let read = app.read(move |catalogue| {
        let page = catalogue.datasets(&filter, question.as_ref(), &request)?;
        let rows = page.try_map(|view| DatasetRow::new(catalogue, view))?;
        Ok((rows, applied(catalogue.kv)?, notices(catalogue)?))
    });
    let (page, applied, notices) = read.await?;
    let next = page.next.map(|key| {
        let filters = [("q", q), ("owner", owner), ("method", method)];
        let filters = filters.iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
        let filters: String = filters.map(|(name, text)| format!("{name}={}&", escape(text))).collect();
        format!("/?{filters}cursor={}", list.cursor(&key))
    });
    let height = applied.map(|block| words::number(block.height));
    let (q, items) = (query.q.unwrap_or_default(), page.items);
    render(&CataloguePage { q, items, next, height, notices })
}
