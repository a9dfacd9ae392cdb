//! An anchor that two configured nodes agree on, where what the home knows is too old.
//!
//! The keys of validators of long ago may be anyone's, and with them another history can be signed. Whoever shows it must
//! have both nodes say so: name nodes of members that have nothing to do with each other.

use super::{anchor_of_state, Candidate, Trust};
use crate::chain::{Chain, ChainError, FinalizedState, Unproved};
use wonbon_verifier::{keys, TrustAnchor};

/// What two nodes show alike, if there are two; it is not below what was proved before.
pub(super) async fn instead_of(old: &Trust, chain: &Chain, now_ms: u64) -> Result<Option<Trust>, ChainError> {
    let validators = chain.validator_keys()?;
    let wanted = [validators.authorities.clone(), validators.set_id.clone(), keys::now()];
    let Some(shown) = chain.agreed_state(&wanted).await? else { return Ok(None) };
    let anchor = anchor_of_state(chain, &validators, &shown)?;
    let agreed = taken(old, anchor, shown, now_ms)?;
    tracing::warn!(
        block = agreed.height(),
        "an anchor that the nodes agree on is taken for one that was too old"
    );
    Ok(Some(agreed))
}

/// Takes an anchor with the state that it is of.
fn taken(old: &Trust, anchor: TrustAnchor, shown: FinalizedState, now_ms: u64) -> Result<Trust, Unproved> {
    let agreed = Trust::begin(anchor)?;
    if agreed.height() < old.height() {
        return Err(Unproved::Past { found: agreed.height(), highest: old.height() });
    }
    agreed.check_age(now_ms)?;
    // Its validators signed it.
    let (header, justification) = (shown.justified.header, shown.justified.justification);
    agreed.check(&Candidate { header, justification }, &[])?;
    Ok(agreed)
}

#[cfg(test)]
mod tests;
