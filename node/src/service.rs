//! The parts of a node and how they are started.
//!
//! Promises: a justification is made and imported for every block that GRANDPA finalizes as a commit target
//! (period 1), so that each can back a certificate; the voter votes for the best block at once, without the
//! distance that the default voting rules keep; authoring and voting are essential, so that a node which can
//! no longer do either stops instead of lingering.

use crate::{
    past::PastBlocks,
    rpc::{self, GrandpaDeps},
    types::{Backend, Client, Pool},
};
use sc_client_api::BlockBackend;
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaBlockImport, GrandpaParams, LinkHalf, SharedVoterState, VotingRulesBuilder,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network::NetworkBackend;
use sc_service::{
    error::Error as ServiceError, BuildNetworkParams, ChainType, Configuration, PartialComponents,
    SpawnTasksParams, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{
    inherents::InherentDataProvider as SlotProvider, sr25519::AuthorityPair, SlotDuration,
};
use sp_timestamp::InherentDataProvider as TimestampProvider;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use wonbon_runtime::{apis::RuntimeApi, opaque::Block, Hash};

/// A justification for every commit target.
const JUSTIFICATION_PERIOD: u32 = 1;
/// The time in which a vote is taken to reach everyone. A round of GRANDPA lasts about four of it.
const GOSSIP_DURATION: Duration = Duration::from_millis(175);
/// The part of a slot that may be spent on making a block; the rest is for sending and importing it.
const PROPOSAL_PORTION: f32 = 0.5;

type SelectChain = sc_consensus::LongestChain<Backend, Block>;
type BlockImport = GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type GrandpaLink = LinkHalf<Block, Client, SelectChain>;

/// What every command needs of a node, nothing of it running yet.
pub(crate) type Parts = PartialComponents<
    Client,
    Backend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    Pool,
    (BlockImport, GrandpaLink, Option<Telemetry>),
>;

pub(crate) fn parts(config: &Configuration) -> Result<Parts, ServiceError> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok::<_, sc_telemetry::Error>((worker, telemetry))
        })
        .transpose()?;

    let executor = sc_service::new_wasm_executor::<sp_io::SubstrateHostFunctions>(&config.executor);
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, _>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            executor,
            Vec::new(),
        )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());

    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::from(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (block_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;

    let slots = client.clone();
    let import_queue = sc_consensus_aura::import_queue::<AuthorityPair, _, _, _, _, _>(ImportQueueParams {
        block_import: block_import.clone(),
        justification_import: Some(Box::new(block_import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |parent, _| {
            let slots = slots.clone();
            async move {
                let duration = sc_consensus_aura::standalone::slot_duration_at(&*slots, parent)?;
                Ok(inherents(duration))
            }
        },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry: telemetry_handle,
        compatibility_mode: Default::default(),
    })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, grandpa_link, telemetry),
    })
}

/// The time and its slot, which every block states.
fn inherents(duration: SlotDuration) -> (SlotProvider, TimestampProvider) {
    let timestamp = TimestampProvider::from_system_time();
    (SlotProvider::from_timestamp_and_slot_duration(*timestamp, duration), timestamp)
}

/// When a node makes blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authoring {
    /// In its slots, if it is a validator.
    InSlots,
    /// When it is asked to, for slots of the past (see [`crate::past`]), the first so many slots ago.
    OfThePast(u64),
}

pub(crate) fn start<N: NetworkBackend<Block, Hash>>(
    config: Configuration,
    authoring: Authoring,
) -> Result<TaskManager, ServiceError> {
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, grandpa_link, mut telemetry),
    } = parts(&config)?;

    let mut net_config = sc_network::config::FullNetworkConfiguration::<Block, Hash, N>::new(
        &config.network,
        config.prometheus_registry().cloned(),
    );
    let metrics = N::register_notification_metrics(config.prometheus_registry());
    let genesis = client
        .block_hash(0)?
        .ok_or_else(|| ServiceError::Other("the database has no genesis block".into()))?;
    let protocol_name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (protocol_config, notification_service) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        protocol_name.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(protocol_config);

    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let past = match authoring {
        Authoring::InSlots => None,
        Authoring::OfThePast(_) if config.chain_spec.chain_type() != ChainType::Development => {
            return Err(ServiceError::Other("only a development chain has blocks made for it".into()));
        }
        Authoring::OfThePast(slots) => Some(Arc::new(PastBlocks {
            client: client.clone(),
            pool: transaction_pool.clone(),
            block_import: block_import.clone(),
            authority_set: grandpa_link.shared_authority_set().clone(),
            keystore: keystore_container.keystore(),
            slots,
            one_at_a_time: Mutex::new(()),
        })),
    };
    let in_slots = past.is_none();
    let role = config.role;
    let force_authoring = config.force_authoring;
    let name = config.network.node_name.clone();
    let votes = in_slots && !config.disable_grandpa;
    let prometheus_registry = config.prometheus_registry().cloned();
    let voter_state = SharedVoterState::empty();

    let grandpa_deps = GrandpaDeps {
        voter_state: voter_state.clone(),
        authority_set: grandpa_link.shared_authority_set().clone(),
        justifications: grandpa_link.justification_stream(),
        finality_proofs: FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa_link.shared_authority_set().clone()),
        ),
    };
    let rpc_builder = {
        let client = client.clone();
        let pool = transaction_pool.clone();
        Box::new(move |executor| {
            rpc::module(client.clone(), pool.clone(), &grandpa_deps, past.clone(), executor)
                .map_err(Into::into)
        })
    };

    sc_service::spawn_tasks(SpawnTasksParams {
        network: Arc::new(network.clone()),
        client: client.clone(),
        keystore: keystore_container.keystore(),
        task_manager: &mut task_manager,
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        backend,
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        config,
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());

    if in_slots && role.is_authority() {
        let proposer_factory = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            prometheus_registry.as_ref(),
            telemetry_handle.clone(),
        );
        let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
        let authoring =
            sc_consensus_aura::start_aura::<AuthorityPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
                slot_duration,
                client,
                select_chain,
                block_import,
                proposer_factory,
                create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
                force_authoring,
                // Slower when finality lags, so that less of anybody's window runs out while nothing becomes final.
                backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
                keystore: keystore_container.keystore(),
                sync_oracle: sync_service.clone(),
                justification_sync_link: sync_service.clone(),
                block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
                max_block_proposal_slot_portion: None,
                telemetry: telemetry_handle.clone(),
                compatibility_mode: Default::default(),
            })?;
        task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), authoring);
    }

    if votes {
        let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP_DURATION,
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(name),
                observer_enabled: false,
                keystore: role.is_authority().then(|| keystore_container.keystore()),
                local_role: role,
                telemetry: telemetry_handle.clone(),
                protocol_name,
            },
            link: grandpa_link,
            network,
            sync: Arc::new(sync_service),
            notification_service,
            voting_rule: VotingRulesBuilder::new().build(),
            prometheus_registry,
            shared_voter_state: voter_state,
            telemetry: telemetry_handle,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    }

    Ok(task_manager)
}
