//! Blocks of the past: a development chain whose blocks are made when somebody asks, each for the slot after the last
//! one's, as fast as the machine can.
//!
//! For figures that need a long history. The blocks are ordinary: executed by the runtime, sealed with the key of the slot
//! and finalized by a justification, so that a node started on the same data goes on from them.
//!
//! Promises: a block is made for no slot that is not over; only development chains are made like this; only the
//! node of `author-past` has the call, and one call is carried out at a time.

use crate::types::{Backend, Client, Pool};
use codec::{Decode, Encode};
use futures::executor::block_on;
use jsonrpsee::{
    types::{ErrorObjectOwned, Params},
    RpcModule,
};
use sc_block_builder::{BlockBuilder, BlockBuilderBuilder};
use sc_client_api::UsageProvider;
use sc_consensus::{
    BlockImport as _, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction, StorageChanges,
};
use sc_consensus_aura::standalone;
use sc_consensus_grandpa::{GrandpaBlockImport, SharedAuthoritySet, GRANDPA_ENGINE_ID};
use sc_transaction_pool_api::{InPoolTransaction as _, TransactionPool as _};
use serde::Serialize;
use sp_blockchain::{ApplyExtrinsicFailed::Validity, Error::ApplyExtrinsicFailed};
use sp_consensus::BlockOrigin;
use sp_consensus_aura::{inherents::InherentDataProvider as SlotProvider, sr25519, Slot, SlotDuration};
use sp_consensus_grandpa::{Commit, GrandpaJustification, Message, Precommit};
use sp_core::Bytes;
use sp_inherents::{InherentData, InherentDataProvider as _};
use sp_keystore::KeystorePtr;
use sp_runtime::{
    traits::{Block as BlockT, Header as _},
    Digest, ExtrinsicInclusionMode, Justifications, OpaqueExtrinsic,
};
use sp_timestamp::{InherentDataProvider as TimestampProvider, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use wonbon_runtime::{opaque::Block, BlockNumber, Hash};

/// The name of the call. Its one parameter is the list of extrinsics, each in hexadecimal; of none, those of the pool.
const METHOD: &str = "wonbon_authorBlock";

type Select = sc_consensus::LongestChain<Backend, Block>;
type Header = <Block as BlockT>::Header;
type Seal = sr25519::AuthorityPair;

/// What makes blocks.
pub(crate) struct PastBlocks {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) block_import: GrandpaBlockImport<Backend, Block, Client, Select>,
    pub(crate) authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    pub(crate) keystore: KeystorePtr,
    /// How many slots ago the first block is.
    pub(crate) slots: u64,
    pub(crate) one_at_a_time: Mutex<()>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Authored {
    number: BlockNumber,
    hash: Hash,
    /// How many of the given extrinsics are in the block: the first ones. For the next there was no room.
    taken: usize,
}

/// Adds the call to a module.
pub(crate) fn register(
    module: &mut RpcModule<()>,
    blocks: Arc<PastBlocks>,
) -> Result<(), jsonrpsee::core::RegisterMethodError> {
    module.register_blocking_method(METHOD, move |params: Params<'_>, _, _| {
        let extrinsics: Vec<Bytes> = params.one()?;
        blocks.author(&extrinsics).map_err(internal)
    })?;
    Ok(())
}

impl PastBlocks {
    /// Makes, seals, imports and finalizes the next block.
    fn author(&self, extrinsics: &[Bytes]) -> Result<Authored, String> {
        let _turn = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let parent_hash = self.client.usage_info().chain.best_hash;
        let parent = self.client.header(parent_hash).map_err(text)?.ok_or("the best block has no header")?;
        let duration = standalone::slot_duration_at::<sr25519::AuthorityId, _, _>(&*self.client, parent_hash)
            .map_err(text)?;
        let slot = self.slot_after(&parent, duration)?;
        let authorities =
            standalone::fetch_authorities::<sr25519::AuthorityId, _, _>(&*self.client, parent_hash)
                .map_err(text)?;
        let public = block_on(standalone::claim_slot::<Seal>(slot, &authorities, &self.keystore))
            .ok_or("the keystore has no key for the slot")?;

        let mut builder = BlockBuilderBuilder::new(&*self.client)
            .on_parent_block(parent_hash)
            .with_parent_block_number(*parent.number())
            .with_inherent_digests(Digest { logs: vec![standalone::pre_digest::<Seal>(slot)] })
            .build()
            .map_err(text)?;
        for inherent in builder.create_inherents(inherent_data(slot, duration)?).map_err(text)? {
            builder.push(inherent).map_err(text)?;
        }
        let mut taken = 0;
        if builder.extrinsic_inclusion_mode() == ExtrinsicInclusionMode::AllExtrinsics {
            taken = fill(&mut builder, extrinsics)?;
            if extrinsics.is_empty() {
                self.fill_from_pool(&mut builder, parent_hash);
            }
        }

        let (block, changes) = builder.build().map_err(text)?.into_inner();
        let (header, body) = block.deconstruct();
        let number = *header.number();
        let seal = standalone::seal::<_, Seal>(&header.hash(), &public, &self.keystore).map_err(text)?;
        let mut import = BlockImportParams::new(BlockOrigin::Own, header);
        import.post_digests.push(seal);
        import.body = Some(body);
        import.state_action = StateAction::ApplyChanges(StorageChanges::Changes(changes));
        import.fork_choice = Some(ForkChoiceStrategy::LongestChain);
        let hash = import.post_hash();
        import.justifications = Some(self.justification(hash, number)?);
        match block_on(self.block_import.import_block(import)).map_err(text)? {
            ImportResult::Imported(_) => Ok(Authored { number, hash, taken }),
            other => Err(format!("block {number} was not imported: {other:?}")),
        }
    }

    /// The slot of the next block, which has to be over.
    fn slot_after(&self, parent: &Header, duration: SlotDuration) -> Result<Slot, String> {
        let now = Slot::from_timestamp(Timestamp::current(), duration);
        let slot = if *parent.number() == 0 {
            now.saturating_sub(self.slots)
        } else {
            standalone::find_pre_digest::<Block, sr25519::AuthoritySignature>(parent).map_err(text)? + 1
        };
        if slot < now {
            Ok(slot)
        } else {
            Err("every slot of the past has its block".into())
        }
    }

    /// Puts the pool's transactions into the block, as far as there is room; those that are not valid any more are left out.
    fn fill_from_pool(&self, builder: &mut BlockBuilder<'_, Block, Client>, parent: Hash) {
        for transaction in block_on(self.pool.ready_at(parent)) {
            match builder.push((**transaction.data()).clone()) {
                Err(ApplyExtrinsicFailed(Validity(error))) if error.exhausted_resources() => return,
                _ => {}
            }
        }
    }

    /// That the validators precommitted to a block.
    fn justification(&self, hash: Hash, number: BlockNumber) -> Result<Justifications, String> {
        let set = self.authority_set.set_id();
        let round = u64::from(number);
        let precommit = Precommit::<Header> { target_hash: hash, target_number: number };
        let message: Message<Header> = finality_grandpa::Message::Precommit(precommit.clone());
        let voters = self.authority_set.current_authorities();
        let precommits = voters.iter().map(|(voter, _)| {
            let signed = sp_consensus_grandpa::sign_message(
                self.keystore.clone(),
                message.clone(),
                voter.clone(),
                round,
                set,
            );
            let signed = signed.ok_or("the keystore has no key of a validator")?;
            Ok(finality_grandpa::SignedPrecommit {
                precommit: precommit.clone(),
                signature: signed.signature,
                id: signed.id,
            })
        });
        let precommits = precommits.collect::<Result<Vec<_>, &str>>()?;
        let commit = Commit::<Header> { target_hash: hash, target_number: number, precommits };
        let justification = GrandpaJustification::<Header> { round, commit, votes_ancestries: Vec::new() };
        Ok((GRANDPA_ENGINE_ID, justification.encode()).into())
    }
}

/// Puts the first of the extrinsics into the block, as many as there is room for, and says how many.
fn fill(builder: &mut BlockBuilder<'_, Block, Client>, extrinsics: &[Bytes]) -> Result<usize, String> {
    for (place, bytes) in extrinsics.iter().enumerate() {
        let extrinsic = OpaqueExtrinsic::decode(&mut &bytes[..])
            .map_err(|error| format!("extrinsic {place} is none: {error}"))?;
        match builder.push(extrinsic) {
            Ok(()) => {}
            Err(ApplyExtrinsicFailed(Validity(error))) if error.exhausted_resources() => return Ok(place),
            Err(error) => return Err(format!("extrinsic {place} is refused: {error}")),
        }
    }
    Ok(extrinsics.len())
}

/// The time at which a slot begins, and the slot.
fn inherent_data(slot: Slot, duration: SlotDuration) -> Result<InherentData, String> {
    let begins = slot.timestamp(duration).ok_or("the slot is beyond the end of time")?;
    let mut data = InherentData::new();
    block_on(TimestampProvider::new(begins).provide_inherent_data(&mut data)).map_err(text)?;
    block_on(SlotProvider::new(slot).provide_inherent_data(&mut data)).map_err(text)?;
    Ok(data)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn internal(message: String) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(jsonrpsee::types::error::INTERNAL_ERROR_CODE, message, None::<()>)
}
