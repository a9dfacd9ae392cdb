//! The options that every command takes.

use std::path::PathBuf;

use clap::Args;
use wonbon_primitives::Digest;

use crate::arguments::{company_choice, digest, CompanyChoice};

/// Where a node listens that nobody told otherwise.
const DEFAULT_CHAIN: &str = "ws://127.0.0.1:9944";
/// The same of a service.
const DEFAULT_SERVICE: &str = "http://127.0.0.1:8080";

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalOptions {
    /// A node of the chain; may be given more than once: the first that proves its word is asked, transactions go to all
    #[arg(
        long,
        global = true,
        env = "WONBON_CHAIN",
        value_name = "URL",
        value_delimiter = ',',
        default_value = DEFAULT_CHAIN
    )]
    pub chain: Vec<String>,
    /// The marketplace service
    #[arg(long, global = true, env = "WONBON_SERVICE", value_name = "URL", default_value = DEFAULT_SERVICE)]
    pub service: String,
    /// The account key: a key file, the name of a key in the home folder, or dev:NAME on a development chain
    #[arg(long, global = true, env = "WONBON_KEY", value_name = "KEY", default_value = "default")]
    pub key: String,
    /// Act for this company, whose member the key's account is, or for none [default: the only company that the home folder
    /// knows the key to act for, if there is one]
    #[arg(
        long,
        global = true,
        env = "WONBON_COMPANY",
        value_name = "ACCOUNT",
        value_parser = company_choice
    )]
    pub company: Option<CompanyChoice>,
    /// Read the passphrase of the key from this file instead of asking for it
    #[arg(long, global = true, env = "WONBON_PASSPHRASE_FILE", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Use only the chain with this genesis hash [default: the chain that the home folder was first used with]
    #[arg(long, global = true, env = "WONBON_GENESIS", value_name = "HEX", value_parser = digest)]
    pub genesis: Option<Digest>,
    /// A trust anchor that says who the validators are [default: what the home folder knows]
    #[arg(long, global = true, env = "WONBON_TRUST_ANCHOR", value_name = "FILE")]
    pub trust_anchor: Option<PathBuf>,
    /// Use whichever chain the node is on, even if the home folder was first used with another
    #[arg(long, global = true, conflicts_with = "genesis")]
    pub any_chain: bool,
    /// The home folder, for keys and unfinished work [default: ~/.local/share/wonbon]
    #[arg(long, global = true, env = "WONBON_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Print one JSON object on standard output; `deliver` prints one a line for each event
    #[arg(long, global = true)]
    pub json: bool,
    /// Print no notes and no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Log what the client does, on standard error (-vv for more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}
