//! What commands that send a transaction share.

use serde::Serialize;
use wonbon_client::chain::Included;
use wonbon_model::Hash;

use crate::exit::{Failure, Result};

/// What `--json` has beside the rest about a transaction that was sent.
#[derive(Debug, Serialize)]
pub(super) struct Sent {
    transaction: Transaction,
}

#[derive(Debug, Serialize)]
struct Transaction {
    block: u32,
    block_hash: Hash,
    index: u32,
    hash: Hash,
    fee: u128,
}

/// Where a transaction is.
pub(super) fn included(done: &Included) -> Sent {
    Sent {
        transaction: Transaction {
            block: done.block.height,
            block_hash: done.block.hash.into(),
            index: done.index,
            hash: done.hash.into(),
            fee: done.fee,
        },
    }
}

/// A reason as the chain takes it.
pub(super) fn reason(text: &str) -> Result<wonbon_model::Reason> {
    if text.trim().is_empty() {
        return Err(Failure::refused("the reason is empty"));
    }
    text.trim().as_bytes().to_vec().try_into().map_err(|_| {
        let limit = wonbon_primitives::bounds::MAX_REASON;
        Failure::refused(format!("the reason is longer than {limit} bytes"))
    })
}
