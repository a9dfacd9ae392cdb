//! The seller's long-running side: delivers the key of every own order, once it is in a finalized block.
//!
//! What it promises:
//!
//! - Only orders in the proved finalized state are delivered, under the order key that stands there: in a block that is
//!   given up, or that a node made up, the key would be public with no order behind it.
//! - No order is withheld from it unnoticed: the chain counts the open orders of each offer, and that is compared.
//! - No key is shown for the first time while finality is behind, nor when fewer than 4 × validators + 30 blocks are
//!   left: a key in the pool can be seen, and held back until the delivery is too late and the buyer has both. Once it
//!   was shown that is past, and it is sent again until the deadline.
//! - What is to be delivered stands on the chain, the keys in the sealing store, and which were shown in the home; it can
//!   be killed at any time. A key is delivered once, because the chain takes only one delivery; if its block is given up,
//!   it is delivered again.
//! - Deliveries go out many at a time, bare, under consecutive numbers of a key that should sign nothing else: what it
//!   signed before would hold them back. One that is in no block after two is sent again as it is, under its number; one that
//!   is refused or stuck delays no other.
//! - What cannot be delivered is said, by event, and does not stop the rest. What can pass is tried again, less and less
//!   often; no order is forgotten before it ended.
//! - A chain that began anew (a development chain, a node restored from a backup) is noticed by the block seen
//!   last, which it does not have: everything is looked up again.

mod batch;
mod sent;

use sent::{Fate, Sent};

use crate::chain::{Call, ChainError, PlacedOrder};
use crate::exchange::market::BLOCK_WAIT;
use crate::exchange::{
    upgrades, Event, ExchangeError, Head, Market, NotDelivered, Observer, Result, SealingStore,
};
use crate::keys::Keypair;
use crate::ports::{Clock, Records};
use futures::StreamExt;
use rand_core::OsRng;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;
use wonbon_model::{AccountId, BlockNumber, Digest, OfferId, Order, OrderId, OrderState, Upgrade};
use wonbon_primitives::delivery;
use wonbon_primitives::id::to_hex;

/// Blocks that finality may be behind.
const MAX_FINALITY_LAG: BlockNumber = 8;
/// The pause after the chain was lost, and the first after another failure; that one doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How many orders are read, the newest first, when a node leaves some out.
const MAX_ORDERS_READ: u64 = 4096;
/// Orders that are looked at at a time.
const MAX_ORDERS_AT_ONCE: usize = 16;

/// Blocks that must be left for a delivery to be safe.
pub fn blocks_needed(validators: u32) -> BlockNumber {
    validators.saturating_mul(4).saturating_add(30)
}

/// Whether no later attempt can go better: another chain, or validators who signed two histories.
fn is_hopeless(error: &ChainError) -> bool {
    match error {
        ChainError::OtherChain { .. } => true,
        ChainError::Unproved(unproved) => !unproved.may_pass(),
        _ => false,
    }
}

/// Delivers the keys of one seller.
pub struct Deliverer<'a> {
    /// Where state is read and calls are submitted.
    pub market: &'a dyn Market,
    /// Where content keys are.
    pub store: &'a SealingStore<'a>,
    /// Which orders' keys were shown to the network.
    pub shown: &'a dyn Records,
    /// Who signs: best a member who may only deliver, with a key that signs nothing else.
    pub signer: &'a Keypair,
    /// The company that sells.
    pub seller: AccountId,
    /// Pauses between attempts, and says what time it is.
    pub clock: &'a dyn Clock,
    /// Told of deliveries, and of what holds them up.
    pub observer: Arc<dyn Observer>,
}

/// An order that waits, and what was said about it.
struct Waiting {
    seen: bool,
    /// Nothing can be done about it now: its key is missing, or it is too late. Said once.
    stuck: bool,
    /// The delivery that was sent last, until it is known what became of it.
    sent: Option<Sent>,
    /// What failed last: said once.
    failure: Option<String>,
    /// When it is tried again after a failure, and how long the pause before that is.
    again_ms: u64,
    pause: Duration,
}

impl Waiting {
    fn new() -> Self {
        Self { seen: false, stuck: false, sent: None, failure: None, again_ms: 0, pause: FIRST_PAUSE }
    }
}

/// What becomes of an order after a round.
enum Next {
    Forget,
    Wait,
    Stuck,
    /// It is delivered by this call.
    Send(Call),
}

/// What a run remembers.
#[derive(Default)]
struct State {
    waiting: BTreeMap<OrderId, Waiting>,
    /// The offers that were made with the keys of the store.
    offers: BTreeMap<Digest, OfferId>,
    /// Their orders that are open, delivered ones too.
    open: BTreeSet<OrderId>,
    /// The number of the next order when the open ones were compared.
    compared: Option<OrderId>,
    /// The offers of which orders are withheld: said once.
    withheld: BTreeMap<OfferId, u32>,
    /// The announced upgrade of the chain: said once.
    upgrade: Option<Upgrade>,
    /// The finalized block up to which orders were looked for, by height and hash.
    seen: Option<(BlockNumber, Digest)>,
    behind: bool,
}

impl State {
    /// Takes orders of the seller.
    fn add(&mut self, orders: impl IntoIterator<Item = (OrderId, Order)>) {
        for (id, order) in orders {
            self.open.insert(id);
            if order.state == OrderState::Placed {
                self.waiting.entry(id).or_insert_with(Waiting::new);
            }
        }
    }
}

impl Deliverer<'_> {
    /// Delivers for ever: who stops delivering loses the bond. Ends only on another chain, or on one whose validators
    /// signed two histories; drop the future to stop
    /// it.
    pub async fn run(&self) -> Result<Infallible> {
        let lost = AtomicBool::new(false);
        tokio::select! {
            end = self.deliver_forever(&lost) => end,
            never = self.watch(&lost) => match never {},
        }
    }

    async fn deliver_forever(&self, lost: &AtomicBool) -> Result<Infallible> {
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
                    self.report_lost(lost, error.to_string());
                    self.clock.sleep(FIRST_PAUSE).await;
                }
                Err(ExchangeError::Chain(error)) if is_hopeless(&error) => return Err(error.into()),
                Err(error) => {
                    let (message, seconds) = (error.to_string(), pause.as_secs());
                    self.observer.event(Event::DeliveringFailed { message, seconds });
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
                // What is not proved is said by who works with it.
                Some(Ok(_) | Err(ChainError::Unproved(_))) => {}
                Some(Err(error)) => self.report_lost(lost, error.to_string()),
                None => self.report_lost(lost, format!("no answer in {} s", BLOCK_WAIT.as_secs())),
            }
        }
    }

    fn report_lost(&self, lost: &AtomicBool, message: String) {
        if !lost.swap(true, Ordering::Relaxed) {
            self.observer.event(Event::ChainLost { message });
        }
    }

    /// Delivers until nothing waits that could be delivered, and that is final.
    pub async fn run_once(&self) -> Result<()> {
        let mut state = State::default();
        self.follow(&mut state).await?;
        while state.waiting.values().any(|waiting| !waiting.stuck) {
            self.follow(&mut state).await?;
        }
        Ok(())
    }

    async fn follow(&self, state: &mut State) -> Result<()> {
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
                self.compare(state).await?;
                self.observer.event(Event::Watching { waiting: state.waiting.len() });
            }
            Some((seen, _)) => {
                let height = self.market.finalized_above(seen, BLOCK_WAIT).await?;
                for block in seen.saturating_add(1)..=height {
                    let placed = self.market.placed_in(block).await?;
                    state.add(placed.into_iter().filter(|(_, order)| self.is_ours(order)));
                    state.seen = Some((block, self.hash_at(block).await?));
                }
                self.compare(state).await?;
            }
        }
        self.deliver_due(state).await
    }

    /// Compares the orders that the node named with what the chain counts for each offer. What is missing is read by
    /// number; what cannot be found is said.
    async fn compare(&self, state: &mut State) -> Result<()> {
        let next = self.market.next_order().await?;
        if state.compared == Some(next) {
            return Ok(());
        }
        let mut unknown = self.store.commitments().await?;
        unknown.retain(|commitment| !state.offers.contains_key(commitment));
        state.offers.extend(self.market.offers_with_keys(&self.seller, &unknown).await?);
        let offers: Vec<_> = state.offers.values().copied().collect();
        let known = |state: &State| state.open.iter().copied().collect::<Vec<_>>();
        let mut open = self.market.open_orders(&offers, &known(state)).await?;
        if !open.missing.is_empty() {
            let first = open.next.saturating_sub(MAX_ORDERS_READ);
            for (id, placed) in self.market.orders_between(first..open.next).await? {
                match placed {
                    PlacedOrder::Open(order) if self.is_ours(&order) => state.add([(id, *order)]),
                    _ => {}
                }
            }
            open = self.market.open_orders(&offers, &known(state)).await?;
        }
        state.open = open.orders.iter().map(|(id, _)| *id).collect();
        let missing: BTreeMap<_, _> = open.missing.iter().copied().collect();
        for (offer, orders) in &missing {
            if state.withheld.get(offer) != Some(orders) {
                self.observer.event(Event::OrdersWithheld { offer: *offer, orders: *orders });
            }
        }
        self.tell_of_upgrade(state, &open.orders).await?;
        // What is missing is looked for again.
        state.compared = missing.is_empty().then_some(open.next);
        state.withheld = missing;
        Ok(())
    }

    /// Says once of each announced upgrade which open orders it may find.
    async fn tell_of_upgrade(&self, state: &mut State, open: &[(OrderId, Order)]) -> Result<()> {
        let upgrade = self.market.upgrade().await?;
        if let Some(upgrade) = upgrade.as_ref().filter(|_| upgrade != state.upgrade) {
            let orders = upgrades::reached(upgrade, open.iter().map(|(id, order)| (*id, order)));
            self.observer.event(Event::UpgradeAnnounced { due: upgrade.due, orders });
        }
        state.upgrade = upgrade;
        Ok(())
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Digest, ChainError> {
        let hash = self.market.hash_at(height).await?;
        hash.ok_or_else(|| ChainError::NoSuchBlock(height.to_string()))
    }

    fn is_ours(&self, order: &Order) -> bool {
        order.terms.seller == self.seller
    }

    async fn deliver_due(&self, state: &mut State) -> Result<()> {
        let lag = self.market.lag().await?;
        let behind = lag.blocks() > MAX_FINALITY_LAG;
        if behind != state.behind {
            state.behind = behind;
            self.observer.event(match behind {
                true => Event::FinalityBehind { blocks: lag.blocks() },
                false => Event::FinalityBack,
            });
        }
        if state.waiting.is_empty() {
            return Ok(());
        }
        let needed = blocks_needed(self.market.validators().await?);
        let steps: Vec<(OrderId, Result<Next>)> =
            futures::stream::iter(state.waiting.iter_mut().map(|(id, waiting)| async move {
                (*id, self.step(*id, waiting, lag.best, needed, behind).await)
            }))
            .buffer_unordered(MAX_ORDERS_AT_ONCE)
            .collect()
            .await;
        let (mut due, mut failure) = (Vec::new(), None);
        for (id, next) in steps {
            match next {
                Ok(Next::Send(call)) => due.push((id, call)),
                Ok(Next::Forget) => drop(state.waiting.remove(&id)),
                Ok(Next::Wait) => {
                    if let Some(waiting) = state.waiting.get_mut(&id) {
                        waiting.stuck = false;
                    }
                }
                Ok(Next::Stuck) => {
                    if let Some(waiting) = state.waiting.get_mut(&id) {
                        waiting.stuck = true;
                    }
                }
                Err(error) => failure = Some(error),
            }
        }
        self.send_all(state, due, lag.best).await?;
        failure.map_or(Ok(()), Err)
    }

    async fn step(
        &self,
        order: OrderId,
        waiting: &mut Waiting,
        best: BlockNumber,
        needed: BlockNumber,
        behind: bool,
    ) -> Result<Next> {
        // By the proved state, whoever named it.
        let record = match self.market.order(order, Head::Finalized).await? {
            Some(record) if self.is_ours(&record) && record.state == OrderState::Placed => record,
            _ => return self.after_settlement(order).await,
        };
        if !waiting.seen {
            let (offer, deliver_by) = (record.offer, record.deliver_by);
            self.observer.event(Event::OrderSeen { order, offer, deliver_by });
            waiting.seen = true;
        }
        let now = self.market.order(order, Head::Best).await?;
        let is_placed = now.is_some_and(|now| now.state == OrderState::Placed);
        if let Some(sent) = waiting.sent.take() {
            match self.fate(sent, best, is_placed).await? {
                Fate::OnItsWay(sent) => {
                    waiting.sent = Some(sent);
                    return Ok(Next::Wait);
                }
                Fate::Refused(error) => return Ok(self.try_later(order, waiting, &error)),
                Fate::Lost => {}
            }
        }
        if !is_placed {
            // Delivered by another process of the seller, or over. It is known once it is final.
            return Ok(Next::Wait);
        }
        let name = format!("{}-{order}", to_hex(&self.market.genesis()));
        let shown = self.shown.read(&name).await?.is_some();
        if self.clock.now_ms() < waiting.again_ms || (behind && !shown) {
            return Ok(Next::Wait);
        }
        let stuck = |waiting: &Waiting, reason| {
            if !waiting.stuck {
                self.observer.event(Event::NotDelivered { order, reason });
            }
            Ok(Next::Stuck)
        };
        let left = record.deliver_by.saturating_sub(best);
        let needed = if shown { 1 } else { needed };
        if left < needed {
            return stuck(waiting, NotDelivered::TooLate { left, needed });
        }
        let key = match self.store.key(&record.terms.key_commitment).await {
            Ok(Some(key)) => key,
            Ok(None) => return stuck(waiting, NotDelivered::NoKey),
            // A file that cannot be read; the other orders' can.
            Err(error) => {
                self.report_failure(order, &mut waiting.failure, error.to_string());
                return Ok(Next::Stuck);
            }
        };
        let genesis = self.market.genesis();
        let delivery = match delivery::deliver(&genesis, order, &record.order_key, &key, &mut OsRng) {
            Ok(delivery) => delivery,
            Err(error) => return stuck(waiting, NotDelivered::Refused { message: error.to_string() }),
        };
        // Before it is sent: from then on it may have been seen.
        self.shown.create(&name, b"{}\n").await?;
        Ok(Next::Send(Call::deliver(order, delivery)))
    }

    /// Says that a delivery failed, and has it tried again after a pause.
    fn try_later(&self, order: OrderId, waiting: &mut Waiting, error: &ChainError) -> Next {
        self.report_failure(order, &mut waiting.failure, error.to_string());
        let pause = u64::try_from(waiting.pause.as_millis()).unwrap_or(u64::MAX);
        waiting.again_ms = self.clock.now_ms().saturating_add(pause);
        waiting.pause = waiting.pause.saturating_mul(2).min(LONGEST_PAUSE);
        Next::Wait
    }

    fn report_failure(&self, order: OrderId, last: &mut Option<String>, message: String) {
        if last.as_ref() != Some(&message) {
            *last = Some(message.clone());
            self.observer.event(Event::DeliveryFailed { order, message });
        }
    }

    /// It is not to be delivered any more, by the proved state.
    async fn after_settlement(&self, order: OrderId) -> Result<Next> {
        let name = format!("{}-{order}", to_hex(&self.market.genesis()));
        match self.market.order(order, Head::Finalized).await? {
            // It ended, and its number stands for none of ours.
            Some(record) if !self.is_ours(&record) => Ok(Next::Forget),
            Some(record) if record.state == OrderState::Placed => Ok(Next::Wait),
            Some(_) => {
                self.observer.event(Event::Delivered { order });
                self.shown.remove(&name).await?;
                Ok(Next::Forget)
            }
            None => {
                if let Some(trade) = self.market.trade_of(order, Head::Finalized).await? {
                    self.observer.event(match trade.delivered_at {
                        Some(_) => Event::Delivered { order },
                        None => Event::Final { order, outcome: trade.outcome },
                    });
                    self.shown.remove(&name).await?;
                }
                Ok(Next::Forget)
            }
        }
    }
}

#[cfg(test)]
mod tests;
