//! Trust anchors as a node gives them.
//!
//! An anchor is as good as the node that it comes from: take it from your own, from a member of the consortium that
//! you trust, or compare it with what others have. An anchor from the operator whose certificates you check
//! proves nothing.

use super::{finalized_at, CertificateError, Result};
use crate::chain::{Chain, ChainError};
use codec::{Decode, DecodeAll};
use wonbon_model::{BlockNumber, BlockRef, Digest};
use wonbon_verifier::anchor::{Authority, Format};
use wonbon_verifier::claims::Block;
use wonbon_verifier::value::{Hex, Time};
use wonbon_verifier::{keys, TrustAnchor};

/// The anchor of the chain's first block: the first set of validators.
pub async fn genesis_anchor(chain: &Chain) -> Result<TrustAnchor> {
    at_block(chain, BlockRef { height: 0, hash: chain.genesis() }).await
}

/// The anchor of a finalized block, the last one if none is given.
pub async fn anchor_at(chain: &Chain, at: Option<BlockNumber>) -> Result<TrustAnchor> {
    let finalized = chain.finalized_block().await?;
    at_block(chain, finalized_at(chain, finalized, at).await?).await
}

/// The anchor of a block, as the node says.
pub(crate) async fn at_block(chain: &Chain, block: BlockRef) -> Result<TrustAnchor> {
    let authorities = chain.runtime_call("GrandpaApi_grandpa_authorities", &[], block).await?;
    let set_id = chain.runtime_call("GrandpaApi_current_set_id", &[], block).await?;
    let now = chain.values(&[keys::now()], block).await?.pop().flatten();
    let time = now.map(|bytes| decode::<u64>("the block's time", &bytes)).transpose()?;
    from_state(chain.genesis(), block, &authorities, decode("the number of the set", &set_id)?, time)
}

/// The anchor of a block in whose state these authorities and this time are.
pub(crate) fn from_state(
    genesis: Digest,
    block: BlockRef,
    authorities: &[u8],
    set_id: u64,
    time: Option<u64>,
) -> Result<TrustAnchor> {
    let anchor = TrustAnchor {
        format: Format::V1,
        genesis: genesis.into(),
        block: Block { number: block.height, hash: block.hash.into() },
        set_id,
        authorities: authorities_of(authorities)
            .ok_or_else(|| ChainError::undecodable("the authorities", "they do not decode"))?,
        // The first block has no time.
        time: time.filter(|time| *time > 0).and_then(Time::from_millis),
        // Not which node: an address may have a password in it, and says nothing to whoever gets the anchor.
        note: Some("As a node said. It is worth what that node is worth to you.".to_owned()),
    };
    anchor.validate().map_err(|error| CertificateError::Authorities(error.to_string()))?;
    Ok(anchor)
}

/// Decodes GRANDPA's list of authorities.
pub(super) fn authorities_of(encoded: &[u8]) -> Option<Vec<Authority>> {
    let list = Vec::<([u8; 32], u64)>::decode_all(&mut &encoded[..]).ok()?;
    Some(list.into_iter().map(|(key, weight)| Authority { key: Hex(key), weight }).collect())
}

fn decode<T: Decode>(what: &str, bytes: &[u8]) -> Result<T, ChainError> {
    T::decode_all(&mut &bytes[..]).map_err(|error| ChainError::undecodable(what, error))
}
