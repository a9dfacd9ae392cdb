//! `wonbon announcement`: what was announced and not registered, each with its deposit on hold.

use clap::{Args, Subcommand};
use serde::Serialize;
use wonbon_client::chain::{Call, Until};
use wonbon_model::words::amount;
use wonbon_model::{json, AccountId, Announcement, BlockNumber, Digest};
use wonbon_primitives::id::to_hex;

use super::transaction::{included, Sent};
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::output::object::With;
use crate::output::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum AnnouncementCommand {
    /// List your own, with the deposit held for each
    List,
    /// Cancel one or all, and get the deposit back; a publication that needs one announces again
    Cancel(Cancel),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Cancel {
    /// The announcement, as `list` names it
    #[arg(value_parser = crate::arguments::digest)]
    announcement: Option<Digest>,
    /// Cancel all of your own
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(context: &Context, command: AnnouncementCommand) -> Result<()> {
    match command {
        AnnouncementCommand::List => list(context).await,
        AnnouncementCommand::Cancel(which) => cancel(context, which).await,
    }
}

#[derive(Serialize)]
struct Open {
    account: AccountId,
    at: BlockNumber,
    announcements: Vec<json::Announcement>,
}

#[derive(Serialize)]
struct Cancelled {
    cancelled: Vec<With<json::Announcement, Sent>>,
    released: u128,
}

async fn list(context: &Context) -> Result<()> {
    let (view, account) = context.view_and_account(None).await?;
    let open = view.announcements(&account).await?;
    let announcements =
        open.iter().map(|(digest, record)| json::Announcement::new(*digest, record)).collect();
    let value = Open { account, at: view.block().height, announcements };
    context.out.result(&value, || {
        let row = |(digest, record): &(Digest, Announcement)| {
            [to_hex(digest), record.at.to_string(), amount::krw(record.deposit)]
        };
        Table::new(["ANNOUNCEMENT", "BLOCK>", "DEPOSIT>"], open.iter().map(row)).or("No open announcements.")
    })
}

async fn cancel(context: &Context, which: Cancel) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let mut open = chain.best().await?.announcements(&key.account()).await?;
    if let Some(wanted) = which.announcement {
        open.retain(|(digest, _)| *digest == wanted);
        if open.is_empty() {
            let message = format!("{} is no open announcement of {}", to_hex(&wanted), key.account());
            return Err(Failure::refused(message)
                .named("NotAnnounced")
                .advise("see `wonbon announcement list`"));
        }
    }
    let mut cancelled = Vec::new();
    let mut released = 0_u128;
    for (digest, record) in &open {
        let done = chain.submit(&key, &Call::cancel_announcement(*digest), Until::Finalized).await?;
        released = released.saturating_add(record.deposit);
        cancelled.push(With { record: json::Announcement::new(*digest, record), more: included(&done) });
    }
    context.out.result(&Cancelled { cancelled, released }, || match open.len() {
        0 => "No open announcements.".into(),
        1 => format!("Cancelled; {} are free again.", amount::krw(released)),
        count => format!("{count} are cancelled; {} are free again.", amount::krw(released)),
    })
}
