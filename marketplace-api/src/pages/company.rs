//! The page of a company: what it is, who acts for it, its datasets, its trades, the
//! royalties that it got.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use wonbon_model::{text, words::Term, AccountId, CompanyFacts, Participant};

use super::{
    fair_sample::Unanswered,
    lists::{DatasetRow, Royalties, TradeRow},
    render, words, PageError, PAGE_ITEMS,
};
use crate::{
    app::App,
    protocol::{extract::PathParam, Problem},
    read_model::queries::{self, Page, PageRequest},
};

#[derive(Template)]
#[template(path = "company.html")]
struct CompanyPage {
    account: AccountId,
    company: Participant,
    /// What it is if it acts through people.
    people: Option<CompanyFacts>,
    unanswered: Unanswered,
    datasets: Page<DatasetRow>,
    trades: Page<TradeRow>,
    royalties: Royalties,
}

impl CompanyPage {
    fn name(&self) -> String {
        text(&self.company.profile.name)
    }
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
        let datasets = queries::datasets(kv, Some(account), &request, |_, _| Ok(true))?;
        let trades = queries::trades(kv, None, Some(account), &request)?;
        let royalties = queries::royalties_to(kv, account, &request)?;
        Ok(Some(CompanyPage {
            royalties: Royalties::new(catalogue, queries::received_by(kv, account)?, royalties)?,
            account,
            company,
            people: queries::company_facts(kv, account, PAGE_ITEMS)?,
            unanswered: Unanswered::count(catalogue, account, account)?,
            datasets: datasets.try_map(|found| DatasetRow::new(catalogue, catalogue.dataset(&found)?))?,
            trades: trades.try_map(|trade| TradeRow::new(catalogue, trade))?,
        }))
    });
    render(&read.await?.ok_or_else(|| Problem::not_found("company"))?)
}
