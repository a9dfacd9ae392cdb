//! The market in memory, as the procedures see it.

use super::state::{quoted, rules, State, ANNOUNCEMENT_DELAY, ANNOUNCEMENT_LIFETIME, DEPOSITS, GENESIS};
use super::{buyer, seller};
use crate::chain::{
    AccountBalance, Call, ChainError, DayLimit, Deposits, Included, Lag, MayNotAct, OpenOrders,
    OrderProgress, OrdersSince, PlacedOrder, Prospect, Signed, Until,
};
use crate::exchange::market::{Head, Market};
use crate::keys::{Keypair, Membership};
use async_trait::async_trait;
use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;
use wonbon_model::{
    AccountId, BlockNumber, BlockRef, Dataset, DatasetId, DeriveRight, Digest, Offer, OfferId, Order,
    OrderId, Parent, Participant, RoyaltyShare, Rules, Trade, Upgrade,
};

/// A market in memory with one offer, number 7.
pub(in crate::exchange) struct FakeMarket(Mutex<State>);

impl FakeMarket {
    pub(in crate::exchange) fn new() -> Self {
        Self(Mutex::new(State::new()))
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap())
    }

    /// Puts what was signed under a number into the pool, and what can be in a block into one: numbers are used in order.
    async fn take(&self, key: &Keypair, signed: &Signed) -> Result<(), ChainError> {
        let rejection = self.with(|state| state.rejection.clone());
        if let Some(rejection) = rejection {
            return Err(rejection);
        }
        // A node looks at it before it takes it.
        let membership = self.with(|state| state.membership);
        if key.membership() != membership && key.membership().is_some() {
            return Err(ChainError::MayNotAct { reason: MayNotAct::NotMember });
        }
        self.with(|state| {
            if let Some(call) = state.signed.get(&signed.nonce).cloned() {
                if signed.nonce >= state.used_nonces {
                    state.pool.insert(signed.nonce, call);
                }
            }
        });
        loop {
            let next = self.with(|state| {
                let nonce = state.used_nonces;
                let call = state.pool.remove(&nonce)?;
                state.used_nonces += 1;
                Some((nonce, call))
            });
            let Some((nonce, call)) = next else { return Ok(()) };
            match self.submit(key, &call, Until::Best).await {
                Err(refused @ ChainError::Refused { .. }) => {
                    self.with(|state| state.refusals.insert(nonce, refused));
                }
                other => drop(other?),
            }
        }
    }
}

#[async_trait]
impl Market for FakeMarket {
    fn genesis(&self) -> Digest {
        GENESIS
    }

    async fn lag(&self) -> Result<Lag, ChainError> {
        Ok(self.with(|state| Lag { best: state.best, finalized: state.best - state.behind }))
    }

    async fn validators(&self) -> Result<u32, ChainError> {
        Ok(1)
    }

    async fn participant(&self, account: &AccountId, _: Head) -> Result<Option<Participant>, ChainError> {
        Ok(self.with(|state| state.participants.get(account).cloned()))
    }

    async fn balance(&self, _: &AccountId, _: Head) -> Result<AccountBalance, ChainError> {
        Ok(self.with(|state| AccountBalance { free: state.free, held: 0 }))
    }

    async fn membership(&self, _: &AccountId, _: &AccountId) -> Result<Option<Membership>, ChainError> {
        Ok(self.with(|state| state.membership))
    }

    async fn day_limit(&self, _: &AccountId, _: &AccountId) -> Result<Option<DayLimit>, ChainError> {
        Ok(self.with(|state| state.day_limit))
    }

    async fn deposits(&self) -> Result<Deposits, ChainError> {
        Ok(DEPOSITS)
    }

    async fn rules(&self, _: Head) -> Result<Option<Rules>, ChainError> {
        Ok(Some(rules()))
    }

    async fn dataset(&self, dataset: &DatasetId, _: Head) -> Result<Option<Dataset>, ChainError> {
        Ok(self.with(|state| state.datasets.get(dataset).cloned()))
    }

    async fn parents(&self, dataset: &DatasetId) -> Result<Vec<Parent>, ChainError> {
        Ok(self.with(|state| state.parents.get(dataset).cloned().unwrap_or_default()))
    }

    async fn royalties(&self, dataset: &DatasetId) -> Result<Vec<RoyaltyShare>, ChainError> {
        Ok(self.with(|state| state.carried.get(dataset).cloned().unwrap_or_default()))
    }

    async fn derive_right(
        &self,
        company: &AccountId,
        dataset: &DatasetId,
    ) -> Result<Option<DeriveRight>, ChainError> {
        Ok(self.with(|state| state.rights.get(&(*company, *dataset)).copied()))
    }

    async fn seed(&self, registered_at: BlockNumber, _: Head) -> Result<Option<Digest>, ChainError> {
        Ok(self.with(|state| (state.best - state.behind > registered_at + 5).then_some([6; 32])))
    }

    async fn announced_at(
        &self,
        account: &AccountId,
        commitment: &Digest,
        head: Head,
    ) -> Result<Option<BlockNumber>, ChainError> {
        let found = self.with(|state| {
            let newest = if head == Head::Best { state.best } else { state.best - state.behind };
            state.announced.get(&(*account, *commitment)).copied().filter(|at| *at <= newest)
        });
        Ok(found)
    }

    async fn announcement_delay(&self) -> Result<BlockNumber, ChainError> {
        Ok(ANNOUNCEMENT_DELAY)
    }

    async fn announcement_lifetime(&self) -> Result<BlockNumber, ChainError> {
        Ok(ANNOUNCEMENT_LIFETIME)
    }

    async fn lineage_pending(&self, dataset: &DatasetId, _: Head) -> Result<bool, ChainError> {
        Ok(self.with(|state| state.pending_lineage.contains(dataset)))
    }

    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>, ChainError> {
        Ok(self.with(|state| state.used_keys.get(&(*seller, *commitment)).copied()))
    }

    async fn offer(&self, offer: OfferId, _: Head) -> Result<Option<Offer>, ChainError> {
        Ok(self.with(|state| state.offer.clone()).filter(|_| offer == 7))
    }

    async fn offers_of(&self, _: &AccountId) -> Result<Vec<(OfferId, Offer)>, ChainError> {
        Ok(self.with(|state| state.offer.clone()).map(|offer| (7, offer)).into_iter().collect())
    }

    async fn prospect(&self, offer: OfferId, buyer: &AccountId) -> Result<Prospect, ChainError> {
        let next_order = self.next_order().await?;
        Ok(self.with(|state| {
            let company = |account: &AccountId| state.participants.get(account).cloned();
            let open_orders = state.orders.len() as u32;
            let found =
                state.offer.clone().filter(|_| offer == 7).map(|found| Offer { open_orders, ..found });
            Prospect {
                terms: found.as_ref().map(quoted),
                buyer: company(buyer),
                balance: AccountBalance { free: state.free, held: 0 },
                seller: found.as_ref().and_then(|offer| company(&offer.seller)),
                dataset: found.as_ref().and_then(|offer| state.datasets.get(&offer.dataset).cloned()),
                bought: state.trades.values().filter(|trade| trade.buyer == *buyer).cloned().collect(),
                parents: 0,
                records_fee: 0,
                next_order,
                orders_stopped: state.orders_stopped,
                upgrade: state.upgrade.clone(),
                height: state.best - state.behind,
                offer: found,
            }
        }))
    }

    async fn order(&self, order: OrderId, head: Head) -> Result<Option<Order>, ChainError> {
        Ok(self.with(|state| state.shown(order, head)))
    }

    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>, ChainError> {
        Ok(self.with(|state| state.history.get(&(order, height)).cloned()))
    }

    async fn orders(&self, _: Head) -> Result<Vec<(OrderId, Order)>, ChainError> {
        match self.with(|state| state.failure.take()) {
            Some(failure) => Err(failure),
            None if self.with(|state| state.withholds) => Ok(vec![]),
            None => Ok(self.with(|state| state.orders.clone()).into_iter().collect()),
        }
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>, ChainError> {
        Ok(self.with(|state| (height <= state.best).then(|| state.hash_at(height))))
    }

    async fn orders_between(
        &self,
        numbers: Range<OrderId>,
    ) -> Result<Vec<(OrderId, PlacedOrder)>, ChainError> {
        Ok(self.with(|state| {
            let open = |id| state.orders.get(&id).cloned().map(|order| PlacedOrder::Open(Box::new(order)));
            let ended = |id| state.trades.get(&id).cloned().map(|trade| PlacedOrder::Final(Box::new(trade)));
            numbers.filter_map(|id| Some((id, open(id).or(ended(id))?))).collect()
        }))
    }

    async fn offers_with_keys(
        &self,
        _: &AccountId,
        commitments: &[Digest],
    ) -> Result<Vec<(Digest, OfferId)>, ChainError> {
        let offered = self.with(|state| state.offer.as_ref().map(|offer| offer.key_commitment));
        Ok(offered.filter(|key| commitments.contains(key)).map(|key| (key, 7)).into_iter().collect())
    }

    async fn open_orders(&self, offers: &[OfferId], numbers: &[OrderId]) -> Result<OpenOrders, ChainError> {
        let next = self.next_order().await?;
        Ok(self.with(|state| {
            let known = |id: &OrderId| state.orders.get(id).map(|order| (*id, order.clone()));
            let orders: Vec<_> = numbers.iter().filter_map(known).collect();
            let left = (state.orders.len() + usize::from(state.invents) - orders.len()) as u32;
            let missing = offers.iter().filter(|_| left > 0).map(|offer| (*offer, left)).collect();
            OpenOrders { next, orders, missing }
        }))
    }

    async fn upgrade(&self) -> Result<Option<Upgrade>, ChainError> {
        Ok(self.with(|state| state.upgrade.clone()))
    }

    async fn next_order(&self) -> Result<OrderId, ChainError> {
        Ok(self.with(|state| (state.orders.len() + state.trades.len()) as OrderId))
    }

    async fn nonce(&self, _: &AccountId) -> Result<u64, ChainError> {
        Ok(self.with(|state| state.used_nonces))
    }

    async fn orders_since(
        &self,
        first: OrderId,
        _: &AccountId,
        _: &Digest,
    ) -> Result<OrdersSince, ChainError> {
        let next = self.next_order().await?;
        let orders = self.orders_between(first..next).await?;
        let (height, nonce) = self.with(|state| (state.best - state.behind, state.used_nonces));
        Ok(OrdersSince { height, nonce, orders })
    }

    async fn order_progress(&self, order: OrderId, _: &AccountId) -> Result<OrderProgress, ChainError> {
        Ok(self.with(|state| OrderProgress {
            height: state.best - state.behind,
            nonce: state.used_nonces,
            order: state.orders.get(&order).cloned(),
            offer: state.offer.clone().filter(|_| state.orders.contains_key(&order)),
            trade: state.trades.get(&order).cloned(),
        }))
    }

    async fn order_changed(&self, _: OrderId, seen: BlockNumber, most: Duration) -> Result<(), ChainError> {
        self.finalized_above(seen, most).await.map(drop)
    }

    async fn placed_in(&self, _: BlockNumber) -> Result<Vec<(OrderId, Order)>, ChainError> {
        Ok(vec![])
    }

    async fn trade_of(&self, order: OrderId, _: Head) -> Result<Option<Trade>, ChainError> {
        Ok(self.with(|state| state.trades.get(&order).cloned()))
    }

    async fn finalized_above(&self, _: BlockNumber, _: Duration) -> Result<BlockNumber, ChainError> {
        // Blocks come while somebody waits.
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(self.with(|state| {
            state.best += 1;
            let best = state.best;
            if state.datasets.values().any(|dataset| dataset.is_provisional_at(best)) {
                if let Some(elder) = state.elder.take() {
                    state.displace(elder);
                }
            }
            state.best - state.behind
        }))
    }

    async fn sign(&self, key: &Keypair, call: &Call) -> Result<Signed, ChainError> {
        Ok(self.with(|state| {
            let nonce = state.used_nonces;
            state.signed.insert(nonce, call.clone());
            let (bytes, hash, account) = (Vec::new(), [0; 32], key.signer());
            Signed { bytes, hash, account, nonce, birth: state.best }
        }))
    }

    async fn send(&self, signed: &Signed, until: Until) -> Result<Digest, ChainError> {
        let rejection = self.with(|state| state.rejection.clone());
        if let Some(rejection) = rejection {
            return Err(rejection);
        }
        let call = self.with(|state| {
            let taken = state.numbers_taken > 0;
            state.numbers_taken -= u32::from(taken);
            let fresh = signed.nonce >= state.used_nonces && !taken;
            state.used_nonces = state.used_nonces.max(signed.nonce + 1);
            state.signed.get(&signed.nonce).cloned().filter(|_| fresh)
        });
        match call {
            Some(call) => match self.submit(&buyer(), &call, until).await {
                Ok(included) => Ok(included.block.hash),
                // It is in the block all the same.
                Err(refused @ ChainError::Refused { .. }) => {
                    self.with(|state| state.refusals.insert(signed.nonce, refused));
                    Ok([0; 32])
                }
                Err(error) => Err(error),
            },
            None => Err(ChainError::Expired { until: signed.expires() }),
        }
    }

    async fn dispatch_all(
        &self,
        key: &Keypair,
        calls: &[Call],
    ) -> Result<Vec<Result<Signed, ChainError>>, ChainError> {
        let first = self.with(|state| {
            state.batches.push(calls.len());
            state.used_nonces
        });
        let mut answers = Vec::new();
        for (call, nonce) in calls.iter().zip(first..) {
            let lost = self.with(|state| {
                state.signed.insert(nonce, call.clone());
                std::mem::take(&mut state.loses_next)
            });
            let (bytes, hash, account) = (Vec::new(), [0; 32], key.signer());
            let signed = Signed { bytes, hash, account, nonce, birth: self.with(|state| state.best) };
            let taken = if lost { Ok(()) } else { self.take(key, &signed).await };
            answers.push(taken.map(|()| signed));
        }
        Ok(answers)
    }

    async fn send_again(&self, signed: &Signed) -> Result<(), ChainError> {
        self.with(|state| state.sent_again += 1);
        self.take(&seller(), signed).await
    }

    async fn included(&self, signed: &Signed, hash: Digest) -> Result<Included, ChainError> {
        self.with(|state| match state.refusals.remove(&signed.nonce) {
            Some(refused) => Err(refused),
            None => {
                let block = BlockRef { height: state.best, hash };
                Ok(Included { block, index: 1, hash: signed.hash, fee: 1, events: vec![] })
            }
        })
    }

    async fn submit(&self, key: &Keypair, call: &Call, _: Until) -> Result<Included, ChainError> {
        self.with(|state| {
            state.best += 1;
            if key.membership() != state.membership && key.membership().is_some() {
                return Err(ChainError::MayNotAct { reason: MayNotAct::NotMember });
            }
            state.log.lock().unwrap().push(call.name());
            let events = state.apply(key.account(), call)?;
            if state.lose_answers {
                return Err(ChainError::Node("the connection was lost".to_owned()));
            }
            let block = BlockRef { height: state.best, hash: [0; 32] };
            Ok(Included { block, index: 1, hash: [0; 32], fee: 1, events })
        })
    }
}
