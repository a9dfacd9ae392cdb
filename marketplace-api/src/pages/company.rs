//! The page of a company: what it is, its datasets, its trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use super::{
    fair_sample::unanswered,
    lists::{DatasetRow, TradeRow},
    not_found, render, words, PageError, PAGE_ITEMS,
};
use crate::{
    app::App,
    model::Account,
    protocol::{extract::PathParam, Problem},
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
    let read = app.read(move |catalogue| {
        let kv = catalogue.kv;
        let Some(company) = queries::participant(kv, account)? else { return Ok(None) };
        let request = PageRequest { after: None, limit: PAGE_ITEMS };
        let datasets = queries::datasets(kv, Some(account), &request, |_| Ok(true))?;
        let datasets = datasets.try_map(|found| DatasetRow::new(catalogue, catalogue.dataset(found)?))?;
        let trades = queries::trades(kv, None, Some(account), &request)?;
        let trades = trades.try_map(|trade| TradeRow::new(catalogue, trade))?;
        let digits = &company.registration_number;
        let registration_number = match (digits.get(..3), digits.get(3..5), digits.get(5..)) {
            (Some(first), Some(second), Some(third)) => format!("{first}-{second}-{third}"),
            _ => digits.clone(),
        };
        Ok(Some(CompanyPage {
            name: company.name,
            account: account.to_string(),
            registration_number,
            ksic: company.ksic,
            size: words::size_class(company.size),
            region: company.region,
            roles: company.roles.into_iter().map(words::role).collect(),
            standing: words::standing(company.standing),
            accredited: company.accredited,
            held_unanswered: unanswered(queries::held_unanswered(kv, account)?),
            registered_unanswered: unanswered(queries::registered_unanswered(kv, account)?),
            datasets: datasets.items,
            more_datasets: datasets.next.is_some(),
            trades: trades.items,
            more_trades: trades.next.is_some(),
        }))
    });
    render(&read.await?.ok_or_else(|| not_found("company"))?)
}
