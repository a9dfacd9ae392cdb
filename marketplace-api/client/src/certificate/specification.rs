//! A trust anchor from a chain specification, without a node.
//!
//! The specification has to be a *raw* one (`wonbon-node export-chain-spec --raw`): it lists the first block's whole
//! state, from which the genesis hash is computed here, and in which the first validators stand. One that names
//! values of pallets in place of state would need the runtime to run. Every Wonbon runtime keeps its state in
//! layout 1, and none has child tries; a specification with one is refused.

use super::anchor::authorities_of;
use crate::chain::hash_of;
use codec::Encode;
use serde::Deserialize;
use sp_core::Blake2Hasher;
use sp_crypto_hashing::twox_128;
use sp_trie::{LayoutV1, TrieConfiguration};
use std::collections::BTreeMap;
use wonbon_model::unambiguous;
use wonbon_verifier::anchor::{BadAnchor, Format};
use wonbon_verifier::claims::Block;
use wonbon_verifier::TrustAnchor;

/// The largest specification that is read, in bytes.
pub const MAX_SPECIFICATION: u64 = 64 << 20;

/// Why a specification gives no anchor.
#[derive(Debug, thiserror::Error)]
pub enum BadSpecification {
    /// It is too large.
    #[error("it is larger than {} MiB", MAX_SPECIFICATION >> 20)]
    TooLarge,
    /// It is no JSON, or lacks what every specification has.
    #[error("it is not a chain specification: {0}")]
    Json(#[from] serde_json::Error),
    /// It has no state.
    #[error("it is not a raw one: it has no state, from which the genesis hash follows")]
    NotRaw,
    /// A key or a value is no hexadecimal number.
    #[error("\"{0}\" is not hexadecimal")]
    Hex(String),
    /// It has something that no Wonbon chain begins with.
    #[error("it has child tries, which no Wonbon chain has")]
    ChildTries,
    /// It names no validators.
    #[error("it names no validators (Grandpa.Authorities)")]
    NoAuthorities,
    /// Its validators cannot be any.
    #[error(transparent)]
    Anchor(#[from] BadAnchor),
}

#[derive(Deserialize)]
struct Specification {
    name: String,
    genesis: Genesis,
}

#[derive(Deserialize)]
struct Genesis {
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    top: BTreeMap<String, String>,
    #[serde(default)]
    children_default: BTreeMap<String, serde_json::Value>,
}

/// The anchor of the first block of the chain that a raw specification describes.
pub fn anchor_from_specification(json: &[u8]) -> Result<TrustAnchor, BadSpecification> {
    if json.len() as u64 > MAX_SPECIFICATION {
        return Err(BadSpecification::TooLarge);
    }
    let Specification { name, genesis } = unambiguous::from_slice(json)?;
    let raw = genesis.raw.ok_or(BadSpecification::NotRaw)?;
    if !raw.children_default.is_empty() {
        return Err(BadSpecification::ChildTries);
    }
    let state = raw
        .top
        .iter()
        .map(|(key, value)| Ok((bytes(key)?, bytes(value)?)))
        .collect::<Result<BTreeMap<_, _>, BadSpecification>>()?;
    let authorities = state
        .get(&[twox_128(b"Grandpa"), twox_128(b"Authorities")].concat())
        .and_then(|encoded| authorities_of(encoded))
        .ok_or(BadSpecification::NoAuthorities)?;
    let genesis = hash_of(&first_header(&state)).into();
    let name: String = name.chars().filter(|character| !character.is_control()).take(64).collect();
    let anchor = TrustAnchor {
        format: Format::V1,
        genesis,
        block: Block { number: 0, hash: genesis },
        set_id: 0,
        authorities,
        time: None,
        note: Some(format!("From the chain specification \"{name}\".")),
    };
    anchor.validate()?;
    Ok(anchor)
}

/// The first header of a chain with this state: no parent, no extrinsics, no digest.
fn first_header(state: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    type Layout = LayoutV1<Blake2Hasher>;
    let state_root = Layout::trie_root(state);
    let extrinsics_root = Layout::trie_root(Vec::<(Vec<u8>, Vec<u8>)>::new());
    ([0_u8; 32], codec::Compact(0_u32), state_root.0, extrinsics_root.0, Vec::<u8>::new()).encode()
}

fn bytes(text: &str) -> Result<Vec<u8>, BadSpecification> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).map_err(|_| BadSpecification::Hex(text.chars().take(80).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn specification(top: serde_json::Value) -> Vec<u8> {
        json!({
            "name": "Wonbon\u{7} Test", "id": "test", "chainType": "Local", "bootNodes": [],
            "genesis": { "raw": { "top": top, "childrenDefault": {} } },
        })
        .to_string()
        .into_bytes()
    }

    fn authorities(list: &[([u8; 32], u64)]) -> (String, String) {
        let key = [twox_128(b"Grandpa"), twox_128(b"Authorities")].concat();
        (format!("0x{}", hex::encode(key)), format!("0x{}", hex::encode(list.encode())))
    }

    #[test]
    fn the_first_validators_are_read_and_every_byte_of_the_state_counts() {
        let (key, value) = authorities(&[([1; 32], 1), ([2; 32], 1)]);
        let one = anchor_from_specification(&specification(json!({ &key: &value, "0x3a": "0x01" }))).unwrap();
        assert_eq!((one.block.number, one.set_id, one.authorities.len()), (0, 0, 2));
        assert_eq!(one.block.hash, one.genesis);
        assert_eq!(one.note.as_deref(), Some("From the chain specification \"Wonbon Test\"."));
        let other =
            anchor_from_specification(&specification(json!({ &key: &value, "0x3a": "0x02" }))).unwrap();
        assert_ne!(one.genesis, other.genesis);
    }

    #[test]
    fn the_genesis_hash_is_that_of_a_chain_with_no_state() {
        // The header of an empty chain, made from the well-known root of the empty trie.
        let empty = "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314";
        let header = hex::decode(format!("{}00{empty}{empty}00", "00".repeat(32))).unwrap();
        assert_eq!(first_header(&BTreeMap::new()), header);
    }

    #[test]
    fn a_state_that_says_two_things_is_refused() {
        let (key, value) = authorities(&[([1; 32], 1)]);
        let (_, other) = authorities(&[([2; 32], 1)]);
        let one = String::from_utf8(specification(json!({ &key: &value }))).unwrap();
        anchor_from_specification(one.as_bytes()).unwrap();
        let member = format!("\"{key}\":\"{value}\"");
        let two = one.replace(&member, &format!("\"{key}\":\"{other}\",{member}"));
        assert_ne!(one, two);
        let refused = anchor_from_specification(two.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains("duplicate field"), "{refused}");
    }

    #[test]
    fn what_is_no_raw_specification_is_refused() {
        let refused = |json: &[u8]| anchor_from_specification(json).unwrap_err();
        assert!(matches!(refused(b"{"), BadSpecification::Json(_)));
        assert!(matches!(
            refused(br#"{"name":"x","genesis":{"runtimeGenesis":{}}}"#),
            BadSpecification::NotRaw
        ));
        assert!(matches!(refused(&specification(json!({ "0x0g": "0x" }))), BadSpecification::Hex(_)));
        assert!(matches!(refused(&specification(json!({ "0x00": "0x" }))), BadSpecification::NoAuthorities));
        for bad in [vec![], vec![([1; 32], 0)], vec![([1; 32], 1), ([1; 32], 1)]] {
            let (key, value) = authorities(&bad);
            let refused = refused(&specification(json!({ key: value })));
            assert!(matches!(refused, BadSpecification::Anchor(_)), "{refused}");
        }
    }
}
