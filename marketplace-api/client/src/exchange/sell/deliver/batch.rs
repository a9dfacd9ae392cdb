//! Deliveries that are due, sent many at a time.

use super::{Deliverer, Sent, State};
use crate::chain::Call;
use crate::exchange::Result;
use crate::keys::Keypair;
use wonbon_model::{BlockNumber, OrderId};

/// Most deliveries of one request.
const MAX_DELIVERIES_IN_REQUEST: usize = 64;

impl Deliverer<'_> {
    /// Signs and sends these deliveries. What becomes of each is looked at in a later round.
    pub(super) async fn send_all(
        &self,
        state: &mut State,
        due: Vec<(OrderId, Call)>,
        best: BlockNumber,
    ) -> Result<()> {
        for part in due.chunks(MAX_DELIVERIES_IN_REQUEST) {
            let failed = |id: &OrderId| state.waiting.get(id).is_some_and(|it| it.failure.is_some());
            let renewed = self.renewed_signer(part.iter().any(|(id, _)| failed(id))).await?;
            let calls: Vec<Call> = part.iter().map(|(_, call)| call.clone()).collect();
            let sent = self.market.dispatch_all(renewed.as_ref().unwrap_or(self.signer), &calls).await?;
            for ((id, _), sent) in part.iter().zip(sent) {
                let Some(waiting) = state.waiting.get_mut(id) else { continue };
                waiting.stuck = false;
                match sent {
                    Ok(signed) => waiting.sent = Some(Sent::new(signed, best)),
                    Err(error) => drop(self.try_later(*id, waiting, &error)),
                }
            }
        }
        Ok(())
    }

    /// After a failure the signer as it may act now: whoever was removed and taken on again acts under another membership.
    async fn renewed_signer(&self, failed: bool) -> Result<Option<Keypair>> {
        let Some(before) = self.signer.membership().filter(|_| failed) else { return Ok(None) };
        let now = self.market.membership(&before.company, &self.signer.signer()).await?;
        Ok(now.map(|now| self.signer.clone().acting_by(now)))
    }
}
