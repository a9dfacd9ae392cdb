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

use crate::chain::{Call, ChainError, Until};
use crate::exchange::{Event, ExchangeError, Head, Market, NotDelivered, Observer, SealingStore};
use crate::keys::Keypair;
use crate::ledger::{AccountId, BlockNumber, Order, OrderId, OrderState};
use futures::StreamExt;
use rand_core::OsRng;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;
use wonbon_primitives::delivery;

/// Blocks that finality may be behind.
const MOST_LAG: BlockNumber = 8;
/// How long to wait for a finalized block before looking whether finality is behind.
const PATIENCE: Duration = Duration::from_secs(6);
/// The pause after the chain was lost, and the first after another failure; that one doubles.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Deliveries that are under way at a time.
const AT_ONCE: usize = 16;

/// Blocks that must be left for a delivery to be safe.
pub fn blocks_needed(validators: u32) -> BlockNumber {
    validators.saturating_mul(4).saturating_add(30)
}

/// Delivers the keys of one seller.
pub struct Deliverer<'a> {
    /// The chain.
    pub market: &'a dyn Market,
    /// The keys.
    pub store: &'a SealingStore,
    /// Who signs: the seller, or a delegate who may deliver for him.
    pub signer: &'a Keypair,
    /// The seller.
    pub seller: AccountId,
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
    /// The finalized height up to which orders were looked for.
    height: Option<BlockNumber>,
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
    /// Delivers for ever: who stops delivering loses his bond. Ends only on another chain; drop the future to stop
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
        let mut pause = PAUSE;
        loop {
            let followed = self.follow(&mut state).await;
            if followed.is_ok() {
                pause = PAUSE;
            }
            match followed {
                Ok(()) if lost.swap(false, Ordering::Relaxed) => {
                    self.observer.event(Event::Watching { waiting: state.waiting.len() });
                }
                Ok(()) => {}
                // Too long asleep to read the blocks in between: look at what waits now instead.
                Err(ExchangeError::Chain(ChainError::StatePruned(_))) => state.height = None,
                Err(ExchangeError::Chain(
                    error @ (ChainError::Node(_)
                    | ChainError::NoSuchBlock(_)
                    | ChainError::Unreachable { .. }),
                )) => {
                    self.lose(lost, error.to_string());
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error @ ExchangeError::Chain(ChainError::OtherChain { .. })) => return Err(error),
                Err(error) => {
                    self.observer.event(Event::DeliveringFailed { reason: error.to_string(), pause });
                    tokio::time::sleep(pause).await;
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    // A block that cannot be read must not hide the orders of later ones.
                    state.height = None;
                }
            }
        }
    }

    /// Says that the chain does not answer: whoever waits for it within a patient connection cannot.
    async fn watch(&self, lost: &AtomicBool) -> Infallible {
        loop {
            tokio::time::sleep(PATIENCE).await;
            match tokio::time::timeout(PATIENCE, self.market.lag()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => self.lose(lost, error.to_string()),
                Err(_) => self.lose(lost, format!("no answer in {} s", PATIENCE.as_secs())),
            }
        }
    }

    fn lose(&self, lost: &AtomicBool, reason: String) {
        if !lost.swap(true, Ordering::Relaxed) {
            self.observer.event(Event::ChainLost { reason });
        }
    }

    /// Delivers what waits now, waits until that is final, and returns.
    pub async fn run_once(&self) -> Result<(), ExchangeError> {
        let mut state = State::default();
        self.follow(&mut state).await?;
        while state.waiting.values().any(|waiting| !waiting.keyless) {
            let height = state.height.unwrap_or_default();
            state.height = Some(self.market.finalized_above(height, PATIENCE).await?);
            self.round(&mut state).await?;
        }
        Ok(())
    }

    async fn follow(&self, state: &mut State) -> Result<(), ExchangeError> {
        match state.height {
            None => {
                // What was placed before this point is in the list, what is placed later in its blocks.
                let height = self.market.lag().await?.finalized;
                let orders = self.market.orders(Head::Finalized).await?;
                state.add(orders.into_iter().filter(|(_, order)| self.is_ours(order)));
                state.height = Some(height);
                self.observer.event(Event::Watching { waiting: state.waiting.len() });
            }
            Some(seen) => {
                let height = self.market.finalized_above(seen, PATIENCE).await?;
                for block in seen.saturating_add(1)..=height {
                    let placed = self.market.placed_in(block).await?;
                    state.add(placed.into_iter().filter(|(_, order)| self.is_ours(order)));
                    state.height = Some(block);
                }
            }
        }
        self.round(state).await
    }

    fn is_ours(&self, order: &Order) -> bool {
        order.terms.seller == self.seller && order.state == OrderState::Placed
    }

    async fn round(&self, state: &mut State) -> Result<(), ExchangeError> {
        let lag = self.market.lag().await?;
        let behind = lag.blocks() > MOST_LAG;
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
        .buffer_unordered(AT_ONCE)
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
        let key = match self.store.key(&record.terms.key_commitment) {
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
mod tests {
    use super::*;
    use crate::exchange::fake::{self, FakeMarket};

    fn deliverer<'a>(
        market: &'a FakeMarket,
        store: &'a SealingStore,
        signer: &'a Keypair,
        events: &fake::Events,
    ) -> Deliverer<'a> {
        Deliverer { market, store, signer, seller: fake::seller().account(), observer: events.observer() }
    }

    #[tokio::test]
    async fn an_order_is_delivered_once_and_its_buyer_can_unwrap_the_key() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        let order = market.place(&key, 100);
        let seller = fake::seller();
        deliverer(&market, &store, &seller, &events).run_once().await.unwrap();
        deliverer(&market, &store, &seller, &events).run_once().await.unwrap();
        assert_eq!(market.submitted(), ["Marketplace.deliver"]);
        assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);
        assert!(market.unwrapped(order) == key);
    }

    #[tokio::test]
    async fn a_delegate_delivers_through_his_proxy() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        let order = market.place(&key, 100);
        let delegate = Keypair::from_secret(&[77; 32]);
        deliverer(&market, &store, &delegate, &events).run_once().await.unwrap();
        assert_eq!(market.submitted(), ["Proxy.proxy"]);
        assert!(market.unwrapped(order) == key);
    }

    #[tokio::test]
    async fn nothing_is_delivered_when_too_few_blocks_are_left() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        let order = market.place(&key, 33);
        let needed = blocks_needed(1);
        assert_eq!(needed, 34);
        deliverer(&market, &store, &fake::seller(), &events).run_once().await.unwrap();
        assert!(market.submitted().is_empty());
        let reason = NotDelivered::TooLate { left: 33, needed };
        assert_eq!(events.count(|event| *event == Event::NotDelivered { order, reason: reason.clone() }), 1);
    }

    #[tokio::test]
    async fn delivery_waits_for_finality_and_says_so() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        market.place(&key, 1000);
        market.stall(20);
        let seller = fake::seller();
        let deliverer = deliverer(&market, &store, &seller, &events);
        let mut state = State::default();
        deliverer.follow(&mut state).await.unwrap();
        deliverer.round(&mut state).await.unwrap();
        assert!(market.submitted().is_empty());
        assert_eq!(events.count(|event| matches!(event, Event::FinalityBehind { .. })), 1);
        market.recover();
        deliverer.round(&mut state).await.unwrap();
        assert_eq!(market.submitted(), ["Marketplace.deliver"]);
        assert_eq!(events.count(|event| *event == Event::FinalityBack), 1);
    }

    #[tokio::test]
    async fn a_missing_key_is_said_once_and_delivered_when_it_is_there() {
        let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, _elsewhere) = fake::sealing(other.path(), &market);
        let store = SealingStore::open(home.path(), &fake::seller()).unwrap();
        let order = market.place(&key, 1000);
        let seller = fake::seller();
        let deliverer = deliverer(&market, &store, &seller, &events);
        let mut state = State::default();
        deliverer.follow(&mut state).await.unwrap();
        deliverer.round(&mut state).await.unwrap();
        let said = Event::NotDelivered { order, reason: NotDelivered::NoKey };
        assert_eq!(events.count(|event| *event == said), 1);
        fake::sealing_of(home.path(), &market, &key);
        deliverer.round(&mut state).await.unwrap();
        assert!(market.unwrapped(order) == key);
    }

    #[tokio::test]
    async fn a_delivery_whose_block_was_given_up_is_made_again() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        let order = market.place(&key, 1000);
        let seller = fake::seller();
        let deliverer = deliverer(&market, &store, &seller, &events);
        let mut state = State::default();
        deliverer.follow(&mut state).await.unwrap();
        market.undo_delivery(order);
        deliverer.round(&mut state).await.unwrap();
        deliverer.round(&mut state).await.unwrap();
        assert_eq!(market.submitted(), ["Marketplace.deliver", "Marketplace.deliver"]);
        assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);
    }

    #[tokio::test]
    async fn an_unexpected_failure_is_said_and_delivering_goes_on() {
        let home = tempfile::tempdir().unwrap();
        let (market, events) = (FakeMarket::new(), fake::Events::default());
        let (key, store) = fake::sealing(home.path(), &market);
        let order = market.place(&key, 1000);
        market.fail_once(ChainError::OtherRuntime(vec!["new".to_owned()]));
        let seller = fake::seller();
        let deliverer = deliverer(&market, &store, &seller, &events);
        let _ = tokio::time::timeout(PAUSE * 2, deliverer.run()).await;
        assert_eq!(events.count(|event| matches!(event, Event::DeliveringFailed { .. })), 1);
        assert_eq!(events.count(|event| *event == Event::Delivered { order }), 1);

        market.fail_once(ChainError::OtherChain { expected: [0; 32], found: [1; 32] });
        assert!(deliverer.run().await.unwrap_err().is_connection());
    }
}
