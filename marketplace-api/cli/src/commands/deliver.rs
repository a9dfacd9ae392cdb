//! `wonbon deliver`: the seller's side. Watches for orders and delivers their keys, for the key's own company or as the
//! delegate of another.
//!
//! Promises: it keeps no state of its own, so it can be killed and started again at any time; it says when it
//! waits for finality and when it refuses to deliver, and why.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::chain::{Chain, ConnectOptions};
use wonbon_client::exchange::sell::Deliverer;
use wonbon_client::exchange::SealingStore;
use wonbon_client::home::SystemClock;
use wonbon_model::{AccountId, OfferState};

use crate::context::Context;
use crate::events::Reporter;
use crate::exit::{Code, Failure};

#[derive(Debug, Args)]
pub(crate) struct Deliver {
    /// Stop when no order is waiting
    #[arg(long)]
    once: bool,
    /// Deliver for another account, which made yours its delegate and gave it the keys (see `wonbon delegate`)
    #[arg(long = "for", value_name = "ACCOUNT")]
    seller: Option<AccountId>,
}

pub(crate) async fn run(context: &Context, args: Deliver) -> Result<(), Failure> {
    let key = context.unlock()?;
    context.handle_interrupts();
    let options = ConnectOptions::new(&context.global.chain);
    let chain = context.connect(if args.once { options } else { options.patient() }).await?;
    context.refuse_development_key(&chain).await?;
    let home = context.file_home()?;
    let store = SealingStore::new(&home, &key);
    let seller = args.seller.unwrap_or_else(|| key.account());
    check_delegate(&chain, &seller, &key.account()).await?;
    warn_of_missing_keys(context, &chain, &store, &seller).await?;
    let reporter = Arc::new(Reporter::new(context.out, context.global.json));
    let deliverer = Deliverer {
        market: &chain,
        store: &store,
        signer: &key,
        seller,
        clock: &SystemClock,
        observer: reporter.clone(),
    };
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

/// Nobody delivers for another who did not make them a delegate: every delivery would be refused.
async fn check_delegate(chain: &Chain, seller: &AccountId, signer: &AccountId) -> Result<(), Failure> {
    if seller == signer {
        return Ok(());
    }
    let proxies = chain.best().await?.proxies(seller).await?;
    if proxies.iter().any(|proxy| proxy.delegate == *signer && proxy.may_deliver()) {
        return Ok(());
    }
    Err(Failure::new(Code::Refused, format!("{signer} is no delegate of {seller}"))
        .named("NotADelegate")
        .advise(format!("the seller says who is: `wonbon delegate add {signer}`")))
}

/// A seller who cannot deliver loses part of the bond: say so before an order comes.
async fn warn_of_missing_keys(
    context: &Context,
    chain: &Chain,
    store: &SealingStore<'_>,
    seller: &AccountId,
) -> Result<(), Failure> {
    let view = chain.finalized().await?;
    for (id, offer) in view.offers().await? {
        let takes_orders = offer.state == OfferState::Open || offer.open_orders > 0;
        if offer.seller != *seller || !takes_orders {
            continue;
        }
        match store.key(&offer.key_commitment).await {
            Ok(Some(_)) => {}
            Ok(None) => context.out.warn(format!(
                "the content key of offer {id} is not in {}: its orders cannot be delivered from here",
                context.home()?.display()
            )),
            // The other offers' orders can be delivered.
            Err(error) => context.out.warn(format!(
                "the content key of offer {id} cannot be read, so its orders cannot be delivered: {error}"
            )),
        }
    }
    Ok(())
}
