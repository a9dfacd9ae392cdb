//! Orders from escrow to trade: every call, permission, deadline and error.

use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::TokenError;
use wonbon_primitives::{
    record::{trade_entry, Order, Trade},
    registry::DatasetRegistry,
};

use super::*;
use crate::{
    mock::{
        held, moment, rules, wealth, Balances, ExtBuilder, Records, Registered, SharedAdmins, StatedDatasets,
        Verified, BUYER, ENDOWMENT, FIRST_POSITION, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    CompanyTradeCount, CompanyTrades, EscrowTotal, Event, HoldReason,
};

/// An offer and an order of it.
fn ordered() -> (Sealing, OfferId, OrderId) {
    let sealing = Sealing::honest(1);
    let offer = offer(SELLER, &sealing);
    let order = order(BUYER, offer);
    (sealing, offer, order)
}

#[test]
fn an_order_fixes_all_terms_and_holds_the_money() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, offer, id) = ordered();
        let order = the_order(id);
        let terms = order.terms.clone();
        assert_eq!((terms.genesis, terms.offer, terms.dataset), (genesis(), offer, sealing.dataset()));
        assert_eq!((terms.length, terms.sealed_root), (LENGTH as u64, sealing.sealed_root));
        assert_eq!((terms.key_commitment, terms.seller), (sealing.key.commitment(), SELLER));
        assert_eq!((terms.price, terms.platform_fee, terms.dispute_reserve), (PRICE, FEE, RESERVE));
        assert_eq!((terms.bond, terms.missed_delivery_penalty), (ORDER_BOND, PENALTY));
        assert_eq!((terms.delivery_window, terms.dispute_window), (DELIVERY_WINDOW, DISPUTE_WINDOW));
        assert_eq!((terms.licence, terms.nda), (LICENCE, NDA));
        assert_eq!((terms.derivation, terms.royalties.len()), (Derivation::Forbidden, 0));
        assert_eq!(terms, Marketplace::quote(offer).expect("the offer exists"));
        assert_eq!(
            order,
            Order {
                version: 2,
                offer,
                buyer: BUYER,
                terms,
                order_key: order_secret(id).order_key(),
                nonce: order.nonce,
                placed_at: 1,
                deliver_by: 1 + DELIVERY_WINDOW,
                state: OrderState::Placed,
                reserve_left: RESERVE,
                refund_proposed: None,
            }
        );
        assert_eq!(held(HoldReason::Escrow, BUYER), ESCROW);
        assert_eq!(EscrowTotal::<Test>::get(), ESCROW);
        assert_eq!((the_offer(offer).open_orders, the_offer(offer).exposure), (1, ORDER_BOND));
        System::assert_last_event(
            Event::OrderPlaced { order: id, offer, buyer: BUYER, deliver_by: 1 + DELIVERY_WINDOW }.into(),
        );
    });
}

#[test]
fn companies_under_one_admin_do_not_trade() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        let terms = quote(id);
        SharedAdmins::set([(SELLER, BUYER), (OTHER_BUYER, OTHER_SELLER)].into());
        assert_noop!(try_order_under(BUYER, id, terms), Error::<Test>::SharedAdmin);
        assert_ok!(try_order_under(OTHER_BUYER, id, terms));
    });
}

#[test]
fn an_order_stays_when_its_parties_get_an_admin_in_common() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, _, id) = ordered();
        SharedAdmins::set([(BUYER, SELLER)].into());
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
    });
}

#[test]
fn orders_that_are_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        let terms = quote(id);
        assert_noop!(try_order_under(BUYER, 7, terms), Error::<Test>::NoSuchOffer);
        assert_noop!(try_order_under(SELLER, id, terms), Error::<Test>::OwnOffer);
        assert_noop!(try_order_under(STRANGER, id, terms), Error::<Test>::NotVerified);
        assert_noop!(try_order_under(BUYER, id, [0; 32]), Error::<Test>::StaleTerms);
        let key = order_key();
        let place = |licence, nda, key| place(BUYER, id, terms, [licence, nda], key, [0; 32]);
        assert_noop!(place([0; 32], NDA, key), Error::<Test>::LicenceNotAccepted);
        assert_noop!(place(LICENCE, [0; 32], key), Error::<Test>::NdaNotAccepted);
        assert_noop!(place(LICENCE, NDA, [0xff; 32]), Error::<Test>::BadPoint);
        assert_ok!(place(LICENCE, NDA, key));
    });
}

/// Some valid order key.
fn order_key() -> [u8; 32] {
    OrderSecret::derive(&[1; 32], &[2; 32]).order_key().0
}

#[test]
fn a_stale_price_is_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        let seen = quote(id);
        assert_ok!(Marketplace::set_price(signed(SELLER), id, PRICE + 1));
        assert_noop!(try_order_under(BUYER, id, seen), Error::<Test>::StaleTerms);
        // Cheaper is stale too: the buyer signs what they have seen.
        assert_ok!(Marketplace::set_price(signed(SELLER), id, PRICE - 1));
        assert_noop!(try_order_under(BUYER, id, seen), Error::<Test>::StaleTerms);
        assert_ok!(Marketplace::set_price(signed(SELLER), id, PRICE));
        assert_ok!(try_order_under(BUYER, id, seen));
    });
}

#[test]
fn new_rules_make_terms_stale_and_close_offers_outside_them() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        let seen = quote(id);
        let set =
            |rules| Marketplace::set_rules(RawOrigin::Root.into(), rules).expect("root sets sound rules");
        set(record::Rules { dispute_reserve: 400, ..rules() });
        assert_noop!(try_order_under(BUYER, id, seen), Error::<Test>::StaleTerms);
        set(record::Rules { max_price: PRICE - 1, ..rules() });
        assert_noop!(try_order(BUYER, id), Error::<Test>::PriceOutOfRange);
        set(record::Rules { min_dispute_window: DISPUTE_WINDOW + 1, ..rules() });
        assert_noop!(try_order(BUYER, id), Error::<Test>::WindowOutOfRange);
        set(record::Rules { bond_floor: 3 * ORDER_BOND + 1, ..rules() });
        assert_noop!(try_order(BUYER, id), Error::<Test>::BondTooSmall);
        set(rules());
        assert_ok!(try_order(BUYER, id));
    });
}

#[test]
fn an_order_needs_its_seller_still_to_be_verified_and_the_owner() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        Verified::mutate(|all| all.remove(&SELLER));
        assert_noop!(try_order(BUYER, id), Error::<Test>::SellerNotVerified);
        Verified::mutate(|all| all.insert(SELLER));
        register(OTHER_SELLER, sealing.plain);
        assert_noop!(try_order(BUYER, id), Error::<Test>::NotTheOwner);
        Registered::mutate(|all| all.values_mut().for_each(|dataset| dataset.withdrawn = true));
        assert_noop!(try_order(BUYER, id), Error::<Test>::DatasetWithdrawn);
        register(SELLER, sealing.plain);
        assert_ok!(try_order(BUYER, id));
    });
}

#[test]
fn too_little_money_is_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let id = offer(SELLER, &Sealing::honest(1));
        let leave = |amount| {
            let free = Balances::free_balance(BUYER);
            assert_ok!(Balances::transfer_allow_death(signed(BUYER), STRANGER, free - amount));
        };
        // One won stays free: it keeps the account alive.
        leave(ESCROW + 1);
        leave(ESCROW);
        assert_noop!(try_order(BUYER, id), TokenError::FundsUnavailable);
        assert_ok!(Balances::transfer_allow_death(signed(STRANGER), BUYER, 1));
        assert_ok!(try_order(BUYER, id));
        assert_eq!(Balances::free_balance(BUYER), 1);
    });
}

#[test]
fn money_in_escrow_cannot_be_spent_twice() {
    ExtBuilder::default().build_and_execute(|| {
        let (_, offer, _) = ordered();
        let free = Balances::free_balance(BUYER);
        assert_noop!(
            Balances::transfer_allow_death(signed(BUYER), STRANGER, free + 1),
            TokenError::FundsUnavailable
        );
        assert_ok!(Balances::transfer_allow_death(signed(BUYER), STRANGER, free - ESCROW));
        assert_noop!(try_order(BUYER, offer), TokenError::FundsUnavailable);
    });
}

#[test]
fn a_bond_covers_each_open_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let id = offer(SELLER, &sealing);
        let first = order(BUYER, id);
        order(BUYER, id);
        order(OTHER_BUYER, id);
        assert_noop!(try_order(OTHER_BUYER, id), Error::<Test>::BondTooSmall);
        // The end of an order makes room for another.
        deliver(first, &sealing.key);
        assert_ok!(accept(BUYER, first));
        order(OTHER_BUYER, id);
        assert_noop!(try_order(OTHER_BUYER, id), Error::<Test>::BondTooSmall);
        assert_ok!(Marketplace::add_bond(signed(SELLER), id, ORDER_BOND));
        assert_ok!(try_order(OTHER_BUYER, id));
    });
}

#[test]
fn a_delivered_key_is_the_buyers_and_accepting_pays_the_seller() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, offer, id) = ordered();
        pass(3);
        deliver(id, &sealing.key);
        let dispute_until = 4 + DISPUTE_WINDOW;
        System::assert_last_event(Event::KeyDelivered { order: id, dispute_until }.into());
        assert!(unwrapped(id) == sealing.key);

        pass(2);
        assert_noop!(accept(SELLER, id), Error::<Test>::NotTheBuyer);
        let terms = the_order(id).terms;
        assert_ok!(accept(BUYER, id));
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
        assert_eq!(wealth(TREASURY), FEE);
        assert_eq!(wealth(BUYER), ENDOWMENT - PRICE);
        assert_eq!((held(HoldReason::Escrow, BUYER), EscrowTotal::<Test>::get()), (0, 0));
        assert_eq!((the_offer(offer).open_orders, the_offer(offer).exposure), (0, 0));

        let dataset = sealing.dataset();
        let trade = Trade {
            version: 2,
            order: id,
            offer,
            seller: SELLER,
            buyer: BUYER,
            price: PRICE,
            platform_fee: FEE,
            royalties: Default::default(),
            licence: LICENCE,
            nda: NDA,
            derivation: Derivation::Forbidden,
            terms: terms.digest(),
            placed_at: 1,
            delivered_at: Some(4),
            ended: moment(6),
            outcome: Outcome::Accepted,
            position: FIRST_POSITION,
        };
        assert_eq!(Trades::<Test>::get(dataset, 0), Some(trade.clone()));
        assert_eq!(Records::get(), [(dataset, trade_entry(&dataset, 0, &trade))]);
        System::assert_last_event(
            Event::TradeFinal { order: id, dataset, index: 0, outcome: Outcome::Accepted }.into(),
        );
        assert_noop!(accept(BUYER, id), Error::<Test>::NoSuchOrder);
    });
}

#[test]
fn trades_are_counted_by_dataset_and_by_company() {
    ExtBuilder::default().build_and_execute(|| {
        let (one, two) = (Sealing::honest(1), Sealing::honest(2));
        let offers =
            [offer(SELLER, &one), offer(OTHER_SELLER, &two), offer(SELLER, &Sealing::under_key(1, 5))];
        for (at, buyer) in [(0, BUYER), (1, BUYER), (2, OTHER_BUYER), (1, SELLER)] {
            let id = order(buyer, offers[at]);
            deliver(id, &one.key);
            assert_ok!(accept(buyer, id));
        }
        let (one, two) = (one.dataset(), two.dataset());
        for dataset in [one, two] {
            // Each took the next place in its dataset's hash chain.
            let position = |index| Trades::<Test>::get(dataset, index).map(|trade| trade.position);
            assert_eq!([0, 1, 2].map(position), [Some(FIRST_POSITION), Some(FIRST_POSITION + 1), None]);
            assert_eq!(StatedDatasets::next_trade(&dataset).map(|place| place.index), Some(2));
        }
        let trades_of = |who| {
            (0..CompanyTradeCount::<Test>::get(who))
                .map(|at| CompanyTrades::<Test>::get(who, at).expect("no gap"))
                .collect::<Vec<_>>()
        };
        assert_eq!(trades_of(SELLER), [(one, 0), (one, 1), (two, 1)]);
        assert_eq!(trades_of(BUYER), [(one, 0), (two, 0)]);
        assert_eq!(trades_of(OTHER_BUYER), [(one, 1)]);
        assert_eq!(trades_of(OTHER_SELLER), [(two, 0), (two, 1)]);
    });
}

#[test]
fn deliveries_that_are_refused() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, _, id) = ordered();
        let good = delivery_of(id, &sealing.key);
        assert_noop!(Marketplace::deliver(deliverer(SELLER), 7, good), Error::<Test>::NoSuchOrder);
        for other in [BUYER, OTHER_SELLER, STRANGER] {
            assert_noop!(Marketplace::deliver(deliverer(other), id, good), Error::<Test>::NotTheSeller);
        }
        for bad in [[0; 32], [0xff; 32]] {
            let bad = Delivery { ephemeral: bad, ..good };
            assert_noop!(Marketplace::deliver(deliverer(SELLER), id, bad), Error::<Test>::BadPoint);
        }
        assert_ok!(Marketplace::deliver(deliverer(SELLER), id, good));
        assert_noop!(Marketplace::deliver(deliverer(SELLER), id, good), Error::<Test>::AlreadyDelivered);
    });
}

#[test]
fn a_delivery_is_in_time_up_to_its_block_and_late_after_it() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, offer, late) = ordered();
        let in_time = order(BUYER, offer);
        pass(DELIVERY_WINDOW);
        assert_eq!(System::block_number(), the_order(late).deliver_by);
        deliver(in_time, &sealing.key);
        assert_noop!(Marketplace::expire(signed(STRANGER), late), Error::<Test>::TooEarly);
        pass(1);
        let delivery = delivery_of(late, &sealing.key);
        assert_noop!(Marketplace::deliver(deliverer(SELLER), late, delivery), Error::<Test>::TooLate);
        assert_noop!(Marketplace::expire(signed(STRANGER), in_time), Error::<Test>::AlreadyDelivered);
        assert_ok!(Marketplace::expire(signed(STRANGER), late));
    });
}

#[test]
fn a_missed_delivery_refunds_the_buyer_with_a_penalty() {
    ExtBuilder::default().build_and_execute(|| {
        let (_, offer, id) = ordered();
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(STRANGER), id));
        assert_eq!(wealth(BUYER), ENDOWMENT + PENALTY);
        assert_eq!(wealth(SELLER), ENDOWMENT - PENALTY);
        assert_eq!((wealth(TREASURY), wealth(STRANGER)), (0, ENDOWMENT));
        assert_eq!(the_offer(offer).bond, 3 * ORDER_BOND - PENALTY);
        let trade = the_trade(id);
        assert_eq!((trade.outcome, trade.delivered_at), (Outcome::Missed, None));
        System::assert_has_event(
            Event::BondSlashed { offer, order: id, to_buyer: PENALTY, to_treasury: 0 }.into(),
        );
        assert_noop!(Marketplace::expire(signed(BUYER), id), Error::<Test>::NoSuchOrder);
    });
}

#[test]
fn before_the_delivery_nothing_can_be_accepted_settled_or_disputed() {
    ExtBuilder::default().build_and_execute(|| {
        let (_, _, id) = ordered();
        assert_noop!(accept(BUYER, id), Error::<Test>::NotDelivered);
        assert_noop!(settle(SELLER, id), Error::<Test>::NotDelivered);
        let shared = SharedSecretProof { shared: [0; 32], challenge: [0; 32], response: [0; 32] };
        let proof = DisputeProof { shared, fault: Fault::WrongKey };
        assert_noop!(dispute_as(BUYER, id, proof), Error::<Test>::NotDelivered);
        assert_noop!(Marketplace::refund_faulty(signed(BUYER), id), Error::<Test>::NotFaulty);
    });
}

#[test]
fn after_the_dispute_window_anyone_settles() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, _, id) = ordered();
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW);
        assert_noop!(settle(SELLER, id), Error::<Test>::TooEarly);
        assert_noop!(settle(SELLER, 7), Error::<Test>::NoSuchOrder);
        pass(1);
        assert_ok!(settle(STRANGER, id));
        assert_eq!(wealth(SELLER), ENDOWMENT + PRICE - FEE);
        assert_eq!((wealth(BUYER), wealth(TREASURY)), (ENDOWMENT - PRICE, FEE));
        assert_eq!(outcome(id), Outcome::Lapsed);
        assert_noop!(settle(STRANGER, id), Error::<Test>::NoSuchOrder);
    });
}

#[test]
fn a_buyer_may_accept_late() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, _, id) = ordered();
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW + 10);
        assert_ok!(accept(BUYER, id));
        assert_eq!(outcome(id), Outcome::Accepted);
    });
}

#[test]
fn a_seller_without_a_free_won_and_a_new_treasury_are_paid() {
    ExtBuilder::default().build_and_execute(|| {
        let (sealing, _, id) = ordered();
        deliver(id, &sealing.key);
        let free = Balances::free_balance(SELLER);
        assert_ok!(Balances::transfer_allow_death(signed(SELLER), STRANGER, free - 1));
        assert_ok!(accept(BUYER, id));
        assert_eq!(Balances::free_balance(SELLER), 1 + PRICE - FEE);
        assert_eq!(wealth(TREASURY), FEE);
    });
}
