//! A market and a service that live in memory, for the tests of the procedures.
//!
//! The market finalizes every block at once unless it is told to stall, and applies the calls that a trade
//! takes; disputes are judged by the chain's own function.

mod calls;
mod home;
mod service;

pub(super) use home::{HurriedClock, MemoryHome};
pub(super) use service::FakeService;

use super::market::{Head, Market};
use super::{Event, Observer, Sealing, SealingStore};
use crate::chain::{Call, ChainError, Included, Lag, Until};
use crate::keys::Keypair;
use crate::ports::Home;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wonbon_model::BlockRef;
use wonbon_model::{
    AccountId, BlockNumber, Dataset, DatasetId, Derivation, DeriveRight, Digest, Method, Moment, Offer,
    OfferId, OfferState, Order, OrderId, OrderState, OrderTerms, Outcome, Parent, RoyaltyShare, Rules, Share,
    Trade,
};
use wonbon_package::Sealed;
use wonbon_primitives::delivery::{unwrap, Delivery, OrderKey, OrderSecret};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, OsRng};

pub(super) fn seller() -> Keypair {
    Keypair::from_secret(&[11; 32])
}

pub(super) fn buyer() -> Keypair {
    Keypair::from_secret(&[12; 32])
}

const NONCE: Digest = [5; 32];
const GENESIS: Digest = [9; 32];
/// Blocks between an announcement and its registration.
const DELAY: BlockNumber = 2;

/// What chain and service were told, in order.
pub(super) type Log = Arc<Mutex<Vec<String>>>;

/// Events, kept.
#[derive(Clone, Default)]
pub(super) struct Events(Arc<Mutex<Vec<Event>>>);

impl Events {
    pub(super) fn observer(&self) -> Arc<dyn Observer> {
        let kept = self.0.clone();
        Arc::new(move |event| kept.lock().unwrap().push(event))
    }

    pub(super) fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|event| wanted(event)).count()
    }
}

struct State {
    best: BlockNumber,
    behind: BlockNumber,
    offer: Option<Offer>,
    orders: BTreeMap<OrderId, Order>,
    trades: BTreeMap<OrderId, Trade>,
    history: BTreeMap<(OrderId, BlockNumber), Order>,
    log: Log,
    /// A development chain that was started anew is another one.
    history_number: u8,
    announced: BTreeMap<(AccountId, Digest), BlockNumber>,
    /// Registers what somebody else is about to register.
    rival: Option<AccountId>,
    used_keys: BTreeMap<(AccountId, Digest), OfferId>,
    /// Sealings of which a block was proved to be wrong, under whichever offer.
    faulty: BTreeSet<Digest>,
    datasets: BTreeMap<DatasetId, Dataset>,
    rights: BTreeMap<(AccountId, DatasetId), DeriveRight>,
    parents: BTreeMap<DatasetId, Vec<Parent>>,
    carried: BTreeMap<DatasetId, Vec<RoyaltyShare>>,
    lose_answers: bool,
    failure: Option<ChainError>,
}

/// A market in memory with one offer, number 7.
pub(super) struct FakeMarket(Mutex<State>);

/// A sealing store with a fresh key.
pub(super) async fn sealing(home: &dyn Home) -> (ContentKey, SealingStore<'_>) {
    let key = ContentKey::generate(&mut OsRng);
    let store = sealing_of(home, &key).await;
    (key, store)
}

pub(super) async fn sealing_of<'h>(home: &'h dyn Home, key: &ContentKey) -> SealingStore<'h> {
    let store = SealingStore::new(home, &seller());
    let sealing = Sealing {
        account: seller().account(),
        dataset: DatasetId([1; 32]),
        sealed: Commitment { root: [2; 32], length: 10_000 },
        key_commitment: key.commitment(),
        file_name: "data.csv".to_owned(),
    };
    store.add(sealing, key).await.unwrap();
    store
}

fn rules() -> Rules {
    Rules {
        min_delivery_window: 1,
        max_delivery_window: 10_000,
        min_dispute_window: 1,
        max_dispute_window: 10_000,
        bond_floor: 100,
        bond_share: Share::from_percent(10),
        platform_fee: Share::from_percent(2),
        dispute_reserve: 10,
        missed_delivery_share: Share::from_percent(10),
        max_price: 1_000_000,
    }
}

fn quoted(offer: &Offer) -> OrderTerms {
    rules().terms_of(GENESIS, 7, offer, [], |_| None).unwrap()
}

impl FakeMarket {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            best: 10,
            behind: 0,
            offer: None,
            orders: BTreeMap::new(),
            trades: BTreeMap::new(),
            history: BTreeMap::new(),
            log: Log::default(),
            history_number: 0,
            announced: BTreeMap::new(),
            rival: None,
            used_keys: BTreeMap::new(),
            faulty: BTreeSet::new(),
            datasets: BTreeMap::new(),
            rights: BTreeMap::new(),
            parents: BTreeMap::new(),
            carried: BTreeMap::new(),
            lose_answers: false,
            failure: None,
        }))
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap())
    }

    /// Registers a dataset now.
    pub(super) fn register(&self, id: DatasetId, length: u64, owner: AccountId) {
        self.with(|state| state.register(id, length, owner));
    }

    /// The next dataset to be registered is registered by somebody else a moment before.
    pub(super) fn be_beaten_by(&self, rival: AccountId) {
        self.with(|state| state.rival = Some(rival));
    }

    /// How many announcements have a deposit on hold.
    pub(super) fn announcements(&self) -> usize {
        self.with(|state| state.announced.len())
    }

    /// Somebody proves a block of the offered sealing wrong, under another offer of it.
    pub(super) fn fault_sealing(&self) {
        self.with(|state| state.faulty.extend(state.offer.as_ref().map(|offer| offer.sealed_root)));
    }

    /// The chain begins anew, under the same genesis.
    pub(super) fn begin_anew(&self, best: BlockNumber) {
        self.with(|state| {
            (state.best, state.history_number) = (best, state.history_number + 1);
            (state.orders, state.trades) = (BTreeMap::new(), BTreeMap::new());
        });
    }

    /// What this market was told, for a service that writes into the same.
    pub(super) fn log(&self) -> Log {
        self.with(|state| state.log.clone())
    }

    /// Gives a company the right to derive from a dataset.
    pub(super) fn permit(&self, company: AccountId, dataset: DatasetId, royalty: Share) {
        let right = DeriveRight { version: 1, royalty, trade: 0 };
        self.with(|state| state.rights.insert((company, dataset), right));
    }

    /// Adds to the royalties that a dataset carries.
    pub(super) fn carry(&self, dataset: DatasetId, royalty: RoyaltyShare) {
        self.with(|state| state.carried.entry(dataset).or_default().push(royalty));
    }

    /// Makes the offer.
    pub(super) fn offer_sealing(&self, sealed: &Sealed, delivery_window: BlockNumber) {
        self.with(|state| {
            state.offer = Some(Offer {
                version: 1,
                dataset: DatasetId(sealed.plain.root),
                seller: seller().account(),
                length: sealed.plain.length,
                sealed_root: sealed.sealed.root,
                key_commitment: sealed.key_commitment,
                price: 5000,
                licence: [3; 32],
                nda: [4; 32],
                delivery_window,
                dispute_window: 50,
                bond: 1000,
                open_orders: 0,
                exposure: 0,
                state: OfferState::Open,
                offered_at: 5,
                derivation: Derivation::Forbidden,
            });
        });
    }

    /// Places an order that is to be delivered within so many blocks.
    pub(super) fn place(&self, key: &ContentKey, window: BlockNumber) -> OrderId {
        let plain = Commitment { root: [1; 32], length: 10_000 };
        let sealed = Commitment { root: [2; 32], length: 10_000 };
        self.offer_sealing(&Sealed { plain, sealed, key_commitment: key.commitment() }, window);
        let secret = OrderSecret::derive(&buyer().order_secret(), &NONCE);
        self.with(|state| state.place(buyer().account(), secret.order_key(), NONCE))
    }

    pub(super) fn unwrapped(&self, order: OrderId) -> ContentKey {
        let secret = OrderSecret::derive(&buyer().order_secret(), &NONCE);
        self.with(|state| match &state.orders[&order].state {
            OrderState::Delivered { delivery, .. } => unwrap(&GENESIS, order, &secret, delivery).unwrap(),
            OrderState::Placed => panic!("not delivered"),
        })
    }

    pub(super) fn undo_delivery(&self, order: OrderId) {
        self.with(|state| state.orders.get_mut(&order).unwrap().state = OrderState::Placed);
    }

    pub(super) fn stall(&self, behind: BlockNumber) {
        self.with(|state| {
            state.best += behind;
            state.behind = behind;
        });
    }

    /// So many blocks pass.
    pub(super) fn grow(&self, blocks: BlockNumber) {
        self.with(|state| state.best += blocks);
    }

    pub(super) fn recover(&self) {
        self.with(|state| state.behind = 0);
    }

    /// From now on calls are applied and their answers lost, as if the process died.
    pub(super) fn lose_answers(&self, lose: bool) {
        self.with(|state| state.lose_answers = lose);
    }

    /// The next question for all orders fails.
    pub(super) fn fail_once(&self, failure: ChainError) {
        self.with(|state| state.failure = Some(failure));
    }

    pub(super) fn change_price(&self, price: u128) {
        self.with(|state| state.offer.as_mut().unwrap().price = price);
    }

    pub(super) fn submitted(&self) -> Vec<String> {
        self.log().lock().unwrap().clone()
    }

    /// Delivers with a key, true or false.
    pub(super) fn deliver(&self, order: OrderId, key: &ContentKey) {
        self.with(|state| {
            let order_key = state.orders[&order].order_key;
            let delivery = wonbon_primitives::delivery::deliver(&GENESIS, order, &order_key, key, &mut OsRng);
            state.delivered(order, delivery.unwrap());
        });
    }

    pub(super) fn open_orders(&self) -> Vec<OrderId> {
        self.with(|state| state.orders.keys().copied().collect())
    }
}

impl State {
    fn register(&mut self, id: DatasetId, length: u64, owner: AccountId) {
        let dataset = Dataset {
            version: 1,
            registrant: owner,
            owner,
            length,
            metadata: [0; 32],
            method: Method::Collected,
            registered: Moment { block: self.best, time: 0 },
            depth: 0,
            parent_count: 0,
            attestation_count: 0,
            handover_count: 0,
            version_count: 0,
            trade_count: 0,
            withdrawn: None,
            sample: None,
            records: 0,
            head: [0; 32],
            deposit: 0,
        };
        self.datasets.insert(id, dataset);
    }

    fn place(&mut self, buyer: AccountId, order_key: OrderKey, nonce: Digest) -> OrderId {
        let offer = self.offer.clone().unwrap();
        let id = (self.orders.len() + self.trades.len()) as OrderId;
        let order = Order {
            version: 1,
            offer: 7,
            buyer,
            terms: quoted(&offer),
            order_key,
            nonce,
            placed_at: self.best,
            deliver_by: self.best + offer.delivery_window,
            state: OrderState::Placed,
            reserve_left: 10,
        };
        self.history.insert((id, self.best), order.clone());
        self.orders.insert(id, order);
        id
    }

    fn delivered(&mut self, id: OrderId, delivery: Delivery) {
        let at = self.best;
        let order = self.orders.get_mut(&id).unwrap();
        order.state = OrderState::Delivered { delivery, at, dispute_until: at + order.terms.dispute_window };
        self.history.insert((id, at), order.clone());
    }

    fn end(&mut self, id: OrderId, outcome: Outcome) {
        let order = self.orders.remove(&id).unwrap();
        let delivered_at = match order.state {
            OrderState::Placed => None,
            OrderState::Delivered { at, .. } => Some(at),
        };
        let terms = order.terms;
        let trade = Trade {
            version: 1,
            order: id,
            offer: 7,
            seller: terms.seller,
            buyer: order.buyer,
            price: terms.price,
            platform_fee: terms.platform_fee,
            licence: terms.licence,
            nda: terms.nda,
            derivation: terms.derivation,
            terms: terms.digest(),
            royalties: terms.royalties,
            placed_at: order.placed_at,
            delivered_at,
            ended: Moment { block: self.best, time: 0 },
            outcome,
            position: 0,
        };
        self.trades.insert(id, trade);
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
    ) -> Result<Option<BlockNumber>, ChainError> {
        Ok(self.with(|state| state.announced.get(&(*account, *commitment)).copied()))
    }

    async fn announcement_delay(&self) -> Result<BlockNumber, ChainError> {
        Ok(DELAY)
    }

    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>, ChainError> {
        Ok(self.with(|state| state.used_keys.get(&(*seller, *commitment)).copied()))
    }

    async fn offer(&self, offer: OfferId, _: Head) -> Result<Option<Offer>, ChainError> {
        Ok(self.with(|state| state.offer.clone()).filter(|_| offer == 7))
    }

    async fn quote(&self, offer: OfferId, head: Head) -> Result<Option<OrderTerms>, ChainError> {
        Ok(self.offer(offer, head).await?.map(|offer| quoted(&offer)))
    }

    async fn order(&self, order: OrderId, _: Head) -> Result<Option<Order>, ChainError> {
        Ok(self.with(|state| state.orders.get(&order).cloned()))
    }

    async fn order_at(&self, order: OrderId, height: BlockNumber) -> Result<Option<Order>, ChainError> {
        Ok(self.with(|state| state.history.get(&(order, height)).cloned()))
    }

    async fn orders(&self, _: Head) -> Result<Vec<(OrderId, Order)>, ChainError> {
        match self.with(|state| state.failure.take()) {
            Some(failure) => Err(failure),
            None => Ok(self.with(|state| state.orders.clone()).into_iter().collect()),
        }
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>, ChainError> {
        Ok(self.with(|state| (height <= state.best).then_some([state.history_number; 32])))
    }

    async fn placed_in(&self, _: BlockNumber) -> Result<Vec<(OrderId, Order)>, ChainError> {
        Ok(vec![])
    }

    async fn trade_of(&self, order: OrderId, _: Head) -> Result<Option<Trade>, ChainError> {
        Ok(self.with(|state| state.trades.get(&order).cloned()))
    }

    async fn company_trades(&self, _: &AccountId) -> Result<Vec<(DatasetId, Trade)>, ChainError> {
        Ok(self
            .with(|state| state.trades.values().map(|trade| (DatasetId([1; 32]), trade.clone())).collect()))
    }

    async fn finalized_above(&self, _: BlockNumber, _: Duration) -> Result<BlockNumber, ChainError> {
        // Blocks come while somebody waits.
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(self.with(|state| {
            state.best += 1;
            state.best - state.behind
        }))
    }

    async fn submit(&self, key: &Keypair, call: &Call, _: Until) -> Result<Included, ChainError> {
        self.with(|state| {
            state.best += 1;
            state.log.lock().unwrap().push(call.name());
            let inner = call.inner();
            let call = inner.first().unwrap_or(call);
            let events = state.apply(key.account(), call)?;
            if state.lose_answers {
                return Err(ChainError::Node("the connection was lost".to_owned()));
            }
            let block = BlockRef { height: state.best, hash: [0; 32] };
            Ok(Included { block, index: 1, hash: [0; 32], fee: 1, events })
        })
    }
}
