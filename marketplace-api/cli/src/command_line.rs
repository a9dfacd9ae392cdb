//! The command line: every command by its name, and what runs it.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::*;
use crate::context::options::GlobalOptions;
use crate::context::Context;
use crate::exit::Failure;

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
    pub global: GlobalOptions,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make, show and list account keys
    #[command(subcommand)]
    Key(key::Key),
    /// Register, change and show a company
    #[command(subcommand)]
    Company(company::Company),
    /// Verify, suspend, reinstate, accredit, credit: sudo on a development chain, the council elsewhere
    #[command(subcommand)]
    Authority(authority::Authority),
    /// Publish a file: profile, seal, announce, register, upload, offer
    Publish(publish::Publish),
    /// Search the catalogue of the service
    Search(search::Search),
    /// Show a dataset, an offer, an order or a company
    Show(show::Show),
    /// Buy: download and verify, order, wait for the key, open, verify, accept or dispute
    Buy(buy::Buy),
    /// The seller's side: watch for orders and deliver their keys, until Ctrl-C
    Deliver(deliver::Deliver),
    /// Let another account deliver for this one, and give it the keys
    #[command(subcommand)]
    Delegate(delegate::DelegateCommand),
    /// List announcements that led to no registration, and take them back with their deposits
    #[command(subcommand)]
    Announcement(announcement::AnnouncementCommand),
    /// List and show orders; settle, expire or refund those whose time has come
    #[command(subcommand)]
    Order(order::OrderCommand),
    /// Change the price of an offer, withdraw it, add to its bond
    #[command(subcommand)]
    Offer(offer::OfferCommand),
    /// Attest, hand over or withdraw a dataset
    #[command(subcommand)]
    Dataset(dataset::DatasetCommand),
    /// Trades of a dataset or a company, from the chain
    History(history::History),
    /// Where a dataset comes from: lineage, attestations, owner, from the chain
    Provenance(provenance::Provenance),
    /// Make a certificate of origin and trade history, which wonbon-verify checks without a network
    Certificate(certificate::MakeCertificate),
    /// Write a trust anchor: the validators at a block, from a node or a chain specification that you trust
    TrustAnchor(anchor::MakeAnchor),
    /// Write a dataset's record as PROV, DCAT-AP, Croissant or Asset Administration Shell
    Export(export::Export),
    /// Check a credential of a certificate, offline: who issued it, and what it says
    CheckCredential(credential::CheckCredential),
    /// The auditor's view: the ledger of a period, a report of suspicious dealing, downloads
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Money of an account
    Balance(show::Balance),
    /// Seal a file by hand: the package, and the content key in a file of its own
    Seal(package::Seal),
    /// Open a package by hand
    Open(package::Open),
    /// The dataset id of a file: the root of the tree over its bytes
    Hash(hash::Hash),
    /// Describe a CSV or Parquet file as it would be published
    Profile(profile::ProfileFile),
    /// Blocks of a dataset that everyone may see: look at them before buying, or show your own
    Sample(sample::SampleCommand),
    /// Prove rows of a file to a third party, who needs the proof and the dataset's id
    Prove(prove::Prove),
    /// Check a proof of rows, offline, and print them
    CheckRows(check_rows::CheckRows),
    /// Write plausible CNC milling sensor rows as CSV, to try things with; they are synthetic and say so
    Synthesise(synthesise::Synthesise),
    /// Explain a command, or the exit codes: wonbon help exit-codes
    Help(help::Help),
}

impl Command {
    /// Runs the command to its end.
    pub async fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Command::Key(command) => key::run(context, command),
            Command::Sample(command) => sample::run(context, command).await,
            Command::Prove(args) => prove::run(context, args).await,
            Command::CheckRows(args) => check_rows::run(context, args),
            Command::Synthesise(args) => synthesise::run(context, args).await,
            Command::Seal(args) => package::seal(context, args).await,
            Command::Open(args) => package::open(context, args).await,
            Command::Hash(args) => hash::run(context, args).await,
            Command::Profile(args) => profile::run(context, args).await,
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
            Command::Help(args) => help::run(context, args, Cli::command()),
            Command::Balance(args) => show::balance(context, args).await,
        }
    }
}
