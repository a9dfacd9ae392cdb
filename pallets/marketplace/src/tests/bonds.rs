//! Bond that leaves while its offer goes on: when, how much, and what nobody gains by it.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    mock::{held, wealth, ExtBuilder, BUYER, ENDOWMENT, OTHER_BUYER, OTHER_SELLER, SELLER, TREASURY},
    HoldReason,
};

fn release(offer: OfferId, amount: Balance) -> DispatchResult {
    Marketplace::release_bond(signed(SELLER), offer, amount)
}

fn take(offer: OfferId) -> DispatchResult {
    Marketplace::take_bond(signed(SELLER), offer)
}

#[test]
fn surplus_leaves_after_one_dispute_window() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        assert_noop!(take(offer), Error::<Test>::NoBondLeaving);
        let others = Marketplace::release_bond(signed(OTHER_SELLER), offer, 1);
        assert_noop!(others, Error::<Test>::NotTheSeller);
        assert_noop!(release(offer, 3 * ORDER_BOND + 1), Error::<Test>::BondNotFree);
        assert_ok!(release(offer, 2 * ORDER_BOND));
        assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND);
        pass(DISPUTE_WINDOW);
        assert_noop!(take(offer), Error::<Test>::TooEarly);
        pass(1);
        assert_noop!(Marketplace::take_bond(signed(OTHER_SELLER), offer), Error::<Test>::NotTheSeller);
        assert_ok!(take(offer));
        assert_eq!(held(HoldReason::Bond, SELLER), ORDER_BOND);
        assert_noop!(take(offer), Error::<Test>::NoBondLeaving);
    });
}

#[test]
fn what_is_to_leave_can_be_called_back_and_said_anew() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        assert_ok!(release(offer, ORDER_BOND));
        pass(DISPUTE_WINDOW);
        // Said anew it waits anew.
        assert_ok!(release(offer, 2 * ORDER_BOND));
        pass(1);
        assert_noop!(take(offer), Error::<Test>::TooEarly);
        assert_ok!(release(offer, 0));
        assert_eq!(the_offer(offer).leaving, None);
        pass(DISPUTE_WINDOW + 1);
        assert_noop!(take(offer), Error::<Test>::NoBondLeaving);
    });
}

/// The attack: the bond leaves while orders need it, or an order is taken on bond that is about to leave.
#[test]
fn no_bond_leaves_that_an_open_order_needs() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        order(BUYER, offer);
        assert_noop!(release(offer, 2 * ORDER_BOND + 1), Error::<Test>::BondNotFree);
        assert_ok!(release(offer, 2 * ORDER_BOND));
        assert_noop!(try_order(OTHER_BUYER, offer), Error::<Test>::BondTooSmall);
        let dearer = Marketplace::set_price(signed(SELLER), offer, PRICE);
        assert_noop!(dearer, Error::<Test>::BondTooSmall);
        assert_ok!(release(offer, ORDER_BOND));
        assert_ok!(try_order(OTHER_BUYER, offer));
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(take(offer));
        assert_eq!((the_offer(offer).bond, the_offer(offer).exposure), (2 * ORDER_BOND, 2 * ORDER_BOND));
    });
}

/// The attack: the seller sees that a block is about to be proved wrong and takes out what is not covering an order.
#[test]
fn a_fault_takes_the_bond_that_was_to_leave() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        deliver(id, &sealing.key);
        assert_ok!(release(offer, 2 * ORDER_BOND));
        pass(DISPUTE_WINDOW);
        assert_noop!(take(offer), Error::<Test>::TooEarly);
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(2))));
        assert_eq!(wealth(SELLER), ENDOWMENT - 3 * ORDER_BOND);
        assert_eq!(wealth(TREASURY), 3 * ORDER_BOND - RESERVE);
        pass(1);
        assert_noop!(take(offer), Error::<Test>::NoBondLeaving);
    });
}

/// The attack: the dispute window is amended to a short one, so that the surplus leaves before older orders are settled.
#[test]
fn an_amendment_does_not_let_bond_leave_sooner() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        let amend = |window| {
            let forbidden = Derivation::Forbidden.into();
            Marketplace::amend(signed(SELLER), offer, LICENCE, NDA, DELIVERY_WINDOW, window, forbidden)
        };
        assert_ok!(amend(10));
        assert_ok!(release(offer, ORDER_BOND));
        let stays_until = the_offer(offer).leaving.unwrap().stays_until;
        assert_eq!(stays_until, System::block_number() + DISPUTE_WINDOW);
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        // With no older order the present window counts.
        assert_ok!(release(offer, ORDER_BOND));
        assert_eq!(the_offer(offer).leaving.unwrap().stays_until, System::block_number() + 10);
    });
}

#[test]
fn a_closed_offer_gives_everything_back_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        assert_ok!(release(offer, ORDER_BOND));
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        assert_eq!((held(HoldReason::Bond, SELLER), the_offer(offer).leaving), (0, None));
        assert_noop!(take(offer), Error::<Test>::NoBondLeaving);
        assert_noop!(release(offer, 1), Error::<Test>::BondNotFree);
    });
}
