//! The page of a company: what it is, its datasets, its trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use wonbon_model::{text, words::Term, AccountId};

use super::{
    fair_sample::unanswered,
    lists::{DatasetRow, TradeRow},
    not_found, render, PageError, PAGE_ITEMS,
};
use crate::{
    app::App,
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
    size: String,
    region: String,
    roles: Vec<String>,
    standing: String,
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
    account: Result<PathParam<AccountId>, Problem>,
) -> Result<Html<String>, PageError> {
    let PathParam(account) = account?;
    let read = app.read(move |catalogue| {
        let kv = catalogue.kv;
        let Some(company) = queries::participant(kv, account)? else { return Ok(None) };
        let request = PageRequest { after: None, limit: PAGE_ITEMS };
        let datasets = queries::datasets(kv, Some(account), &request, |_| Ok(true))?;
        let datasets = datasets.try_map(|found| DatasetRow::new(catalogue, catalogue.dataset(&found)?))?;
        let trades = queries::trades(kv, None, Some(account), &request)?;
        let trades = trades.try_map(|trade| TradeRow::new(catalogue, &trade))?;
        let profile = &company.profile;
        Ok(Some(CompanyPage {
            name: text(&profile.name),
            account: account.to_string(),
            registration_number: profile.registration_number.to_string(),
            ksic: profile.ksic.to_string(),
            size: profile.size.label(),
            region: profile.region.to_string(),
            roles: profile.roles.iter().map(|role| role.label()).collect(),
            standing: company.standing.label(),
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
