//! `wonbon deliver`: the seller's side. Watches for orders and delivers their keys, for the company that the key acts for
//! or as the delegate of another account.
//!
//! Promises: it keeps no state of its own, so it can be killed and started again at any time; it says when it
//! waits for finality and when it refuses to deliver, and why.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::exchange::sell::preflight::UndeliverableOffer;
use wonbon_client::exchange::sell::Deliverer;
use wonbon_client::exchange::SealingStore;
use wonbon_client::home::SystemClock;
use wonbon_client::ports::Home;
use wonbon_model::AccountId;

use crate::context::Context;
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};

#[derive(Debug, Args)]
pub(crate) struct Deliver {
    /// Stop when no order is waiting
    #[arg(long)]
    once: bool,
    /// Deliver for another account, which made yours its delegate and gave it the keys (see `wonbon delegate`)
    #[arg(long = "for", value_name = "ACCOUNT")]
    seller: Option<AccountId>,
}

pub(crate) async fn run(context: &Context, args: Deliver) -> Result<()> {
    let key = context.unlock()?;
    context.handle_interrupts();
    let options = context.nodes();
    let chain = context.connect(if args.once { options } else { options.patient() }).await?;
    context.check_before_signing(&chain).await?;
    let key = context.acting(&chain, key).await?;
    let home = context.file_home()?;
    let store = SealingStore::new(&home, &key);
    let seller = args.seller.unwrap_or_else(|| key.account());
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
    if !preflight.may_deliver {
        let signer = key.account();
        return Err(Failure::refused(format!("{signer} is no delegate of {seller}"))
            .named("NotADelegate")
            .advise(format!("the seller says who is: `wonbon delegate add {signer}`")));
    }
    for UndeliverableOffer { offer, unreadable } in &preflight.undeliverable {
        context.out.warn(match unreadable {
            None => format!(
                "the content key of offer {offer} is not in {}: its orders cannot be delivered from here",
                context.home()?.display()
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
