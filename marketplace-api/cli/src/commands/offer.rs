//! `wonbon offer`: change the price or the terms of an offer, pause and open it again, and move its bond.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use wonbon_client::chain::{Call, Chain, Included, Until, View};
use wonbon_client::exchange::cost::Cost;
use wonbon_client::exchange::sell::preflight::bond_for_orders;
use wonbon_client::exchange::ExchangeError;
use wonbon_client::service::Payloads as _;
use wonbon_client::Keypair;
use wonbon_model::words::{amount, Term};
use wonbon_model::{json, Balance, BlockNumber, Derivation, Digest, Offer, OfferId};

use super::consent::{ask_for, Answer, Consent};
use super::publish::derivation;
use super::transaction::included;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::unknown;
use crate::lines;
use crate::output::object::With;
use crate::texts::{Text, DEFAULT_LICENCE};

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
    /// Change licence, non-disclosure agreement, windows or the right to derive for new orders; nothing is sealed anew
    Amend(Amend),
    /// Take orders again, after a missed delivery paused the offer; the next one that is missed costs its penalty again
    Resume {
        /// The offer's number
        offer: OfferId,
    },
    /// Take orders again under an offer that you withdrew
    Reopen(Reopen),
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
        #[command(flatten)]
        consent: Consent,
    },
    /// Say that a part of the bond which covers no order is to leave: it can be taken one dispute window later
    ReleaseBond {
        /// The offer's number
        offer: OfferId,
        /// How much is to leave, in KRW, in place of what was said before; 0 lets all of it stay
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
    },
    /// Take the bond that was to leave, when its time has come
    TakeBond {
        /// The offer's number
        offer: OfferId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Amend {
    /// The offer's number
    offer: OfferId,
    /// The new licence text
    #[arg(long, value_name = "FILE")]
    licence: Option<PathBuf>,
    /// The new non-disclosure agreement (비밀유지협약)
    #[arg(long, value_name = "FILE")]
    nda: Option<PathBuf>,
    /// Whether buyers may sell what they make from it: forbidden, or the least royalty, for example 10%
    #[arg(long, value_name = "forbidden|PERCENT", value_parser = derivation)]
    derivation: Option<Derivation>,
    /// How many blocks you have to deliver after an order
    #[arg(long, value_name = "BLOCKS")]
    delivery_window: Option<BlockNumber>,
    /// How many blocks buyers have to dispute after a delivery
    #[arg(long, value_name = "BLOCKS")]
    dispute_window: Option<BlockNumber>,
}

#[derive(Debug, Args)]
pub(crate) struct Reopen {
    /// The offer's number
    offer: OfferId,
    /// How much bond to put down, in KRW [default: what is missing for --open-orders]
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    bond: Option<Balance>,
    /// How many orders that are open at once the bond covers
    #[arg(long, value_name = "N", default_value_t = 3, conflicts_with = "bond", value_parser = clap::value_parser!(u32).range(1..))]
    open_orders: u32,
    #[command(flatten)]
    consent: Consent,
}

pub(crate) async fn run(context: &Context, command: OfferCommand) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let (offer, call) = match command {
        OfferCommand::Price { offer, price } => (offer, Call::set_price(offer, price)),
        OfferCommand::Withdraw { offer } => (offer, Call::withdraw_offer(offer)),
        OfferCommand::Bond { offer, amount, consent } => return bond(context, offer, amount, consent).await,
        OfferCommand::Amend(args) => (args.offer, amendment(context, &chain, &key, args).await?),
        OfferCommand::Resume { offer } => (offer, Call::resume_offer(offer)),
        OfferCommand::Reopen(args) => return reopen(context, args).await,
        OfferCommand::ReleaseBond { offer, amount } => (offer, Call::release_bond(offer, amount)),
        OfferCommand::TakeBond { offer } => (offer, Call::take_bond(offer)),
    };
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    print(context, &chain, offer, &done).await
}

/// What a person sees of an offer before its bond grows.
fn bond_so_far(offer: OfferId, record: &Offer) -> Vec<lines::Line> {
    vec![
        ("offer", format!("{offer}, {}", record.state.word())),
        (
            "bond now",
            format!("{} ({} behind open orders)", amount::krw(record.bond), amount::krw(record.exposure)),
        ),
    ]
}

/// Adds to the bond, once it is agreed what that locks.
async fn bond(context: &Context, offer: OfferId, added: Balance, consent: Consent) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let view = chain.finalized().await?;
    let asked = (bond_so_far(offer, &offer_of(&view, offer).await?), "Add to the bond?");
    if ask_for(context, (&view, &key), &Cost::of_bond(added), asked, consent).await? == Answer::Stop {
        return Ok(());
    }
    let done = chain.submit(&key, &Call::add_bond(offer, added), Until::Finalized).await?;
    print(context, &chain, offer, &done).await
}

/// Opens a withdrawn offer again, once it is agreed what its bond locks.
async fn reopen(context: &Context, args: Reopen) -> Result<()> {
    let Reopen { offer, bond, open_orders, consent } = args;
    let (chain, key) = context.chain_and_key().await?;
    let view = chain.finalized().await?;
    let record = offer_of(&view, offer).await?;
    let rules = view.rules().await?.ok_or(ExchangeError::NoRules)?;
    let missing = bond_for_orders(&rules, record.price, open_orders).saturating_sub(record.bond);
    let bond = bond.unwrap_or(missing);
    let asked = (bond_so_far(offer, &record), "Take orders again?");
    if ask_for(context, (&view, &key), &Cost::of_bond(bond), asked, consent).await? == Answer::Stop {
        return Ok(());
    }
    let call = Call::reopen_offer(offer, bond, view.parents_to_look_at(&record).await?);
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    print(context, &chain, offer, &done).await
}

async fn print(context: &Context, chain: &Chain, offer: OfferId, done: &Included) -> Result<()> {
    let record = chain.at(done.block).await?.offer(offer).await?;
    let record = record.ok_or_else(|| unknown(format!("offer {offer}")))?;
    let value = With { record: json::Offer::new(offer, &record), more: included(done) };
    context.out.fields(&value, &lines::offer(offer, &record))
}

async fn offer_of(view: &View, offer: OfferId) -> Result<Offer> {
    let record = view.offer(offer).await?;
    record.ok_or_else(|| unknown(format!("offer {offer}")))
}

/// The call that changes the terms: what is not named stays. New texts are at the service before anybody can be asked to
/// accept them.
async fn amendment(context: &Context, chain: &Chain, key: &Keypair, args: Amend) -> Result<Call> {
    let unchanged = args.licence.is_none()
        && args.nda.is_none()
        && args.derivation.is_none()
        && args.delivery_window.is_none()
        && args.dispute_window.is_none();
    if unchanged {
        let what = "say what changes: --licence, --nda, --derivation, --delivery-window or --dispute-window";
        return Err(Failure::new(Code::Usage, what));
    }
    let texts = [&args.licence, &args.nda].map(|path| path.as_deref().map(text_of).transpose());
    let [licence, nda] = texts;
    let (licence, nda) = (licence?, nda?);
    let now = offer_of(&chain.finalized().await?, args.offer).await?;
    if licence.is_some() || nda.is_some() {
        let service = context.service(chain, key)?;
        service.sign_in().await?;
        for text in licence.iter().chain(&nda) {
            service.put_document(&text.text).await?;
        }
    }
    let hash = |text: Option<Text>, now: Digest| text.map_or(now, |text| text.reference.sha256.0);
    Ok(Call::amend(
        args.offer,
        hash(licence, now.licence),
        hash(nda, now.nda),
        args.delivery_window.unwrap_or(now.delivery_window),
        args.dispute_window.unwrap_or(now.dispute_window),
        args.derivation.unwrap_or(now.derivation),
    ))
}

/// The text of a file that was named.
fn text_of(path: &Path) -> Result<Text> {
    Text::load(Some(path), DEFAULT_LICENCE)
}
