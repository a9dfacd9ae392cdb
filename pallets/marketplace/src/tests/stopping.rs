//! No new orders for a while: what is stopped, and all that is not.

use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

use super::*;
use crate::{
    mock::{ExtBuilder, BUYER, SELLER, STRANGER},
    Event,
};

fn stop() {
    assert_ok!(Marketplace::stop_orders(RawOrigin::Root.into()));
}

fn resume() {
    assert_ok!(Marketplace::resume_orders(RawOrigin::Root.into()));
}

#[test]
fn no_order_is_placed_until_orders_are_resumed() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        stop();
        System::assert_last_event(Event::NewOrdersStopped.into());
        assert_noop!(try_order(BUYER, id), Error::<Test>::NewOrdersStopped);
        resume();
        System::assert_last_event(Event::NewOrdersResumed.into());
        assert_ok!(try_order(BUYER, id));
    });
}

#[test]
fn open_orders_run_their_course() {
    ExtBuilder::default().build_and_execute(|| {
        let (honest, wrong) = (Sealing::honest(1), Sealing::with_wrong_block(2, 3));
        let (good, bad) = (offer(SELLER, &honest), offer(SELLER, &wrong));
        let [accepted, settled, missed] = [0; 3].map(|_| order(BUYER, good));
        let disputed = order(BUYER, bad);
        stop();
        // Sellers go on as well: only what would bring somebody new into it waits.
        assert_ok!(Marketplace::add_bond(signed(SELLER), good, 1));
        deliver(accepted, &honest.key);
        assert_ok!(Marketplace::accept(signed(BUYER), accepted, 0));
        deliver(disputed, &wrong.key);
        assert_ok!(dispute(disputed, Fault::BadBlock(wrong.block_fault(3))));
        deliver(settled, &honest.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(Marketplace::settle(signed(STRANGER), settled, 0));
        assert_ok!(Marketplace::expire(signed(STRANGER), missed));
        let outcomes = [accepted, settled, missed, disputed].map(outcome);
        let expected = [Outcome::Accepted, Outcome::Lapsed, Outcome::Missed, Outcome::BadBlock(3)];
        assert_eq!(outcomes, expected);
    });
}

#[test]
fn only_governance_stops_and_resumes_and_says_so_once() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Marketplace::stop_orders(signed(SELLER)), DispatchError::BadOrigin);
        assert_noop!(Marketplace::resume_orders(RawOrigin::Root.into()), Error::<Test>::NewOrdersNotStopped);
        stop();
        assert_noop!(Marketplace::stop_orders(RawOrigin::Root.into()), Error::<Test>::NewOrdersStopped);
        assert_noop!(Marketplace::resume_orders(signed(SELLER)), DispatchError::BadOrigin);
        resume();
    });
}
