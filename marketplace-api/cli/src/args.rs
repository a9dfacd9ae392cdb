//! The command line: global options and the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use wonbon_primitives::Digest;

use crate::commands;

/// Wonbon (원본): trade manufacturing data without having to trust the marketplace.
#[derive(Debug, Parser)]
#[command(name = "wonbon", version, max_term_width = 110, subcommand_required = true)]
#[command(
    // Ours knows of the exit codes, and takes the options of every command.
    disable_help_subcommand = true,
    after_help = "Exit codes: wonbon help exit-codes. Data goes to standard output, progress and notes to \
                        standard error. Ctrl-C is safe at any point: the same command goes on where it stopped."
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The node
    #[arg(
        long,
        global = true,
        env = "WONBON_CHAIN",
        value_name = "URL",
        default_value = "ws://127.0.0.1:9944"
    )]
    pub chain: String,
    /// The marketplace service
    #[arg(
        long,
        global = true,
        env = "WONBON_SERVICE",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    pub service: String,
    /// The account key: a key file, the name of a key in the home folder, or dev:NAME on a development chain
    #[arg(long, global = true, env = "WONBON_KEY", value_name = "KEY", default_value = "default")]
    pub key: String,
    /// Read the passphrase of the key from this file in place of asking for it
    #[arg(long, global = true, env = "WONBON_PASSPHRASE_FILE", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Refuse any chain but the one with this genesis hash [default: that of the first chain that the home folder was
    /// used with]
    #[arg(long, global = true, env = "WONBON_GENESIS", value_name = "HEX", value_parser = digest)]
    pub genesis: Option<Digest>,
    /// Take whichever chain the node is on, though the home folder was used with another
    #[arg(long, global = true, conflicts_with = "genesis")]
    pub any_chain: bool,
    /// Where keys, sealings and unfinished work are kept [default: ~/.local/share/wonbon]
    #[arg(long, global = true, env = "WONBON_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Print one JSON object on standard output; `deliver` prints one a line for each event
    #[arg(long, global = true)]
    pub json: bool,
    /// No notes and no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Log what the client does, on standard error (-vv for more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make, show and list account keys
    #[command(subcommand)]
    Key(commands::key::Key),
    /// Register, change and show a company
    #[command(subcommand)]
    Company(commands::company::Company),
    /// Verify, suspend, reinstate, accredit, credit: sudo on a development chain, the council elsewhere
    #[command(subcommand)]
    Authority(commands::authority::Authority),
    /// Publish a file: profile, seal, announce, register, upload, offer
    Publish(commands::publish::Publish),
    /// Search the catalogue of the service
    Search(commands::search::Search),
    /// Show a dataset, an offer, an order or a company
    Show(commands::show::Show),
    /// Buy: download and verify, order, wait for the key, open, verify, accept or dispute
    Buy(commands::buy::Buy),
    /// The seller's side: watch for orders and deliver their keys, until Ctrl-C
    Deliver(commands::deliver::Deliver),
    /// Let another account deliver for this one, and give it the keys
    #[command(subcommand)]
    Delegate(commands::delegate::DelegateCommand),
    /// List announcements that led to no registration, and take them back with their deposits
    #[command(subcommand)]
    Announcement(commands::announcement::AnnouncementCommand),
    /// List and show orders; settle, expire or refund those whose time has come
    #[command(subcommand)]
    Order(commands::order::OrderCommand),
    /// Change the price of an offer, withdraw it, add to its bond
    #[command(subcommand)]
    Offer(commands::offer::OfferCommand),
    /// Attest, hand over or withdraw a dataset
    #[command(subcommand)]
    Dataset(commands::dataset::DatasetCommand),
    /// Trades of a dataset or a company, from the chain
    History(commands::history::History),
    /// Where a dataset comes from: lineage, attestations, owner, from the chain
    Provenance(commands::provenance::Provenance),
    /// Make a certificate of origin and trade history, which wonbon-verify checks without a network
    Certificate(commands::certificate::MakeCertificate),
    /// Write a trust anchor: the validators at a block, from a node or a chain specification that you trust
    TrustAnchor(commands::anchor::MakeAnchor),
    /// Write a dataset's record as PROV, DCAT-AP, Croissant or Asset Administration Shell
    Export(commands::export::Export),
    /// Check a credential of a certificate, offline: who issued it, and what it says
    CheckCredential(commands::credential::CheckCredential),
    /// The auditor's view: the ledger of a period, a report of suspicious dealing, downloads
    #[command(subcommand)]
    Audit(commands::audit::Audit),
    /// Money of an account
    Balance(commands::show::Balance),
    /// Seal a file by hand: the package, and the content key in a file of its own
    Seal(commands::offline::Seal),
    /// Open a package by hand
    Open(commands::offline::Open),
    /// The dataset id of a file: the root of the tree over its bytes
    Hash(commands::offline::Hash),
    /// Describe a CSV or Parquet file as it would be published
    Profile(commands::offline::ProfileFile),
    /// Blocks of a dataset that everyone may see: look at them before buying, or show your own
    Sample(commands::sample::SampleCommand),
    /// Prove rows of a file to a third party, who needs the proof and the dataset's id
    Prove(commands::prove::Prove),
    /// Check a proof of rows, offline, and print them
    CheckRows(commands::check_rows::CheckRows),
    /// Write plausible CNC milling sensor rows as CSV, to try things with; they are synthetic and say so
    Synthesise(commands::synthesise::Synthesise),
    /// Explain a command, or the exit codes: wonbon help exit-codes
    Help(commands::help::Help),
}

/// Reads 64 hexadecimal digits.
pub fn digest(text: &str) -> Result<Digest, String> {
    let text = text.strip_prefix("0x").unwrap_or(text).to_ascii_lowercase();
    wonbon_primitives::id::from_hex(&text).map_err(|_| format!("\"{text}\" is not 64 hexadecimal digits"))
}
