//! `wonbon announcement`: what was announced and not registered, each with its deposit on hold.

use clap::{Args, Subcommand};
use serde_json::{json, Value};
use wonbon_client::chain::{Call, Until};
use wonbon_model::words::amount;
use wonbon_model::{Announcement, Digest};
use wonbon_primitives::id::to_hex;

use super::transaction::included;
use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::output::object::won;
use crate::output::table::{Align, Table};

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

pub(crate) async fn run(context: &Context, command: AnnouncementCommand) -> Result<(), Failure> {
    match command {
        AnnouncementCommand::List => list(context).await,
        AnnouncementCommand::Cancel(which) => cancel(context, which).await,
    }
}

fn announcement_json(announcement: &Digest, record: &Announcement) -> Value {
    json!({ "announcement": to_hex(announcement), "at": record.at, "deposit": won(record.deposit) })
}

async fn list(context: &Context) -> Result<(), Failure> {
    let account = context.account()?;
    let view = context.chain().await?.finalized().await?;
    let open = view.announcements(&account).await?;
    let items: Vec<Value> = open.iter().map(|(digest, record)| announcement_json(digest, record)).collect();
    let value = json!({ "account": account.to_string(), "at": view.block().height, "announcements": items });
    context.out.result(&value, || {
        if open.is_empty() {
            return "No open announcements.".into();
        }
        let mut table =
            Table::new(&[("ANNOUNCEMENT", Align::Left), ("BLOCK", Align::Right), ("DEPOSIT", Align::Right)]);
        for (digest, record) in &open {
            table.row([to_hex(digest), record.at.to_string(), amount::krw(record.deposit)]);
        }
        table.to_string()
    })
}

async fn cancel(context: &Context, which: Cancel) -> Result<(), Failure> {
    let (chain, key) = context.chain_and_key().await?;
    let mut open = chain.best().await?.announcements(&key.account()).await?;
    if let Some(wanted) = which.announcement {
        open.retain(|(digest, _)| *digest == wanted);
        if open.is_empty() {
            let message = format!("{} is no open announcement of {}", to_hex(&wanted), key.account());
            return Err(Failure::new(Code::Refused, message)
                .named("NotAnnounced")
                .advise("see `wonbon announcement list`"));
        }
    }
    let mut cancelled = Vec::new();
    let mut released = 0_u128;
    for (digest, record) in &open {
        let done = chain.submit(&key, &Call::cancel_announcement(*digest), Until::Finalized).await?;
        released = released.saturating_add(record.deposit);
        let mut value = announcement_json(digest, record);
        value["transaction"] = included(&done);
        cancelled.push(value);
    }
    let value = json!({ "cancelled": cancelled, "released": won(released) });
    context.out.result(&value, || match cancelled.len() {
        0 => "No open announcements.".into(),
        1 => format!("Cancelled; {} are free again.", amount::krw(released)),
        count => format!("{count} are cancelled; {} are free again.", amount::krw(released)),
    })
}
