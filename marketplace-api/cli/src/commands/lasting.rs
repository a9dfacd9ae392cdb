//! The commands for what changes the chain itself: upgrades, the stop of new orders, a validator's keys.
//!
//! Promise: what is decided is shown and asked for before it is proposed, since it concerns everybody with an open order.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use wonbon_client::chain::{hash_of, Call, SessionKeys, Until, View};
use wonbon_client::exchange::upgrades;
use wonbon_model::{AccountId, Order, OrderId, Upgrade};
use wonbon_primitives::id::to_hex;

use super::decision::{decide, Deciders};
use super::transaction::included;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::lines::Line;
use crate::output::table::fields;
use crate::upgrade_words::{due, warning};

/// What is decided of the chain itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Lasting {
    /// Announce an upgrade of the chain by its code; it takes effect three days later (three quarters of the council)
    AnnounceUpgrade {
        /// The runtime's code (wasm), as it will be given
        code: PathBuf,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Call the announced upgrade off
    CallOffUpgrade {
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Give the code of the announced upgrade, once it is due: anyone may, and it costs nothing
    ApplyUpgrade {
        /// The runtime's code (wasm)
        code: PathBuf,
    },
    /// Stop new orders at once; orders that are open go on
    StopOrders {
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Let orders be placed again
    ResumeOrders {
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Change a validator's keys: your own, once a week; or those of --validator at once, by the council
    RotateKeys(RotateKeys),
}

/// Whose keys, and which.
#[derive(Debug, Args)]
pub(crate) struct RotateKeys {
    /// The new keys, as author_rotateKeysWithOwner answered on the validator's node
    #[arg(long, value_parser = hex)]
    keys: Bytes,
    /// The proof that it answered with them
    #[arg(long, value_parser = hex)]
    proof: Bytes,
    /// The validator whose keys the council replaces at once [default: the account of --key, without the council]
    #[arg(long, value_name = "ACCOUNT")]
    validator: Option<AccountId>,
    /// Decide without being asked
    #[arg(long)]
    yes: bool,
}

/// Bytes that are given in hexadecimal.
#[derive(Clone, Debug)]
struct Bytes(Vec<u8>);

fn hex(text: &str) -> std::result::Result<Bytes, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).map(Bytes).map_err(|error| format!("no hexadecimal bytes: {error}"))
}

pub(super) async fn run(context: &Context, command: Lasting) -> Result<()> {
    match command {
        Lasting::AnnounceUpgrade { code, yes } => announce(context, &code, yes).await,
        Lasting::CallOffUpgrade { yes } => call_off(context, yes).await,
        Lasting::ApplyUpgrade { code } => apply(context, &code).await,
        Lasting::StopOrders { yes } => stop_orders(context, yes).await,
        Lasting::ResumeOrders { yes } => {
            let view = context.view().await?;
            let orders = if view.orders_stopped().await? { "are stopped" } else { "are not stopped" };
            ask(context, &[("new orders", orders.into())], "Let orders be placed again?", yes)?;
            let what = "new orders are placed again";
            decide(context, what, Call::resume_orders(), Deciders::Registrar).await
        }
        Lasting::RotateKeys(args) => rotate_keys(context, args).await,
    }
}

/// Shows what is decided, and asks.
fn ask(context: &Context, lines: &[Line], question: &str, yes: bool) -> Result<()> {
    context.out.note(fields(lines).trim_end());
    context.confirm(question, yes)
}

async fn announce(context: &Context, code: &Path, yes: bool) -> Result<()> {
    let bytes = read_code(code)?;
    let (hash, length) = (hash_of(&bytes), bytes.len());
    let view = context.view().await?;
    if let Some(upgrade) = view.announced_upgrade().await? {
        return Err(Failure::refused(format!(
            "an upgrade is announced already: {}",
            due(&upgrade, view.block().height)
        ))
        .named("AlreadyAnnounced")
        .advise("call it off first: `wonbon authority call-off-upgrade`"));
    }
    let lines = [
        ("code", format!("{} ({length} bytes)", code.display())),
        ("BLAKE2b-256", to_hex(&hash)),
        ("takes effect", "three days after it is announced (some blocks on a development chain)".into()),
        ("open orders", view.orders().await?.len().to_string()),
    ];
    ask(context, &lines, "Announce this upgrade to everybody?", yes)?;
    let what = format!("announced the upgrade {}", to_hex(&hash));
    decide(context, &what, Call::announce_upgrade(hash), Deciders::MostOfCouncil).await
}

async fn call_off(context: &Context, yes: bool) -> Result<()> {
    let view = context.view().await?;
    let upgrade = announced(&view).await?;
    let lines = [
        ("BLAKE2b-256", to_hex(&upgrade.code_hash)),
        ("announced", format!("block {}", upgrade.announced_at)),
        ("takes effect", due(&upgrade, view.block().height)),
    ];
    ask(context, &lines, "Call this upgrade off?", yes)?;
    let what = format!("called the upgrade {} off", to_hex(&upgrade.code_hash));
    decide(context, &what, Call::call_off_upgrade(), Deciders::Registrar).await
}

/// The chain checks all of it again; here it is found out before a megabyte is sent and paid for.
async fn apply(context: &Context, path: &Path) -> Result<()> {
    let code = read_code(path)?;
    let hash = hash_of(&code);
    let view = context.view().await?;
    let upgrade = announced(&view).await?;
    if upgrade.code_hash != hash {
        let text = format!(
            "{} is not the announced code: its hash is {}, announced is {}",
            path.display(),
            to_hex(&hash),
            to_hex(&upgrade.code_hash)
        );
        return Err(Failure::refused(text).named("OtherCode"));
    }
    if view.block().height < upgrade.due {
        let text = format!("the upgrade is not due: {}", due(&upgrade, view.block().height));
        return Err(Failure::refused(text).named("NotDue").advise("run the same command again then"));
    }
    let (chain, key) = context.chain_and_own_key().await?;
    let done = chain.submit(&key, &Call::apply_upgrade(code), Until::Finalized).await?;
    let value = included(&done);
    context.out.result(&value, || {
        "The code is given; the next block is made by it. This program may be too old for it: get its new version.".into()
    })
}

async fn stop_orders(context: &Context, yes: bool) -> Result<()> {
    let view = context.view().await?;
    if view.orders_stopped().await? {
        return Err(Failure::refused("new orders are stopped already").named("NewOrdersStopped"));
    }
    let lines = [
        ("new orders", "are refused from then on, by everybody and for every offer".into()),
        ("open orders", format!("{} go on as they are", view.orders().await?.len())),
    ];
    ask(context, &lines, "Stop new orders?", yes)?;
    decide(context, "stopped new orders", Call::stop_orders(), Deciders::Registrar).await
}

async fn rotate_keys(context: &Context, args: RotateKeys) -> Result<()> {
    let RotateKeys { keys, proof: Bytes(proof), validator, yes } = args;
    let keys = SessionKeys::from_bytes(&keys.0).ok_or_else(|| {
        let text = format!("--keys has two keys of 32 bytes (aura, grandpa), not {} bytes", keys.0.len());
        Failure::refused(text).named("BadKeys")
    })?;
    let (chain, key) = context.chain_and_own_key().await?;
    let account = validator.unwrap_or_else(|| key.signer());
    let lines = [
        ("validator", account.to_string()),
        ("for blocks", to_hex(&keys.aura)),
        ("for votes", to_hex(&keys.grandpa)),
        ("used from", "the session after next".into()),
    ];
    match validator {
        Some(account) => {
            ask(context, &lines, "Replace the keys of this validator at once?", yes)?;
            let what = format!("replaced the keys of the validator {account}");
            let call = Call::replace_session_keys(account, keys, proof);
            decide(context, &what, call, Deciders::Registrar).await
        }
        None => {
            ask(context, &lines, "Change the keys? It can be done again in a week.", yes)?;
            let done = chain.submit(&key, &Call::set_session_keys(keys, proof), Until::Finalized).await?;
            context.out.result(&included(&done), || format!("The keys of {account} are changed."))
        }
    }
}

/// The upgrade that is announced.
async fn announced(view: &View) -> Result<Upgrade> {
    view.announced_upgrade()
        .await?
        .ok_or_else(|| Failure::refused("no upgrade is announced").named("NothingAnnounced"))
}

/// Most bytes of code: what a block has room for.
const MAX_CODE: u64 = 5 << 20;

fn read_code(path: &Path) -> Result<Vec<u8>> {
    let unreadable =
        |error: std::io::Error| Failure::refused(format!("{} cannot be read: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length == 0 || length > MAX_CODE {
        let text = format!("{} has {length} bytes; code has 1 to {MAX_CODE}", path.display());
        return Err(Failure::refused(text).named("BadCode"));
    }
    std::fs::read(path).map_err(unreadable)
}

/// Says which of these open orders an announced upgrade may find, and that orders are stopped.
pub(crate) async fn warn_of_changes(
    context: &Context,
    view: &View,
    orders: &[(OrderId, Order)],
) -> Result<()> {
    if view.orders_stopped().await? {
        context.out.warn("the council has stopped new orders for now; those that are open go on");
    }
    let Some(upgrade) = view.announced_upgrade().await? else { return Ok(()) };
    let takes_effect = due(&upgrade, view.block().height);
    let found = upgrades::reached(&upgrade, orders.iter().map(|(id, order)| (*id, order)));
    context.out.warn(warning(&takes_effect, &found));
    Ok(())
}
