//! What the market should do, said a second time and as simply as possible: who may do what and when, and
//! who owns how much afterwards. The state machine compares the pallet with it after each step.

use std::collections::{BTreeMap, BTreeSet};

use sp_runtime::Permill;

use super::{Sealing, DELIVERY_WINDOW, DISPUTE_WINDOW};
use crate::{
    mock::{
        rules, AccountId, Balance, BlockNumber, BUYER, ENDOWMENT, OTHER_BUYER, OTHER_SELLER, SELLER,
        STRANGER, TREASURY,
    },
    RuleSet,
};

/// A sealing that a seller may offer.
pub(super) struct Product {
    pub(super) owner: AccountId,
    pub(super) sealing: Sealing,
    /// The block that is not the dataset's.
    pub(super) wrong_block: Option<usize>,
}

/// What there is to be sold; the first and the fourth are two sealings of one dataset.
pub(super) fn products() -> Vec<Product> {
    let product = |owner, sealing, wrong_block| Product { owner, sealing, wrong_block };
    vec![
        product(SELLER, Sealing::honest(1), None),
        product(SELLER, Sealing::with_wrong_block(2, 3), Some(3)),
        product(OTHER_SELLER, Sealing::honest(3), None),
        product(SELLER, Sealing::under_key(1, 4), None),
        product(OTHER_SELLER, Sealing::with_wrong_block(5, 0), Some(0)),
    ]
}

/// One of two sets of rules, as the pallet takes it.
pub(super) fn rule_set(second: bool) -> RuleSet<Balance, BlockNumber> {
    if second {
        RuleSet {
            platform_fee: Permill::from_percent(10),
            bond_share: Permill::from_percent(30),
            dispute_reserve: 400,
            missed_delivery_share: Permill::from_percent(50),
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
    open: bool,
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
    deliver_by: BlockNumber,
    pub(super) stage: Stage,
}

/// The market.
pub(super) struct Model {
    products: Vec<(AccountId, Option<usize>)>,
    pub(super) offers: Vec<Offer>,
    pub(super) orders: Vec<Order>,
    pub(super) wealth: BTreeMap<AccountId, Balance>,
    verified: BTreeSet<AccountId>,
    faulty: BTreeSet<usize>,
    second_rules: bool,
    now: BlockNumber,
}

impl Model {
    pub(super) fn new(products: &[Product]) -> Self {
        let companies = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER];
        let mut wealth: BTreeMap<_, _> = companies.map(|who| (who, ENDOWMENT)).into();
        wealth.insert(STRANGER, ENDOWMENT);
        wealth.insert(TREASURY, 0);
        Self {
            products: products.iter().map(|product| (product.owner, product.wrong_block)).collect(),
            offers: Vec::new(),
            orders: Vec::new(),
            wealth,
            verified: companies.into(),
            faulty: BTreeSet::new(),
            second_rules: false,
            now: 1,
        }
    }

    /// What `who` should have on hold: in escrow and as bonds.
    pub(super) fn held(&self, who: AccountId) -> (Balance, Balance) {
        let escrow = self
            .orders
            .iter()
            .filter(|order| order.buyer == who && order.stage != Stage::Final)
            .map(|order| order.price + order.reserve_left)
            .sum();
        let bonds = self.offers.iter().filter(|offer| offer.seller == who).map(|offer| offer.bond).sum();
        (escrow, bonds)
    }

    fn can_hold(&self, who: AccountId, amount: Balance) -> bool {
        let (escrow, bonds) = self.held(who);
        escrow + bonds + amount < self.wealth[&who]
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

    pub(super) fn toggle(&mut self, who: AccountId) {
        if !self.verified.remove(&who) {
            self.verified.insert(who);
        }
    }

    pub(super) fn offer(&mut self, who: AccountId, product: usize, price: Balance, bond: Balance) -> bool {
        let used = self.offers.iter().any(|offer| offer.product == product);
        let allowed = self.verified.contains(&who)
            && self.products[product].0 == who
            && !used
            && (1..=self.max_price()).contains(&price)
            && bond >= self.share(price).max(1_000)
            && self.can_hold(who, bond);
        if allowed {
            self.offers.push(Offer { seller: who, product, price, bond, open: true });
        }
        allowed
    }

    pub(super) fn set_price(&mut self, who: AccountId, offer: usize, price: Balance) -> bool {
        let needed = (self.exposure(offer) + self.share(price)).max(1_000);
        let allowed = self.offers[offer].seller == who
            && self.offers[offer].open
            && self.verified.contains(&who)
            && (1..=self.max_price()).contains(&price)
            && self.offers[offer].bond >= needed;
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

    pub(super) fn place(&mut self, who: AccountId, offer: usize, stale: bool) -> bool {
        let it = &self.offers[offer];
        let bond = self.share(it.price).max(1_000);
        let price = it.price;
        let allowed = it.open
            && !stale
            && it.seller != who
            && self.verified.contains(&who)
            && self.verified.contains(&it.seller)
            && price <= self.max_price()
            && it.bond >= self.exposure(offer) + bond
            && self.can_hold(who, price + self.reserve());
        if allowed {
            self.orders.push(Order {
                offer,
                buyer: who,
                price,
                fee: price * if self.second_rules { 10 } else { 5 } / 100,
                reserve: self.reserve(),
                reserve_left: self.reserve(),
                bond,
                penalty: bond * if self.second_rules { 50 } else { 10 } / 100,
                deliver_by: self.now + DELIVERY_WINDOW,
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
        if allowed {
            self.orders[order].stage = Stage::Delivered { right_key, until: self.now + DISPUTE_WINDOW };
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
            let penalty = it.penalty;
            self.slash(order, penalty, penalty);
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
        let (price, fee) = (it.price, it.fee);
        self.pay(buyer, seller, price - fee);
        self.pay(buyer, TREASURY, fee);
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
        if !self.offers[offer].open && idle {
            self.offers[offer].bond = 0;
        }
    }
}
