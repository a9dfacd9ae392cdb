//! What shows that a block is final: headers, GRANDPA's justifications, and hand-offs from one set of authorities to the
//! next, as bytes.
//!
//! Nothing here is believed because a node says so: whoever uses it checks hashes and signatures (see
//! [`crate::certificate`]).

use super::{Chain, ChainError, Result, Unproved};
use codec::{Compact, Decode, Encode};
use serde::Deserialize;
use subxt::config::substrate::H256;
use subxt::rpcs::methods::legacy::Bytes;
use subxt::rpcs::{rpc_params, RpcClient};
use wonbon_model::{BlockNumber, BlockRef, Digest};
use wonbon_primitives::id::to_hex;
/// A header and GRANDPA's justification of it, both in SCALE.
pub use wonbon_verifier::HandOff as Justified;

/// How GRANDPA marks what is its own.
const GRANDPA_ENGINE: [u8; 4] = *b"FRNK";
/// How many blocks back a justified block is looked for. Every commit target has a justification, and blocks
/// that are finalized together with a later one have none; while the network is well that is one or two.
const MAX_BLOCKS_BACK: u32 = 256;
/// What a node answers that cannot prove any finalized state.
const NOTHING_PROVABLE: i32 = -32001;
/// Most bytes of hand-offs that are fetched: those of some ten thousand changes.
const MAX_HAND_OFF_BYTES: usize = 64 << 20;

/// The hand-offs after a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOffs {
    /// One for each change of the authorities, in order.
    pub list: Vec<Justified>,
    /// Where the authorities were changed by force, if they were: nothing leads across that block.
    pub forced_at: Option<BlockNumber>,
}

/// A finalized block as a node shows it, and the nodes of the proof of some of its state.
#[derive(Debug, Clone)]
pub(crate) struct FinalizedState {
    pub(crate) justified: Justified,
    pub(crate) proof: Vec<Vec<u8>>,
}

impl FinalizedState {
    /// Height and hash of the block, as its header has them.
    pub(crate) fn block(&self) -> Result<BlockRef> {
        let header = &self.justified.header;
        let height = height_of(header);
        let height = height.ok_or_else(|| ChainError::undecodable("a header", "it states no height"))?;
        Ok(BlockRef { height, hash: hash_of(header) })
    }

    /// The root of its state, as its header has it.
    pub(crate) fn state_root(&self) -> Result<Digest> {
        let root = state_root_of(&self.justified.header);
        root.ok_or_else(|| ChainError::undecodable("a header", "it states no state root"))
    }
}

/// Where a state has the validators that finalize the blocks after it.
#[derive(Debug, Clone)]
pub(crate) struct ValidatorKeys {
    pub(crate) authorities: Vec<u8>,
    pub(crate) set_id: Vec<u8>,
}

#[derive(Deserialize)]
struct FinalizedStateAnswer {
    header: Bytes,
    justification: Bytes,
    proof: Vec<Bytes>,
}

#[derive(Deserialize)]
struct HandOffAnswer {
    hand_offs: Vec<HandOffBytes>,
    finished: bool,
    #[serde(default)]
    forced_at: Option<BlockNumber>,
}

#[derive(Deserialize)]
struct HandOffBytes {
    header: Bytes,
    justification: Bytes,
}

impl Chain {
    /// A block's place, the hash of its parent, its header in SCALE (it is the one with this hash), and GRANDPA's
    /// justification of it, if the node has one.
    async fn signed_block(&self, hash: Digest) -> Result<(BlockRef, Digest, Vec<u8>, Option<Vec<u8>>)> {
        let found = self.retried(|| self.inner.rpc.chain_get_block(Some(H256(hash)))).await?;
        let found = found.ok_or_else(|| ChainError::NoSuchBlock(to_hex(&hash)))?;
        let header = found.block.header;
        let (block, parent) = (BlockRef { height: super::height_of(&header)?, hash }, header.parent_hash.0);
        let header = header.encode();
        if hash_of(&header) != hash {
            let what = format!("the header of block {block}");
            return Err(ChainError::undecodable(what, "it has another hash"));
        }
        let all = found.justifications.unwrap_or_default();
        let grandpas = all.into_iter().find(|(engine, _)| *engine == GRANDPA_ENGINE).map(|(_, bytes)| bytes);
        Ok((block, parent, header, grandpas))
    }

    /// Where GRANDPA keeps who finalizes.
    pub(crate) fn validator_keys(&self) -> Result<ValidatorKeys> {
        let key = |name| self.inner.compiled.storage_key(("Grandpa", name), vec![]);
        Ok(ValidatorKeys { authorities: key("Authorities")?, set_id: key("CurrentSetId")? })
    }

    /// The newest finalized state that the node can prove, with the values of these keys; `None` before there is one.
    pub(crate) async fn finalized_state(&self, keys: &[Vec<u8>]) -> Result<Option<FinalizedState>> {
        Self::finalized_state_of(&self.inner.requests, keys).await
    }

    /// The same of a node that is asked by itself.
    pub(super) async fn finalized_state_of(
        node: &RpcClient,
        keys: &[Vec<u8>],
    ) -> Result<Option<FinalizedState>> {
        let keys: Vec<Bytes> = keys.iter().map(|key| Bytes(key.clone())).collect();
        let asked = || async {
            let asked = node.request("wonbon_finalizedState", rpc_params![&keys]).await;
            match asked {
                Err(subxt::rpcs::Error::User(refusal)) if refusal.code == NOTHING_PROVABLE => Ok(None),
                other => other.map(Some),
            }
        };
        let answer: Option<FinalizedStateAnswer> = super::retried(asked).await?;
        Ok(answer.map(|answer| FinalizedState {
            justified: Justified { header: answer.header.0, justification: answer.justification.0 },
            proof: answer.proof.into_iter().map(|node| node.0).collect(),
        }))
    }

    /// What justifies the block of this hash, or one shortly before it.
    pub async fn justified_head(&self, head: Digest) -> Result<(BlockRef, Justified)> {
        let (mut hash, mut newest) = (head, None);
        for _ in 0..MAX_BLOCKS_BACK {
            let (block, parent, header, found) = self.signed_block(hash).await?;
            if let Some(justification) = found {
                return Ok((block, Justified { header, justification }));
            }
            newest.get_or_insert(block.height);
            if block.height <= 1 {
                break;
            }
            hash = parent;
        }
        Err(Unproved::NotJustified(newest.unwrap_or_default()).into())
    }

    /// The hand-offs after a finalized block.
    pub async fn hand_offs(&self, after: Digest) -> Result<HandOffs> {
        let mut found = HandOffs { list: Vec::new(), forced_at: None };
        let (mut from, mut bytes) = (after, 0_usize);
        loop {
            let answer: HandOffAnswer = self
                .retried(|| async {
                    self.inner.requests.request("wonbon_handOffs", rpc_params![H256(from)]).await
                })
                .await?;
            for HandOffBytes { header, justification } in answer.hand_offs {
                bytes = bytes.saturating_add(header.0.len()).saturating_add(justification.0.len());
                found.list.push(Justified { header: header.0, justification: justification.0 });
            }
            if answer.finished || answer.forced_at.is_some() {
                found.forced_at = answer.forced_at;
                return Ok(found);
            }
            let next = found.list.last().map_or(from, |last| hash_of(&last.header));
            if next == from || bytes > MAX_HAND_OFF_BYTES {
                let endless = "the node's list does not come to an end";
                return Err(ChainError::undecodable("the hand-offs", endless));
            }
            from = next;
        }
    }
}

/// The height that a header states: after the 32 bytes of its parent's hash. `None` if it states none.
pub fn height_of(header: &[u8]) -> Option<BlockNumber> {
    Some(Compact::<BlockNumber>::decode(&mut header.get(32..)?).ok()?.0)
}

/// The state root that a header states: after its parent's hash and its height. `None` if it states none.
fn state_root_of(header: &[u8]) -> Option<Digest> {
    let mut rest = header.get(32..)?;
    Compact::<BlockNumber>::decode(&mut rest).ok()?;
    rest.get(..32)?.try_into().ok()
}

/// BLAKE2b-256, by which the chain names a block (that of its header) and a runtime (that of its code).
pub fn hash_of(bytes: &[u8]) -> Digest {
    use blake2::digest::{consts::U32, Digest as _};
    blake2::Blake2b::<U32>::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn height_and_state_root_of_a_header_are_found_and_nothing_panics() {
        for height in [0_u32, 63, 64, 16_383, 16_384, u32::MAX] {
            let header = ([7_u8; 32], Compact(height), [1_u8; 64]).encode();
            assert_eq!(height_of(&header), Some(height));
            assert_eq!(state_root_of(&header), Some([1; 32]));
        }
        for length in 0..33 {
            assert_eq!(height_of(&vec![0xff; length]), None);
        }
        for length in 0..65 {
            assert_eq!(state_root_of(&vec![0; length]), None);
        }
    }
}
