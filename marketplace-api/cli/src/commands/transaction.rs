//! What commands that send a transaction share.

use serde_json::{json, Value};
use wonbon_client::chain::Included;
use wonbon_primitives::id::to_hex;

use crate::exit::{Code, Failure};
use crate::output::object::won;

/// Where a transaction is, for `--json`.
pub(super) fn included(done: &Included) -> Value {
    json!({
        "block": done.block.height,
        "block_hash": to_hex(&done.block.hash),
        "index": done.index,
        "hash": to_hex(&done.hash),
        "fee": won(done.fee),
    })
}

/// A reason as the chain takes it.
pub(super) fn reason(text: &str) -> Result<wonbon_model::Reason, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::new(Code::Refused, "the reason is empty"));
    }
    text.trim().as_bytes().to_vec().try_into().map_err(|_| {
        let limit = wonbon_primitives::bounds::MAX_REASON;
        Failure::new(Code::Refused, format!("the reason is longer than {limit} bytes"))
    })
}
