//! The genesis state of a consortium's own chain, and what no chain among strangers may begin with.
//!
//! Promises: [`Launch`] gives nobody `sudo`, and no money but what council and validators need to pay for their first
//! transactions, which the books count as endowed. [`faults`] names whatever in a state would let somebody in whom
//! nobody chose.

use super::storage_of;
use crate::{
    configs::market, AccountId, Balance, BalancesConfig, BlockNumber, ConsortiumConfig, CouncilConfig,
    MarketplaceConfig, Runtime, RuntimeGenesisConfig, SessionConfig, SessionKeys,
};
use codec::Decode;
use frame_support::build_struct_json_patch;
use pallet_collective::Instance1;
use serde_json::Value;
use sp_core::{crypto::DEV_PHRASE, ecdsa, ed25519, sr25519, Pair};
use sp_runtime::{traits::IdentifyAccount, MultiSigner, Storage};
use std::collections::{BTreeMap, BTreeSet};

/// What a consortium decides before its chain begins.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The first validators and their keys.
    pub validators: Vec<(AccountId, SessionKeys)>,
    /// The council: registrar, issuer of credit, and whoever decides on validators, rules and upgrades.
    pub council: Vec<AccountId>,
    /// Blocks in a session.
    pub session_length: BlockNumber,
    /// Won with which each of them begins: a motion has a fee, also the first one that credits anybody.
    pub fee_money: Balance,
    /// The short windows of a development chain, which no chain among strangers has.
    pub short_windows: bool,
}

impl Launch {
    /// The state, as values of the pallets over their defaults.
    pub fn patch(&self) -> Value {
        let names = self.validators.iter().map(|(account, _)| account).chain(&self.council);
        let paid: BTreeSet<AccountId> = names.cloned().collect();
        let rules = if self.short_windows { market::development_rules() } else { market::rules() };
        build_struct_json_patch!(RuntimeGenesisConfig {
            balances: BalancesConfig {
                balances: paid.into_iter().map(|account| (account, self.fee_money)).collect::<Vec<_>>(),
            },
            consortium: ConsortiumConfig {
                validators: self.validators.iter().map(|(account, _)| account.clone()).collect::<Vec<_>>(),
                session_length: self.session_length,
            },
            session: SessionConfig {
                keys: self
                    .validators
                    .iter()
                    .map(|(account, keys)| (account.clone(), account.clone(), keys.clone()))
                    .collect::<Vec<_>>(),
            },
            council: CouncilConfig { members: self.council.clone() },
            marketplace: MarketplaceConfig { rules: Some(rules) },
        })
    }

    /// The state itself, with the runtime's code.
    pub fn storage(&self, code: &[u8]) -> Result<Storage, String> {
        storage_of(self.patch(), code)
    }
}

/// The development keys that everybody knows, each with the path by which it is known.
#[derive(Debug)]
pub struct WellKnown(BTreeMap<[u8; 32], String>);

impl WellKnown {
    /// Derives them from the development phrase: itself, the names, their stashes, and numbers.
    pub fn derive() -> Self {
        const NAMES: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];
        let names = NAMES.iter().flat_map(|name| [format!("//{name}"), format!("//{name}//stash")]);
        let numbers = (0..16).map(|number| format!("//{number}"));
        let mut known = BTreeMap::new();
        for path in names.chain(numbers).chain([String::new()]) {
            let uri = format!("{DEV_PHRASE}{path}");
            let signers = [
                ed25519::Pair::from_string(&uri, None).map(|pair| MultiSigner::from(pair.public())),
                sr25519::Pair::from_string(&uri, None).map(|pair| MultiSigner::from(pair.public())),
                ecdsa::Pair::from_string(&uri, None).map(|pair| MultiSigner::from(pair.public())),
            ];
            for signer in signers.into_iter().flatten() {
                let shown = if path.is_empty() { "the development phrase" } else { path.as_str() };
                known.insert(signer.into_account().into(), shown.to_owned());
            }
        }
        Self(known)
    }

    /// Whose key this is, or the account of it.
    pub fn name_of(&self, key: impl AsRef<[u8]>) -> Option<&str> {
        self.0.get(key.as_ref()).map(String::as_str)
    }

    fn entries(&self) -> impl Iterator<Item = (AccountId, &str)> {
        self.0.iter().map(|(key, name)| (AccountId::from(*key), name.as_str()))
    }
}

/// What is wrong with a state as the beginning of a chain among strangers, each in words. Nothing, if the list is empty.
pub fn faults(state: &Storage) -> Vec<String> {
    let mut faults = Vec::new();
    if state.top.contains_key(pallet_sudo::Key::<Runtime>::hashed_key().as_slice()) {
        faults.push("an account has sudo, which can do anything".to_owned());
    }
    if state.top.contains_key(pallet_marketplace::GenesisLimits::<Runtime>::hashed_key().as_slice()) {
        faults.push(
            "its genesis takes an exemption from the market's limits: windows are too short".to_owned(),
        );
    }
    let known = WellKnown::derive();
    let mut keys: Vec<(&str, AccountId)> = Vec::new();
    let validators = pallet_consortium::Members::<Runtime>::hashed_key();
    keys.extend(list::<AccountId>(state, &validators).into_iter().map(|account| ("a validator", account)));
    let council = pallet_collective::Members::<Runtime, Instance1>::hashed_key();
    keys.extend(list::<AccountId>(state, &council).into_iter().map(|account| ("a council member", account)));
    let queued = pallet_session::QueuedKeys::<Runtime>::hashed_key();
    for (_, SessionKeys { aura, grandpa }) in list::<(AccountId, SessionKeys)>(state, &queued) {
        keys.push(("a validator's key for blocks", raw(aura.as_ref())));
        keys.push(("a validator's key for votes", raw(grandpa.as_ref())));
    }
    for (what, key) in keys {
        if let Some(name) = known.name_of(&key) {
            faults.push(format!("{what} is {name}, whose secret everybody knows"));
        }
    }
    for (account, name) in known.entries() {
        if state.top.contains_key(&frame_system::Account::<Runtime>::hashed_key_for(account)) {
            faults.push(format!("{name}, whose secret everybody knows, has money"));
        }
    }
    faults
}

/// 32 bytes as an account, for the comparison. A key of another length is nobody's.
fn raw(key: &[u8]) -> AccountId {
    <[u8; 32]>::try_from(key).unwrap_or_default().into()
}

/// A list in the state; nothing, if there is none that can be read.
fn list<Item: Decode>(state: &Storage, key: &[u8]) -> Vec<Item> {
    state.top.get(key).and_then(|value| Vec::decode(&mut value.as_slice()).ok()).unwrap_or_default()
}
