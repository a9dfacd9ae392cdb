//! Whole trades as load: what is to be sent next, from what stands in the blocks.
//!
//! A buyer goes round by round: so many orders at once, and when all of them have been delivered, the acceptances of these;
//! then others' orders come first. What goes on with a trade is sent at once, and new orders as long as not too much is on
//! its way, so that every block has calls of all three kinds. Orders are signed before the clock starts; deliveries and
//! acceptances name the number that the chain gives an order, and are signed as soon as it is known, while the pool still
//! has work for a block. Numbers are counted from the orders in the blocks, which the caller compares with the chain's own
//! count.

use std::collections::{HashMap, VecDeque};

use wonbon_client::chain::{Call, Chain, ChainError, Place};
use wonbon_model::{BlockRef, OrderId};
use wonbon_primitives::{
    delivery::{deliver, OrderKey},
    label, OsRng,
};

use super::{blocks::Block, floor::Floor, hexadecimal, LIFE};

/// Calls of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    pub orders: usize,
    pub deliveries: usize,
    pub acceptances: usize,
}

/// The load and how far it is.
#[derive(Debug)]
pub struct Trading<'a> {
    chain: &'a Chain,
    floor: &'a Floor,
    birth: BlockRef,
    /// How many orders a buyer places at once.
    round: usize,
    buyers: Vec<Buyer>,
    /// The next nonces of the sellers.
    sellers: Vec<u64>,
    next_order: OrderId,
    /// Buyers that may order, the one that waited longest first.
    idle: VecDeque<usize>,
    /// What was sent and is in no block yet, by its bytes.
    sent: HashMap<String, Sent>,
}

#[derive(Debug)]
struct Buyer {
    /// The number of the next transaction to be signed.
    nonce: u64,
    /// Orders that were signed ahead.
    ready: VecDeque<Ordered>,
    /// Orders of this round that have not been delivered.
    undelivered: usize,
    /// Orders that were delivered, to be accepted with the next round.
    delivered: Vec<OrderId>,
}

/// A signed order.
#[derive(Debug)]
struct Ordered {
    bytes: String,
    offer: usize,
    key: OrderKey,
}

/// What a transaction on its way does.
#[derive(Debug)]
enum Sent {
    Order { buyer: usize, offer: usize, key: OrderKey },
    Delivery { buyer: usize, order: OrderId },
    Acceptance,
}

impl<'a> Trading<'a> {
    /// Signs the orders of so many rounds for every buyer.
    pub async fn prepare(
        chain: &'a Chain,
        floor: &'a Floor,
        round: usize,
        rounds: usize,
    ) -> Result<Self, ChainError> {
        let view = chain.best().await?;
        let mut sellers = Vec::new();
        for seller in &floor.sellers {
            sellers.push(view.nonce(&seller.signer()).await?);
        }
        let mut buyers = Vec::new();
        for buyer in &floor.buyers {
            let nonce = view.nonce(&buyer.signer()).await?;
            buyers.push(Buyer { nonce, ready: VecDeque::new(), undelivered: 0, delivered: Vec::new() });
        }
        let next_order = view.next_order().await?;
        let (birth, sent) = (view.block(), HashMap::new());
        let idle = (0..floor.buyers.len()).collect();
        let mut this = Self { chain, floor, birth, round, buyers, sellers, next_order, idle, sent };
        for buyer in 0..this.buyers.len() {
            let first = this.buyers[buyer].nonce;
            for number in 0..round * rounds {
                // Between the orders of two rounds stand as many acceptances.
                let ahead = number / round * 2 * round + number % round;
                let order = this.sign_order(buyer, number, first + ahead as u64)?;
                this.buyers[buyer].ready.push_back(order);
            }
        }
        Ok(this)
    }

    /// The number that the next order has, if all orders in the blocks so far were good.
    pub fn next_order(&self) -> OrderId {
        self.next_order
    }

    /// How many transactions are on their way.
    pub fn on_their_way(&self) -> usize {
        self.sent.len()
    }

    /// New orders, until so many transactions are on their way or no buyer is idle.
    pub fn orders(&mut self, on_their_way: usize) -> Result<Vec<String>, ChainError> {
        let mut next = Vec::new();
        while self.sent.len() < on_their_way {
            let Some(buyer) = self.idle.pop_front() else { break };
            next.extend(self.order(buyer)?);
        }
        Ok(next)
    }

    /// What goes on with the trades in a block, and what was in it.
    pub fn after(&mut self, block: &Block) -> Result<(Vec<String>, Calls), ChainError> {
        let (mut next, mut calls) = (Vec::new(), Calls::default());
        for transaction in &block.transactions {
            match self.sent.remove(transaction) {
                None => {}
                Some(Sent::Order { buyer, offer, key }) => {
                    calls.orders += 1;
                    let order = self.next_order;
                    self.next_order += 1;
                    next.push(self.deliver(buyer, offer, order, &key)?);
                }
                Some(Sent::Delivery { buyer, order }) => {
                    calls.deliveries += 1;
                    let state = &mut self.buyers[buyer];
                    state.delivered.push(order);
                    state.undelivered -= 1;
                    if state.undelivered == 0 {
                        next.extend(self.accept(buyer)?);
                        self.idle.push_back(buyer);
                    }
                }
                Some(Sent::Acceptance) => calls.acceptances += 1,
            }
        }
        Ok((next, calls))
    }

    /// Acceptances of what was delivered.
    fn accept(&mut self, buyer: usize) -> Result<Vec<String>, ChainError> {
        let mut next = Vec::new();
        for order in std::mem::take(&mut self.buyers[buyer].delivered) {
            let nonce = self.buyers[buyer].next_nonce();
            let bytes = self.sign(&self.floor.buyers[buyer], &Call::accept(order, 0), nonce)?;
            self.sent.insert(bytes.clone(), Sent::Acceptance);
            next.push(bytes);
        }
        Ok(next)
    }

    /// The orders of a round.
    fn order(&mut self, buyer: usize) -> Result<Vec<String>, ChainError> {
        let mut next = Vec::new();
        for number in 0..self.round {
            let nonce = self.buyers[buyer].next_nonce();
            let signed = self.buyers[buyer].ready.pop_front();
            // More rounds than were signed ahead: the load is still right, and takes a little more of the machine.
            let Ordered { bytes, offer, key } =
                signed.map_or_else(|| self.sign_order(buyer, number, nonce), Ok)?;
            self.sent.insert(bytes.clone(), Sent::Order { buyer, offer, key });
            next.push(bytes);
        }
        self.buyers[buyer].undelivered = self.round;
        Ok(next)
    }

    fn deliver(
        &mut self,
        buyer: usize,
        offer: usize,
        order: OrderId,
        key: &OrderKey,
    ) -> Result<String, ChainError> {
        let offered = &self.floor.offers[offer];
        let delivery = deliver(&self.floor.genesis, order, key, &offered.key, &mut OsRng);
        let call = Call::deliver(order, delivery.expect("the order's key is a point; qed"));
        let nonce = self.sellers[offered.seller];
        self.sellers[offered.seller] += 1;
        let bytes = self.sign(&self.floor.sellers[offered.seller], &call, nonce)?;
        self.sent.insert(bytes.clone(), Sent::Delivery { buyer, order });
        Ok(bytes)
    }

    fn sign_order(&self, buyer: usize, number: usize, nonce: u64) -> Result<Ordered, ChainError> {
        let offer = (buyer * self.round + number % self.round) % self.floor.offers.len();
        let account = &self.floor.buyers[buyer].signer().0;
        let order_nonce = label::hash(label::ACCOUNT_SECRET, &[b"load", account, &nonce.to_le_bytes()]);
        let (call, secret) = self.floor.order(buyer, offer, order_nonce);
        let bytes = self.sign(&self.floor.buyers[buyer], &call, nonce)?;
        Ok(Ordered { bytes, offer, key: secret.order_key() })
    }

    fn sign(&self, key: &wonbon_client::Keypair, call: &Call, nonce: u64) -> Result<String, ChainError> {
        let place = Place { nonce, birth: self.birth, life: LIFE };
        Ok(hexadecimal(&self.chain.sign_ahead(key, call, place)?.0))
    }
}

impl Buyer {
    fn next_nonce(&mut self) -> u64 {
        let nonce = self.nonce;
        self.nonce += 1;
        nonce
    }
}
