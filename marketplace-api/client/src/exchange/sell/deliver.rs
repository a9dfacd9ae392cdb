//! The seller's long-running side: delivers the key of every own order, once it is in a finalized block.
//!
//! What it promises:
//!
//! - Only orders in finalized blocks are delivered: in a block that is given up the key would be public to the
//!   buyer with no order behind it.
//! - Nothing is delivered while finality is behind, nor when fewer than 4 × validators + 30 blocks are left: a
//!   key in the pool can be seen, and held back until the delivery is too late and the buyer has both.
//! - It keeps no state of its own. What is to be delivered stands on the chain, the keys in the sealing store;
//!   it can be killed at any time. A key is delivered once, because the chain takes only one delivery; if its
//!   block is given up, it is delivered again.
//! - What cannot be delivered is said, by event, and does not stop the rest.
//! - A chain that began anew (a development chain, a node restored from a backup) is noticed by the block seen
//!   last, which it does not have: everything is looked up again.

use crate::chain::{Call, ChainError, Until};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{Event, ExchangeError, Head, Market, NotDelivered, Observer, SealingStore};
use crate::keys::Keypair;
use crate::ports::Clock;
use futures::StreamExt;
use rand_core::OsRng;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;
use wonbon_model::{AccountId, BlockNumber, Digest, Order, OrderId, OrderState};
use wonbon_primitives::delivery;

/// Blocks that finality may be behind.
const MAX_FINALITY_LAG: BlockNumber = 8;
/// The pause after the chain was lost, and the first after another failure; that one doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Deliveries that are under way at a time.
const MAX_DELIVERIES_AT_ONCE: usize = 16;

/// Blocks that must be left for a delivery to be safe.
pub fn blocks_needed(validators: u32) -> BlockNumber {
    validators.saturating_mul(4).saturating_add(30)
}

/// Delivers the keys of one seller.
pub struct Deliverer<'a> {
    /// Where state is read and calls are submitted.
    pub market: &'a dyn Market,
    /// Where content keys are.
    pub store: &'a SealingStore<'a>,
    /// Who signs: the seller, or a delegate who may deliver for them.
    pub signer: &'a Keypair,
    /// The company that sells.
    pub seller: AccountId,
    /// How time passes.
    pub clock: &'a dyn Clock,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
}

/// An order that waits, and what was said about it.
struct Waiting {
    order: Order,
    seen: bool,
    keyless: bool,
    /// What failed last: said once.
    failure: Option<String>,
}

/// What becomes of an order after a round.
enum Next {
    Forget,
    Wait,
    WaitForKey,
}

/// What a run remembers.
#[derive(Default)]
struct State {
    waiting: BTreeMap<OrderId, Waiting>,
    /// The finalized block up to which orders were looked for, by height and hash.
    seen: Option<(BlockNumber, Digest)>,
    behind: bool,
}

impl State {
    fn add(&mut self, orders: impl IntoIterator<Item = (OrderId, Order)>) {
        for (id, order) in orders {
            self.waiting.entry(id).or_insert(Waiting { order, seen: false, keyless: false, failure: None });
        }
    }
}

impl Deliverer<'_> {
    /// Delivers for ever: who stops delivering loses the bond. Ends only on another chain; drop the future to stop
    /// it.
    pub async fn run(&self) -> Result<Infallible, ExchangeError> {
        let lost = AtomicBool::new(false);
        tokio::select! {
            end = self.work(&lost) => end,
            never = self.watch(&lost) => match never {},
        }
    }

    async fn work(&self, lost: &AtomicBool) -> Result<Infallible, ExchangeError> {
        let mut state = State::default();
        let mut pause = FIRST_PAUSE;
        loop {
            let followed = self.follow(&mut state).await;
            if followed.is_ok() {
                pause = FIRST_PAUSE;
            }
            match followed {
                Ok(()) if lost.swap(false, Ordering::Relaxed) => {
                    self.observer.event(Event::Watching { waiting: state.waiting.len() });
                }
                Ok(()) => {}
                // Too long asleep to read the blocks in between: look at what waits now instead.
                Err(ExchangeError::Chain(ChainError::StatePruned(_))) => state.seen = None,
                Err(ExchangeError::Chain(
                    error @ (ChainError::Node(_)
                    | ChainError::NoSuchBlock(_)
                    | ChainError::Unreachable { .. }),
                )) => {
                    self.lose(lost, error.to_string());
                    self.clock.sleep(FIRST_PAUSE).await;
                }
                Err(error @ ExchangeError::Chain(ChainError::OtherChain { .. })) => return Err(error),
                Err(error) => {
                    self.observer.event(Event::DeliveringFailed { reason: error.to_string(), pause });
                    self.clock.sleep(pause).await;
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    // A block that cannot be read must not hide the orders of later ones.
                    state.seen = None;
                }
            }
        }
    }

    /// Says that the chain does not answer: whoever waits for it within a patient connection cannot.
    async fn watch(&self, lost: &AtomicBool) -> Infallible {
        loop {
            self.clock.sleep(BLOCK_WAIT).await;
            match self.clock.within(BLOCK_WAIT, self.market.lag()).await {
                Some(Ok(_)) => {}
                Some(Err(error)) => self.lose(lost, error.to_string()),
                None => self.lose(lost, format!("no answer in {} s", BLOCK_WAIT.as_secs())),
            }
        }
    }

    fn lose(&self, lost: &AtomicBool, reason: String) {
        if !lost.swap(true, Ordering::Relaxed) {
            self.observer.event(Event::ChainLost { reason });
        }
    }

    /// Delivers until nothing waits that could be delivered, and that is final.
    pub async fn run_once(&self) -> Result<(), ExchangeError> {
        let mut state = State::default();
        self.follow(&mut state).await?;
        while state.waiting.values().any(|waiting| !waiting.keyless) {
            self.follow(&mut state).await?;
        }
        Ok(())
    }

    async fn follow(&self, state: &mut State) -> Result<(), ExchangeError> {
        if let Some((height, hash)) = state.seen {
            if self.market.hash_at(height).await? != Some(hash) {
                // Another history, or a node that is behind: what waits may be other orders of the same numbers.
                *state = State { behind: state.behind, ..State::default() };
            }
        }
        match state.seen {
            None => {
                // What was placed before this point is in the list, what is placed later in its blocks.
                let height = self.market.lag().await?.finalized;
                let hash = self.hash_at(height).await?;
                let orders = self.market.orders(Head::Finalized).await?;
                state.add(orders.into_iter().filter(|(_, order)| self.is_ours(order)));
                state.seen = Some((height, hash));
                self.observer.event(Event::Watching { waiting: state.waiting.len() });
            }
            Some((seen, _)) => {
                let height = self.market.finalized_above(seen, BLOCK_WAIT).await?;
                for block in seen.saturating_add(1)..=height {
                    let placed = self.market.placed_in(block).await?;
                    state.add(placed.into_iter().filter(|(_, order)| self.is_ours(order)));
                    state.seen = Some((block, self.hash_at(block).await?));
                }
            }
        }
        self.round(state).await
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Digest, ChainError> {
        let hash = self.market.hash_at(height).await?;
        hash.ok_or_else(|| ChainError::NoSuchBlock(height.to_string()))
    }

    fn is_ours(&self, order: &Order) -> bool {
        order.terms.seller == self.seller && order.state == OrderState::Placed
    }

    async fn round(&self, state: &mut State) -> Result<(), ExchangeError> {
        let lag = self.market.lag().await?;
        let behind = lag.blocks() > MAX_FINALITY_LAG;
        if behind != state.behind {
            state.behind = behind;
            self.observer.event(match behind {
                true => Event::FinalityBehind { blocks: lag.blocks() },
                false => Event::FinalityBack,
            });
        }
        if behind || state.waiting.is_empty() {
            return Ok(());
        }
        let needed = blocks_needed(self.market.validators().await?);
        let steps: Vec<(OrderId, Result<Next, ExchangeError>)> = futures::stream::iter(
            state
                .waiting
                .iter_mut()
                .map(|(id, waiting)| async move { (*id, self.step(*id, waiting, lag.best, needed).await) }),
        )
        .buffer_unordered(MAX_DELIVERIES_AT_ONCE)
        .collect()
        .await;
        let mut failure = None;
        for (id, next) in steps {
            match next {
                Ok(Next::Forget) => drop(state.waiting.remove(&id)),
                Ok(Next::Wait) => {}
                Ok(Next::WaitForKey) => {
                    if let Some(waiting) = state.waiting.get_mut(&id) {
                        waiting.keyless = true;
                    }
                }
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    async fn step(
        &self,
        order: OrderId,
        waiting: &mut Waiting,
        best: BlockNumber,
        needed: BlockNumber,
    ) -> Result<Next, ExchangeError> {
        let record = &waiting.order;
        if !waiting.seen {
            let (offer, deliver_by) = (record.offer, record.deliver_by);
            self.observer.event(Event::OrderSeen { order, offer, deliver_by });
            waiting.seen = true;
        }
        match self.market.order(order, Head::Best).await? {
            Some(now) if now.state == OrderState::Placed => {}
            // Delivered, here or by another process of the seller; or over. Final or not, that is the question.
            _ => return self.settled(order).await,
        }
        let refuse = |reason| {
            self.observer.event(Event::NotDelivered { order, reason });
            Ok(Next::Forget)
        };
        let left = record.deliver_by.saturating_sub(best);
        if left < needed {
            return refuse(NotDelivered::TooLate { left, needed });
        }
        let key = match self.store.key(&record.terms.key_commitment).await {
            Ok(Some(key)) => key,
            Ok(None) => {
                if !waiting.keyless {
                    self.observer.event(Event::NotDelivered { order, reason: NotDelivered::NoKey });
                }
                return Ok(Next::WaitForKey);
            }
            // A file that cannot be read; the other orders' can.
            Err(error) => {
                self.fail(order, &mut waiting.failure, error.to_string());
                return Ok(Next::WaitForKey);
            }
        };
        let genesis = self.market.genesis();
        let delivery = match delivery::deliver(&genesis, order, &record.order_key, &key, &mut OsRng) {
            Ok(delivery) => delivery,
            Err(error) => return refuse(NotDelivered::Refused(error.to_string())),
        };
        let mut call = Call::deliver(order, delivery);
        if self.signer.account() != self.seller {
            call = Call::proxied(self.seller, call);
        }
        // Not until it is final: if finality stops now, that is to be said, and other orders wait.
        match self.market.submit(self.signer, &call, Until::Best).await {
            Ok(_) => Ok(Next::Wait),
            Err(error) if error.is_refused("Marketplace", "AlreadyDelivered") => Ok(Next::Wait),
            Err(error @ ChainError::Refused { .. }) => refuse(NotDelivered::Refused(error.to_string())),
            Err(error @ (ChainError::Expired { .. } | ChainError::Rejected(_))) => {
                self.fail(order, &mut waiting.failure, error.to_string());
                Ok(Next::Wait)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn fail(&self, order: OrderId, last: &mut Option<String>, reason: String) {
        if last.as_ref() != Some(&reason) {
            *last = Some(reason.clone());
            self.observer.event(Event::DeliveryFailed { order, reason });
        }
    }

    async fn settled(&self, order: OrderId) -> Result<Next, ExchangeError> {
        match self.market.order(order, Head::Finalized).await? {
            Some(record) if record.state == OrderState::Placed => Ok(Next::Wait),
            Some(_) => {
                self.observer.event(Event::Delivered { order });
                Ok(Next::Forget)
            }
            None => {
                if let Some(trade) = self.market.trade_of(order, Head::Finalized).await? {
                    self.observer.event(match trade.delivered_at {
                        Some(_) => Event::Delivered { order },
                        None => Event::Final { order, outcome: trade.outcome },
                    });
                }
                Ok(Next::Forget)
            }
        }
    }
}

#[cfg(test)]
mod tests;
