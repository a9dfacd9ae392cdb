//! Word of an order, as a node gives it: when to look again, and never what became of it.

use super::storage_key::key;
use super::{Chain, Result};
use codec::DecodeAll;
use std::time::Duration;
use subxt::config::substrate::H256;
use subxt::rpcs::methods::legacy::{Bytes, StorageChangeSet};
use subxt::rpcs::rpc_params;
use tokio::time::{timeout, Instant};
use wonbon_model::{BlockNumber, Order, OrderId, OrderState};

impl Chain {
    /// Returns when the node calls a block final in which an open order was delivered or ended, or after so long; `seen` is
    /// the finalized height at which it was looked at last. A node that says nothing delays, and that is all.
    pub async fn order_changed(&self, order: OrderId, seen: BlockNumber, most: Duration) -> Result<()> {
        let until = Instant::now() + most;
        let entry = self.inner.compiled.storage_key(("Marketplace", "Orders"), vec![key(order)])?;
        // Followed from now on, so that what became final meanwhile is known.
        let heads = self.heads();
        let changed = timeout(most, self.changed_at(entry)).await.ok().flatten();
        let before = changed.map_or(seen, |at| seen.max(at.saturating_sub(1)));
        heads.above(before, until.saturating_duration_since(Instant::now())).await;
        Ok(())
    }

    /// The block in which the order was delivered, as the node says; `None` if that is not known.
    async fn changed_at(&self, entry: Vec<u8>) -> Option<BlockNumber> {
        let subscribed = self.inner.requests.subscribe::<StorageChangeSet<H256>>(
            "state_subscribeStorage",
            rpc_params![[Bytes(entry)]],
            "state_unsubscribeStorage",
        );
        let mut notices = subscribed.await.ok()?;
        while let Some(Ok(notice)) = notices.next().await {
            for (_, value) in notice.changes {
                // It ended: in which block, does not stand here.
                let record = Order::decode_all(&mut &value?.0[..]).ok()?;
                if let OrderState::Delivered { at, .. } = record.state {
                    return Some(at);
                }
            }
        }
        None
    }
}
