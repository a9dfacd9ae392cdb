//! A chain in memory, from a genesis preset.

use codec::Encode;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_io::TestExternalities;
use sp_keyring::Ed25519Keyring;
use sp_runtime::{generic::Era, traits::SaturatedConversion, MultiSignature};
use wonbon_runtime::{
    genesis, AccountId, Balance, Runtime, RuntimeCall, System, TransactionPayment, TxExtension,
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

/// The parts of an extrinsic that are signed beside the call.
pub fn extension(nonce: u32) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// What a signed extrinsic with this call costs.
pub fn fee(call: RuntimeCall) -> Balance {
    let who = Ed25519Keyring::Alice;
    let signature = MultiSignature::Ed25519(who.sign(b"any"));
    let address = account(who).into();
    let extrinsic = UncheckedExtrinsic::new_signed(call, address, signature, extension(1_000));
    let length = extrinsic.encode().len().saturated_into();
    TransactionPayment::query_info::<UncheckedExtrinsic>(extrinsic, length).partial_fee
}

/// Checks every pallet's invariants.
pub fn check_invariants() {
    pallet_consortium::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_credit::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_participants::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_provenance::Pallet::<Runtime>::do_try_state().unwrap();
    pallet_marketplace::Pallet::<Runtime>::do_try_state().unwrap();
}
