//! Companies, datasets of one block, and the steps of a trade, through the pallets as the runtime puts them
//! together.

use crate::support::account;
use frame_support::{
    assert_ok,
    traits::{Hooks, UnfilteredDispatchable},
};
use pallet_marketplace::OrderAct;
use sp_keyring::Ed25519Keyring;
use wonbon_primitives::{
    bounds::{MAX_LINEAGE, MAX_ROYALTIES},
    company::{Ksic, Region, RegistrationNumber, Role, Roles, SizeClass},
    content::{shown::ShownLeaf, tree::leaf_hash},
    dataset::{Method, Relation},
    delivery::{self, OrderSecret},
    id::{DatasetId, Digest, OfferId, OrderId},
    record::{announcement, Derivation, Parent, Profile},
    seal::{self, ContentKey},
    share::Share,
    unchecked::unchecked_parents,
    OsRng,
};
use wonbon_runtime::{
    AccountId, Balance, BlockNumber, Hash, Marketplace, Participants, Provenance, Runtime, RuntimeOrigin,
    System,
};

/// The length of each dataset.
const LENGTH: u64 = 4096;
/// The price of each.
pub const PRICE: Balance = 50_000;
/// The texts that each buyer accepts.
const LICENCE: Digest = [5; 32];
const NDA: Digest = [6; 32];
/// What hides each announcement.
const SALT: Digest = [3; 32];

pub fn signed(who: impl Into<AccountId>) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.into())
}

pub fn genesis() -> Digest {
    System::block_hash(0).into()
}

/// Goes on by a number of blocks, as far as the records need it.
pub fn pass(blocks: BlockNumber) {
    for _ in 0..blocks {
        let next = System::block_number() + 1;
        System::set_block_number(next);
        frame_system::BlockHash::<Runtime>::insert(next - 1, Hash::repeat_byte(next as u8));
        <Provenance as Hooks<BlockNumber>>::on_initialize(next);
    }
}

/// What is said of a company with this number.
pub fn profile(number: &str) -> Profile {
    Profile {
        name: b"Company".to_vec().try_into().unwrap(),
        registration_number: number.parse::<RegistrationNumber>().unwrap(),
        ksic: Ksic::new(b"C29").unwrap(),
        size: SizeClass::Small,
        region: Region::Seoul,
        roles: Roles::from_iter([Role::Provider, Role::Consumer]),
    }
}

/// Somebody who is a company of their own, as in the first release.
pub fn company(who: Ed25519Keyring, number: &str) {
    let profile = profile(number);
    let digits = *profile.registration_number.digits();
    assert_ok!(Participants::register(signed(who), profile.into()));
    assert_ok!(Participants::verify(RuntimeOrigin::root(), account(who), digits));
}

/// A dataset of one block, and a payload sealed under a key of its own.
pub struct Goods {
    pub key: ContentKey,
    pub sealed: Vec<u8>,
    pub plain_leaf: Digest,
}

impl Goods {
    /// A payload that is the dataset's.
    pub fn honest(seed: u8) -> Self {
        Self::sealed(seed, seed, seed)
    }

    /// A payload of which nothing is the dataset's.
    pub fn forged(seed: u8) -> Self {
        Self::sealed(seed, !seed, seed)
    }

    /// The dataset of one seed, said to be sealed, with what really is, and a key.
    pub fn sealed(seed: u8, content: u8, key: u8) -> Self {
        let key = ContentKey::from_bytes([key; 32]);
        let mut sealed = vec![content; LENGTH as usize];
        seal::apply(&key, 0, &mut sealed).unwrap();
        Self { key, sealed, plain_leaf: leaf_hash(&vec![seed; LENGTH as usize]) }
    }

    pub fn dataset(&self) -> DatasetId {
        DatasetId(self.plain_leaf)
    }

    /// The call that announces it.
    pub fn announce_call(&self, who: &AccountId) -> pallet_provenance::Call<Runtime> {
        let registrant: &[u8; 32] = who.as_ref();
        pallet_provenance::Call::announce {
            commitment: announcement(registrant, &self.plain_leaf, LENGTH, &SALT),
        }
    }

    /// The call that registers it as made from others, with the royalty of each in millionths.
    pub fn register_call(&self, parents: &[(DatasetId, u32)]) -> pallet_provenance::Call<Runtime> {
        let parent = |(dataset, royalty): &(DatasetId, u32)| Parent {
            dataset: *dataset,
            relation: Relation::AggregatedFrom,
            royalty: Share::from_millionths(*royalty).unwrap(),
        };
        let parents: Vec<_> = parents.iter().map(parent).collect();
        pallet_provenance::Call::register {
            root: self.plain_leaf,
            length: LENGTH,
            salt: SALT,
            // Of one block there is nothing to choose, and its leaf is the root.
            leaves: vec![ShownLeaf { leaf: self.plain_leaf, path: Default::default() }].try_into().unwrap(),
            metadata: [4; 32],
            method: if parents.is_empty() { Method::Collected } else { Method::Aggregated },
            parents: unchecked_parents(parents.try_into().unwrap()),
            growth: None,
        }
    }

    /// Announces and registers it, likewise.
    pub fn register(&self, who: impl Into<AccountId>, parents: &[(DatasetId, u32)]) -> DatasetId {
        let who = who.into();
        assert_ok!(self.announce_call(&who).dispatch_bypass_filter(signed(who.clone())));
        pass(10);
        assert_ok!(self.register_call(parents).dispatch_bypass_filter(signed(who.clone())));
        self.settle(who);
        self.dataset()
    }

    /// Waits until the registration stands for good, and enters it with its parents if it has any.
    pub fn settle(&self, who: impl Into<AccountId>) {
        pass(3);
        if pallet_provenance::PendingLineage::<Runtime>::contains_key(self.dataset()) {
            assert_ok!(Provenance::enter_lineage(signed(who), self.dataset()));
        }
    }

    /// The call that offers it.
    pub fn offer_call(&self, derivation: Derivation) -> pallet_marketplace::Call<Runtime> {
        pallet_marketplace::Call::offer {
            dataset: self.dataset(),
            sealed_root: leaf_hash(&self.sealed),
            key_commitment: self.key.commitment(),
            price: PRICE,
            licence: LICENCE,
            nda: NDA,
            delivery_window: 100,
            dispute_window: 100,
            bond: 20_000,
            derivation: derivation.into(),
            parents: MAX_LINEAGE,
        }
    }

    pub fn offer(&self, who: impl Into<AccountId>, derivation: Derivation) -> OfferId {
        let id = pallet_marketplace::NextOffer::<Runtime>::get();
        assert_ok!(self.offer_call(derivation).dispatch_bypass_filter(signed(who)));
        id
    }
}

/// The call that orders from an offer, as the next order, and the secret of its key.
pub fn order_call(offer: OfferId) -> (pallet_marketplace::Call<Runtime>, OrderSecret) {
    let id = pallet_marketplace::NextOrder::<Runtime>::get();
    let mut nonce = [8; 32];
    nonce[..8].copy_from_slice(&id.to_le_bytes());
    let secret = OrderSecret::derive(&[9; 32], &nonce);
    let terms = Marketplace::quote(offer).unwrap();
    let call = pallet_marketplace::Call::place_order {
        offer,
        price: terms.price,
        royalties: terms.royalties.len() as u32,
        parents: 8,
        terms: terms.digest(),
        licence: LICENCE,
        nda: NDA,
        order_key: secret.order_key().0,
        nonce,
    };
    (call, secret)
}

/// Orders from an offer: the order, and the secret of its key.
pub fn order(buyer: impl Into<AccountId>, offer: OfferId) -> (OrderId, OrderSecret) {
    let id = pallet_marketplace::NextOrder::<Runtime>::get();
    let (call, secret) = order_call(offer);
    assert_ok!(call.dispatch_bypass_filter(signed(buyer)));
    (id, secret)
}

/// The call that delivers a key to the buyer of an order.
pub fn deliver_call(id: OrderId, key: &ContentKey) -> pallet_marketplace::Call<Runtime> {
    let order = pallet_marketplace::Orders::<Runtime>::get(id).unwrap();
    let delivery = delivery::deliver(&genesis(), id, &order.order_key, key, &mut OsRng).unwrap();
    pallet_marketplace::Call::deliver { order: id, delivery }
}

/// Delivers a key as the seller of an order.
pub fn deliver(id: OrderId, key: &ContentKey) {
    let seller: AccountId = pallet_marketplace::Orders::<Runtime>::get(id).unwrap().terms.seller;
    let deliverer = OrderAct::Delivery.by(seller);
    assert_ok!(deliver_call(id, key).dispatch_bypass_filter(deliverer.into()));
}

/// Buys a copy, which the buyer accepts.
pub fn buy(buyer: Ed25519Keyring, offer: OfferId, goods: &Goods) -> OrderId {
    let (id, _) = order(buyer, offer);
    deliver(id, &goods.key);
    assert_ok!(Marketplace::accept(signed(buyer), id, MAX_ROYALTIES));
    id
}
