//! The storage keys of the records that claims rest on.
//!
//! A map's key is the hash of the pallet's and of the map's name, then each part of the key hashed and followed by
//! itself: identifiers with BLAKE2, which their owners choose; numbers, which count up, with xxHash.

use crate::{AccountId, BlockNumber};
use sp_crypto_hashing::{blake2_128, twox_128, twox_64};
use wonbon_primitives::DatasetId;

/// The hash of a block: here, only ever of the first one.
pub fn block_hash(number: BlockNumber) -> Vec<u8> {
    item("System", "BlockHash").number(number)
}

/// Name and version of the runtime.
pub fn last_runtime_upgrade() -> Vec<u8> {
    item("System", "LastRuntimeUpgrade")
}

/// The time of the block.
pub fn now() -> Vec<u8> {
    item("Timestamp", "Now")
}

/// The company of an account.
pub fn participant(account: &AccountId) -> Vec<u8> {
    item("Participants", "Participants").identifier(&account.0)
}

/// What a company is that acts through people, by its account.
pub fn company(account: &AccountId) -> Vec<u8> {
    item("Participants", "Companies").identifier(&account.0)
}

/// The record of a dataset.
pub fn dataset(id: &DatasetId) -> Vec<u8> {
    item("Provenance", "Datasets").identifier(&id.0)
}

/// The seed of the fair draws of the datasets that were registered in a block.
pub fn seed(registered_at: BlockNumber) -> Vec<u8> {
    item("Provenance", "Seeds").number(registered_at)
}

/// The dataset's parent of this index, from 0 on.
pub fn parent(id: &DatasetId, index: u32) -> Vec<u8> {
    item("Provenance", "Parents").identifier(&id.0).number(index)
}

/// A dataset's new version.
pub fn version(id: &DatasetId, index: u32) -> Vec<u8> {
    item("Provenance", "Versions").identifier(&id.0).number(index)
}

/// The dataset's attestation of this index, from 0 on.
pub fn attestation(id: &DatasetId, index: u32) -> Vec<u8> {
    item("Provenance", "Attestations").identifier(&id.0).number(index)
}

/// The dataset's handover of this index, from 0 on.
pub fn handover(id: &DatasetId, index: u32) -> Vec<u8> {
    item("Provenance", "Handovers").identifier(&id.0).number(index)
}

/// The dataset's trade of this index, from 0 on.
pub fn trade(id: &DatasetId, index: u32) -> Vec<u8> {
    item("Marketplace", "Trades").identifier(&id.0).number(index)
}

/// The prefix of a storage item.
fn item(pallet: &str, name: &str) -> Vec<u8> {
    [twox_128(pallet.as_bytes()), twox_128(name.as_bytes())].concat()
}

/// Parts of a key.
trait Key {
    /// A part of 32 bytes behind its hash (`Blake2_128Concat`).
    fn identifier(self, value: &[u8; 32]) -> Self;
    /// A number behind its hash (`Twox64Concat`).
    fn number(self, value: u32) -> Self;
}

impl Key for Vec<u8> {
    fn identifier(mut self, value: &[u8; 32]) -> Self {
        self.extend_from_slice(&blake2_128(value));
        self.extend_from_slice(value);
        self
    }

    fn number(mut self, value: u32) -> Self {
        let value = value.to_le_bytes();
        self.extend_from_slice(&twox_64(&value));
        self.extend_from_slice(&value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_keys() {
        // As every Substrate chain has them.
        assert_eq!(hex::encode(now()), "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb");
        assert_eq!(
            hex::encode(block_hash(0)),
            "26aa394eea5630e07c48ae0c9558cef7a44704b568d21667356a5a050c118746b4def25cfda6ef3a00000000"
        );
        assert_eq!(
            hex::encode(last_runtime_upgrade()),
            "26aa394eea5630e07c48ae0c9558cef7f9cce9c888469bb1a0dceaa129672ef8"
        );
    }
}
