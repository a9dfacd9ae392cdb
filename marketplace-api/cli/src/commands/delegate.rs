//! `wonbon delegate`: who may deliver for the key's own account, and the content keys that it takes.
//!
//! A company that acts through people has members for that. A delegate can deliver and nothing else: the right stands on the chain. They need the content keys too, which go to
//! them in a file that they alone can read.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use wonbon_client::chain::Call;
use wonbon_client::exchange::key_handoff::{entrust, receive, MAX_HANDOFF_BYTES};
use wonbon_client::exchange::{SealingError, SealingStore};
use wonbon_client::ports::StorageError;
use wonbon_model::AccountId;

use super::transaction::included;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::files::read_at_most;
use crate::output::object::With;

#[derive(Debug, Subcommand)]
pub(crate) enum DelegateCommand {
    /// Let an account deliver your orders, and nothing else; a small deposit is held
    Add(Delegate),
    /// Take that right away again
    Remove(Delegate),
    /// Show who may deliver for your company
    List {
        /// Show it for another company
        #[arg(long)]
        account: Option<AccountId>,
    },
    /// Write the keys of everything that you sealed to a file that only the delegate can read; repeat after publishing
    Entrust {
        #[command(flatten)]
        to: Delegate,
        /// Where to write it; no file is overwritten
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// For the delegate: take over the keys of such a file, to use with `wonbon deliver --for`
    Receive {
        /// The file that the seller wrote
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Delegate {
    /// The delegate's account
    account: AccountId,
}

pub(crate) async fn run(context: &Context, command: DelegateCommand) -> Result<()> {
    match command {
        DelegateCommand::Add(Delegate { account }) => {
            let text =
                format!("{account} may deliver for you; give them the keys: `wonbon delegate entrust`");
            change(context, account, Call::add_delivery_proxy(account), "added", text).await
        }
        DelegateCommand::Remove(Delegate { account }) => {
            let text =
                format!("{account} may not deliver for you any more; the keys that they have stay theirs");
            change(context, account, Call::remove_delivery_proxy(account), "removed", text).await
        }
        DelegateCommand::List { account } => list(context, account).await,
        DelegateCommand::Entrust { to: Delegate { account }, output } => {
            let key = context.unlock()?;
            let home = context.file_home()?;
            let handoff = entrust(&SealingStore::new(&home, &key), &key, &account).await?;
            let keys = handoff.keys;
            wonbon_client::files::create_new(&output, &handoff.file)
                .map_err(StorageError::at(output.display().to_string()))
                .map_err(SealingError::from)?;
            let value = json!({ "delegate": account.to_string(), "file": output, "keys": keys });
            context.out.result(&value, || {
                format!("{keys} content keys are in {}, which only {account} can read.", output.display())
            })
        }
        DelegateCommand::Receive { file } => {
            let key = context.unlock()?;
            let (home, place) = (context.file_home()?, file.display().to_string());
            let handoff = read_at_most(&file, MAX_HANDOFF_BYTES as u64);
            let handoff = handoff.map_err(StorageError::at(&place)).map_err(SealingError::from)?;
            let received = receive(&SealingStore::new(&home, &key), &key, &place, &handoff).await;
            let received = received.map_err(|error| {
                let broken = matches!(error, SealingError::Malformed { .. });
                let failure = Failure::from(error);
                if broken {
                    return failure.advise("ask the seller to run `wonbon delegate entrust` again");
                }
                failure
            })?;
            let (seller, keys) = (received.seller.to_string(), received.keys);
            context.out.result(&json!({ "seller": seller, "keys": keys }), || {
                format!("{keys} content keys of {seller}; now: wonbon deliver --for {seller}")
            })
        }
    }
}

async fn change(context: &Context, delegate: AccountId, call: Call, done: &str, text: String) -> Result<()> {
    let (_, key, submitted) = context.submit_for_oneself(&call).await?;
    let (account, delegate) = (key.account().to_string(), delegate.to_string());
    let record = json!({ "account": account, "delegate": delegate, "done": done });
    let value = With { record, more: included(&submitted) };
    context.out.result(&value, || text)
}

async fn list(context: &Context, account: Option<AccountId>) -> Result<()> {
    let account = account.map_or_else(|| context.account(), Ok)?;
    let view = context.view().await?;
    let mut found = view.proxies(&account).await?;
    found.retain(|proxy| proxy.is_delivery());
    let delegates: Vec<String> = found.iter().map(|proxy| proxy.delegate.to_string()).collect();
    let value = json!({ "account": account.to_string(), "at": view.block().height, "delegates": delegates });
    context.out.result(&value, || match delegates.is_empty() {
        true => format!("Nobody delivers for {account}."),
        false => delegates.join("\n"),
    })
}
