//! Missed deliveries, refusals and refunds by both: who gets what, what is counted, and what nobody gains by them.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    mock::{
        held, wealth, ExtBuilder, BUYER, ENDOWMENT, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    DeriveRights, HoldReason,
};

fn expire(id: OrderId) {
    assert_ok!(Marketplace::expire(signed(STRANGER), id));
}

fn refuse(id: OrderId) -> DispatchResult {
    Marketplace::refuse(signed(SELLER), id)
}

fn counts(offer: OfferId) -> (u32, u32, u32) {
    let offer = the_offer(offer);
    (offer.missed, offer.refused, offer.refunded)
}

#[test]
fn a_missed_delivery_pays_its_penalty_and_pauses_the_offer() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let first = order(BUYER, offer);
        pass(1);
        let second = order(OTHER_BUYER, offer);
        pass(DELIVERY_WINDOW);
        expire(first);
        assert_eq!(the_offer(offer).state, OfferState::Paused);
        assert_noop!(try_order(BUYER, offer), Error::<Test>::OfferNotOpen);
        pass(1);
        // Ordered before the pause, and missed for the same reason: no second penalty.
        expire(second);
        assert_eq!(wealth(BUYER), ENDOWMENT + PENALTY);
        assert_eq!(wealth(OTHER_BUYER), ENDOWMENT);
        assert_eq!(wealth(SELLER), ENDOWMENT - PENALTY);
        assert_eq!([outcome(first), outcome(second)], [Outcome::Missed; 2]);
        assert_eq!(counts(offer), (2, 0, 0));
    });
}

#[test]
fn after_resuming_a_missed_delivery_costs_its_penalty_again() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let first = order(BUYER, offer);
        let second = order(OTHER_BUYER, offer);
        pass(DELIVERY_WINDOW + 1);
        assert_noop!(Marketplace::resume_offer(signed(SELLER), offer), Error::<Test>::OfferNotPaused);
        expire(first);
        assert_noop!(Marketplace::resume_offer(signed(OTHER_SELLER), offer), Error::<Test>::NotTheSeller);
        assert_ok!(Marketplace::resume_offer(signed(SELLER), offer));
        assert_eq!((the_offer(offer).state, the_offer(offer).pause), (OfferState::Open, None));
        expire(second);
        assert_eq!(wealth(SELLER), ENDOWMENT - 2 * PENALTY);
        assert_eq!(the_offer(offer).state, OfferState::Paused);
    });
}

/// The attack: a friend orders cheaply and is left without a key, so that the dear orders cost nothing.
#[test]
fn a_cheap_order_missed_on_purpose_does_not_pay_for_dear_ones() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let dear = order(BUYER, offer);
        assert_ok!(Marketplace::set_price(signed(SELLER), offer, 1));
        let cheap = order(OTHER_BUYER, offer);
        pass(DELIVERY_WINDOW + 1);
        expire(cheap);
        // A tenth of the least bond is 100; the dear order's penalty is what it was.
        assert_eq!(wealth(OTHER_BUYER), ENDOWMENT + 100);
        expire(dear);
        assert_eq!(wealth(BUYER), ENDOWMENT + PENALTY - 100);
        assert_eq!(wealth(SELLER), ENDOWMENT - PENALTY);
    });
}

/// The attack: the seller withdraws the offer first, so that there is nothing to pause.
#[test]
fn withdrawing_dodges_no_penalty() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let first = order(BUYER, offer);
        let second = order(OTHER_BUYER, offer);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        pass(DELIVERY_WINDOW + 1);
        expire(first);
        assert_eq!(the_offer(offer).state, OfferState::Withdrawn, "a pause opens nothing");
        expire(second);
        assert_eq!(wealth(SELLER), ENDOWMENT - PENALTY);
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
        // Reopened it owes for its next miss.
        assert_ok!(plain(Marketplace::reopen_offer(signed(SELLER), offer, 3 * ORDER_BOND, MAX_LINEAGE)));
        let third = order(BUYER, offer);
        pass(DELIVERY_WINDOW + 1);
        expire(third);
        assert_eq!(wealth(SELLER), ENDOWMENT - 2 * PENALTY);
    });
}

#[test]
fn a_refusal_is_free_in_the_first_half_and_counted() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let id = order(BUYER, offer);
        assert_noop!(Marketplace::refuse(signed(OTHER_SELLER), id), Error::<Test>::NotTheSeller);
        assert_noop!(Marketplace::refuse(signed(BUYER), id), Error::<Test>::NotTheSeller);
        pass(DELIVERY_WINDOW / 2);
        assert_ok!(refuse(id));
        assert_eq!((wealth(BUYER), wealth(SELLER)), (ENDOWMENT, ENDOWMENT));
        assert_eq!(held(HoldReason::Escrow, BUYER), 0);
        assert_eq!((outcome(id), the_trade(id).delivered_at), (Outcome::Refused, None));
        assert_eq!(counts(offer), (0, 1, 0));
        // It pauses nothing, and the bond is free for another order.
        assert_eq!((the_offer(offer).state, the_offer(offer).exposure), (OfferState::Open, 0));
        assert_noop!(refuse(id), Error::<Test>::NoSuchOrder);
    });
}

/// The attack: a seller who can deliver to nobody refuses at the last moment instead of missing.
#[test]
fn a_late_refusal_costs_what_a_missed_delivery_costs() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let id = order(BUYER, offer);
        let late = order(OTHER_BUYER, offer);
        pass(DELIVERY_WINDOW / 2 + 1);
        assert_ok!(refuse(id));
        assert_eq!((wealth(BUYER), wealth(SELLER)), (ENDOWMENT + PENALTY, ENDOWMENT - PENALTY));
        pass(DELIVERY_WINDOW);
        assert_noop!(refuse(late), Error::<Test>::TooLate);
        expire(late);
        assert_eq!(wealth(OTHER_BUYER), ENDOWMENT + PENALTY);
    });
}

#[test]
fn a_delivered_order_is_not_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        assert_noop!(refuse(id), Error::<Test>::AlreadyDelivered);
    });
}

#[test]
fn a_refund_is_proposed_by_the_seller_and_made_by_the_buyer() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let derivation = Derivation::Permitted { royalty: Share::NONE };
        let offer = list(SELLER, ListingOf::<Test> { derivation, ..sealing.listing() });
        let id = order(BUYER, offer);
        assert_noop!(Marketplace::propose_refund(signed(SELLER), id), Error::<Test>::NotDelivered);
        deliver(id, &sealing.key);
        assert_noop!(Marketplace::accept_refund(signed(BUYER), id), Error::<Test>::NoRefundProposed);
        assert_noop!(Marketplace::propose_refund(signed(BUYER), id), Error::<Test>::NotTheSeller);
        assert_ok!(Marketplace::propose_refund(signed(SELLER), id));
        assert_noop!(Marketplace::propose_refund(signed(SELLER), id), Error::<Test>::AlreadyProposed);
        assert_noop!(Marketplace::accept_refund(signed(SELLER), id), Error::<Test>::NotTheBuyer);
        assert_noop!(Marketplace::accept_refund(signed(OTHER_BUYER), id), Error::<Test>::NotTheBuyer);
        assert_ok!(Marketplace::accept_refund(signed(BUYER), id));
        // Everybody has what they had, the bond is free, and no right was given.
        for who in [SELLER, BUYER] {
            assert_eq!(wealth(who), ENDOWMENT);
        }
        assert_eq!(wealth(TREASURY), 0);
        assert_eq!(held(HoldReason::Escrow, BUYER), 0);
        assert_eq!(the_offer(offer).exposure, 0);
        assert_eq!(DeriveRights::<Test>::iter().count(), 0);
        assert_eq!(outcome(id), Outcome::Refunded);
        assert!(the_trade(id).delivered_at.is_some());
        assert_eq!(counts(offer), (0, 0, 1));
    });
}

/// The attack: money is drawn out of escrow a second time.
#[test]
fn a_refund_is_made_once() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        // The other buyer's money is in escrow as well, and stays there.
        order(OTHER_BUYER, offer);
        deliver(id, &sealing.key);
        // The reserve left escrow before: it is not given back twice.
        assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
        assert_ok!(Marketplace::propose_refund(signed(SELLER), id));
        assert_ok!(Marketplace::accept_refund(signed(BUYER), id));
        assert_noop!(Marketplace::accept_refund(signed(BUYER), id), Error::<Test>::NoSuchOrder);
        assert_noop!(accept(BUYER, id), Error::<Test>::NoSuchOrder);
        assert_eq!((wealth(BUYER), held(HoldReason::Escrow, BUYER)), (ENDOWMENT, 0));
        assert_eq!(held(HoldReason::Escrow, OTHER_BUYER), ESCROW);
    });
}

#[test]
fn a_proposed_refund_takes_nothing_from_the_buyer_and_ends_with_the_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        let offer = offer(SELLER, &sealing);
        let disputed = order(BUYER, offer);
        let kept = order(OTHER_BUYER, offer);
        for id in [disputed, kept] {
            deliver(id, &sealing.key);
            assert_ok!(Marketplace::propose_refund(signed(SELLER), id));
        }
        assert_ok!(dispute(disputed, Fault::BadBlock(sealing.block_fault(2))));
        // Once the fault is proved the outcome says so, whatever was proposed.
        assert_noop!(Marketplace::accept_refund(signed(OTHER_BUYER), kept), Error::<Test>::FaultySealing);
        assert_ok!(Marketplace::refund_faulty(signed(STRANGER), kept));
    });
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        deliver(id, &sealing.key);
        assert_ok!(Marketplace::propose_refund(signed(SELLER), id));
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, id));
        // The money is with its owners, and a final trade stays as it is.
        assert_noop!(Marketplace::accept_refund(signed(BUYER), id), Error::<Test>::NoSuchOrder);
        assert_noop!(Marketplace::propose_refund(signed(SELLER), id), Error::<Test>::NoSuchOrder);
    });
}

/// The attack: a seller and a friend order, refuse and refund in circles to get out more than they put in.
#[test]
fn a_colluding_pair_gains_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        // Another's money lies beside theirs.
        let honest = order(OTHER_BUYER, offer);
        for late in [false, true] {
            let id = order(BUYER, offer);
            pass(if late { DELIVERY_WINDOW / 2 + 1 } else { 0 });
            assert_ok!(refuse(id));
        }
        let id = order(BUYER, offer);
        deliver(id, &sealing.key);
        assert_ok!(Marketplace::release_dispute_reserve(&BUYER, id));
        assert_ok!(Marketplace::propose_refund(signed(SELLER), id));
        assert_ok!(Marketplace::accept_refund(signed(BUYER), id));
        assert_eq!(wealth(BUYER) + wealth(SELLER), 2 * ENDOWMENT);
        assert_eq!(held(HoldReason::Escrow, OTHER_BUYER), ESCROW);
        assert!(the_offer(offer).bond >= the_offer(offer).exposure);
        assert_eq!(the_order(honest).state, OrderState::Placed);
    });
}
