//! `wonbon history`: the trades of a dataset or a company.
//!
//! Promises: it reads the chain itself, at one finalized block that it names; the service is not asked.

use clap::Args;
use serde::Serialize;
use serde_json::{json, Value};
use wonbon_client::chain::View;
use wonbon_model::words::{amount, time, Term};
use wonbon_model::{json, royalty_total, AccountId, DatasetId, EntryKey, Keyed, Trade};
use wonbon_primitives::id::to_hex;

use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::output::table::{short, Align, Table};

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The dataset's id
    #[arg(required_unless_present = "company")]
    dataset: Option<DatasetId>,
    /// The trades of this company, instead of a dataset's
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "dataset")]
    company: Option<AccountId>,
}

/// Trades as of a block.
#[derive(Serialize)]
struct Trades {
    source: &'static str,
    at: Value,
    trades: Vec<json::Trade>,
}

pub(crate) async fn history(context: &Context, args: History) -> Result<(), Failure> {
    let view = context.chain().await?.finalized().await?;
    let mut trades: Vec<Keyed<EntryKey, Trade>> = Vec::new();
    match (args.dataset, args.company) {
        (Some(dataset), _) => {
            view.dataset(&dataset).await?.ok_or_else(|| unknown(format!("dataset {dataset}")))?;
            for (index, trade) in (0u32..).zip(view.trades(&dataset).await?) {
                trades.push(Keyed::new(EntryKey { dataset, index }, trade));
            }
        }
        (None, Some(company)) => {
            for (dataset, index) in view.company_trades(&company).await? {
                let trade = view.trade(&dataset, index).await?;
                let trade = trade.ok_or_else(|| unknown(format!("trade {index} of {dataset}")))?;
                trades.push(Keyed::new(EntryKey { dataset, index }, trade));
            }
        }
        (None, None) => return Err(Failure::new(Code::Usage, "name a dataset, or a company with --company")),
    }
    let value = Trades {
        source: "chain",
        at: block_json(&view),
        trades: trades.iter().map(|found| found.json(json::Trade::new)).collect(),
    };
    context.out.result(&value, || {
        let mut table = Table::new(&[
            ("#", Align::Right),
            ("ORDER", Align::Right),
            ("OUTCOME", Align::Left),
            ("PRICE", Align::Right),
            ("ROYALTIES", Align::Right),
            ("PLACED", Align::Right),
            ("FINAL", Align::Right),
            ("SELLER", Align::Left),
            ("BUYER", Align::Left),
            ("DATASET", Align::Left),
        ]);
        for Keyed { key, record: trade } in &trades {
            table.row([
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
                short(&trade.seller.to_string()),
                short(&trade.buyer.to_string()),
                short(&key.dataset.to_string()),
            ]);
        }
        let body = if table.is_empty() { "No trade is final yet.\n".to_owned() } else { table.to_string() };
        format!("{body}{}", source_line(&view))
    })
}

pub(super) fn block_json(view: &View) -> Value {
    json!({ "block": view.block().height, "block_hash": to_hex(&view.block().hash) })
}

pub(super) fn source_line(view: &View) -> String {
    format!(
        "Read from the chain itself, not from the service, as of finalized block {} ({}).\nOpen orders are not part of it.",
        view.block().height,
        short(&to_hex(&view.block().hash))
    )
}
