//! The page of a company: what it is, its datasets, its trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use super::{evidence, not_found, render, words, DatasetRow, PageError, TradeRow, ITEMS};
use crate::{
    http::{extract::PathParam, views, App, Problem},
    kv::{KvError, KvStore},
    model::Account,
    read_model::queries::{self, PageRequest},
};

#[derive(Template)]
#[template(path = "company.html")]
struct CompanyPage {
    name: String,
    account: String,
    registration_number: String,
    ksic: String,
    size: &'static str,
    region: String,
    roles: Vec<&'static str>,
    standing: &'static str,
    accredited: bool,
    held_unanswered: Option<String>,
    registered_unanswered: Option<String>,
    datasets: Vec<DatasetRow>,
    more_datasets: bool,
    trades: Vec<TradeRow>,
    more_trades: bool,
}

pub(super) async fn show_company(
    State(app): State<Arc<App>>,
    account: Result<PathParam<Account>, Problem>,
) -> Result<Html<String>, PageError> {
    let PathParam(account) = account?;
    let reader = app.clone();
    let build = move |kv: &dyn KvStore| {
        let Some(company) = queries::participant(kv, account)? else { return Ok(None) };
        let request = PageRequest { after: None, limit: ITEMS };
        let owned = queries::datasets(kv, Some(account), &request, |_| Ok(true))?;
        let row = |found| DatasetRow::new(kv, views::dataset(kv, &reader.search, found)?);
        let trades = queries::trades(kv, None, Some(account), &request)?;
        let trade = |trade| TradeRow::new(kv, &reader, trade);
        let digits = &company.registration_number;
        let registration_number = match (digits.get(..3), digits.get(3..5), digits.get(5..)) {
            (Some(first), Some(second), Some(third)) => format!("{first}-{second}-{third}"),
            _ => digits.clone(),
        };
        Ok::<_, KvError>(Some(CompanyPage {
            name: company.name,
            account: account.to_string(),
            registration_number,
            ksic: company.ksic,
            size: words::size_class(company.size),
            region: company.region,
            roles: company.roles.into_iter().map(words::role).collect(),
            standing: words::standing(company.standing),
            accredited: company.accredited,
            held_unanswered: evidence::unanswered(queries::held_unanswered(kv, account)?),
            registered_unanswered: evidence::unanswered(queries::registered_unanswered(kv, account)?),
            datasets: owned.items.into_iter().map(row).collect::<Result<_, _>>()?,
            more_datasets: owned.next.is_some(),
            trades: trades.items.into_iter().map(trade).collect::<Result<_, _>>()?,
            more_trades: trades.next.is_some(),
        }))
    };
    let page = app.read_model.run(build).await?;
    render(&page.ok_or_else(|| not_found("company"))?)
}
