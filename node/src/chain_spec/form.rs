//! The form from which a consortium's own chain is made.
//!
//! It is TOML, written by a person, and everything in it is checked before a specification is made of it: once a chain runs,
//! nothing of its beginning can be mended. What is wrong is said with the field's name.
//!
//! Promise: what [`Form::check`] lets through makes a genesis state, in which every validator has shown that they have their
//! keys, and on a live chain no secret is one that everybody knows.

use sc_network::config::MultiaddrWithPeerId;
use sc_service::ChainType;
use serde::Deserialize;
use sp_core::{
    crypto::{Ss58Codec, DEV_PHRASE},
    ed25519, sr25519, Pair,
};
use sp_runtime::{
    codec::{DecodeAll, Encode},
    traits::OpaqueKeys,
};
use std::collections::BTreeSet;
use wonbon_runtime::{
    genesis::launch::{Launch, WellKnown},
    AccountId, Balance, BlockNumber, SessionKeys, MINUTES,
};

/// Most validators, and most members of the council.
const MAX_MEMBERS: usize = 64;
/// Fewest validators of a live chain: of three none may fail.
const MIN_VALIDATORS: usize = 4;
/// Fewest members of a live chain's council: two thirds of two would be everybody, and of one a single key.
const MIN_COUNCIL: usize = 3;
/// What council members and validators begin with, in won, if the form says nothing: some hundred transactions.
const USUAL_FEE_MONEY: Balance = 10_000;
/// The least and most of it: enough for the first motions, and nothing that one could buy a dataset with in earnest.
const FEE_MONEY: core::ops::RangeInclusive<Balance> = 1_000..=1_000_000;
/// Shortest and longest session in blocks: a change of validators waits for two, and the block that ends one is empty.
const SESSION: core::ops::RangeInclusive<BlockNumber> = 2..=24 * 60 * MINUTES;
/// The usual one: ten minutes.
const USUAL_SESSION: BlockNumber = 10 * MINUTES;
/// Most bytes of the chain's name and of its id.
const MAX_NAME: usize = 64;

/// For whom a chain is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// For strangers.
    #[default]
    Live,
    /// For trying, on machines that no one else can reach.
    Local,
}

/// The form as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Form {
    name: String,
    id: String,
    #[serde(default, rename = "type")]
    kind: Kind,
    #[serde(default)]
    boot_nodes: Vec<String>,
    council: Vec<String>,
    validators: Vec<Validator>,
    session_blocks: Option<BlockNumber>,
    fee_money: Option<u64>,
    #[serde(default)]
    short_windows: bool,
}

/// A validator: an account, and what `author_rotateKeysWithOwner` answered on its node. On a chain for trying, a path such as
/// `//Alice` stands for all of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Validator {
    account: String,
    keys: Option<String>,
    proof: Option<String>,
}

/// What a checked form says.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) chain_type: ChainType,
    pub(crate) boot_nodes: Vec<MultiaddrWithPeerId>,
    pub(crate) launch: Launch,
}

/// What is wrong with a field.
type Result<T> = core::result::Result<T, String>;

/// An error that names its field.
fn wrong<T>(field: &str, why: impl core::fmt::Display) -> Result<T> {
    Err(format!("{field}: {why}"))
}

impl Form {
    /// Reads what is written.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Checks all of it.
    pub(crate) fn check(self) -> Result<Checked> {
        let known = (self.kind == Kind::Live).then(WellKnown::derive);
        check_name(&self.name)?;
        check_id(&self.id)?;
        let boot_nodes = self.boot_nodes.iter().enumerate().map(|(index, address)| {
            address
                .parse::<MultiaddrWithPeerId>()
                .or_else(|error| wrong(&format!("boot-nodes[{index}]"), error))
        });
        let boot_nodes = boot_nodes.collect::<Result<Vec<_>>>()?;

        let council = self
            .council
            .iter()
            .enumerate()
            .map(|(index, text)| account(&format!("council[{index}]"), text, known.as_ref()));
        let council = council.collect::<Result<Vec<_>>>()?;
        let fewest = if self.kind == Kind::Live { MIN_COUNCIL } else { 1 };
        check_members("council", &council, fewest, "no decision may be one person's")?;

        let validators = self
            .validators
            .iter()
            .enumerate()
            .map(|(index, validator)| validator.check(&format!("validators[{index}]"), known.as_ref()));
        let validators = validators.collect::<Result<Vec<_>>>()?;
        let accounts: Vec<AccountId> = validators.iter().map(|(account, _)| account.clone()).collect();
        let fewest = if self.kind == Kind::Live { MIN_VALIDATORS } else { 1 };
        check_members("validators", &accounts, fewest, "with fewer none of them may fail")?;
        check_distinct_keys(&validators)?;

        let session_length = self.session_blocks.unwrap_or(USUAL_SESSION);
        if !SESSION.contains(&session_length) {
            let (least, most) = SESSION.into_inner();
            return wrong("session-blocks", format!("{least} to {most}, not {session_length}"));
        }
        let fee_money = self.fee_money.map_or(USUAL_FEE_MONEY, Balance::from);
        if !FEE_MONEY.contains(&fee_money) {
            let (least, most) = FEE_MONEY.into_inner();
            return wrong("fee-money", format!("{least} to {most} won, not {fee_money}"));
        }
        if self.short_windows && self.kind == Kind::Live {
            return wrong(
                "short-windows",
                "a live chain gives everybody the time that the market's limits do",
            );
        }
        Ok(Checked {
            name: self.name,
            id: self.id,
            chain_type: match self.kind {
                Kind::Live => ChainType::Live,
                Kind::Local => ChainType::Local,
            },
            boot_nodes,
            launch: Launch {
                validators,
                council,
                session_length,
                fee_money,
                short_windows: self.short_windows,
            },
        })
    }
}

impl Validator {
    /// The account and its keys, which it has shown to have.
    fn check(&self, field: &str, known: Option<&WellKnown>) -> Result<(AccountId, SessionKeys)> {
        let account = account(&format!("{field}.account"), &self.account, known)?;
        if self.account.starts_with("//") {
            if self.keys.is_some() || self.proof.is_some() {
                return wrong(field, "an account by its path has the keys of that path");
            }
            let aura = pair::<sr25519::Pair>(&format!("{field}.account"), &self.account)?.public().into();
            let grandpa = pair::<ed25519::Pair>(&format!("{field}.account"), &self.account)?.public().into();
            return Ok((account, SessionKeys { aura, grandpa }));
        }
        let (keys_field, proof_field) = (format!("{field}.keys"), format!("{field}.proof"));
        let keys = bytes(&keys_field, self.keys.as_deref())?;
        let keys = SessionKeys::decode_all(&mut keys.as_slice()).or_else(|_| {
            wrong(&keys_field, format!("two keys of 32 bytes (aura, grandpa), not {} bytes", keys.len()))
        })?;
        let proof = bytes(&proof_field, self.proof.as_deref())?;
        if !keys.ownership_proof_is_valid(&account.encode(), &proof) {
            return wrong(
                &proof_field,
                "it does not show that this account has these keys; both are what author_rotateKeysWithOwner answers",
            );
        }
        for (what, key) in [("aura", keys.aura.encode()), ("grandpa", keys.grandpa.encode())] {
            if let Some(name) = known.and_then(|known| known.name_of(key)) {
                return wrong(
                    &keys_field,
                    format!("the {what} key is that of {name}, which everybody knows"),
                );
            }
        }
        Ok((account, keys))
    }
}

/// A name that a person reads.
fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > MAX_NAME || name.trim() != name || name.chars().any(char::is_control) {
        return wrong("name", format!("1 to {MAX_NAME} bytes of text on one line"));
    }
    Ok(())
}

/// A name for programs, of which the chain's folder is called.
fn check_id(id: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if id.is_empty() || id.len() > MAX_NAME || !id.bytes().all(plain) {
        return wrong("id", format!("1 to {MAX_NAME} small letters, digits and _"));
    }
    if ["wonbon_dev", "wonbon_local"].contains(&id) {
        return wrong("id", format!("{id} is a chain that the program knows by name"));
    }
    Ok(())
}

/// An account in any of its forms; a path of the development phrase on a chain for trying only.
fn account(field: &str, text: &str, known: Option<&WellKnown>) -> Result<AccountId> {
    if text.starts_with("//") {
        if known.is_some() {
            return wrong(field, format!("everybody knows the secret of {text}"));
        }
        return Ok(pair::<ed25519::Pair>(field, text)?.public().into());
    }
    let found = match text.strip_prefix("0x") {
        Some(_) => <[u8; 32]>::try_from(bytes(field, Some(text))?).map(AccountId::from).ok(),
        None => AccountId::from_ss58check(text).ok(),
    };
    let Some(found) = found else {
        return wrong(field, format!("{text:?} is no account (an address, or 0x and 64 digits)"));
    };
    match known.and_then(|known| known.name_of(&found)) {
        Some(name) => wrong(field, format!("{text} is {name}, whose secret everybody knows")),
        None => Ok(found),
    }
}

/// The pair of a path under the development phrase.
fn pair<P: Pair>(field: &str, path: &str) -> Result<P> {
    P::from_string(&format!("{DEV_PHRASE}{path}"), None)
        .or_else(|_| wrong(field, format!("{path:?} is no path of a key")))
}

/// Hexadecimal bytes.
fn bytes(field: &str, text: Option<&str>) -> Result<Vec<u8>> {
    let Some(text) = text else { return wrong(field, "it is missing") };
    let found = text.starts_with("0x").then(|| sp_core::bytes::from_hex(text).ok()).flatten();
    found.map_or_else(|| wrong(field, "hexadecimal digits after 0x"), Ok)
}

/// As many as there may be, and nobody twice.
fn check_members(field: &str, members: &[AccountId], fewest: usize, why: &str) -> Result<()> {
    if !(fewest..=MAX_MEMBERS).contains(&members.len()) {
        let count = members.len();
        return wrong(field, format!("{fewest} to {MAX_MEMBERS} of them, not {count}: {why}"));
    }
    let mut seen = BTreeSet::new();
    for (index, member) in members.iter().enumerate() {
        if !seen.insert(member) {
            return wrong(&format!("{field}[{index}]"), "this account is named before");
        }
    }
    Ok(())
}

/// No key twice: the chain knows a validator by it.
fn check_distinct_keys(validators: &[(AccountId, SessionKeys)]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (index, (_, keys)) in validators.iter().enumerate() {
        for key in [keys.aura.encode(), keys.grandpa.encode()] {
            if !seen.insert(key) {
                return wrong(
                    &format!("validators[{index}].keys"),
                    "another validator has one of these keys",
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
