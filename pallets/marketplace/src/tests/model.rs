//! What the market should do, said a second time and as simply as possible: who may do what and when, and
//! who owns how much afterwards. The state machine compares the pallet with it after each step.

use std::collections::{BTreeMap, BTreeSet};

use wonbon_primitives::{bounds::MAX_EXTENSIONS, record, share::Share};

use super::{Sealing, DELIVERY_WINDOW, DISPUTE_WINDOW};
use crate::{
    mock::{
        rules, AccountId, Balance, BlockNumber, BUYER, ENDOWMENT, OFFER_DEPOSIT, OTHER_BUYER, OTHER_SELLER,
        SELLER, STRANGER, TREASURY,
    },
    OrderAct,
};

/// A sealing that a seller may offer.
pub(super) struct Product {
    pub(super) dataset: usize,
    pub(super) sealing: Sealing,
    /// The block that is not the dataset's.
    pub(super) wrong_block: Option<usize>,
}

/// What there is to be sold; the first and the fourth are two sealings of one dataset.
pub(super) fn products() -> Vec<Product> {
    let product = |dataset, sealing, wrong_block| Product { dataset, sealing, wrong_block };
    vec![
        product(0, Sealing::honest(1), None),
        product(1, Sealing::with_wrong_block(2, 3), Some(3)),
        product(2, Sealing::honest(3), None),
        product(0, Sealing::under_key(1, 4), None),
        product(3, Sealing::with_wrong_block(5, 0), Some(0)),
        product(4, Sealing::honest(6), None),
        product(5, Sealing::honest(7), None),
        product(6, Sealing::honest(8), None),
        product(4, Sealing::under_key(6, 9), None),
    ]
}

/// A registered dataset.
pub(super) struct Dataset {
    pub(super) owner: AccountId,
    /// What it was made from, and the royalty of each in millionths.
    pub(super) parents: Vec<(usize, u32)>,
    pub(super) withdrawn: bool,
}

/// The datasets: four sources and, behind the last, three generations with a diamond.
pub(super) fn datasets() -> Vec<Dataset> {
    let dataset = |owner, parents: &[_]| Dataset { owner, parents: parents.to_vec(), withdrawn: false };
    vec![
        dataset(SELLER, &[]),
        dataset(SELLER, &[]),
        dataset(OTHER_SELLER, &[]),
        dataset(OTHER_SELLER, &[]),
        dataset(OTHER_SELLER, &[(0, 100_000)]),
        dataset(BUYER, &[(4, 50_000), (0, 200_000)]),
        dataset(BUYER, &[(5, 0), (2, 70_000)]),
    ]
}

/// One of two sets of rules, as the pallet takes it.
pub(super) fn rule_set(second: bool) -> record::Rules<Balance, BlockNumber> {
    if second {
        record::Rules {
            platform_fee: Share::from_percent(10),
            bond_share: Share::from_percent(30),
            dispute_reserve: 400,
            missed_delivery_share: Share::from_percent(50),
            max_price: 50_000,
            ..rules()
        }
    } else {
        rules()
    }
}

/// What a buyer claims.
#[derive(Clone, Copy, Debug)]
pub(super) enum Claim {
    Key,
    Block(usize),
}

pub(super) struct Offer {
    pub(super) seller: AccountId,
    pub(super) product: usize,
    price: Balance,
    bond: Balance,
    /// The royalty for which buyers may sell what they make.
    licence: Option<u32>,
    open: bool,
    faulted: bool,
    /// When a delivery was missed, and the highest penalty paid since.
    pause: Option<(BlockNumber, Balance)>,
    /// What of the bond is to leave, and until when it stays.
    leaving: Option<(Balance, BlockNumber)>,
    /// How long buyers of later orders may dispute.
    window: BlockNumber,
    /// How long a buyer of an open order may, at most.
    longest: BlockNumber,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stage {
    Placed,
    Delivered { right_key: bool, until: BlockNumber },
    Final,
}

pub(super) struct Order {
    pub(super) offer: usize,
    pub(super) buyer: AccountId,
    price: Balance,
    fee: Balance,
    reserve: Balance,
    reserve_left: Balance,
    bond: Balance,
    penalty: Balance,
    /// Who gets how much of the price.
    royalties: Vec<(AccountId, Balance)>,
    /// For what royalty the buyer may sell what they make.
    licence: Option<u32>,
    placed_at: BlockNumber,
    deliver_by: BlockNumber,
    window: BlockNumber,
    refund_proposed: bool,
    pub(super) stage: Stage,
}

/// The market.
pub(super) struct Model {
    /// Dataset and wrong block of each.
    products: Vec<(usize, Option<usize>)>,
    pub(super) datasets: Vec<Dataset>,
    pub(super) offers: Vec<Offer>,
    pub(super) orders: Vec<Order>,
    pub(super) wealth: BTreeMap<AccountId, Balance>,
    /// The least royalty for which a company may sell what it makes from a dataset.
    pub(super) rights: BTreeMap<(AccountId, usize), u32>,
    verified: BTreeSet<AccountId>,
    faulty: BTreeSet<usize>,
    second_rules: bool,
    stopped: bool,
    /// The extensions: block and length.
    extensions: Vec<(BlockNumber, BlockNumber)>,
    now: BlockNumber,
}

impl Model {
    pub(super) fn new(products: &[Product]) -> Self {
        let companies = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER];
        let mut wealth: BTreeMap<_, _> = companies.map(|who| (who, ENDOWMENT)).into();
        wealth.insert(STRANGER, ENDOWMENT);
        wealth.insert(TREASURY, 0);
        Self {
            products: products.iter().map(|product| (product.dataset, product.wrong_block)).collect(),
            datasets: datasets(),
            offers: Vec::new(),
            orders: Vec::new(),
            wealth,
            rights: BTreeMap::new(),
            verified: companies.into(),
            faulty: BTreeSet::new(),
            second_rules: false,
            stopped: false,
            extensions: Vec::new(),
            now: 1,
        }
    }

    /// What `who` should have on hold: in escrow, as bonds, and as deposits for all their offers.
    pub(super) fn held(&self, who: AccountId) -> [Balance; 3] {
        let escrow = self
            .orders
            .iter()
            .filter(|order| order.buyer == who && order.stage != Stage::Final)
            .map(|order| order.price + order.reserve_left)
            .sum();
        let offers = self.offers.iter().filter(|offer| offer.seller == who);
        let bonds = offers.clone().map(|offer| offer.bond).sum();
        [escrow, bonds, OFFER_DEPOSIT * offers.count() as Balance]
    }

    fn can_hold(&self, who: AccountId, amount: Balance) -> bool {
        self.held(who).iter().sum::<Balance>() + amount < self.wealth[&who]
    }

    fn reserve(&self) -> Balance {
        if self.second_rules {
            400
        } else {
            300
        }
    }

    fn max_price(&self) -> Balance {
        if self.second_rules {
            50_000
        } else {
            100_000
        }
    }

    fn share(&self, price: Balance) -> Balance {
        price * if self.second_rules { 30 } else { 20 } / 100
    }

    fn exposure(&self, offer: usize) -> Balance {
        let open = self.orders.iter().filter(|order| order.offer == offer && order.stage != Stage::Final);
        open.map(|order| order.bond).sum()
    }

    pub(super) fn pass(&mut self, blocks: BlockNumber) {
        self.now += blocks;
    }

    pub(super) fn set_rules(&mut self, second: bool) {
        self.second_rules = second;
    }

    pub(super) fn stop_orders(&mut self, stop: bool) -> bool {
        let changes = self.stopped != stop;
        self.stopped = stop;
        changes
    }

    pub(super) fn extend(&mut self, blocks: BlockNumber) -> bool {
        let allowed = blocks > 0 && self.extensions.len() < MAX_EXTENSIONS as usize;
        if allowed {
            self.extensions.push((self.now, blocks));
            for order in &mut self.orders {
                let end = match &mut order.stage {
                    Stage::Placed => &mut order.deliver_by,
                    Stage::Delivered { until, .. } => until,
                    Stage::Final => continue,
                };
                if *end >= self.now {
                    *end += blocks;
                }
            }
        }
        allowed
    }

    /// What a window is given beyond its length by extensions of the block in which it is opened.
    fn extended_now(&self) -> BlockNumber {
        self.extensions.iter().filter(|(at, _)| *at == self.now).map(|(_, blocks)| blocks).sum()
    }

    /// Whether whoever may would be let before others.
    pub(super) fn admits(&self, order: usize, act: OrderAct) -> bool {
        let it = &self.orders[order];
        match (it.stage, act) {
            (Stage::Placed, OrderAct::Delivery) => self.now <= it.deliver_by,
            (Stage::Delivered { until, .. }, OrderAct::Dispute) => self.now <= until,
            _ => false,
        }
    }

    pub(super) fn toggle(&mut self, who: AccountId) {
        if !self.verified.remove(&who) {
            self.verified.insert(who);
        }
    }

    pub(super) fn hand_over(&mut self, dataset: usize, to: AccountId) {
        self.datasets[dataset].owner = to;
    }

    pub(super) fn withdraw_dataset(&mut self, dataset: usize) {
        self.datasets[dataset].withdrawn = true;
        for offer in 0..self.offers.len() {
            if self.offers[offer].open && self.products[self.offers[offer].product].0 == dataset {
                self.offers[offer].open = false;
                self.release_bond(offer);
            }
        }
    }

    /// Hands a dataset over and keeps the right to derive from it.
    pub(super) fn hand_over_keeping(&mut self, dataset: usize, to: AccountId, royalty: u32) {
        let from = self.datasets[dataset].owner;
        self.hand_over(dataset, to);
        let right = self.rights.entry((from, dataset)).or_insert(royalty);
        *right = royalty.min(*right);
    }

    pub(super) fn amend(
        &mut self,
        who: AccountId,
        offer: usize,
        window: BlockNumber,
        licence: Option<u32>,
    ) -> bool {
        let open = self.orders.iter().any(|order| order.offer == offer && order.stage != Stage::Final);
        let it = &mut self.offers[offer];
        let allowed = it.seller == who
            && !it.faulted
            && self.verified.contains(&who)
            && (10..=1_000).contains(&window)
            && licence.is_none_or(|royalty| royalty <= 500_000);
        if allowed {
            it.window = window;
            it.licence = licence;
            if !open {
                it.longest = window;
            }
        }
        allowed
    }

    pub(super) fn resume(&mut self, who: AccountId, offer: usize) -> bool {
        let it = &mut self.offers[offer];
        let allowed = it.seller == who && it.open && it.pause.is_some() && self.verified.contains(&who);
        if allowed {
            it.pause = None;
        }
        allowed
    }

    pub(super) fn reopen(&mut self, who: AccountId, offer: usize, bond: Balance) -> bool {
        let it = &self.offers[offer];
        let dataset = self.products[it.product].0;
        let needed = (self.exposure(offer) + self.share(it.price)).max(1_000);
        let allowed = it.seller == who
            && !it.open
            && !it.faulted
            && !self.faulty.contains(&it.product)
            && self.verified.contains(&who)
            && self.can_sell(who, dataset)
            && self.may_derive(who, dataset)
            && self.covering(offer) + bond >= needed
            && (bond == 0 || self.can_hold(who, bond));
        if allowed {
            let it = &mut self.offers[offer];
            it.open = true;
            it.pause = None;
            it.bond += bond;
        }
        allowed
    }

    pub(super) fn announce_release(&mut self, who: AccountId, offer: usize, amount: Balance) -> bool {
        let free = self.offers[offer].bond.saturating_sub(self.exposure(offer));
        let now = self.now;
        let it = &mut self.offers[offer];
        let allowed = it.seller == who && amount <= free;
        if allowed {
            it.leaving = (amount > 0).then_some((amount, now + it.window.max(it.longest)));
        }
        allowed
    }

    pub(super) fn take_bond(&mut self, who: AccountId, offer: usize) -> bool {
        let it = &mut self.offers[offer];
        match it.leaving {
            Some((amount, until)) if it.seller == who && self.now > until => {
                it.bond -= amount;
                it.leaving = None;
                true
            }
            _ => false,
        }
    }

    /// What of a bond covers orders.
    fn covering(&self, offer: usize) -> Balance {
        let it = &self.offers[offer];
        it.bond - it.leaving.map_or(0, |(amount, _)| amount)
    }

    fn can_sell(&self, who: AccountId, dataset: usize) -> bool {
        self.datasets[dataset].owner == who && !self.datasets[dataset].withdrawn
    }

    fn may_derive(&self, who: AccountId, dataset: usize) -> bool {
        self.datasets[dataset].parents.iter().all(|(parent, royalty)| {
            self.rights.get(&(who, *parent)).is_some_and(|least| least <= royalty)
                || self.datasets[*parent].owner == who && self.may_derive(who, *parent)
        })
    }

    /// Of each dataset that a sale of this one owes anything: how much, in millionths.
    fn owed(&self, dataset: usize) -> BTreeMap<usize, u32> {
        let mut all = BTreeMap::new();
        for (parent, royalty) in &self.datasets[dataset].parents {
            for (ancestor, share) in self.owed(*parent).into_iter().chain([(*parent, *royalty)]) {
                let most = all.entry(ancestor).or_insert(0);
                *most = share.max(*most);
            }
        }
        all
    }

    pub(super) fn offer(
        &mut self,
        who: AccountId,
        product: usize,
        price: Balance,
        bond: Balance,
        licence: Option<u32>,
    ) -> bool {
        let dataset = self.products[product].0;
        // A key once used is used for good, but a dataset may come back under another's.
        let used = self.offers.iter().any(|offer| offer.product == product && offer.seller == who);
        let allowed = self.verified.contains(&who)
            && self.can_sell(who, dataset)
            && self.may_derive(who, dataset)
            && licence.is_none_or(|royalty| royalty <= 500_000)
            && !used
            && !self.faulty.contains(&product)
            && (1..=self.max_price()).contains(&price)
            && bond >= self.share(price).max(1_000)
            && self.can_hold(who, bond + OFFER_DEPOSIT);
        if allowed {
            self.offers.push(Offer {
                seller: who,
                product,
                price,
                bond,
                licence,
                open: true,
                faulted: false,
                pause: None,
                leaving: None,
                window: DISPUTE_WINDOW,
                longest: DISPUTE_WINDOW,
            });
        }
        allowed
    }

    pub(super) fn set_price(&mut self, who: AccountId, offer: usize, price: Balance) -> bool {
        let needed = (self.exposure(offer) + self.share(price)).max(1_000);
        let allowed = self.offers[offer].seller == who
            && self.offers[offer].open
            && self.verified.contains(&who)
            && (1..=self.max_price()).contains(&price)
            && self.covering(offer) >= needed;
        if allowed {
            self.offers[offer].price = price;
        }
        allowed
    }

    pub(super) fn add_bond(&mut self, who: AccountId, offer: usize, amount: Balance) -> bool {
        let allowed =
            self.offers[offer].seller == who && self.offers[offer].open && self.can_hold(who, amount);
        if allowed {
            self.offers[offer].bond += amount;
        }
        allowed
    }

    pub(super) fn withdraw(&mut self, who: AccountId, offer: usize) -> bool {
        let allowed = self.offers[offer].seller == who && self.offers[offer].open;
        if allowed {
            self.offers[offer].open = false;
            self.release_bond(offer);
        }
        allowed
    }

    pub(super) fn close(&mut self, offer: usize) -> bool {
        let it = &self.offers[offer];
        let dataset = self.products[it.product].0;
        let good = self.can_sell(it.seller, dataset) && self.may_derive(it.seller, dataset);
        let allowed = it.open && !good;
        if allowed {
            self.offers[offer].open = false;
            self.release_bond(offer);
        }
        allowed
    }

    pub(super) fn place(&mut self, who: AccountId, offer: usize, stale: bool) -> bool {
        let it = &self.offers[offer];
        let bond = self.share(it.price).max(1_000);
        let price = it.price;
        let dataset = self.products[it.product].0;
        let allowed = it.open
            && !self.stopped
            && it.pause.is_none()
            && self.can_sell(it.seller, dataset)
            && self.may_derive(it.seller, dataset)
            && !self.faulty.contains(&it.product)
            && !stale
            && it.seller != who
            && self.verified.contains(&who)
            && self.verified.contains(&it.seller)
            && price <= self.max_price()
            && self.covering(offer) >= self.exposure(offer) + bond
            && self.can_hold(who, price + self.reserve());
        if allowed {
            let fee = price * if self.second_rules { 10 } else { 5 } / 100;
            let royalties = self.owed(dataset).into_iter().map(|(ancestor, share)| {
                (self.datasets[ancestor].owner, (price - fee) * Balance::from(share) / 1_000_000)
            });
            let royalties = royalties.collect();
            let it = &mut self.offers[offer];
            it.longest = it.longest.max(it.window);
            let (window, licence) = (it.window, it.licence);
            self.orders.push(Order {
                offer,
                buyer: who,
                price,
                fee,
                royalties,
                reserve: self.reserve(),
                reserve_left: self.reserve(),
                bond,
                penalty: bond * if self.second_rules { 50 } else { 10 } / 100,
                licence,
                placed_at: self.now,
                deliver_by: self.now + DELIVERY_WINDOW + self.extended_now(),
                window,
                refund_proposed: false,
                stage: Stage::Placed,
            });
        }
        allowed
    }

    fn is_faulty(&self, order: usize) -> bool {
        self.faulty.contains(&self.offers[self.orders[order].offer].product)
    }

    pub(super) fn deliver(&mut self, who: AccountId, order: usize, right_key: bool) -> bool {
        let it = &self.orders[order];
        let allowed = it.stage == Stage::Placed
            && self.offers[it.offer].seller == who
            && self.now <= it.deliver_by
            && !self.is_faulty(order);
        let until = self.now + it.window + self.extended_now();
        if allowed {
            self.orders[order].stage = Stage::Delivered { right_key, until };
        }
        allowed
    }

    pub(super) fn accept(&mut self, who: AccountId, order: usize) -> bool {
        let it = &self.orders[order];
        let allowed =
            matches!(it.stage, Stage::Delivered { .. }) && it.buyer == who && !self.is_faulty(order);
        if allowed {
            self.pay_seller(order);
        }
        allowed
    }

    pub(super) fn settle(&mut self, order: usize) -> bool {
        let in_time = matches!(self.orders[order].stage, Stage::Delivered { until, .. } if self.now > until);
        let allowed = in_time && !self.is_faulty(order);
        if allowed {
            self.pay_seller(order);
        }
        allowed
    }

    pub(super) fn expire(&mut self, order: usize) -> bool {
        let it = &self.orders[order];
        let allowed = it.stage == Stage::Placed && self.now > it.deliver_by && !self.is_faulty(order);
        if allowed {
            let (offer, penalty) = (it.offer, it.penalty);
            self.pay_penalty(order);
            self.offers[offer].pause.get_or_insert((self.now, penalty));
            self.finish(order);
        }
        allowed
    }

    /// Of orders that a pause was too late for, the dearest pays for all.
    fn pay_penalty(&mut self, order: usize) {
        let it = &self.orders[order];
        let (offer, full) = (it.offer, it.penalty);
        let due = match &mut self.offers[offer].pause {
            Some((_, paid)) => {
                let due = full.saturating_sub(*paid);
                *paid = full.max(*paid);
                due
            }
            None => full,
        };
        self.slash(order, due, due);
    }

    pub(super) fn refuse(&mut self, who: AccountId, order: usize) -> bool {
        let it = &self.orders[order];
        let allowed = it.stage == Stage::Placed
            && self.offers[it.offer].seller == who
            && self.now <= it.deliver_by
            && !self.is_faulty(order);
        if allowed {
            if self.now > it.placed_at + DELIVERY_WINDOW / 2 {
                self.pay_penalty(order);
            }
            self.finish(order);
        }
        allowed
    }

    pub(super) fn propose_refund(&mut self, who: AccountId, order: usize) -> bool {
        let it = &mut self.orders[order];
        let allowed = matches!(it.stage, Stage::Delivered { .. })
            && self.offers[it.offer].seller == who
            && !it.refund_proposed;
        it.refund_proposed |= allowed;
        allowed
    }

    pub(super) fn accept_refund(&mut self, who: AccountId, order: usize) -> bool {
        let it = &self.orders[order];
        let allowed =
            it.stage != Stage::Final && it.buyer == who && it.refund_proposed && !self.is_faulty(order);
        if allowed {
            self.finish(order);
        }
        allowed
    }

    pub(super) fn refund_faulty(&mut self, order: usize) -> bool {
        let allowed = self.orders[order].stage != Stage::Final && self.is_faulty(order);
        if allowed {
            self.finish(order);
        }
        allowed
    }

    pub(super) fn dispute(&mut self, who: AccountId, order: usize, claim: Claim) -> bool {
        let it = &self.orders[order];
        let Stage::Delivered { right_key, until } = it.stage else { return false };
        let offer = it.offer;
        let product = self.offers[offer].product;
        let holds = match claim {
            Claim::Key => !right_key,
            Claim::Block(index) => right_key && self.products[product].1 == Some(index),
        };
        let allowed = it.buyer == who && self.now <= until && holds;
        if allowed {
            let (bond, reserve) = (it.bond, it.reserve);
            if let Claim::Block(_) = claim {
                self.faulty.insert(product);
                self.offers[offer].open = false;
                self.offers[offer].faulted = true;
                self.offers[offer].leaving = None;
                self.slash(order, Balance::MAX, reserve);
            } else {
                self.slash(order, bond, reserve);
            }
            self.finish(order);
        }
        allowed
    }

    /// What the fee payment may draw; it takes all of it.
    pub(super) fn release_reserve(&mut self, who: AccountId, order: usize) -> Balance {
        let it = &mut self.orders[order];
        match it.stage {
            Stage::Delivered { until, .. } if it.buyer == who && self.now <= until => {
                core::mem::take(&mut it.reserve_left)
            }
            _ => 0,
        }
    }

    fn pay(&mut self, from: AccountId, to: AccountId, amount: Balance) {
        *self.wealth.get_mut(&from).expect("an account of the test") -= amount;
        *self.wealth.get_mut(&to).expect("an account of the test") += amount;
    }

    fn pay_seller(&mut self, order: usize) {
        let it = &self.orders[order];
        let (buyer, seller) = (it.buyer, self.offers[it.offer].seller);
        let (price, fee, royalties) = (it.price, it.fee, it.royalties.clone());
        let mut rest = price - fee;
        for (account, amount) in royalties {
            rest -= amount;
            self.pay(buyer, account, amount);
        }
        self.pay(buyer, seller, rest);
        self.pay(buyer, TREASURY, fee);
        let offer = &self.offers[self.orders[order].offer];
        if let Some(royalty) = self.orders[order].licence {
            let right = self.rights.entry((buyer, self.products[offer.product].0)).or_insert(royalty);
            *right = royalty.min(*right);
        }
        self.finish(order);
    }

    fn slash(&mut self, order: usize, amount: Balance, due: Balance) {
        let (offer, buyer) = (self.orders[order].offer, self.orders[order].buyer);
        let seller = self.offers[offer].seller;
        let amount = amount.min(self.offers[offer].bond);
        let to_buyer = due.min(amount);
        self.offers[offer].bond -= amount;
        self.pay(seller, buyer, to_buyer);
        self.pay(seller, TREASURY, amount - to_buyer);
    }

    fn finish(&mut self, order: usize) {
        self.orders[order].stage = Stage::Final;
        self.release_bond(self.orders[order].offer);
    }

    fn release_bond(&mut self, offer: usize) {
        let idle = self.orders.iter().all(|order| order.offer != offer || order.stage == Stage::Final);
        if idle {
            self.offers[offer].longest = self.offers[offer].window;
        }
        if !self.offers[offer].open && idle {
            self.offers[offer].bond = 0;
            self.offers[offer].leaving = None;
        }
    }
}
