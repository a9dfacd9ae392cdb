//! What proves the finalized state of a chain, so that no node's word is taken for it.

use super::{Chain, ProvedState, Result};
use async_trait::async_trait;
use std::{fmt, sync::Arc};

/// Checks what a node says about the finalized state before anything rests on it; [`crate::light::Light`] does.
#[async_trait]
pub trait Prover: fmt::Debug + Send + Sync {
    /// The newest finalized state, proved.
    async fn newest(&self, chain: &Chain) -> Result<Arc<ProvedState>>;

    /// How long ago that was, in milliseconds by this machine's clock.
    fn age_ms(&self, state: &ProvedState) -> u64;
}
