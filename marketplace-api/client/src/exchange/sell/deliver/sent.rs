//! Deliveries that were sent, until it is known what became of them.

use super::Deliverer;
use crate::chain::{ChainError, Signed, Until};
use crate::exchange::Result;
use wonbon_model::BlockNumber;

/// Blocks after which a delivery that is in none is sent again.
const BLOCKS_BEFORE_RESEND: BlockNumber = 2;
/// Blocks after which it is sent again whatever the node says of its best block.
const BLOCKS_TO_BELIEVE: BlockNumber = 8;

/// A delivery that was sent.
pub(super) struct Sent {
    signed: Signed,
    /// The best height when it was sent last.
    at: BlockNumber,
}

/// What became of one that is not in the proved state.
pub(super) enum Fate {
    /// It can still come.
    OnItsWay(Sent),
    /// It was in a block, and the chain refused it there.
    Refused(ChainError),
    /// It can be in no block any more: another is to be signed.
    Lost,
}

impl Sent {
    pub(super) fn new(signed: Signed, at: BlockNumber) -> Self {
        Self { signed, at }
    }
}

impl Deliverer<'_> {
    /// What became of a delivery; `is_missing` if the best block does not have it, as the node says. One that is missing for
    /// long is sent again as it is: under another number both would be taken, and the second paid for nothing.
    pub(super) async fn fate(&self, mut sent: Sent, best: BlockNumber, is_missing: bool) -> Result<Fate> {
        let signed = &sent.signed;
        if self.market.nonce(&signed.account).await? > signed.nonce || best > signed.expires() {
            return match self.market.send(signed, Until::Finalized).await {
                Ok(block) => match self.market.included(signed, block).await {
                    Ok(_) => Ok(Fate::OnItsWay(sent)),
                    Err(error @ ChainError::Refused { .. }) => Ok(Fate::Refused(error)),
                    Err(error) => Err(error.into()),
                },
                Err(ChainError::Expired { .. } | ChainError::Rejected(_)) => Ok(Fate::Lost),
                Err(error @ ChainError::MayNotAct { .. }) => Ok(Fate::Refused(error)),
                Err(error) => Err(error.into()),
            };
        }
        let blocks = best.saturating_sub(sent.at);
        if blocks >= BLOCKS_TO_BELIEVE || (is_missing && blocks >= BLOCKS_BEFORE_RESEND) {
            match self.market.send_again(signed).await {
                Ok(()) => sent.at = best,
                Err(error @ (ChainError::Rejected(_) | ChainError::MayNotAct { .. })) => {
                    return Ok(Fate::Refused(error))
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Fate::OnItsWay(sent))
    }
}
