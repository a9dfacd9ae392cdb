//! What a test can make happen in the market in memory.

use super::market::FakeMarket;
use super::state::{GENESIS, PROVISIONAL_PERIOD};
use super::{buyer, seller, Log};
use crate::chain::{ChainError, DayLimit};
use crate::keys::Membership;
use std::collections::BTreeMap;
use wonbon_model::{
    AccountId, Balance, BlockNumber, DatasetId, Derivation, DeriveRight, Digest, Offer, OfferState, OrderId,
    OrderState, Outcome, Participant, RightSource, RoyaltyShare, Share, Upgrade,
};
use wonbon_package::Sealed;
use wonbon_primitives::delivery::{unwrap, OrderSecret};
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::{Commitment, OsRng};

/// The nonce of orders that a test places.
const NONCE: Digest = [5; 32];

impl FakeMarket {
    /// Registers a dataset now.
    pub(in crate::exchange) fn register(&self, id: DatasetId, length: u64, owner: AccountId) {
        self.with(|state| state.register(id, length, owner));
    }

    /// The next dataset to be registered is registered by somebody else a moment before.
    pub(in crate::exchange) fn be_beaten_by(&self, rival: AccountId) {
        self.with(|state| state.rival = Some(rival));
    }

    /// When somebody waits next, what is provisional is taken over by somebody who had announced it earlier.
    pub(in crate::exchange) fn be_displaced_by(&self, elder: AccountId) {
        self.with(|state| state.elder = Some(elder));
    }

    /// What is provisional is taken over now.
    pub(in crate::exchange) fn displace(&self, elder: AccountId) {
        self.with(|state| state.displace(elder));
    }

    /// The registration of a dataset is provisional from now on.
    pub(in crate::exchange) fn make_provisional(&self, id: DatasetId) {
        self.with(|state| {
            let until = state.best + PROVISIONAL_PERIOD;
            state.datasets.get_mut(&id).unwrap().provisional_until = until;
        });
    }

    /// Until when the registration of a dataset is provisional.
    pub(in crate::exchange) fn provisional_until(&self, id: DatasetId) -> BlockNumber {
        self.with(|state| state.datasets[&id].provisional_until)
    }

    /// The best block.
    pub(in crate::exchange) fn best(&self) -> BlockNumber {
        self.with(|state| state.best)
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
        // And the one that the registration would have been in.
        self.with(|state| (state.dies, state.loses) = (true, 2));
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
        let right = DeriveRight { version: 2, royalty, source: RightSource::Trade(0) };
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
                version: 2,
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
                pause: None,
                leaving: None,
                longest_dispute_window: 50,
                missed: 0,
                refused: 0,
                refunded: 0,
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

    /// The council stops new orders.
    pub(in crate::exchange) fn stop_orders(&self) {
        self.with(|state| state.orders_stopped = true);
    }

    /// The council announces an upgrade that is due so many blocks from now; none if there is no number.
    pub(in crate::exchange) fn announce_upgrade(&self, blocks: Option<BlockNumber>) {
        self.with(|state| {
            let upgrade = |blocks| Upgrade {
                version: 1,
                code_hash: [7; 32],
                announced_at: state.best,
                due: state.best + blocks,
            };
            state.upgrade = blocks.map(upgrade);
        });
    }

    /// From now on what is sent is refused by the node.
    pub(in crate::exchange) fn reject(&self, reason: Option<&str>) {
        self.with(|state| state.rejection = reason.map(|reason| ChainError::Rejected(reason.to_owned())));
    }

    /// Other transactions of the account get the numbers of the next ones.
    pub(in crate::exchange) fn take_numbers(&self, count: u32) {
        self.with(|state| state.numbers_taken = count);
    }

    /// The node loses the next call that is dispatched.
    pub(in crate::exchange) fn lose_next(&self) {
        self.with(|state| state.loses_next = true);
    }

    /// How often something was sent once more.
    pub(in crate::exchange) fn sent_again(&self) -> u32 {
        self.with(|state| state.sent_again)
    }

    /// The node says of its best block that the time for every dispute is over.
    pub(in crate::exchange) fn lie_of_best(&self) {
        self.with(|state| state.lies_of_best = true);
    }

    /// What everybody has free from now on.
    pub(in crate::exchange) fn set_free(&self, free: Balance) {
        self.with(|state| state.free = free);
    }

    /// What whoever acts for a company may take of its money from now on.
    pub(in crate::exchange) fn set_day_limit(&self, day: DayLimit) {
        self.with(|state| state.day_limit = Some(day));
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

    /// How many calls were dispatched at once, each time.
    pub(in crate::exchange) fn batches(&self) -> Vec<usize> {
        self.with(|state| state.batches.clone())
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
