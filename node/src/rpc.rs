//! The node's remote calls beyond Substrate's own: an account's next nonce, fees, GRANDPA's votes and
//! justifications, from which an outside client follows finality, the hand-offs that certificates rest on, and proved
//! values of the finalized state.

use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};
use wonbon_runtime::{opaque::Block, BlockNumber, Hash};

use crate::{
    finalized_state, hand_offs,
    past::{self, PastBlocks},
    types::{Backend, Client, Pool},
};

/// What GRANDPA's calls read.
pub(crate) struct GrandpaDeps {
    /// How the current rounds stand.
    pub(crate) voter_state: SharedVoterState,
    pub(crate) authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// Justifications as they are made.
    pub(crate) justifications: GrandpaJustificationStream<Block>,
    /// Proofs of finality for old blocks.
    pub(crate) finality_proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

pub(crate) fn module(
    client: Arc<Client>,
    pool: Arc<Pool>,
    grandpa: &GrandpaDeps,
    past: Option<Arc<PastBlocks>>,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>> {
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
    hand_offs::register(&mut module, client.clone(), grandpa.authority_set.clone())?;
    finalized_state::register(&mut module, client)?;
    if let Some(past) = past {
        past::register(&mut module, past)?;
    }
    module.merge(
        Grandpa::new(
            executor,
            grandpa.authority_set.clone(),
            grandpa.voter_state.clone(),
            grandpa.justifications.clone(),
            grandpa.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    Ok(module)
}
