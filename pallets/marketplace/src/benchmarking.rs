//! Benchmarks: each call at its most expensive. A dispute about a block has the longest paths that a dataset
//! can have, and the dataset owes royalties to as many others, each with a holder of its own, as it can.

use alloc::{vec, vec::Vec};

use frame_benchmarking::v2::*;
use frame_support::{
    assert_ok,
    traits::{fungible::Mutate, Get},
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use rand_core::{CryptoRng, RngCore};
use sp_runtime::traits::{Saturating, Zero};
use wonbon_primitives::{
    bounds::{
        BLOCK_SIZE, MAX_EXTENSIONS, MAX_LENGTH, MAX_LINEAGE, MAX_PATH, MAX_ROYALTIES, MAX_ROYALTY_TOTAL,
    },
    company::ParticipantRegistry,
    content::{
        tree::{leaf_hash, node_hash},
        Commitment,
    },
    dataset::Relation,
    delivery::{self, Delivery, OrderSecret},
    dispute::{BlockFault, DisputeProof, Fault},
    id::{DatasetId, Digest, OfferId, OrderId},
    record::{
        self, Derivation, DeriveRight, Offer, OfferState, OrderState, Parent, RightSource,
        DERIVE_RIGHT_LAYOUT, OFFER_LAYOUT,
    },
    registry::DatasetRegistry,
    seal::ContentKey,
    share::Share,
};

use crate::{
    pallet::{
        Call, ClearedLineages, Config, DeriveRights, Extensions, Finished, HoldReason, NextOffer, NextOrder,
        Offers, Orders, OrdersStopped, Pallet, Rules,
    },
    priority::{OrderAct, OrderParty},
    types::{BalanceOf, RulesOf},
};

const PRICE: u32 = 1_000_000;
const BOND: u32 = 1_000_000;
const WINDOW: u32 = 10;

/// What every offer promises: the share that each parent gets as well.
const ROYALTY: Share = match Share::from_millionths(MAX_ROYALTY_TOTAL / MAX_ROYALTIES) {
    Some(share) => share,
    None => Share::NONE,
};

/// The same bytes always: nothing here is secret.
struct NoRng;

impl RngCore for NoRng {
    fn next_u32(&mut self) -> u32 {
        7
    }
    fn next_u64(&mut self) -> u64 {
        7
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        bytes.fill(7);
        Ok(())
    }
}

impl CryptoRng for NoRng {}

fn rules<T: Config>() -> RulesOf<T> {
    record::Rules {
        min_delivery_window: 1u32.into(),
        max_delivery_window: 1_000u32.into(),
        min_dispute_window: 1u32.into(),
        max_dispute_window: 1_000u32.into(),
        bond_floor: 1_000u32.into(),
        bond_share: Share::from_percent(20),
        platform_fee: Share::from_percent(5),
        dispute_reserve: 500u32.into(),
        missed_delivery_share: Share::from_percent(10),
        max_price: PRICE.into(),
    }
}

fn key() -> ContentKey {
    ContentKey::from_bytes([5; 32])
}

fn secret() -> OrderSecret {
    OrderSecret::derive(&[3; 32], &[4; 32])
}

/// The last of `steps` datasets of one owner, each made from the one before it.
fn a_line<T: Config>(owner: &T::AccountId, steps: u32) -> DatasetId {
    let start = a_dataset::<T>(owner, 1_000, &[]);
    (1..=steps).fold(start, |parent, number| {
        a_dataset::<T>(owner, number.saturating_add(1_000), &[made_from(parent)])
    })
}

/// A block and a leaf that do not belong together, each at index 0 of the largest tree there is.
fn fault() -> BlockFault {
    BlockFault {
        index: 0,
        sealed_block: vec![1; BLOCK_SIZE as usize].try_into().expect("one block; qed"),
        sealed_path: vec![[2; 32]; MAX_PATH as usize].try_into().expect("the longest path; qed"),
        plain_leaf: [3; 32],
        plain_path: vec![[4; 32]; MAX_PATH as usize].try_into().expect("the longest path; qed"),
    }
}

/// The root of a tree in which the leaf at index 0 has this path.
fn root(leaf: Digest, path: &[Digest]) -> Digest {
    path.iter().fold(leaf, |left, right| node_hash(&left, right))
}

fn company<T: Config>(name: &'static str) -> T::AccountId
where
    T::Currency: Mutate<T::AccountId>,
{
    let who = account(name, 0, 0);
    T::Participants::benchmark_verify(&who);
    let _ = T::Currency::mint_into(&who, BalanceOf::<T>::from(PRICE).saturating_mul(10u32.into()));
    who
}

/// A dataset with this number and these parents.
fn a_dataset<T: Config>(owner: &T::AccountId, number: u32, parents: &[Parent]) -> DatasetId {
    let mut root = [0xaa; 32];
    root[..4].copy_from_slice(&number.to_le_bytes());
    T::Datasets::benchmark_register(owner, Commitment { root, length: MAX_LENGTH }, parents)
}

fn made_from(dataset: DatasetId) -> Parent {
    Parent { dataset, relation: Relation::AggregatedFrom, royalty: ROYALTY }
}

/// So many parents, each another's; the seller has bought the right to derive from all of them.
fn parents<T: Config>(seller: &T::AccountId, count: u32) -> Vec<Parent> {
    let parent = |number| {
        let holder: T::AccountId = account("holder", number, 0);
        let dataset = a_dataset::<T>(&holder, number, &[]);
        let source = RightSource::Trade(0);
        let right = DeriveRight { version: DERIVE_RIGHT_LAYOUT, royalty: ROYALTY, source };
        DeriveRights::<T>::insert(seller, dataset, right);
        made_from(dataset)
    };
    (0..count).map(parent).collect()
}

fn permitted() -> Derivation {
    Derivation::Permitted { royalty: ROYALTY }
}

/// An open offer with a bond, past every check.
pub(crate) fn insert_offer<T: Config>(seller: &T::AccountId, dataset: &DatasetId) {
    let id = NextOffer::<T>::get();
    NextOffer::<T>::put(id.saturating_add(1));
    let bond: BalanceOf<T> = 1u32.into();
    let window: BlockNumberFor<T> = WINDOW.into();
    let offer = Offer {
        version: OFFER_LAYOUT,
        dataset: *dataset,
        seller: seller.clone(),
        length: MAX_LENGTH,
        sealed_root: [1; 32],
        key_commitment: [2; 32],
        price: bond,
        licence: [6; 32],
        nda: [7; 32],
        delivery_window: window,
        dispute_window: window,
        bond,
        open_orders: 0,
        exposure: Zero::zero(),
        state: OfferState::Open,
        offered_at: window,
        derivation: Derivation::Forbidden,
        pause: None,
        leaving: None,
        longest_dispute_window: window,
        missed: 0,
        refused: 0,
        refunded: 0,
    };
    Offers::<T>::insert(id, offer);
    assert_ok!(Pallet::<T>::list_open(dataset, id));
    assert_ok!(Pallet::<T>::put_on_hold(HoldReason::Bond, seller, bond));
}

/// An offer whose orders owe so many royalties.
fn an_offer<T: Config>(royalties: u32) -> (T::AccountId, OfferId)
where
    T::Currency: Mutate<T::AccountId>,
{
    Rules::<T>::put(rules::<T>());
    let _ = T::Currency::mint_into(&T::Treasury::get(), PRICE.into());
    let seller = company::<T>("seller");
    let fault = fault();
    let plain = Commitment { root: root(fault.plain_leaf, &fault.plain_path), length: MAX_LENGTH };
    let dataset = T::Datasets::benchmark_register(&seller, plain, &parents::<T>(&seller, royalties));
    let id = NextOffer::<T>::get();
    assert_ok!(Pallet::<T>::offer(
        RawOrigin::Signed(seller.clone()).into(),
        dataset,
        root(leaf_hash(&fault.sealed_block), &fault.sealed_path),
        key().commitment(),
        PRICE.into(),
        [6; 32],
        [7; 32],
        WINDOW.into(),
        WINDOW.into(),
        BOND.into(),
        permitted().into(),
        royalties,
    ));
    (seller, id)
}

fn an_order<T: Config>(royalties: u32) -> (T::AccountId, T::AccountId, OrderId)
where
    T::Currency: Mutate<T::AccountId>,
{
    let (seller, offer) = an_offer::<T>(royalties);
    let buyer = company::<T>("buyer");
    let id = NextOrder::<T>::get();
    assert_ok!(Pallet::<T>::place_order(
        RawOrigin::Signed(buyer.clone()).into(),
        offer,
        PRICE.into(),
        royalties,
        0,
        Pallet::<T>::quote(offer).expect("the offer was made; qed").digest(),
        [6; 32],
        [7; 32],
        secret().order_key().0,
        [4; 32],
    ));
    // A closed offer, so that the end of its last order also gives the bond back.
    assert_ok!(Pallet::<T>::withdraw_offer(RawOrigin::Signed(seller.clone()).into(), offer));
    (seller, buyer, id)
}

fn a_delivery<T: Config>(id: OrderId, key: &ContentKey) -> Delivery {
    delivery::deliver(&Pallet::<T>::genesis_hash(), id, &secret().order_key(), key, &mut NoRng)
        .expect("the order key is valid; qed")
}

fn a_delivered_order<T: Config>(royalties: u32, key: &ContentKey) -> (T::AccountId, T::AccountId, OrderId)
where
    T::Currency: Mutate<T::AccountId>,
{
    let (seller, buyer, id) = an_order::<T>(royalties);
    let delivery = a_delivery::<T>(id, key);
    assert_ok!(Pallet::<T>::deliver(party::<T>(OrderAct::Delivery.by(seller.clone())), id, delivery));
    (seller, buyer, id)
}

fn a_proof<T: Config>(id: OrderId, fault: Fault) -> DisputeProof {
    let Some(OrderState::Delivered { delivery, .. }) = Orders::<T>::get(id).map(|order| order.state) else {
        unreachable!("the order was delivered; qed")
    };
    let shared = delivery::prove_shared(&Pallet::<T>::genesis_hash(), id, &secret(), &delivery, &mut NoRng)
        .expect("the delivery is valid; qed");
    DisputeProof { shared, fault }
}

/// The origin of whoever acts on an order.
fn party<T: Config>(party: OrderParty<T::AccountId>) -> T::RuntimeOrigin {
    party.into()
}

fn pass<T: Config>(blocks: u32) {
    let now = frame_system::Pallet::<T>::block_number();
    frame_system::Pallet::<T>::set_block_number(now.saturating_add(BlockNumberFor::<T>::from(blocks)));
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    /// The seller's own datasets in one line, none of which was offered: each parent costs a look at its own.
    #[benchmark]
    fn offer(p: Linear<0, MAX_LINEAGE>) {
        let (seller, first) = an_offer::<T>(0);
        let dataset = a_line::<T>(&seller, p);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(seller),
            dataset,
            [8; 32],
            [9; 32],
            PRICE.into(),
            [6; 32],
            [7; 32],
            WINDOW.into(),
            WINDOW.into(),
            BOND.into(),
            permitted().into(),
            p,
        );
        assert!(Offers::<T>::contains_key(first.saturating_add(1)));
    }

    #[benchmark]
    fn set_price() {
        let (seller, id) = an_offer::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id, 1_000u32.into());
        assert_eq!(Offers::<T>::get(id).map(|it| it.price), Some(1_000u32.into()));
    }

    #[benchmark]
    fn add_bond() {
        let (seller, id) = an_offer::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id, 1_000u32.into());
        let bond = BalanceOf::<T>::from(BOND).saturating_add(1_000u32.into());
        assert_eq!(Offers::<T>::get(id).map(|it| it.bond), Some(bond));
    }

    #[benchmark]
    fn withdraw_offer() {
        let (seller, id) = an_offer::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id);
        assert_eq!(Offers::<T>::get(id).map(|it| it.state), Some(OfferState::Withdrawn));
    }

    #[benchmark]
    fn close_offer() {
        let (_, id) = an_offer::<T>(0);
        let dataset = Offers::<T>::get(id).expect("the offer was made; qed").dataset;
        let other = company::<T>("other");
        let fault = fault();
        let plain = Commitment { root: root(fault.plain_leaf, &fault.plain_path), length: MAX_LENGTH };
        // Registered once more it is another's.
        assert_eq!(T::Datasets::benchmark_register(&other, plain, &[]), dataset);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, 0);
        assert_eq!(Offers::<T>::get(id).map(|it| it.state), Some(OfferState::Withdrawn));
    }

    /// As for an offer.
    #[benchmark]
    fn clear_lineage(p: Linear<0, MAX_LINEAGE>) {
        let seller = company::<T>("seller");
        let dataset = a_line::<T>(&seller, p);
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), dataset, p);
        assert_eq!(ClearedLineages::<T>::contains_key(&seller, dataset), p > 0);
    }

    #[benchmark]
    fn place_order(r: Linear<0, MAX_ROYALTIES>) {
        let (_, id) = an_offer::<T>(r);
        let buyer = company::<T>("buyer");
        let terms = Pallet::<T>::quote(id).expect("the offer was made; qed").digest();
        let key = secret().order_key().0;
        #[extrinsic_call]
        _(RawOrigin::Signed(buyer), id, PRICE.into(), r, 0, terms, [6; 32], [7; 32], key, [4; 32]);
        assert_eq!(Offers::<T>::get(id).map(|it| it.open_orders), Some(1));
    }

    #[benchmark]
    fn deliver() {
        let (seller, _, id) = an_order::<T>(MAX_ROYALTIES);
        let delivery = a_delivery::<T>(id, &key());
        #[extrinsic_call]
        _(party::<T>(OrderAct::Delivery.by(seller)), id, delivery);
        assert!(Orders::<T>::get(id).is_some_and(|it| it.state != OrderState::Placed));
    }

    #[benchmark]
    fn accept(r: Linear<0, MAX_ROYALTIES>) {
        let (_, buyer, id) = a_delivered_order::<T>(r, &key());
        #[extrinsic_call]
        _(RawOrigin::Signed(buyer), id, r);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn settle(r: Linear<0, MAX_ROYALTIES>) {
        let (_, _, id) = a_delivered_order::<T>(r, &key());
        pass::<T>(WINDOW.saturating_add(1));
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id, r);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn expire() {
        let (_, _, id) = an_order::<T>(MAX_ROYALTIES);
        pass::<T>(WINDOW.saturating_add(1));
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn dispute_wrong_key() {
        let (_, buyer, id) = a_delivered_order::<T>(MAX_ROYALTIES, &ContentKey::from_bytes([0; 32]));
        let proof = a_proof::<T>(id, Fault::WrongKey);
        #[extrinsic_call]
        dispute(party::<T>(OrderAct::Dispute.by(buyer)), id, proof);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn dispute_bad_block() {
        let (_, buyer, id) = a_delivered_order::<T>(MAX_ROYALTIES, &key());
        let proof = a_proof::<T>(id, Fault::BadBlock(fault()));
        #[extrinsic_call]
        dispute(party::<T>(OrderAct::Dispute.by(buyer)), id, proof);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn refund_faulty() {
        let (_, _, id) = a_delivered_order::<T>(MAX_ROYALTIES, &key());
        let terms = Orders::<T>::get(id).expect("the order was placed; qed").terms;
        let name = Pallet::<T>::fault_key(&terms.dataset, &terms.sealed_root, &terms.key_commitment);
        crate::pallet::Faults::<T>::insert(name, Pallet::<T>::now());
        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), id);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn set_rules() -> Result<(), BenchmarkError> {
        use frame_support::traits::EnsureOrigin;
        let origin = T::RulesOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let mut rules = rules::<T>();
        rules.min_delivery_window = T::MinDeliveryWindow::get();
        rules.max_delivery_window = T::MaxDeliveryWindow::get();
        rules.min_dispute_window = T::MinDisputeWindow::get();
        rules.max_dispute_window = T::MaxDisputeWindow::get();
        rules.platform_fee = T::MaxPlatformFee::get();
        rules.dispute_reserve = T::MinDisputeReserve::get();
        rules.bond_share = rules.bond_share.max(T::MinBondShare::get());
        rules.missed_delivery_share = rules.missed_delivery_share.max(T::MinMissedDeliveryShare::get());
        rules.bond_floor = rules.bond_floor.max(rules.dispute_reserve);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, rules.clone());
        assert_eq!(Rules::<T>::get(), Some(rules));
        Ok(())
    }

    #[benchmark]
    fn stop_orders() -> Result<(), BenchmarkError> {
        use frame_support::traits::EnsureOrigin;
        let origin = T::RulesOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);
        assert!(OrdersStopped::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn resume_orders() -> Result<(), BenchmarkError> {
        use frame_support::traits::EnsureOrigin;
        let origin = T::RulesOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        OrdersStopped::<T>::put(true);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);
        assert!(!OrdersStopped::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn extend_windows() -> Result<(), BenchmarkError> {
        use frame_support::traits::EnsureOrigin;
        let origin = T::RulesOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        for _ in 1..MAX_EXTENSIONS {
            assert_ok!(Pallet::<T>::do_extend_windows(T::MaxExtension::get()));
        }
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, T::MaxExtension::get());
        assert_eq!(Extensions::<T>::get().list.len() as u32, MAX_EXTENSIONS);
        Ok(())
    }

    /// Of an order with as many royalties as there can be, extended as often as it can be.
    #[benchmark]
    fn release_dispute_reserve() {
        let (_, buyer, id) = a_delivered_order::<T>(MAX_ROYALTIES, &key());
        for _ in 0..MAX_EXTENSIONS {
            assert_ok!(Pallet::<T>::do_extend_windows(T::MaxExtension::get()));
        }
        #[block]
        {
            assert_ok!(Pallet::<T>::release_dispute_reserve(&buyer, id));
        }
        assert!(Pallet::<T>::reserved_for_dispute(&buyer, id).is_zero());
    }

    /// In the second half of the window, so that a penalty is paid.
    #[benchmark]
    fn refuse() {
        let (seller, _, id) = an_order::<T>(MAX_ROYALTIES);
        pass::<T>(WINDOW);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn propose_refund() {
        let (seller, _, id) = a_delivered_order::<T>(MAX_ROYALTIES, &key());
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id);
        assert!(Orders::<T>::get(id).is_some_and(|it| it.refund_proposed.is_some()));
    }

    #[benchmark]
    fn accept_refund() {
        let (seller, buyer, id) = a_delivered_order::<T>(MAX_ROYALTIES, &key());
        assert_ok!(Pallet::<T>::propose_refund(RawOrigin::Signed(seller).into(), id));
        #[extrinsic_call]
        _(RawOrigin::Signed(buyer), id);
        assert!(Finished::<T>::contains_key(id));
    }

    #[benchmark]
    fn amend() {
        let (seller, id) = an_offer::<T>(0);
        let window = BlockNumberFor::<T>::from(WINDOW.saturating_add(1));
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id, [8; 32], [9; 32], window, window, Derivation::Forbidden.into());
        assert!(Offers::<T>::get(id).is_some_and(|it| it.licence == [8; 32]));
    }

    #[benchmark]
    fn resume_offer() {
        let (seller, id) = an_offer::<T>(0);
        Offers::<T>::mutate(id, |offer| {
            if let Some(offer) = offer {
                offer.state = OfferState::Paused;
            }
        });
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id);
        assert!(Offers::<T>::get(id).is_some_and(|it| it.state == OfferState::Open));
    }

    #[benchmark]
    fn reopen_offer() {
        let (seller, id) = an_offer::<T>(0);
        assert_ok!(Pallet::<T>::withdraw_offer(RawOrigin::Signed(seller.clone()).into(), id));
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id, BOND.into());
        assert!(Offers::<T>::get(id).is_some_and(|it| it.state == OfferState::Open));
    }

    #[benchmark]
    fn release_bond() {
        let (seller, id) = an_offer::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id, 1u32.into());
        assert!(Offers::<T>::get(id).is_some_and(|it| it.leaving.is_some()));
    }

    #[benchmark]
    fn take_bond() {
        let (seller, id) = an_offer::<T>(0);
        assert_ok!(Pallet::<T>::release_bond(RawOrigin::Signed(seller.clone()).into(), id, 1u32.into()));
        pass::<T>(WINDOW.saturating_add(1));
        #[extrinsic_call]
        _(RawOrigin::Signed(seller), id);
        assert!(Offers::<T>::get(id).is_some_and(|it| it.leaving.is_none()));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
