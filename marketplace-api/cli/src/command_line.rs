//! The command line: every command by its name, and what runs it.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::*;
use crate::context::options::GlobalOptions;
use crate::context::Context;
use crate::exit::Result;

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
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make, show and list the keys that sign for you
    #[command(subcommand)]
    Key(key::Key),
    /// Companies and who acts for them: apply, invite, join, show; the record of a company
    #[command(subcommand)]
    Company(company::Company),
    /// For the marketplace's authority: verify, suspend and accredit companies, credit money
    #[command(subcommand)]
    Authority(authority::Authority),
    /// Publish a file: describe it, seal it, register it, upload it and offer it for sale
    Publish(publish::Publish),
    /// Search the offers in the catalogue of the service
    Search(search::Search),
    /// Show a dataset, an offer, an order or a company
    Show(show::Show),
    /// Buy: download and check the sealed file, order, wait for its key, open and check it, accept or dispute
    Buy(buy::Buy),
    /// For sellers: wait for orders and deliver their keys, until Ctrl-C
    Deliver(deliver::Deliver),
    /// List announcements that no registration followed, or cancel them and get the deposits back
    #[command(subcommand)]
    Announcement(announcement::AnnouncementCommand),
    /// List and show orders; pay out or refund those whose time is over
    #[command(subcommand)]
    Order(order::OrderCommand),
    /// Change the price of an offer, withdraw it, or add to its bond
    #[command(subcommand)]
    Offer(offer::OfferCommand),
    /// Attest something about a dataset, hand it over, or withdraw it
    #[command(subcommand)]
    Dataset(dataset::DatasetCommand),
    /// Show the trades of a dataset or a company, read from the chain
    History(history::History),
    /// Show where a dataset comes from, who attested it and who owns it, read from the chain
    Provenance(provenance::Provenance),
    /// Make a certificate of a dataset's origin and trades, which wonbon-verify checks without a network
    Certificate(certificate::MakeCertificate),
    /// Write a trust anchor to check certificates with: the validators at a block, from a source that you trust
    TrustAnchor(anchor::MakeAnchor),
    /// Write a dataset's record for other tools: PROV, DCAT-AP, Croissant, Asset Administration Shell
    Export(export::Export),
    /// Check a credential of a certificate, without a network: who issued it, and what it says
    CheckCredential(credential::CheckCredential),
    /// For auditors: the trades of a period, a report of suspicious trading, downloads
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Show the money of an account
    Balance(show::Balance),
    /// Have credit paid out to your bank account, take that back, list what waits
    #[command(subcommand)]
    Credit(credit::CreditCommand),
    /// Seal (encrypt) a file by hand: a package, and its content key in a file of its own
    Seal(package::Seal),
    /// Open (decrypt) a package by hand
    Open(package::Open),
    /// Compute the dataset id of a file
    Hash(hash::Hash),
    /// Describe a CSV or Parquet file as buyers would see it
    Profile(profile::ProfileFile),
    /// Look at the parts of a dataset that everyone may see, or show parts of your own
    Sample(sample::SampleCommand),
    /// Prove rows of a file to somebody who has only the proof and the dataset's id
    Prove(prove::Prove),
    /// Check a proof of rows, without a network, and print them
    CheckRows(check_rows::CheckRows),
    /// Write made-up CNC milling sensor rows as CSV, to try things with; the rows say that they are synthetic
    Synthesise(synthesise::Synthesise),
    /// Explain a command, or the exit codes: wonbon help exit-codes
    Help(help::Help),
}

impl Cli {
    /// Runs the command to its end.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self.command {
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
            Command::Credit(command) => credit::run(context, command).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(line: &str) -> bool {
        Cli::try_parse_from(line.split_whitespace()).is_ok()
    }

    #[test]
    fn of_two_ways_one_is_named_and_goes_with_the_other_options() {
        let digest = "ab".repeat(32);
        for taken in [
            "wonbon company establish application.json --yes".to_owned(),
            format!("wonbon company establish --application {digest} --yes"),
            "wonbon company sheet -o sheet.html --force".to_owned(),
            "wonbon company sheet --restore -".to_owned(),
            "wonbon company secrets --renew --yes".to_owned(),
            "wonbon order open 7 -o data.csv".to_owned(),
            "wonbon authority queue".to_owned(),
        ] {
            assert!(is_taken(&taken), "{taken}");
        }
        for refused in [
            "wonbon company establish --yes".to_owned(),
            format!("wonbon company establish application.json --application {digest}"),
            "wonbon company sheet".to_owned(),
            "wonbon company sheet -o sheet.html --restore sheet.txt".to_owned(),
            "wonbon company sheet --restore sheet.txt --force".to_owned(),
            "wonbon company secrets --yes".to_owned(),
        ] {
            assert!(!is_taken(&refused), "{refused}");
        }
    }
}
