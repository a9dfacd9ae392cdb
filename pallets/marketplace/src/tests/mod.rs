//! Tests, and what they have in common: sealed datasets and the steps of a trade, with real cryptography.

mod amendments;
mod attacks;
mod bonds;
mod disputes;
mod limits;
mod lineage;
mod model;
mod offers;
mod orders;
mod priority;
mod returns;
mod royalties;
mod state_machine;
mod stopping;
mod weights;
mod windows;

use frame_support::{assert_ok, dispatch::DispatchResultWithPostInfo};
use frame_system::RawOrigin;
use sp_runtime::DispatchResult;
use wonbon_primitives::{
    bounds::{MAX_LINEAGE, MAX_ROYALTIES},
    content::tree::{inclusion_path, leaf_hash, root_of},
    delivery::{self, Delivery, OrderSecret, SharedSecretProof},
    dispute::{BlockFault, DisputeProof, Fault},
    record::{self, Derivation, OfferState, OrderState, Outcome},
    seal::{self, ContentKey},
    share::Share,
    Commitment, DatasetId, Digest, OfferId, OrderId, OsRng,
};

use crate::{
    mock::{register, AccountId, Balance, BlockNumber, Marketplace, RuntimeOrigin, System, Test},
    Error, Finished, ListingOf, NextOffer, NextOrder, OfferOf, Offers, OrderAct, OrderOf, Orders, TradeOf,
    Trades,
};

pub(crate) const LICENCE: Digest = [0x11; 32];
pub(crate) const NDA: Digest = [0x22; 32];
pub(crate) const PRICE: Balance = 10_000;
/// What stands behind one order at [`PRICE`].
pub(crate) const ORDER_BOND: Balance = 2_000;
/// The platform's part of [`PRICE`].
pub(crate) const FEE: Balance = 500;
pub(crate) const RESERVE: Balance = 300;
/// What a buyer at [`PRICE`] puts into escrow.
pub(crate) const ESCROW: Balance = PRICE + RESERVE;
/// What a delivery missed at [`PRICE`] costs.
pub(crate) const PENALTY: Balance = 200;
pub(crate) const DELIVERY_WINDOW: BlockNumber = 20;
pub(crate) const DISPUTE_WINDOW: BlockNumber = 50;

/// Five blocks, the last one short.
pub(crate) const LENGTH: usize = 4 * 4096 + 100;

/// A dataset and its sealed form, as the seller's tool makes them.
#[derive(Clone)]
pub(crate) struct Sealing {
    pub(crate) plain: Commitment,
    pub(crate) sealed_root: Digest,
    pub(crate) key: ContentKey,
    /// The leaf list: the leaves of the true plaintext.
    pub(crate) leaves: Vec<Digest>,
    pub(crate) sealed_blocks: Vec<Vec<u8>>,
}

impl Sealing {
    /// Different seeds give different datasets under different keys.
    pub(crate) fn honest(seed: u8) -> Self {
        Self::new(seed, seed, None)
    }

    /// The dataset of one seed, sealed under the key of another.
    pub(crate) fn under_key(seed: u8, key: u8) -> Self {
        Self::new(seed, key, None)
    }

    /// A sealing with a true leaf list in which one block is not the dataset's.
    pub(crate) fn with_wrong_block(seed: u8, index: usize) -> Self {
        Self::new(seed, seed, Some(index))
    }

    fn new(seed: u8, key: u8, wrong: Option<usize>) -> Self {
        let data: Vec<u8> = (0..LENGTH).map(|at| (at / 7) as u8 ^ seed).collect();
        let blocks: Vec<Vec<u8>> = data.chunks(4096).map(<[u8]>::to_vec).collect();
        let leaves: Vec<Digest> = blocks.iter().map(|block| leaf_hash(block)).collect();
        let key = ContentKey::from_bytes([key; 32]);
        let mut sealed_blocks = blocks;
        if let Some(index) = wrong {
            sealed_blocks[index].fill(0);
        }
        for (index, block) in sealed_blocks.iter_mut().enumerate() {
            seal::apply(&key, index as u64, block).expect("the index is small");
        }
        let sealed_root = root_of(sealed_blocks.iter().map(|block| leaf_hash(block))).expect("not empty");
        let root = root_of(leaves.iter().copied()).expect("not empty");
        Self { plain: Commitment { root, length: LENGTH as u64 }, sealed_root, key, leaves, sealed_blocks }
    }

    pub(crate) fn dataset(&self) -> DatasetId {
        DatasetId(self.plain.root)
    }

    /// What the seller offers by default; the bond is enough for three orders.
    pub(crate) fn listing(&self) -> ListingOf<Test> {
        crate::Listing {
            dataset: self.dataset(),
            sealed_root: self.sealed_root,
            key_commitment: self.key.commitment(),
            price: PRICE,
            licence: LICENCE,
            nda: NDA,
            delivery_window: DELIVERY_WINDOW,
            dispute_window: DISPUTE_WINDOW,
            bond: 3 * ORDER_BOND,
            derivation: Derivation::Forbidden,
        }
    }

    /// The claim that a block is wrong, proved with what the buyer downloaded.
    pub(crate) fn block_fault(&self, index: usize) -> BlockFault {
        let sealed_leaves = self.sealed_blocks.iter().map(|block| leaf_hash(block));
        let sealed_path = inclusion_path(sealed_leaves, index as u64).expect("the index is in the tree");
        let plain_path =
            inclusion_path(self.leaves.iter().copied(), index as u64).expect("the index is in the tree");
        BlockFault {
            index: index as u64,
            sealed_block: self.sealed_blocks[index].clone().try_into().expect("a block"),
            sealed_path: sealed_path.try_into().expect("a short path"),
            plain_leaf: self.leaves[index],
            plain_path: plain_path.try_into().expect("a short path"),
        }
    }
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RawOrigin::Signed(who).into()
}

/// What the runtime makes of who signs a delivery.
pub(crate) fn deliverer(who: AccountId) -> RuntimeOrigin {
    OrderAct::Delivery.by(who).into()
}

/// What it makes of who signs a dispute.
pub(crate) fn disputer(who: AccountId) -> RuntimeOrigin {
    OrderAct::Dispute.by(who).into()
}

/// How a call ended, without what it weighed.
pub(crate) fn plain(result: DispatchResultWithPostInfo) -> DispatchResult {
    result.map(drop).map_err(|error| error.error)
}

pub(crate) fn try_offer(seller: AccountId, listing: ListingOf<Test>) -> DispatchResult {
    plain(Marketplace::offer(
        signed(seller),
        listing.dataset,
        listing.sealed_root,
        listing.key_commitment,
        listing.price,
        listing.licence,
        listing.nda,
        listing.delivery_window,
        listing.dispute_window,
        listing.bond,
        listing.derivation.into(),
        MAX_LINEAGE,
    ))
}

/// Registers and offers a sealing.
pub(crate) fn offer(seller: AccountId, sealing: &Sealing) -> OfferId {
    register(seller, sealing.plain);
    list(seller, sealing.listing())
}

/// Offers what is registered already.
pub(crate) fn list(seller: AccountId, listing: ListingOf<Test>) -> OfferId {
    assert_ok!(try_offer(seller, listing));
    NextOffer::<Test>::get() - 1
}

/// What a buyer's tool keeps secret for the whole life of the account.
fn account_secret(who: AccountId) -> [u8; 32] {
    let mut secret = [0x5e; 32];
    secret[..8].copy_from_slice(&who.to_le_bytes());
    secret
}

/// A nonce that was not used before.
fn fresh_nonce(who: AccountId) -> [u8; 32] {
    let mut nonce = [0; 32];
    nonce[..8].copy_from_slice(&NextOrder::<Test>::get().to_le_bytes());
    nonce[8..16].copy_from_slice(&who.to_le_bytes());
    nonce
}

/// Orders at the offer's present price, saying all there is to say.
pub(crate) fn place(
    buyer: AccountId,
    offer: OfferId,
    terms: Digest,
    [licence, nda]: [Digest; 2],
    order_key: [u8; 32],
    nonce: [u8; 32],
) -> DispatchResult {
    let price = Offers::<Test>::get(offer).map_or(PRICE, |offer| offer.price);
    plain(Marketplace::place_order(
        signed(buyer),
        offer,
        price,
        MAX_ROYALTIES,
        MAX_LINEAGE,
        terms,
        licence,
        nda,
        order_key,
        nonce,
    ))
}

pub(crate) fn accept(who: AccountId, id: OrderId) -> DispatchResult {
    plain(Marketplace::accept(signed(who), id, MAX_ROYALTIES))
}

pub(crate) fn settle(who: AccountId, id: OrderId) -> DispatchResult {
    plain(Marketplace::settle(signed(who), id, MAX_ROYALTIES))
}

pub(crate) fn dispute_as(who: AccountId, id: OrderId, proof: DisputeProof) -> DispatchResult {
    plain(Marketplace::dispute(disputer(who), id, proof))
}

pub(crate) fn close_offer(who: AccountId, id: OfferId) -> DispatchResult {
    plain(Marketplace::close_offer(signed(who), id, MAX_LINEAGE))
}

pub(crate) fn clear_lineage(who: AccountId, dataset: DatasetId) -> DispatchResult {
    plain(Marketplace::clear_lineage(signed(who), dataset, MAX_LINEAGE))
}

/// Orders under the given terms digest.
pub(crate) fn try_order_under(buyer: AccountId, offer: OfferId, terms: Digest) -> DispatchResult {
    let nonce = fresh_nonce(buyer);
    let order_key = OrderSecret::derive(&account_secret(buyer), &nonce).order_key();
    place(buyer, offer, terms, [LICENCE, NDA], order_key.0, nonce)
}

/// The digest of what an order would be placed under now.
pub(crate) fn quote(offer: OfferId) -> Digest {
    Marketplace::quote(offer).expect("the offer exists").digest()
}

pub(crate) fn try_order(buyer: AccountId, offer: OfferId) -> DispatchResult {
    try_order_under(buyer, offer, quote(offer))
}

/// Orders.
pub(crate) fn order(buyer: AccountId, offer: OfferId) -> OrderId {
    assert_ok!(try_order(buyer, offer));
    NextOrder::<Test>::get() - 1
}

/// The secret of an order's key, found again from what the chain stores and the buyer's own secret.
pub(crate) fn order_secret(id: OrderId) -> OrderSecret {
    let order = the_order(id);
    OrderSecret::derive(&account_secret(order.buyer), &order.nonce)
}

/// A delivery of a key to an order's buyer.
pub(crate) fn delivery_of(id: OrderId, key: &ContentKey) -> Delivery {
    let order = the_order(id);
    delivery::deliver(&genesis(), id, &order.order_key, key, &mut OsRng).expect("the order key is valid")
}

/// Delivers a key as the seller of the order.
pub(crate) fn deliver(id: OrderId, key: &ContentKey) {
    let delivery = delivery_of(id, key);
    assert_ok!(Marketplace::deliver(deliverer(the_order(id).terms.seller), id, delivery));
}

/// Buys a copy, which the buyer accepts.
pub(crate) fn buy(buyer: AccountId, offer: OfferId, sealing: &Sealing) -> OrderId {
    let id = order(buyer, offer);
    deliver(id, &sealing.key);
    assert_ok!(accept(buyer, id));
    id
}

/// The delivery that an order has.
pub(crate) fn delivered(id: OrderId) -> Delivery {
    match the_order(id).state {
        OrderState::Delivered { delivery, .. } => delivery,
        OrderState::Placed => panic!("not delivered"),
    }
}

/// What the buyer reads from their delivery.
pub(crate) fn unwrapped(id: OrderId) -> ContentKey {
    delivery::unwrap(&genesis(), id, &order_secret(id), &delivered(id)).expect("the delivery is valid")
}

/// The proof of the shared point of an order's delivery.
pub(crate) fn shared_proof(id: OrderId) -> SharedSecretProof {
    delivery::prove_shared(&genesis(), id, &order_secret(id), &delivered(id), &mut OsRng)
        .expect("the delivery is valid")
}

pub(crate) fn dispute(id: OrderId, fault: Fault) -> DispatchResult {
    let proof = DisputeProof { shared: shared_proof(id), fault };
    dispute_as(the_order(id).buyer, id, proof)
}

pub(crate) fn genesis() -> Digest {
    System::block_hash(0).0
}

pub(crate) fn the_offer(id: OfferId) -> OfferOf<Test> {
    Offers::<Test>::get(id).expect("the offer exists")
}

pub(crate) fn the_order(id: OrderId) -> OrderOf<Test> {
    Orders::<Test>::get(id).expect("the order is open")
}

/// The trade that an order became.
pub(crate) fn the_trade(id: OrderId) -> TradeOf<Test> {
    let (dataset, index) = Finished::<Test>::get(id).expect("the order is final");
    Trades::<Test>::get(dataset, index).expect("a final order has a trade")
}

pub(crate) fn outcome(id: OrderId) -> Outcome {
    the_trade(id).outcome
}

/// Goes on by a number of blocks.
pub(crate) fn pass(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}
