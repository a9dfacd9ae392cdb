//! The runtime that this program was built for: its metadata and version are part of the program.
//!
//! What is signed is encoded by these, never by what a node says about the chain: a node that exchanged the numbers of two
//! calls would have one signed for the other. A test of the runtime keeps the file up to date.

use super::storage_key::{Keys, Name};
use super::{ChainError, Result};
use codec::{Decode, DecodeAll};
use subxt::client::OfflineClientAtBlock;
use subxt::config::substrate::{SpecVersionForRange, SubstrateConfig, H256};
use subxt::dynamic::Value;
use subxt::storage::dynamic;
use subxt::{Metadata, OfflineClient};
use wonbon_model::Digest;

/// The runtime's metadata, version 15.
const METADATA: &[u8] = include_bytes!("../../metadata.scale");

/// The start of `sp_version::RuntimeVersion`, as far as it is needed.
#[derive(Decode)]
struct RuntimeVersion {
    name: String,
    _implementation: String,
    _authoring: u32,
    spec: u32,
    _implementation_version: u32,
    _apis: Vec<([u8; 8], u32)>,
    transaction: u32,
}

/// The compiled-in runtime on the chain of a genesis.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    client: OfflineClientAtBlock<SubstrateConfig>,
    name: String,
    slot_ms: u64,
}

impl Compiled {
    pub(super) fn new(genesis: Digest) -> Result<Self> {
        let (config, name) = config(genesis)?;
        let client = OfflineClient::new_with_config(config).at_block(0_u64).map_err(unusable)?;
        let slot = client.constants().entry_bytes(("Aura", "SlotDuration")).map_err(unusable)?;
        let slot_ms = u64::decode_all(&mut &slot[..]).map_err(unusable)?;
        Ok(Self { client, name, slot_ms })
    }

    /// For encoding keys and calls, and for signing: it asks nobody.
    pub(super) fn client(&self) -> &OfflineClientAtBlock<SubstrateConfig> {
        &self.client
    }

    /// Milliseconds from one block to the next.
    pub(super) fn slot_ms(&self) -> u64 {
        self.slot_ms
    }

    /// The key of a storage entry.
    pub(super) fn storage_key(&self, name: Name, keys: Keys) -> Result<Vec<u8>> {
        let entry = self.client.storage().entry(dynamic::<Keys, Value>(name.0, name.1)).map_err(unusable)?;
        entry.fetch_key(keys).map_err(unusable)
    }

    /// What the keys of all entries below these first keys begin with.
    pub(super) fn storage_prefix(&self, name: Name, first: Keys) -> Result<Vec<u8>> {
        let entry = self.client.storage().entry(dynamic::<Keys, Value>(name.0, name.1)).map_err(unusable)?;
        entry.iter_key(first).map_err(unusable)
    }

    /// Name and version of the runtime, as the chain keeps them in `System.LastRuntimeUpgrade`.
    pub(super) fn runtime(&self) -> (u32, &str) {
        (self.client.spec_version(), &self.name)
    }
}

/// A configuration in which every block has the compiled-in runtime, so that nothing is asked about it.
pub(super) fn config(genesis: Digest) -> Result<(SubstrateConfig, String)> {
    let metadata = Metadata::decode_from(METADATA).map_err(unusable)?.arc();
    let version = metadata
        .pallet_by_name("System")
        .and_then(|system| system.constant_by_name("Version"))
        .ok_or_else(|| unusable("it states no version"))?;
    // The APIs and the numbers after them follow; only the front is read.
    let version = RuntimeVersion::decode(&mut version.value()).map_err(unusable)?;
    let versions = SpecVersionForRange {
        block_range: 0..u64::MAX,
        spec_version: version.spec,
        transaction_version: version.transaction,
    };
    let config = SubstrateConfig::builder()
        .set_genesis_hash(H256(genesis))
        .set_spec_version_for_block_ranges([versions])
        .set_metadata_for_spec_versions([(version.spec, metadata)])
        .build();
    Ok((config, version.name))
}

/// Version and name of the runtime, as `System.LastRuntimeUpgrade` holds them.
pub(crate) fn last_upgrade(bytes: &[u8]) -> Option<(u32, String)> {
    let (codec::Compact(version), name) =
        <(codec::Compact<u32>, String)>::decode_all(&mut &bytes[..]).ok()?;
    Some((version, name))
}

fn unusable(reason: impl std::fmt::Display) -> ChainError {
    ChainError::undecodable("the runtime that this program was built for", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::{Compact, Encode};

    #[test]
    fn the_compiled_in_runtime_is_the_one_that_this_client_reads() {
        let compiled = Compiled::new([7; 32]).unwrap();
        assert_eq!(compiled.runtime().1, "wonbon");
        assert!(compiled.runtime().0 > 0);
        super::super::metadata_check::check(compiled.client().metadata_ref()).unwrap();
        for name in ["Authorities", "CurrentSetId"] {
            assert_eq!(compiled.storage_key(("Grandpa", name), vec![]).unwrap().len(), 32);
        }
        assert_eq!(last_upgrade(&(Compact(3_u32), "wonbon").encode()), Some((3, "wonbon".to_owned())));
        assert_eq!(last_upgrade(&[]), None);
    }
}
