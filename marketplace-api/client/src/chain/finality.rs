//! What shows that a block is final: headers, GRANDPA's justifications, and hand-offs from one set of authorities to the
//! next, as bytes.
//!
//! Nothing here is believed because a node says so: whoever uses it checks hashes and signatures (see
//! [`crate::certificate`]).

use super::{Chain, ChainError};
use codec::Encode;
use serde::Deserialize;
use subxt::config::substrate::H256;
use subxt::rpcs::methods::legacy::Bytes;
use subxt::rpcs::rpc_params;
use wonbon_model::{BlockNumber, BlockRef, Digest};

/// How GRANDPA marks what is its own.
const GRANDPA_ENGINE: [u8; 4] = *b"FRNK";
/// How many blocks back a justified block is looked for. Every commit target has a justification, and blocks
/// that are finalized together with a later one have none; while the network is well that is one or two.
const MAX_BLOCKS_BACK: u32 = 256;
/// Most bytes of hand-offs that are fetched: those of some ten thousand changes.
const MAX_HAND_OFF_BYTES: usize = 64 << 20;

/// A header and GRANDPA's justification of it, both in SCALE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Justified {
    /// The header of the block.
    pub header: Vec<u8>,
    /// What the authorities signed of it.
    pub justification: Vec<u8>,
}

/// The hand-offs after a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOffs {
    /// One for each change of the authorities, in order.
    pub list: Vec<Justified>,
    /// Where the authorities were changed by force, if they were: nothing leads across that block.
    pub forced_at: Option<BlockNumber>,
}

#[derive(Deserialize)]
struct HandOffAnswer {
    hand_offs: Vec<HandOff>,
    finished: bool,
    #[serde(default)]
    forced_at: Option<BlockNumber>,
}

#[derive(Deserialize)]
struct HandOff {
    header: Bytes,
    justification: Bytes,
}

impl Chain {
    /// A header in SCALE. It is the one with that hash.
    pub async fn header_bytes(&self, block: BlockRef) -> Result<Vec<u8>, ChainError> {
        let header = self.header(H256(block.hash)).await?.encode();
        if hash_of(&header) == block.hash {
            Ok(header)
        } else {
            Err(ChainError::undecodable(format!("the header of block {block}"), "it has another hash"))
        }
    }

    /// GRANDPA's justification of a block, if the node has one.
    pub async fn justification(&self, block: BlockRef) -> Result<Option<Vec<u8>>, ChainError> {
        let found = self.retried(|| self.inner.rpc.chain_get_block(Some(H256(block.hash)))).await?;
        let found = found.ok_or_else(|| ChainError::NoSuchBlock(block.to_string()))?;
        let all = found.justifications.unwrap_or_default();
        Ok(all.into_iter().find(|(engine, _)| *engine == GRANDPA_ENGINE).map(|(_, bytes)| bytes))
    }

    /// The newest block that has a justification, `newest` itself or one shortly before it.
    pub async fn justified_block(
        &self,
        newest: BlockRef,
    ) -> Result<Option<(BlockRef, Justified)>, ChainError> {
        let mut block = newest;
        for _ in 0..MAX_BLOCKS_BACK {
            if let Some(justification) = self.justification(block).await? {
                let header = self.header_bytes(block).await?;
                return Ok(Some((block, Justified { header, justification })));
            }
            let Some(height) = block.height.checked_sub(1).filter(|height| *height > 0) else { break };
            block = BlockRef { height, hash: self.parent_of(block).await? };
        }
        Ok(None)
    }

    /// The hand-offs after a finalized block.
    pub async fn hand_offs(&self, after: Digest) -> Result<HandOffs, ChainError> {
        let mut found = HandOffs { list: Vec::new(), forced_at: None };
        let (mut from, mut bytes) = (after, 0_usize);
        loop {
            let answer: HandOffAnswer = self
                .retried(|| async {
                    self.inner.requests.request("wonbon_handOffs", rpc_params![H256(from)]).await
                })
                .await?;
            for HandOff { header, justification } in answer.hand_offs {
                bytes = bytes.saturating_add(header.0.len()).saturating_add(justification.0.len());
                found.list.push(Justified { header: header.0, justification: justification.0 });
            }
            if answer.finished || answer.forced_at.is_some() {
                found.forced_at = answer.forced_at;
                return Ok(found);
            }
            let next = found.list.last().map_or(from, |last| hash_of(&last.header));
            if next == from || bytes > MAX_HAND_OFF_BYTES {
                return Err(ChainError::undecodable(
                    "the hand-offs",
                    "the node's list does not come to an end",
                ));
            }
            from = next;
        }
    }
}

/// The hash of a header, which names its block.
pub fn hash_of(header: &[u8]) -> Digest {
    use blake2::digest::{consts::U32, Digest as _};
    blake2::Blake2b::<U32>::digest(header).into()
}
