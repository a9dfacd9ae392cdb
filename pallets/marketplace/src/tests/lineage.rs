//! The right to derive: what gives it, what it allows, and that nothing takes it away.

use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use wonbon_primitives::record::{DeriveRight, RightSource, DERIVE_RIGHT_LAYOUT};

use super::*;
use crate::{
    mock::{
        hand_over, register_derived, share, withdraw, ExtBuilder, Verified, BUYER, OTHER_BUYER, OTHER_SELLER,
        SELLER, STRANGER,
    },
    weights::WeightInfo,
    ClearedLineages, DeriveRights, Event, Listing, MAX_LINEAGE,
};

/// So many millionths of each sale.
const ROYALTY: u32 = 100_000;

fn permitted(royalty: u32) -> Derivation {
    Derivation::Permitted { royalty: share(royalty) }
}

/// Registers a sealing and offers it with the right to derive.
fn offer_with(seller: AccountId, sealing: &Sealing, derivation: Derivation) -> OfferId {
    register(seller, sealing.plain);
    list(seller, Listing { derivation, ..sealing.listing() })
}

/// The buyer registers a dataset as made from others, and tries to offer it.
fn try_derived(seller: AccountId, sealing: &Sealing, parents: &[(DatasetId, u32)]) -> DispatchResult {
    register_derived(seller, sealing.plain, parents);
    try_offer(seller, sealing.listing())
}

fn right_of(company: AccountId, dataset: DatasetId) -> Option<(u32, u32)> {
    DeriveRights::<Test>::get(company, dataset).map(|right| match right.source {
        RightSource::Trade(trade) => (right.royalty.millionths(), trade),
        RightSource::Handover(_) => panic!("bought, not kept"),
    })
}

#[test]
fn a_paid_trade_gives_the_right_that_it_promised() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let dataset = sealing.dataset();
        let offer = offer_with(SELLER, &sealing, permitted(ROYALTY));
        assert_eq!(the_offer(offer).derivation, permitted(ROYALTY));
        let id = order(BUYER, offer);
        assert_eq!(the_order(id).terms.derivation, permitted(ROYALTY));
        deliver(id, &sealing.key);
        assert_eq!(right_of(BUYER, dataset), None);
        assert_ok!(accept(BUYER, id));
        let source = RightSource::Trade(0);
        assert_eq!(
            DeriveRights::<Test>::get(BUYER, dataset),
            Some(DeriveRight { version: DERIVE_RIGHT_LAYOUT, royalty: share(ROYALTY), source })
        );
        System::assert_has_event(
            Event::DeriveRightGranted { company: BUYER, dataset, royalty: share(ROYALTY), source }.into(),
        );
        assert_eq!(the_trade(id).derivation, permitted(ROYALTY));

        // The dispute window passing pays the seller as well.
        let id = order(OTHER_BUYER, offer);
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, id));
        assert_eq!(right_of(OTHER_BUYER, dataset), Some((ROYALTY, 1)));
    });
}

#[test]
fn without_a_right_nothing_made_from_anothers_data_is_offered() {
    ExtBuilder::default().build_and_execute(|| {
        let (source, made) = (Sealing::honest(1), Sealing::honest(2));
        let parents = [(source.dataset(), ROYALTY)];
        let forbidden = offer_with(SELLER, &source, Derivation::Forbidden);
        assert_noop!(try_derived(BUYER, &made, &parents), Error::<Test>::NoRightToDerive);
        // A copy alone is no right.
        buy(BUYER, forbidden, &source);
        assert_noop!(try_derived(BUYER, &made, &parents), Error::<Test>::NoRightToDerive);
        // Nor is an order, or a key, that is not paid for.
        let resealed = Sealing::under_key(1, 9);
        let offer = offer_with(SELLER, &resealed, permitted(ROYALTY));
        let id = order(BUYER, offer);
        assert_noop!(try_derived(BUYER, &made, &parents), Error::<Test>::NoRightToDerive);
        deliver(id, &resealed.key);
        assert_noop!(try_derived(BUYER, &made, &parents), Error::<Test>::NoRightToDerive);
        assert_ok!(accept(BUYER, id));
        // It is the buyer's alone, and for this dataset alone.
        assert_noop!(try_derived(OTHER_BUYER, &made, &parents), Error::<Test>::NoRightToDerive);
        let other = offer_with(OTHER_SELLER, &Sealing::honest(3), permitted(0));
        let both = [(source.dataset(), ROYALTY), (the_offer(other).dataset, 0)];
        assert_noop!(try_derived(BUYER, &made, &both), Error::<Test>::NoRightToDerive);
        assert_ok!(try_derived(BUYER, &made, &parents));
    });
}

#[test]
fn a_refunded_order_gives_no_right() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        let dataset = sealing.dataset();
        let offer = offer_with(SELLER, &sealing, permitted(ROYALTY));
        let missed = order(BUYER, offer);
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(BUYER), missed));
        assert_eq!(right_of(BUYER, dataset), None);
        assert_ok!(Marketplace::resume_offer(signed(SELLER), offer));
        let [cheated, wrong, faulted] = [(); 3].map(|()| {
            assert_ok!(Marketplace::add_bond(signed(SELLER), offer, ORDER_BOND));
            order(BUYER, offer)
        });
        deliver(cheated, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(cheated, Fault::WrongKey));
        deliver(wrong, &sealing.key);
        assert_ok!(dispute(wrong, Fault::BadBlock(sealing.block_fault(2))));
        assert_ok!(Marketplace::refund_faulty(signed(BUYER), faulted));
        assert_eq!(DeriveRights::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_parent_gets_at_least_what_its_licence_asks_for() {
    ExtBuilder::default().build_and_execute(|| {
        let (source, made) = (Sealing::honest(1), Sealing::honest(2));
        buy(BUYER, offer_with(SELLER, &source, permitted(ROYALTY)), &source);
        let with = |royalty| try_derived(BUYER, &made, &[(source.dataset(), royalty)]);
        assert_noop!(with(0), Error::<Test>::RoyaltyBelowLicence);
        assert_noop!(with(ROYALTY - 1), Error::<Test>::RoyaltyBelowLicence);
        assert_ok!(with(ROYALTY));
        // More is a gift.
        let generous = Sealing::honest(3);
        assert_ok!(try_derived(BUYER, &generous, &[(source.dataset(), ROYALTY + 1)]));
    });
}

#[test]
fn the_lower_royalty_wins() {
    ExtBuilder::default().build_and_execute(|| {
        let sealings = [1, 2, 3, 4].map(|key| Sealing::under_key(1, key));
        let dataset = sealings[0].dataset();
        let steps =
            [(100_000, (100_000, 0)), (200_000, (100_000, 0)), (50_000, (50_000, 2)), (50_000, (50_000, 2))];
        for (sealing, (promised, right)) in sealings.iter().zip(steps) {
            let events = || {
                let granted = |event: &crate::mock::RuntimeEvent| {
                    matches!(event, crate::mock::RuntimeEvent::Marketplace(Event::DeriveRightGranted { .. }))
                };
                System::events().iter().filter(|record| granted(&record.event)).count()
            };
            let (before, old) = (events(), right_of(BUYER, dataset));
            buy(BUYER, offer_with(SELLER, sealing, permitted(promised)), sealing);
            assert_eq!(right_of(BUYER, dataset), Some(right));
            assert_eq!(events() > before, old != Some(right), "a right that changed nothing is not granted");
        }
    });
}

#[test]
fn no_later_licence_touches_a_right() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        let dataset = source.dataset();
        let offer = offer_with(SELLER, &source, permitted(ROYALTY));
        buy(BUYER, offer, &source);
        let kept = right_of(BUYER, dataset);

        // The seller ends the offer and makes others, dearer and without the right, and sells to the same buyer.
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        let dearer = Sealing::under_key(1, 8);
        buy(BUYER, offer_with(SELLER, &dearer, permitted(5 * ROYALTY)), &dearer);
        let closed = Sealing::under_key(1, 9);
        buy(BUYER, offer_with(SELLER, &closed, Derivation::Forbidden), &closed);
        assert_eq!(right_of(BUYER, dataset), kept);
        // The dataset changes hands, and is withdrawn; its first owner is suspended.
        hand_over(dataset, OTHER_SELLER);
        withdraw(dataset);
        Verified::mutate(|all| all.remove(&SELLER));
        assert_eq!(right_of(BUYER, dataset), kept);
        assert_ok!(try_derived(BUYER, &Sealing::honest(2), &[(dataset, ROYALTY)]));
    });
}

#[test]
fn an_order_keeps_the_licence_under_which_it_was_placed() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer_with(SELLER, &sealing, permitted(ROYALTY));
        let id = order(BUYER, offer);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        offer_with(SELLER, &Sealing::under_key(1, 8), Derivation::Forbidden);
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        assert_eq!(right_of(BUYER, sealing.dataset()), Some((ROYALTY, 0)));
    });
}

#[test]
fn a_royalty_that_no_dataset_can_carry_is_not_offered() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let with =
            |royalty| try_offer(SELLER, Listing { derivation: permitted(royalty), ..sealing.listing() });
        assert_noop!(with(500_001), Error::<Test>::RoyaltyTooHigh);
        assert_ok!(with(500_000));
    });
}

#[test]
fn an_owner_derives_from_his_own_data() {
    ExtBuilder::default().build_and_execute(|| {
        let (source, made) = (Sealing::honest(1), Sealing::honest(2));
        let (source_id, made_id) = (source.dataset(), made.dataset());
        register(SELLER, source.plain);
        assert_ok!(try_derived(SELLER, &made, &[(source_id, 0)]));
        // Who owns only one of the two may not.
        hand_over(made_id, BUYER);
        let resealed = Sealing::under_key(2, 8);
        assert_noop!(try_offer(BUYER, resealed.listing()), Error::<Test>::NoRightToDerive);
        hand_over(source_id, BUYER);
        assert_ok!(try_offer(BUYER, resealed.listing()));
    });
}

#[test]
fn a_step_in_between_does_not_rid_data_of_what_it_owes() {
    ExtBuilder::default().build_and_execute(|| {
        let [source, between, made] = [1, 2, 3].map(Sealing::honest);
        let offer = offer_with(SELLER, &source, permitted(ROYALTY));
        // Registered, never offered: the chain lets anyone say what they made something from.
        register_derived(BUYER, between.plain, &[(source.dataset(), 0)]);
        let from_between = [(between.dataset(), 0)];
        assert_noop!(try_derived(BUYER, &made, &from_between), Error::<Test>::NoRightToDerive);
        buy(BUYER, offer, &source);
        assert_noop!(try_derived(BUYER, &made, &from_between), Error::<Test>::RoyaltyBelowLicence);
        register_derived(BUYER, between.plain, &[(source.dataset(), ROYALTY)]);
        assert_ok!(try_derived(BUYER, &made, &from_between));
    });
}

#[test]
fn who_gave_a_parent_away_sells_what_he_made_from_it_no_more() {
    ExtBuilder::default().build_and_execute(|| {
        let [source, between, made] = [1, 2, 3].map(Sealing::honest);
        register(SELLER, source.plain);
        let from_source = [(source.dataset(), 0)];
        register_derived(SELLER, between.plain, &from_source);
        let open = list(SELLER, between.listing());
        assert_eq!(ClearedLineages::<Test>::get(SELLER, between.dataset()), Some(0));
        let placed = order(BUYER, open);
        assert_noop!(close_offer(STRANGER, open), Error::<Test>::OfferStillGood);

        hand_over(source.dataset(), OTHER_SELLER);
        // Neither by another sealing, nor by one step more, nor by the offer that stands.
        let resealed = Sealing::under_key(2, 8);
        assert_noop!(try_offer(SELLER, resealed.listing()), Error::<Test>::NoRightToDerive);
        let from_between = [(between.dataset(), 0)];
        assert_noop!(try_derived(SELLER, &made, &from_between), Error::<Test>::NoRightToDerive);
        assert_noop!(try_order(OTHER_BUYER, open), Error::<Test>::NoRightToDerive);
        // What was ordered before runs its course.
        deliver(placed, &between.key);
        assert_ok!(accept(BUYER, placed));
        assert_ok!(close_offer(STRANGER, open));

        // With a bought right they may again.
        let licence = Listing { derivation: permitted(0), ..source.listing() };
        buy(SELLER, list(OTHER_SELLER, licence), &source);
        let again = list(SELLER, resealed.listing());
        assert_eq!(ClearedLineages::<Test>::get(SELLER, between.dataset()), Some(1));
        order(BUYER, again);
        assert_ok!(try_derived(SELLER, &made, &from_between));
    });
}

#[test]
fn a_right_is_kept_when_the_parent_becomes_ones_own() {
    ExtBuilder::default().build_and_execute(|| {
        let [root, parent, made, other] = [1, 2, 3, 4].map(Sealing::honest);
        // The parent is made from another's data, under a licence that its second owner does not have.
        buy(SELLER, offer_with(OTHER_SELLER, &root, permitted(ROYALTY)), &root);
        register_derived(SELLER, parent.plain, &[(root.dataset(), ROYALTY)]);
        let licensed = Listing { derivation: permitted(0), ..parent.listing() };
        buy(BUYER, list(SELLER, licensed), &parent);
        register_derived(BUYER, made.plain, &[(parent.dataset(), 0)]);
        let open = list(BUYER, made.listing());
        hand_over(parent.dataset(), BUYER);
        hand_over(register(BUYER, other.plain), OTHER_BUYER);
        assert_noop!(close_offer(STRANGER, open), Error::<Test>::OfferStillGood);
        order(OTHER_BUYER, open);
        // The parent itself they may not sell: that takes the right to what it was made from.
        let resealed = Sealing::under_key(2, 9);
        assert_noop!(try_offer(BUYER, resealed.listing()), Error::<Test>::NoRightToDerive);
    });
}

#[test]
fn handing_over_what_has_nothing_to_do_with_it_leaves_an_offer_good() {
    ExtBuilder::default().build_and_execute(|| {
        let [source, made, other] = [1, 2, 3].map(Sealing::honest);
        register(SELLER, source.plain);
        register_derived(SELLER, made.plain, &[(source.dataset(), 0)]);
        let open = list(SELLER, made.listing());
        register(SELLER, other.plain);
        hand_over(other.dataset(), OTHER_SELLER);
        assert_noop!(close_offer(STRANGER, open), Error::<Test>::OfferStillGood);
        // The first order looks again, and later ones need not.
        order(BUYER, open);
        assert_eq!(ClearedLineages::<Test>::get(SELLER, made.dataset()), Some(1));
    });
}

#[test]
fn a_line_that_is_too_long_is_cleared_from_its_beginning() {
    ExtBuilder::default().build_and_execute(|| {
        let end = line(2 * MAX_LINEAGE);
        let listing = Listing { dataset: end, ..Sealing::honest(1).listing() };
        let too_large = || Error::<Test>::LineageTooLarge;
        assert_noop!(try_offer(SELLER, listing.clone()), too_large());
        assert_noop!(clear_lineage(STRANGER, end), too_large());
        let middle = line_at(MAX_LINEAGE);
        assert_ok!(clear_lineage(STRANGER, middle));
        let open = list(SELLER, listing);
        // One handover, of whatever it is, and all of it is looked at again.
        hand_over(register(SELLER, Sealing::honest(2).plain), OTHER_SELLER);
        assert_noop!(try_order(BUYER, open), too_large());
        assert_noop!(close_offer(STRANGER, open), Error::<Test>::OfferStillGood);
        assert_ok!(clear_lineage(STRANGER, middle));
        order(BUYER, open);
        let unknown = DatasetId([0; 32]);
        let no_such = Error::<Test>::NoSuchDataset;
        assert_noop!(clear_lineage(STRANGER, unknown), no_such);
    });
}

/// A line of own datasets, each made from the one before.
fn line(length: u32) -> DatasetId {
    let plain = |at| Commitment { root: line_at(at).0, length: LENGTH as u64 };
    let first = register(SELLER, plain(0));
    (1..=length).fold(first, |parent, at| register_derived(SELLER, plain(at), &[(parent, 0)]))
}

/// The dataset after so many steps.
fn line_at(step: u32) -> DatasetId {
    let mut root = [0xaa; 32];
    root[..4].copy_from_slice(&step.to_le_bytes());
    DatasetId(root)
}

#[test]
fn a_long_line_of_own_datasets_is_looked_at_in_steps() {
    ExtBuilder::default().build_and_execute(|| {
        let parent = line(MAX_LINEAGE);
        let made = Sealing::honest(1);
        assert_noop!(try_derived(SELLER, &made, &[(parent, 0)]), Error::<Test>::LineageTooLarge);
        // One of them was offered: what stands behind it need not be looked at again.
        let resealed = Listing { dataset: parent, ..Sealing::honest(2).listing() };
        assert_ok!(try_offer(SELLER, resealed));
        assert!(ClearedLineages::<Test>::contains_key(SELLER, parent));
        assert_ok!(try_derived(SELLER, &made, &[(parent, 0)]));
        // That it was cleared for one company says nothing for another.
        let stolen = Sealing::honest(3);
        hand_over(parent, BUYER);
        assert_noop!(try_derived(BUYER, &stolen, &[(parent, 0)]), Error::<Test>::NoRightToDerive);
    });
}

#[test]
fn a_web_of_own_datasets_is_looked_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        // Each of ten is made from the two before it: 2^10 ways back to the first.
        let mut ids = vec![];
        for at in 0..12u8 {
            let plain = Commitment { root: [0x80 + at; 32], length: LENGTH as u64 };
            let parents: Vec<_> = ids.iter().rev().take(2).map(|id| (*id, 0)).collect();
            ids.push(register_derived(SELLER, plain, &parents));
        }
        assert_ok!(try_derived(SELLER, &Sealing::honest(1), &[(ids[11], 0), (ids[10], 0)]));
    });
}

#[test]
fn an_offer_pays_for_the_parents_looked_at_and_no_more() {
    ExtBuilder::default().build_and_execute(|| {
        let made = Sealing::honest(1);
        let parent = line(3);
        register_derived(SELLER, made.plain, &[(parent, 0)]);
        let it = made.listing();
        let call = crate::Call::<Test>::offer {
            dataset: it.dataset,
            sealed_root: it.sealed_root,
            key_commitment: it.key_commitment,
            price: it.price,
            licence: it.licence,
            nda: it.nda,
            delivery_window: it.delivery_window,
            dispute_window: it.dispute_window,
            bond: it.bond,
            derivation: it.derivation.into(),
            parents: MAX_LINEAGE,
        };
        let most = call.get_dispatch_info().call_weight;
        let result =
            frame_support::traits::UnfilteredDispatchable::dispatch_bypass_filter(call, signed(SELLER));
        let used = result.expect("the seller owns the whole line").actual_weight;
        assert_eq!(used, Some(<() as WeightInfo>::offer(4)));
        assert!(used.is_some_and(|used| used.all_lt(most)));
    });
}
