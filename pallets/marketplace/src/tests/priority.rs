//! Deliveries and disputes come before others, once, and nobody else's do.

use super::*;
use crate::{
    mock::{ExtBuilder, BUYER, OTHER_BUYER, SELLER, STRANGER},
    priority::{Failed, NotAdmitted, OrderAct::*},
    FailedActs,
};
use frame_support::assert_noop;
use sp_runtime::traits::BadOrigin;

fn first(act: OrderAct, id: OrderId, who: AccountId) -> bool {
    Marketplace::admit(act, id, &who).expect("it is admitted").first
}

#[test]
fn only_what_the_runtime_makes_of_an_origin_delivers_or_disputes() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        let delivery = delivery_of(id, &ContentKey::from_bytes([0; 32]));
        let plain_origins: [RuntimeOrigin; 4] =
            [signed(SELLER), RawOrigin::Root.into(), RawOrigin::None.into(), disputer(SELLER)];
        for origin in plain_origins {
            assert_noop!(Marketplace::deliver(origin, id, delivery), BadOrigin);
        }
        // And an origin that delivers does nothing else.
        for origin in [deliverer(SELLER), disputer(SELLER)] {
            assert_noop!(Marketplace::add_bond(origin.clone(), 0, 1), BadOrigin);
            assert_noop!(Marketplace::expire(origin, id), BadOrigin);
        }
        assert_ok!(Marketplace::deliver(deliverer(SELLER), id, delivery));
        let proof = DisputeProof { shared: shared_proof(id), fault: Fault::WrongKey };
        for origin in [signed(BUYER), RawOrigin::Root.into(), RawOrigin::None.into(), deliverer(BUYER)] {
            assert_noop!(Marketplace::dispute(origin, id, proof.clone()), BadOrigin);
        }
        assert_ok!(dispute_as(BUYER, id, proof));
    });
}

#[test]
fn acts_are_admitted_in_their_phase_in_time_and_of_their_party() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer(SELLER, &sealing));
        let admit = |act, who| Marketplace::admit(act, id, &who);
        assert_eq!(Marketplace::admit(Delivery, 7, &SELLER), Err(NotAdmitted::NoSuchOrder));
        for other in [BUYER, OTHER_BUYER, STRANGER] {
            assert_eq!(admit(Delivery, other), Err(NotAdmitted::NotTheParty));
        }
        assert_eq!(admit(Dispute, BUYER), Err(NotAdmitted::WrongPhase));
        assert_eq!(admit(Delivery, SELLER).unwrap().blocks_left, DELIVERY_WINDOW);
        pass(DELIVERY_WINDOW);
        assert_eq!(admit(Delivery, SELLER).unwrap().blocks_left, 0, "in the last block");
        deliver(id, &sealing.key);
        assert_eq!(admit(Delivery, SELLER), Err(NotAdmitted::WrongPhase));
        assert_eq!(admit(Dispute, SELLER), Err(NotAdmitted::NotTheParty));
        pass(DISPUTE_WINDOW);
        assert_eq!(admit(Dispute, BUYER).unwrap().blocks_left, 0);
        pass(1);
        assert_eq!(admit(Dispute, BUYER), Err(NotAdmitted::TooLate));
        assert_ok!(settle(STRANGER, id));
        assert_eq!(admit(Dispute, BUYER), Err(NotAdmitted::NoSuchOrder));

        let late = order(BUYER, 0);
        pass(DELIVERY_WINDOW + 1);
        assert_eq!(Marketplace::admit(Delivery, late, &SELLER), Err(NotAdmitted::TooLate));
    });
}

#[test]
fn a_failure_takes_the_priority_of_its_kind_and_goes_with_the_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let [id, other] = [(); 2].map(|()| order(BUYER, offer));
        assert!(first(Delivery, id, SELLER));
        Marketplace::note_failure(Delivery, id);
        assert!(!first(Delivery, id, SELLER), "once is enough");
        assert!(first(Delivery, other, SELLER), "other orders have theirs");

        // A seller who fails on purpose takes nothing from the buyer.
        deliver(id, &sealing.key);
        assert!(first(Dispute, id, BUYER));
        Marketplace::note_failure(Dispute, id);
        assert!(!first(Dispute, id, BUYER));
        crate::mock::check_invariants();
        assert_ok!(accept(BUYER, id));
        assert_eq!(FailedActs::<Test>::iter().count(), 0);

        // Nothing is kept of orders that there are not.
        Marketplace::note_failure(Delivery, id);
        Marketplace::note_failure(Dispute, 77);
        assert_eq!(FailedActs::<Test>::iter().count(), 0);
    });
}

#[test]
fn every_end_of_an_order_forgets_its_failures() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let missed = order(BUYER, offer);
        Marketplace::note_failure(Delivery, missed);
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(STRANGER), missed));
        assert_ok!(Marketplace::resume_offer(signed(SELLER), offer));
        assert_ok!(Marketplace::add_bond(signed(SELLER), offer, ORDER_BOND));

        let lapsed = order(BUYER, offer);
        deliver(lapsed, &sealing.key);
        Marketplace::note_failure(Dispute, lapsed);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, lapsed));

        let wrong = order(BUYER, offer);
        Marketplace::note_failure(Delivery, wrong);
        deliver(wrong, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(wrong, Fault::WrongKey));
        assert_eq!(FailedActs::<Test>::iter().count(), 0);
    });
}

#[test]
fn the_invariants_find_a_failure_that_should_not_be() {
    ExtBuilder::default().build().execute_with(|| {
        let id = order(BUYER, offer(SELLER, &Sealing::honest(1)));
        for (order, failed) in [
            (id, Failed::default()),
            (id, Failed { dispute: true, ..Failed::default() }),
            (id + 1, Failed { delivery: true, ..Failed::default() }),
        ] {
            FailedActs::<Test>::insert(order, failed);
            assert!(Marketplace::do_try_state().is_err(), "{order} {failed:?}");
            FailedActs::<Test>::remove(order);
        }
        assert_ok!(Marketplace::do_try_state());
    });
}
