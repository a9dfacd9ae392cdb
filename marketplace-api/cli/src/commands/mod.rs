//! The commands, one file for each noun, and what they share.

pub mod anchor;
pub mod announcement;
pub mod audit;
pub mod authority;
pub mod buy;
pub mod certificate;
pub mod check_rows;
pub mod company;
pub mod credential;
pub mod dataset;
pub mod delegate;
pub mod deliver;
pub mod export;
pub mod help;
pub mod history;
pub mod key;
pub mod offer;
pub mod offline;
pub mod order;
pub mod prove;
pub mod provenance;
pub mod publish;
pub mod sample;
pub mod search;
pub mod show;
pub mod synthesise;

use serde_json::{json, Value};
use wonbon_client::chain::{Chain, ConnectOptions, Included};
use wonbon_client::keys::Keypair;
use wonbon_primitives::id::to_hex;

use crate::args::Command;
use crate::context::{Context, KeyChoice};
use crate::exit::{Code, Failure};
use crate::pinned_chain;
use crate::records::amount;

/// Runs a command to its end.
pub async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Key(command) => key::run(context, command),
        Command::Sample(command) => sample::run(context, command).await,
        Command::Prove(args) => prove::run(context, args).await,
        Command::CheckRows(args) => check_rows::run(context, args),
        Command::Synthesise(args) => synthesise::run(context, args).await,
        Command::Seal(args) => offline::seal(context, args).await,
        Command::Open(args) => offline::open(context, args).await,
        Command::Hash(args) => offline::hash(context, args).await,
        Command::Profile(args) => offline::profile(context, args).await,
        Command::Company(command) => company::run(context, command).await,
        Command::Authority(command) => authority::run(context, command).await,
        Command::Publish(args) => publish::run(context, args).await,
        Command::Buy(args) => buy::run(context, args).await,
        Command::Search(args) => search::run(context, args).await,
        Command::Show(args) => show::run(context, args).await,
        Command::Deliver(args) => deliver::run(context, args).await,
        Command::Delegate(command) => delegate::run(context, command).await,
        Command::Announcement(command) => announcement::run(context, command).await,
        Command::Order(command) => order::run(context, command).await,
        Command::Offer(command) => offer::run(context, command).await,
        Command::Dataset(command) => dataset::run(context, command).await,
        Command::History(args) => history::history(context, args).await,
        Command::Provenance(args) => provenance::provenance(context, args).await,
        Command::Certificate(args) => certificate::run(context, args).await,
        Command::TrustAnchor(args) => anchor::run(context, args).await,
        Command::Export(args) => export::run(context, args).await,
        Command::CheckCredential(args) => credential::check(context, args),
        Command::Audit(command) => audit::run(context, command).await,
        Command::Help(args) => help::run(context, args),
        Command::Balance(args) => show::balance(context, args).await,
    }
}

impl Context {
    /// Connects to the chain.
    pub async fn chain(&self) -> Result<Chain, Failure> {
        self.connect(ConnectOptions::new(&self.global.chain)).await
    }

    /// The same in another way. The first chain that the home folder is used with is remembered, and no other is taken
    /// unless the options say so.
    pub async fn connect(&self, options: ConnectOptions) -> Result<Chain, Failure> {
        let chain = Chain::connect_with(options.genesis(self.global.genesis)).await?;
        if let (Ok(home), false) = (self.home(), self.global.any_chain) {
            let asked_for = self.global.genesis.is_some();
            if let Some(warning) = pinned_chain::chain(&home, &chain.genesis(), asked_for)? {
                self.out.warn(warning);
            }
        }
        Ok(chain)
    }

    /// Connects, and unlocks the key. A development key is refused on every chain but a development one:
    /// everybody knows it.
    pub async fn chain_and_key(&self) -> Result<(Chain, Keypair), Failure> {
        // The passphrase first: nobody wants to wait for a connection and then be asked.
        let key = self.unlock()?;
        self.handle_interrupts();
        let chain = self.chain().await?;
        self.refuse_development_key(&chain).await?;
        Ok((chain, key))
    }

    /// See [`Context::chain_and_key`].
    pub async fn refuse_development_key(&self, chain: &Chain) -> Result<(), Failure> {
        if matches!(self.key_choice()?, KeyChoice::Dev(_)) && !chain.is_development().await? {
            return Err(Failure::new(
                Code::Key,
                format!("{} is a key that everybody knows; this is no development chain", self.global.key),
            )
            .advise("make a key with `wonbon key new` and name it with --key"));
        }
        Ok(())
    }
}

/// Where a transaction is, for `--json`.
pub fn included(done: &Included) -> Value {
    json!({
        "block": done.block.height,
        "block_hash": to_hex(&done.block.hash),
        "index": done.index,
        "hash": to_hex(&done.hash),
        "fee": amount(done.fee),
    })
}

/// A reason as the chain takes it.
pub fn reason(text: &str) -> Result<wonbon_model::Reason, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::new(Code::Refused, "the reason is empty"));
    }
    text.trim().as_bytes().to_vec().try_into().map_err(|_| {
        let limit = wonbon_primitives::bounds::MAX_REASON;
        Failure::new(Code::Refused, format!("the reason is longer than {limit} bytes"))
    })
}
