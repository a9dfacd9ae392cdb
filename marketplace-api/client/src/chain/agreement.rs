//! What several nodes say alike, where a single one's word is not enough and nothing proves it yet.

use super::finality::FinalizedState;
use super::{Chain, Result, Unproved};
use futures::future::join_all;
use subxt::config::substrate::SubstrateConfig;
use subxt::config::RpcConfigFor;
use subxt::rpcs::methods::LegacyRpcMethods;
use subxt::rpcs::RpcClient;
use wonbon_model::{BlockNumber, BlockRef, Digest};

impl Chain {
    /// A finalized state with the values of these keys, whose block at least two of the configured nodes call final; `None`
    /// if no two answer. An error if any that answers has another block there.
    pub(crate) async fn agreed_state(&self, keys: &[Vec<u8>]) -> Result<Option<FinalizedState>> {
        let nodes = self.inner.nodes.one_by_one();
        let answers = join_all(nodes.iter().map(|node| Self::finalized_state_of(node, keys))).await;
        let mut shown = Vec::new();
        for (node, answer) in nodes.iter().zip(answers) {
            let Ok(Some(state)) = answer else { continue };
            shown.push((node, state.block()?, state));
        }
        // The lowest: every other node has finalized so much as well.
        shown.sort_by_key(|(_, block, _)| block.height);
        let mut shown = shown.into_iter();
        let Some((_, block, state)) = shown.next() else { return Ok(None) };
        let others = shown.map(|(node, theirs, _)| async move {
            match theirs.height == block.height {
                true => Some(theirs.hash),
                false => hash_at(node, block.height).await,
            }
        });
        let others = join_all(others).await;
        Ok(agree(block, &others)?.then_some(state))
    }
}

/// Whether another node has this block too; an error if one has another block of this height.
fn agree(block: BlockRef, others: &[Option<Digest>]) -> Result<bool, Unproved> {
    let mut answers = others.iter().flatten();
    if answers.clone().any(|hash| *hash != block.hash) {
        return Err(Unproved::NodesDisagree { height: block.height });
    }
    Ok(answers.next().is_some())
}

async fn hash_at(node: &RpcClient, height: BlockNumber) -> Option<Digest> {
    let methods = LegacyRpcMethods::<RpcConfigFor<SubstrateConfig>>::new(node.clone());
    let hash = methods.chain_get_block_hash(Some(height.into())).await;
    hash.ok().flatten().map(|hash| hash.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nodes_agree_on_a_block_or_nothing_is_taken() {
        let block = BlockRef { height: 7, hash: [1; 32] };
        assert_eq!(agree(block, &[]), Ok(false), "one alone");
        assert_eq!(agree(block, &[None]), Ok(false), "the other is silent");
        assert_eq!(agree(block, &[None, Some([1; 32])]), Ok(true));
        let differ = Err(Unproved::NodesDisagree { height: 7 });
        assert_eq!(agree(block, &[Some([2; 32])]), differ);
        assert_eq!(agree(block, &[Some([1; 32]), Some([2; 32])]), differ, "two of three are not enough");
    }
}
