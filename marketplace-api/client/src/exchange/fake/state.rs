//! What the market in memory knows, and how it changes.

use super::{buyer, seller, Log};
use crate::chain::{Call, ChainError, DayLimit, Deposits};
use crate::exchange::Head;
use crate::keys::Membership;
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::{
    AccountId, Balance, BlockNumber, Dataset, DatasetId, DeriveRight, Digest, Method, Moment, Offer, OfferId,
    Order, OrderId, OrderState, OrderTerms, Outcome, Parent, Participant, Profile, Roles, RoyaltyShare,
    Rules, Share, Standing, Trade, Upgrade,
};
use wonbon_primitives::company::{Region, SizeClass};
use wonbon_primitives::delivery::{Delivery, OrderKey};

pub(super) const GENESIS: Digest = [9; 32];
/// Blocks from an announcement to the one that draws what is shown.
pub(super) const ANNOUNCEMENT_DELAY: BlockNumber = 2;
/// Blocks after an announcement in which it can be used.
pub(super) const ANNOUNCEMENT_LIFETIME: BlockNumber = 100;
/// Blocks for which a registration is provisional.
pub(super) const PROVISIONAL_PERIOD: BlockNumber = 6;

/// What is held for records.
pub(in crate::exchange) const DEPOSITS: Deposits =
    Deposits { registration: 60, member: 70, dataset: 20, parent: 2, record: 1, attestation: 80, offer: 50 };

pub(super) struct State {
    pub(super) best: BlockNumber,
    pub(super) behind: BlockNumber,
    pub(super) offer: Option<Offer>,
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) trades: BTreeMap<OrderId, Trade>,
    pub(super) history: BTreeMap<(OrderId, BlockNumber), Order>,
    pub(super) log: Log,
    /// A development chain that was started anew is another one.
    pub(super) history_number: u8,
    pub(super) announced: BTreeMap<(AccountId, Digest), BlockNumber>,
    /// Registers what somebody else is about to register.
    pub(super) rival: Option<AccountId>,
    /// Takes over what somebody else registers, while it is provisional.
    pub(super) elder: Option<AccountId>,
    /// The datasets that are still to be entered with their parents.
    pub(super) pending_lineage: BTreeSet<DatasetId>,
    /// The node dies before the next registration, and comes back without the blocks that were not final.
    pub(super) dies: bool,
    /// How many final blocks it loses with them.
    pub(super) loses: BlockNumber,
    pub(super) used_keys: BTreeMap<(AccountId, Digest), OfferId>,
    /// Sealings of which a block was proved to be wrong, under whichever offer.
    pub(super) faulty: BTreeSet<Digest>,
    pub(super) datasets: BTreeMap<DatasetId, Dataset>,
    pub(super) rights: BTreeMap<(AccountId, DatasetId), DeriveRight>,
    pub(super) parents: BTreeMap<DatasetId, Vec<Parent>>,
    pub(super) carried: BTreeMap<DatasetId, Vec<RoyaltyShare>>,
    pub(super) lose_answers: bool,
    /// The node leaves orders out of its lists.
    pub(super) withholds: bool,
    /// The chain counts an order that is nowhere.
    pub(super) invents: bool,
    pub(super) rejection: Option<ChainError>,
    /// How many of the next transactions lose their numbers to others of the same account.
    pub(super) numbers_taken: u32,
    /// The next call that is dispatched comes into no block.
    pub(super) loses_next: bool,
    /// How often something was sent once more.
    pub(super) sent_again: u32,
    /// Of its best block the node says that the time for every dispute is over.
    pub(super) lies_of_best: bool,
    pub(super) used_nonces: u64,
    pub(super) signed: BTreeMap<u64, Call>,
    /// What waits for a lower number.
    pub(super) pool: BTreeMap<u64, Call>,
    /// How many calls were dispatched at once, each time.
    pub(super) batches: Vec<usize>,
    /// Why calls were refused in their blocks, by the numbers of their transactions.
    pub(super) refusals: BTreeMap<u64, ChainError>,
    pub(super) failure: Option<ChainError>,
    pub(super) participants: BTreeMap<AccountId, Participant>,
    /// What everybody has free.
    pub(super) free: Balance,
    /// The council stopped new orders.
    pub(super) orders_stopped: bool,
    /// What the council announced.
    pub(super) upgrade: Option<Upgrade>,
    /// Under which alone anybody acts for a company.
    pub(super) membership: Option<Membership>,
    /// What whoever acts for a company may take of its money.
    pub(super) day_limit: Option<DayLimit>,
}

/// A company that may buy and sell.
fn verified_company() -> Participant {
    Participant {
        version: 1,
        profile: Profile {
            name: b"Hanbit".to_vec().try_into().unwrap(),
            registration_number: "1234567891".parse().unwrap(),
            ksic: "C29223".parse().unwrap(),
            size: SizeClass::Small,
            region: Region::Gyeonggi,
            roles: Roles::ALL,
        },
        standing: Standing::Verified,
        accredited: false,
        registered_at: 1,
        changed_at: 1,
        deposit: 0,
    }
}

pub(super) fn rules() -> Rules {
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

pub(super) fn quoted(offer: &Offer) -> OrderTerms {
    rules().terms_of(GENESIS, 7, offer, [], |_| None).unwrap()
}

impl State {
    pub(super) fn new() -> Self {
        Self {
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
            elder: None,
            pending_lineage: BTreeSet::new(),
            dies: false,
            loses: 0,
            used_keys: BTreeMap::new(),
            faulty: BTreeSet::new(),
            datasets: BTreeMap::new(),
            rights: BTreeMap::new(),
            parents: BTreeMap::new(),
            carried: BTreeMap::new(),
            orders_stopped: false,
            upgrade: None,
            lose_answers: false,
            withholds: false,
            invents: false,
            rejection: None,
            numbers_taken: 0,
            loses_next: false,
            sent_again: 0,
            lies_of_best: false,
            used_nonces: 0,
            signed: BTreeMap::new(),
            pool: BTreeMap::new(),
            batches: Vec::new(),
            refusals: BTreeMap::new(),
            failure: None,
            participants: [seller(), buyer()].map(|key| (key.account(), verified_company())).into(),
            free: 1_000_000,
            membership: None,
            day_limit: None,
        }
    }

    pub(super) fn register(&mut self, id: DatasetId, length: u64, owner: AccountId) {
        let dataset = Dataset {
            version: 1,
            registrant: owner,
            owner,
            length,
            metadata: [0; 32],
            method: Method::Collected,
            registered: Moment { block: self.best, time: 0 },
            announced: self.best,
            // Only what is registered by its calls has anything to wait for.
            provisional_until: self.best,
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

    pub(super) fn place(&mut self, buyer: AccountId, order_key: OrderKey, nonce: Digest) -> OrderId {
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
            refund_proposed: None,
        };
        self.history.insert((id, self.best), order.clone());
        self.orders.insert(id, order);
        id
    }

    /// Somebody takes over every registration that is provisional, with an announcement older than any.
    pub(super) fn displace(&mut self, elder: AccountId) {
        let (best, mut taken) = (self.best, Vec::new());
        for (id, dataset) in self.datasets.iter_mut().filter(|(_, dataset)| dataset.is_provisional_at(best)) {
            (dataset.owner, dataset.registrant, dataset.announced) = (elder, elder, 0);
            dataset.registered.block = best;
            dataset.provisional_until = best + PROVISIONAL_PERIOD;
            taken.push(*id);
        }
        for id in taken {
            self.pending_lineage.remove(&id);
            self.parents.remove(&id);
        }
    }

    /// The hash of a block.
    pub(super) fn hash_at(&self, height: BlockNumber) -> Digest {
        let mut hash = [self.history_number; 32];
        hash[..4].copy_from_slice(&height.to_le_bytes());
        hash
    }

    /// An order as the node shows it.
    pub(super) fn shown(&self, id: OrderId, head: Head) -> Option<Order> {
        let mut order = self.orders.get(&id).cloned()?;
        if let (OrderState::Delivered { dispute_until, .. }, Head::Best, true) =
            (&mut order.state, head, self.lies_of_best)
        {
            *dispute_until = 0;
        }
        Some(order)
    }

    pub(super) fn delivered(&mut self, id: OrderId, delivery: Delivery) {
        let at = self.best;
        let order = self.orders.get_mut(&id).unwrap();
        order.state = OrderState::Delivered { delivery, at, dispute_until: at + order.terms.dispute_window };
        self.history.insert((id, at), order.clone());
    }

    pub(super) fn end_order(&mut self, id: OrderId, outcome: Outcome) {
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
