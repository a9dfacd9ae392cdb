//! The command line: Substrate's options for running a node, and the subcommands that are worth having.

use crate::bench_storage::BenchStorage;

/// Runs a Wonbon node.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    /// How to run the node.
    #[command(flatten)]
    pub(crate) run: sc_cli::RunCmd,
}

/// What the binary does besides running a node.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub(crate) enum Subcommand {
    /// Generate, inspect and insert keys
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Make the specification of a consortium's own chain
    #[command(subcommand)]
    ChainSpec(crate::chain_spec::new::Command),

    /// Write the specification of a chain that this program knows, or one that is given in its other form
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Write a chain specification (older spelling, which also takes options of a node)
    #[allow(deprecated)]
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Check a block by executing it again
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Read blocks from a file
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Write the state at a block as a chain specification
    ExportState(sc_cli::ExportStateCmd),

    /// Delete the chain's data
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Go back to an earlier block
    Revert(sc_cli::RevertCmd),

    /// Run a development chain whose blocks are made on request, for slots of the past
    AuthorPast(AuthorPast),

    /// Measure what reading and writing the state cost
    BenchStorage(BenchStorage),
}

/// A node that makes blocks of the past: see [`crate::past`].
#[derive(Debug, clap::Args)]
pub(crate) struct AuthorPast {
    /// How many slots ago the first block is.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) slots: u64,

    /// How to run the node.
    #[command(flatten)]
    pub(crate) run: sc_cli::RunCmd,
}
