//! `wonbon offer`: change the price of an offer, withdraw it, or add to its bond.

use clap::Subcommand;
use wonbon_client::chain::Call;
use wonbon_model::words::amount;
use wonbon_model::{json, OfferId};

use super::transaction::included;
use crate::context::Context;
use crate::exit::Result;
use crate::failures::unknown;
use crate::lines;
use crate::output::object::With;

#[derive(Debug, Subcommand)]
pub(crate) enum OfferCommand {
    /// Set the price for new orders; orders that were placed keep theirs
    Price {
        /// The offer's number
        offer: OfferId,
        /// The new price in KRW
        #[arg(value_parser = amount::parse_krw)]
        price: u128,
    },
    /// Take no new orders; the bond comes back when the last order is final
    Withdraw {
        /// The offer's number
        offer: OfferId,
    },
    /// Add to the bond, so that more orders can be open at once
    Bond {
        /// The offer's number
        offer: OfferId,
        /// How much to add, in KRW
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
    },
}

pub(crate) async fn run(context: &Context, command: OfferCommand) -> Result<()> {
    let (offer, call) = match command {
        OfferCommand::Price { offer, price } => (offer, Call::set_price(offer, price)),
        OfferCommand::Withdraw { offer } => (offer, Call::withdraw_offer(offer)),
        OfferCommand::Bond { offer, amount } => (offer, Call::add_bond(offer, amount)),
    };
    let (chain, _, done) = context.submit(&call).await?;
    let record = chain.at(done.block).await?.offer(offer).await?;
    let record = record.ok_or_else(|| unknown(format!("offer {offer}")))?;
    let value = With { record: json::Offer::new(offer, &record), more: included(&done) };
    context.out.fields(&value, &lines::offer(offer, &record))
}
