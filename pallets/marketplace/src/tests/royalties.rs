//! Royalties: who is owed what of a sale, when that is fixed, and that every won arrives.

use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    traits::{fungible::Mutate, UnfilteredDispatchable},
};
use proptest::prelude::*;
use sp_runtime::DispatchError;
use wonbon_primitives::record::Royalty;

use super::*;
use crate::{
    mock::{
        check_invariants, hand_over, register_derived, rules, share, wealth, withdraw, Balances, ExtBuilder,
        Lineage, BUYER, ENDOWMENT, OTHER_BUYER, OTHER_SELLER, SELLER, STRANGER, TREASURY,
    },
    weights::WeightInfo,
    DeriveRights, Event, Listing,
};

/// What of [`PRICE`] the platform leaves.
const REST: Balance = PRICE - FEE;

/// A dataset that is somebody's and not for sale.
fn source(owner: AccountId, seed: u8) -> DatasetId {
    register(owner, Commitment { root: [seed; 32], length: LENGTH as u64 })
}

/// Somebody's dataset that was made from others.
fn made(owner: AccountId, seed: u8, parents: &[(DatasetId, u32)]) -> DatasetId {
    register_derived(owner, Commitment { root: [seed; 32], length: LENGTH as u64 }, parents)
}

/// States that a company bought the right to derive from whatever its dataset was made from.
fn license(company: AccountId, dataset: DatasetId) {
    for parent in Lineage::get().get(&dataset).into_iter().flatten() {
        let source = record::RightSource::Trade(0);
        let right = record::DeriveRight { version: record::DERIVE_RIGHT_LAYOUT, royalty: share(0), source };
        DeriveRights::<Test>::insert(company, parent.dataset, right);
    }
}

/// Forgets what [`license`] stated, which no trade gave.
fn forget_licences() {
    let _ = DeriveRights::<Test>::clear(u32::MAX, None);
}

/// Offers a dataset made from others.
fn offer_made(sealing: &Sealing, parents: &[(DatasetId, u32)]) -> OfferId {
    let dataset = register_derived(SELLER, sealing.plain, parents);
    license(SELLER, dataset);
    let id = list(SELLER, sealing.listing());
    forget_licences();
    id
}

/// The royalties of an order, by who gets them.
fn owed(id: OrderId) -> Vec<(AccountId, Balance)> {
    the_order(id).terms.royalties.iter().map(|royalty| (royalty.account, royalty.amount)).collect()
}

#[test]
fn royalties_are_paid_through_three_generations_with_diamonds() {
    ExtBuilder::default().build_and_execute(|| {
        // a ◄── b ◄── d ◄── what is sold, and a ◄── c ◄── d, b ◄── what is sold: two diamonds.
        let a = source(BUYER, 0xa0);
        let b = made(OTHER_BUYER, 0xb0, &[(a, 50_000)]);
        let c = made(OTHER_SELLER, 0xc0, &[(a, 80_000)]);
        let d = made(STRANGER, 0xd0, &[(b, 30_000), (c, 20_000)]);
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &[(d, 100_000), (b, 10_000)]);
        let id = order(OTHER_BUYER, offer);
        // For a the larger of 5 % and 8 %, for b of 3 % and 1 %; all of what the fee leaves, unscaled.
        let part = |millionths: Balance| REST * millionths / 1_000_000;
        let royalty = |dataset, account, amount| Royalty { dataset, account, amount };
        let mut expected = vec![
            royalty(a, BUYER, part(80_000)),
            royalty(b, OTHER_BUYER, part(30_000)),
            royalty(c, OTHER_SELLER, part(20_000)),
            royalty(d, STRANGER, part(100_000)),
        ];
        expected.sort_by_key(|royalty| royalty.dataset);
        assert_eq!(the_order(id).terms.royalties.to_vec(), expected);

        deliver(id, &sealing.key);
        assert_ok!(accept(OTHER_BUYER, id));
        assert_eq!(the_trade(id).royalties.to_vec(), expected);
        for Royalty { dataset, account, amount } in expected {
            System::assert_has_event(Event::RoyaltyPaid { order: id, dataset, account, amount }.into());
        }
        assert_eq!(wealth(BUYER), ENDOWMENT + 760);
        assert_eq!(wealth(OTHER_SELLER), ENDOWMENT + 190);
        assert_eq!(wealth(STRANGER), ENDOWMENT + 950);
        assert_eq!(wealth(TREASURY), FEE);
        assert_eq!(wealth(SELLER), ENDOWMENT + REST - 760 - 285 - 190 - 950);
        // Who bought holds an ancestor themselves.
        assert_eq!(wealth(OTHER_BUYER), ENDOWMENT - PRICE + 285);
    });
}

#[test]
fn a_royalty_owed_to_the_seller_himself_is_paid_to_him() {
    ExtBuilder::default().build_and_execute(|| {
        let own = source(SELLER, 0xa0);
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer_made(&sealing, &[(own, 250_000)]));
        assert_eq!(owed(id), [(SELLER, REST / 4)]);
        deliver(id, &sealing.key);
        pass(DISPUTE_WINDOW + 1);
        assert_ok!(settle(STRANGER, id));
        System::assert_has_event(
            Event::RoyaltyPaid { order: id, dataset: own, account: SELLER, amount: REST / 4 }.into(),
        );
        assert_eq!((wealth(SELLER), wealth(BUYER)), (ENDOWMENT + REST, ENDOWMENT - PRICE));
    });
}

#[test]
fn a_royalty_goes_to_who_held_the_ancestor_when_the_order_was_placed() {
    ExtBuilder::default().build_and_execute(|| {
        let ancestor = source(OTHER_SELLER, 0xa0);
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &[(ancestor, 100_000)]);
        let seen = quote(offer);
        let id = order(BUYER, offer);
        hand_over(ancestor, OTHER_BUYER);
        // The buyer agreed to what the ancestor gets, whoever holds it by then.
        assert_ok!(try_order_under(BUYER, offer, seen));
        let later = NextOrder::<Test>::get() - 1;
        for id in [id, later] {
            deliver(id, &sealing.key);
            assert_ok!(accept(BUYER, id));
        }
        assert_eq!(the_trade(id).royalties[0].account, OTHER_SELLER);
        assert_eq!(the_trade(later).royalties[0].account, OTHER_BUYER);
        assert_eq!((wealth(OTHER_SELLER), wealth(OTHER_BUYER)), (ENDOWMENT + 950, ENDOWMENT + 950));
    });
}

#[test]
fn a_withdrawn_ancestor_is_paid_all_the_same() {
    ExtBuilder::default().build_and_execute(|| {
        let ancestor = source(OTHER_SELLER, 0xa0);
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &[(ancestor, 100_000)]);
        let before = order(BUYER, offer);
        withdraw(ancestor);
        let after = order(BUYER, offer);
        for id in [before, after] {
            assert_eq!(owed(id), [(OTHER_SELLER, 950)]);
            deliver(id, &sealing.key);
            assert_ok!(accept(BUYER, id));
        }
        assert_eq!(wealth(OTHER_SELLER), ENDOWMENT + 2 * 950);
    });
}

#[test]
fn a_holder_whose_account_is_gone_is_paid() {
    ExtBuilder::default().build_and_execute(|| {
        let ancestor = source(STRANGER, 0xa0);
        let sealing = Sealing::honest(1);
        let id = order(BUYER, offer_made(&sealing, &[(ancestor, 1_000)]));
        assert_ok!(Balances::transfer_all(signed(STRANGER), SELLER, false));
        assert!(!frame_system::Account::<Test>::contains_key(STRANGER));
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        assert_eq!(wealth(STRANGER), 9);
    });
}

#[test]
fn at_one_won_every_share_is_nothing_and_the_seller_gets_it() {
    ExtBuilder::default().build_and_execute(|| {
        let parents: Vec<_> = (0..16).map(|at| (source(OTHER_SELLER, 0xa0 + at), 31_250)).collect();
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &parents);
        assert_ok!(Marketplace::set_price(signed(SELLER), offer, 1));
        let id = order(BUYER, offer);
        assert_eq!((the_order(id).terms.platform_fee, owed(id)), (0, vec![]));
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        assert_eq!((wealth(SELLER), wealth(BUYER)), (ENDOWMENT + 1, ENDOWMENT - 1));
        assert_eq!((wealth(OTHER_SELLER), wealth(TREASURY)), (ENDOWMENT, 0));
    });
}

#[test]
fn a_share_that_is_less_than_a_won_is_left_out() {
    ExtBuilder::default().build_and_execute(|| {
        let (little, enough) = (source(OTHER_SELLER, 0xa0), source(OTHER_BUYER, 0xa1));
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &[(little, 105), (enough, 106)]);
        // 9,500 won after the fee: a won is 105.3 millionths of it.
        assert_eq!(owed(order(BUYER, offer)), [(OTHER_BUYER, 1)]);
    });
}

#[test]
fn the_highest_price_with_the_most_royalties_is_split_exactly() {
    // As much money as the seller's and the buyer's accounts can hold beside the others'.
    let price = Balance::MAX / 4;
    let most = record::Rules {
        max_price: price,
        bond_share: Share::from_percent(5),
        platform_fee: Share::from_percent(10),
        ..rules()
    };
    ExtBuilder::with_rules(most).build().execute_with(|| {
        assert_ok!(Balances::mint_into(&BUYER, price));
        let parents: Vec<_> = (0..16).map(|at| (source(u64::from(at) + 1_000, 0xa0 + at), 31_250)).collect();
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &parents);
        let bond = price / 20;
        assert_ok!(Balances::mint_into(&SELLER, bond));
        assert_ok!(Marketplace::add_bond(signed(SELLER), offer, bond));
        assert_ok!(Marketplace::set_price(signed(SELLER), offer, price));
        let id = order(BUYER, offer);
        deliver(id, &sealing.key);
        assert_ok!(accept(BUYER, id));
        let fee = price / 10;
        let each = (price - fee) / 32;
        let paid: Balance = (1_000..1_016).map(wealth).sum();
        assert_eq!(wealth(TREASURY), fee);
        assert!((1_000..1_016).all(|who| wealth(who) == each), "each gets a thirty-second of the rest");
        assert_eq!(wealth(SELLER), ENDOWMENT + bond + price - fee - paid);
        assert_eq!(wealth(BUYER), ENDOWMENT);
        assert_ok!(Marketplace::do_try_state());
    });
}

#[test]
fn a_refund_pays_no_royalty() {
    ExtBuilder::default().build_and_execute(|| {
        let ancestor = source(OTHER_SELLER, 0xa0);
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &[(ancestor, 500_000)]);
        let (missed, cheated) = (order(BUYER, offer), order(BUYER, offer));
        deliver(cheated, &ContentKey::from_bytes([0; 32]));
        assert_ok!(dispute(cheated, Fault::WrongKey));
        pass(DELIVERY_WINDOW + 1);
        assert_ok!(Marketplace::expire(signed(STRANGER), missed));
        assert_eq!(wealth(OTHER_SELLER), ENDOWMENT);
        assert_eq!(wealth(BUYER), ENDOWMENT + PENALTY + RESERVE);
        // The record says what was agreed, and the outcome that it was not paid.
        assert_eq!(the_trade(missed).royalties[0].amount, REST / 2);
    });
}

#[test]
fn a_call_pays_for_the_royalties_that_there_are() {
    ExtBuilder::default().build_and_execute(|| {
        let parents: Vec<_> = (0..3).map(|at| (source(OTHER_SELLER, 0xa0 + at), 10_000)).collect();
        let sealing = Sealing::honest(1);
        let offer = offer_made(&sealing, &parents);
        let nonce = [9; 32];
        let order_key = OrderSecret::derive(&account_secret(BUYER), &nonce).order_key().0;
        let place = crate::Call::<Test>::place_order {
            offer,
            price: PRICE,
            royalties: 4,
            parents: 1,
            terms: quote(offer),
            licence: LICENCE,
            nda: NDA,
            order_key,
            nonce,
        };
        let used = |call: crate::Call<Test>| {
            let most = call.get_dispatch_info().call_weight;
            let used = call.dispatch_bypass_filter(signed(BUYER)).expect("the call is good").actual_weight;
            assert!(used.is_some_and(|used| used.all_lt(most)));
            used
        };
        // The offer was looked behind when it was made.
        let placed = <() as WeightInfo>::place_order(3).saturating_add(<() as WeightInfo>::clear_lineage(0));
        assert_eq!(used(place), Some(placed));
        let id = NextOrder::<Test>::get() - 1;
        deliver(id, &sealing.key);
        assert_eq!(
            used(crate::Call::accept { order: id, royalties: 4 }),
            Some(<() as WeightInfo>::accept(3))
        );
    });
}

#[test]
fn an_order_of_a_dataset_whose_ancestor_is_lost_fails() {
    ExtBuilder::default().build_and_execute(|| {
        let ancestor = source(OTHER_SELLER, 0xa0);
        let offer = offer_made(&Sealing::honest(1), &[(ancestor, 100_000)]);
        let seen = quote(offer);
        let kept = crate::mock::Registered::mutate(|all| all.remove(&ancestor));
        assert_eq!(Marketplace::quote(offer), None);
        let refused: DispatchError = Error::<Test>::Inconsistent.into();
        assert_noop!(try_order_under(BUYER, offer, seen), refused);
        crate::mock::Registered::mutate(|all| all.insert(ancestor, kept.expect("it was there")));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_price_is_split_exactly(
        price in prop_oneof![1u128..200, 1u128..100_000],
        fee in 0u32..=100_000,
        shares in prop::collection::vec(0u32..=31_250, 0..=16),
    ) {
        let with_fee = record::Rules { platform_fee: Share::from_millionths(fee).unwrap(), ..rules() };
        ExtBuilder::with_rules(with_fee).build().execute_with(|| {
            let holders = [SELLER, BUYER, OTHER_BUYER, OTHER_SELLER, STRANGER];
            let parents: Vec<_> = shares
                .iter()
                .enumerate()
                .map(|(at, share)| (source(holders[at % 5], 0xa0 + at as u8), *share))
                .collect();
            let sealing = Sealing::honest(1);
            let dataset = register_derived(SELLER, sealing.plain, &parents);
            license(SELLER, dataset);
            let offer = list(SELLER, Listing { price, bond: 20_000, ..sealing.listing() });
            forget_licences();

            let mut expected: Vec<Balance> = holders.map(wealth).to_vec();
            let fee = price * Balance::from(fee) / 1_000_000;
            let mut rest = price - fee;
            for (at, share) in shares.iter().enumerate() {
                let amount = (price - fee) * Balance::from(*share) / 1_000_000;
                expected[at % 5] += amount;
                rest -= amount;
            }
            expected[0] += rest;
            expected[1] -= price;
            buy(BUYER, offer, &sealing);
            assert_eq!(holders.map(wealth).to_vec(), expected);
            assert_eq!(wealth(TREASURY), fee);
            check_invariants();
        });
    }
}
