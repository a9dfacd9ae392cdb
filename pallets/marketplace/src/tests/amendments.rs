//! Offers that change: their terms for later orders, their state, and their end with their dataset.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{
    mock::{
        hand_over, held, register_derived, share, wealth, withdraw, ExtBuilder, Verified, WithoutRole, BUYER,
        ENDOWMENT, OFFER_DEPOSIT, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER,
    },
    HoldReason, OpenOffers,
};
use wonbon_primitives::{bounds::MAX_OPEN_OFFERS, company::Role, registry::DatasetMarket};

const OTHER_LICENCE: Digest = [0x33; 32];

fn amend(seller: AccountId, offer: OfferId, licence: Digest, windows: (u32, u32)) -> DispatchResult {
    let derivation = Derivation::Permitted { royalty: share(10_000) };
    Marketplace::amend(signed(seller), offer, licence, NDA, windows.0, windows.1, derivation.into())
}

fn reopen(seller: AccountId, offer: OfferId, bond: Balance) -> DispatchResult {
    plain(Marketplace::reopen_offer(signed(seller), offer, bond, MAX_LINEAGE))
}

#[test]
fn an_amendment_is_for_later_orders() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        let before = the_order(id);
        assert_ok!(amend(SELLER, offer, OTHER_LICENCE, (30, 60)));
        assert_eq!(the_order(id), before);
        let terms = Marketplace::quote(offer).expect("the offer exists");
        assert_eq!((terms.licence, terms.delivery_window, terms.dispute_window), (OTHER_LICENCE, 30, 60));
        assert_eq!(terms.derivation, Derivation::Permitted { royalty: share(10_000) });
        // The old order runs under the old terms, to its end.
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, id));
        assert_eq!((the_trade(id).licence, the_trade(id).derivation), (LICENCE, Derivation::Forbidden));
    });
}

/// The attack: terms are exchanged between what the buyer read and what they sign.
#[test]
fn an_amendment_makes_signed_terms_stale() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let digest = quote(offer);
        assert_ok!(amend(SELLER, offer, LICENCE, (DELIVERY_WINDOW, DISPUTE_WINDOW - 1)));
        assert_noop!(try_order_under(BUYER, offer, digest), Error::<Test>::StaleTerms);
        assert_ok!(amend(SELLER, offer, OTHER_LICENCE, (DELIVERY_WINDOW, DISPUTE_WINDOW)));
        assert_noop!(try_order_under(BUYER, offer, quote(offer)), Error::<Test>::LicenceNotAccepted);
    });
}

#[test]
fn only_a_verified_provider_amends_their_own_offer_and_within_the_rules() {
    ExtBuilder::default().build_and_execute(|| {
        let offer = offer(SELLER, &Sealing::honest(1));
        let usual = (DELIVERY_WINDOW, DISPUTE_WINDOW);
        assert_noop!(amend(SELLER, offer + 1, LICENCE, usual), Error::<Test>::NoSuchOffer);
        assert_noop!(amend(OTHER_SELLER, offer, LICENCE, usual), Error::<Test>::NotTheSeller);
        for windows in [(4, 50), (101, 50), (20, 9), (20, 1_001)] {
            assert_noop!(amend(SELLER, offer, LICENCE, windows), Error::<Test>::WindowOutOfRange);
        }
        let derivation = Derivation::Permitted { royalty: share(500_001) };
        let too_high =
            Marketplace::amend(signed(SELLER), offer, LICENCE, NDA, usual.0, usual.1, derivation.into());
        assert_noop!(too_high, Error::<Test>::RoyaltyTooHigh);
        WithoutRole::set([(SELLER, Role::Provider)].into());
        assert_noop!(amend(SELLER, offer, LICENCE, usual), Error::<Test>::NotAProvider);
        WithoutRole::set(Default::default());
        Verified::mutate(|all| all.remove(&SELLER));
        assert_noop!(amend(SELLER, offer, LICENCE, usual), Error::<Test>::NotVerified);
    });
}

#[test]
fn providers_offer_and_consumers_order() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        WithoutRole::set([(SELLER, Role::Provider), (BUYER, Role::Consumer)].into());
        assert_noop!(try_offer(SELLER, sealing.listing()), Error::<Test>::NotAProvider);
        WithoutRole::set([(BUYER, Role::Consumer)].into());
        let offer = list(SELLER, sealing.listing());
        assert_noop!(try_order(BUYER, offer), Error::<Test>::NotAConsumer);
        assert_ok!(try_order(OTHER_BUYER, offer));
        WithoutRole::set([(SELLER, Role::Provider)].into());
        assert_noop!(Marketplace::set_price(signed(SELLER), offer, 1), Error::<Test>::NotAProvider);
        // What was ordered runs its course.
        deliver(0, &sealing.key);
    });
}

#[test]
fn a_withdrawn_offer_reopens_with_a_bond_and_without_a_new_deposit() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let offer = offer(SELLER, &sealing);
        assert_noop!(reopen(SELLER, offer, ORDER_BOND), Error::<Test>::OfferNotWithdrawn);
        let id = order(BUYER, offer);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        assert_noop!(reopen(OTHER_SELLER, offer, ORDER_BOND), Error::<Test>::NotTheSeller);
        // The bond is still there, for the open order.
        assert_ok!(reopen(SELLER, offer, 0));
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        assert_noop!(reopen(SELLER, offer, ORDER_BOND - 1), Error::<Test>::BondTooSmall);
        assert_ok!(reopen(SELLER, offer, ORDER_BOND));
        assert_eq!(held(HoldReason::Bond, SELLER), ORDER_BOND);
        assert_eq!(held(HoldReason::OfferDeposit, SELLER), OFFER_DEPOSIT);
        assert_ok!(try_order(OTHER_BUYER, offer));
    });
}

/// The attack: a sealing whose block was proved wrong comes back under its old offer.
#[test]
fn a_faulty_sealing_is_never_reopened() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::with_wrong_block(1, 2);
        let offer = offer(SELLER, &sealing);
        let id = order(BUYER, offer);
        deliver(id, &sealing.key);
        // Withdrawn first, so that the offer's own state would be no hindrance.
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        assert_ok!(dispute(id, Fault::BadBlock(sealing.block_fault(2))));
        assert_noop!(reopen(SELLER, offer, ORDER_BOND), Error::<Test>::FaultySealing);
        let usual = (DELIVERY_WINDOW, DISPUTE_WINDOW);
        assert_noop!(amend(SELLER, offer, LICENCE, usual), Error::<Test>::FaultySealing);
        assert_noop!(Marketplace::resume_offer(signed(SELLER), offer), Error::<Test>::OfferNotPaused);
    });
}

#[test]
fn only_what_may_be_sold_is_reopened() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        register(SELLER, source.plain);
        let made = Sealing::honest(2);
        register_derived(SELLER, made.plain, &[(source.dataset(), 0)]);
        let offer = list(SELLER, made.listing());
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offer));
        hand_over(source.dataset(), OTHER_SELLER);
        assert_noop!(reopen(SELLER, offer, ORDER_BOND), Error::<Test>::NoRightToDerive);
        hand_over(made.dataset(), OTHER_SELLER);
        assert_noop!(reopen(SELLER, offer, ORDER_BOND), Error::<Test>::NotTheOwner);
        hand_over(made.dataset(), SELLER);
        withdraw(made.dataset());
        assert_noop!(reopen(SELLER, offer, ORDER_BOND), Error::<Test>::DatasetWithdrawn);
    });
}

#[test]
fn a_withdrawn_dataset_withdraws_its_offers() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        let first = offer(SELLER, &sealing);
        let second = list(SELLER, Sealing::under_key(1, 2).listing());
        let elsewhere = offer(SELLER, &Sealing::honest(3));
        let id = order(BUYER, first);
        assert_eq!(withdraw(sealing.dataset()), 2);
        for offer in [first, second] {
            assert_eq!(the_offer(offer).state, OfferState::Withdrawn);
            assert_noop!(try_order(BUYER, offer), Error::<Test>::OfferNotOpen);
        }
        assert_eq!(the_offer(elsewhere).state, OfferState::Open);
        // The bond of the second is back at once, that of the first with its order.
        assert_eq!((the_offer(first).bond, the_offer(second).bond), (3 * ORDER_BOND, 0));
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        assert_eq!(the_offer(first).bond, 0);
        assert!(!OpenOffers::<Test>::contains_key(sealing.dataset()));
    });
}

/// The attack: so many offers that nobody could withdraw the dataset.
#[test]
fn a_dataset_has_a_bounded_number_of_open_offers() {
    ExtBuilder::default().build_and_execute(|| {
        let sealing = Sealing::honest(1);
        register(SELLER, sealing.plain);
        let listing = |key: u8| {
            let key = ContentKey::from_bytes([key; 32]);
            ListingOf::<Test> { key_commitment: key.commitment(), ..sealing.listing() }
        };
        let most = MAX_OPEN_OFFERS as u8;
        let offers: Vec<_> = (0..most).map(|key| list(SELLER, listing(key))).collect();
        assert_noop!(try_offer(SELLER, listing(most)), Error::<Test>::TooManyOpenOffers);
        assert_ok!(Marketplace::withdraw_offer(signed(SELLER), offers[3]));
        list(SELLER, listing(most));
        assert_noop!(reopen(SELLER, offers[3], 3 * ORDER_BOND), Error::<Test>::TooManyOpenOffers);
        assert_eq!(withdraw(sealing.dataset()), MAX_OPEN_OFFERS);
        assert_eq!(held(HoldReason::Bond, SELLER), 0);
        assert_eq!(wealth(SELLER), ENDOWMENT);
    });
}

#[test]
fn who_hands_a_parent_over_and_keeps_a_right_goes_on_selling() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        register(SELLER, source.plain);
        let made = Sealing::honest(2);
        register_derived(SELLER, made.plain, &[(source.dataset(), 50_000)]);
        let offer = list(SELLER, made.listing());
        hand_over(source.dataset(), OTHER_SELLER);
        Marketplace::keep_right(&SELLER, &source.dataset(), share(50_000), 0);
        assert_ok!(try_order(BUYER, offer));
        let close = close_offer(STRANGER, offer);
        assert_noop!(close, Error::<Test>::OfferStillGood);
        // A right to be had for more does not displace it, one for less does.
        Marketplace::keep_right(&SELLER, &source.dataset(), share(60_000), 1);
        assert_ok!(try_order(BUYER, offer));
    });
}

/// Who holds an ancestor is no term: a handover neither breaks a digest nor redirects an open order.
#[test]
fn a_handover_of_an_ancestor_breaks_no_digest_and_redirects_no_order() {
    ExtBuilder::default().build_and_execute(|| {
        let source = Sealing::honest(1);
        register(OTHER_SELLER, source.plain);
        let made = Sealing::honest(2);
        register_derived(SELLER, made.plain, &[(source.dataset(), 100_000)]);
        hand_over(source.dataset(), SELLER);
        Marketplace::keep_right(&SELLER, &source.dataset(), share(100_000), 0);
        let offer = list(SELLER, made.listing());
        hand_over(source.dataset(), OTHER_SELLER);
        let digest = quote(offer);
        let first = order(BUYER, offer);
        hand_over(source.dataset(), STRANGER);
        // Signed before the handover, and still good.
        assert_ok!(try_order_under(OTHER_BUYER, offer, digest));
        let holder = |id| the_order(id).terms.royalties[0].account;
        assert_eq!((holder(first), holder(first + 1)), (OTHER_SELLER, STRANGER));
        for (id, buyer) in [(first, BUYER), (first + 1, OTHER_BUYER)] {
            deliver(id, &made.key);
            assert_ok!(accept(buyer, id));
        }
        let royalty = (PRICE - FEE) / 10;
        assert_eq!((wealth(OTHER_SELLER), wealth(STRANGER)), (ENDOWMENT + royalty, ENDOWMENT + royalty));
        assert_eq!(the_trade(first).terms, the_trade(first + 1).terms);
    });
}
