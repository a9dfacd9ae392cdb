//! `wonbon order open`: what was bought, opened on another machine or by a colleague.
//!
//! Promises: nothing is ordered or paid; every block is verified against the dataset; no file is written over. An order that
//! is still open is gone on with, as `wonbon buy` would.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::company::Keyring;
use wonbon_client::exchange::buy::{Buyer, PurchaseEnd};
use wonbon_client::exchange::ExchangeError;
use wonbon_client::ports::Home;
use wonbon_model::words::{size, Term};
use wonbon_model::OrderId;

use crate::context::{name_of, Context};
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};

#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The order's number
    order: OrderId,
    /// Where to write the data
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(super) async fn run(context: &Context, args: Open) -> Result<()> {
    let output = std::path::absolute(&args.output).map_err(|error| {
        Failure::refused(format!("{} is no place for a file: {error}", args.output.display()))
    })?;
    let (home, name) = (context.file_home()?, name_of(&output)?);
    let sink = home.sink(name).map_err(ExchangeError::from)?;
    sink.check().await.map_err(|unusable| Failure::refused(format!("{name} {unusable}")))?;
    let (chain, key) = context.chain_and_key().await?;
    let service = context.service(&chain, &key)?;
    let keyring = Keyring::new(&chain, &service, &home, &key);
    context.bring_secrets_up_to_date(keyring.as_ref()).await?;
    let reporter = Arc::new(Reporter::new(context.out, false));
    let buyer = Buyer {
        market: &chain,
        service: &service,
        key: &key,
        company: keyring.as_ref(),
        home: &home,
        observer: reporter.clone(),
    };
    let offer = buyer.offer_of(args.order).await?;
    let lock = buyer.lock(offer).await?;
    let interrupted =
        buyer.pending_of(offer).await?.into_iter().find(|found| found.order == Some(args.order));
    let purchase = match interrupted {
        Some(purchase) if purchase.output == sink.name() => purchase,
        Some(purchase) => {
            let text = format!("order {} is being opened into {}", args.order, purchase.output);
            return Err(Failure::refused(text).advise("name that file with -o"));
        }
        None => buyer.adopt(args.order, name).await?,
    };
    context.handle_interrupts();
    let end = buyer.resume(&lock, purchase).await;
    reporter.clear();
    match end? {
        PurchaseEnd::Bought { order, output, outcome } => {
            let length = std::fs::metadata(&output).map(|about| about.len()).unwrap_or_default();
            let value =
                json!({ "order": order, "file": output, "length": length, "outcome": outcome.word() });
            context.out.fields(
                &value,
                &[
                    ("order", order.to_string()),
                    ("file", output),
                    ("length", format!("{} (every block verified)", size::bytes_exact(length))),
                ],
            )
        }
        PurchaseEnd::Refunded { order, outcome } => {
            Err(Failure::new(Code::Refunded, format!("order {order}: the money is back: {}", outcome.word()))
                .named(outcome.word()))
        }
    }
}
