//! The market in memory, and what a test can make happen there.

use super::state::{quoted, rules, State, ANNOUNCEMENT_DELAY, GENESIS};
use super::{buyer, seller, Log};
use crate::chain::{
    AccountBalance, Call, ChainError, Included, Lag, MayNotAct, OpenOrders, PlacedOrder, ProxyDefinition,
    Signed, Until,
};
use crate::exchange::market::{Head, Market};
use crate::keys::{Keypair, Membership};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;
use wonbon_model::{
    AccountId, Balance, BlockNumber, BlockRef, Dataset, DatasetId, Derivation, DeriveRight, Digest, Offer,
    OfferId, OfferState, Order, OrderId, OrderState, OrderTerms, Outcome, Parent, Participant, RoyaltyShare,
    Rules, Share, Trade,
};
use wonbon_package::Sealed;
use wonbon_primitives::delivery::{unwrap, OrderSecret};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, OsRng};

/// The nonce of orders that a test places.
const NONCE: Digest = [5; 32];

/// A market in memory with one offer, number 7.
pub(in crate::exchange) struct FakeMarket(Mutex<State>);

impl FakeMarket {
    pub(in crate::exchange) fn new() -> Self {
        Self(Mutex::new(State::new()))
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap())
    }

    /// Registers a dataset now.
    pub(in crate::exchange) fn register(&self, id: DatasetId, length: u64, owner: AccountId) {
        self.with(|state| state.register(id, length, owner));
    }

    /// The next dataset to be registered is registered by somebody else a moment before.
    pub(in crate::exchange) fn be_beaten_by(&self, rival: AccountId) {
        self.with(|state| state.rival = Some(rival));
    }

    /// How many announcements have a deposit on hold.
    pub(in crate::exchange) fn announcements(&self) -> usize {
        self.with(|state| state.announced.len())
    }

    /// Somebody proves a block of the offered sealing wrong, under another offer of it.
    pub(in crate::exchange) fn fault_sealing(&self) {
        self.with(|state| state.faulty.extend(state.offer.as_ref().map(|offer| offer.sealed_root)));
    }

    /// The node dies before the next registration, and comes back without the blocks that were not final.
    pub(in crate::exchange) fn die_at_registration(&self) {
        self.with(|state| state.dies = true);
    }

    /// The node dies before the next registration, and comes back without its last block, which it had called final.
    pub(in crate::exchange) fn lose_a_final_block_at_registration(&self) {
        self.with(|state| (state.dies, state.loses) = (true, 1));
    }

    /// The chain begins anew, under the same genesis.
    pub(in crate::exchange) fn begin_anew(&self, best: BlockNumber) {
        self.with(|state| {
            (state.best, state.history_number) = (best, state.history_number + 1);
            (state.orders, state.trades) = (BTreeMap::new(), BTreeMap::new());
        });
    }

    /// What this market was told, for a service that writes into the same.
    pub(in crate::exchange) fn log(&self) -> Log {
        self.with(|state| state.log.clone())
    }

    /// Gives a company the right to derive from a dataset.
    pub(in crate::exchange) fn permit(&self, company: AccountId, dataset: DatasetId, royalty: Share) {
        let right = DeriveRight { version: 1, royalty, trade: 0 };
        self.with(|state| state.rights.insert((company, dataset), right));
    }

    /// Adds to the royalties that a dataset carries.
    pub(in crate::exchange) fn carry(&self, dataset: DatasetId, royalty: RoyaltyShare) {
        self.with(|state| state.carried.entry(dataset).or_default().push(royalty));
    }

    /// Makes the one offer that there is, of this sealing.
    pub(in crate::exchange) fn offer_sealing(&self, sealed: &Sealed, delivery_window: BlockNumber) {
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
    pub(in crate::exchange) fn place(&self, key: &ContentKey, window: BlockNumber) -> OrderId {
        let plain = Commitment { root: [1; 32], length: 10_000 };
        let sealed = Commitment { root: [2; 32], length: 10_000 };
        self.offer_sealing(&Sealed { plain, sealed, key_commitment: key.commitment() }, window);
        let secret = OrderSecret::derive(&buyer().order_secret(), &NONCE);
        self.with(|state| state.place(buyer().account(), secret.order_key(), NONCE))
    }

    /// Places an order of what is offered, delivers it and accepts.
    pub(in crate::exchange) fn place_and_accept(&self, key: &ContentKey) {
        let secret = OrderSecret::derive(&buyer().order_secret(), &NONCE);
        let order = self.with(|state| state.place(buyer().account(), secret.order_key(), NONCE));
        self.deliver(order, key);
        self.with(|state| state.end_order(order, Outcome::Accepted));
    }

    pub(in crate::exchange) fn unwrapped(&self, order: OrderId) -> ContentKey {
        let secret = OrderSecret::derive(&buyer().order_secret(), &NONCE);
        self.with(|state| match &state.orders[&order].state {
            OrderState::Delivered { delivery, .. } => unwrap(&GENESIS, order, &secret, delivery).unwrap(),
            OrderState::Placed => panic!("not delivered"),
        })
    }

    pub(in crate::exchange) fn undo_delivery(&self, order: OrderId) {
        self.with(|state| state.orders.get_mut(&order).unwrap().state = OrderState::Placed);
    }

    pub(in crate::exchange) fn stall(&self, behind: BlockNumber) {
        self.with(|state| {
            state.best += behind;
            state.behind = behind;
        });
    }

    /// So many blocks pass.
    pub(in crate::exchange) fn grow(&self, blocks: BlockNumber) {
        self.with(|state| state.best += blocks);
    }

    pub(in crate::exchange) fn recover(&self) {
        self.with(|state| state.behind = 0);
    }

    /// From now on calls are applied and their answers lost, as if the process died.
    pub(in crate::exchange) fn lose_answers(&self, lose: bool) {
        self.with(|state| state.lose_answers = lose);
    }

    /// The node leaves every order out of its lists.
    pub(in crate::exchange) fn withhold_orders(&self) {
        self.with(|state| state.withholds = true);
    }

    /// The chain counts one more open order than there are.
    pub(in crate::exchange) fn count_one_more(&self) {
        self.with(|state| state.invents = true);
    }

    /// From now on what is sent is refused by the node.
    pub(in crate::exchange) fn reject(&self, reason: Option<&str>) {
        self.with(|state| state.rejection = reason.map(|reason| ChainError::Rejected(reason.to_owned())));
    }

    /// What everybody has free from now on.
    pub(in crate::exchange) fn set_free(&self, free: Balance) {
        self.with(|state| state.free = free);
    }

    /// Changes what the chain knows of a company; without a change it is not registered.
    pub(in crate::exchange) fn change_company(
        &self,
        account: AccountId,
        change: Option<fn(&mut Participant)>,
    ) {
        self.with(|state| match change {
            Some(change) => change(state.participants.get_mut(&account).unwrap()),
            None => drop(state.participants.remove(&account)),
        });
    }

    /// Lets somebody act for everybody.
    pub(in crate::exchange) fn delegate(&self, delegate: AccountId, kind: u8) {
        self.with(|state| state.proxies.push(ProxyDefinition { delegate, kind, delay: 0 }));
    }

    /// From now on whoever acts for a company does so under this membership, or not at all.
    pub(in crate::exchange) fn permit_membership(&self, membership: Membership) {
        self.with(|state| state.membership = Some(membership));
    }

    /// The offer takes no orders any more.
    pub(in crate::exchange) fn withdraw_offer(&self) {
        self.with(|state| state.offer.as_mut().unwrap().state = OfferState::Withdrawn);
    }

    /// The next question for all orders fails.
    pub(in crate::exchange) fn fail_once(&self, failure: ChainError) {
        self.with(|state| state.failure = Some(failure));
    }

    pub(in crate::exchange) fn change_price(&self, price: u128) {
        self.with(|state| state.offer.as_mut().unwrap().price = price);
    }

    pub(in crate::exchange) fn submitted(&self) -> Vec<String> {
        self.log().lock().unwrap().clone()
    }

    /// Delivers with a key, true or false.
    pub(in crate::exchange) fn deliver(&self, order: OrderId, key: &ContentKey) {
        self.with(|state| {
            let order_key = state.orders[&order].order_key;
            let delivery = wonbon_primitives::delivery::deliver(&GENESIS, order, &order_key, key, &mut OsRng);
            state.delivered(order, delivery.unwrap());
        });
    }

    pub(in crate::exchange) fn open_orders(&self) -> Vec<OrderId> {
        self.with(|state| state.orders.keys().copied().collect())
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

    async fn proxies(&self, _: &AccountId) -> Result<Vec<ProxyDefinition>, ChainError> {
        Ok(self.with(|state| state.proxies.clone()))
    }

    async fn membership(&self, _: &AccountId, _: &AccountId) -> Result<Option<Membership>, ChainError> {
        Ok(self.with(|state| state.membership))
    }

    async fn offer_deposit(&self) -> Result<Balance, ChainError> {
        Ok(50)
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

    async fn used_key(&self, seller: &AccountId, commitment: &Digest) -> Result<Option<OfferId>, ChainError> {
        Ok(self.with(|state| state.used_keys.get(&(*seller, *commitment)).copied()))
    }

    async fn offer(&self, offer: OfferId, _: Head) -> Result<Option<Offer>, ChainError> {
        Ok(self.with(|state| state.offer.clone()).filter(|_| offer == 7))
    }

    async fn offers_of(&self, _: &AccountId) -> Result<Vec<(OfferId, Offer)>, ChainError> {
        Ok(self.with(|state| state.offer.clone()).map(|offer| (7, offer)).into_iter().collect())
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
            None if self.with(|state| state.withholds) => Ok(vec![]),
            None => Ok(self.with(|state| state.orders.clone()).into_iter().collect()),
        }
    }

    async fn hash_at(&self, height: BlockNumber) -> Result<Option<Digest>, ChainError> {
        Ok(self.with(|state| (height <= state.best).then_some([state.history_number; 32])))
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

    async fn next_order(&self) -> Result<OrderId, ChainError> {
        Ok(self.with(|state| (state.orders.len() + state.trades.len()) as OrderId))
    }

    async fn nonce(&self, _: &AccountId) -> Result<u64, ChainError> {
        Ok(self.with(|state| state.used_nonces))
    }

    async fn placed_in(&self, _: BlockNumber) -> Result<Vec<(OrderId, Order)>, ChainError> {
        Ok(vec![])
    }

    async fn trade_of(&self, order: OrderId, _: Head) -> Result<Option<Trade>, ChainError> {
        Ok(self.with(|state| state.trades.get(&order).cloned()))
    }

    async fn company_trades(&self, _: &AccountId) -> Result<Vec<(DatasetId, Trade)>, ChainError> {
        Ok(self.with(|state| {
            let dataset = state.offer.as_ref().map_or(DatasetId([1; 32]), |offer| offer.dataset);
            state.trades.values().map(|trade| (dataset, trade.clone())).collect()
        }))
    }

    async fn finalized_above(&self, _: BlockNumber, _: Duration) -> Result<BlockNumber, ChainError> {
        // Blocks come while somebody waits.
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(self.with(|state| {
            state.best += 1;
            state.best - state.behind
        }))
    }

    async fn sign(&self, key: &Keypair, call: &Call) -> Result<Signed, ChainError> {
        Ok(self.with(|state| {
            let nonce = state.used_nonces;
            state.signed = Some((nonce, call.clone()));
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
            let fresh = signed.nonce >= state.used_nonces;
            state.used_nonces = state.used_nonces.max(signed.nonce + 1);
            state.signed.clone().filter(|(nonce, _)| fresh && *nonce == signed.nonce)
        });
        match call {
            Some((_, call)) => match self.submit(&buyer(), &call, until).await {
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
