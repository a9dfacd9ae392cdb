//! What each command does.
//!
//! Promises: a node runs no chain that it was not told: without `--dev` and `--chain` it says what it needs; nor a live
//! chain that somebody in whom nobody chose could take over. `--dev` keeps the state of every finalized block (`--state-pruning archive-canonical`) unless told
//! otherwise, because the service reads the state of blocks that it has yet to apply. Without `--dev` a node
//! keeps Substrate's default of 256 blocks; a node that serves a follower is started with that option, which
//! counts when the database is made.

use crate::{
    chain_spec::{self, Form},
    cli::{Cli, Subcommand},
    service::{self, Authoring, Parts},
};
use sc_cli::{DatabasePruningMode, SubstrateCli};
use sc_network::config::NetworkBackendType;
use sc_service::ChainSpec;
use wonbon_runtime::{opaque::Block, Hash};

/// What is said to whoever names no chain.
const NO_CHAIN: &str = "which chain? Give --chain FILE, the specification that your consortium gave out \
    (`wonbon-node chain-spec new FORM` makes one); or --dev for a chain of your own to try, and --chain local for a \
    network of four on this machine";

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Wonbon node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "The Wonbon authors".into()
    }

    fn support_url() -> String {
        env!("CARGO_PKG_REPOSITORY").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        let exports =
            matches!(self.subcommand, Some(Subcommand::ExportChainSpec(_) | Subcommand::BuildSpec(_)));
        let form = if exports { Form::Readable } else { Form::Built };
        Ok(match id {
            "dev" => Box::new(chain_spec::development(form)?),
            "local" => Box::new(chain_spec::local(form)?),
            "" => return Err(NO_CHAIN.into()),
            path => {
                let spec = chain_spec::from_file(path.into())?;
                chain_spec::ensure_live(&spec)?;
                Box::new(spec)
            }
        })
    }
}

/// Parses the command line and does what it says.
pub(crate) fn run() -> sc_cli::Result<()> {
    let mut cli = Cli::from_args();
    match &cli.subcommand {
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::ChainSpec(command)) => command.run().map_err(sc_cli::Error::Input),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        #[allow(deprecated)]
        Some(Subcommand::BuildSpec(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run(config.chain_spec, config.network))
        }
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, import_queue, .. } = service::parts(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, .. } = service::parts(&config)?;
            Ok((command.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, import_queue, .. } = service::parts(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportState(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, .. } = service::parts(&config)?;
            Ok((command.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::PurgeChain(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run(config.database))
        }
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, backend, .. } = service::parts(&config)?;
            let revert_votes: Box<dyn FnOnce(_, _, _) -> _> = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((command.run(client, backend, Some(revert_votes)), task_manager))
        }),
        Some(Subcommand::AuthorPast(command)) => {
            run_node(&cli, &command.run, Authoring::OfThePast(command.slots))
        }
        Some(Subcommand::BenchStorage(command)) => command.run().map_err(sc_cli::Error::Input),
        None => {
            if cli.run.shared_params.is_dev() {
                cli.run
                    .import_params
                    .pruning_params
                    .state_pruning
                    .get_or_insert(DatabasePruningMode::ArchiveCanonical);
            }
            run_node(&cli, &cli.run, Authoring::InSlots)
        }
    }
}

/// Runs a node until it is told to stop.
fn run_node(cli: &Cli, run: &sc_cli::RunCmd, authoring: Authoring) -> sc_cli::Result<()> {
    cli.create_runner(run)?.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => {
                service::start::<sc_network::NetworkWorker<Block, Hash>>(config, authoring)
            }
            NetworkBackendType::Litep2p => {
                service::start::<sc_network::Litep2pNetworkBackend>(config, authoring)
            }
        }
        .map_err(sc_cli::Error::Service)
    })
}
