//! The state transition function of Wonbon's chain: the pallets put together.
//!
//! What is in which file: the types and the list of pallets here; how each pallet is configured in
//! [`configs`], with fees in [`configs::fees`], who may decide what in [`configs::governance`], how members act for
//! their companies in [`configs::acting`] and what comes first in [`configs::priority`]; the interface to the node in [`apis`]; the two genesis states in
//! [`genesis`].
//!
//! Promises: a pallet's index, a call's index and a hold reason never change their meaning (clients and
//! records depend on them); every change of the state transition raises `spec_version`.

#![cfg_attr(not(feature = "std"), no_std)]
// The macros write undocumented items and qualified names into this module and into `apis`.
#![allow(missing_docs, unused_qualifications)]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod genesis;

use alloc::vec::Vec;
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// The runtime compiled to wasm; absent when it was built with `SKIP_WASM_BUILD`.
#[cfg(feature = "std")]
#[allow(dead_code, unreachable_pub)]
mod wasm {
    include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}
#[cfg(feature = "std")]
pub use wasm::{WASM_BINARY, WASM_BINARY_BLOATY};

/// Blocks as the node sees them: extrinsics are bytes, so that it follows the chain through upgrades.
pub mod opaque {
    use super::{generic, BlakeTwo256, BlockNumber};
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// A header, as everywhere.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// A block whose extrinsics are not decoded.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

/// Any of the signatures that an account may use; ours are ed25519.
pub type Signature = MultiSignature;
/// An account: 32 bytes, for ed25519 the public key itself.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Money: whole Korean won.
pub type Balance = u128;
/// The number of transactions that an account has sent.
pub type Nonce = u32;
/// A hash of the chain's own data.
pub type Hash = sp_core::H256;
/// The height of a block.
pub type BlockNumber = u32;
/// How extrinsics name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block with decoded extrinsics.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// What a signed extrinsic is checked for and pays, in this order. From `ActFor` on the origin is the company for which its
/// signer acts, and after `Priority` of a delivery or a dispute the party to the order. Twelve are the most that a tuple
/// has.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    configs::mortality::CheckMortality,
    frame_system::CheckNonce<Runtime>,
    configs::acting::ActFor,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
    configs::priority::Priority,
);
/// An extrinsic as it stands in a block.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// Runs blocks and extrinsics over all pallets.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

impl_opaque_keys! {
    /// The keys of one validator.
    pub struct SessionKeys {
        /// Signs blocks (sr25519).
        pub aura: Aura,
        /// Votes on finality (ed25519).
        pub grandpa: Grandpa,
    }
}

/// The version of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: alloc::borrow::Cow::Borrowed("wonbon"),
    impl_name: alloc::borrow::Cow::Borrowed("wonbon"),
    authoring_version: 1,
    spec_version: 2,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 2,
    // State version 1: a value of 33 bytes or more stands in the trie by its hash.
    system_version: 1,
};

/// Length of a slot, and so the time between two blocks. It cannot change while the chain runs.
pub const MILLISECONDS_PER_BLOCK: u64 = 2_000;
/// Blocks in a minute.
pub const MINUTES: BlockNumber = 30;
/// Blocks in an hour.
pub const HOURS: BlockNumber = 60 * MINUTES;
/// Blocks in a day.
pub const DAYS: BlockNumber = 24 * HOURS;
/// The least that an account must own: one won.
pub const EXISTENTIAL_DEPOSIT: Balance = 1;

/// The pallets, by index; 24 was another's. The consortium stands before the session so that its genesis is built first.
#[frame_support::runtime]
mod runtime {
    /// The runtime itself.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(10)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(11)]
    pub type Consortium = pallet_consortium;
    #[runtime::pallet_index(12)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(13)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(20)]
    pub type Council = pallet_collective<Instance1>;
    #[runtime::pallet_index(21)]
    pub type Sudo = pallet_sudo;
    #[runtime::pallet_index(22)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(23)]
    pub type Multisig = pallet_multisig;

    #[runtime::pallet_index(25)]
    pub type Upgrades = pallet_upgrades;

    #[runtime::pallet_index(30)]
    pub type Credit = pallet_credit;
    #[runtime::pallet_index(31)]
    pub type Participants = pallet_participants;
    #[runtime::pallet_index(32)]
    pub type Provenance = pallet_provenance;
    #[runtime::pallet_index(33)]
    pub type Marketplace = pallet_marketplace;
}
