//! `wonbon buy`: from an offer to a verified file, or to the money back.
//!
//! Promises: nothing is paid before the sealed payload is here and checked and the texts are accepted; the same
//! command goes on with a purchase that was interrupted, and never buys a second copy unless told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::chain::Chain;
use wonbon_client::exchange::buy::{Buyer, Purchase, PurchaseEnd, Quote};
use wonbon_client::service::Service;
use wonbon_model::words::{amount, duration, size};
use wonbon_model::{text, AccountId, OfferId, OrderId};
use wonbon_package::files::{commit_file, Watch};
use wonbon_primitives::id::to_hex;
use wonbon_primitives::{Commitment, Digest};

use crate::blocking::blocking;
use crate::context::{name_of, Context};
use crate::descriptions::document;
use crate::events::Reporter;
use crate::exit::{Code, Failure};
use crate::output::table::fields;
use crate::records;
use crate::texts::{Text, DEFAULT_LICENCE, DEFAULT_NDA};

#[derive(Debug, Args)]
pub(crate) struct Buy {
    /// The number of the offer
    offer: OfferId,
    /// Where to write the data
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Accept the licence and the NDA, and buy without being asked
    #[arg(long, visible_alias = "accept-licence", alias = "accept")]
    yes: bool,
    /// Buy another copy, even though a purchase of this offer is under way
    #[arg(long)]
    another: bool,
}

pub(crate) async fn run(context: &Context, args: Buy) -> Result<(), Failure> {
    let begun = Instant::now();
    let output = std::path::absolute(&args.output).map_err(|error| {
        Failure::new(Code::Refused, format!("{} is no place for a file: {error}", args.output.display()))
    })?;
    check_place(&output)?;
    let key = context.unlock()?;
    let chain = context.chain().await?;
    context.refuse_development_key(&chain).await?;
    let service = Service::new(&context.global.service, chain.genesis(), Some(key.clone()))?;
    let home = context.file_home()?;
    let name = name_of(&output)?;
    let reporter = Arc::new(Reporter::new(context.out, false));
    let buyer =
        Buyer { market: &chain, service: &service, key: &key, home: &home, observer: reporter.clone() };

    let lock = buyer.lock(args.offer).await?;
    let (end, resumed) = match under_way(context, &buyer, &chain, &key.account(), &args, name).await? {
        Some(purchase) => {
            context.handle_interrupts();
            (buyer.resume(&lock, purchase).await, true)
        }
        None => {
            if output.exists() {
                return bought_before(context, &chain, &key.account(), &args, &output, begun).await;
            }
            let quote = buyer.quote(args.offer).await?;
            check_buyer(&chain, &key.account(), &quote).await?;
            warn_of_second_copy(context, &chain, &key.account(), &quote).await?;
            agree(context, &chain, &service, &quote, args.yes).await?;
            context.handle_interrupts();
            // Early, so that a service of another chain costs no download.
            service.sign_in().await?;
            (buyer.buy(&lock, &quote, name).await, false)
        }
    };
    reporter.clear();
    let (order, refunded) = match end? {
        PurchaseEnd::Bought { order, .. } => (order, false),
        PurchaseEnd::Refunded { order, .. } => (order, true),
    };
    let mut value = trade_of(&chain, order).await?;
    value["resumed"] = json!(resumed);
    value["seconds"] = json!(begun.elapsed().as_secs_f64());
    if refunded {
        return Err(money_back(order, value));
    }
    finished(context, value, &output, begun)
}

fn check_place(output: &Path) -> Result<(), Failure> {
    let refuse = |reason: &str| {
        Err(Failure::new(Code::Refused, format!("{} {reason}", output.display()))
            .advise("name a new file with -o"))
    };
    if output.is_dir() {
        return refuse("is a folder");
    }
    match output.parent() {
        Some(folder) if folder.is_dir() => Ok(()),
        _ => refuse("is in a folder that does not exist"),
    }
}

/// A purchase of this offer that is not finished: from its journal, or from the chain if the journal is on
/// another machine.
async fn under_way(
    context: &Context,
    buyer: &Buyer<'_>,
    chain: &Chain,
    account: &AccountId,
    args: &Buy,
    output: &str,
) -> Result<Option<Purchase>, Failure> {
    let pending = buyer.pending_of(args.offer).await?;
    if let Some(same) = pending.iter().find(|purchase| purchase.output == output) {
        context.out.note("Going on with the purchase that was interrupted.");
        return Ok(Some(same.clone()));
    }
    if args.another {
        return Ok(None);
    }
    if let Some(other) = pending.first() {
        return Err(Failure::new(
            Code::Refused,
            format!("a purchase of offer {} into {} is under way", args.offer, other.output),
        )
        .advise("go on with it by naming that file with -o, or buy another copy with --another"));
    }
    let orders = chain.finalized().await?.orders().await?;
    let found = orders.into_iter().find(|(_, order)| order.buyer == *account && order.offer == args.offer);
    match found {
        Some((order, _)) => {
            context
                .out
                .note(format!("Order {order} of this offer is on the chain already; going on with it."));
            Ok(Some(buyer.adopt(order, output).await?))
        }
        None => Ok(None),
    }
}

/// The file is there: if it is the dataset and was bought, there is nothing to do; otherwise it is not
/// overwritten.
async fn bought_before(
    context: &Context,
    chain: &Chain,
    account: &AccountId,
    args: &Buy,
    output: &Path,
    begun: Instant,
) -> Result<(), Failure> {
    let exists = || {
        Failure::new(Code::Refused, format!("{} exists already", output.display()))
            .advise("a purchase never overwrites a file; name a new one with -o")
    };
    let view = chain.finalized().await?;
    let mut bought = None;
    for (dataset, index) in view.company_trades(account).await? {
        let trade = view.trade(&dataset, index).await?;
        bought = trade
            .filter(|trade| {
                trade.offer == args.offer && trade.buyer == *account && !records::refunded(trade.outcome)
            })
            .map(|trade| (dataset, trade.order))
            .or(bought);
    }
    let (dataset, order) = bought.filter(|_| !args.another).ok_or_else(exists)?;
    let path = output.to_owned();
    let stop = context.stop.clone();
    let commitment: Option<Commitment> =
        blocking(move || Ok(commit_file(&path, &Watch::none().cancelled_by(&stop)).ok())).await?;
    if commitment.is_none_or(|commitment| commitment.root != dataset.0) {
        return Err(exists());
    }
    context.out.note("This was bought before, and the file is the dataset. Nothing was paid again.");
    let mut value = trade_of(chain, order).await?;
    value["resumed"] = json!(true);
    value["seconds"] = json!(begun.elapsed().as_secs_f64());
    finished(context, value, output, begun)
}

/// A company seldom wants to pay for the same dataset twice.
async fn warn_of_second_copy(
    context: &Context,
    chain: &Chain,
    account: &AccountId,
    quote: &Quote,
) -> Result<(), Failure> {
    let view = chain.finalized().await?;
    for (dataset, index) in view.company_trades(account).await? {
        if dataset != quote.terms.dataset {
            continue;
        }
        let trade = view.trade(&dataset, index).await?;
        if let Some(trade) =
            trade.filter(|trade| trade.buyer == *account && !records::refunded(trade.outcome))
        {
            context.out.warn(format!(
                "you have bought this dataset before, with order {}; this pays for another copy",
                trade.order
            ));
            break;
        }
    }
    Ok(())
}

/// What the chain would refuse anyway, said before anything is downloaded.
async fn check_buyer(chain: &Chain, account: &AccountId, quote: &Quote) -> Result<(), Failure> {
    let view = chain.best().await?;
    let refuse = |name: &str, text: String| Err(Failure::new(Code::Refused, text).named(name));
    if quote.terms.seller == *account {
        return refuse("OwnOffer", format!("offer {} is your own", quote.offer));
    }
    let standing = view.participant(account).await?.map(|record| record.standing);
    if standing != Some(wonbon_model::Standing::Verified) {
        let standing = standing.map_or("not registered", records::standing);
        return refuse(
            "NotVerified",
            format!("the company {account} is {standing}; only verified companies buy"),
        )
        .map_err(|failure| failure.advise("`wonbon company register`, then ask the registrar to verify it"));
    }
    let free = view.balance(account).await?.free;
    if free < quote.escrow() {
        return refuse(
            "FundsUnavailable",
            format!(
                "{} go into escrow, and the account has {}",
                amount::krw(quote.escrow()),
                amount::krw(free)
            ),
        )
        .map_err(|failure| {
            failure.advise("have credit issued against a bank transfer, or withdraw what is held")
        });
    }
    Ok(())
}

/// Shows what would be bought and under which texts, and asks.
async fn agree(
    context: &Context,
    chain: &Chain,
    service: &Service,
    quote: &Quote,
    yes: bool,
) -> Result<(), Failure> {
    let terms = &quote.terms;
    let view = chain.finalized().await?;
    let seller = view.participant(&terms.seller).await?;
    let name = seller.map_or_else(String::new, |seller| format!("{} ", text(&seller.profile.name)));
    let title = match view.dataset(&terms.dataset).await? {
        Some(dataset) => document(context, &dataset.metadata).await.map(|document| document.title),
        None => None,
    };
    let licence = keep_text(context, service, &terms.licence).await?;
    let nda = keep_text(context, service, &terms.nda).await?;
    let offer = fields(&[
        ("offer", quote.offer.to_string()),
        ("title", title.unwrap_or_else(|| "(no description)".into())),
        ("dataset", terms.dataset.to_string()),
        ("length", size::bytes_exact(terms.length)),
        ("seller", format!("{name}({})", terms.seller)),
        ("price", amount::krw(terms.price)),
        (
            "escrow",
            format!(
                "{} (with {} for a dispute)",
                amount::krw(quote.escrow()),
                amount::krw(terms.dispute_reserve)
            ),
        ),
        ("delivery within", duration::blocks(terms.delivery_window)),
        ("dispute within", duration::blocks(terms.dispute_window)),
        ("licence", shown(&terms.licence, licence.as_deref())),
        ("nda", shown(&terms.nda, nda.as_deref())),
    ]);
    context.out.note(offer.trim_end());
    if yes {
        context.out.note("Licence and NDA are accepted (--yes).");
        return Ok(());
    }
    let unread = licence.is_none() || nda.is_none();
    if unread {
        return Err(Failure::new(Code::Refused, "a text to be accepted cannot be had from the service")
            .named("NotAccepted")
            .advise("ask the seller for it, compare its SHA-256, and accept with --accept-licence"));
    }
    match context.ask("Accept this licence and this non-disclosure agreement (비밀유지협약), and buy?")
    {
        Some(true) => Ok(()),
        Some(false) => {
            Err(Failure::new(Code::Refused, "not accepted; nothing was ordered").named("NotAccepted"))
        }
        None => Err(Failure::new(Code::Refused, "licence and NDA were not accepted; nothing was ordered")
            .named("NotAccepted")
            .advise("read the texts and accept them with --accept-licence (or --yes)")),
    }
}

fn shown(hash: &Digest, path: Option<&Path>) -> String {
    let place =
        path.map_or_else(|| "the service does not have this text".into(), |path| path.display().to_string());
    format!("{}\n{place}", to_hex(hash))
}

/// Puts the text with this hash where the person can read it and keep it.
async fn keep_text(context: &Context, service: &Service, hash: &Digest) -> Result<Option<PathBuf>, Failure> {
    let ours = [DEFAULT_LICENCE, DEFAULT_NDA]
        .into_iter()
        .find(|default| Text::load(None, default).is_ok_and(|text| text.digest() == *hash));
    let found = match ours {
        Some(ours) => ours.to_owned(),
        None => match service.document(hash).await {
            Ok(found) => found,
            Err(error) if error.is_connection() => return Err(error.into()),
            Err(_) => return Ok(None),
        },
    };
    let path = context.folder("texts")?.join(format!("{}.txt", to_hex(hash)));
    wonbon_client::files::replace(&path, found.as_bytes())
        .map_err(|error| Failure::new(Code::Failure, format!("cannot write {}: {error}", path.display())))?;
    Ok(Some(path))
}

/// The final record of an order.
async fn trade_of(chain: &Chain, order: OrderId) -> Result<Value, Failure> {
    Ok(super::order::found(&chain.finalized().await?, order).await?.0)
}

fn money_back(order: OrderId, value: Value) -> Failure {
    let outcome = value["outcome"].as_str().unwrap_or("refunded").to_owned();
    let why = match outcome.as_str() {
        "missed" => "the seller did not deliver in time".to_owned(),
        "wrong_key" => "the seller delivered a wrong key, which was proved to the chain".to_owned(),
        "bad_block" => {
            format!("block {} was sealed wrongly, which was proved to the chain", value["bad_block"])
        }
        _ => "another buyer proved this sealing faulty".to_owned(),
    };
    Failure::new(Code::Refunded, format!("order {order}: the money is back: {why}"))
        .named(outcome)
        .advise("nothing was written; look for another offer with `wonbon search`")
        .with(value)
}

fn finished(context: &Context, mut value: Value, output: &Path, begun: Instant) -> Result<(), Failure> {
    let length = std::fs::metadata(output).map(|about| about.len()).unwrap_or_default();
    value["file"] = json!(output);
    value["length"] = json!(length);
    context.out.result(&value, || {
        let number = |name: &str| value[name].as_u64().unwrap_or_default();
        fields(&[
            ("file", output.display().to_string()),
            ("length", size::bytes_exact(length)),
            ("dataset", format!("{} (every block verified)", value["dataset"].as_str().unwrap_or(""))),
            ("order", number("order").to_string()),
            ("price", amount::krw(number("price").into())),
            (
                "blocks",
                format!(
                    "placed {}, delivered {}, final {}",
                    number("placed_at"),
                    number("delivered_at"),
                    number("final_at")
                ),
            ),
            ("took", duration::duration(begun.elapsed())),
        ])
    })
}
