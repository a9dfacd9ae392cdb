//! `wonbon deliver`: the seller's side. Watches for orders and delivers their keys, for the company that the key acts for:
//! a delivery service is a member of it that may deliver.
//!
//! Promises: it keeps no state of its own, so it can be killed and started again at any time; it says when it
//! waits for finality and when it refuses to deliver, and why.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::company::Keyring;
use wonbon_client::exchange::sell::preflight::UndeliverableOffer;
use wonbon_client::exchange::sell::Deliverer;
use wonbon_client::exchange::SealingStore;
use wonbon_client::home::SystemClock;
use wonbon_client::ports::Home;

use crate::context::Context;
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};

/// What else this key signs has lower numbers, and would hold deliveries back.
const OWN_KEY: &str =
    "Deliveries come before other transactions, but not before others of the same key: use a key that signs \
                       nothing else, of a member with the role deliver.";

#[derive(Debug, Args)]
pub(crate) struct Deliver {
    /// Stop when no order is waiting
    #[arg(long)]
    once: bool,
}

pub(crate) async fn run(context: &Context, args: Deliver) -> Result<()> {
    let key = context.unlock()?;
    context.handle_interrupts();
    let options = context.nodes();
    let chain = context.connect(if args.once { options } else { options.patient() }).await?;
    context.check_before_signing(&chain).await?;
    let key = context.acting(&chain, key).await?;
    let home = context.file_home()?;
    let service = context.service(&chain, &key)?;
    let keyring = Keyring::new(&chain, &service, &home, &key);
    context.bring_secrets_up_to_date(keyring.as_ref()).await?;
    let store = SealingStore::new(&home, &key).with_colleagues(keyring.as_ref());
    let seller = key.account();
    let reporter = Arc::new(Reporter::new(context.out, context.global.json));
    let deliverer = Deliverer {
        market: &chain,
        store: &store,
        shown: home.deliveries(),
        signer: &key,
        seller,
        clock: &SystemClock,
        observer: reporter.clone(),
    };
    let preflight = deliverer.preflight().await?;
    for UndeliverableOffer { offer, unreadable } in &preflight.undeliverable {
        context.out.warn(match unreadable {
            None => format!(
                "the content key of offer {offer} is not in {}{}: its orders cannot be delivered from here",
                context.home()?.display(),
                match keyring {
                    Some(_) => ", and no colleague has shared or entrusted it",
                    None => "",
                }
            ),
            Some(error) => format!(
                "the content key of offer {offer} cannot be read, so its orders cannot be delivered: {error}"
            ),
        });
    }
    if !args.once {
        context
            .out
            .note(format!("Delivering for {seller}. Ctrl-C stops it; it can be started again at any time."));
        context.out.note(OWN_KEY);
        match deliverer.run().await? {}
    }
    deliverer.run_once().await?;
    let (delivered, refused) = (reporter.delivered(), reporter.refused());
    let value = json!({ "delivered": delivered, "not_delivered": refused });
    context.out.result(&value, || match delivered.len() {
        0 => "Nothing was delivered; nothing is pending.".into(),
        1 => "1 order was delivered; nothing is pending.".into(),
        count => format!("{count} orders were delivered; nothing is pending."),
    })?;
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(Code::Failure, format!("{} orders were not delivered; see above", refused.len()))
            .named("NotDelivered"))
    }
}
