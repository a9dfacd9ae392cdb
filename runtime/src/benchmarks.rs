//! The pallets whose weights are measured on this runtime, how the bencher runs them, and who signs for it.

use crate::{
    AccountId, AllPalletsWithSystem, Consortium, Credit, Marketplace, Participants, Provenance, RuntimeCall,
    SessionKeys, Signature, Upgrades,
};
use alloc::{string::String, vec::Vec};
use codec::Encode;
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use sp_core::{crypto::key_types::DUMMY, ed25519};
use wonbon_primitives::Digest;

frame_benchmarking::define_benchmarks!(
    [pallet_consortium, Consortium]
    [pallet_credit, Credit]
    [pallet_participants, Participants]
    [pallet_provenance, Provenance]
    [pallet_marketplace, Marketplace]
    [pallet_upgrades, Upgrades]
);

/// Which benchmarks there are.
pub(crate) fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs those that are asked for.
pub(crate) fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}

/// Makes session keys of which the bencher has the secrets, and a call that the council may have made.
pub struct ConsortiumHelper;

impl pallet_consortium::benchmarking::Helper<AccountId, SessionKeys, RuntimeCall> for ConsortiumHelper {
    fn keys(owner: &AccountId) -> (SessionKeys, Vec<u8>) {
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }

    fn enactable() -> RuntimeCall {
        let stalled = pallet_grandpa::Call::note_stalled { delay: 1, best_finalized_block_number: 0 };
        RuntimeCall::Grandpa(stalled)
    }
}

/// Signs with a key that the bencher keeps for us.
pub struct HostSigner;

impl HostSigner {
    fn key() -> ed25519::Public {
        let known = sp_io::crypto::ed25519_public_keys(DUMMY).into_iter().next();
        known.unwrap_or_else(|| sp_io::crypto::ed25519_generate(DUMMY, None))
    }
}

impl pallet_participants::benchmarking::Signer<AccountId, Signature> for HostSigner {
    fn account() -> AccountId {
        Self::key().into()
    }

    fn sign(digest: &Digest) -> Signature {
        let signature = sp_io::crypto::ed25519_sign(DUMMY, &Self::key(), digest);
        Signature::Ed25519(signature.expect("the bencher has the key; qed"))
    }
}
