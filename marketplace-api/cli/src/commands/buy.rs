//! `wonbon buy`: from an offer to a verified file, or to the money back.
//!
//! Promises: nothing is paid before the sealed payload is here and checked and the texts are accepted; the same
//! command goes on with a purchase that was interrupted, and never buys a second copy unless told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::chain::{Chain, Wanted};
use wonbon_client::company::Keyring;
use wonbon_client::exchange::buy::preflight::{
    PurchasePreflight, PurchaseRefusal, PurchaseState, TextToAccept, TextsToAccept,
};
use wonbon_client::exchange::buy::{Buyer, PurchaseEnd};
use wonbon_client::exchange::{upgrades, ExchangeError};
use wonbon_client::home::SystemClock;
use wonbon_client::ports::{Clock, Home};
use wonbon_model::words::{amount, duration, size, Term};
use wonbon_model::{json, text, AccountId, EntryKey, Keyed, OfferId, OrderId, Outcome, Trade};
use wonbon_primitives::id::to_hex;

use super::consent;
use crate::context::{name_of, Context};
use crate::descriptions::document;
use crate::events::Reporter;
use crate::exit::{Code, Failure, Result};
use crate::failures::not_verified;
use crate::output::object::With;
use crate::output::table::fields;
use crate::texts::{DEFAULT_LICENCE, DEFAULT_NDA};
use crate::upgrade_words::{due, warning};

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
    /// Say what would be bought, locked and paid, and stop: nothing is written or sent
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Buy another copy, even though a purchase of this offer is under way
    #[arg(long)]
    another: bool,
}

pub(crate) async fn run(context: &Context, args: Buy) -> Result<()> {
    let purchase_state = Instant::now();
    let output = std::path::absolute(&args.output).map_err(|error| {
        Failure::refused(format!("{} is no place for a file: {error}", args.output.display()))
    })?;
    let (home, name) = (context.file_home()?, name_of(&output)?);
    let sink = home.sink(name).map_err(ExchangeError::from)?;
    sink.check().await.map_err(|unusable| {
        Failure::refused(format!("{name} {unusable}")).advise("name a new file with -o")
    })?;
    let key = context.unlock()?;
    let nodes = context.nodes().reading(Wanted::purchase(args.offer, &key.account()));
    let chain = context.connect(nodes).await?;
    context.check_before_signing(&chain).await?;
    let key = context.acting(&chain, key).await?;
    let service = context.service(&chain, &key)?;
    let reporter = Arc::new(Reporter::new(context.out, false));
    let keyring = Keyring::new(&chain, &service, &home, &key);
    context.bring_secrets_up_to_date(keyring.as_ref()).await?;
    let buyer = Buyer {
        market: &chain,
        service: &service,
        key: &key,
        company: keyring.as_ref(),
        home: &home,
        observer: reporter.clone(),
    };

    if args.dry_run {
        let found = buyer.purchase_state(args.offer, name, args.another).await?;
        reporter.clear();
        return look(context, &buyer, &args, found).await;
    }
    let lock = buyer.lock(args.offer).await?;
    let found = buyer.purchase_state(args.offer, name, args.another).await?;
    reporter.clear();
    let (end, resumed) = match found {
        PurchaseState::Interrupted(purchase) => {
            context.out.note("Going on with the purchase that was interrupted.");
            warn_of_upgrade(context, &chain, purchase.order).await?;
            context.handle_interrupts();
            (buyer.resume(&lock, *purchase).await, true)
        }
        PurchaseState::Ordered(order) => {
            context
                .out
                .note(format!("Order {order} of this offer is on the chain already; going on with it."));
            let purchase = buyer.adopt(order, name).await?;
            warn_of_upgrade(context, &chain, Some(order)).await?;
            context.handle_interrupts();
            (buyer.resume(&lock, purchase).await, true)
        }
        PurchaseState::Elsewhere { output } => return Err(elsewhere(args.offer, &output)),
        PurchaseState::Occupied => return Err(occupied(name)),
        PurchaseState::Done { order, .. } => {
            context.out.note("This was bought before, and the file is the dataset. Nothing was paid again.");
            return finished(context, &Done::read(&chain, order, true, purchase_state).await?, &output);
        }
        PurchaseState::Nothing => {
            let preflight = buyer.preflight(args.offer).await?;
            refuse(&key.account(), &preflight)?;
            if let Some(order) = preflight.second_copy {
                context.out.warn(format!(
                    "you have bought this dataset before, with order {order}; this pays for another copy"
                ));
            }
            let texts = show(context, &buyer, &preflight, true).await?;
            agree(context, &texts, args.yes)?;
            context.handle_interrupts();
            // Early, so that a service of another chain costs no download.
            service.sign_in().await?;
            (buyer.buy(&lock, &preflight.quote, name).await, false)
        }
    };
    reporter.clear();
    let (order, refunded) = match end? {
        PurchaseEnd::Bought { order, .. } => (order, false),
        PurchaseEnd::Refunded { order, .. } => (order, true),
    };
    let done = Done::read(&chain, order, resumed, purchase_state).await?;
    if refunded {
        return Err(money_back(&done));
    }
    finished(context, &done, &output)
}

/// Says what an announced upgrade means for an order that is open.
async fn warn_of_upgrade(context: &Context, chain: &Chain, order: Option<OrderId>) -> Result<()> {
    let Some(id) = order else { return Ok(()) };
    let view = chain.recent(Wanted::default()).await?;
    let Some(upgrade) = view.announced_upgrade().await? else { return Ok(()) };
    let Some(record) = view.order(id).await? else { return Ok(()) };
    let reached = upgrades::reached(&upgrade, [(id, &record)]);
    if !reached.is_empty() {
        context.out.warn(warning(&due(&upgrade, view.block().height), &reached));
    }
    Ok(())
}

fn elsewhere(offer: OfferId, output: &str) -> Failure {
    Failure::refused(format!("a purchase of offer {offer} into {output} is under way"))
        .advise("go on with it by naming that file with -o, or buy another copy with --another")
}

fn occupied(name: &str) -> Failure {
    Failure::refused(format!("{name} exists already"))
        .advise("a purchase never overwrites a file; name a new one with -o")
}

/// Says what a purchase would lock and cost, or that it is under way or done.
async fn look(context: &Context, buyer: &Buyer<'_>, args: &Buy, found: PurchaseState) -> Result<()> {
    let under_way = match found {
        PurchaseState::Nothing => {
            let preflight = buyer.preflight(args.offer).await?;
            refuse(&buyer.key.account(), &preflight)?;
            show(context, buyer, &preflight, false).await?;
            let record = json!({ "offer": args.offer, "second_copy_of": preflight.second_copy });
            consent::stopped(context, &preflight.cost, &preflight.means, record)?;
            return Ok(());
        }
        PurchaseState::Elsewhere { output } => return Err(elsewhere(args.offer, &output)),
        PurchaseState::Occupied => return Err(occupied(&args.output.display().to_string())),
        PurchaseState::Interrupted(_) => {
            ("interrupted", "It would go on with the purchase that you agreed to.")
        }
        PurchaseState::Ordered(_) => ("ordered", "It would go on with the order that is on the chain."),
        PurchaseState::Done { .. } => ("done", "This was bought before: nothing would be paid again."),
    };
    let (purchase, text) = under_way;
    let record = json!({ "offer": args.offer, "purchase": purchase, "dry_run": true });
    context.out.result(&record, || format!("{text} Nothing was written or sent (--dry-run)."))
}

/// Says what the chain would refuse, before anything is downloaded.
fn refuse(account: &AccountId, preflight: &PurchasePreflight) -> Result<()> {
    let Some(refusal) = preflight.refusals.first() else { return Ok(()) };
    let refused = |name: &str, text: String| Failure::refused(text).named(name);
    Err(match refusal {
        PurchaseRefusal::OwnOffer => {
            refused("OwnOffer", format!("offer {} is your own", preflight.quote.offer))
        }
        PurchaseRefusal::NotVerified { standing } => {
            not_verified(account, *standing, "only verified companies buy")
        }
        PurchaseRefusal::OrdersStopped => ExchangeError::OrdersStopped.into(),
        PurchaseRefusal::ReachesPastUpgrade { end, due } => {
            ExchangeError::ReachesPastUpgrade { end: *end, due: *due }.into()
        }
        PurchaseRefusal::NotConsumer => {
            refused("NotConsumer", format!("the company {account} is not registered as a consumer"))
                .advise("`wonbon company update --role provider,consumer`")
        }
        PurchaseRefusal::Short(shortage) => consent::short(shortage),
    })
}

/// Shows what would be bought, what it locks and costs, and under which texts; with `keep` these are put where the person
/// can read them.
async fn show(
    context: &Context,
    buyer: &Buyer<'_>,
    preflight: &PurchasePreflight,
    keep: bool,
) -> Result<TextsToAccept> {
    let (quote, terms) = (&preflight.quote, &preflight.quote.terms);
    let seller = preflight.seller.as_ref();
    let name = seller.map(|seller| format!("{} ", text(&seller.profile.name))).unwrap_or_default();
    let title = match &preflight.metadata {
        Some(metadata) => document(context, metadata).await.map(|document| document.title),
        None => None,
    };
    let texts = buyer.texts(terms, &[DEFAULT_LICENCE, DEFAULT_NDA]).await?;
    let mut offer = vec![
        ("offer", quote.offer.to_string()),
        ("title", title.unwrap_or_else(|| "(no description)".into())),
        ("dataset", terms.dataset.to_string()),
        ("length", size::bytes_exact(terms.length)),
        ("seller", format!("{name}({})", terms.seller)),
    ];
    offer.extend(consent::lines(&preflight.cost, &preflight.means, SystemClock.now_ms()));
    offer.extend([
        ("delivery within", duration::blocks(terms.delivery_window)),
        ("dispute within", duration::blocks(terms.dispute_window)),
        ("licence", text_line(context, &texts.licence, keep)?),
        ("nda", text_line(context, &texts.nda, keep)?),
    ]);
    context.out.note(fields(&offer).trim_end());
    Ok(texts)
}

/// Has the person accept the texts, and with them the purchase.
fn agree(context: &Context, texts: &TextsToAccept, yes: bool) -> Result<()> {
    if yes {
        context.out.note("Licence and NDA are accepted (--yes).");
        return Ok(());
    }
    let refused = |text| Failure::refused(text).named("NotAccepted");
    if !texts.are_readable() {
        return Err(refused("a text to be accepted cannot be had from the service")
            .advise("ask the seller for it, compare its SHA-256, and accept with --accept-licence"));
    }
    match context.ask("Accept this licence and this non-disclosure agreement (비밀유지협약), and buy?")
    {
        Some(true) => Ok(()),
        Some(false) => Err(refused("not accepted; nothing was ordered")),
        None => Err(refused("licence and NDA were not accepted; nothing was ordered")
            .advise("read the texts and accept them with --accept-licence (or --yes)")),
    }
}

/// A text by its hash, and where it is: put, with `keep`, where the person can read it and keep it.
fn text_line(context: &Context, text: &TextToAccept, keep: bool) -> Result<String> {
    let hash = to_hex(&text.digest);
    let Some(found) = &text.text else {
        return Ok(format!("{hash}\nthe service does not have this text"));
    };
    if !keep {
        return Ok(hash);
    }
    let path = context.folder("texts")?.join(format!("{hash}.txt"));
    wonbon_client::files::replace(&path, found.as_bytes())
        .map_err(|error| Failure::new(Code::Failure, format!("cannot write {}: {error}", path.display())))?;
    Ok(format!("{hash}\n{}", path.display()))
}

/// A purchase that came to its end.
struct Done {
    trade: Keyed<EntryKey, Trade>,
    /// Whether it went on with one that had been interrupted.
    resumed: bool,
    purchase_state: Instant,
}

impl Done {
    async fn read(chain: &Chain, order: OrderId, resumed: bool, purchase_state: Instant) -> Result<Self> {
        // It ended in the state that was proved last.
        let view = chain.recent(Wanted::default()).await?;
        let trade = super::order::trade(&view, order).await?;
        Ok(Self { trade, resumed, purchase_state })
    }

    /// The trade as programs read it, with how it came to that.
    fn json(&self, mut more: Value) -> With<json::Trade> {
        more["resumed"] = json!(self.resumed);
        more["seconds"] = json!(self.purchase_state.elapsed().as_secs_f64());
        With { record: self.trade.json(json::Trade::new), more }
    }
}

fn money_back(done: &Done) -> Failure {
    let trade = &done.trade.record;
    let why = match trade.outcome {
        Outcome::Missed => "the seller did not deliver in time".to_owned(),
        Outcome::WrongKey => "the seller delivered a wrong key, which was proved to the chain".to_owned(),
        Outcome::BadBlock(block) => {
            format!("block {block} was sealed wrongly, which was proved to the chain")
        }
        Outcome::Refused => "the seller refused to deliver".to_owned(),
        Outcome::Refunded => "you took the refund that the seller proposed".to_owned(),
        Outcome::Faulted | Outcome::Accepted | Outcome::Lapsed => {
            "another buyer proved this sealing faulty".to_owned()
        }
    };
    // More won than there is makes no value; then the error stands alone.
    let details = serde_json::to_value(done.json(json!({}))).unwrap_or_default();
    Failure::new(Code::Refunded, format!("order {}: the money is back: {why}", trade.order))
        .named(trade.outcome.word())
        .advise("nothing was written; look for another offer with `wonbon search`")
        .with(details)
}

fn finished(context: &Context, done: &Done, output: &Path) -> Result<()> {
    let length = std::fs::metadata(output).map(|about| about.len()).unwrap_or_default();
    let (key, trade) = (done.trade.key, &done.trade.record);
    let (placed, ended) = (trade.placed_at, trade.ended.block);
    let delivered = trade.delivered_at.unwrap_or_default();
    let lines = [
        ("file", output.display().to_string()),
        ("length", size::bytes_exact(length)),
        ("dataset", format!("{} (every block verified)", key.dataset)),
        ("order", trade.order.to_string()),
        ("price", amount::krw(trade.price)),
        ("blocks", format!("placed {placed}, delivered {delivered}, final {ended}")),
        ("took", duration::duration(done.purchase_state.elapsed())),
    ];
    context.out.fields(&done.json(json!({ "file": output, "length": length })), &lines)
}
