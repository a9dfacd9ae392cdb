//! What validators signed for two blocks at one height: kept, because it convicts them.

use super::trust::{Candidate, Trust};
use super::unwritable;
use crate::chain::{hash_of, ChainError, Unproved};
use crate::ports::Records;
use serde_json::json;
use wonbon_model::BlockNumber;
use wonbon_primitives::id::to_hex;

/// Writes both down beside the anchors, once; answers the error that names the place.
pub(super) async fn keep_both(
    records: &dyn Records,
    trust: &Trust,
    height: BlockNumber,
    second: &Candidate,
) -> Result<Unproved, ChainError> {
    let name = format!("two-finalized-{height}-{}", to_hex(&hash_of(&second.header)));
    let block = |candidate: &Candidate| {
        json!({
            "hash": to_hex(&hash_of(&candidate.header)),
            "header": hex::encode(&candidate.header),
            "justification": hex::encode(&candidate.justification),
        })
    };
    let blocks: Vec<_> = trust.seen_at(height).into_iter().chain([second]).map(block).collect();
    let evidence = json!({ "height": height, "anchor": trust.anchor(), "blocks": blocks });
    let text = serde_json::to_vec_pretty(&evidence)
        .map_err(|error| ChainError::Unproved(Unproved::Home(error.to_string())))?;
    records.create(&name, &text).await.map_err(unwritable)?;
    Ok(Unproved::TwoFinalized { height, place: records.place(&name) })
}
