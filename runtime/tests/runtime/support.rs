//! A chain in memory, from a genesis preset.

use codec::Encode;
use frame_support::storage::transactional::with_transaction_opaque_err;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_io::TestExternalities;
use sp_keyring::Ed25519Keyring;
use sp_runtime::{
    generic::{Era, SignedPayload},
    traits::SaturatedConversion,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, MultiSignature, TransactionOutcome,
};
use wonbon_runtime::{
    configs::{
        acting::{ActFor, Acting},
        mortality::CheckMortality,
        priority::Priority,
    },
    genesis, AccountId, Balance, Executive, Runtime, RuntimeCall, System, TransactionPayment, TxExtension,
    UncheckedExtrinsic,
};

/// The time at which each chain is, in milliseconds since 1970.
pub const GENESIS_TIME: u64 = 1_767_225_600_000;

fn chain(preset: &str) -> TestExternalities {
    let storage = genesis::storage(&PresetId::from(preset), b"code").expect("there is such a preset");
    let mut chain = TestExternalities::new(storage.unwrap());
    chain.execute_with(|| {
        System::set_block_number(1);
        // As the inherent of each block would.
        pallet_timestamp::Now::<Runtime>::put(GENESIS_TIME);
    });
    chain
}

/// Runs a test on the development chain.
pub fn development(test: impl FnOnce()) {
    chain(DEV_RUNTIME_PRESET).execute_with(test);
}

/// Runs a test on the local chain.
pub fn local(test: impl FnOnce()) {
    chain(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(test);
}

pub fn account(who: Ed25519Keyring) -> AccountId {
    who.to_account_id()
}

/// What a test says of a transaction beside its call.
#[derive(Clone)]
pub struct Terms {
    pub era: Era,
    pub nonce: u32,
    pub acting: Option<Acting>,
    pub tip: Balance,
}

impl Terms {
    /// Valid for the length of a test, by its signer and for themselves.
    pub fn with_nonce(nonce: u32) -> Self {
        Self { era: Era::mortal(4096, 0), nonce, acting: None, tip: 0 }
    }

    /// The parts of an extrinsic that are signed beside the call.
    pub fn extension(self) -> TxExtension {
        (
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            CheckMortality::from(self.era),
            frame_system::CheckNonce::from(self.nonce),
            ActFor(self.acting),
            frame_system::CheckWeight::new(),
            pallet_transaction_payment::ChargeTransactionPayment::from(self.tip),
            frame_metadata_hash_extension::CheckMetadataHash::new(false),
            frame_system::WeightReclaim::new(),
            Priority,
        )
    }

    /// A call signed with these.
    pub fn sign(self, who: Ed25519Keyring, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
        let payload = SignedPayload::new(call.into(), self.extension()).unwrap();
        let signature = MultiSignature::Ed25519(payload.using_encoded(|bytes| who.sign(bytes)));
        let (call, extension, _) = payload.deconstruct();
        UncheckedExtrinsic::new_signed(call, account(who).into(), signature, extension)
    }
}

/// Does with an extrinsic what the author of a block does: what is refused changes nothing.
pub fn apply(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
    with_transaction_opaque_err(|| match Executive::apply_extrinsic(extrinsic) {
        Ok(outcome) => TransactionOutcome::Commit(Ok(outcome)),
        Err(refused) => TransactionOutcome::Rollback(Err(refused)),
    })
    .unwrap()
}

/// What the pool says to an extrinsic.
pub fn validate(extrinsic: UncheckedExtrinsic) -> TransactionValidity {
    with_transaction_opaque_err(|| {
        let parent = System::block_hash(0);
        TransactionOutcome::Rollback(Executive::validate_transaction(
            TransactionSource::External,
            extrinsic,
            parent,
        ))
    })
    .unwrap()
}

/// What a signed extrinsic costs at most.
pub fn fee_of(extrinsic: &UncheckedExtrinsic) -> Balance {
    let length = extrinsic.encoded_size().saturated_into();
    TransactionPayment::query_info::<UncheckedExtrinsic>(extrinsic.clone(), length).partial_fee
}

/// What a signed extrinsic with this call costs.
pub fn fee(call: RuntimeCall) -> Balance {
    fee_of(&Terms::with_nonce(1_000).sign(Ed25519Keyring::Alice, call))
}

/// Checks every pallet's invariants.
pub fn check_invariants() {
    pallet_consortium::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_credit::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_participants::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_provenance::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_marketplace::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_upgrades::Pallet::<Runtime>::do_try_state().unwrap();
}
