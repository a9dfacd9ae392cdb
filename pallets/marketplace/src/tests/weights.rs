//! What calls say that they may weigh, what they weighed, and that nothing is done for which nobody paid.

use super::*;
use crate::{
    mock::{
        hand_over, register_derived, wealth, ExtBuilder, RoyaltyFee, RuntimeCall, TradeFee, BUYER,
        OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    Call, WeightInfo,
};
use frame_support::{
    assert_noop,
    dispatch::{GetDispatchInfo, PostDispatchInfo},
    traits::UnfilteredDispatchable,
    weights::Weight,
};

type Weights = ();

fn most(call: &Call<Test>) -> Weight {
    call.get_dispatch_info().call_weight
}

/// How a call of somebody ends, and what it weighed.
fn done(who: RuntimeOrigin, call: Call<Test>) -> (DispatchResult, Weight) {
    let stated = most(&call);
    let (result, info): (DispatchResult, PostDispatchInfo) = match call.dispatch_bypass_filter(who) {
        Ok(info) => (Ok(()), info),
        Err(error) => (Err(error.error), error.post_info),
    };
    (result, info.actual_weight.unwrap_or(stated))
}

fn placing(offer: OfferId, royalties: u32, parents: u32) -> Call<Test> {
    let nonce = [9; 32];
    let order_key = OrderSecret::derive(&[8; 32], &nonce).order_key().0;
    let terms = quote(offer);
    let price = the_offer(offer).price;
    Call::place_order {
        offer,
        price,
        royalties,
        parents,
        terms,
        licence: LICENCE,
        nda: NDA,
        order_key,
        nonce,
    }
}

/// A dataset of the seller's made from another of theirs.
fn made_from_own(seed: u8, from: DatasetId) -> (Sealing, DatasetId) {
    let sealing = Sealing::honest(seed);
    let dataset = register_derived(SELLER, sealing.plain, &[(from, 100_000)]);
    (sealing, dataset)
}

#[test]
fn bounds_that_are_stated_too_small_are_named_and_nothing_happens() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        register(SELLER, source.plain);
        let (sealing, dataset) = made_from_own(2, source.dataset());
        let (_, further) = made_from_own(3, dataset);
        let clear = |parents| plain(Marketplace::clear_lineage(signed(STRANGER), further, parents));
        for short in [0, 1] {
            assert_noop!(clear(short), Error::<Test>::ParentsBeyondBound);
        }
        assert_ok!(clear(2));
        // It is known by now.
        assert_ok!(clear(0));

        let listing = sealing.listing();
        let offering = |parents| {
            plain(Marketplace::offer(
                signed(SELLER),
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
                parents,
            ))
        };
        assert_noop!(offering(0), Error::<Test>::ParentsBeyondBound);
        assert_ok!(offering(1));

        let id = NextOffer::<Test>::get() - 1;
        let place = |royalties, parents| done(signed(BUYER), placing(id, royalties, parents)).0;
        assert_noop!(place(0, 0), Error::<Test>::RoyaltiesBeyondBound);
        assert_ok!(place(1, 0));
        let order = NextOrder::<Test>::get() - 1;
        deliver_to(order, &sealing.key);
        assert_noop!(
            plain(Marketplace::accept(signed(BUYER), order, 0)),
            Error::<Test>::RoyaltiesBeyondBound
        );
        pass(DISPUTE_WINDOW + 1);
        assert_noop!(
            plain(Marketplace::settle(signed(BUYER), order, 0)),
            Error::<Test>::RoyaltiesBeyondBound
        );
        assert_ok!(plain(Marketplace::settle(signed(BUYER), order, 1)));
    });
}

/// The order key of [`placing`] is not one of the other tests'.
fn deliver_to(id: OrderId, key: &ContentKey) {
    let delivery = delivery_of(id, key);
    assert_ok!(Marketplace::deliver(deliverer(SELLER), id, delivery));
}

#[test]
fn nobody_closes_a_good_offer_by_paying_too_little() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        register(SELLER, source.plain);
        let (sealing, _) = made_from_own(2, source.dataset());
        let id = list(SELLER, sealing.listing());
        // The seller hands something else over, so that it is looked at anew.
        hand_over(register(SELLER, Sealing::honest(9).plain), OTHER_SELLER);
        let close = |parents| plain(Marketplace::close_offer(signed(STRANGER), id, parents));
        assert_noop!(close(0), Error::<Test>::ParentsBeyondBound);
        assert_noop!(close(MAX_LINEAGE), Error::<Test>::OfferStillGood);
        hand_over(source.dataset(), OTHER_SELLER);
        assert_noop!(close(0), Error::<Test>::ParentsBeyondBound);
        assert_ok!(close(1));
    });
}

#[test]
fn what_is_stated_is_charged_and_what_was_not_needed_given_back_also_by_failures() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        let base = Weights::place_order(0).saturating_add(Weights::clear_lineage(0));
        assert_eq!(most(&placing(id, 0, 0)), base);
        let dear = most(&placing(id, 16, 64));
        assert_eq!(dear, Weights::place_order(16).saturating_add(Weights::clear_lineage(64)));
        assert_eq!(most(&placing(id, u32::MAX, u32::MAX)), dear, "there cannot be more");

        let stale = match placing(id, 16, 64) {
            Call::place_order {
                offer, price, royalties, parents, licence, nda, order_key, nonce, ..
            } => {
                let terms = [0; 32];
                Call::place_order { offer, price, royalties, parents, terms, licence, nda, order_key, nonce }
            }
            _ => unreachable!(),
        };
        assert_eq!(done(signed(BUYER), stale), (Err(Error::<Test>::StaleTerms.into()), base));
        assert_eq!(done(signed(BUYER), placing(id, 16, 64)), (Ok(()), base));
        let no_order = Call::accept { order: 77, royalties: 16 };
        let refused = (Err(Error::<Test>::NoSuchOrder.into()), Weights::accept(0));
        assert_eq!(done(signed(BUYER), no_order), refused);
        let no_offer = Call::close_offer { offer: 77, parents: 64 };
        let weight = Weights::close_offer().saturating_add(Weights::clear_lineage(0));
        assert_eq!(done(signed(BUYER), no_offer), (Err(Error::<Test>::NoSuchOffer.into()), weight));
    });
}

#[test]
fn a_price_that_is_not_the_offers_is_stale() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        for wrong in [0, PRICE - 1, PRICE + 1] {
            let call = match placing(id, 0, 0) {
                Call::place_order {
                    offer,
                    royalties,
                    parents,
                    terms,
                    licence,
                    nda,
                    order_key,
                    nonce,
                    ..
                } => Call::place_order {
                    offer,
                    price: wrong,
                    royalties,
                    parents,
                    terms,
                    licence,
                    nda,
                    order_key,
                    nonce,
                },
                _ => unreachable!(),
            };
            assert_eq!(done(signed(BUYER), call).0, Err(Error::<Test>::StaleTerms.into()));
        }
    });
}

#[test]
fn a_dispute_carries_the_release_of_its_reserve_and_gives_back_what_was_not_released() {
    for released in [false, true] {
        ExtBuilder::default().build_and_execute(|| {
            let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
            deliver(id, &ContentKey::from_bytes([0; 32]));
            let proof = DisputeProof { shared: shared_proof(id), fault: Fault::WrongKey };
            let call = Call::dispute { order: id, proof };
            let release = Weights::release_dispute_reserve();
            assert_eq!(most(&call), Weights::dispute_wrong_key().saturating_add(release));
            if released {
                assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
            }
            let weight = if released { most(&call) } else { Weights::dispute_wrong_key() };
            assert_eq!(done(disputer(BUYER), call), (Ok(()), weight));
        });
    }
}

#[test]
fn an_order_pays_for_what_it_leaves_and_a_refused_one_for_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        TradeFee::set(70);
        RoyaltyFee::set(8);
        let source = Sealing::honest(1);
        register(SELLER, source.plain);
        let (sealing, _) = made_from_own(2, source.dataset());
        let id = list(SELLER, sealing.listing());
        let before = wealth(BUYER);
        assert_noop!(try_order_under(BUYER, id, [0; 32]), Error::<Test>::StaleTerms);
        assert_eq!(wealth(TREASURY), 0);
        order(BUYER, id);
        assert_eq!((wealth(BUYER), wealth(TREASURY)), (before - 78, 78));
        assert_eq!(crate::EscrowTotal::<Test>::get(), ESCROW, "it is no part of the escrow");
    });
}

#[test]
fn both_acts_on_orders_are_ordinary_calls() {
    ExtBuilder::default().build_and_execute(|| {
        let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
        let delivery = delivery_of(id, &ContentKey::from_bytes([0; 32]));
        let call = RuntimeCall::from(Call::deliver { order: id, delivery });
        assert_eq!(call.get_dispatch_info().class, frame_support::dispatch::DispatchClass::Normal);
    });
}
