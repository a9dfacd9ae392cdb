//! Two genesis states for trying: `development`, one validator and `sudo`, and `local_testnet`, four validators and a
//! council of the same four without `sudo`. That of a consortium's own chain is in `launch`.
//!
//! Both use the well-known keys of the development accounts and hold play money: they are for machines that
//! no one else can reach. Accounts are ed25519. A preset is a patch over the defaults of each pallet.

#![warn(missing_docs)]

#[cfg(feature = "std")]
pub mod launch;

use crate::{
    configs::market, AccountId, Balance, BalancesConfig, BlockNumber, ConsortiumConfig, CouncilConfig,
    MarketplaceConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, SudoConfig, MINUTES,
};
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use wonbon_primitives::record::Rules;

/// What each development account owns: a billion won.
pub const ENDOWMENT: Balance = 1_000_000_000;
/// Validators change at the end of a session. The block that ends one carries no ordinary extrinsics, so
/// sessions are long.
const SESSION_LENGTH: BlockNumber = 10 * MINUTES;

/// A development account that validates, and its keys.
fn validator(account: Ed25519Keyring, block_key: Sr25519Keyring) -> (AccountId, SessionKeys) {
    let keys = SessionKeys { aura: block_key.public().into(), grandpa: account.public().into() };
    (account.to_account_id(), keys)
}

/// The state that both presets share.
fn genesis(
    validators: Vec<(AccountId, SessionKeys)>,
    council: Vec<AccountId>,
    sudo: Option<AccountId>,
    rules: Rules<Balance, BlockNumber>,
) -> Value {
    let endowed = [
        Ed25519Keyring::Alice,
        Ed25519Keyring::Bob,
        Ed25519Keyring::Charlie,
        Ed25519Keyring::Dave,
        Ed25519Keyring::Eve,
        Ed25519Keyring::Ferdie,
    ];
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: endowed.iter().map(|account| (account.to_account_id(), ENDOWMENT)).collect::<Vec<_>>(),
        },
        consortium: ConsortiumConfig {
            validators: validators.iter().map(|(account, _)| account.clone()).collect::<Vec<_>>(),
            session_length: SESSION_LENGTH,
        },
        session: SessionConfig {
            keys: validators
                .iter()
                .map(|(account, keys)| (account.clone(), account.clone(), keys.clone()))
                .collect::<Vec<_>>(),
        },
        council: CouncilConfig { members: council },
        sudo: SudoConfig { key: sudo },
        marketplace: MarketplaceConfig { rules: Some(rules) },
    })
}

/// One validator, //Alice, who is also `sudo` and the council.
fn development() -> Value {
    let alice = Ed25519Keyring::Alice.to_account_id();
    genesis(
        vec![validator(Ed25519Keyring::Alice, Sr25519Keyring::Alice)],
        vec![alice.clone()],
        Some(alice),
        market::development_rules(),
    )
}

/// Four validators, //Alice to //Dave, who are also the council: one of them may fail.
fn local() -> Value {
    let validators = vec![
        validator(Ed25519Keyring::Alice, Sr25519Keyring::Alice),
        validator(Ed25519Keyring::Bob, Sr25519Keyring::Bob),
        validator(Ed25519Keyring::Charlie, Sr25519Keyring::Charlie),
        validator(Ed25519Keyring::Dave, Sr25519Keyring::Dave),
    ];
    let council = validators.iter().map(|(account, _)| account.clone()).collect();
    genesis(validators, council, None, market::rules())
}

/// The preset of that name, a patch over the defaults, if there is one.
fn patch(id: &PresetId) -> Option<Value> {
    match id.as_ref() {
        DEV_RUNTIME_PRESET => Some(development()),
        LOCAL_TESTNET_RUNTIME_PRESET => Some(local()),
        _ => None,
    }
}

/// The preset of that name as JSON, if there is one.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    patch(id).map(|patch| serde_json::to_vec(&patch).expect("a JSON value always serialises; qed"))
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}

/// The genesis state of a preset, made by this build of the runtime itself. It is the state that the runtime's
/// wasm makes, without the seconds that compiling it takes; `None` if there is no such preset.
#[cfg(feature = "std")]
pub fn storage(id: &PresetId, code: &[u8]) -> Option<Result<sp_runtime::Storage, alloc::string::String>> {
    patch(id).map(|patch| storage_of(patch, code))
}

/// The state of a patch over the defaults.
#[cfg(feature = "std")]
fn storage_of(patch: Value, code: &[u8]) -> Result<sp_runtime::Storage, alloc::string::String> {
    use alloc::string::ToString;
    use sp_runtime::BuildStorage;

    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|e| e.to_string())?;
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(|e| e.to_string())?;
    let mut storage = config.build_storage()?;
    storage.top.insert(sp_core::storage::well_known_keys::CODE.to_vec(), code.to_vec());
    Ok(storage)
}

/// Puts `patch` over `target`, object by object.
#[cfg(feature = "std")]
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}
