//! The state of a block as bytes: storage values, proofs of them, and what the runtime answers.
//!
//! Nothing here is believed because a node says so: whoever uses it checks the proofs (see [`crate::certificate`]).
//! Requests are split, so that no answer outgrows what a node sends or a client takes.

use super::{view, Chain, ChainError, Result};
use std::collections::BTreeMap;
use subxt::config::substrate::H256;
use subxt::rpcs::methods::legacy::Bytes;
use subxt::rpcs::rpc_params;
use wonbon_model::BlockRef;

/// Most keys of one request for values or for a proof.
const MAX_KEYS_PER_REQUEST: usize = 512;

impl Chain {
    /// The values of storage keys at a block; absent ones are `None`. In the order of the keys.
    pub async fn values(&self, keys: &[Vec<u8>], at: BlockRef) -> Result<Vec<Option<Vec<u8>>>> {
        let mut found = BTreeMap::new();
        for some in keys.chunks(MAX_KEYS_PER_REQUEST) {
            let sets = self
                .retried_at(at, || {
                    let keys = some.iter().map(Vec::as_slice);
                    self.inner.rpc.state_query_storage_at(keys, Some(H256(at.hash)))
                })
                .await?;
            for (key, value) in sets.into_iter().flat_map(|set| set.changes) {
                found.insert(key.0, value.map(|value| value.0));
            }
        }
        keys.iter()
            .map(|key| {
                let value = found.get(key).cloned();
                value.ok_or_else(|| ChainError::undecodable("storage", "the node left a key out"))
            })
            .collect()
    }

    /// The nodes of a storage proof of these keys at a block.
    pub async fn read_proof(&self, keys: &[Vec<u8>], at: BlockRef) -> Result<Vec<Vec<u8>>> {
        let mut nodes = Vec::new();
        for some in keys.chunks(MAX_KEYS_PER_REQUEST) {
            let proof = self
                .retried_at(at, || {
                    let keys = some.iter().map(Vec::as_slice);
                    self.inner.rpc.state_get_read_proof(keys, Some(H256(at.hash)))
                })
                .await?;
            nodes.extend(proof.proof.into_iter().map(|node| node.0));
        }
        nodes.sort();
        nodes.dedup();
        Ok(nodes)
    }

    /// The storage keys that begin with this, as the node lists them.
    pub(super) async fn keys_below(&self, prefix: &[u8], at: BlockRef) -> Result<Vec<Vec<u8>>> {
        let mut found: Vec<Vec<u8>> = Vec::new();
        loop {
            let (page, last) = (MAX_KEYS_PER_REQUEST as u32, found.last());
            let rpc = &self.inner.rpc;
            let keys = self
                .retried_at(at, || {
                    rpc.state_get_keys_paged(prefix, page, last.map(Vec::as_slice), Some(H256(at.hash)))
                })
                .await?;
            let all = keys.len() < MAX_KEYS_PER_REQUEST;
            // In order, so that a list that goes round in circles ends.
            if keys.iter().any(|key| !key.starts_with(prefix) || last.is_some_and(|last| key <= last)) {
                return Err(ChainError::undecodable("a list of keys", "it is not in order"));
            }
            found.extend(keys);
            if all {
                return Ok(found);
            }
        }
    }

    /// What a function of the runtime answers at a block.
    pub async fn runtime_call(&self, function: &str, arguments: &[u8], at: BlockRef) -> Result<Vec<u8>> {
        let answer: Bytes = self
            .retried_at(at, || async {
                let arguments = format!("0x{}", hex::encode(arguments));
                self.inner
                    .requests
                    .request("state_call", rpc_params![function, arguments, H256(at.hash)])
                    .await
            })
            .await?;
        Ok(answer.0)
    }

    /// The same as `retried` for what needs the state of a block.
    async fn retried_at<T, F>(&self, at: BlockRef, request: impl Fn() -> F) -> Result<T>
    where
        F: std::future::Future<Output = Result<T, subxt::rpcs::Error>>,
    {
        self.retried(request).await.map_err(|error| match error {
            ChainError::Node(text) => view::pruned_or_node(at, text),
            other => other,
        })
    }
}
