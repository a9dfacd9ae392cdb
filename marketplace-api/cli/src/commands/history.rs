//! `wonbon history`: the trades of a dataset or a company, and the royalties that it received of others' trades.
//!
//! Promises: it reads the chain itself, at one finalized block that it names; the service is asked only which royalties
//! there are.

use clap::Args;
use serde::Serialize;
use serde_json::{json, Value};
use wonbon_client::chain::View;
use wonbon_model::words::{amount, short, time, Term};
use wonbon_model::{json, royalty_total, AccountId, DatasetId, Keyed};
use wonbon_primitives::id::to_hex;

use super::royalties::{Payee, Received};
use crate::arguments::CompanyChoice;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::unknown;
use crate::output::table::Table;

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The dataset's id; without it the trades of the company that --company names
    dataset: Option<DatasetId>,
}

/// Whose trades are shown.
enum Whose {
    Dataset(DatasetId),
    Company(AccountId),
}

impl Whose {
    fn payee(&self) -> Payee {
        match self {
            Self::Dataset(dataset) => Payee::Dataset(*dataset),
            Self::Company(company) => Payee::Company(*company),
        }
    }
}

const COLUMNS: [&str; 10] =
    ["#>", "ORDER>", "OUTCOME", "PRICE>", "ROYALTIES>", "PLACED>", "FINAL>", "SELLER", "BUYER", "DATASET"];

/// Trades as of a block.
#[derive(Serialize)]
struct Trades {
    source: &'static str,
    at: Value,
    trades: Vec<json::Trade>,
    #[serde(flatten)]
    received: Received,
}

pub(crate) async fn history(context: &Context, args: History) -> Result<()> {
    let whose = match (args.dataset, context.global.company) {
        (Some(dataset), _) => Whose::Dataset(dataset),
        (None, Some(CompanyChoice::Account(company))) => Whose::Company(company),
        (None, _) => return Err(Failure::new(Code::Usage, "name a dataset, or a company with --company")),
    };
    let view = context.view().await?;
    let received = Received::read(context, &view, whose.payee()).await?;
    let trades = match whose {
        Whose::Dataset(dataset) => {
            view.dataset(&dataset).await?.ok_or_else(|| unknown(format!("dataset {dataset}")))?;
            view.trades(&dataset).await?
        }
        Whose::Company(company) => view.company_trades(&company).await?,
    };
    let value = Trades {
        source: "chain",
        at: block_json(&view),
        trades: trades.iter().map(|found| found.json(json::Trade::new)).collect(),
        received,
    };
    context.out.result(&value, || {
        let rows = trades.iter().map(|Keyed { key, record: trade }| {
            [
                key.index.to_string(),
                trade.order.to_string(),
                trade.outcome.word().into(),
                amount::krw(trade.price),
                match royalty_total(&trade.royalties) {
                    0 => "–".to_owned(),
                    total => amount::krw(total),
                },
                trade.placed_at.to_string(),
                time::moment(&trade.ended),
                short(trade.seller),
                short(trade.buyer),
                short(key.dataset),
            ]
        });
        let table = Table::new(COLUMNS, rows).or("No trade is final yet.");
        format!("{table}{}\n{}", value.received.text(), source_line(&view))
    })
}

pub(super) fn block_json(view: &View) -> Value {
    json!({ "block": view.block().height, "block_hash": to_hex(&view.block().hash) })
}

pub(super) fn source_line(view: &View) -> String {
    format!(
        "Read from the chain itself, not from the service, as of finalized block {} ({}).\nOpen orders are not part of it.",
        view.block().height,
        short(to_hex(&view.block().hash))
    )
}
