//! The page of a company: what it is, its datasets, its trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use super::{evidence, not_found, render, words, DatasetRow, PageError, TradeRow, ITEMS};
use crate::{
    http::{extract::Named, views, App, Problem},
    model::Account,
    read_model::{
        queries::{self, PageRequest},
        Ledger, LedgerError,
    },
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
    account: Result<Named<Account>, Problem>,
) -> Result<Html<String>, PageError> {
    let Named(account) = account?;
    let reader = app.clone();
    let build = move |ledger: &dyn Ledger| {
        let Some(company) = queries::participant(ledger, account)? else { return Ok(None) };
        let request = PageRequest { after: None, limit: ITEMS };
        let owned = queries::datasets(ledger, Some(account), &request, |_| Ok(true))?;
        let row = |found| DatasetRow::new(ledger, views::dataset(ledger, &reader.search, found)?);
        let trades = queries::trades(ledger, None, Some(account), &request)?;
        let trade = |trade| TradeRow::new(ledger, &reader, trade);
        let digits = &company.registration_number;
        let registration_number = match (digits.get(..3), digits.get(3..5), digits.get(5..)) {
            (Some(first), Some(second), Some(third)) => format!("{first}-{second}-{third}"),
            _ => digits.clone(),
        };
        Ok::<_, LedgerError>(Some(CompanyPage {
            name: company.name,
            account: account.to_string(),
            registration_number,
            ksic: company.ksic,
            size: words::size_class(company.size),
            region: company.region,
            roles: company.roles.into_iter().map(words::role).collect(),
            standing: words::standing(company.standing),
            accredited: company.accredited,
            held_unanswered: evidence::unanswered(queries::held_unanswered(ledger, account)?),
            registered_unanswered: evidence::unanswered(queries::registered_unanswered(ledger, account)?),
            datasets: owned.items.into_iter().map(row).collect::<Result<_, _>>()?,
            more_datasets: owned.next.is_some(),
            trades: trades.items.into_iter().map(trade).collect::<Result<_, _>>()?,
            more_trades: trades.next.is_some(),
        }))
    };
    let page = app.read_model.run(build).await?;
    render(&page.ok_or_else(|| not_found("company"))?)
}
