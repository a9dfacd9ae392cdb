//! `wonbon deliver`: the seller's side. Watches for orders and delivers their keys.
//!
//! Promises: it keeps no state of its own, so it can be killed and started again at any time; it says when it
//! waits for finality and when it refuses to deliver, and why.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use wonbon_client::chain::{Chain, ConnectOptions};
use wonbon_client::exchange::sell::Deliverer;
use wonbon_client::exchange::SealingStore;
use wonbon_client::keys::Keypair;
use wonbon_client::ledger::OfferState;

use crate::context::Context;
use crate::events::Reporter;
use crate::exit::{Code, Failure};

/// The seller's side.
#[derive(Debug, Args)]
pub struct Deliver {
    /// Stop when nothing is pending
    #[arg(long)]
    once: bool,
}

/// Runs it.
pub async fn run(context: &Context, args: Deliver) -> Result<(), Failure> {
    let key = context.unlock()?;
    context.handle_interrupts();
    let options = ConnectOptions::new(&context.global.chain).genesis(context.global.genesis);
    let options = if args.once { options } else { options.patient() };
    let chain = Chain::connect_with(options).await?;
    context.refuse_development_key(&chain).await?;
    let store = SealingStore::open(&context.home()?, &key)?;
    warn_of_missing_keys(context, &chain, &store, &key).await?;
    let reporter = Arc::new(Reporter::new(context.out, context.global.json));
    let deliverer = Deliverer {
        market: &chain,
        store: &store,
        signer: &key,
        seller: key.account(),
        observer: reporter.clone(),
    };
    if !args.once {
        context.out.note(format!(
            "Delivering for {}. Ctrl-C stops it; it can be started again at any time.",
            key.account()
        ));
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

/// A seller who cannot deliver loses part of the bond: say so before an order comes.
async fn warn_of_missing_keys(
    context: &Context,
    chain: &Chain,
    store: &SealingStore,
    key: &Keypair,
) -> Result<(), Failure> {
    let view = chain.finalized().await?;
    for (id, offer) in view.offers().await? {
        let takes_orders = offer.state == OfferState::Open || offer.open_orders > 0;
        if offer.seller != key.account() || !takes_orders {
            continue;
        }
        match store.key(&offer.key_commitment) {
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
