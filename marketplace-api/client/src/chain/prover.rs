//! What proves the finalized state of a chain, so that no node's word is taken for it.

use super::{Chain, ProvedState, Result};
use async_trait::async_trait;
use std::{fmt, sync::Arc};

/// Checks what a node says about the finalized state before anything rests on it; [`crate::light::Light`] does.
///
/// Whoever wants a state says which keys they will read: if a node is asked for a state, it proves them in the same
/// answer. Nothing is promised about keys of a state that was known before.
#[async_trait]
pub trait Prover: fmt::Debug + Send + Sync {
    /// The newest finalized state, proved.
    async fn newest(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<Arc<ProvedState>>;

    /// What was proved a moment ago; the newest, if that was longer ago. For what the chain checks again: the terms of an
    /// offer, the number of a transaction.
    async fn recent(&self, chain: &Chain, keys: &[Vec<u8>]) -> Result<Arc<ProvedState>>;

    /// How long ago that was, in milliseconds by this machine's clock.
    fn age_ms(&self, state: &ProvedState) -> u64;

    /// Whether everybody has the keys of all validators, as far as states were proved: nothing is protected there.
    async fn protects_nothing(&self) -> bool;
}
