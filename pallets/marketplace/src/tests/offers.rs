//! Rules and offers: every call, permission and error.

use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::{
    traits::{BadOrigin, Dispatchable},
    TokenError,
};
use wonbon_primitives::unchecked::UncheckedDerivation;

use super::*;
use crate::{
    mock::{
        hand_over, held, rules, wealth, withdraw, Balances, ExtBuilder, Registered, RuntimeCall, Unsettled,
        Verified, BUYER, ENDOWMENT, OFFER_DEPOSIT, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER,
    },
    CompanyTradeCount, Event, HoldReason, Rules, UsedKeys,
};

#[test]
fn an_offer_is_stored_and_its_bond_held() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        let offer = the_offer(id);
        assert_eq!(offer.version, 2);
        assert_eq!(offer.dataset, sealing.dataset());
        assert_eq!(offer.seller, SELLER);
        assert_eq!(offer.length, LENGTH as u64);
        assert_eq!(offer.sealed_root, sealing.sealed_root);
        assert_eq!(offer.key_commitment, sealing.key.commitment());
        assert_eq!((offer.price, offer.licence, offer.nda), (PRICE, LICENCE, NDA));
        assert_eq!((offer.delivery_window, offer.dispute_window), (DELIVERY_WINDOW, DISPUTE_WINDOW));
        assert_eq!((offer.bond, offer.open_orders, offer.exposure), (3 * ORDER_BOND, 0, 0));
        assert_eq!((offer.state, offer.offered_at), (OfferState::Open, 1));
        assert_eq!(offer.derivation, Derivation::Forbidden);
        assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND);
        assert_eq!(UsedKeys::<Test>::get(SELLER, sealing.key.commitment()), Some(id));
        System::assert_last_event(
            Event::OfferMade { offer: id, dataset: sealing.dataset(), seller: SELLER, price: PRICE }.into(),
        );
    });
}

#[test]
fn counts_of_a_companys_trades_are_stored_even_when_zero() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        assert!(CompanyTradeCount::<Test>::contains_key(SELLER));
        assert!(!CompanyTradeCount::<Test>::contains_key(BUYER));
        order(BUYER, id);
        assert!(CompanyTradeCount::<Test>::contains_key(BUYER));
    });
}

#[test]
fn only_a_verified_owner_offers() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::NoSuchDataset);
        register(SELLER, sealing.plain);
        assert_noop!(try_offer(STRANGER, sealing.listing()), Error::<Test>::NotVerified);
        assert_noop!(try_offer(OTHER_SELLER, sealing.listing()), Error::<Test>::NotTheOwner);
        Verified::mutate(|all| all.remove(&SELLER));
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::NotVerified);
        Verified::mutate(|all| all.insert(SELLER));
        Unsettled::mutate(|all| all.insert(sealing.listing().dataset));
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::DatasetProvisional);
        Unsettled::set(Default::default());
        Registered::mutate(|all| all.values_mut().for_each(|dataset| dataset.withdrawn = true));
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::DatasetWithdrawn);
    });
}

#[test]
fn price_windows_and_bond_are_within_the_rules() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let with = |change: fn(&mut ListingOf<Test>)| {
            let mut listing = sealing.listing();
            change(&mut listing);
            try_offer(SELLER, listing)
        };
        assert_noop!(with(|it| it.price = 0), Error::<Test>::PriceOutOfRange);
        assert_noop!(with(|it| it.price = 100_001), Error::<Test>::PriceOutOfRange);
        assert_noop!(with(|it| it.delivery_window = 4), Error::<Test>::WindowOutOfRange);
        assert_noop!(with(|it| it.delivery_window = 101), Error::<Test>::WindowOutOfRange);
        assert_noop!(with(|it| it.dispute_window = 9), Error::<Test>::WindowOutOfRange);
        assert_noop!(with(|it| it.dispute_window = 1_001), Error::<Test>::WindowOutOfRange);
        assert_noop!(with(|it| it.bond = ORDER_BOND - 1), Error::<Test>::BondTooSmall);
        // A cheap dataset's bond is the floor.
        assert_noop!(
            with(|it| {
                it.price = 1;
                it.bond = 999;
            }),
            Error::<Test>::BondTooSmall
        );
        assert_noop!(with(|it| it.bond = ENDOWMENT), TokenError::FundsUnavailable);
        assert_ok!(with(|it| {
            it.price = 1;
            it.bond = 1_000;
        }));
    });
}

#[test]
fn the_bounds_of_the_rules_are_allowed() {
    ExtBuilder::default().build_and_execute(|| {
        let listing = |sealing: &Sealing| {
            register(SELLER, sealing.plain);
            sealing.listing()
        };
        let shortest = ListingOf::<Test> {
            price: 1,
            delivery_window: 5,
            dispute_window: 10,
            ..listing(&Sealing::honest(1))
        };
        let longest = ListingOf::<Test> {
            price: 100_000,
            delivery_window: 100,
            dispute_window: 1_000,
            bond: 20_000,
            ..listing(&Sealing::honest(2))
        };
        assert_ok!(try_offer(SELLER, shortest));
        assert_ok!(try_offer(SELLER, longest));
    });
}

#[test]
fn a_key_commitment_is_used_once_by_a_seller() {
    ExtBuilder::default().build_and_execute(|| {
        let first = Sealing::honest(1);
        let id = offer(SELLER, &first);
        assert_noop!(try_offer(SELLER, first.listing()), Error::<Test>::KeyReused);
        // Another dataset under the same key: whoever bought one could open the other.
        let second = Sealing::under_key(2, 1);
        register(SELLER, second.plain);
        assert_noop!(try_offer(SELLER, second.listing()), Error::<Test>::KeyReused);
        // Also after the offer is gone.
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), id));
        assert_noop!(try_offer(SELLER, first.listing()), Error::<Test>::KeyReused);
        // Nobody can block another seller's key by offering its commitment first.
        let copied = Sealing::under_key(3, 9);
        offer(OTHER_SELLER, &copied);
        offer(SELLER, &Sealing::under_key(4, 9));
    });
}

#[test]
fn the_seller_changes_the_price() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        assert_ok!(Marketplace::set_price(signed(SELLER), id, 12_000));
        System::assert_last_event(Event::PriceSet { offer: id, price: 12_000 }.into());
        assert_eq!(the_offer(id).price, 12_000);
        assert_eq!(Marketplace::quote(id).expect("the offer exists").price, 12_000);

        assert_noop!(Marketplace::set_price(signed(OTHER_SELLER), id, 1), Error::<Test>::NotTheSeller);
        assert_noop!(Marketplace::set_price(signed(SELLER), 7, 1), Error::<Test>::NoSuchOffer);
        assert_noop!(Marketplace::set_price(signed(SELLER), id, 0), Error::<Test>::PriceOutOfRange);
        assert_noop!(Marketplace::set_price(signed(SELLER), id, 100_001), Error::<Test>::PriceOutOfRange);
        Verified::mutate(|all| all.remove(&SELLER));
        assert_noop!(Marketplace::set_price(signed(SELLER), id, 1), Error::<Test>::NotVerified);
    });
}

#[test]
fn a_new_price_is_checked_against_the_bond_and_the_open_orders() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        order(BUYER, id);
        // 6,000 of bond, 2,000 of it taken: 20 % of the new price must fit into 4,000.
        assert_noop!(Marketplace::set_price(signed(SELLER), id, 20_005), Error::<Test>::BondTooSmall);
        assert_ok!(Marketplace::set_price(signed(SELLER), id, 20_000));
        // Then one more order fits and no second.
        order(OTHER_BUYER, id);
        assert_noop!(try_order(BUYER, id), Error::<Test>::BondTooSmall);
    });
}

#[test]
fn the_seller_adds_bond() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        assert_ok!(Marketplace::add_bond(signed(SELLER), id, 500));
        System::assert_last_event(Event::BondAdded { offer: id, amount: 500 }.into());
        assert_eq!(the_offer(id).bond, 3 * ORDER_BOND + 500);
        assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND + 500);

        assert_noop!(Marketplace::add_bond(signed(BUYER), id, 500), Error::<Test>::NotTheSeller);
        assert_noop!(Marketplace::add_bond(signed(SELLER), 7, 500), Error::<Test>::NoSuchOffer);
        assert_noop!(Marketplace::add_bond(signed(SELLER), id, ENDOWMENT), TokenError::FundsUnavailable);
        // A suspended seller may still stand behind what they have sold.
        Verified::mutate(|all| all.remove(&SELLER));
        assert_ok!(Marketplace::add_bond(signed(SELLER), id, 1));
    });
}

#[test]
fn withdrawing_an_offer_without_orders_gives_the_bond_back() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        assert_noop!(Marketplace::withdraw_offer(signed(BUYER), id), Error::<Test>::NotTheSeller);
        assert_noop!(Marketplace::withdraw_offer(signed(SELLER), 7), Error::<Test>::NoSuchOffer);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), id));
        System::assert_has_event(Event::OfferWithdrawn { offer: id }.into());
        System::assert_last_event(Event::BondReleased { offer: id, amount: 3 * ORDER_BOND }.into());
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
        assert_eq!(Balances::free_balance(SELLER), ENDOWMENT - OFFER_DEPOSIT);
        assert_eq!((the_offer(id).state, the_offer(id).bond), (OfferState::Withdrawn, 0));

        assert_noop!(Marketplace::withdraw_offer(signed(SELLER), id), Error::<Test>::OfferNotOpen);
        assert_noop!(Marketplace::set_price(signed(SELLER), id, 1), Error::<Test>::OfferNotOpen);
        assert_noop!(Marketplace::add_bond(signed(SELLER), id, 1), Error::<Test>::OfferNotOpen);
        assert_noop!(try_order(BUYER, id), Error::<Test>::OfferNotOpen);
    });
}

#[test]
fn a_withdrawn_offers_bond_waits_for_its_last_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        let first = order(BUYER, id);
        let second = order(OTHER_BUYER, id);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), id));
        assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND);
        for order in [first, second] {
            assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND);
            deliver(order, &sealing.key);
            assert_ok!(accept(the_order(order).buyer, order));
        }
        System::assert_has_event(Event::BondReleased { offer: id, amount: 3 * ORDER_BOND }.into());
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
        assert_eq!(wealth(SELLER), ENDOWMENT + 2 * (PRICE - FEE));
    });
}

#[test]
fn an_offer_whose_seller_is_not_the_owner_any_more_is_closed_by_anyone() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        let open = order(BUYER, id);
        assert_noop!(close_offer(STRANGER, 7), Error::<Test>::NoSuchOffer);
        assert_noop!(close_offer(STRANGER, id), Error::<Test>::OfferStillGood);
        // A suspension may end: the offer waits.
        Verified::mutate(|all| all.remove(&SELLER));
        assert_noop!(close_offer(STRANGER, id), Error::<Test>::OfferStillGood);
        Verified::mutate(|all| all.insert(SELLER));

        hand_over(sealing.dataset(), OTHER_SELLER);
        assert_noop!(try_order(BUYER, id), Error::<Test>::NotTheOwner);
        assert_ok!(close_offer(STRANGER, id));
        System::assert_last_event(Event::OfferWithdrawn { offer: id }.into());
        assert_eq!(the_offer(id).state, OfferState::Withdrawn);
        assert_noop!(close_offer(STRANGER, id), Error::<Test>::OfferNotOpen);
        // What was ordered runs its course, and the bond follows it.
        assert_eq!(held(HoldReason::Bond, SELLER), 3 * ORDER_BOND);
        deliver(open, &sealing.key);
        assert_ok!(accept(BUYER, open));
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
        // The new owner offers it themselves.
        list(OTHER_SELLER, Sealing::under_key(1, 9).listing());
    });
}

#[test]
fn an_offer_of_a_withdrawn_dataset_is_closed_with_it() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        assert_eq!(withdraw(sealing.dataset()), 1);
        assert_noop!(close_offer(BUYER, id), Error::<Test>::OfferNotOpen);
        System::assert_last_event(Event::BondReleased { offer: id, amount: 3 * ORDER_BOND }.into());
        assert_eq!(Balances::free_balance(SELLER), ENDOWMENT - OFFER_DEPOSIT);
    });
}

/// An offer's record and its key commitment stay for ever, and so does their deposit.
#[test]
fn every_offer_costs_a_deposit_for_good() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, again) = (Sealing::honest(1), Sealing::under_key(1, 9));
        let id = offer(SELLER, &sealing);
        assert_eq!(held(HoldReason::OfferDeposit, SELLER), OFFER_DEPOSIT);
        let order = buy(BUYER, id, &sealing);
        assert_eq!(outcome(order), Outcome::Accepted);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), id));
        assert_eq!(held(HoldReason::OfferDeposit, SELLER), OFFER_DEPOSIT);
        list(SELLER, again.listing());
        assert_eq!(held(HoldReason::OfferDeposit, SELLER), 2 * OFFER_DEPOSIT);
        assert_eq!(held(HoldReason::OfferDeposit, BUYER), 0);
    });
}

#[test]
fn a_seller_without_the_deposit_offers_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let needed = 3 * ORDER_BOND + OFFER_DEPOSIT;
        assert_ok!(Balances::transfer_allow_death(signed(SELLER), STRANGER, ENDOWMENT - needed));
        // The last won keeps the account.
        assert_noop!(try_offer(SELLER, sealing.listing()), TokenError::FundsUnavailable);
        assert_ok!(Balances::transfer_allow_death(signed(STRANGER), SELLER, 1));
        assert_ok!(try_offer(SELLER, sealing.listing()));
    });
}

/// What a foreign client says of the licence is a call, whatever the share, and refused by name.
#[test]
fn a_royalty_of_more_than_the_whole_is_refused_by_name() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let it = sealing.listing();
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
            derivation: UncheckedDerivation::Permitted { royalty: 1_000_001 },
            parents: 0,
        };
        let call = RuntimeCall::from(call);
        assert_eq!(RuntimeCall::decode(&mut &call.encode()[..]), Ok(call.clone()));
        let refused = call.dispatch(signed(SELLER)).map_err(|error| error.error);
        assert_eq!(refused, Err(Error::<Test>::RoyaltyTooHigh.into()));
    });
}

#[test]
fn only_governance_sets_rules_and_only_sound_ones() {
    ExtBuilder::default().build_and_execute(|| {
        let new = record::Rules { platform_fee: Share::from_percent(7), ..rules() };
        assert_noop!(Marketplace::set_rules(signed(SELLER), new.clone()), BadOrigin);
        assert_noop!(Marketplace::set_rules(RawOrigin::None.into(), new.clone()), BadOrigin);
        assert_ok!(Marketplace::set_rules(RawOrigin::Root.into(), new.clone()));
        assert_eq!(Rules::<Test>::get(), Some(new.clone()));
        System::assert_last_event(Event::RulesSet { rules: new }.into());

        let unsound: [fn(&mut record::Rules<Balance, BlockNumber>); 9] = [
            |it| it.min_delivery_window = 0,
            |it| it.min_delivery_window = 101,
            |it| it.max_delivery_window = record::MAX_WINDOW + 1,
            |it| it.min_dispute_window = 0,
            |it| it.min_dispute_window = 1_001,
            |it| it.max_dispute_window = record::MAX_WINDOW + 1,
            |it| {
                it.bond_floor = 0;
                it.dispute_reserve = 0;
            },
            |it| it.bond_floor = it.dispute_reserve - 1,
            |it| it.max_price = 0,
        ];
        for change in unsound {
            let mut rules = rules();
            change(&mut rules);
            assert_noop!(Marketplace::set_rules(RawOrigin::Root.into(), rules), Error::<Test>::UnsoundRules);
        }
    });
}

#[test]
fn without_rules_nothing_is_offered() {
    ExtBuilder::without_rules().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::NoRules);
        assert_ok!(Marketplace::set_rules(RawOrigin::Root.into(), rules()));
        assert_ok!(try_offer(SELLER, sealing.listing()));
    });
}

#[test]
fn shares_are_rounded_down() {
    let rules = rules();
    assert_eq!(rules.fee_for(19), 0);
    assert_eq!(rules.fee_for(39), 1);
    assert_eq!(rules.bond_for(4_999), 1_000);
    assert_eq!(rules.bond_for(5_009), 1_001);
    assert_eq!(rules.penalty_for(1_009), 100);
    // Nothing overflows at the ends of the range.
    let all = record::Rules { platform_fee: Share::WHOLE, max_price: Balance::MAX, ..rules };
    assert_eq!(all.fee_for(Balance::MAX), Balance::MAX);
}

#[test]
fn every_call_wants_a_signature() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        for origin in [RawOrigin::None, RawOrigin::Root].map(RuntimeOrigin::from) {
            assert_noop!(Marketplace::set_price(origin.clone(), id, 1), BadOrigin);
            assert_noop!(Marketplace::add_bond(origin.clone(), id, 1), BadOrigin);
            assert_noop!(Marketplace::withdraw_offer(origin.clone(), id), BadOrigin);
            assert_noop!(Marketplace::close_offer(origin.clone(), id, 0), BadOrigin);
            let (key, nonce) = ([0; 32], [0; 32]);
            assert_noop!(
                Marketplace::place_order(
                    origin.clone(),
                    id,
                    PRICE,
                    0,
                    0,
                    quote(id),
                    LICENCE,
                    NDA,
                    key,
                    nonce
                ),
                BadOrigin
            );
            assert_noop!(Marketplace::accept(origin.clone(), 0, 0), BadOrigin);
            assert_noop!(Marketplace::settle(origin.clone(), 0, 0), BadOrigin);
            assert_noop!(Marketplace::expire(origin.clone(), 0), BadOrigin);
            assert_noop!(Marketplace::refund_faulty(origin.clone(), 0), BadOrigin);
            assert_noop!(Marketplace::refuse(origin.clone(), 0), BadOrigin);
            assert_noop!(Marketplace::propose_refund(origin.clone(), 0), BadOrigin);
            assert_noop!(Marketplace::accept_refund(origin.clone(), 0), BadOrigin);
            let forbidden = Derivation::Forbidden.into();
            assert_noop!(Marketplace::amend(origin.clone(), id, LICENCE, NDA, 5, 10, forbidden), BadOrigin);
            assert_noop!(Marketplace::resume_offer(origin.clone(), id), BadOrigin);
            assert_noop!(Marketplace::reopen_offer(origin.clone(), id, 1, 0), BadOrigin);
            assert_noop!(Marketplace::release_bond(origin.clone(), id, 1), BadOrigin);
            assert_noop!(Marketplace::take_bond(origin, id), BadOrigin);
        }
    });
}
