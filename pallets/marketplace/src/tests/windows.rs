//! Governance extends the windows that are open, and can do nothing else to them.

use super::*;
use crate::{
    mock::{check_invariants, ExtBuilder, RuntimeEvent, BUYER, MAX_EXTENSION, OTHER_BUYER, SELLER, STRANGER},
    Event, Extensions,
};
use frame_support::assert_noop;
use sp_runtime::traits::BadOrigin;
use wonbon_primitives::{bounds::MAX_EXTENSIONS, record::MAX_WINDOW};

fn extend(blocks: BlockNumber) -> DispatchResult {
    Marketplace::extend_windows(RawOrigin::Root.into(), blocks)
}

#[test]
fn open_windows_are_extended_and_others_are_as_they_were() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let [placed, delivered] = [BUYER, OTHER_BUYER].map(|buyer| order(buyer, offer));
        deliver(delivered, &sealing.key);
        pass(DELIVERY_WINDOW);
        let deadline = the_order(placed).deliver_by;
        assert_ok!(extend(100));
        let extended = Event::WindowsExtended { by: 100, total: 100 };
        System::assert_last_event(RuntimeEvent::Marketplace(extended));
        assert_eq!(the_order(placed).deliver_by, deadline, "what was agreed to stays on record");
        assert_eq!(Marketplace::deliver_by(&the_order(placed)), deadline + 100);
        check_invariants();

        // Past the deadline that was: neither late, nor missed, nor lapsed.
        pass(DISPUTE_WINDOW);
        assert_noop!(Marketplace::expire(signed(STRANGER), placed), Error::<Test>::TooEarly);
        assert_noop!(settle(STRANGER, delivered), Error::<Test>::TooEarly);
        assert_eq!(Marketplace::reserved_for_dispute(&OTHER_BUYER, delivered), RESERVE);
        deliver(placed, &ContentKey::from_bytes([0; 32]));
        check_invariants();

        // A window opened later has its own length.
        assert_eq!(
            Marketplace::dispute_until(&the_order(placed)),
            Some(System::block_number() + DISPUTE_WINDOW)
        );
        let later = order(BUYER, offer);
        assert_eq!(Marketplace::deliver_by(&the_order(later)), the_order(later).deliver_by);
        assert_ok!(dispute(placed, Fault::WrongKey));
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(STRANGER), later));
        pass(100);
        assert_ok!(settle(STRANGER, delivered));
    });
}

#[test]
fn what_was_over_stays_over() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let [missed, lapsed] = [BUYER, OTHER_BUYER].map(|buyer| order(buyer, offer));
        deliver(lapsed, &sealing.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(extend(MAX_EXTENSION));
        let held_back = delivery_of(missed, &sealing.key);
        assert_noop!(Marketplace::deliver(deliverer(SELLER), missed, held_back), Error::<Test>::TooLate);
        let proof = DisputeProof { shared: shared_proof(lapsed), fault: Fault::WrongKey };
        assert_noop!(dispute_as(OTHER_BUYER, lapsed, proof), Error::<Test>::TooLate);
        assert_ok!(Marketplace::expire(signed(STRANGER), missed));
        assert_ok!(settle(STRANGER, lapsed));
    });
}

#[test]
fn extensions_are_governances_and_within_limits() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [signed(SELLER), deliverer(SELLER), RawOrigin::None.into()] {
            assert_noop!(Marketplace::extend_windows(origin, 1), BadOrigin);
        }
        assert_noop!(extend(0), Error::<Test>::ExtensionOutOfRange);
        assert_noop!(extend(MAX_EXTENSION + 1), Error::<Test>::ExtensionOutOfRange);
        for _ in 0..MAX_EXTENSIONS {
            assert_ok!(extend(MAX_EXTENSION));
        }
        assert_noop!(extend(1), Error::<Test>::TooManyExtensions);
        // No window can be open any more that one of them found open.
        pass(MAX_WINDOW + MAX_EXTENSIONS * MAX_EXTENSION);
        assert_noop!(extend(1), Error::<Test>::TooManyExtensions);
        pass(2);
        assert_ok!(extend(1));
        let extensions = Extensions::<Test>::get();
        assert_eq!((extensions.list.len(), extensions.total), (1, MAX_EXTENSIONS * MAX_EXTENSION + 1));
    });
}
